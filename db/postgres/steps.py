"""The numbered steps by which a service's database came to what this program reads and writes.

A database takes each step once, in order (:mod:`db.postgres.upgrade`); a new one takes them all.  A step that was
published is never edited: what it made stands in databases.  How to add one: db/README.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import resources
from uuid import UUID

from db.people_keys import PostgresKeys, make_some
from db.postgres.lines import Line

Fill = Callable[[Line], bool]
"""Fills what a step made, one batch in a transaction; returns whether more is left.  Safe to repeat after a kill."""


class SearchFill:
    """Makes the words of people who have none yet; it is done when a pass from the first to the last finds nobody."""

    def __init__(self) -> None:
        self._last: UUID | None = None

    def __call__(self, line: Line) -> bool:
        """Make the words of the next few."""
        began, self._last = self._last, None
        self._last = make_some(PostgresKeys(line), began)
        # Some may have been written down behind us, or a batch lost: another pass.
        return self._last is not None or began is not None


@dataclass(frozen=True, slots=True)
class Step:
    """One change of the tables, the types or the doors.

    ``name`` is also its file in ``sql/steps``, unless ``doors_only``.  ``indexes`` are made while others write:
    ``CREATE INDEX CONCURRENTLY IF NOT EXISTS ...``.  ``needed``: a console of this version cannot work without it, and
    says so instead of writing.  ``fill`` makes a new one for each upgrade: it may remember how far it has come.
    """

    number: int
    name: str
    indexes: tuple[str, ...] = ()
    fill: Callable[[], Fill] | None = None
    needed: bool = False
    doors_only: bool = False
    text: str = ""
    """The statements themselves, where they are in no file (tests)."""

    @property
    def mark(self) -> str:
        """What ``alembic_version`` says after it, for programs from before there were steps."""
        return BASE if self.number == 1 else f"step_{self.number:04}"

    @property
    def later(self) -> bool:
        """Say whether something of it is made after the upgrade's transaction, beside live work."""
        return self.fill is not None or bool(self.indexes)

    @property
    def statements(self) -> str:
        """Return the SQL that makes it, inside the upgrade's transaction."""
        if self.text or self.doors_only:
            return self.text
        file = resources.files("db.postgres").joinpath(f"sql/steps/{self.number:04}_{self.name}.sql")
        return file.read_text(encoding="utf-8")


BASE = "0003_references"
"""What ``alembic_version`` says in a database that took no step after the first."""

STEPS: tuple[Step, ...] = (
    Step(1, "record", needed=True),
    Step(2, "steps"),
    Step(3, "second versions in place", doors_only=True),
    Step(4, "search", fill=SearchFill),
    Step(5, "rota"),
    Step(6, "whether people are invented", doors_only=True),
    Step(7, "checked_numbers"),
    Step(8, "kinds of the pair session", doors_only=True),
    Step(9, "replay", doors_only=True),
    Step(10, "plans", doors_only=True),
    Step(11, "failed help stays open, and who may open a record", doors_only=True),
)


def lacking(taken: Sequence[tuple[int, bool]], steps: Sequence[Step] = STEPS) -> tuple[Step, ...]:
    """Return what a console cannot do without and a database has not, of its ``(number, done)``."""
    done = {number for number, is_done in taken if is_done}
    return tuple(step for step in steps if step.needed and step.number not in done)
