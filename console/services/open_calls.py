"""Calls that the record has open and the switchboard no longer has: everybody who heard them was gone when they ended.

Whoever has just listed all the calls of a switchboard says of such a call that it ended unseen, if it is that
switchboard's and nobody has told of it since the list (decision 0020).  A witness does so too and reads no words: the
ids of entries must be enough.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.call_events import SnapshotTaken
from console.domain.call_reducer import CallBook
from console.domain.call_retold import BY_SWITCHBOARD
from console.domain.calls import CallOutcome
from console.domain.ids import fact_id
from console.domain.items import Item
from console.domain.reading import identity, text
from console.domain.record import Entry, Kind, Role, StreamKind, StreamRef
from console.domain.watches import WATCH_SLOT, watches_it
from console.ports.clock import Alarm, Timer
from console.services.folds import Replica
from console.services.link_state import Link
from console.services.writing import Recording

AGAIN = 5.0
"""Seconds after which a record that was not read to its end is looked at again."""


def ended_unseen(recording: Recording, switchboard: UUID, call: UUID, at: datetime) -> Entry:
    """Return the entry that a call was gone at ``at``: how and when it ended is not known.

    Made of our call alone: after mergers two consoles may know it by two of the provider's ids, and several who find
    it gone write one.
    """
    body = {"outcome": CallOutcome.UNKNOWN.value, "ended_by": "unknown", "late": True}
    made = fact_id(switchboard, str(call), "ended unseen")
    return recording.entry(Kind.CALL_ENDED, StreamRef(StreamKind.CALL, call), body, identity=made, made_at=at)


@dataclass(frozen=True, slots=True)
class _List:
    """What a switchboard listed: when, in which run, the provider's ids, and which calls of ours they are."""

    at: datetime
    run: str
    ids: frozenset[str]
    calls: frozenset[UUID]


class OpenCalls:
    """Compares the newest list with the record, once the record has been read."""

    def __init__(self, switchboard: UUID, recording: Recording, replica: Replica, alarm: Alarm) -> None:
        self._switchboard = switchboard
        self._recording = recording
        self._replica = replica
        self._alarm = alarm
        self._stations: dict[str, bool] = {}
        self._timer: Timer | None = None

    def listed(self, event: SnapshotTaken, run: str, book: CallBook, wait: float) -> None:
        """Take a list; in ``wait`` seconds it is compared.  One that is not of all calls says nothing."""
        self.stop()
        if event.listed is None:
            return
        ids = event.listed | event.calls | event.beginning
        ours = {fact_id(self._switchboard, run, one) for one in ids} | {book.find(one) for one in ids}
        made = _List(event.at, run, ids, frozenset(call for call in ours if call is not None))
        self._timer = self._alarm.after(wait, lambda: self._compare(made, book))

    def stop(self) -> None:
        """Compare nothing more: another list comes, or this page of the program ends."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None

    def learn(self, streams: Iterable[StreamRef]) -> None:
        """Note of which switchboard each witness says that it watches it: whether it is this one, and only this one."""
        for stream in streams:
            if stream.kind is StreamKind.SHIFT:
                for item in self._replica.items(stream):
                    if item.slot.startswith(WATCH_SLOT):
                        own = watches_it(self._switchboard, item.id, stream, item.station, item.made_at)
                        self._stations[item.station] = own and self._stations.get(item.station, True)

    def _compare(self, made: _List, book: CallBook) -> None:
        link = self._replica.link
        if link.link is not Link.TOGETHER or link.behind:
            self._timer = self._alarm.after(AGAIN, lambda: self._compare(made, book))
            return
        self._timer = None
        self.learn(self._replica.streams(StreamKind.SHIFT))
        calls = {stream.id: self._replica.items(stream) for stream in self._replica.streams(StreamKind.CALL)}
        gone = {identity(item.content, "other") for items in calls.values() for item in items if _is_alias(item)}
        for call, items in calls.items():
            known = call in made.calls or call in gone or book.call(call) is not None
            if not known and self._is_over(made, call, items):
                self._recording.record(ended_unseen(self._recording, self._switchboard, call, made.at))

    def _is_over(self, made: _List, call: UUID, items: Iterable[Item]) -> bool:
        """Say whether an open call of this switchboard was gone when it listed its calls."""
        facts = [item for item in items if item.kind in BY_SWITCHBOARD]
        names = {text(item.content, "provider_call") for item in facts if item.kind is Kind.CALL_SEEN and item.readable}
        if not facts or names & made.ids or any(item.kind is Kind.CALL_ENDED for item in facts):
            return False
        if max(item.made_at for item in facts) >= made.at:
            return False
        same_run = any(fact_id(self._switchboard, made.run, name) == call for name in names)
        return same_run or any(item.role is Role.WITNESS and self._stations.get(item.station) for item in facts)


def _is_alias(item: Item) -> bool:
    return item.kind is Kind.CALL_ALIAS and item.readable
