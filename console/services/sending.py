"""The sending half of the sync core: own entries out, receipts in.  Pure, like the whole of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import count
from typing import assert_never
from uuid import UUID

from console.domain.items import item_of_stored
from console.domain.record import Cursor, Entry, Stored, StreamRef
from console.ports.journal import Kept, KeptState, Mark
from console.ports.store import Receipt, Verdict
from console.services.acknowledged import Acknowledged
from console.services.outbox import Batch, Outbox, Waiting
from console.services.sync_words import (
    Answered,
    Append,
    AppendFailed,
    Decided,
    MarkKept,
    Offered,
    Rewound,
    SetAside,
    Shared,
    SyncAction,
)

REFUSED_WHILE_AWAY = (
    "The shared record is away, so this cannot be decided now.  Nothing was changed; try again when it is back."
)
IN_DOUBT = (
    "The shared record went away before it answered.  It is not yours until it says so; "
    "the screen will show what it says when it is back."
)
DIFFERS = (
    "The shared record already holds an entry with this identity and other words.  Both are kept: "
    "the one there as it is, yours as a disputed entry and here, whole."
)
MOVED = "Somebody else was first, and their entry stands.  Yours is kept here, whole, and was not shared."
NO_REASON = "The shared record refused it and did not say why.  It is kept here, whole."


class Sending:
    """What waits, what is on its way, what was acknowledged; every decision goes to ``out``."""

    def __init__(self, out: list[SyncAction], read: Callable[[], int]) -> None:
        """``read``: how far the shared record has been read.  What was only answered beyond it may be lost."""
        self._out = out
        self._read = read
        self._outbox = Outbox()
        self._acked = Acknowledged()
        self._order = count(1)
        self._era = 0
        self._doubted: dict[UUID, Waiting] = {}

    @property
    def waiting(self) -> int:
        """Return how many entries wait to be shared."""
        return len(self._outbox)

    @property
    def unproven(self) -> tuple[Cursor, ...]:
        """Return where own entries of before this console began were stored, newest first, until proved."""
        return self._acked.unproven

    @property
    def idle(self) -> bool:
        """Say whether nothing of ours waits or is on its way."""
        return not len(self._outbox) and self._outbox.on_its_way is None

    def live(self, streams: frozenset[StreamRef]) -> None:
        """Let these streams go first."""
        self._outbox.live = streams

    def hurry(self) -> None:
        """Try again at once."""
        self._outbox.hurry()

    def offer(self, event: Offered) -> None:
        """Let entries wait, in this order, unless the shared record has them."""
        for entry in event.entries:
            if entry.id not in self._acked:
                self._outbox.add(Waiting(entry, next(self._order), event.exclusive))

    def remember(self, kept: Sequence[Kept]) -> None:
        """Take own acknowledged entries of before this console began; where they are must be proved."""
        self._acked.remember(kept, [next(self._order) for _ in kept])

    def forget(self, before: datetime) -> None:
        """Let go of own acknowledged entries made before a moment (48 h)."""
        self._acked.forget(before)

    def send(self, now: float, read: Cursor | None) -> None:
        """Send the next batch, if there is one and it is time, after the newest place known; ``read``: how far.

        Whatever is known to be stored is named: where the record went back, nothing new goes in before
        what it has lost.
        """
        batch = self._outbox.next_batch(now, self._era)
        if batch is not None:
            known = filter(None, (read, self._acked.newest, *self.unproven[:1]))
            after = max(known, key=lambda one: one.seq, default=None)
            self._out.append(Append(batch.number, batch.entries, after))

    def misplaced(self, number: int, now: float) -> bool:
        """The record does not hold what a batch was to follow; say whether it was the one on its way.

        Nothing was stored.  What was acknowledged beyond what was read waits again, before what is newer.
        """
        batch = self._outbox.away(number, now)
        newest = self._acked.newest
        if batch is not None and newest is not None and newest.seq > self._read():
            self.go_back(self._read(), dropping=False)
        return batch is not None

    def answered(self, event: Answered, contradicts: Callable[[int, str], bool], now: float) -> bool:
        """Take receipts; say whether one names a place where another entry was read (``contradicts``).

        Then one of the two is of a history that is no more, and nobody can say which: the entry is
        offered again, by the same id, and no tick is given.
        """
        batch = self._outbox.answered(event.number)
        if batch is None or batch.era != self._era:
            return False  # the answer is of a history that is no more: asked again, by the same ids
        doubted = False
        for receipt in event.receipts:
            waiting = self._outbox.get(receipt.id)
            if waiting is not None and receipt.seq > 0 and contradicts(receipt.seq, receipt.digest):
                doubted = True
            elif waiting is not None:
                self._receipt(waiting, receipt)
        if doubted:
            self._outbox.pause(now)
        return doubted

    def _receipt(self, waiting: Waiting, receipt: Receipt) -> None:
        match receipt.verdict:
            case Verdict.STORED | Verdict.ALREADY:
                if receipt.seq > 0:  # no tick without a seq
                    self._shared(waiting, receipt)
            case Verdict.DIFFERS:
                self._lost(waiting, receipt, DIFFERS)
            case Verdict.MOVED:
                self._lost(waiting, receipt, MOVED)
            case Verdict.REFUSED:
                self._lost(waiting, receipt, receipt.reason or NO_REASON)
            case _:
                assert_never(receipt.verdict)

    def _shared(self, waiting: Waiting, receipt: Receipt) -> None:
        entry = waiting.entry
        self._outbox.remove(entry.id)
        if self._acked.contradicts(receipt):
            self.go_back(min(receipt.seq - 1, self._read()), dropping=False)
        self._acked.add(waiting, Cursor(receipt.seq, receipt.digest))
        self._out.append(Shared(entry, receipt.seq, receipt.stored_at, receipt.digest, waiting.exclusive))
        if waiting.exclusive:
            self._out.append(Decided(entry, receipt))
        else:
            self._mark(entry, KeptState.SHARED, receipt.seq, receipt.digest)

    def _lost(self, waiting: Waiting, receipt: Receipt | None, sentence: str) -> None:
        self._outbox.remove(waiting.entry.id)
        if waiting.exclusive:
            self._out.append(Decided(waiting.entry, receipt, sentence))
            return
        self._out.append(SetAside(waiting.entry, sentence))
        self._mark(waiting.entry, KeptState.REFUSED, reason=sentence)

    def _mark(self, entry: Entry, state: KeptState, seq: int = 0, digest: str = "", reason: str = "") -> None:
        self._out.append(MarkKept((Mark(entry.id, state, seq, digest, reason),)))

    def away(self, event: AppendFailed, now: float) -> bool:
        """The shared record could not be reached; say whether that batch was the one on its way."""
        batch = self._outbox.away(event.number, now)
        if batch is not None:
            self._doubt(batch)
        return batch is not None

    def broke(self, event: AppendFailed, now: float, *, heard: bool) -> None:
        """An append failed though the shared record was there: find the entry it cannot store.

        ``heard``: the shared record answers others now, so the fault is the entry's.
        """
        broken = self._outbox.broke(event.number, now)
        if broken is None:
            return
        batch, poison = broken
        self._doubt(batch)
        if poison is not None and heard:
            self._lost(poison, None, f"The shared record could not store this entry: {event.sentence}")

    def _doubt(self, batch: Batch) -> None:
        for entry in batch.entries:
            waiting = self._outbox.get(entry.id)
            if waiting is not None and waiting.exclusive:
                self._outbox.remove(entry.id)
                self._doubted[entry.id] = waiting
                self._out.append(Decided(entry, None, IN_DOUBT, in_doubt=True))

    def refuse_exclusives(self) -> None:
        """Answer exclusive acts that were not sent: nobody can decide them now."""
        batch = self._outbox.on_its_way
        sent = {entry.id for entry in batch.entries} if batch is not None else set()
        for waiting in self._outbox.exclusives():
            if waiting.entry.id not in sent:
                self._outbox.remove(waiting.entry.id)
                self._out.append(Decided(waiting.entry, None, REFUSED_WHILE_AWAY))

    def arrived(self, stored: Stored) -> None:
        """An own entry that comes back is shared, even when the answer to its append was lost.

        An own entry whose place is taken by another one was acknowledged in a history that is no more.
        """
        at = stored.envelope
        if self._acked.arrived(stored):
            self.go_back(at.seq - 1, dropping=False)
        self._outbox.lanes.learn(item_of_stored(stored))
        waiting = self._outbox.get(at.id) or self._doubted.pop(at.id, None)
        if waiting is not None and waiting.entry.body_sha256 == at.body_sha256:
            self._shared(waiting, Receipt(at.id, Verdict.ALREADY, at.seq, at.stored_at, at.digest))
            self._acked.read(at.seq)

    def head_is(self, seq: int) -> None:
        """Compare own acknowledged entries with the head of a beat."""
        if self._acked.head_is_short(seq):
            # Others may have filled places below the head anew, our own lost ones among them.
            self.go_back(min(seq, self._read()), dropping=False)

    def go_back(self, to: int, *, dropping: bool = True) -> None:
        """The shared record went back: what is on its way is not believed, own entries wait again."""
        self._era += 1
        self._out.append(Rewound(to if dropping else None, self._unshare(to)))

    def prove(self, agreed: int) -> None:
        """Take the shared record's word on own entries of before this console began."""
        newest, self._acked.unproven = self._acked.unproven[0], ()
        if agreed < newest.seq:
            self._out.append(Rewound(None, self._unshare(agreed)))
        else:
            # Not read yet: the record may still go back behind it before it is.
            self._acked.note(newest)

    def _unshare(self, after: int) -> tuple[Entry, ...]:
        lost = self._acked.take_after(after)
        for one in lost:
            self._outbox.add(Waiting(one.entry, one.order))
            self._mark(one.entry, KeptState.QUEUED)
        return tuple(one.entry for one in lost)
