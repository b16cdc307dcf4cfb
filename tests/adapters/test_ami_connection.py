"""A real connection to a fake Asterisk: log-in, snapshot, loss and return, questions, requests."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from queue import SimpleQueue

import pytest

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkState,
    NumberLearned,
    Parked,
    SnapshotTaken,
)
from console.domain.calls import Presentation
from console.ports.switchboard import IN_NO_QUEUE, Act, Action, ActionAnswer, Answer
from telephony_adapters.asterisk_ami.connection import AmiConnection, backoff
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.mapping import Mapper
from telephony_adapters.asterisk_ami.presentation import BOTH_MARK, NUMBER_MARK, Unmarked
from telephony_adapters.asterisk_ami.settings import AmiSettings, Login
from telephony_adapters.asterisk_ami.snapshot import take_snapshot
from telephony_adapters.contract.heard import Heard
from tests.helpers.fake_asterisk import COMMANDS, SECRET, USER, FakeAsterisk, Manner
from tests.helpers.recordings import Recording

CALLER = """\
Event: CoreShowChannel
Channel: PJSIP/trunk-0000007d
ChannelStateDesc: Up
CallerIDNum: 02079460210
CallerIDName: <unknown>
Context: from-trunk
Exten: 01632960001
Uniqueid: 1795290255.137
Linkedid: 1795290255.137
Application: Queue
ApplicationData: oohs,tTc,,,60
BridgeId: 14eb26b6"""
ADVISER = """\
Event: CoreShowChannel
Channel: PJSIP/1001-0000007f
ChannelStateDesc: Up
CallerIDNum: 1001
CallerIDName: Adviser One
Context: from-internal
Exten: 01632960001
Uniqueid: 1795290256.139
Linkedid: 1795290255.137
Application: AppQueue
ApplicationData: (Outgoing Line)
BridgeId: 14eb26b6"""
MEMBER = """\
Event: QueueMember
Queue: oohs
Name: Adviser One
Location: Local/1001@members/n
StateInterface: PJSIP/1001
Paused: 0"""
ALLOWED = {NUMBER_MARK: "allowed_not_screened", BOTH_MARK: "allowed_not_screened", "REDIRECTING(from-num)": ""}


def settings_for(pbx: FakeAsterisk) -> AmiSettings:
    """Return the settings that fit the fake."""
    return AmiSettings(port=pbx.port, user=USER, secret=SECRET)


@contextmanager
def connected(
    manner: Manner | None = None, change: Callable[[AmiSettings], AmiSettings] = lambda settings: settings
) -> Iterator[tuple[FakeAsterisk, AmiConnection, Heard]]:
    """Yield a fake, a started connection, and what it reports."""
    with FakeAsterisk(manner) as pbx:
        heard = Heard()
        connection = AmiConnection(change(settings_for(pbx)))
        connection.start(heard)
        try:
            yield pbx, connection, heard
        finally:
            connection.stop()


def recorded(name: str) -> bytes:
    """Return a recording without its banner."""
    return Recording("asterisk-22", name).bytes().partition(b"\r\n")[2]


@pytest.mark.parametrize("login", list(Login))
def test_it_logs_in_and_takes_a_snapshot(login: Login) -> None:
    with connected(Manner(variables=ALLOWED), lambda s: replace(s, login=login)) as (pbx, _, heard):
        up = heard.wait_link(LinkState.CONNECTED)[0]
        assert up.boot == "2026-11-21 19:39:25"
        assert heard.wait(SnapshotTaken)[0].calls == frozenset()
        assert pbx.wait_for("Login")[0].get("Events") == "call,agent,user"


def test_the_password_does_not_travel_with_a_challenge() -> None:
    with connected() as (pbx, _, heard):
        heard.wait_link(LinkState.CONNECTED)
        sent = [value for message in pbx.actions for _, value in message.headers]
        assert SECRET not in sent


@pytest.mark.expects_log
def test_a_refused_login_is_said_in_a_sentence() -> None:
    with connected(change=lambda s: replace(s, secret="wrong")) as (_, _, heard):  # noqa: S106
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert "refused the account nightdesk" in refused.sentence
        assert "Authentication failed" in refused.sentence
        assert not refused.foreign
        assert "wrong" not in refused.sentence


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "banner", [b"Asterisk Call Manager/1.1\r\n", b"Content-Type: auth/request\n\n", b"\xff" * 3000]
)
def test_another_language_is_said_in_a_sentence(banner: bytes) -> None:
    with connected(Manner(banner=banner)) as (_, _, heard):
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert refused.foreign
        assert "Nothing was changed" in refused.sentence


@pytest.mark.expects_log
def test_an_unreachable_switchboard_is_said_and_tried_again() -> None:
    with FakeAsterisk() as pbx:
        settings = settings_for(pbx)
    heard = Heard()
    connection = AmiConnection(settings)
    connection.start(heard)
    try:
        lost = heard.wait_link(LinkState.LOST, 2)
        assert f"{settings.host}:{settings.port} cannot be reached" in lost[0].sentence
        assert "tries again" in lost[0].sentence
    finally:
        connection.stop()


def test_a_call_is_reported_and_its_number_asked_for() -> None:
    with connected(Manner(variables=ALLOWED)) as (pbx, _, heard):
        heard.wait_link(LinkState.CONNECTED)
        pbx.play(recorded("q_answered"))
        assert heard.wait(CallBegan)[0].dialled == "01632960001"
        ended = heard.wait(CallEnded)[0]
        assert ended.ended_by == "caller"
        assert [fact.extension for fact in heard.wait(Answered)] == ["1001"]
        asked = {message.get("Variable") for message in pbx.wait_for("Getvar", 3)}
        assert asked == {NUMBER_MARK, BOTH_MARK, "REDIRECTING(from-num)"}


def ringing_call(pbx: FakeAsterisk, heard: Heard) -> NumberLearned:
    """Play a call until it rings and return what is known of its number."""
    heard.wait_link(LinkState.CONNECTED)
    stream = recorded("withheld_pai")
    pbx.play(stream[: stream.index(b"Event: BridgeCreate")])
    heard.wait(Alerting)
    return heard.wait(NumberLearned)[0]


def test_a_withheld_number_never_leaves_the_adapter() -> None:
    marks = {**ALLOWED, NUMBER_MARK: "prohib_not_screened"}
    with connected(Manner(variables=marks)) as (pbx, _, heard):
        learned = ringing_call(pbx, heard)
        assert learned.presentation is Presentation.WITHHELD
        assert "2079460140" not in repr(heard.facts)


@pytest.mark.parametrize(("unmarked", "number"), [(Unmarked.HIDE, ""), (Unmarked.SHOW, "02079460140")])
def test_the_setting_decides_where_asking_is_refused(unmarked: Unmarked, number: str) -> None:
    with connected(Manner(variables=None), lambda s: replace(s, unmarked_numbers=unmarked)) as (pbx, _, heard):
        learned = ringing_call(pbx, heard)
        assert (learned.number, learned.presentation, learned.settled) == (number, Presentation.UNKNOWN, True)


def test_a_call_under_way_is_joined_late() -> None:
    manner = Manner(channels=[ADVISER, CALLER], queue=[MEMBER], variables=ALLOWED)
    with connected(manner) as (_, _, heard):
        snapshot = heard.wait(SnapshotTaken)[0]
        assert snapshot.calls == snapshot.joined_late == {"1795290255.137"}
        assert snapshot.listed is not None, "it may be said what is over"
        assert len(snapshot.listed) == 2, "the caller's channel and the adviser's"
        assert snapshot.calls < snapshot.listed
        assert heard.wait(CallBegan)[0].dialled == "01632960001"
        assert heard.wait(Answered)[0].extension == "1001"
        assert heard.wait(NumberLearned)[0].number == "02079460210"


def test_an_account_without_reporting_still_gets_a_snapshot() -> None:
    manner = Manner(channels=[CALLER, ADVISER], lists_channels=False, variables=ALLOWED)
    with connected(manner) as (pbx, _, heard):
        assert heard.wait(SnapshotTaken)[0].calls == {"1795290255.137"}
        pbx.wait_for("Status")


def test_an_account_that_lists_no_channels_says_of_no_call_that_it_is_over() -> None:
    mapper = Mapper(Reading())
    snapshot = take_snapshot(mapper, [], datetime.now(UTC), channels=False)[0]
    assert isinstance(snapshot, SnapshotTaken)
    assert snapshot.listed is None


def test_events_before_the_snapshot_are_kept_until_after_it() -> None:
    manner = Manner(before_snapshot=recorded("q_answered"), variables=ALLOWED)
    with connected(manner) as (_, _, heard):
        heard.wait(CallEnded)
        kinds = [type(fact) for fact in heard.facts]
        assert kinds.index(SnapshotTaken) < kinds.index(CallBegan)


@pytest.mark.expects_log
def test_a_clean_close_is_a_loss_and_it_returns() -> None:
    with connected(Manner(channels=[CALLER, ADVISER], variables=ALLOWED)) as (pbx, connection, heard):
        heard.wait(SnapshotTaken)
        pbx.manner.channels = []
        pbx.hang_up()
        assert "Calls still ring on the telephones" in heard.wait_link(LinkState.LOST)[0].sentence
        assert heard.wait(SnapshotTaken, 2)[1].calls == frozenset()
        pbx.play(recorded("q_answered"))
        heard.wait(CallEnded)
        assert len(heard.all(CallEnded)) == 1, "handlers are attached once, never once a connection"
        assert connection.failures == 0


@pytest.mark.expects_log
def test_a_handler_that_raises_does_not_end_the_thread() -> None:
    heard = Heard()

    def sink(fact: CallEvent) -> None:
        heard(fact)
        if isinstance(fact, CallBegan):
            raise ValueError

    with FakeAsterisk(Manner(variables=ALLOWED)) as pbx:
        connection = AmiConnection(settings_for(pbx))
        connection.start(sink)
        try:
            heard.wait_link(LinkState.CONNECTED)
            pbx.play(recorded("q_answered"))
            heard.wait(CallEnded)
        finally:
            connection.stop()
    assert connection.failures == 1


def test_nothing_comes_after_stop() -> None:
    with connected() as (pbx, connection, heard):
        heard.wait_link(LinkState.CONNECTED)
        connection.stop()
        count = len(heard.facts)
        pbx.play(b"Event: Newchannel\r\n\r\n")
        assert len(heard.facts) == count


def ask(connection: AmiConnection, action: Action) -> ActionAnswer:
    """Ask and wait for the answer."""
    answers: SimpleQueue[ActionAnswer] = SimpleQueue()
    connection.perform(action, answers.put)
    return answers.get(timeout=10)


def test_a_pause_reaches_every_interface_of_the_member() -> None:
    with connected(Manner(queue=[MEMBER])) as (pbx, connection, heard):
        heard.wait(SnapshotTaken)
        assert ask(connection, Action(Act.PAUSE, "1001", reason="meal")).answer is Answer.ACCEPTED
        sent = pbx.wait_for("QueuePause")[0]
        assert (sent.get("Interface"), sent.get("Paused"), sent.get("Reason")) == (
            "Local/1001@members/n",
            "true",
            "meal",
        )


def test_a_telephone_that_is_in_no_queue_is_refused_with_words_that_every_desk_knows() -> None:
    with connected(Manner(no_queues=True)) as (_, connection, heard):
        heard.wait(SnapshotTaken)
        for act in (Act.PAUSE, Act.UNPAUSE):
            assert ask(connection, Action(act, "1003")) == ActionAnswer(Answer.REFUSED, IN_NO_QUEUE)


def test_requests_are_carried_out_on_the_own_leg() -> None:
    with connected(Manner(channels=[CALLER, ADVISER], variables=ALLOWED)) as (pbx, connection, heard):
        heard.wait(Answered)
        call = heard.wait(CallBegan)[0].call
        assert (
            ask(connection, Action(Act.BLIND_TRANSFER, "1001", provider_call=call, target="1003")).answer
            is Answer.ACCEPTED
        )
        assert pbx.wait_for("BlindTransfer")[0].get("Channel") == "PJSIP/1001-0000007f"
        assert ask(connection, Action(Act.HANG_UP, "1001", provider_call=call)).answer is Answer.ACCEPTED
        assert pbx.wait_for("Hangup")[0].get("Channel") == "PJSIP/1001-0000007f"
        assert ask(connection, Action(Act.HANG_UP, "1002", provider_call=call)).answer is Answer.REFUSED
        assert ask(connection, Action(Act.HOLD, "1001", provider_call=call)).answer is Answer.UNSUPPORTED


def test_click_to_dial_rings_the_own_telephone_first() -> None:
    with connected() as (pbx, connection, heard):
        heard.wait(SnapshotTaken)
        assert ask(connection, Action(Act.ORIGINATE, "1001", target="01632 960123")).answer is Answer.ACCEPTED
        sent = pbx.wait_for("Originate")[0]
        assert (sent.get("Channel"), sent.get("Exten")) == ("PJSIP/1001", "901632960123")


def test_a_right_taken_away_since_the_log_in_is_said_and_not_offered_again() -> None:
    with connected(Manner(refuse=frozenset({"Originate"}))) as (_, connection, heard):
        heard.wait(SnapshotTaken)
        answer = ask(connection, Action(Act.ORIGINATE, "1001", target="1002"))
        assert answer.answer is Answer.REFUSED
        assert "may not do that any more" in answer.sentence
        assert Act.ORIGINATE not in connection.capabilities().acts, "what was taken away is not offered again"


def test_missing_rights_show_in_the_capabilities() -> None:
    with connected(Manner(commands=["Hangup", "QueuePause"])) as (_, connection, heard):
        heard.wait_link(LinkState.CONNECTED)
        capabilities = connection.capabilities()
        assert capabilities.acts == {Act.HANG_UP, Act.REJECT, Act.COMPLETE_ATTENDED, Act.PAUSE, Act.UNPAUSE}
        assert "may not use Originate" in capabilities.why_not[Act.ORIGINATE]


def test_nothing_is_asked_while_disconnected() -> None:
    connection = AmiConnection(AmiSettings())
    answers: list[ActionAnswer] = []
    connection.perform(Action(Act.PAUSE, "1001"), answers.append)
    connection.stop()
    assert answers[0].answer is Answer.REFUSED
    assert "not connected" in answers[0].sentence


def test_the_wait_between_attempts_grows_to_half_a_minute() -> None:
    assert backoff(0, lambda: 0.5) == 0.5
    assert backoff(1, lambda: 0.5) == 1.0
    assert backoff(20, lambda: 1.0) == 30.0
    assert {backoff(n, lambda: 0.0) for n in range(3)} == {0.5, 0.75, 1.5}


@pytest.mark.parametrize("has_car_park", [True, False])
def test_who_is_parked_is_read_on_connecting_where_there_is_a_car_park(has_car_park: bool) -> None:
    parked = "Event: ParkedCall\nParkeeChannel: PJSIP/trunk-0000007d\nParkeeUniqueid: 1795290255.137\nParkingSpace: 701"
    commands = [*COMMANDS, "ParkedCalls"] if has_car_park else list(COMMANDS)
    with connected(Manner(channels=[CALLER], parked=[parked], commands=commands, variables=ALLOWED)) as (pbx, _, heard):
        heard.wait(NumberLearned)
        assert [fact.parked for fact in heard.all(Parked)] == ([True] if has_car_park else [])
        assert pbx.count("ParkedCalls") == int(has_car_park)
