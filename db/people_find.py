"""Who a number or a search may mean: candidates with the reason each was found, none chosen.

A number is matched on its whole E.164 form.  Names are matched on folded letters by the start of
the word (two indexes), then by short forms (Bob for Robert), and only when nothing was found by
spelling: the nearest of the *distinct* family names, so that a million people cost no more than
the few thousand names they share.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeAlias
from uuid import UUID

from sqlalchemy import ColumnElement, Row, and_, bindparam, or_, select, text, true
from sqlalchemy.engine import Connection

from console.domain.names import fold, same_as
from console.domain.people import Candidates, MatchKind
from console.domain.search import fold_reference
from console.ports.store import Look
from db.people_cards import Found, candidates_of, line_of
from db.people_schema import person, person_name, person_on_line

COUNTED = 1000
"""Searches count no further than this; ``total`` is then exactly this."""
NEAR = 74
"""How alike two spellings must be, of 100, to be offered."""
_NEAREST = 6
_LAST = "\uffff"
_RESTRICTED = 9
_ON_LINE = (
    select(person_on_line.c.person, person_on_line.c.confirmed_on)
    .join(person, person.c.id == person_on_line.c.person)
    .where(
        person_on_line.c.e164 == bindparam("number"),
        or_(person_on_line.c.until.is_(None), person_on_line.c.until > bindparam("today")),
    )
    .order_by(person.c.restricted, person.c.sort_name, person_on_line.c.person)
)
NameHit: TypeAlias = "Row[tuple[UUID, str, str, str, str, str, bool]]"
"""person, kind, shown, family, given, sort_name, restricted."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One row of the name index that fits; lower ``tier`` is nearer to what was typed."""

    person: UUID
    tier: int
    sort: str
    reason: str


def find_candidates(connection: Connection, question: Look, today: date) -> Candidates:
    """Answer a look; see :class:`console.ports.store.Look`.

    By number: everybody on it now, in alphabetical order, and what is known of the line.  Else by
    reference, by date of birth (and name), or by name.
    """
    if question.e164:
        return _by_number(connection, question, today)
    found = _searched(connection, question)
    people = candidates_of(connection, found[: question.limit], today)
    return Candidates(people, None, len(found))


def _searched(connection: Connection, question: Look) -> list[Found]:
    if question.reference:
        return _by_reference(connection, question.reference)
    if question.born is not None:
        return _by_birth(connection, question.born, question.words)
    return _by_name(connection, question.words)


def _by_number(connection: Connection, question: Look, today: date) -> Candidates:
    rows = connection.execute(_ON_LINE, {"number": question.e164, "today": today}).all()
    shown = [Found(row.person, MatchKind.NUMBER, _number_reason(row.confirmed_on), row.confirmed_on) for row in rows]
    people = candidates_of(connection, shown[: question.limit], today)
    return Candidates(people, line_of(connection, question.e164, len(rows), question.call), len(rows))


def _number_reason(confirmed_on: date | None) -> str:
    return f"Number confirmed {confirmed_on:%d-%b-%Y}" if confirmed_on else "Number given, never confirmed"


def _by_reference(connection: Connection, reference: str) -> list[Found]:
    key = fold_reference(reference)
    rows = connection.execute(
        select(person.c.id, person.c.reference).where(person.c.reference_key == key, person.c.reference_key != "")
    ).all()
    return [Found(row.id, MatchKind.REFERENCE, f"Reference {row.reference}") for row in rows]


def _by_birth(connection: Connection, born: date, words: str) -> list[Found]:
    who, name = person.c, person_name.c
    rows = connection.execute(
        select(who.id, who.sort_name, name.family, name.given)
        .join(person_name, name.person == who.id)
        .where(who.born == born)
        .order_by(who.restricted, who.sort_name, who.id)
    ).all()
    day = f"Born {born:%d-%b-%Y}"
    wanted = fold(words).split()
    fits = [row.id for row in rows if _fits(wanted, f"{row.family} {row.given}".split())]
    if wanted and not fits:
        day, fits = f"{day}, with another name", [row.id for row in rows]
    return [Found(identity, MatchKind.BORN, day) for identity in dict.fromkeys(fits)][:COUNTED]


def _fits(wanted: Sequence[str], having: Sequence[str]) -> bool:
    """Say whether each wanted word begins, or is a short form of, one of the words there are."""
    return all(any(have.startswith(word) or have in same_as(word) for have in having) for word in wanted)


def _by_name(connection: Connection, words: str) -> list[Found]:
    wanted = fold(words).split()[:6]
    if not wanted:
        return []
    best: dict[UUID, _Name] = {}
    for name in (*_as_typed(connection, wanted), *_short_forms(connection, wanted)):
        if name.person not in best or name.tier < best[name.person].tier:
            best[name.person] = name
    if not best:
        best = {name.person: name for name in _spelled_like(connection, wanted)}
    order = sorted(best.values(), key=lambda name: (name.tier, name.sort, name.person))
    return [Found(name.person, MatchKind.NAME, name.reason) for name in order[:COUNTED]]


def _as_typed(connection: Connection, wanted: Sequence[str]) -> list[_Name]:
    """Return names of which each wanted word begins a part, the family name first."""
    if len(wanted) == 1:
        rows = _rows(connection, _begins(person_name.c.family, wanted[0])) + _rows(
            connection, _begins(person_name.c.given, wanted[0])
        )
    else:
        rows = [row for pair in _pairs(wanted) for row in _rows(connection, pair)]
    return [_name(row, wanted) for row in rows if _fits_start(wanted, row)]


def _pairs(wanted: Sequence[str]) -> list[ColumnElement[bool]]:
    # "marcus fenn", "fenn marcus", "de souza ana": the family name is the first or the last word.
    name = person_name.c
    first, second, last = wanted[0], wanted[1], wanted[-1]
    return [
        and_(_begins(name.family, last), _begins(name.given, first)),
        and_(_begins(name.family, first), _begins(name.given, second)),
        and_(_begins(name.family, first), _begins(name.given, last)),
        _begins(name.family, f"{first} {second}"),
        _begins(name.given, f"{first} {second}"),
    ]


def _fits_start(wanted: Sequence[str], row: NameHit) -> bool:
    having = f"{row.family} {row.given} {row.sort_name}".split()
    return all(any(have.startswith(word) for have in having) for word in wanted)


def _short_forms(connection: Connection, wanted: Sequence[str]) -> list[_Name]:
    """Return names whose given name is a short or long form of a wanted word."""
    name = person_name.c
    found: list[_Name] = []
    for place, word in enumerate(wanted):
        forms = sorted(same_as(word))
        rest = [other for at, other in enumerate(wanted) if at != place]
        if forms:
            family = _begins(name.family, rest[-1]) if rest else true()
            rows = _rows(connection, and_(family, name.given.in_(forms)))
            found += [_maybe(row, word) for row in rows if _fits_start(rest, row)]
    return found


def _maybe(row: NameHit, word: str) -> _Name:
    if row.restricted:
        return _Name(row.person, _RESTRICTED, "", "")
    return _Name(row.person, 4, row.sort_name, f"{_typed(word)} may be {_typed(row.given)}")


def _spelled_like(connection: Connection, wanted: Sequence[str]) -> list[_Name]:
    """Return people whose family name is spelled nearly like a wanted word, and given name fits."""
    name = person_name.c
    found: list[_Name] = []
    families = _distinct(connection, "family")
    for place, word in enumerate(wanted):
        rest = [other for at, other in enumerate(wanted) if at != place]
        for near in _nearest(word, families):
            rows = _rows(connection, name.family == near)
            found += [_near(row, word) for row in rows if _all_near(rest, row.given.split())]
    return found


def _near(row: NameHit, word: str) -> _Name:
    if row.restricted:
        return _Name(row.person, _RESTRICTED, "", "")
    return _Name(row.person, 5, row.sort_name, f"Spelled nearly like {_typed(word)}")


def _all_near(wanted: Iterable[str], having: Sequence[str]) -> bool:
    return all(any(h.startswith(w) or h in same_as(w) or _nearest(w, [h]) for h in having) for w in wanted)


def _nearest(word: str, names: Sequence[str]) -> list[str]:
    if len(word) < 3:
        return []
    # Imported here: only a misspelled search needs it.
    from rapidfuzz import fuzz, process  # noqa: PLC0415 - see above

    return [name for name, _, _ in process.extract(word, names, scorer=fuzz.ratio, score_cutoff=NEAR, limit=_NEAREST)]


def _distinct(connection: Connection, column: str) -> list[str]:
    """Return the distinct names of an index by jumping from one to the next."""
    jump = text(
        f"WITH RECURSIVE each_name(name) AS (SELECT MIN({column}) FROM person_name UNION ALL "  # noqa: S608 - own names
        f"SELECT (SELECT MIN({column}) FROM person_name WHERE {column} > name) FROM each_name WHERE name IS NOT NULL) "
        "SELECT name FROM each_name WHERE name IS NOT NULL"
    )
    return list(connection.scalars(jump))


def _begins(column: ColumnElement[str], start: str) -> ColumnElement[bool]:
    # A range, not LIKE: it uses the index whatever the collation of LIKE.
    return and_(column >= start, column < start + _LAST)


def _rows(connection: Connection, where: ColumnElement[bool]) -> list[NameHit]:
    name, who = person_name.c, person.c
    query = (
        select(name.person, name.kind, name.shown, name.family, name.given, who.sort_name, who.restricted)
        .join(person, who.id == name.person)
        .where(where)
        .limit(COUNTED * 3 // 2)
    )
    return list(connection.execute(query))


def _name(row: NameHit, wanted: Sequence[str]) -> _Name:
    if row.restricted:
        # Last, so that its place in the list tells no name.
        return _Name(row.person, _RESTRICTED, "", "")
    whole = row.sort_name.split()
    if row.kind == "known_as":
        return _Name(row.person, 2, row.sort_name, f"Also known as {row.shown}")
    exact = all(word in whole for word in wanted)
    if exact:
        tier = 0 if row.kind == "current" and row.family in wanted else 1
        return _Name(row.person, tier, row.sort_name, "Name as typed")
    begun = 2 if _begun(row.family, wanted) else 3
    return _Name(row.person, begun, row.sort_name, f"Name begins {' '.join(_typed(word) for word in wanted)}")


def _begun(family: str, wanted: Sequence[str]) -> bool:
    return any(family.startswith(word) for word in wanted)


def _typed(word: str) -> str:
    return word[:1].upper() + word[1:]
