"""How far this console has read the shared record, and the proof that it is one unaltered history.

Pure.  The sequence is gapless, so a hole is seen at once; every digest is computed again from the
one before it, so an edited entry is named; a server that went back to an older state is followed
back, and what has not returned yet is counted (architecture.md 4, reliability.md 2.3 and 3.3).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from console.domain.record import Cursor, Envelope, Stored, chain_digest

_PLACE = 8
"""Bytes of a place in the record."""


@dataclass(slots=True)
class Reading:
    """What one arrival brought: entries that follow on, and whether something must be asked again."""

    accepted: list[Stored] = field(default_factory=list)
    hole: bool = False
    doubt: bool = False


@dataclass(slots=True)
class Following:
    """The cursor and the history behind it, as far as this console has seen it."""

    cursor: Cursor | None = None
    began: int = 0
    altered_at: int = 0
    suspect: int = 0
    _forgiven: Envelope | None = None
    _digests: dict[int, bytes | str] = field(default_factory=dict)
    """By seq.  These two hold every entry of a night, and are kept small: bytes for the digits and ids they are."""
    _ids: dict[bytes, bytes] = field(default_factory=dict)
    """By id: where an entry was, and a digest of everything the record may never change about it."""
    _missing: dict[bytes, bytes] = field(default_factory=dict)

    @property
    def missing(self) -> int:
        """Return how many entries seen before a rewind have not come back."""
        return len(self._missing)

    def open_at(self, cursor: Cursor) -> None:
        """Begin, or begin again, to read after ``cursor``."""
        self.cursor = cursor
        self.began = cursor.seq
        self._digests[cursor.seq] = _packed(cursor.digest)

    def read_to(self) -> int:
        """Return the number of the last entry read, or 0."""
        return self.cursor.seq if self.cursor is not None else 0

    def history(self, upto: int) -> tuple[Cursor, ...]:
        """Return every cursor passed, newest first, from ``upto`` back to where reading began."""
        return tuple(
            Cursor(seq, _text(self._digests[seq])) for seq in sorted(self._digests, reverse=True) if seq <= upto
        )

    def knows(self, seq: int) -> bool:
        """Say whether the digest at ``seq`` is known here."""
        return seq in self._digests

    def is_ours(self, cursor: Cursor) -> bool:
        """Say whether a cursor lies on the history this console knows now."""
        return self._digests.get(cursor.seq) == _packed(cursor.digest)

    def contradicts(self, seq: int, digest: str) -> bool:
        """Say whether another entry than the one with this digest was read at ``seq``."""
        return self._digests.get(seq, _packed(digest)) != _packed(digest)

    def read(self, entries: Iterable[Stored]) -> Reading:
        """Take what the feed brought; entries known already are passed over."""
        reading = Reading()
        for stored in entries:
            if self.cursor is None or stored.envelope.seq > self.cursor.seq + 1:
                reading.hole = True
                break
            if stored.envelope.seq <= self.cursor.seq:
                continue
            if not self._follows(stored):
                reading.doubt = True
                break
            self._step(stored)
            reading.accepted.append(stored)
        return reading

    def _follows(self, stored: Stored) -> bool:
        """Check an entry against the chain; one that was asked again and is still wrong is let in, named."""
        at = stored.envelope
        if self._is_honest(stored) or self._forgiven == at:
            return True
        self.suspect = at.seq
        return False

    def _is_honest(self, stored: Stored) -> bool:
        at = stored.envelope
        previous = self.cursor.digest if self.cursor is not None else ""
        if chain_digest(previous, at.seq, at, at.stored_at) != at.digest:
            return False
        return stored.body is None or hashlib.sha256(stored.body.encode()).hexdigest() == at.body_sha256

    def _step(self, stored: Stored) -> None:
        at = stored.envelope
        was = self._missing.pop(at.id.bytes, None) or self._ids.get(at.id.bytes)
        known = at.seq.to_bytes(_PLACE) + _facts(at)
        if was is not None and was[_PLACE:] != known[_PLACE:]:
            self.name_altered(at.seq)
        self._ids[at.id.bytes] = known
        self._digests[at.seq] = _packed(at.digest)
        self.cursor = Cursor(at.seq, at.digest)
        self.suspect = 0

    def confirmed(self, cursor: Cursor, then: Stored | None) -> bool:
        """Settle a doubt: the shared record agrees up to ``cursor`` and holds ``then`` right after it.

        Only what was read for this very question can convict: what arrived before may have been a
        late message of a history that is no more.  Says whether there was a doubt to settle.
        """
        if not self.suspect or self.cursor != cursor:
            return False
        if then is not None and then.envelope.seq == self.suspect and not self._is_honest(then):
            self._forgiven = then.envelope
            self.name_altered(self.suspect)
        self.suspect = 0
        return True

    def name_altered(self, seq: int) -> None:
        """Remember the first entry whose history was edited."""
        self.altered_at = min(self.altered_at, seq) if self.altered_at else seq

    def go_back(self, to: int) -> Cursor | None:
        """Drop what came after ``to``; return the new cursor, or None when its digest is not known here."""
        for seq in [seq for seq in self._digests if seq > to]:
            del self._digests[seq]
        for identity, known in [pair for pair in self._ids.items() if int.from_bytes(pair[1][:_PLACE]) > to]:
            self._missing[identity] = known
            del self._ids[identity]
        self.suspect = 0
        if self.cursor is not None and self.cursor.seq > to:
            digest = self._digests.get(to)
            self.cursor = Cursor(to, _text(digest)) if digest is not None else None
        return self.cursor


def _facts(at: Envelope) -> bytes:
    """Return a digest of what may never change under an id; author and time may, with facts of calls.

    Not the facts themselves, which would be kept for every entry of a night to be compared with once, if ever.
    """
    said = "\n".join((str(at.stream), at.kind.value, at.slot, at.body_sha256))
    return hashlib.sha256(said.encode()).digest()[:16]


def _packed(digest: str) -> bytes | str:
    """Return a digest's bytes; what is none, for an edited record may say anything, as it is written."""
    try:
        packed = bytes.fromhex(digest)
    except ValueError:
        return digest
    return packed if packed.hex() == digest else digest


def _text(packed: bytes | str) -> str:
    return packed if isinstance(packed, str) else packed.hex()
