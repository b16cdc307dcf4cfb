"""The migration of the people: up and down with rows in, and the same tables as a new record has."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import text

from console.domain.invent import invent
from console.domain.invent_script import MARCUS
from console.ports.store import Look
from db.engine import Database, make_private_file
from db.people import find_candidates
from db.people_desk import add_invented
from db.people_schema import TABLES
from db.rota_schema import rota
from db.schema import REVISIONS
from db.upgrade import config_for
from tests.helpers.people_room import TODAY, empty_store
from tests.helpers.record_parts import TEN_PAST

HEAD = REVISIONS[-1]


def _shape(database: Database) -> dict[str, str]:
    names = {table.name for table in (*TABLES, rota)}
    with database.reading() as connection:
        rows = connection.execute(text("SELECT name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {row.name: "".join(row.sql.split()).replace('"', "") for row in rows if row.tbl_name in names}


def _ties(database: Database) -> int:
    with database.reading() as connection:
        return int(connection.execute(text("SELECT count(*) FROM relationship")).scalar_one())


def _migrate(database: Database, to: str, *, down: bool = False) -> None:
    with database.writing(limitless=True) as connection:
        (command.downgrade if down else command.upgrade)(config_for(connection), to)


def _empty(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(
            text("INSERT INTO head VALUES (1, :service, 1, 1, :at, 0, :zero, 0, :zero)"),
            {"service": MARCUS.hex, "at": int(TEN_PAST.timestamp()), "zero": "0" * 64},
        )


def _search(database: Database, words: str) -> list[tuple[object, str]]:
    with database.reading() as connection:
        found = find_candidates(connection, Look("t", words=words), TODAY)
    return [(one.person, one.reason) for one in found.people]


def test_up_down_and_up_with_people_in(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_private_file(path)
    database = Database(path, None)
    _migrate(database, "0001_record")
    assert _shape(database) == {}
    _migrate(database, "0002_people")
    _empty(database)
    _migrate(database, "0001_record", down=True)
    assert _shape(database) == {}
    _migrate(database, HEAD)
    assert add_invented(database, invent(50, 1), lambda _: None) == 50
    ties = _ties(database)
    assert ties > 20
    _migrate(database, "0002_people", down=True)
    assert _ties(database) == ties
    _migrate(database, HEAD)
    assert _ties(database) == ties
    with database.reading() as connection:
        assert find_candidates(connection, Look("t", reference="448 210"), TODAY).people[0].person == MARCUS
    new = empty_store(tmp_path)
    assert _shape(database) == _shape(new.database)
    new.close()
    database.close()


def test_a_record_of_before_the_search_finds_its_people_by_their_words(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    make_private_file(path)
    database = Database(path, None)
    _migrate(database, HEAD)
    _empty(database)
    add_invented(database, invent(1_200, 1), lambda _: None)
    with database.reading() as connection:
        new = connection.execute(text("SELECT person, words FROM person_find ORDER BY person")).all()
    before = {words: _search(database, words) for words in ("marcus larch", "fnen 1992", "9 larch court")}
    _migrate(database, "0003_references", down=True)
    assert not {"person_find", "find_index", "near_word", "find_index_data"} & set(_names(database))
    _migrate(database, HEAD)
    with database.reading() as connection:
        assert connection.execute(text("SELECT person, words FROM person_find ORDER BY person")).all() == new
        connection.execute(text("INSERT INTO find_index (find_index) VALUES ('integrity-check')"))
    assert {words: _search(database, words) for words in before} == before
    assert before["marcus larch"] == [(MARCUS, "Name as typed, address")]
    assert before["fnen 1992"] == [(MARCUS, "Name near: Fenn, born 1992")]
    database.close()


def _names(database: Database) -> list[str]:
    with database.reading() as connection:
        return list(connection.scalars(text("SELECT name FROM sqlite_master")))
