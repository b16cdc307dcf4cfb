"""What may go wrong between two on one caller: each says what is known, loses nothing, and both agree afterwards."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

import pytest

from console.domain.help_ages import Alarm
from console.domain.help_kinds import HelpKind
from console.domain.receipts import BY_HAND, NOBODY
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.timeline import timeline
from console.domain.words import clock_words
from console.ports.manual import ManualClock
from console.services.help_ledger import Draft
from tests.helpers.night_room import HELEN, PRIYA, TOM
from tests.helpers.simulated_room import LINE, Hall, Hand
from ui.desktop.screens.coordinator.presenter import UNREAD_AWAY
from ui.desktop.widgets.faces import Kept, StatusRow

LEAD, SECOND = 0, 1
SIDES = pytest.mark.parametrize("side", [LEAD, SECOND], ids=["the lead", "the second"])


@pytest.fixture
def hall() -> Iterator[Hall]:
    made = Hall("memory")
    yield made
    made.close()


class WrongClock:
    """A computer whose clock is so many hours off."""

    def __init__(self, right: ManualClock, hours: int) -> None:
        self._right = right
        self._off = timedelta(hours=hours)

    def now(self) -> Any:
        """Return the wrong time."""
        return self._right.now() + self._off

    def monotonic(self) -> float:
        """Return seconds as everybody counts them."""
        return self._right.monotonic()


class Two:
    """Priya on the line, Tom beside her."""

    def __init__(self, hall: Hall, wrong: int | None = None, hours: int = 0) -> None:
        """``wrong`` is whose clock is so many hours off."""
        self.hall = hall
        right = hall.clock
        for side, (who, extension) in enumerate(((PRIYA, "1001"), (TOM, "1002"))):
            hall.clock = cast("ManualClock", WrongClock(right, hours)) if side == wrong else right
            hall.sit_down(who, extension)
        hall.clock = right
        self.contact = UUID(int=0)

    def __getitem__(self, side: int) -> Hand:
        return self.hall.hands[side]

    def answered(self) -> None:
        """Let the caller ring and Priya answer."""
        self.hall.rings("c1", "07700900412", LINE, "1001")
        self.hall.answers("c1", "1001")
        self.contact = self[LEAD].console.contact

    def paired(self) -> UUID:
        """Let Tom join; return the incident."""
        lead, second = self[LEAD].console, self[SECOND].console
        lead.pair.need_second(self.contact)
        self.hall.advance(2)
        second.pair.accept(second.pair.waiting_summons()[0], second.outcomes.append)
        self.hall.advance(2)
        return self.incident

    @property
    def incident(self) -> UUID:
        """Return the one incident as Tom has it."""
        (found,) = self[SECOND].console.folds.incidents()
        return found.id

    def writes(self, side: int, text: str) -> None:
        """Let one of the two write: Priya a line of the note, Tom one to her."""
        if side == LEAD:
            self[LEAD].console.note(self.contact, text)
        else:
            self[SECOND].console.pair.say(self.incident, text)

    def words(self, side: int) -> list[str]:
        """Return what one of the two can read of both, in the record's order."""
        folds = self[side].console.folds
        found = folds.contact(self.contact)
        incident = folds.incident_of(self.contact)
        assert found is not None
        said = folds.signals_of_incident(incident).messages if incident is not None else ()
        lines = [(one.seq or 1 << 40, one.text) for one in (*found.notes, *said)]
        return [text for _, text in sorted(lines)]

    def agree(self) -> None:
        """Hold both to one record, one incident and one timeline, with nothing set aside."""
        looks = [self._seen(hand) for hand in self.hall.hands]
        assert looks[0] == looks[1]
        assert [hand.console.ledger.set_aside() for hand in self.hall.hands] == [(), ()]
        assert [hand.console.ledger.link.waiting for hand in self.hall.hands] == [0, 0]
        assert not self.hall.record.verify().first_bad

    def _seen(self, hand: Hand) -> tuple[object, ...]:
        folds = hand.console.folds
        (incident,), contact = folds.incidents(), folds.contact(self.contact)
        assert contact is not None
        helps = folds.helps_of(incident.id)
        return incident, contact, timeline(incident, [contact], folds.signals_of_incident(incident), helps)


@pytest.fixture
def two(hall: Hall) -> Two:
    made = Two(hall)
    made.answered()
    return made


def status(hand: Hand, side: int) -> StatusRow:
    """Return the status row of the screen that one of the two has in front."""
    return hand.handler_rows().status if side == LEAD else hand.coordinator_rows().status


def says_away(row: StatusRow, waiting: int) -> bool:
    """Say whether a status row tells since when the record is away and how much waits on this computer."""
    said = " ".join(one.text for one in row.health)
    return "Database away since" in said and f"{waiting} waiting" in said


@SIDES
def test_one_of_the_two_is_cut_off_for_a_minute(two: Two, side: int) -> None:
    two.paired()
    other = SECOND if side == LEAD else LEAD
    two.writes(LEAD, "before, of the lead")
    two.writes(SECOND, "before, of the second")
    two.hall.advance(3)
    two[side].way.cut = True
    two.writes(side, "written while cut off")
    two.writes(other, "written by the other")
    two.hall.advance(60)

    assert says_away(status(two[side], side), two[side].console.ledger.link.waiting)
    assert two[side].console.ledger.link.waiting >= 1
    assert "written while cut off" not in two.words(other)
    assert "written by the other" not in two.words(side)
    assert not [one for one in status(two[other], other).health if "away" in one.text]
    two[side].way.cut = False
    two.hall.advance(12)
    assert two.words(LEAD) == two.words(SECOND)
    assert sorted(two.words(LEAD)) == [
        "before, of the lead", "before, of the second", "written by the other", "written while cut off",
    ]  # fmt: skip
    two.agree()


def test_what_the_lead_signals_while_one_of_the_two_is_cut_off_says_by_hand(two: Two) -> None:
    incident = two.paired()
    two[SECOND].way.cut = True
    two[LEAD].console.pair.signal(incident, "get_police")
    two.hall.advance(4)
    (news,) = two[LEAD].desk.receipts.signals(incident, reaches=two[LEAD].desk.reaches())
    assert news.words == BY_HAND
    two[SECOND].way.cut = False
    two.hall.advance(6)
    assert [one.words for one in two[SECOND].console.folds.signals(incident).signals] == ["Get police"]
    two.agree()


@SIDES
@pytest.mark.parametrize("cut", [False, True], ids=["together", "cut off"])
def test_the_console_of_one_of_the_two_is_killed(two: Two, side: int, cut: bool) -> None:
    two.paired()
    two.writes(side, "before the kill")
    two.hall.advance(3)
    two[side].way.cut = cut
    two.writes(side, "the last words")
    two.hall.kill(two[side])
    if cut:
        two.hall.advance(30)
        two[side].way.cut = False
    two.hall.advance(12)
    assert two.words(LEAD) == two.words(SECOND) == ["before the kill", "the last words"]
    (incident,) = two[LEAD].console.folds.incidents()
    assert {one.worker: one.role.value for one in incident.present} == {
        PRIYA.worker: "lead", TOM.worker: "coordinator",
    }  # fmt: skip
    two.agree()


@SIDES
def test_one_of_the_two_is_cut_off_for_the_whole_incident(two: Two, side: int) -> None:
    """They come together, and from then to the end of the call each is alone on their side."""
    incident = two.paired()
    two[side].way.cut = True
    for hand, text in ((two[LEAD], "Drowsy"), (two[SECOND], "Awake")):
        hand.desk.known.facts.put(incident, "state", text, "handler_heard", over=())
    two.writes(LEAD, "on this side")
    two.writes(SECOND, "on the other side")
    two.hall.advance(600)
    assert two[side].console.ledger.link.is_away
    two.hall.ends("c1")
    two.hall.advance(600)
    lead = two[side].console.folds.incident(incident)
    assert lead is not None
    assert lead.live
    assert lead.lead is not None
    two[side].way.cut = False
    two.hall.advance(12)
    state = two[SECOND].console.folds.incident(incident)
    assert state is not None
    fact = state.fact("state")
    assert fact is not None
    assert {(one.value, one.author) for one in fact.register.heads} == {
        ("Drowsy", PRIYA.worker), ("Awake", TOM.worker),
    }  # fmt: skip
    for hand in two.hall.hands:
        assert len([row for row in hand.coordinator_rows().facts if row.key.startswith("settle state ")]) == 2
    assert two.words(LEAD) == two.words(SECOND)
    two.agree()


def test_the_record_is_away_from_the_ring_to_the_end_of_the_call(hall: Hall) -> None:
    two = Two(hall)
    for hand in hall.hands:
        hand.way.cut = True
    hall.advance(8)
    two.answered()
    lead = two[LEAD].console
    two.writes(LEAD, "nobody else reads this yet")
    lead.pair.need_second(two.contact)
    lead.pair.signal(two.contact, "get_ambulance")
    hall.advance(5)
    rows = two[LEAD].handler_rows()
    assert says_away(rows.status, lead.ledger.link.waiting)
    assert [line.kept for line in rows.notes.lines] == [Kept.KEPT]
    (news,) = two[LEAD].desk.receipts.signals(two.contact, reaches=two[LEAD].desk.reaches())
    assert news.words == NOBODY, "nobody is beside her, and none can be asked"
    assert two[SECOND].console.pair.waiting_summons() == ()
    hall.ends("c1")
    hall.advance(60)
    for hand in hall.hands:
        hand.way.cut = False
    hall.advance(12)
    (asked,) = two[SECOND].console.pair.waiting_summons()
    assert asked.asked_by == PRIYA.worker
    two[SECOND].console.pair.accept(asked, two[SECOND].console.outcomes.append)
    hall.advance(5)
    assert two.words(SECOND) == ["nobody else reads this yet"]
    two.agree()


@pytest.mark.parametrize("hours", [2, -2])
@SIDES
def test_the_clock_of_one_of_the_two_is_two_hours_off(hall: Hall, side: int, hours: int) -> None:
    two = Two(hall, side, hours)
    two.answered()
    two.paired()
    for number in range(3):
        two.writes(LEAD, f"lead {number}")
        hall.advance(3)
        two.writes(SECOND, f"second {number}")
        hall.advance(3)
    wanted = [f"{who} {number}" for number in range(3) for who in ("lead", "second")]
    assert two.words(LEAD) == two.words(SECOND) == wanted, "the record's order, not the clocks'"
    said = " ".join(one.text for one in status(two[side], side).health)
    assert "This computer's clock is 7200 s off" in said
    other = SECOND if side == LEAD else LEAD
    assert "clock" not in " ".join(one.text for one in status(two[other], other).health)
    two.agree()


@pytest.mark.parametrize("hours", [2, -2])
@SIDES
def test_with_clocks_two_hours_apart_every_age_and_alarm_is_right_on_both_screens(
    hall: Hall, side: int, hours: int
) -> None:
    two = Two(hall, side, hours)
    began = hall.clock.now()
    two.answered()
    incident = two.paired()
    asks, both = two[side].console, [hand.console for hand in hall.hands]
    police = asks.helps.draft(Draft(HelpKind.WELFARE_CHECK, incident=incident))
    hall.advance(58)
    assert [one.helps.alarms() for one in both] == [(), ()], "nothing rings early"
    hall.advance(4)
    assert [[alarm for _, alarm in one.helps.alarms()] for one in both] == [[Alarm.RINGS]] * 2, "nor late"
    asks.helps.send(police)
    asks.follow_up.chase(police, again=timedelta(minutes=2))
    hall.advance(60)
    sent = [(one, one.folds.help(police)) for one in both]
    ages = [one.helps.ages(request) for one, request in sent if request is not None]
    assert [near(one.since, 60) for one in ages] == [True, True]
    assert [one.chase_left is not None and near(one.chase_left, 60) for one in ages] == [True, True]
    hall.advance(63)
    assert [[alarm for _, alarm in one.helps.alarms()] for one in both] == [[Alarm.CHASE]] * 2
    for one in both:
        (member,) = [each for each in one.folds.incidents()[0].members if each.worker == TOM.worker]
        assert near(member.since - began, 4), "with you since"
        assert near(one.clock.now() - hall.clock.now(), 0)
    rows = [hall.hands[LEAD].handler_rows().status, hall.hands[SECOND].coordinator_rows().status]
    assert {row.clock[:5] for row in rows} == {clock_words(hall.clock.now())}


@pytest.mark.parametrize("hours", [2, -2])
@SIDES
def test_what_is_written_away_by_a_wrong_clock_carries_the_time_it_was_written(
    hall: Hall, side: int, hours: int
) -> None:
    two = Two(hall, side, hours)
    two.answered()
    incident = two.paired()
    hall.advance(5)
    two[side].way.cut = True
    hall.advance(10)
    written = hall.clock.now()
    police = two[side].console.helps.draft(Draft(HelpKind.WELFARE_CHECK, incident=incident))
    assert near(two[side].desk.clock.now() - hall.clock.now(), 0), "the last measure holds"
    hall.advance(30)
    two[side].way.cut = False
    hall.advance(12)
    for hand in hall.hands:
        request = hand.console.folds.help(police)
        assert request is not None
        assert request.drafted_at is not None
        assert near(request.drafted_at - written, 0)
        assert near(hand.console.helps.ages(request).since, 42)
    two.agree()


def near(span: timedelta, seconds: float) -> bool:
    """Say whether a span is right to a few seconds."""
    return abs(span.total_seconds() - seconds) <= 3


def test_what_an_older_console_wrote_by_a_clock_ahead_is_no_younger_than_when_it_was_shared(two: Two) -> None:
    incident = two.paired()
    police = two[SECOND].console.helps.draft(Draft(HelpKind.WELFARE_CHECK, incident=incident))
    two.hall.advance(2)
    recorder = two[SECOND].console.recorder
    moment = two.hall.clock.now() + timedelta(hours=2)
    body = {"state": "sent", "text": ""}
    stream = StreamRef(StreamKind.HELP, police)
    recorder.record(recorder.entry(Kind.HELP_CHANGED, stream, body, slot="state", made_at=moment))
    two.hall.advance(40)
    for hand in two.hall.hands:
        request = hand.console.folds.help(police)
        assert request is not None
        assert near(hand.console.helps.ages(request).since, 40)
    two.agree()


@SIDES
def test_requests_stand_in_one_order_also_where_somebody_was_away(two: Two, side: int) -> None:
    incident, other = two.paired(), SECOND if side == LEAD else LEAD
    two.hall.advance(2)
    two[side].way.cut = True
    two.hall.advance(6)
    away = two[side].console.helps.draft(Draft(HelpKind.WELFARE_CHECK, incident=incident))
    here = two[other].console.helps.draft(Draft(HelpKind.AMBULANCE, incident=incident))
    two.hall.advance(2)
    two[side].way.cut = False
    two.hall.advance(12)
    orders = [[one.id for one in hand.console.folds.helps_of(incident)] for hand in two.hall.hands]
    assert orders == [[here, away]] * 2, "the record's order"


def test_who_comes_in_to_watch_while_the_record_is_away_is_not_told_that_nobody_is_there(two: Two) -> None:
    helen = two.hall.sit_down(HELEN, "1009")
    incident = two.paired()
    two.hall.advance(3)
    helen.way.cut = True
    two.hall.advance(8)
    helen.console.pair.observe(incident)
    rows = helen.coordinator_rows()
    assert rows.head is not None
    assert rows.head.below == UNREAD_AWAY
    assert (rows.head.partner, rows.head.alone) == ("", "")
    assert "with " not in "".join(span.text for span in rows.status.who), "nobody is guessed to be on the line"
    assert helen.coordinator.message("Ask for the back door")
    assert rows.notice == ""
    helen.way.cut = False
    two.hall.advance(12)
    rows = helen.coordinator_rows()
    assert rows.head is not None
    assert rows.head.partner == "Priya"
    state = two[LEAD].console.folds.incident(incident)
    assert state is not None
    said = two[LEAD].console.folds.signals_of_incident(state).messages
    assert [(one.text, one.to) for one in said] == [("Ask for the back door", "")], "said to both"
