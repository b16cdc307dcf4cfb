"""A real connection to a fake FreeSWITCH: log-in, lists, loss and return, requests, streams in every manner."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from queue import SimpleQueue

import pytest

from console.domain.call_events import (
    AgentPaused,
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    HoldChanged,
    LinkState,
    NumberLearned,
    SnapshotTaken,
)
from console.domain.call_report import call_report
from console.domain.calls import Presentation
from console.ports.clock import Clock
from console.ports.switchboard import Act, Action, ActionAnswer, Answer
from telephony_adapters.contract.heard import Heard
from telephony_adapters.freeswitch_esl.connection import EslConnection
from telephony_adapters.freeswitch_esl.settings import EslSettings, HoldBy
from telephony_adapters.freeswitch_esl.snapshot import Listed
from telephony_adapters.link.clock import ComputerClock
from tests.helpers.esl_streams import (
    EslRecording,
    facts_of_messages,
    listed_after,
    recorded,
    subscribed,
)
from tests.helpers.fake_freeswitch import BOOT, PASSWORD, FakeFreeSwitch, Manner, events_of
from tests.helpers.recordings import book_of, reports_of

Change = Callable[[EslSettings], EslSettings]


@contextmanager
def connected(
    manner: Manner | None = None, change: Change = lambda settings: settings, clock: Clock | None = None
) -> Iterator[tuple[FakeFreeSwitch, EslConnection, Heard]]:
    """Yield a fake, a started connection, and what it reports."""
    with FakeFreeSwitch(manner) as pbx:
        heard = Heard()
        connection = EslConnection(change(EslSettings(port=pbx.port, secret=PASSWORD)), clock)
        connection.start(heard)
        try:
            yield pbx, connection, heard
        finally:
            connection.stop()


class At(ComputerClock):
    """A computer's clock at some other day."""

    def __init__(self, day: datetime) -> None:
        self._day = day

    def now(self) -> datetime:
        """Return that day's time; it stands still."""
        return self._day


def midway(name: str, event: str, nth: int = 1) -> Listed:
    """Return what would be listed right after the n-th event of that name of a recording."""
    heard = subscribed(recorded(name))
    places = [i + 1 for i, message in enumerate(heard) if message.event == event]
    return listed_after(recorded(name), places[nth - 1])


def test_it_logs_in_subscribes_narrowly_and_takes_a_snapshot() -> None:
    with connected() as (pbx, _, heard):
        assert heard.wait_link(LinkState.CONNECTED)[0].boot == BOOT
        assert heard.wait(SnapshotTaken)[0].calls == frozenset()
        (events,) = pbx.asked("event ")
        assert "ALL" not in events.split()
        assert events.endswith("CUSTOM callcenter::info conference::maintenance valet_parking::info")
        assert [(p.extension, p.paused) for p in heard.all(AgentPaused)] == [("1001", False)]


def test_an_account_of_its_own_may_be_used() -> None:
    with connected(change=lambda s: replace(s, user="nightdesk@default")) as (pbx, _, heard):
        heard.wait_link(LinkState.CONNECTED)
        assert pbx.asked("auth ") == []


@pytest.mark.expects_log
def test_a_refused_login_is_said_in_a_sentence() -> None:
    with connected(change=lambda s: replace(s, secret="wrong")) as (_, _, heard):  # noqa: S106
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert "refused Nightdesk (invalid)" in refused.sentence
        assert not refused.foreign
        assert "wrong" not in refused.sentence


@pytest.mark.expects_log
def test_an_address_that_is_not_permitted_is_said_in_a_sentence() -> None:
    rude = b"Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n"
    with connected(Manner(greeting=rude)) as (_, _, heard):
        assert "this computer's address" in heard.wait_link(LinkState.REFUSED)[0].sentence


@pytest.mark.expects_log
@pytest.mark.parametrize("greeting", [b"Asterisk Call Manager/11.0.0\r\n", b"HTTP/1.1 400 Bad\r\n\r\n", b"\xff" * 3000])
def test_another_language_is_said_in_a_sentence(greeting: bytes) -> None:
    with connected(Manner(greeting=greeting)) as (_, _, heard):
        refused = heard.wait_link(LinkState.REFUSED)[0]
        assert refused.foreign
        assert "Nothing was changed" in refused.sentence


@pytest.mark.parametrize("manner", ["at once", "byte for byte", "in chance pieces", "late"])
@pytest.mark.parametrize("recording", [recorded("q_answered"), recorded("xfer_attended")], ids=str)
def test_a_recording_played_over_the_wire_tells_what_it_tells_from_a_file(recording: EslRecording, manner: str) -> None:
    stream = events_of(recording)
    cuts: dict[str, list[int]] = {
        "at once": [],
        "byte for byte": list(range(1, 6_000)),
        "in chance pieces": sorted(random.Random(7).sample(range(1, len(stream)), 400)),  # noqa: S311  no secret
        "late": [len(stream) // 3, len(stream) // 3 * 2],
    }
    # A clock that agrees with the switchboard's, as it was when the stream was recorded.
    with connected(clock=At(recording.facts()[0][0])) as (pbx, _, heard):
        heard.wait(SnapshotTaken)
        pbx.play(stream, cuts[manner], 0.05 if manner == "late" else 0.0)
        heard.wait(CallEnded)
        told = [call_report(call) for call in book_of([(fact.at, fact) for fact in heard.facts]).calls()]
    assert told == reports_of(recording)


def test_a_call_under_way_is_joined_late_with_its_hold() -> None:
    manner = Manner(listed=midway("hold_unhold", "CHANNEL_HOLD"))
    with connected(manner) as (pbx, _, heard):
        snapshot = heard.wait(SnapshotTaken)[0]
        assert len(snapshot.calls) == 1
        assert snapshot.joined_late == snapshot.calls
        assert snapshot.listed is not None, "it may be said what is over"
        assert snapshot.calls < snapshot.listed, "also the adviser's leg, which is no call of its own"
        assert heard.wait(Answered)[0].extension == "1001"
        assert heard.wait(NumberLearned)[0].number == "02079460170"
        assert [(h.extension, h.held, h.stamped) for h in heard.wait(HoldChanged)] == [("1001", True, False)]
        assert len(pbx.asked("api uuid_dump")) == 2


def test_a_withheld_number_never_leaves_the_adapter() -> None:
    with connected(Manner(listed=midway("withheld_pai", "CHANNEL_BRIDGE"))) as (_, _, heard):
        assert heard.wait(NumberLearned)[0].presentation is Presentation.WITHHELD
        assert "2079460140" not in repr(heard.facts)


def test_a_number_without_a_mark_stays_hidden_where_legs_may_not_be_looked_at() -> None:
    manner = Manner(listed=midway("withheld_pai", "CHANNEL_BRIDGE"), refuse=frozenset({"uuid_dump"}))
    with connected(manner) as (_, _, heard):
        learned = heard.wait(NumberLearned)[0]
        assert (learned.number, learned.presentation) == ("", Presentation.UNKNOWN)
        assert "2079460140" not in repr(heard.facts)


def test_events_before_the_lists_are_kept_until_after_them() -> None:
    with connected(Manner(before_lists=events_of(recorded("direct")))) as (_, _, heard):
        heard.wait(CallEnded)
        kinds = [type(fact) for fact in heard.facts]
        assert kinds.index(SnapshotTaken) < kinds.index(CallBegan)


@pytest.mark.expects_log
def test_a_clean_close_is_a_loss_and_it_returns_to_the_same_call() -> None:
    stream, halfway = events_of(recorded("direct")), midway("direct", "CHANNEL_BRIDGE")
    with connected() as (pbx, connection, heard):
        heard.wait(SnapshotTaken)
        pbx.play(stream[: stream.index(b"Event-Name: CALL_UPDATE") - 60])
        heard.wait(Answered)
        pbx.manner.listed = halfway
        pbx.hang_up()
        assert "Calls still ring on the telephones" in heard.wait_link(LinkState.LOST)[0].sentence
        again = heard.wait(SnapshotTaken, 2)[1]
        assert again.calls == {heard.all(CallBegan)[0].call}
        assert again.joined_late == frozenset()
        pbx.play(stream[stream.index(b"Content-Length", stream.index(b"Event-Name: CALL_UPDATE")) :])
        assert heard.wait(CallEnded)[0].ended_by == "1001"
        assert len(heard.all(CallBegan)) == 1
        assert connection.failures == 0


@pytest.mark.expects_log
def test_another_run_of_the_switchboard_is_a_new_boot() -> None:
    with connected(Manner(listed=midway("direct", "CHANNEL_BRIDGE"))) as (pbx, _, heard):
        heard.wait(Answered)
        pbx.manner.listed, pbx.manner.boot = Listed([]), "another"
        pbx.hang_up()
        assert heard.wait_link(LinkState.CONNECTED, 2)[1].boot == "another"
        assert heard.wait(SnapshotTaken, 2)[1].calls == frozenset()
        book = book_of([(fact.at, fact) for fact in heard.facts])
        assert [call.live for call in book.calls()] == [False]


@pytest.mark.expects_log
def test_a_goodbye_is_a_loss() -> None:
    with connected() as (pbx, _, heard):
        heard.wait(SnapshotTaken)
        pbx.play(b"Content-Type: text/disconnect-notice\nContent-Length: 13\n\nDisconnected\n")
        assert "it said goodbye" in heard.wait_link(LinkState.LOST)[0].sentence


def ask(connection: EslConnection, action: Action) -> ActionAnswer:
    """Ask and wait for the answer."""
    answers: SimpleQueue[ActionAnswer] = SimpleQueue()
    connection.perform(action, answers.put)
    return answers.get(timeout=10)


def test_requests_are_carried_out_on_the_own_leg_and_its_other_side() -> None:
    with connected(Manner(listed=midway("direct", "CHANNEL_BRIDGE"))) as (pbx, connection, heard):
        leg = heard.wait(Answered)[0].leg
        call = heard.wait(CallBegan)[0].call
        yes = ActionAnswer(Answer.ACCEPTED)
        for act, target in ((Act.HOLD, ""), (Act.DTMF, "12#"), (Act.BLIND_TRANSFER, "1003"), (Act.HANG_UP, "")):
            assert ask(connection, Action(act, "1001", provider_call=call, target=target)) == yes
        sent = [command for command in pbx.commands if command.startswith("api uuid_") and "dump" not in command]
        assert sent == [
            f"api uuid_phone_event {leg} hold",
            f"api uuid_send_dtmf {call} 12#",
            f"api uuid_transfer {call} 1003 XML default",
            f"api uuid_kill {leg} NORMAL_CLEARING",
        ]
        assert ask(connection, Action(Act.HANG_UP, "1002", provider_call=call)).answer is Answer.REFUSED


def test_a_pause_reaches_the_agent_and_click_to_dial_rings_the_own_telephone_first() -> None:
    with connected(change=lambda s: replace(s, domain="127.0.0.1")) as (pbx, connection, heard):
        heard.wait(SnapshotTaken)
        assert ask(connection, Action(Act.PAUSE, "1001", reason="meal")).answer is Answer.ACCEPTED
        assert pbx.asked("api callcenter_config agent set") == [
            "api callcenter_config agent set status 1001@default 'On Break'"
        ]
        assert ask(connection, Action(Act.ORIGINATE, "1001", target="01632 960123")).answer is Answer.ACCEPTED
        (dialled,) = pbx.asked("bgapi originate")
        assert dialled.endswith("user/1001@127.0.0.1 901632960123 XML default")


def test_a_refusal_of_the_switchboard_is_told_in_its_words() -> None:
    with connected(Manner(refuse=frozenset({"originate"}))) as (_, connection, heard):
        heard.wait(SnapshotTaken)
        answer = ask(connection, Action(Act.ORIGINATE, "1001", target="1002"))
        assert answer == ActionAnswer(Answer.REFUSED, "The telephone system refused: permission denied.")


def test_telephones_that_cannot_be_asked_are_held_by_the_switchboard() -> None:
    manner = Manner(listed=midway("direct", "CHANNEL_BRIDGE"))
    with connected(manner, lambda s: replace(s, hold_by=HoldBy.SWITCHBOARD)) as (pbx, connection, heard):
        leg = heard.wait(Answered)[0].leg
        assert ask(connection, Action(Act.HOLD, "1001")).answer is Answer.ACCEPTED
        assert ask(connection, Action(Act.RESUME, "1001")).answer is Answer.ACCEPTED
        assert pbx.asked("api uuid_hold") == [f"api uuid_hold {leg}", f"api uuid_hold off {leg}"]


def test_a_ringing_telephone_is_answered_or_refused_from_the_screen() -> None:
    with connected(Manner(listed=midway("direct", "CHANNEL_PROGRESS"))) as (pbx, connection, heard):
        leg = heard.wait(Alerting)[0].leg
        assert ask(connection, Action(Act.ANSWER, "1001")).answer is Answer.ACCEPTED
        assert ask(connection, Action(Act.REJECT, "1001")).answer is Answer.ACCEPTED
        assert pbx.asked("api uuid_phone_event") == [f"api uuid_phone_event {leg} talk"]
        assert pbx.asked("api uuid_kill") == [f"api uuid_kill {leg} CALL_REJECTED"]


def test_the_whole_stream_and_the_wire_agree_on_the_facts() -> None:
    recording = recorded("fork")
    with connected(clock=At(recording.facts()[0][0])) as (pbx, _, heard):
        heard.wait(SnapshotTaken)
        pbx.play(events_of(recording))
        heard.wait(CallEnded)
        told = heard.facts[heard.facts.index(heard.all(CallBegan)[0]) :]
    assert told == facts_of_messages(subscribed(recording))
