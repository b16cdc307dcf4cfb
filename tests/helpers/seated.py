"""A screen's own desk (``ui.desktop.desk.Desk``) on a room of consoles with manual time: no Qt, no threads."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from console.domain.lines import USUAL, DialPlan
from console.ports.journal import Journal, StrandedJournal
from console.services.access import Access
from console.services.dialling import Dialling
from console.services.directory import Directory
from console.services.folds import seated_in
from console.services.half_filled import HalfFilledPanels
from console.services.help_rings import HelpRings
from console.services.known import known
from console.services.line_drops import DropParts
from console.services.notes import NotesService
from console.services.passing_on import PassingOn
from console.services.plans import Plans
from console.services.relaying import Relaying
from console.services.ring_safety import RingSafety
from console.services.seen import SeenService
from console.services.strays import StraysService
from console.services.supervising import Supervising
from console.services.typed_numbers import TypedNumbers
from db.journal_memory import MemoryJournal
from tests.helpers.night_room import Console, Room
from ui.desktop.desk import Desk


class EmptyShelf:
    """The port ``Shelf`` of a computer on which nobody else has worked."""

    def __init__(self, room: Room) -> None:
        self._room = room

    def open(self, worker: str, name: str) -> Journal:
        """Return a new journal."""
        return MemoryJournal(self._room.clock)

    def stranded(self, but: str) -> tuple[StrandedJournal, ...]:
        """Return nothing."""
        return ()


class DiskJournal(MemoryJournal):
    """A journal that says it is on a disk, so that the screens have nothing to warn of."""

    memory_only = False


class Window:
    """Implements ``WindowActs`` by writing down what was asked of it."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def go_to(self, screen: str) -> None:
        """Write down another screen."""
        self.asked.append(("go_to", screen))

    def open_record(self, contact: UUID) -> None:
        """Write down a record."""
        self.asked.append(("open_record", str(contact)))

    def open_unfinished(self) -> None:
        """Write down the list of unfinished records."""
        self.asked.append(("open_unfinished",))

    def leave_call(self) -> None:
        """Write down the way back."""
        self.asked.append(("leave_call",))

    def change_theme(self) -> None:
        """Write down another theme."""
        self.asked.append(("theme",))

    def say(self, sentence: str) -> None:
        """Write down a notice."""
        self.asked.append(("say", sentence))

    def open_panel(self, screen: str, key: str, title: str, subject: str = "") -> None:
        """Write down a panel that was opened."""
        self.asked.append(("open_panel", screen, key, title, subject))

    def close_panel(self) -> None:
        """Write down that a panel closed."""
        self.asked.append(("close_panel",))

    def wall(self) -> None:
        """Write down wall mode."""
        self.asked.append(("wall",))

    def print_text(self, title: str, text: str) -> None:
        """Write down what was printed."""
        self.asked.append(("print", title, text))

    def signed_out(self) -> None:
        """Write down the end."""
        self.asked.append(("signed_out",))


def seat(room: Room, console: Console, journal: Journal | None = None, *, silent: bool = False) -> tuple[Desk, Window]:
    """Return the desk a screen gets for ``console``, and the window around it.

    ``silent``: the service lets supervisors keep it from view.
    """
    window = Window()
    access = Access(room.store, console.runner, console.who)
    directory = Directory(access, console.ledger, console.recorder, console.clock, room.alarm, room.calendar)
    desk = Desk(
        who=console.who,
        clock=console.clock,
        alarm=room.alarm,
        cover=room.cover,
        ledger=console.ledger,
        folds=console.folds,
        recorder=console.recorder,
        notes=NotesService(console.recorder, console.ledger, console.clock, room.alarm),
        half_filled=HalfFilledPanels(console.recorder, console.clock, room.alarm),
        seen=SeenService(console.who, room.store, console.runner, console.ledger, room.alarm),
        backfill=console.backfill,
        strays=StraysService(console.recorder, EmptyShelf(room), room.store, console.runner, console.clock),
        access=access,
        calls=console.desk,
        call_acts=console.acts,
        passing=PassingOn(console.desk, console.acts, USUAL),
        supervising=Supervising(console.acts, console.recorder, console.folds, console.shift.shift, silent=silent),
        contacts=console.contacts,
        people=console.people,
        plans=Plans(console.recorder, console.folds, console.backfill, room.clock),
        pair=console.pair,
        receipts=console.receipts,
        incidents=console.incidents,
        known=known(
            DropParts(
                console.recorder,
                console.folds,
                console.desk,
                console.acts,
                console.contacts,
                console.incidents,
                RingSafety(access, console.clock),
            ),
            console.clock,
        ),
        helps=console.helps,
        follow_up=console.follow_up,
        relaying=Relaying(console.recorder),
        shift=console.shift,
        board=console.board,
        directory=directory,
        dialling=Dialling(
            directory,
            console.acts,
            HelpRings(console.recorder, console.desk, console.clock, room.alarm, DialPlan()),
            DialPlan(),
            TypedNumbers(RingSafety(access, console.clock), console.acts, console.clock, room.alarm, DialPlan()),
            partial(seated_in, console.folds, console.who.worker),
        ),
        night=console.night,
        journal=journal or DiskJournal(room.clock),
        window=window,
    )
    return desk, window
