"""The board: telephones and record joined, each tile with its age, at most once a second, no names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import timedelta
from typing import TypeVar
from uuid import UUID

import pytest

from console.domain.board import BoardState, LiveKind
from console.domain.calls import CallOutcome
from console.domain.help_kinds import HelpKind
from console.domain.incidents import IncidentRole
from console.domain.people import NewPerson, Rank
from console.domain.record import StreamKind
from console.domain.shifts import WorkerState
from console.ports.manual import InlineRunner
from console.ports.store import Card, CardOrder, CardQuery
from console.services.contact_people import Chosen
from console.services.help_ledger import Draft
from tests.helpers.night_room import GRACE, HELEN, PRIYA, TOM, Console, Room

T = TypeVar("T")


@pytest.fixture
def room() -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.fixture
def helen(room: Room) -> Console:
    return room.console(HELEN, "1003")


def watched(room: Room, helen: Console) -> list[BoardState]:
    """Return the boards that a watcher is shown, newest last."""
    boards: list[BoardState] = []
    helen.board.watch(boards.append)
    return boards


def test_a_waiting_call_is_there_with_its_line_and_how_long(room: Room, helen: Console) -> None:
    room.console(PRIYA, "1001")
    boards = watched(room, helen)
    room.rings("c1", "01632960741", "01632960004", "1001")
    room.advance(44)
    waiting = boards[-1].waiting
    assert (waiting.count, waiting.lines) == (1, ("Portsmouth children",))
    assert waiting.oldest(room.clock.now()) == timedelta(seconds=44)
    assert boards[-1].live[0].kind is LiveKind.WAITING


def test_a_pair_is_one_row_with_both_names_and_its_rank(room: Room, helen: Console) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    boards = watched(room, helen)
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    priya.contacts.set_field(priya.contact, "type", "suicidal_caller")
    priya.contacts.set_field(priya.contact, "priority", "p1_life_now")
    priya.pair.need_second(priya.contact)
    room.advance(3)
    assert boards[-1].live[0].second_asked
    assert len(boards[-1].pairs.asked) == 1
    tom.pair.accept(tom.pair.waiting_summons()[0], tom.outcomes.append)
    room.advance(3)
    row = boards[-1].live[0]
    assert (row.type, row.rank, row.line) == ("suicidal_caller", Rank.NOW, "Hampshire adults")
    assert (row.lead, row.partner) == ("Priya Raman", "Tom Adeyemi")
    assert row.paired_since is not None
    assert not row.rationale
    assert boards[-1].no_rationale == 1
    states = {one.worker.worker: (one.state, one.words) for one in boards[-1].staff}
    assert states["priya.raman"] == (WorkerState.ON_CALL_NOW, "On a call, paired")
    assert states["tom.adeyemi"] == (WorkerState.COORDINATING, "Coordinating")
    assert (boards[-1].capacity.paired, boards[-1].capacity.free) == (2, 0)
    room.ends("c1", by="1001")
    room.advance(3)
    row = boards[-1].live[0]
    assert row.kind is LiveKind.INCIDENT, "the call is over, the incident is not"
    assert row.lead == "Priya Raman"


def _card(room: Room, incident: UUID) -> Card:
    cards = room.store.cards(PRIYA, CardQuery(CardOrder.OPEN, frozenset({StreamKind.INCIDENT})))
    return next(card for card in cards if card.stream.id == incident)


def test_whoever_joins_an_incident_takes_nothing_from_its_card(room: Room, helen: Console) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    boards = watched(room, room.console(GRACE, "1004"))
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    priya.contacts.set_field(priya.contact, "type", "suicidal_caller")
    priya.contacts.set_field(priya.contact, "priority", "p3_before_day_service")
    incident = priya.incidents.ensure(priya.contact)
    room.settle()
    before = _card(room, incident).details
    assert (before["owner"], before["rank"]) == ("priya.raman", "p3_before_day_service")
    helen.pair.observe(incident, IncidentRole.MANAGER)
    room.settle()
    assert (_card(room, incident).details, _card(room, incident).stale) == (before, False)
    tom.pair.join_as_coordinator(incident, tom.outcomes.append)
    room.advance(3)
    assert tom.won()
    now = _card(room, incident)
    assert now.details.items() >= before.items()
    assert (now.details["coordinator"], now.stale) == ("tom.adeyemi", False)
    (row,) = boards[-1].live
    assert (row.lead, row.partner, row.rank) == ("Priya Raman", "Tom Adeyemi", Rank.SHIFT)


class _Slow(InlineRunner):
    """Reads later: what was asked for is not here yet."""

    def __init__(self) -> None:
        super().__init__()
        self.later: list[Callable[[], None]] = []

    def read(
        self, work: Callable[[], T], then: Callable[[T], None], failed: Callable[[Exception], None] | None = None
    ) -> None:
        """Keep the reading for :meth:`go_on`."""
        self.later.append(lambda: InlineRunner.read(self, work, then, failed))

    def go_on(self) -> None:
        """Read."""
        while self.later:
            self.later.pop(0)()


def test_what_a_joiner_writes_before_the_words_come_leaves_the_card_alone(room: Room) -> None:
    priya, tom = room.console(PRIYA, "1001"), room.console(TOM, "1002")
    incident = priya.incidents.ensure(priya.contacts.open(dialled="01632960001"))
    room.settle()
    before, slow = _card(room, incident).details, _Slow()
    # Nobody else can fold it meanwhile: the lead's computer is gone.
    room.consoles.remove(priya)
    tom.backfill._runner = slow
    tom.pair.join_as_coordinator(incident, tom.outcomes.append)
    tom.incidents.note(incident, "I am with you")
    room.settle()
    assert (_card(room, incident).details, _card(room, incident).stale) == (before, True)
    slow.go_on()
    room.settle()
    assert (_card(room, incident).details["coordinator"], _card(room, incident).stale) == ("tom.adeyemi", False)
    assert _card(room, incident).details.items() >= before.items()


def test_the_rate_leaves_out_what_still_waits_and_parts_short_abandons(room: Room, helen: Console) -> None:
    room.console(PRIYA, "1001")
    boards = watched(room, helen)
    for name, wait in (("short", 3), ("long", 40)):
        room.rings(name, "07700900415", "01632960001", "1001")
        room.advance(wait)
        room.ends(name, CallOutcome.ABANDONED)
    for name in ("a", "b"):
        room.rings(name, "07700900416", "01632960004", "1001")
        room.advance(10)
        room.answers(name, "1001")
        room.ends(name)
    room.rings("now", "07700900417", "01632960001", "1001")
    room.advance(3)
    answered = boards[-1].answered
    assert (answered.offered, answered.answered, answered.abandoned, answered.short) == (5, 2, 2, 1)
    assert answered.rate == 0.5
    assert answered.rate_without_short == pytest.approx(2 / 3)
    assert answered.longest_wait == timedelta(seconds=40)
    assert dict(boards[-1].hours.by_authority)["Hampshire"] == 3
    assert dict(boards[-1].hours.by_authority)["Portsmouth"] == 2
    assert [(one.hour, one.calls) for one in boards[-1].hours.hours if one.calls] == [(22, 5)]


def test_a_request_not_sent_is_on_the_board_and_rings_after_a_minute(room: Room, helen: Console) -> None:
    tom = room.console(TOM, "1002")
    boards = watched(room, helen)
    incident = tom.incidents.ensure(tom.contacts.open(dialled="01632960001"))
    tom.helps.draft(Draft(HelpKind.CRISIS_TEAM, incident=incident, rank=Rank.HOUR))
    room.advance(38)
    assert [(one.words, one.owner) for one in boards[-1].requests.rows] == [("not sent", "Tom Adeyemi")]
    assert boards[-1].work.by_rank[Rank.HOUR] == 1


def test_with_the_record_away_its_tiles_keep_their_age_and_the_telephones_go_on(room: Room, helen: Console) -> None:
    room.console(PRIYA, "1001")
    boards = watched(room, helen)
    room.rings("c1", "07700900412", "01632960001", "1001")
    room.answers("c1", "1001")
    room.advance(5)
    with room.record_away():
        room.advance(10)
        room.rings("c2", "01632960741", "01632960004", "1001")
        room.advance(31)
        board = boards[-1]
        assert board.waiting.count == 1
        assert board.age(board.waiting.as_of) == timedelta()
        assert board.age(board.answered.as_of) > timedelta(seconds=30)
        assert board.age(board.requests.as_of) == board.age(board.record_at)
    room.advance(3)
    assert boards[-1].age(boards[-1].answered.as_of) == timedelta()


def test_it_is_remade_once_a_second_however_much_happens(room: Room, helen: Console) -> None:
    boards = watched(room, helen)
    before = len(boards)
    for count in range(20):
        room.rings(f"c{count}", "07700900412", "01632960001")
    assert len(boards) == before
    room.advance(2)
    assert len(boards) == before + 2


def test_no_name_or_number_of_a_caller_reaches_the_board(room: Room, helen: Console) -> None:
    grace = room.console(GRACE, "1004")
    boards = watched(room, helen)
    room.rings("c1", "07700900412", "01632960004", "1004")
    room.answers("c1", "1004")
    grace.contacts.set_field(grace.contact, "type", "child_protection")
    grace.contacts.set_field(grace.contact, "caller_name", "Dana Tavares")
    person = grace.people.create(grace.contact, NewPerson("Tavares", "Ada"))
    grace.people.choose(grace.contact, Chosen(person, "TAVARES, Ada"))
    grace.note(grace.contact, "Ada Tavares found alone")
    room.advance(3)
    shown = str(asdict(boards[-1]))
    assert "Grace Whitlock" in shown
    for secret in ("Tavares", "TAVARES", "07700900412", "found alone"):
        assert secret not in shown


def test_a_watcher_who_leaves_is_told_nothing_more(room: Room, helen: Console) -> None:
    boards: list[BoardState] = []
    leave = helen.board.watch(boards.append)
    leave()
    room.advance(3)
    assert len(boards) == 1


def test_the_card_of_what_was_taken_names_the_taker_with_the_answer(room: Room, helen: Console) -> None:
    priya = room.console(PRIYA, "1001")
    request = priya.helps.draft(Draft(HelpKind.AMBULANCE, rank=Rank.NOW))
    room.settle()
    helen.helps.take_over(request, priya.who.worker, helen.outcomes.append)
    room.settle()
    cards = room.store.cards(PRIYA, CardQuery(CardOrder.OPEN, frozenset({StreamKind.HELP})))

    assert [(card.details["owner"], card.stale) for card in cards] == [("helen.marsh", False)]
