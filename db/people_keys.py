"""Keep the words by which people are found true to the tables of people; see :mod:`console.domain.find_words`.

New people come with all that belongs to them in one batch (:func:`add_keys`); whoever changes somebody says so
(:func:`make_keys`), and their words are made anew from the tables.  An address that must not be disclosed gives no
words: finding somebody by it would tell it.  A restricted person has only whole names for words
(:func:`console.domain.find_words.whole_words`), and whoever restricts somebody or no longer does makes them anew.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy.engine import Connection

from console.domain.find_words import HomeWords, NameWords, keys_near, spelled_words, whole_words, words_of
from console.domain.people_rows import Batch

AT_ONCE = 500
"""People whose words are made together."""
COPYING = "nightdesk_copies"
"""The execution option of a connection that loads rows by COPY."""
HIDES = "do_not_disclose_address"
"""The marker of somebody whose addresses must not be told."""

_BORN = "SELECT id, born FROM person WHERE id {these}"
_NAMES = "SELECT person, kind, family, given FROM person_name WHERE person {these}"
_HOMES = (
    "SELECT l.person, a.lines, a.postcode_key, l.until FROM person_address l JOIN address a ON a.id = l.address "
    "WHERE l.person {these} AND NOT l.do_not_disclose AND NOT EXISTS "
    "(SELECT 1 FROM marker m WHERE m.subject_id = l.person AND m.kind = 'do_not_disclose_address')"
)
_RESTRICTED = "SELECT id, 1 FROM person WHERE restricted AND id {these}"
_CLOSED_TONIGHT = (
    "SELECT stream_id, 1 FROM stream WHERE stream_kind = 'person' AND \"class\" = 'restricted' AND stream_id {these}"
)
Words = Sequence[tuple[UUID, str]]


class KeyTables(Protocol):
    """The tables of the search on one kind of database, and those they are made of."""

    def rows(self, query: str, people: Sequence[UUID]) -> Iterable[Sequence[Any]]:
        """Return rows of a query with ``{these}`` in the place of its condition; ids come as ids, days as days."""

    def closed(self, people: Sequence[UUID]) -> set[UUID]:
        """Return which of some people are restricted, as far as whoever writes may read it."""

    def some(self, after: UUID | None) -> Sequence[UUID]:
        """Return the ids of the next people in order."""

    def add(self, words: Words) -> None:
        """Write down the words of people who have none yet."""

    def fill(self, words: Words) -> None:
        """Write down the words of people, but of those who have some by now."""

    def put(self, words: Words) -> None:
        """Write down the words of people, in the place of those they had."""

    def known(self, words: Sequence[str]) -> set[str]:
        """Return which words are among the near ones already."""

    def near(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Write down near words by their keys."""


def add_keys(connection: Connection, batch: Batch, later: set[str] | None = None) -> None:
    """Write down the words of the new people of a batch, which holds all of their names, homes and markers.

    ``later`` takes those that are also found with a letter wrong, for :func:`put_near` at the end of a transaction.
    """
    tables = tables_of(connection)
    _write(tables, list(_of_batch(batch)), tables.add, later)


def make_keys(connection: Connection, people: Iterable[UUID], later: set[str] | None = None) -> None:
    """Make the words of people anew from the tables, after something of theirs was changed; ``later`` as above."""
    tables = tables_of(connection)
    _make(tables, list(people), tables.put, later)


def put_near(connection: Connection, spelled: set[str]) -> None:
    """Write down words that are found with a letter wrong, of a whole transaction and at its end.

    They are shared by everybody who writes people down, consoles while they hold the head of the record too: all
    write them once and in one order, so that nobody waits for another in a ring, nor longer than this takes.
    """
    _put_near(tables_of(connection), spelled)


def make_all_keys(connection: Connection) -> None:
    """Make the words of everybody."""
    tables, last = tables_of(connection), None
    while last := make_some(tables, last):
        continue


def make_some(tables: KeyTables, after: UUID | None) -> UUID | None:
    """Make the words of the next people after one who have none; returns the last of them, or None.

    Whose words were written down while these were made keeps those: they are the newer ones.
    """
    people = tables.some(after)
    if people:
        _make(tables, people, tables.fill)
    return people[-1] if people else None


def tables_of(connection: Connection) -> KeyTables:
    """Return the tables of the search behind a connection inside a transaction."""
    if connection.get_execution_options().get(COPYING):
        return PostgresKeys(connection.connection.driver_connection)
    return SqliteKeys(connection)


def _of_batch(batch: Batch) -> Iterator[tuple[UUID, str]]:
    # By the numbers of the ids: an id itself takes its time to be looked up, and there are ten million.
    hidden = {sign.subject_id.int for sign in batch.markers if sign.kind == HIDES}
    places = {place.id.int: place for place in batch.addresses}
    names: dict[int, list[NameWords]] = defaultdict(list)
    homes: dict[int, list[HomeWords]] = defaultdict(list)
    for name in batch.names:
        names[name.person.int].append(NameWords(name.kind, name.family, name.given))
    for lives in batch.lives:
        if not lives.do_not_disclose and lives.person.int not in hidden:
            place = places[lives.address.int]
            homes[lives.person.int].append(HomeWords(place.lines, place.postcode_key, lives.until is not None))
    for person in batch.people:
        words = words_of(person.born, names[person.id.int], homes[person.id.int])
        yield person.id, whole_words(words) if person.restricted else words


def _make(
    tables: KeyTables, people: Sequence[UUID], put: Callable[[Words], None], later: set[str] | None = None
) -> None:
    names: dict[UUID, list[NameWords]] = defaultdict(list)
    homes: dict[UUID, list[HomeWords]] = defaultdict(list)
    for person, *name in tables.rows(_NAMES, people):
        names[person].append(NameWords(*name))
    for person, lines, postcode, until in tables.rows(_HOMES, people):
        homes[person].append(HomeWords(lines, postcode, until is not None))
    born: dict[UUID, date | None] = {person: day for person, day in tables.rows(_BORN, people)}
    closed = tables.closed(people)
    words = [(one, words_of(born[one], names[one], homes[one])) for one in people if one in born]
    _write(tables, [(one, whole_words(text) if one in closed else text) for one, text in words], put, later)


def _write(tables: KeyTables, words: Words, put: Callable[[Words], None], later: set[str] | None) -> None:
    put(words)
    spelled = set().union(*(spelled_words(one) for _, one in words))
    if later is None:
        _put_near(tables, spelled)
    else:
        later |= spelled


def _put_near(tables: KeyTables, spelled: set[str]) -> None:
    strange = spelled - tables.known(sorted(spelled))
    tables.near((key, word) for word in sorted(strange) for key in sorted(keys_near(word)))


class SqliteKeys:
    """Implements :class:`KeyTables` on a record in a file or in memory."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def rows(self, query: str, people: Sequence[UUID]) -> Iterable[Sequence[Any]]:
        """Return rows with ids and days as such."""
        marks = query.replace("{these}", f"IN ({', '.join('?' * len(people))})")
        for person, *rest in self._connection.exec_driver_sql(marks, tuple(one.hex for one in people)):
            yield UUID(person), *(date.fromisoformat(rest[0]) if query is _BORN and rest[0] else one for one in rest)

    def closed(self, people: Sequence[UUID]) -> set[UUID]:
        """Return which of some people are restricted, by an import or by an entry."""
        return {row[0] for query in (_RESTRICTED, _CLOSED_TONIGHT) for row in self.rows(query, people)}

    def some(self, after: UUID | None) -> Sequence[UUID]:
        """Return the ids of the next people in order."""
        query = f"SELECT id FROM person WHERE id > ? ORDER BY id LIMIT {AT_ONCE}"  # noqa: S608 - own number
        found = self._connection.exec_driver_sql(query, (after.hex if after else "",))
        return [UUID(row[0]) for row in found]

    def add(self, words: Words) -> None:
        """Write down the words of people who have none yet."""
        if words:
            statement = "INSERT INTO person_find (person, words) VALUES (?, ?)"
            self._connection.exec_driver_sql(statement, [(one.hex, text) for one, text in words])

    def fill(self, words: Words) -> None:
        """Write down the words of people, but of those who have some by now."""
        if words:
            statement = "INSERT OR IGNORE INTO person_find (person, words) VALUES (?, ?)"
            self._connection.exec_driver_sql(statement, [(one.hex, text) for one, text in words])

    def put(self, words: Words) -> None:
        """Write down the words of people; words that are the same are left alone."""
        if words:
            statement = (
                "INSERT INTO person_find (person, words) VALUES (?, ?) ON CONFLICT (person) "
                "DO UPDATE SET words = excluded.words WHERE words <> excluded.words"
            )
            self._connection.exec_driver_sql(statement, [(one.hex, text) for one, text in words])

    def known(self, words: Sequence[str]) -> set[str]:
        """Return which words are among the near ones already."""
        found: set[str] = set()
        for start in range(0, len(words), AT_ONCE):
            some = tuple(words[start : start + AT_ONCE])
            query = f"SELECT word FROM near_word WHERE key = word AND key IN ({', '.join('?' * len(some))})"  # noqa: S608 - marks only
            found.update(row[0] for row in self._connection.exec_driver_sql(query, some))
        return found

    def near(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Write down near words by their keys."""
        if rows := list(pairs):
            self._connection.exec_driver_sql("INSERT OR IGNORE INTO near_word (key, word) VALUES (?, ?)", rows)


class PostgresKeys:
    """Implements :class:`KeyTables` on PostgreSQL, over the driver's own connection."""

    def __init__(self, driver: Any) -> None:  # noqa: ANN401  psycopg's, which a file does without
        self._driver = driver

    def rows(self, query: str, people: Sequence[UUID]) -> Iterable[Sequence[Any]]:
        """Return rows with ids and days as such."""
        found: Iterable[Sequence[Any]] = self._driver.execute(query.replace("{these}", "= ANY (%s)"), [list(people)])
        return found

    def closed(self, people: Sequence[UUID]) -> set[UUID]:
        """Return which of some people an import or an entry restricted.

        An import cannot read streams: of who was restricted at night the trigger ``close_words`` takes the other words
        away as they are written down.
        """
        return {row[0] for row in self.rows(_RESTRICTED, people)}

    def some(self, after: UUID | None) -> Sequence[UUID]:
        """Return the ids of the next people in order who have no words yet."""
        found = self._driver.execute(
            "SELECT p.id FROM person p WHERE p.id > %s AND NOT EXISTS "
            "(SELECT 1 FROM person_find f WHERE f.person = p.id) ORDER BY p.id LIMIT %s",
            [after or UUID(int=0), AT_ONCE],
        )
        return [row[0] for row in found]

    def add(self, words: Words) -> None:
        """Write down the words of people who have none yet, in PostgreSQL's own way of loading many."""
        with self._driver.cursor() as cursor, cursor.copy("COPY person_find (person, words) FROM STDIN") as copy:
            for row in words:
                copy.write_row(row)

    def fill(self, words: Words) -> None:
        """Write down the words of people, but of those who have some by now: an import brought newer ones."""
        with self._driver.cursor() as cursor:
            cursor.executemany("INSERT INTO person_find (person, words) VALUES (%s, %s) ON CONFLICT DO NOTHING", words)

    def put(self, words: Words) -> None:
        """Write down the words of people; words that are the same are left alone."""
        with self._driver.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO person_find AS f (person, words) VALUES (%s, %s) ON CONFLICT (person) "
                "DO UPDATE SET words = excluded.words WHERE f.words <> excluded.words",
                words,
            )

    def known(self, words: Sequence[str]) -> set[str]:
        """Return which words are among the near ones already."""
        query = "SELECT word FROM near_word WHERE key = word AND key = ANY (%s)"
        return {row[0] for row in self._driver.execute(query, [list(words)])}

    def near(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Write down near words by their keys."""
        if rows := list(pairs):
            keys, words = zip(*rows, strict=True)
            self._driver.execute(
                "INSERT INTO near_word (key, word) SELECT * FROM unnest(%s::text[], %s::text[]) ON CONFLICT DO NOTHING",
                [list(keys), list(words)],
            )
