"""What every part of the bench stands on: a record of its own on one of the stores, and the bare store beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from console.domain.record import Entry, Role
from console.ports.store import VerifyReport
from ui.bench.settings import Bench, StoreKind

if TYPE_CHECKING:
    # Its module brings the windows with it.
    from ui.bootstrap.opening import Record


@dataclass(frozen=True, slots=True)
class Words:
    """What the limits of a store are, for the table."""

    looked: str
    heard: str
    inserted: str
    shared: str
    """With ``{consoles}`` where their number belongs."""


class Ground(Protocol):
    """A record for one part, thrown away afterwards.  What is bare has nothing of ours above the store's library."""

    words: Words

    @property
    def database(self) -> str:
        """Return the record's name as the command line takes it."""

    def wish(self, name: str, role: Role) -> dict[str, Any]:
        """Return what a child needs to come in as this worker: ``name``, ``role``, and the way in."""

    def record(self, name: str, role: Role) -> AbstractContextManager[Record]:
        """Give the record as this worker sees it, in this process."""

    def frozen(self) -> AbstractContextManager[None]:
        """Hold the record's lock, as another program does that was stopped in the middle of writing."""

    def verify(self) -> VerifyReport:
        """Prove the record, as `db verify` does."""

    def numbers(self, count: int) -> list[str]:
        """Return E.164 numbers that somebody has now, in an order that is the same in every run."""

    def audited(self) -> int:
        """Return how many look-ups are on the access log."""

    def lookups(self, numbers: Sequence[str]) -> list[float]:
        """Look each number up by the bare index, and commit a row elsewhere as an audit log would; in ms."""

    def inserting(self) -> AbstractContextManager[Callable[[Entry], object]]:
        """Give a bare insert of an entry, committed when it returns."""

    def heard(self, texts: Sequence[str]) -> list[float]:
        """Commit each text bare; return how long until another process had read it, in ms."""

    def shared(self, notes: Sequence[Entry], consoles: int) -> list[float]:
        """Write each entry as the record keeps it, with none of our code above.

        ``consoles`` bare connections listen and read; return how long until one of them, in another process, had read
        it, in ms.
        """

    def crowd(self, consoles: int) -> AbstractContextManager[int]:
        """Keep so many more consoles without windows listening and reading, where the store serves a team.

        Give how many they are.
        """


@contextmanager
def empty_ground(bench: Bench, name: str) -> Iterator[Ground]:
    """Give an empty record for the part called ``name``."""
    if bench.store is StoreKind.POSTGRESQL:
        # psycopg comes with an extra, and is not wanted for a file.
        from ui.bench.postgres_ground import empty_postgres  # noqa: PLC0415  see above

        with empty_postgres(bench, name) as made:
            yield made
        return
    from ui.bench.sqlite_ground import empty_sqlite  # noqa: PLC0415  as its sister

    yield empty_sqlite(bench, name)


@contextmanager
def peopled_ground(bench: Bench, name: str) -> Iterator[Ground]:
    """Give a copy of the record with invented people, which is made where it is not kept yet."""
    if bench.store is StoreKind.POSTGRESQL:
        from ui.bench.postgres_ground import peopled_postgres  # noqa: PLC0415  see above

        with peopled_postgres(bench, name) as made:
            yield made
        return
    from ui.bench.sqlite_ground import peopled_sqlite  # noqa: PLC0415  as its sister

    yield peopled_sqlite(bench, name)
