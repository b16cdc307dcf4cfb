"""*Seen*: one cursor for each worker and stream, moved at most once a second, only for what is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from console.domain.items import Item
from console.domain.record import Identity, SeenMark, StreamRef
from console.ports.clock import Alarm
from console.ports.runner import Runner
from console.ports.store import Store
from console.services.ledger import ChangeSet, Ledger

EVERY = 1.0
"""Seconds between two marks of this console."""


class SeenService:
    """Says which entries of colleagues this worker has had on the screen, and learns the same of them."""

    def __init__(self, who: Identity, store: Store, runner: Runner, ledger: Ledger, alarm: Alarm) -> None:
        self._who = who
        self._store = store
        self._runner = runner
        self._ledger = ledger
        self._alarm = alarm
        self._shown: frozenset[StreamRef] = frozenset()
        self._marked: dict[StreamRef, Item] = {}
        """The very item marked last: after the record went back its number, or it itself, is to be seen anew."""
        self._resting = False
        self._in_front = True
        ledger.subscribe(self._changed)

    def show(self, streams: Iterable[StreamRef]) -> None:
        """Say which streams are on the screen now, in place of those said before."""
        before, self._shown = self._shown, frozenset(streams)
        fresh = tuple(sorted(self._shown - before))
        if fresh:
            self._runner.read(lambda: self._store.seen(fresh), self._learn, lambda _: None)
        self._mark()

    def in_front(self, *, now: bool) -> None:
        """Say whether the window is in front of other programs: what stands behind another one nobody has seen."""
        self._in_front = now
        self._mark()

    def _learn(self, marks: tuple[SeenMark, ...]) -> None:
        self._ledger.pen.mark_seen(mark for mark in marks if mark.worker != self._who.worker)
        self._ledger.pen.publish()

    def _changed(self, change: ChangeSet) -> None:
        if change.streams & self._shown:
            self._mark()

    def _mark(self) -> None:
        """Mark what is new, unless a mark went out within the last second: then the rest is over first."""
        if self._resting or not self._in_front:
            return
        fresh = {stream: item for stream in sorted(self._shown) if (item := self._unmarked(stream)) is not None}
        if not fresh:
            return
        marks = tuple(SeenMark(self._who.worker, stream, item.seq) for stream, item in fresh.items())
        self._resting = True
        self._alarm.after(EVERY, self._rested)
        self._marked.update(fresh)
        self._runner.write(
            lambda: self._store.mark_seen(self._who, marks), lambda _: None, lambda _: self._unmark(fresh)
        )

    def _unmarked(self, stream: StreamRef) -> Item | None:
        """Return the newest item of somebody else, unless it is the one marked last."""
        items = (item for item in reversed(self._ledger.items(stream)) if item.seq)
        newest = next((item for item in items if item.author != self._who.worker), None)
        return newest if newest is not self._marked.get(stream) else None

    def _unmark(self, marked: Mapping[StreamRef, Item]) -> None:
        """The shared record was away: the same marks are due again."""
        for stream, item in marked.items():
            if self._marked.get(stream) is item:
                del self._marked[stream]

    def _rested(self) -> None:
        self._resting = False
        self._mark()
