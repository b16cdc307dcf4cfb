"""Own entries that the shared record acknowledged, and how their places prove that it went back.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from console.domain.record import Cursor, Entry, Stored
from console.ports.journal import Kept
from console.ports.store import Receipt, Verdict
from console.services.outbox import Waiting


@dataclass(frozen=True, slots=True)
class Acked:
    """One acknowledged entry, with the order it was kept in and its place."""

    entry: Entry
    order: int
    seq: int


@dataclass(slots=True)
class Acknowledged:
    """Kept for 48 h, to be offered again after a failover (architecture.md 4).

    ``unproven``: where own entries of before this console began were stored, newest first, until
    the shared record has said that it still holds them.
    """

    unproven: tuple[Cursor, ...] = ()
    newest: Cursor | None = None
    """The newest place where an own entry was stored in the present history, as this console was told."""
    _acked: dict[UUID, Acked] = field(default_factory=dict)
    _ahead: dict[int, UUID] = field(default_factory=dict)
    _top: int = 0
    """The farthest place of any of them: asked of each receipt, beside a night's entries."""
    _short: bool = False

    def __contains__(self, identity: UUID) -> bool:
        """Say whether an entry was acknowledged."""
        return identity in self._acked

    def remember(self, kept: Sequence[Kept], orders: Sequence[int]) -> None:
        """Take what the journal holds."""
        for one, order in zip(kept, orders, strict=True):
            self._put(Acked(one.entry, order, one.seq))
        cursors = [Cursor(one.seq, one.digest) for one in kept]
        self.unproven = tuple(sorted(cursors, key=lambda cursor: cursor.seq, reverse=True))

    def add(self, waiting: Waiting, at: Cursor) -> None:
        """Note an acknowledgement."""
        self._put(Acked(waiting.entry, waiting.order, at.seq))
        self.note(at)

    def note(self, at: Cursor) -> None:
        """Note a place of an own entry that the shared record holds now."""
        self.newest = max(filter(None, (self.newest, at)), key=lambda one: one.seq)

    def _put(self, acked: Acked) -> None:
        before = self._acked.get(acked.entry.id)
        self._acked[acked.entry.id] = acked
        self._ahead[acked.seq] = acked.entry.id
        self._top = max(self._top, acked.seq)
        if before is not None and before.seq > acked.seq:
            self._look_again()

    def forget(self, before: datetime) -> None:
        """Let go of entries made before a moment (48 h)."""
        for identity in [identity for identity, one in self._acked.items() if one.entry.made_at < before]:
            del self._acked[identity]
        self._look_again()

    def contradicts(self, receipt: Receipt) -> bool:
        """Say whether a receipt proves that the shared record went back.

        One console's entries are stored one batch after another, so a new one can never be stored
        before, or in the place of, one acknowledged earlier in the same history.
        """
        if receipt.verdict is Verdict.STORED:
            return self._top >= receipt.seq
        return self._ahead.get(receipt.seq, receipt.id) != receipt.id

    def arrived(self, stored: Stored) -> bool:
        """Note what the feed brought; say whether it stands where an own entry was acknowledged."""
        at = stored.envelope
        taken = self._ahead.pop(at.seq, at.id) != at.id
        acked = self._acked.get(at.id)
        if acked is not None and acked.seq != at.seq:
            self._acked[at.id] = replace(acked, seq=at.seq)
            self._look_again()
        return taken

    def _look_again(self) -> None:
        self._top = max((one.seq for one in self._acked.values()), default=0)

    def read(self, seq: int) -> None:
        """Note that the feed has brought the entry at ``seq`` itself."""
        self._ahead.pop(seq, None)

    def head_is_short(self, seq: int) -> bool:
        """Say whether two beats in a row ended before an own acknowledged entry.

        One such beat may be older than an answer; two mean that the shared record went back, to
        where we had read or before.
        """
        short = max(self._ahead, default=0) > seq
        proved = short and self._short
        self._short = short and not proved
        return proved

    def take_after(self, seq: int) -> list[Acked]:
        """Take away what was acknowledged after ``seq``, in the order it was kept."""
        lost = sorted((one for one in self._acked.values() if one.seq > seq), key=lambda one: one.order)
        for one in lost:
            del self._acked[one.entry.id]
        self._look_again()
        if self.newest is not None and self.newest.seq > seq:
            self.newest = None
        self._ahead = {at: identity for at, identity in self._ahead.items() if at <= seq}
        return lost
