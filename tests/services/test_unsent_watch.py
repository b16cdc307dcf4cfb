"""The board's line about computers that hold what was never shared."""

from __future__ import annotations

from console.domain.record import Kind
from console.ports.journal import Journal, StrandedJournal
from console.services.strays import StraysService
from console.services.unsent_watch import EVERY, UnsentWatch
from db.journal_memory import MemoryJournal
from tests.helpers.night_room import HELEN, PRIYA, TOM, Room


class Shelf:
    """The port ``Shelf`` of a computer on which somebody went home."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.left: tuple[StrandedJournal, ...] = ()

    def open(self, worker: str, name: str) -> Journal:
        """Return a new journal."""
        return MemoryJournal(self._room.clock)

    def stranded(self, but: str) -> tuple[StrandedJournal, ...]:
        """Return what was left."""
        return self.left


def test_the_board_names_the_computer_and_the_number_until_it_was_shared() -> None:
    room = Room()
    priya, helen = room.console(PRIYA, "1001"), room.console(HELEN)
    shelf = Shelf(room)
    strays = StraysService(priya.recorder, shelf, room.store, priya.runner, room.clock)
    watch = UnsentWatch(strays, priya.ledger, priya.shift, PRIYA.station, room.alarm)
    shelf.left = (StrandedJournal(TOM.worker, TOM.name, 3),)
    room.advance(EVERY + 1)
    assert [(one.station, one.count) for one in helen.shift.shift().unsent] == [("desk-1", 3)]
    room.advance(3 * EVERY)
    assert said(room) == 1
    # The program was started anew: what it said before is in the record.
    watch.stop()
    again = StraysService(priya.recorder, shelf, room.store, priya.runner, room.clock)
    UnsentWatch(again, priya.ledger, priya.shift, PRIYA.station, room.alarm)
    shelf.left = ()
    with room.record_away():
        room.advance(2 * EVERY)
        assert said(room) == 1
    room.advance(2 * EVERY)
    assert helen.shift.shift().unsent == ()
    assert said(room) == 2
    room.close()


def said(room: Room) -> int:
    """Return how often the record was told of this computer."""
    room.store.away, away = False, room.store.away
    told = [one for one in room.store.envelopes(0) if one.kind is Kind.SHIFT_UNSENT]
    room.store.away = away
    return len(told)
