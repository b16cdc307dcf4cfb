"""What a FreeSWITCH, or a hand in its settings, may do wrong without taking the console's telephone away."""

from __future__ import annotations

from datetime import timedelta

import pytest

from console.domain.call_events import (
    CallBegan,
    CallEvent,
    SnapshotTaken,
    SupervisionBegan,
    Transferred,
)
from console.domain.calls import CallOutcome, CallState, Direction, TransferKind
from console.domain.text import BadInput
from console.ports.switchboard import ActionAnswer, Answer
from telephony_adapters.freeswitch_esl import session
from telephony_adapters.freeswitch_esl.actions import Command
from telephony_adapters.freeswitch_esl.connection import connect
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.freeswitch_esl.mapping import LISTENS_TO, Mapper
from telephony_adapters.freeswitch_esl.protocol import EVENT, Message
from telephony_adapters.freeswitch_esl.session import ANSWER_S, Session
from telephony_adapters.freeswitch_esl.settings import EslSettings
from telephony_adapters.freeswitch_esl.snapshot import Listed, ids_of, rows_of, table_of, take_snapshot
from telephony_adapters.link.faults import LineDead
from telephony_adapters.link.pulse import PING_S
from tests.helpers.esl_streams import NOW
from tests.helpers.fake_freeswitch import BOOT, GREETING, PASSWORD, reply, response, told_plain
from tests.helpers.fuzzing import folded

OUTSIDE = "sofia/external/02079460210@192.0.2.9"
OURS = "sofia/internal/1001@192.0.2.5:5060"
THIRD = "sofia/internal/1003@192.0.2.6:5060"


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (EslSettings(host=" "), "host is empty"),
        (EslSettings(port=0), "port is 0"),
        (EslSettings(port=65_536), "port is 65536"),
        (EslSettings(staff_endpoints="("), "staff_endpoints is no pattern"),
        (EslSettings(outside_profiles="["), "outside_profiles is no pattern"),
        (EslSettings(dial_context="default inline"), "dial_context may hold"),
        (EslSettings(domain="x\nexit"), "domain may hold"),
        (EslSettings(park_number="5900 XML"), "park_number may hold"),
        (EslSettings(user="a b"), "user may not hold spaces"),
        (EslSettings(secret="a\nb"), "secret holds a line break"),  # noqa: S106  no secret
    ],
)
def test_settings_that_cannot_work_are_refused_before_anything_is_sent(change: EslSettings, named: str) -> None:
    with pytest.raises(BadInput, match=named) as refusal:
        connect(change)
    assert "Nothing was started" in str(refusal.value)


def event(name: str, channel: str, uid: str, **fields: str) -> Message:
    """Return one event about a channel; a doubled underscore in a field's name is a hyphen."""
    headers = {"Event-Name": name, "Channel-Name": channel, "Unique-ID": uid, "variable_uuid": uid}
    headers["Call-Direction"] = "inbound"
    return Message(EVENT, {**headers, **{key.replace("__", "-"): value for key, value in fields.items()}})


def told(messages: list[Message], reading: Reading | None = None) -> list[CallEvent]:
    """Return the facts of a live stream."""
    mapper = Mapper(reading or Reading())
    return [fact for message in messages for fact in mapper.feed(message, NOW)]


def born(channel: str, uid: str, dest: str, **fields: str) -> Message:
    """Return the beginning of a leg that rings the switchboard."""
    number = {"Caller__Caller__ID__Number": "02079460210", "Caller__Privacy__Hide__Number": "false"}
    return event("CHANNEL_CREATE", channel, uid, Caller__Destination__Number=dest, **{**number, **fields})


def rung(channel: str, uid: str, by: str) -> list[Message]:
    """Return a leg that the switchboard rings for another."""
    fields = {"Call__Direction": "outbound", "variable_originator": by}
    return [event("CHANNEL_CREATE", channel, uid, **fields), event("CHANNEL_PROGRESS", channel, uid, **fields)]


def joined(one: str, two: str, channel: str = OUTSIDE) -> Message:
    """Return the news that two legs speak with each other."""
    return event("CHANNEL_BRIDGE", channel, one, Bridge__A__Unique__ID=one, Bridge__B__Unique__ID=two)


ANSWERED = [born(OUTSIDE, "A", "01632960001"), *rung(OURS, "B", "A"), joined("A", "B")]


def test_a_short_number_from_a_trunk_is_no_telephone_of_ours() -> None:
    facts = told([born("sofia/external/1001@192.0.2.9", "A", "01632960001", variable_user_name="1001")])
    assert [fact.direction for fact in facts if isinstance(fact, CallBegan)] == [Direction.INBOUND]


def test_a_short_public_number_is_no_telephone_of_ours() -> None:
    """101 rung over the same profile as the telephones: the police, and a call of its own."""
    messages = [*ANSWERED, born(OURS, "C", "9101"), *rung("sofia/internal/101@192.0.2.9", "D", "C"), joined("C", "D")]
    calls = folded(told(messages)).calls()
    assert [(call.direction, call.answered_by) for call in calls] == [
        (Direction.INBOUND, ("1001",)),
        (Direction.OUTBOUND, ("outside",)),
    ]


def test_a_telephone_is_known_by_its_user_where_its_channel_is_named_otherwise() -> None:
    fields = {"Call__Direction": "outbound", "variable_originator": "A", "variable_dialed_user": "1002"}
    ringing = event("CHANNEL_PROGRESS", "sofia/internal/x7f3@192.0.2.5", "B", **fields)
    (call,) = folded(told([born(OUTSIDE, "A", "01632960001"), ringing])).calls()
    assert call.rang == ("1002",)


def test_a_pick_up_says_from_whom_and_makes_no_call_of_its_own() -> None:
    messages = [*ANSWERED[:-1], born(THIRD, "C", "*8")]
    messages += [event("CHANNEL_EXECUTE", THIRD, "C", Application="intercept", Application__Data="B"), joined("A", "C")]
    facts = told(messages)
    (call,) = folded(facts).calls()
    assert (call.answered_by, call.state) == (("1003",), CallState.CONNECTED)
    (moved,) = [fact for fact in facts if isinstance(fact, Transferred)]
    assert (moved.kind, moved.giver, moved.taker) == (TransferKind.PICKUP, "1001", "1003")


def test_a_parked_caller_is_fetched_by_somebody() -> None:
    park = event("CHANNEL_PARK", OUTSIDE, "A")
    messages = [*ANSWERED, event("CHANNEL_UNBRIDGE", OUTSIDE, "A"), park]
    messages.append(event("CHANNEL_HANGUP_COMPLETE", OURS, "B", Hangup__Cause="NORMAL_CLEARING"))
    parked = folded(told(messages))
    assert [call.state for call in parked.calls()] == [CallState.PARKED]
    messages += [born(THIRD, "C", "5901")]
    messages += [event("CHANNEL_EXECUTE", THIRD, "C", Application="valet_park"), joined("C", "A", THIRD)]
    (call,) = folded(told(messages)).calls()
    assert call.state is CallState.CONNECTED
    assert [(t.kind, t.giver, t.taker) for t in call.transfers] == [(TransferKind.PARK, "1001", "1003")]


@pytest.mark.parametrize("own", [True, False])
def test_listening_is_supervision_and_no_call_whoever_asked_for_it(own: bool) -> None:
    fields = {"Call__Direction": "outbound", **({f"variable_{LISTENS_TO}": "B"} if own else {})}
    messages = [*ANSWERED, event("CHANNEL_CREATE", THIRD, "S", **fields)]
    messages.append(event("CHANNEL_EXECUTE", THIRD, "S", Application="eavesdrop", Application__Data="B", **fields))
    facts = told(messages)
    book = folded(facts)
    assert [fact.extension for fact in facts if isinstance(fact, SupervisionBegan)] == ["1003"]
    (call,) = book.calls()
    assert (call.supervised_by, call.talking) == (("1003",), frozenset({"1001"}))
    assert [one.extension for one in call.supervisors] == ["1003"]
    ended = event("CHANNEL_HANGUP_COMPLETE", THIRD, "S", Hangup__Cause="NORMAL_CLEARING", **fields)
    gone = told([*messages, ended])
    assert [call.supervisors for call in folded(gone).calls()] == [()]
    assert [odd.what for odd in book.take_oddities()] == []


def test_a_caller_given_to_an_outside_party_is_one_call_with_it() -> None:
    """An adviser rings somebody outside beside the caller, and then gives the caller to them."""
    messages = [*ANSWERED, born(OURS, "C", "901632960123"), *rung("sofia/external/x@192.0.2.9", "D", "C")]
    messages += [joined("C", "D", OURS), joined("A", "D")]
    for uid, channel in (("C", OURS), ("B", OURS)):
        messages.append(event("CHANNEL_HANGUP_COMPLETE", channel, uid, Hangup__Cause="NORMAL_CLEARING"))
    (call,) = folded(told(messages)).calls()
    assert call.direction is Direction.INBOUND
    ended = [event("CHANNEL_DESTROY", OUTSIDE, "A", variable_sip_hangup_disposition="recv_bye")]
    ended.append(event("CHANNEL_DESTROY", "sofia/external/x@192.0.2.9", "D"))
    (call,) = folded(told([*messages, *ended])).calls()
    assert (call.state, call.outcome) == (CallState.ENDED, CallOutcome.ANSWERED)


def test_a_number_that_the_switchboard_turns_round_in_a_transfer_is_not_the_callers() -> None:
    turned = {"Caller__Caller__ID__Number": "1003", "Caller__Privacy__Hide__Number": "false"}
    (call,) = folded(told([*ANSWERED, event("CALL_UPDATE", OUTSIDE, "A", **turned)])).calls()
    assert call.caller.number == "02079460210"


def test_a_number_that_is_withheld_once_is_never_told_again() -> None:
    hidden = {"Caller__Privacy__Hide__Number": "true"}
    messages = [born(OUTSIDE, "A", "01632960001", **hidden), *rung(OURS, "B", "A"), joined("A", "B")]
    messages.append(event("CALL_UPDATE", OUTSIDE, "A", Caller__Privacy__Hide__Number="false"))
    assert "2079460210" not in repr(told(messages))
    for name, value in (("sip_Privacy", "id;critical"), ("sip_from_host", "anonymous.invalid")):
        marked = {f"variable_{name}": value}
        assert "2079460210" not in repr(told([born(OUTSIDE, "A", "01632960001", **marked)]))


def test_a_queue_that_gives_up_on_a_caller_says_so() -> None:
    centre = {"Event__Subclass": "callcenter::info", "CC__Queue": "oohs@default", "CC__Member__Session__UUID": "A"}
    messages = [born(OUTSIDE, "A", "01632960001")]
    messages.append(event("CUSTOM", OUTSIDE, "A", CC__Action="member-queue-start", **centre))
    messages.append(
        event("CUSTOM", OUTSIDE, "A", CC__Action="member-queue-end", CC__Cancel__Reason="TIMEOUT", **centre)
    )
    messages.append(event("CHANNEL_DESTROY", OUTSIDE, "A", variable_sip_hangup_disposition="send_bye"))
    (call,) = folded(told(messages)).calls()
    assert (call.outcome, call.ended_by, call.queue) == (CallOutcome.QUEUE_TIMEOUT, "system", "oohs")


def test_a_pair_of_the_switchboards_own_is_nobodys_call() -> None:
    messages = [*ANSWERED, *rung("loopback/1003-a", "L", "A")]
    messages.append(born("loopback/1003-b", "M", "1003", variable_other_loopback_leg_uuid="L"))
    messages += rung(THIRD, "D", "M")
    (call,) = folded(told(messages)).calls()
    assert call.rang == ("1001", "1003")


def row(uid: str, name: str, direction: str, **fields: str) -> dict[str, str]:
    """Return one channel as a list has it."""
    return {"uuid": uid, "name": name, "direction": direction, "callstate": "ACTIVE", "call_uuid": uid, **fields}


def test_a_leg_that_may_not_be_looked_at_belongs_to_whom_it_speaks_with() -> None:
    """What the call centre rings is tied to its caller by nothing that a list tells."""
    rows = [row("A", OUTSIDE, "inbound", dest="01632960001"), row("B", OURS, "outbound", dest="1001")]
    ringing = [rows[0], {**rows[1], "callstate": "RINGING"}]
    assert len(folded(take_snapshot(Mapper(Reading()), Listed(ringing), NOW)).calls()) == 1
    (call,) = folded(take_snapshot(Mapper(Reading()), Listed(rows, [{"uuid": "A", "b_uuid": "B"}]), NOW)).calls()
    assert (call.talking, call.dialled) == (frozenset({"1001"}), "01632960001")


def test_the_end_of_a_leg_that_was_not_listed_any_more_is_no_call() -> None:
    mapper = Mapper(Reading())
    facts = take_snapshot(mapper, Listed([row("A", OURS, "inbound", dest="8001", callstate="HANGUP")]), NOW)
    for name in ("CHANNEL_HANGUP", "CHANNEL_HANGUP_COMPLETE", "CHANNEL_DESTROY"):
        facts += mapper.feed(event(name, OURS, "A", Caller__Destination__Number="8001"), NOW)
    assert [type(fact) for fact in facts] == [SnapshotTaken]


def test_a_telephone_that_rings_for_a_caller_who_has_left_is_no_call() -> None:
    mapper = Mapper(Reading())
    for message in (born(OUTSIDE, "A", "01632960001"), event("CHANNEL_DESTROY", OUTSIDE, "A")):
        mapper.feed(message, NOW)
    late = [fact for message in rung(OURS, "B", "A") for fact in mapper.feed(message, NOW)]
    assert late == []


LISTS = ["", "{", "[]", '{"rows": 5}', '{"rows": [1, null, {"uuid": null}]}', "[" * 100_000]


@pytest.mark.parametrize("text", LISTS, ids=range(len(LISTS)))
def test_a_list_that_is_none_has_no_rows(text: str) -> None:
    assert [row for row in rows_of(text) if row.get("uuid")] == []
    assert table_of(text) == []
    facts = take_snapshot(Mapper(Reading()), Listed(rows_of(text)), NOW)
    assert [type(fact) for fact in facts] == [SnapshotTaken]


class Talk:
    """One session with a hand-moved clock; what it asks is answered by hand."""

    def __init__(self) -> None:
        self.now = 0.0
        self.session = Session(EslSettings(secret=PASSWORD), Mapper(Reading()), 0.0)
        self.hear(GREETING + reply("+OK accepted") + reply("+OK event listener enabled plain"))

    def hear(self, data: bytes) -> list[CallEvent]:
        """Take bytes and return the facts."""
        for piece in data.split(b"\n\n"):  # an answer to each question after it was asked
            self.session.feed(piece + b"\n\n" if piece else b"", self.now, NOW)
        return self.session.take_facts()

    def wait(self, seconds: float) -> None:
        """Let time go by as the line's thread does."""
        until = self.now + seconds
        while self.now < until:
            self.now += 0.25
            self.session.tick(self.now)

    def live(self) -> Talk:
        """Let the lists come in."""
        self.session.feed(response(BOOT) + response('{"row_count":0}') * 2 + response("+OK\n"), self.now, NOW)
        assert self.session.live
        self.session.take_bytes()
        return self


@pytest.mark.parametrize(
    "text",
    ["", "-ERR", "[]", "null", '{"rows": []}', '{"row_count": 2, "rows": [{"uuid": "a"}]}', '{"row_count": "x"}'],
)
def test_a_list_that_does_not_say_that_it_is_whole_ends_no_call_of_the_record(text: str) -> None:
    assert ids_of(text) is None


def test_a_whole_list_names_every_leg_and_what_it_is_a_leg_of() -> None:
    assert ids_of('{"row_count":0}') == frozenset()
    assert ids_of('{"row_count":1,"rows":[{"uuid":"b","call_uuid":"a"}]}') == frozenset({"a", "b"})


def test_a_late_answer_is_not_taken_for_the_next() -> None:
    talk, answers = Talk().live(), list[ActionAnswer]()
    talk.session.request([Command(("uuid_kill", "A"))], answers.append, talk.now)
    talk.wait(ANSWER_S + 0.5)
    assert [answer.answer for answer in answers] == [Answer.NO_ANSWER]
    talk.session.request([Command(("uuid_kill", "B"))], answers.append, talk.now)
    talk.session.feed(response("+OK\n"), talk.now, NOW)
    assert len(answers) == 1
    talk.session.feed(response("-ERR No such channel!\n"), talk.now, NOW)
    assert answers[1] == ActionAnswer(Answer.REFUSED, "The telephone system refused: No such channel!.")


def test_lists_that_do_not_come_end_the_connection_and_no_call() -> None:
    talk = Talk()
    with pytest.raises(LineDead, match="did not say what is going on"):
        talk.wait(ANSWER_S + 1)
    talk.session.abandon()
    assert talk.session.take_facts() == []


def test_a_connection_that_ends_while_it_logs_in_is_only_given_up() -> None:
    session = Session(EslSettings(secret=PASSWORD), Mapper(Reading()), 0.0)
    session.feed(GREETING, 0.0, NOW)
    assert session.take_bytes() == f"auth {PASSWORD}\n\n".encode()
    session.abandon()
    assert session.take_facts() == []


def test_silence_is_noticed_and_an_answer_ends_it() -> None:
    talk = Talk().live()
    talk.wait(PING_S + 1)
    assert talk.session.take_bytes() == b"api global_getvar core_uuid\n\n"
    talk.session.feed(response(BOOT), talk.now, NOW)
    talk.wait(PING_S * 2 + 1)
    with pytest.raises(LineDead):
        talk.wait(PING_S * 3)


def test_an_event_of_another_run_ends_the_connection() -> None:
    talk = Talk().live()
    talk.session.feed(_heartbeat(BOOT), talk.now, NOW)
    with pytest.raises(LineDead, match="started anew"):
        talk.session.feed(_heartbeat("another"), talk.now, NOW)


def _heartbeat(boot: str) -> bytes:
    return told_plain("Event-Name: HEARTBEAT", f"Core-UUID: {boot}")


def test_the_switchboards_clock_may_be_hours_off() -> None:
    hours = NOW + timedelta(hours=5)
    stamp = str(int(hours.timestamp() * 1_000_000))
    facts = told([born(OUTSIDE, "A", "01632960001", Event__Date__Timestamp=stamp)])
    assert {fact.at for fact in facts} == {hours}
    for odd in ("x", "9" * 400, "-5", "²"):
        facts = told([born(OUTSIDE, "A", "01632960001", Event__Date__Timestamp=odd)])
        assert [type(fact).__name__ for fact in facts] == ["CallBegan", "NumberLearned"]


@pytest.mark.parametrize("hours", [1, -5])
def test_a_clock_hours_off_is_said_and_no_caller_waits_for_hours(hours: int) -> None:
    stamp = str(int((NOW + timedelta(hours=hours)).timestamp() * 1_000_000))
    talk = Talk().live()
    ring = born(OUTSIDE, "A", "01632960001", Event__Date__Timestamp=stamp)
    talk.session.feed(as_event(ring), talk.now, NOW)
    began = next(fact for fact in talk.session.take_facts() if isinstance(fact, CallBegan))
    assert began.at == NOW
    (remark,) = talk.session.clocks.remark()
    assert f"{60 * abs(hours)} min {'ahead of' if hours > 0 else 'behind'}" in remark
    now = f"Event-Date-Timestamp: {NOW.timestamp() * 1e6:.0f}"
    talk.session.feed(told_plain("Event-Name: HEARTBEAT", now), talk.now, NOW)
    assert talk.session.clocks.remark() == (), "it was set right"


def as_event(message: Message) -> bytes:
    """Return a message as it comes over the socket."""
    return told_plain(*(f"{name}: {value}" for name, value in message.headers.items()))


def test_calls_whose_ends_are_never_told_end_the_connection_and_not_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CHANNELS", 50)
    talk = Talk().live()
    for n in range(50):
        talk.session.feed(as_event(born(OUTSIDE, f"A{n}", "01632960001")), talk.now, NOW)
    one_more = as_event(born(OUTSIDE, "one more", "01632960001"))
    with pytest.raises(LineDead, match="more calls than can be followed"):
        talk.session.feed(one_more, talk.now, NOW)


LINE = "01632960002"


@pytest.mark.parametrize(
    ("first", "later", "line"),
    [
        ({"variable_did": LINE}, None, LINE),
        ({}, {"variable_did": LINE, "Application": "set"}, LINE),
        ({}, {"Answer__State": "answered"}, "5000"),
    ],
    ids=["told at once", "set by the dial plan", "never set"],
)
def test_the_line_dialled_is_the_one_that_the_dial_plan_names(
    first: dict[str, str], later: dict[str, str] | None, line: str
) -> None:
    messages = [born(OUTSIDE, "A", "5000", **first)]
    if later is not None:
        messages.append(event("CHANNEL_EXECUTE", OUTSIDE, "A", **later))
    book = folded(told(messages, Reading(line_variable="did")))
    assert [call.dialled for call in book.calls()] == [line]


def test_a_line_that_no_variable_named_is_the_number_dialled_once_somebody_is_rung() -> None:
    messages = [born(OUTSIDE, "A", "5000"), *rung(OURS, "B", "A")]
    book = folded(told(messages, Reading(line_variable="did")))
    assert [call.dialled for call in book.calls()] == ["5000"]
