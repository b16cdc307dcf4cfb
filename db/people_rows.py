"""The rows that candidates and records are made of, wherever they are kept.

One page of Python makes candidates of them for every store: a file answers by its tables
(:mod:`db.people_sql`), PostgreSQL by what its doors give for a ticket (:mod:`db.postgres.people`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from console.domain.find_plan import Plan

HISTORY = 200
"""How many earlier contacts a record brings."""
AT_MOST = 200
"""People one search may find; more are too many to be put in order, and the worker is asked for more words.

Order is made of the words of all who fit, and a console shows a dozen: who stands behind two hundred others is not
found by reading on.  The server's doors keep to it whatever a program sends (db/postgres/sql/10_search.sql).
"""
SHOWN_AT_MOST = 50
"""People one question may show, whatever it asks for."""
CLOSED_AT_MOST = 50
"""Restricted people one search may find; a whole name that more have says nothing of any."""
NEAR_AT_MOST = 60
"""Words one slip away from a typed one that are looked for."""
DO_NOT_RING = "do_not_call_back"
"""The marker (console.domain.markers) that forbids ringing somebody back."""


class Hit(NamedTuple):
    """Somebody found: the words of their own (console.domain.find_words), and what orders and closes them.

    Of a restricted one PostgreSQL gives neither words nor name.
    """

    person: UUID
    words: str
    sort_name: str
    restricted: bool


class Hits(NamedTuple):
    """Who fits a search; ``too_many``: more than :data:`AT_MOST` fit, and these are some of them, or none."""

    people: tuple[Hit, ...]
    too_many: bool


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

    def on_line_count(self, e164: str, today: date) -> int:
        """Return how many are on a number now, those too whom :meth:`on_line` leaves out."""

    def line(self, e164: str) -> Any | None:  # noqa: ANN401  a row
        """Return the row of a number, None where it is new."""

    def calls(self, e164: str, but_call: UUID | None) -> Sequence[Any]:
        """Return how many calls of this record came from a number, not counting one, and when the last."""

    def recent_calls(self, e164: str, but_call: UUID | None) -> Iterable[int]:
        """Return when the newest calls came from a number, not counting one, newest first: microseconds."""

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

    def references(self, keys: Sequence[str]) -> Iterable[Sequence[Any]]:
        """Return (person, reference) of everybody with one of some folded references."""

    def seek(self, asked: Plan, enough: int) -> Hits:
        """Go through the searches of a plan until ``enough`` people are found."""

    def hits_of(self, people: Sequence[UUID]) -> Sequence[Hit]:
        """Return people by id, with their words."""
