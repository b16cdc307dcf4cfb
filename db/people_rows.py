"""The rows that candidates and records are made of, wherever they are kept.

One page of Python makes candidates of them for every store: a file answers by its tables
(:mod:`db.people_sql`), PostgreSQL by what its doors give for a ticket (:mod:`db.postgres.people`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

HISTORY = 200
"""How many earlier contacts a record brings."""
DO_NOT_RING = "do_not_call_back"
"""The marker (console.domain.markers) that forbids ringing somebody back."""
NAMES_AT_MOST = 1_500
"""Rows of the name index that one key may bring."""


class NameHit(NamedTuple):
    """One row of the name index, with what orders and closes its person."""

    person: UUID
    kind: str
    shown: str
    family: str
    given: str
    sort_name: str
    restricted: bool


@dataclass(frozen=True, slots=True)
class NameKey:
    """One way into the name index, in folded letters; None leaves a part open.

    ``family`` and ``given``: the name begins so; ``family_is``: it is exactly this; ``forms``: it is one of these.
    ``words`` must each begin some word of the whole name, which only the store can tell of a restricted one.
    """

    family: str | None = None
    family_is: str | None = None
    given: str | None = None
    forms: tuple[str, ...] | None = None
    words: tuple[str, ...] = ()


class PeopleRows(Protocol):
    """What is read of people, by whoever may read it; rows have the names of their table's columns."""

    def people(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``person``."""

    def closed(self, ids: Collection[UUID]) -> set[UUID]:
        """Return those whose record was restricted tonight, by an entry."""

    def homes(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows of who lives where, with the columns of ``address``."""

    def markers(self, ids: Collection[UUID]) -> Iterable[Any]:
        """Return rows with the columns of ``marker``."""

    def before(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, day of the last contact) of the time before this record."""

    def tonight(self, ids: Collection[UUID]) -> Iterable[Sequence[Any]]:
        """Return (person, microseconds of the newest contact) of this record."""

    def on_line(self, e164: str, today: date) -> Sequence[Sequence[Any]]:
        """Return (person, confirmed_on) of everybody on a number now, restricted ones last, then by name."""

    def line(self, e164: str) -> Any | None:  # noqa: ANN401  a row
        """Return the row of a number, None where it is new."""

    def calls(self, e164: str, but_call: UUID | None) -> Sequence[Any]:
        """Return how many calls of this record came from a number, not counting one, and when the last."""

    def untils(self, e164: str) -> Iterable[date | None]:
        """Return until when each person was on a number."""

    def numbers(self, identity: UUID, today: date) -> Iterable[str]:
        """Return a person's numbers now, the latest confirmed first."""

    def relations(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``relationship`` with family, given, born, deceased_on and restricted of the other."""

    def not_to_ring(self, ids: Collection[UUID], today: date) -> set[UUID]:
        """Return those of whom a marker that is not over says that they must not be rung back."""

    def history(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``past_contact``, newest first."""

    def known_as(self, identity: UUID) -> Iterable[str]:
        """Return other names."""

    def helpers(self, identity: UUID) -> Iterable[Any]:
        """Return rows of ``person_helper``."""

    def references(self, key: str) -> Iterable[Sequence[Any]]:
        """Return (person, reference) by the folded reference."""

    def births(self, born: date) -> Iterable[Sequence[Any]]:
        """Return (person, sort_name, family, given) of every name of everybody born on a day, restricted ones last."""

    def names(self, keys: Sequence[NameKey]) -> Sequence[Sequence[NameHit]]:
        """Return the rows of the name index that fit each key."""

    def families(self) -> Sequence[str]:
        """Return the distinct family names of the index."""
