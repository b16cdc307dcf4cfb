"""Says to colleagues that this console holds what they signalled or wrote to its worker: *delivered*.

One mark for each worker, moved in the table of *seen*; no entry in the log.  It is made only for what is meant for
this worker, at once, and at most once in :data:`EVERY` seconds.
"""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identity, text
from console.domain.receipts import HELD
from console.domain.record import MANAGERS, Identity, Kind, SeenMark, StreamKind, StreamRef
from console.domain.signals import fold_signals, for_seats_now
from console.ports.clock import Alarm
from console.ports.runner import Runner
from console.ports.store import Store
from console.services.folds import Folds
from console.services.ledger import ChangeSet, Ledger

EVERY = 0.5
"""Seconds between two marks of this console: the sender waits 3 s before they signal by hand."""


class HoldingService:
    """Moves this worker's mark; made with a ledger it follows from then on."""

    def __init__(self, who: Identity, store: Store, runner: Runner, ledger: Ledger, folds: Folds, alarm: Alarm) -> None:
        self._who = who
        self._store = store
        self._runner = runner
        self._ledger = ledger
        self._folds = folds
        self._alarm = alarm
        self._due: Item | None = None
        """The newest item meant for this worker, until the record knows that it is held here."""
        self._marked: Item | None = None
        self._resting = False
        ledger.subscribe(self._changed)

    def _changed(self, change: ChangeSet) -> None:
        for ref in {*(ref for ref in change.streams if ref.kind is StreamKind.SIGNALS), *self._of_seats(change)}:
            newest = next((one for one in reversed(self._ledger.items(ref)) if self._is_meant(one)), None)
            if newest is not None and newest.seq > self._upto():
                self._due = newest
        self._mark()

    def _of_seats(self, change: ChangeSet) -> Iterator[StreamRef]:
        """Yield the signals of incidents that moved and in which this worker has a seat: with it comes what waits."""
        for ref in change.streams:
            state = self._folds.incident(ref.id) if ref.kind is StreamKind.INCIDENT else None
            if state is not None and state.holds_seat(self._who.worker):
                yield from (StreamRef(StreamKind.SIGNALS, one) for one in (state.id, *state.contacts))

    def _upto(self) -> int:
        """Return the seq beyond which a mark says anything new; after the record went back that is less again."""
        return next((one.seq for one in (self._due, self._marked) if one is not None and self._stands(one)), 0)

    def _stands(self, item: Item) -> bool:
        return any(one is item for one in self._ledger.items(item.stream))

    def _is_meant(self, item: Item) -> bool:
        if not item.seq or item.author == self._who.worker or not item.readable:
            return False
        if item.kind is Kind.SIGNAL_SENT:
            about = item.stream.id
            incident = self._folds.incident(about) or self._folds.incident_of(about)
            made = (for_seats_now(one, incident) for one in fold_signals((item,)).signals)
            return any(one.is_for(self._who.worker, manager=self._who.role in MANAGERS) for one in made)
        if item.kind is Kind.SIGNAL_ANSWERED:
            return self._is_mine(item.stream, identity(item.content, "of"))
        return item.kind is Kind.MESSAGE_SENT and text(item.content, "to") in ("", self._who.worker)

    def _is_mine(self, stream: StreamRef, signal: UUID | None) -> bool:
        items = self._ledger.items(stream)
        return any(one.id == signal and one.author == self._who.worker for one in items)

    def _mark(self) -> None:
        due = self._due
        if self._resting or due is None or due.seq > self._ledger.link.head.seq:
            # Beyond what was read in order, as a stream read by itself may be, something could still be missing.
            return
        self._resting = True
        self._alarm.after(EVERY, self._rested)
        self._marked, self._due = due, None
        mark = SeenMark(self._who.worker, HELD, due.seq)
        self._runner.write(
            lambda: self._store.mark_seen(self._who, (mark,)), lambda _: None, lambda _: self._again(due)
        )

    def _again(self, item: Item) -> None:
        """The shared record was away: the mark is due again, at its next news."""
        self._due, self._marked = self._due or item, None

    def _rested(self) -> None:
        self._resting = False
        self._mark()
