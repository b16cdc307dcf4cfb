"""Questions to the journal and the shared record that take a while: each runs in an executor."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from console.domain.record import START, Cursor, Identity, Stored, StreamKind, StreamRef
from console.ports.journal import Draft, Journal, Kept
from console.ports.store import Store
from console.services.sync_words import Probed

REOFFER = timedelta(hours=48)
"""How long own acknowledged entries are kept, to be offered again after a failover (architecture.md 4)."""
OPEN_KINDS = (StreamKind.CONTACT, StreamKind.INCIDENT, StreamKind.HELP)
"""Streams that may have begun before this shift and still matter while open.

Calls and shifts of before are over, whether or not somebody wrote so: the present ones are read
from the shift's start on."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What the journal holds at start-up."""

    waiting: tuple[Kept, ...]
    drafts: tuple[Draft, ...]
    shared: tuple[Kept, ...]


def load(journal: Journal, now: datetime) -> Loaded:
    """Read what a console before this one left; let go of what was acknowledged more than 48 h ago."""
    journal.forget_shared(now - REOFFER)
    return Loaded(journal.waiting(), journal.drafts(), journal.shared_since(now - REOFFER))


def cursor_at(store: Store, seq: int) -> Cursor:
    """Return the cursor at ``seq``, or at the head where the record does not reach that far."""
    if seq <= 0:
        return START
    found = store.envelopes(seq - 1, 1)
    if found:
        return Cursor(found[0].seq, found[0].digest)
    return store.heartbeat().head


def begin_at(store: Store, since: datetime) -> Cursor:
    """Return the cursor to read after, for everything stored from ``since`` on."""
    return cursor_at(store, store.seq_at(since))


def probe(store: Store, who: Identity, history: tuple[Cursor, ...]) -> Probed:
    """Find the newest cursor of ``history`` (newest first) that the shared record agrees with, in few questions."""
    then = store.news(who, history[0].seq, 1)

    def agrees(cursor: Cursor) -> bool:
        return cursor == START or store.heartbeat(cursor).rewind_to is None

    # Agreement is all or nothing at each place: whoever agrees at 90 agrees at everything before.
    index = bisect_left(history, True, key=agrees) if not agrees(history[0]) else 0
    agreed = history[index].seq if index < len(history) else 0
    return Probed(history[0], agreed, then[0] if then else None)


def read_open_streams(
    store: Store, who: Identity, kinds: Iterable[StreamKind] = OPEN_KINDS
) -> tuple[tuple[StreamRef, tuple[Stored, ...]], ...]:
    """Return every stream that is still open, whole, with the words this worker may read."""
    return tuple((ref, store.stream(who, ref)) for ref in store.open_streams(kinds))
