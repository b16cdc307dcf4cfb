"""A replay shows what became of the calls, and a transcript says it in words beside the digests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.replay_transcript import transcript
from tests.domain.test_replay import NAMES, PRIYA, TEN_PAST, TOM, Night, asked, said


@pytest.fixture
def night() -> Night:
    made = Night()
    made.begins()
    return made


def a_call(night: Night) -> dict[str, UUID]:
    """A call that was held, dropped, and came back by our ringing, before two who sit at telephones."""
    for worker, extension in ((PRIYA, "1001"), (TOM, "1002")):
        body = {"worker": worker, "name": NAMES[worker], "role": "support_worker", "extension": extension}
        night.write(Kind.SHIFT_SIGNED_IN, night.shift, body, worker)

    def told(kind: Kind, body: Mapping[str, object], call: StreamRef = night.call) -> UUID:
        # Whichever console is first writes it down.
        return night.write(kind, call, body, TOM)

    out = StreamRef(StreamKind.CALL, uuid4())
    return {
        "comes in on 01632 960001": told(
            Kind.CALL_SEEN, {"provider_call": "1", "direction": "inbound", "dialled": "01632960001"}
        ),
        "from 07700 900412": told(Kind.CALL_NUMBER, {"presentation": "allowed", "e164": "+447700900412"}),
        "waits to be answered": told(Kind.CALL_QUEUED, {"queue": "oohs"}),
        "rings at Priya Raman (1001)": told(Kind.CALL_OFFERED, {"extension": "1001"}),
        "answered by Priya Raman (1001)": told(Kind.CALL_ANSWERED, {"extension": "1001"}),
        "put on hold by Priya Raman (1001)": told(Kind.CALL_HELD, {"extension": "1001", "held": True}),
        "taken back by Priya Raman (1001)": told(Kind.CALL_HELD, {"extension": "1001", "held": False}),
        "parked at 701": told(Kind.CALL_PARKED, {"parked": True, "place": "701"}),
        "parked no more": told(Kind.CALL_PARKED, {"parked": False, "place": "701"}),
        "THE LINE DROPPED: nobody of ours ended the call": told(
            Kind.CALL_ENDED, {"outcome": "answered", "ended_by": "caller"}
        ),
        "Ring back: rung": night.write(Kind.INCIDENT_RING_BACK, night.incident, {"outcome": "rung"}),
        "we ring 07700 900412": told(
            Kind.CALL_SEEN, {"provider_call": "2", "direction": "outbound", "dialled": "907700900412"}, out
        ),
        "answered by whom we rang": told(Kind.CALL_ANSWERED, {"extension": "outside"}, out),
        "ended by Priya Raman (1001)": told(Kind.CALL_ENDED, {"outcome": "answered", "ended_by": "1001"}, out),
    }


def test_what_became_of_the_call_stands_among_the_moments_and_on_both_consoles(night: Night) -> None:
    facts = a_call(night)
    night.joins(TOM)
    replay = night.replay()
    at = {one.envelope.id: one.envelope.stored_at for one in replay.entries}
    for worker in (PRIYA, TOM):
        stood = {line.entry: line.text for line in night.seen_by(worker).lines}
        assert [stood[fact].removeprefix("Call: ") for fact in facts.values()] == list(facts)
    for words, fact in facts.items():
        assert at[fact] in replay.moments
        before = said(night.seen_by(PRIYA, at[fact] - timedelta(microseconds=1)))
        assert not [one for one in before if one.endswith(words)]
    assert replay.happened_at(at[facts["answered by Priya Raman (1001)"]]) == "Call answered"


def test_what_happens_at_once_stands_in_the_order_of_a_call(night: Night) -> None:
    for kind, body in reversed((
        (Kind.CALL_SEEN, {"direction": "inbound", "dialled": "01632960001"}),
        (Kind.CALL_OFFERED, {"extension": "1001"}),
        (Kind.CALL_ANSWERED, {"extension": "1001"}),
        (Kind.CONTACT_NOTE, {"line": str(uuid4()), "text": "hello"}),
    )):  # fmt: skip
        night.at = TEN_PAST + timedelta(minutes=1)
        night.write(kind, night.contact if kind is Kind.CONTACT_NOTE else night.call, body)
    wanted = ["Call: comes in on 01632 960001", "Call: rings at 1001", "Call: answered by 1001", "hello"]
    night.at += timedelta(seconds=9)
    assert [one for one in said(night.seen_by(PRIYA)) if one in wanted] == wanted


def test_a_call_that_nobody_answered_and_one_with_its_number_withheld_are_said(night: Night) -> None:
    night.write(Kind.CALL_SEEN, night.call, {"direction": "inbound", "dialled": ""})
    night.write(Kind.CALL_NUMBER, night.call, {"presentation": "withheld", "e164": ""})
    night.write(Kind.CALL_OFFERED, night.call, {"extension": "1009"})
    night.write(Kind.CALL_ENDED, night.call, {"outcome": "abandoned", "ended_by": "caller"})
    assert [one.removeprefix("Call: ") for one in said(night.seen_by(PRIYA)) if one.startswith("Call: ")] == [
        "comes in", "the number is withheld", "rings at 1009", "the caller rang off before anybody answered",
    ]  # fmt: skip


def test_a_call_that_nobody_heard_the_end_of_is_said_to_have_ended_unseen(night: Night) -> None:
    night.write(Kind.CALL_SEEN, night.call, {"direction": "inbound", "dialled": "01632960001"})
    night.write(Kind.CALL_ENDED, night.call, {"outcome": "unknown", "ended_by": "unknown", "late": True})
    told = [one for one in said(night.seen_by(PRIYA)) if one.startswith("Call: ")]
    assert told[1:] == ["Call: was gone by then: it ended unseen, nobody knows when or how"]


def test_a_console_that_came_late_to_a_call_adds_only_what_nobody_else_told(night: Night) -> None:
    night.write(Kind.CALL_SEEN, night.call, {"direction": "inbound", "dialled": "01632960001"})
    night.write(Kind.CALL_ANSWERED, night.call, {"extension": "1001"})
    night.write(Kind.CALL_ANSWERED, night.call, {"extension": "1001", "late": True})
    night.write(Kind.CALL_ENDED, night.call, {"outcome": "answered", "ended_by": "1001", "late": True})
    told = [one for one in said(night.seen_by(PRIYA)) if one.startswith("Call: ")]
    assert told == ["Call: comes in on 01632 960001", "Call: answered by 1001",
                    "Call: ended by 1001"]  # fmt: skip


def test_a_transcript_says_the_call_in_words_with_the_digests_as_they_are(night: Night) -> None:
    a_call(night)
    written = transcript(night.replay(), asked())
    (answered,) = (one.envelope for one in night.entries if one.envelope.kind is Kind.CALL_ANSWERED
                   if one.envelope.stream == night.call)  # fmt: skip
    part = written[written.index(f"#{answered.seq}  ") :].split("\n\n")[0]
    assert part.startswith(f"#{answered.seq}  Call: answered by Priya Raman (1001)\n  kind    call.answered\n")
    assert "  by      the telephones, heard by Tom Adeyemi (support worker) at desk-1" in part
    assert part.endswith(f"  digest  {answered.digest}")
    assert "Call: THE LINE DROPPED" in written


def test_a_transcript_names_workers_and_says_no_key(night: Night) -> None:
    night.joins(TOM)
    night.write(Kind.SUMMONS_SENT, night.signals, {"asked_by": PRIYA, "rank": "p1_life_now"})
    written = transcript(night.replay(), asked())
    assert "  worker: Tom Adeyemi\n" in written
    assert "  asked by: Priya Raman\n" in written
    assert "  rank: p1 life now\n" in written
    assert "tom.adeyemi" not in written


def test_an_end_of_which_a_watched_telephone_cannot_say_whose_it_was_is_no_line_that_dropped(night: Night) -> None:
    night.write(Kind.CALL_SEEN, night.call, {"direction": "inbound", "dialled": "01632960001", "assumed": True})
    night.write(Kind.CALL_ANSWERED, night.call, {"extension": "1001"})
    night.write(Kind.CALL_ENDED, night.call, {"outcome": "answered", "ended_by": "unknown"})
    lines = said(night.seen_by(PRIYA))
    assert lines[-1] == "Call: ended; the telephone system does not say by whom"
