"""A model of the shared record and of one computer's journal, small enough to run ten thousand nights."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.record import (
    GENESIS,
    SCHEMA_VERSION,
    START,
    Cursor,
    Entry,
    Envelope,
    Identity,
    SeenMark,
    Stored,
    StreamKind,
    StreamRef,
    chain_digest,
)
from console.ports.journal import Draft, JournalFault, Kept, KeptState, Mark
from console.ports.manual import NIGHT
from console.ports.store import Card, Heartbeat, OtherHistory, Receipt, StoreAway, Verdict
from db.append import envelope_of


@dataclass
class SimulatedServer:
    """One log; ``fail_over`` puts a standby in its place that misses the newest entries."""

    log: list[Stored] = field(default_factory=list)
    now: float = 0.0
    up: bool = True
    failovers: int = 0
    lost: set[UUID] = field(default_factory=set)
    marks: dict[tuple[str, StreamRef], int] = field(default_factory=dict)
    refuse: set[UUID] = field(default_factory=set)

    @property
    def head(self) -> Cursor:
        """Return the newest seq and digest."""
        return Cursor(len(self.log), self.log[-1].envelope.digest if self.log else GENESIS)

    def ids(self) -> list[UUID]:
        """Return every id in order."""
        return [stored.envelope.id for stored in self.log]

    def check_up(self) -> None:
        """Raise where the server is down."""
        if not self.up:
            raise StoreAway("The shared record cannot be reached.")

    def fail_over(self, missing: int) -> None:
        """Go on with a standby that misses the newest ``missing`` entries."""
        if missing and self.log:
            self.lost |= {stored.envelope.id for stored in self.log[-missing:]}
            del self.log[-missing:]
            self.marks = {place: min(seq, len(self.log)) for place, seq in self.marks.items()}
            self.failovers += 1

    def append(
        self, who: Identity, entries: Sequence[Entry], cards: Sequence[Card] = (), after: Cursor | None = None
    ) -> tuple[Receipt, ...]:
        """Store entries as the port says."""
        self.check_up()
        if after is not None and self.heartbeat(after).rewind_to is not None:
            raise OtherHistory
        return tuple(self._one(entry) for entry in entries)

    def _one(self, entry: Entry) -> Receipt:
        known = next((stored for stored in self.log if stored.envelope.id == entry.id), None)
        if known is not None:
            at = known.envelope
            same = known.body == entry.body
            return Receipt(entry.id, Verdict.ALREADY if same else Verdict.DIFFERS, at.seq, at.stored_at, at.digest)
        if entry.id in self.refuse:
            return Receipt(entry.id, Verdict.REFUSED, reason="This role may not write that.")
        if entry.expects is not None:
            head = self._slot_head(entry)
            if (head.id if head else None) != entry.expects.head:
                won = (head.author, head.stored_at) if head else ("", None)
                return Receipt(entry.id, Verdict.MOVED, head=head.id if head else None, won_by=won[0], won_at=won[1])
        return self._store(entry)

    def _slot_head(self, entry: Entry) -> Envelope | None:
        found = [s.envelope for s in self.log if s.envelope.stream == entry.stream and s.envelope.slot == entry.slot]
        return found[-1] if found else None

    def _store(self, entry: Entry) -> Receipt:
        seq, at = len(self.log) + 1, NIGHT + timedelta(seconds=self.now)
        digest = chain_digest(self.head.digest, seq, entry, at)
        self.log.append(Stored(envelope_of(entry, seq, at, digest), entry.body))
        return Receipt(entry.id, Verdict.STORED, seq, at, digest)

    def envelopes(self, after: int, limit: int = 500) -> tuple[Envelope, ...]:
        """Return envelopes after ``after``."""
        self.check_up()
        return tuple(stored.envelope for stored in self.log[after : after + limit])

    def news(self, who: Identity, after: int, limit: int = 500) -> tuple[Stored, ...]:
        """Return entries after ``after``."""
        self.check_up()
        return tuple(self.log[after : after + limit])

    def stream(self, who: Identity, stream: StreamRef) -> tuple[Stored, ...]:
        """Return one stream."""
        self.check_up()
        return tuple(stored for stored in self.log if stored.envelope.stream == stream)

    def open_streams(self, kinds: Iterable[StreamKind]) -> tuple[StreamRef, ...]:
        """Return no stream: consoles of the simulator read from the beginning."""
        self.check_up()
        return ()

    def seq_at(self, moment: datetime) -> int:
        """Return 0: consoles of the simulator read from the beginning."""
        self.check_up()
        return 0

    def heartbeat(self, cursor: Cursor | None = None) -> Heartbeat:
        """Return the head, and 0 where the cursor is not on this history: the least a server can say."""
        self.check_up()
        here = cursor is None or cursor == START or self._has(cursor)
        at = NIGHT + timedelta(seconds=self.now)
        return Heartbeat(self.head, at, SCHEMA_VERSION, None if here else 0)

    def _has(self, cursor: Cursor) -> bool:
        return 0 < cursor.seq <= len(self.log) and self.log[cursor.seq - 1].envelope.digest == cursor.digest

    def mark_seen(self, who: Identity, marks: Sequence[SeenMark]) -> None:
        """Move a worker's cursors."""
        self.check_up()
        for mark in marks:
            place = (who.worker, mark.stream)
            if mark.seq <= len(self.log):
                self.marks[place] = max(mark.seq, self.marks.get(place, 0))

    def seen(self, streams: Iterable[StreamRef]) -> tuple[SeenMark, ...]:
        """Return cursors on these streams."""
        self.check_up()
        wanted = set(streams)
        return tuple(SeenMark(who, ref, seq) for (who, ref), seq in self.marks.items() if ref in wanted)


@dataclass
class SimulatedJournal:
    """What one worker's journal has on the disk; survives the console.  ``faulty``: a full disk."""

    memory_only = False
    low_on_space = False

    kept: dict[UUID, Kept] = field(default_factory=dict)
    texts: dict[UUID, Draft] = field(default_factory=dict)
    faulty: bool = False

    def _check(self) -> None:
        if self.faulty:
            raise JournalFault("The disk of this computer is full.")

    def keep(self, entries: Sequence[Entry], settles: Sequence[UUID] = ()) -> tuple[Kept, ...]:
        """Write entries; the same id twice is one."""
        self._check()
        for entry in entries:
            self.kept.setdefault(entry.id, Kept(len(self.kept) + 1, entry, KeptState.QUEUED))
            line = entry.content().get("line")
            if line:
                self.texts.pop(UUID(str(line)), None)
        for settled in settles:
            self.texts.pop(settled, None)
        return tuple(self.kept[entry.id] for entry in entries)

    def keep_draft(self, draft: Draft) -> None:
        """Write a draft."""
        self._check()
        self.texts[draft.line] = draft

    def drafts(self) -> tuple[Draft, ...]:
        """Return drafts."""
        return tuple(self.texts.values())

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft."""
        self._check()
        self.texts.pop(line, None)

    def waiting(self) -> tuple[Kept, ...]:
        """Return entries not acknowledged."""
        return tuple(kept for kept in self.kept.values() if kept.state is not KeptState.SHARED)

    def mark(self, marks: Sequence[Mark]) -> None:
        """Write what became of entries."""
        self._check()
        for mark in marks:
            old = self.kept[mark.id]
            self.kept[mark.id] = Kept(old.order, old.entry, mark.state, mark.seq, mark.digest, mark.reason)

    def shared_since(self, moment: datetime) -> tuple[Kept, ...]:
        """Return acknowledged entries."""
        return tuple(kept for kept in self.kept.values() if kept.state is KeptState.SHARED)

    def forget_shared(self, before: datetime) -> None:
        """Keep them all: a simulated night is short."""

    def close(self) -> None:
        """Nothing to close."""

    def last_texts(self) -> Mapping[UUID, str]:
        """Return the newest durable text of each line."""
        texts: dict[UUID, str] = {}
        for kept in self.kept.values():
            content = kept.entry.content()
            if "line" in content:
                texts[UUID(str(content["line"]))] = str(content["text"])
        return texts | {line: draft.text for line, draft in self.texts.items()}


def digest_of(log: Sequence[Stored]) -> str:
    """Return one digest of a whole log, for saying "the same night twice"."""
    return hashlib.sha256("".join(stored.envelope.digest for stored in log).encode()).hexdigest()
