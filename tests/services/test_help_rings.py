"""What comes of a call that was placed about a request stands on the request, as the telephones tell it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from console.domain.call_events import Alerting, Answered, CallBegan, CallEnded, LinkChanged, LinkState, SnapshotTaken
from console.domain.call_tracks import OUTSIDE
from console.domain.calls import CallOutcome, Direction
from console.domain.help_ages import Alarm, alarm
from console.domain.help_kinds import HelpKind
from console.domain.help_requests import HelpRequest
from console.domain.help_rings import Rang
from console.domain.lines import DialPlan
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.timeline import timeline
from console.services.help_ledger import Draft
from console.services.help_rings import HelpRings, Ring
from tests.helpers.night_room import PRIYA, TOM, Console, Room

NUMBER = "+441632960162"


class Desk:
    """Tom, who rings about a request, with Priya's console beside his."""

    def __init__(self) -> None:
        self.room = Room()
        self.tom = self.room.console(TOM, "1002")
        self.priya = self.room.console(PRIYA, "1001")
        contact = self.tom.contacts.open(dialled="01632960005")
        self.incident = self.tom.incidents.ensure(contact)
        self.help = self.tom.helps.draft(Draft(HelpKind.CRISIS_TEAM, incident=self.incident))
        self.tom.helps.send(self.help)
        self.rings = HelpRings(self.tom.recorder, self.tom.desk, self.tom.clock, self.room.alarm, DialPlan())

    def ring(self) -> Ring:
        """Ask for the call, and let the switchboard take it."""
        ring = self.rings.asked(StreamRef(StreamKind.HELP, self.help), "Crisis team", NUMBER)
        self.rings.accepted(ring)
        return ring

    def placed(self, call: str = "c1", number: str = "01632960162", by: str = "1002") -> None:
        """Let the telephones tell that a call was placed."""
        now = self.room.clock.now()
        self.room.hears(
            CallBegan(call, now, Direction.OUTBOUND, number, by), Alerting(call, now, f"{call}-out", OUTSIDE)
        )

    def answered(self, call: str = "c1") -> None:
        """Let somebody outside lift the handset."""
        self.room.hears(Answered(call, self.room.clock.now(), f"{call}-out", OUTSIDE))

    def ended(self, outcome: CallOutcome, call: str = "c1") -> None:
        """Let the call be over."""
        self.room.hears(CallEnded(call, self.room.clock.now(), outcome, "system"))

    def request(self, console: Console | None = None) -> HelpRequest:
        """Return the request as a console has it."""
        self.room.settle()
        found = (console or self.priya).folds.help(self.help)
        assert found is not None
        return found

    def said(self) -> list[str]:
        """Return what stands on the request about rings, on the partner's console."""
        return [one.text for one in self.request().news if one.state is None]


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.room.close()


def test_an_answer_stands_in_the_place_of_the_ring_with_the_time_it_was_rung(desk: Desk) -> None:
    desk.ring()
    desk.placed()
    assert desk.said() == ["Rang Crisis team"]
    desk.room.advance(70)
    desk.answered()
    desk.ended(CallOutcome.ANSWERED)
    desk.room.advance(300)
    assert desk.said() == ["Rang Crisis team at 22:14: answered"]
    assert desk.request(desk.tom).rung == desk.request().rung
    incident = desk.priya.folds.incident(desk.incident)
    lines = [one.text for one in timeline(incident, helps=[desk.request()]) if "Rang" in one.text]
    assert lines == ["Crisis team: news. Rang Crisis team at 22:14: answered"]


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        (CallOutcome.NO_ANSWER, "no answer"),
        (CallOutcome.ABANDONED, "no answer"),
        (CallOutcome.REJECTED, "no answer"),
        (CallOutcome.BUSY, "engaged"),
        (CallOutcome.FAILED, "could not be connected"),
        (CallOutcome.UNKNOWN, "not known whether they answered"),
    ],
)
def test_what_came_of_a_call_that_nobody_answered(desk: Desk, outcome: CallOutcome, words: str) -> None:
    desk.ring()
    desk.placed()
    desk.room.advance(5)
    desk.ended(outcome)
    assert desk.said() == [f"Rang Crisis team at 22:14: {words}"]


def test_a_ring_that_nobody_answered_is_no_news_and_the_chase_stays_due(desk: Desk) -> None:
    desk.tom.follow_up.chase(desk.help, again=timedelta(minutes=5))
    before = desk.request()
    desk.room.advance(60)
    desk.ring()
    desk.placed()
    desk.ended(CallOutcome.NO_ANSWER)
    after = desk.request()
    assert (after.last_news_at, after.chase_at) == (before.last_news_at, before.chase_at)
    assert alarm(after, desk.room.clock.now() + timedelta(minutes=5), desk.tom.helps.thresholds) is Alarm.CHASE
    desk.ring()
    desk.placed("c2")
    desk.answered("c2")
    assert desk.request().last_news_at == desk.room.clock.now(), "who answers is heard"


def test_a_call_that_the_telephones_never_told_of_is_not_known(desk: Desk) -> None:
    desk.ring()
    desk.placed("c9", "01632960171")
    desk.placed("c8", by="1005")
    desk.answered("c9")
    desk.answered("c8")
    desk.room.advance(119)
    assert desk.said() == ["Rang Crisis team"], "another number, or another's telephone, says nothing of it"
    desk.room.advance(2)
    assert desk.said() == ["Rang Crisis team at 22:14: not known whether they answered"]


def test_the_telephones_lost_while_it_rings_leave_it_not_known(desk: Desk) -> None:
    desk.ring()
    desk.placed()
    now = desk.room.clock.now()
    desk.room.hears(LinkChanged(now, LinkState.LOST, "away"), LinkChanged(now, LinkState.CONNECTED, boot="night"))
    desk.room.hears(SnapshotTaken(now, frozenset(), frozenset()))
    assert desk.said() == ["Rang Crisis team at 22:14: not known whether they answered"]


def test_a_long_ringing_is_followed_to_its_end(desk: Desk) -> None:
    desk.ring()
    desk.placed()
    desk.room.advance(130)
    assert desk.said() == ["Rang Crisis team"]
    desk.answered()
    assert desk.said() == ["Rang Crisis team at 22:14: answered"]


def test_ones_own_telephone_that_was_not_lifted_says_nothing_of_them(desk: Desk) -> None:
    desk.ring()
    now = desk.room.clock.now()
    desk.room.hears(CallBegan("c1", now, Direction.OUTBOUND, NUMBER, "1002"), Alerting("c1", now, "c1-own", "1002"))
    desk.ended(CallOutcome.NO_ANSWER)
    assert desk.said() == ["Rang Crisis team at 22:14: not known whether they answered"]


def test_two_rings_of_one_number_have_a_call_each(desk: Desk) -> None:
    desk.ring()
    desk.placed()
    desk.ended(CallOutcome.BUSY)
    desk.room.advance(60)
    desk.ring()
    desk.placed("c2")
    desk.answered("c2")
    assert desk.said() == ["Rang Crisis team at 22:14: engaged", "Rang Crisis team at 22:15: answered"]


def test_what_was_refused_was_not_rung(desk: Desk) -> None:
    ring = desk.rings.asked(StreamRef(StreamKind.HELP, desk.help), "Crisis team", NUMBER)
    desk.rings.refused(ring)
    desk.placed()
    desk.answered()
    desk.room.advance(300)
    assert desk.said() == []


def test_the_word_of_a_newer_console_is_not_known_here(desk: Desk) -> None:
    entry = desk.tom.recorder.entry(
        Kind.HELP_UPDATED, StreamRef(StreamKind.HELP, desk.help), {"text": "Rang: voicemail", "rang": "voicemail"}
    )
    desk.tom.recorder.record(entry)
    rung = desk.request().rung
    assert rung is not None
    assert rung.what is Rang.NOT_KNOWN
