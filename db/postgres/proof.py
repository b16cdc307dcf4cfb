"""A record on PostgreSQL as ``db verify`` checks it: by the doors of nd_verify, which show no words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from console.domain.record import Cursor, StreamClass, StreamKind, StreamRef, from_micros
from console.domain.streams import StreamState
from db.mapping import ENVELOPE
from db.postgres.lines import Lines
from db.verify import Found

_PAGE = 2_000


class DoorsProof:
    """Implements ``db.verify.Proof`` for a log-in that is a member of nd_verify."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines

    def damage(self) -> str:
        """The server looks after its storage itself (data checksums)."""
        return ""

    def heads(self) -> tuple[Cursor, Cursor]:
        """Return what the counter row says."""
        seq, digest, access_seq, access_digest = self._lines.one("verify_head")
        return Cursor(seq, digest), Cursor(access_seq, access_digest)

    def entries(self) -> Iterator[Found]:
        """Yield every entry in order."""
        width = len(ENVELOPE)
        for row in self._pages("verify_entries"):
            yield Found(row[0], row[:width], row[width], row[width + 1], row[width + 2])

    def looks(self) -> Iterator[Sequence[Any]]:
        """Yield every row of the access log in order."""
        yield from self._pages("verify_accesses")

    def _pages(self, door: str) -> Iterator[tuple[Any, ...]]:
        after = -1
        while rows := self._lines.rows(door, after, _PAGE):
            yield from rows
            after = rows[-1][0]

    def states(self) -> Mapping[StreamRef, StreamState]:
        """Return what each stream is said to be."""
        return {state.ref: state for state in map(_state, self._lines.rows("verify_streams"))}

    def slots(self) -> Mapping[tuple[StreamRef, str], tuple[UUID, int]]:
        """Return the newest entry of each slot."""
        return {
            (StreamRef(StreamKind(kind), identity), name): (head, seq)
            for kind, identity, name, head, seq in self._lines.rows("verify_slots")
        }


def _state(row: Sequence[Any]) -> StreamState:
    kind, identity, klass, begun, version, opened_at, closed_at, subjects, members, links = row
    return StreamState(
        StreamRef(StreamKind(kind), identity),
        StreamClass(klass),
        begun,
        version,
        frozenset(subjects),
        frozenset(members),
        frozenset(map(StreamRef.parse, links)),
        from_micros(opened_at) if opened_at is not None else None,
        from_micros(closed_at) if closed_at is not None else None,
    )
