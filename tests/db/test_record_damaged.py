"""A record whose file is cut off, emptied or replaced under running consoles: nothing is called shared, all is kept."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from console.domain.record import StreamRef
from console.ports.store import StoreAway
from db.backup import back_up
from db.engine import NotOurs, connect
from db.opening import open_store
from db.sqlite import SqliteStore
from tests.helpers.record_parts import KEY, PRIYA, HandClock, Pen, make_store


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pen(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture(params=["sqlite", "sqlite-encrypted"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock) -> Iterator[SqliteStore]:
    """A record whose tables lie in its main file, as after some minutes of work."""
    made = make_store(request.param, tmp_path, clock)
    assert isinstance(made, SqliteStore)
    made.close()
    opened = open_store(str(made.database.path), key=key_of(made), clock=clock)
    assert isinstance(opened, SqliteStore)
    yield opened
    opened.close()


@pytest.fixture
def contact(store: SqliteStore, pen: Pen) -> StreamRef:
    ref, opened = pen.contact()
    assert store.append(PRIYA, [opened])[0].seq == 1
    return ref


def key_of(store: SqliteStore) -> bytes | None:
    return KEY if "encrypted" in store.database.path.name else None


def side(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def bring_back(store: SqliteStore, copy: Path) -> None:
    """Do what the page for technicians says: the old three files away together, then the copy in."""
    path = store.database.path
    for ending in ("-wal", "-shm", ""):
        side(path, ending).unlink(missing_ok=True)
    shutil.copy(copy, path)


@pytest.mark.parametrize("left", [0, 100, 3 * 4096])
def test_nothing_is_called_shared_on_a_file_that_was_cut_off(
    store: SqliteStore, contact: StreamRef, pen: Pen, tmp_path: Path, left: int
) -> None:
    copy = back_up(store.database, tmp_path / "copy.db").path
    os.truncate(store.database.path, left)
    waits = pen.note(contact, "waits")
    for _ in range(3):
        with pytest.raises(StoreAway, match=r"is damaged\.  What you write is kept on this computer"):
            store.append(PRIYA, [waits])
    with pytest.raises(StoreAway):
        store.heartbeat()

    bring_back(store, copy)
    assert store.append(PRIYA, [waits])[0].seq == 2
    report = store.verify()
    assert (report.entries, report.what) == (2, "")


def test_a_file_cut_off_between_the_words_and_the_commit_takes_nothing(store: SqliteStore) -> None:
    def write() -> None:
        with store.database.writing() as connection:
            connection.exec_driver_sql("UPDATE head SET seq = seq + 1")
            os.truncate(store.database.path, 0)

    with pytest.raises(StoreAway, match="is damaged"):
        write()


def test_a_file_that_grew_is_the_same_record(store: SqliteStore, contact: StreamRef, pen: Pen) -> None:
    turn, size = store.database.turn(), store.database.path.stat().st_size
    store.append(PRIYA, [pen.note(contact, "word " * 800) for _ in range(300)])
    on_the_file(store, "PRAGMA wal_checkpoint(TRUNCATE)")
    assert store.database.path.stat().st_size > size
    assert store.append(PRIYA, [pen.note(contact, "on")])[0].seq == 302
    assert store.database.turn() == turn


def test_a_copy_laid_over_the_file_beside_its_old_wal_is_left_as_it_is(
    store: SqliteStore, contact: StreamRef, pen: Pen, tmp_path: Path
) -> None:
    copy = back_up(store.database, tmp_path / "copy.db").path
    path = store.database.path
    store.append(PRIYA, [pen.note(contact, f"later {turn}") for turn in range(20)])
    assert side(path, "-wal").stat().st_size > 0
    shutil.copy(copy, tmp_path / "new.db")
    os.replace(tmp_path / "new.db", path)
    before = path.read_bytes()
    waits = pen.note(contact, "waits")
    for _ in range(2):
        with pytest.raises(StoreAway, match="beside its old -wal file"):
            store.append(PRIYA, [waits])
    assert path.read_bytes() == before

    (tmp_path / "away").mkdir()
    for ending in ("-wal", "-shm"):
        side(path, ending).rename(tmp_path / "away" / side(path, ending).name)
    assert store.append(PRIYA, [waits])[0].seq == 2
    assert (store.verify().entries, store.verify().what) == (2, "")


def test_a_damaged_file_put_in_the_place_is_not_taken_up(
    store: SqliteStore, contact: StreamRef, pen: Pen, tmp_path: Path
) -> None:
    copy = back_up(store.database, tmp_path / "copy.db").path
    bad = bytearray(copy.read_bytes())
    bad[5 * 4096 : 20 * 4096] = bytes(15 * 4096)
    (tmp_path / "bad.db").write_bytes(bad)
    bring_back(store, tmp_path / "bad.db")
    waits = pen.note(contact, "waits")
    for _ in range(2):
        with pytest.raises(StoreAway, match="is damaged"):
            store.append(PRIYA, [waits])
    assert store.database.path.read_bytes() == bytes(bad)
    bring_back(store, copy)
    assert store.append(PRIYA, [waits])[0].seq == 2


def test_a_file_found_to_be_no_record_is_away_for_what_is_written(
    store: SqliteStore, contact: StreamRef, pen: Pen, tmp_path: Path
) -> None:
    copy = back_up(store.database, tmp_path / "copy.db").path
    path = store.database.path
    store.close()
    size = path.stat().st_size
    path.write_bytes(b"no record " * (size // 10 + 1))
    waits = pen.note(contact, "waits")
    for _ in range(2):
        with pytest.raises(StoreAway, match="is damaged"):
            store.append(PRIYA, [waits])
    bring_back(store, copy)
    assert store.append(PRIYA, [waits])[0].seq == 2


def test_an_empty_file_is_not_opened_and_its_wal_stays(store: SqliteStore, clock: HandClock, pen: Pen) -> None:
    path = store.database.path
    store.append(PRIYA, [pen.contact()[1]])
    os.truncate(path, 0)
    wal = side(path, "-wal").read_bytes()
    with pytest.raises(NotOurs, match="is empty"):
        open_store(str(path), key=key_of(store), clock=clock)
    assert side(path, "-wal").read_bytes() == wal


def test_verify_names_what_is_damaged_in_the_file(store: SqliteStore, contact: StreamRef, pen: Pen) -> None:
    """An index that lacks a row: both chains are honest, and the file is not."""
    statement = "CREATE INDEX ix_entry_stored_at ON entry (stored_at, seq)"
    (root,) = on_the_file(store, "SELECT rootpage FROM sqlite_master WHERE name = 'ix_entry_stored_at'") or (0,)
    on_the_file(store, "PRAGMA writable_schema = ON", "DELETE FROM sqlite_master WHERE name = 'ix_entry_stored_at'")
    store.close()
    store.append(PRIYA, [pen.note(contact, "not in the index")])
    row = f"INSERT INTO sqlite_master VALUES ('index', 'ix_entry_stored_at', 'entry', {root}, '{statement}')"
    on_the_file(store, "PRAGMA writable_schema = ON", row)
    store.close()
    report = store.verify()
    assert (report.where, report.first_bad) == ("file", 1)
    assert report.what.startswith("the file is damaged: ")
    assert "ix_entry_stored_at" in report.what


def on_the_file(store: SqliteStore, *statements: str) -> tuple[Any, ...] | None:
    """Do what somebody with the file and its key can do; returns the last statement's first row."""
    driver = connect(store.database.path, key_of(store))
    first = [driver.execute(statement).fetchone() for statement in statements][-1]
    driver.close()
    return first
