"""What the account may do, a right that goes in mid-night, and a switchboard whose clock is wrong: a sentence each."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from console.domain.call_events import CallBegan, CallEnded, HoldChanged, LinkState, NumberLearned
from console.domain.call_reducer import CallBook
from console.domain.calls import CallState, Direction
from console.ports.switchboard import Act, Answer, Switchboard
from telephony_adapters.asterisk_ami import AmiSettings, connect
from telephony_adapters.asterisk_ami.protocol import Message, stamp_of
from telephony_adapters.asterisk_ami.rights import BY_NOTIFY, NEEDS, NOTIFY, capabilities
from telephony_adapters.channels.clocks import Clocks
from telephony_adapters.contract.heard import Heard
from tests.helpers.fake_asterisk import COMMANDS, SECRET, USER, FakeAsterisk, Manner
from tests.helpers.pbx.configuration import SMALL
from tests.helpers.pbx.live import LiveAsterisk
from tests.helpers.pbx.simulated import ask
from tests.helpers.recordings import SWITCHBOARD

pytest_plugins = ["tests.helpers.pbx.fixtures"]
ALL = frozenset(COMMANDS)
HOUR = timedelta(hours=1)
AT = datetime(2026, 11, 22, 2, 47, tzinfo=UTC)
ALLOWED = {"CALLERID(num-pres)": "allowed", "CALLERID(pres)": "allowed"}


@contextmanager
def connected(manner: Manner) -> Iterator[tuple[FakeAsterisk, Switchboard, Heard]]:
    """Yield a fake, a connection to it, and what it reports."""
    with FakeAsterisk(manner) as pbx:
        heard, connection = Heard(), connect(AmiSettings(port=pbx.port, user=USER, secret=SECRET))
        connection.start(heard)
        try:
            heard.wait_link(LinkState.CONNECTED)
            yield pbx, connection, heard
        finally:
            connection.stop()


@pytest.mark.parametrize(
    ("lacking", "right", "without"),
    [
        ("Redirect", "call", "cannot be ended, transferred, parked"),
        ("QueuePause", "agent", "does not follow"),
        ("Originate", "originate", "numbers cannot be dialled"),
        ("CoreStatus", "reporting", "a restart of the switchboard"),
    ],
)
def test_each_missing_right_is_one_sentence(lacking: str, right: str, without: str) -> None:
    (remark,) = capabilities(ALL - {lacking}).remarks
    assert f"lacks the right write = {right}: " in remark
    assert without in remark


def test_an_account_that_may_change_the_switchboard_may_too_much() -> None:
    (remark,) = capabilities(ALL | {"Command", "UpdateConfig"}).remarks
    assert "Command and UpdateConfig" in remark


@pytest.mark.parametrize(("action", "module"), [("PlayDTMF", "app_senddtmf"), ("Park", "res_parking")])
def test_what_the_switchboard_lacks_is_not_said_of_the_account(action: str, module: str) -> None:
    can = capabilities(ALL - {action})
    acts = [act for act, name in NEEDS.items() if name == action]
    assert not can.acts & set(acts)
    assert all(f"its module {module} is not loaded" in can.why_not[act] for act in acts)


def test_telephones_that_heed_events_are_answered_and_held_where_the_account_may() -> None:
    assert capabilities(ALL | {NOTIFY}, phone_events=True).acts >= BY_NOTIFY.keys()
    assert not capabilities(ALL | {NOTIFY}).acts & BY_NOTIFY.keys()
    without = capabilities(ALL, phone_events=True)
    assert all(NOTIFY in without.why_not[act] for act in BY_NOTIFY)
    assert ["lacks the right write = system" in one for one in without.remarks] == [True]


def test_what_comes_with_the_right_to_ask_telephones_is_too_much_only_where_none_is_asked() -> None:
    large = ALL | {NOTIFY, "ModuleLoad"}
    assert capabilities(large, phone_events=True).remarks == ()
    (remark,) = capabilities(large).remarks
    assert "ModuleLoad" in remark


@pytest.mark.expects_log
def test_rights_taken_away_in_mid_night_are_known_at_the_next_log_in() -> None:
    manner = Manner(variables=ALLOWED)
    with connected(manner) as (pbx, connection, heard):
        assert connection.capabilities().remarks == ()
        manner.commands = [name for name in COMMANDS if name not in ("Originate", "QueuePause")]
        pbx.hang_up()
        heard.wait_link(LinkState.CONNECTED, 2)
        can = connection.capabilities()
        assert not can.acts & {Act.ORIGINATE, Act.LISTEN, Act.PAUSE}
        assert [one for one in ("agent", "originate") if any(f"= {one}" in remark for remark in can.remarks)] == [
            "agent", "originate",
        ]  # fmt: skip


def call_by(clock: timedelta) -> bytes:
    """Return one held call, answered by 1001, by a clock that is ``clock`` ahead."""
    now = time.time() + clock.total_seconds()
    head = "Channel: PJSIP/trunk-1\r\nUniqueid: 17.1\r\nLinkedid: 17.1\r\nExten: 01632960001\r\n"
    head += "CallerIDNum: 07700900412\r\n"
    ours = "Channel: PJSIP/1001-2\r\nUniqueid: 17.2\r\nLinkedid: 17.1\r\nChannelStateDesc: Up\r\n"
    told = (
        ("Newstate", f"{head}ChannelStateDesc: Ring\r\n"),
        ("BridgeEnter", f"{head}ChannelStateDesc: Up\r\nBridgeUniqueid: b\r\n"),
        ("BridgeEnter", f"{ours}BridgeUniqueid: b\r\n"),
        ("Hold", ours),
        ("Unhold", ours),
        ("Hangup", f"{head}Cause: 16\r\n"),
    )
    return "".join(
        f"Event: {name}\r\nTimestamp: {now + n:.6f}\r\n{rest}\r\n" for n, (name, rest) in enumerate(told)
    ).encode()


@pytest.mark.parametrize("ahead", [HOUR, -HOUR], ids=["ahead", "behind"])
def test_a_clock_an_hour_off_is_said_and_no_wait_is_an_hour(ahead: timedelta) -> None:
    manner = Manner(variables=ALLOWED, clock=lambda: time.time() + ahead.total_seconds())
    with connected(manner) as (pbx, connection, heard):
        pbx.wait_for("Ping")
        pbx.play(call_by(ahead))
        heard.wait(CallEnded)
        remarks, facts = connection.capabilities().remarks, list(heard.facts)
    (remark,) = remarks
    assert (
        f"The switchboard's clock is 60 min {'ahead of' if ahead > timedelta() else 'behind'} this computer's" in remark
    )
    now = datetime.now(UTC)
    assert abs(heard.all(CallBegan)[0].at - now) < timedelta(minutes=5)
    assert abs(heard.all(NumberLearned)[0].at - now) < timedelta(minutes=5)
    holds = heard.all(HoldChanged)
    assert all(abs(one.at - now - ahead) < timedelta(minutes=5) and one.stamped for one in holds), (
        "alike on every console"
    )
    book = CallBook(SWITCHBOARD)
    for fact in facts:
        book.apply(fact, now)
    assert [call.state for call in book.calls()] == [CallState.ENDED]
    assert book.odd_count == 0


def ponged(at: datetime, stamp: str) -> Clocks:
    """Return the clocks after one answer to a ping that came at ``at``."""
    clocks = Clocks()
    clocks.heard(at)
    clocks.measure(stamp_of(Message((("Response", "Success"), ("Timestamp", stamp)))))
    return clocks


@pytest.mark.parametrize("stamp", ["", "soon", "1e400", "nan", str((AT + timedelta(seconds=59)).timestamp())])
def test_a_clock_that_says_nothing_or_little_moves_nothing(stamp: str) -> None:
    clocks = ponged(AT, stamp)
    assert clocks.remark() == ()
    fact = CallBegan("c", AT - timedelta(seconds=9), Direction.INBOUND)
    assert clocks.placed(fact) == fact


def test_what_was_told_by_this_computers_clock_is_not_moved() -> None:
    clocks = ponged(AT, str((AT + HOUR).timestamp()))
    listed = CallBegan("c", AT, Direction.INBOUND)
    assert clocks.placed(listed) == listed
    assert clocks.placed(replace(listed, at=AT + HOUR)).at == AT
    clocks.measure(None)
    assert clocks.remark() != (), "a ping that found no answer says nothing new"


@pytest.mark.needs("asterisk", "sipp")
def test_a_small_account_on_a_real_asterisk_is_told_what_it_lacks(live_asterisk: LiveAsterisk) -> None:
    heard, connection = Heard(), connect(replace(live_asterisk.settings(), user=SMALL))
    connection.start(heard)
    try:
        heard.wait_link(LinkState.CONNECTED)
        can = connection.capabilities()
        answer = ask(connection, Act.PAUSE, "1001")
    finally:
        connection.stop()
    assert [word for word in ("agent", "originate", "reporting") for one in can.remarks if f"= {word}" in one] == [
        "agent", "originate", "reporting",
    ]  # fmt: skip
    assert Act.HANG_UP in can.acts
    assert not can.acts & {Act.ORIGINATE, Act.LISTEN, Act.RETRIEVE, Act.PAUSE}
    assert answer.answer is Answer.REFUSED
