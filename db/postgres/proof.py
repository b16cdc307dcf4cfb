"""A record on PostgreSQL as ``db verify`` checks it: by the doors of nd_verify, which show no words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from psycopg.errors import InsufficientPrivilege

from console.domain.record import START, Cursor, StreamClass, StreamKind, StreamRef, from_micros
from console.domain.streams import StreamState
from console.ports.store import VerifyReport
from db.mapping import ENVELOPE, links_of, stream_kind_of
from db.postgres.lines import Line, Lines, NotLetIn
from db.verify import Found, verify_record

_PAGE = 2_000
_NO_PROVER = (
    "This log-in may not prove the record: only one that can read no words may, and a worker's never does.  Nothing "
    "was read.  Ask whoever looks after the database for one (`nightdesk db worker add verify --program verify`) and "
    "say --login verify; on the computer that serves a team trial, `nightdesk serve verify` needs none."
)
_NOT_THERE = "the head that was noted for this entry is not in the record: its history was rewritten or cut"


def verify_lines(lines: Lines, seen: Cursor | None = None) -> VerifyReport:
    """Prove a record honest as it stood at one moment, while others write; ``seen``: a head that was noted before."""
    with lines.lent() as line, _refusals(), line.transaction():
        # One snapshot for all doors: between two of them somebody writes.
        line.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        proof = DoorsProof(line)
        report = verify_record(proof)
        if not report.what and seen is not None and not proof.holds(seen):
            return replace(report, first_bad=seen.seq, what=_NOT_THERE)
        return report


@contextmanager
def _refusals() -> Iterator[None]:
    """Say who may, where the server says that this log-in may not."""
    try:
        yield
    except InsufficientPrivilege:
        raise NotLetIn(_NO_PROVER) from None


class DoorsProof:
    """Implements ``db.verify.Proof`` for a log-in that is a member of nd_verify, inside one transaction."""

    def __init__(self, line: Line) -> None:
        self._line = line

    def damage(self) -> str:
        """The server looks after its storage itself (data checksums)."""
        return ""

    def heads(self) -> tuple[Cursor, Cursor]:
        """Return what the counter row says."""
        seq, digest, access_seq, access_digest = self._rows("verify_head")[0]
        return Cursor(seq, digest), Cursor(access_seq, access_digest)

    def holds(self, seen: Cursor) -> bool:
        """Say whether the record still has the head that was noted."""
        if seen == START:
            return True
        rows = self._rows("verify_entries", seen.seq - 1, 1)
        return bool(rows) and (rows[0][0], rows[0][len(ENVELOPE) - 1]) == (seen.seq, seen.digest)

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
        while rows := self._rows(door, after, _PAGE):
            yield from rows
            after = rows[-1][0]

    def _rows(self, door: str, *values: Any) -> list[tuple[Any, ...]]:  # noqa: ANN401  whatever a door takes
        marks = ", ".join(["%s"] * len(values))
        return self._line.execute(f"SELECT * FROM {door}({marks})", values).fetchall()  # noqa: S608  our own doors

    def states(self) -> Mapping[StreamRef, StreamState]:
        """Return what each stream is said to be."""
        states = {state.ref: state for state in map(_state, self._rows("verify_streams"))}
        return {ref: state for ref, state in states.items() if ref.kind is not StreamKind.UNKNOWN}

    def slots(self) -> Mapping[tuple[StreamRef, str], tuple[UUID, int]]:
        """Return the newest entry of each slot."""
        return {
            (StreamRef(known, identity), name): (head, seq)
            for kind, identity, name, head, seq in self._rows("verify_slots")
            if (known := stream_kind_of(kind)) is not StreamKind.UNKNOWN
        }


def _state(row: Sequence[Any]) -> StreamState:
    kind, identity, klass, begun, version, opened_at, closed_at, subjects, members, links = row
    return StreamState(
        StreamRef(stream_kind_of(kind), identity),
        StreamClass(klass),
        begun,
        version,
        frozenset(subjects),
        frozenset(members),
        links_of((written, UUID(other)) for written, _, other in (link.partition(":") for link in links)),
        from_micros(opened_at) if opened_at is not None else None,
        from_micros(closed_at) if closed_at is not None else None,
    )
