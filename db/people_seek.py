"""Look for people by their words in a record in a file or in memory; PostgreSQL does the same behind its door.

``found_people`` of db/postgres/sql/10_search.sql is this page in the server's language: change both or neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlalchemy.engine import Connection

from console.domain.find_plan import How, Means, Plan
from console.domain.find_words import is_near, keys_near
from db.people_rows import AT_MOST, CLOSED_AT_MOST, NEAR_AT_MOST, Hit, Hits

_WHO = (
    "SELECT f.person, f.words, p.sort_name, p.restricted OR EXISTS (SELECT 1 FROM stream s "
    "WHERE s.stream_kind = 'person' AND s.stream_id = p.id AND s.\"class\" = 'restricted') "
)
_BY_WORDS = (
    f"{_WHO} FROM find_index i JOIN person_find f ON f.place = i.rowid JOIN person p ON p.id = f.person "
    f"WHERE find_index MATCH ? LIMIT {AT_MOST + 1}"
)
_CLOSED = (
    f"{_WHO} FROM find_index i JOIN person_find f ON f.place = i.rowid JOIN person p ON p.id = f.person "
    f"WHERE find_index MATCH ? ORDER BY f.person LIMIT {CLOSED_AT_MOST}"
)
_BY_NAME = (
    f"{_WHO} FROM person_name n JOIN person_find f ON f.person = n.person JOIN person p ON p.id = n.person "
    "WHERE n.{part} = ? ORDER BY n.{order}, n.person, n.kind, n.shown "
    f"LIMIT {AT_MOST}"
)
_BY_ID = f"{_WHO} FROM person_find f JOIN person p ON p.id = f.person WHERE f.person IN "


def seek(connection: Connection, asked: Plan, enough: int) -> Hits:
    """Go through the searches of a plan until ``enough`` people are found."""
    return Seeker(connection).seek(asked, enough)


def hits_of(connection: Connection, people: Sequence[UUID]) -> list[Hit]:
    """Return people by id, with their words."""
    marks = f"{_BY_ID} ({', '.join('?' * len(people))})"
    return _hits(connection, marks, [one.hex for one in people])


class Seeker:
    """One question at one record."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._near: dict[str, list[str]] = {}

    def seek(self, asked: Plan, enough: int) -> Hits:
        """Return who fits; of more than are counted, some of one name or nobody, and that they are too many."""
        found: dict[UUID, Hit] = {}
        last: tuple[tuple[Means, ...], ...] = ()
        for search in asked.searches():
            groups = asked.groups(search)
            if len(found) >= enough or not all(groups) or groups == last or (search.if_nobody and found):
                continue
            last, some = groups, self._search(groups)
            if len(some) > AT_MOST:
                if not found and search.out is None:
                    return self._too_many(asked)
                continue
            # A restricted one has none of these words; who was restricted this moment may have them still.
            found.update((one.person, one) for one in some if not one.restricted)
        return Hits((*found.values(), *self._closed(asked)), False)

    def _closed(self, asked: Plan) -> list[Hit]:
        """Return the restricted people who have every name typed, whole, and the day of birth."""
        if not asked.closed:
            return []
        some = _hits(self._connection, _CLOSED, [" AND ".join(f'"{word}"' for word in asked.closed)])
        return [one for one in some if one.restricted]

    def _too_many(self, asked: Plan) -> Hits:
        # Of one name alone the first by alphabet are shown.  No restricted one is among them: its place would tell it.
        for part, order in (("family", "given"), ("given", "family")) if asked.name else ():
            some = _hits(self._connection, _BY_NAME.format(part=part, order=order), [asked.name])
            if some:
                return Hits(tuple({one.person: one for one in some if not one.restricted}.values()), True)
        return Hits((), True)

    def _search(self, groups: Iterable[Iterable[Means]]) -> list[Hit]:
        either = [self._either(group) for group in groups]
        return _hits(self._connection, _BY_WORDS, [" AND ".join(either)]) if all(either) else []

    def _either(self, group: Iterable[Means]) -> str:
        words = [text for means in group for text in self._words(means)]
        return f"({' OR '.join(words)})" if words else ""

    def _words(self, means: Means) -> list[str]:
        match means.how:
            case How.IS:
                return [f'"{of}{means.word}"' for of in means.of]
            case How.BEGINS:
                return [f'"{of}{means.word}"*' for of in means.of]
            case How.NEAR:
                return [f'"{of}{word}"' for word in self._near_words(means.word) for of in means.of]

    def _near_words(self, word: str) -> list[str]:
        if word not in self._near:
            keys = sorted(keys_near(word))
            query = f"SELECT DISTINCT word FROM near_word WHERE key IN ({', '.join('?' * len(keys))})"  # noqa: S608 - marks only
            found = self._connection.exec_driver_sql(query, tuple(keys))
            near = sorted(one for (one,) in found if is_near(one, word))
            self._near[word] = near[:NEAR_AT_MOST]
        return self._near[word]


def _hits(connection: Connection, query: str, values: Sequence[str]) -> list[Hit]:
    rows = connection.exec_driver_sql(query, tuple(values))
    return [Hit(UUID(person), words, sort_name, bool(closed)) for person, words, sort_name, closed in rows]
