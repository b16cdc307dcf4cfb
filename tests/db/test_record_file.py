"""The record as a file: tampering is named, copies are proved, other versions and other files are refused."""

from __future__ import annotations

import stat
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlite
from alembic import command
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.domain.text import BadInput
from console.ports.store import Look, StoreAway, WrongSchema
from db.backup import back_up
from db.engine import Database, NoDatabase, NotOurs, connect, make_private_file
from db.opening import create_store, open_store, path_of, revision_of, upgrade_record
from db.schema import REVISIONS
from db.sqlite import SqliteStore
from db.upgrade import config_for
from tests.helpers.record_parts import KEY, PRIYA, TOM, HandClock, Pen, make_store


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pen(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture(params=["sqlite", "sqlite-encrypted"])
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, pen: Pen) -> Iterator[SqliteStore]:
    """A record with six entries and two looks."""
    made = make_store(request.param, tmp_path, clock)
    assert isinstance(made, SqliteStore)
    ref, opened = pen.contact()
    claim = pen.write(Kind.CONTACT_TAKEN, ref, {"worker": TOM.worker}, slot="owner", expects=Expects(None))
    made.append(PRIYA, [opened, pen.note(ref, "she is alone"), claim, *(pen.note(ref, str(turn)) for turn in range(3))])
    for _ in range(2):
        made.ask_look(PRIYA, Look("ringing", call=pen.id(), e164="+441632960001"))
    yield made
    made.close()


def key_of(store: SqliteStore) -> bytes | None:
    return KEY if "encrypted" in store.database.path.name else None


def as_owner_of_the_file(store: SqliteStore, *statements: str) -> None:
    """Do what somebody with the file and its key can do: take the triggers away and write."""
    driver = connect(store.database.path, key_of(store))
    driver.execute("PRAGMA foreign_keys = OFF")
    for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        driver.execute(f"DROP TRIGGER {name}")
    for statement in statements:
        driver.execute(statement)
    driver.close()


def test_an_honest_record_verifies(store: SqliteStore) -> None:
    report = store.verify()
    assert (report.entries, report.accesses, report.first_bad, report.what) == (6, 2, 0, "")
    assert report.head == store.heartbeat().head


@pytest.mark.parametrize(
    ("statement", "where", "seq", "words"),
    [
        (
            "UPDATE entry_body SET body = replace(body, 'alone', 'with him')",
            "entry",
            2,
            "words of this entry were altered",
        ),
        ("DELETE FROM entry_body WHERE id = (SELECT id FROM entry WHERE seq = 4)", "entry", 4, "without an erasure"),
        ("UPDATE entry SET author = 'tom.ashdown' WHERE seq = 3", "entry", 3, "altered after it was stored"),
        ("UPDATE entry SET station = 'desk-9' WHERE seq = 3", "entry", 3, "altered"),
        ("UPDATE entry SET on_behalf_of = 'x' WHERE seq = 5", "entry", 5, "altered"),
        ("UPDATE entry SET stored_at = stored_at + 1 WHERE seq = 1", "entry", 1, "altered"),
        ("UPDATE entry SET kind = 'no.such.kind' WHERE seq = 6", "entry", 6, "was altered"),
        ("UPDATE entry SET digest = 'x' WHERE seq = 6", "entry", 6, "altered"),
        ("DELETE FROM entry WHERE seq = 4", "entry", 4, "taken out"),
        ("DELETE FROM entry WHERE seq > 4", "entry", 5, "tail was cut off"),
        ("UPDATE head SET seq = 5", "entry", 6, "head of the record"),
        ("UPDATE access SET worker = 'somebody.else' WHERE seq = 2", "access", 2, "altered"),
        ("DELETE FROM access WHERE seq = 1", "access", 1, "taken out"),
        ("DELETE FROM access WHERE seq = 2", "access", 2, "tail was cut off"),
        ("UPDATE stream SET class = 'shift'", "stream", 1, "is not what its entries say"),
        (
            "INSERT INTO stream_member SELECT stream_kind, stream_id, 'x' FROM stream",
            "stream",
            1,
            "not what its entries",
        ),
        ("UPDATE slot SET author = author, seq = 1", "stream", 3, "newest value of a field"),
    ],
)
def test_what_was_tampered_with_is_named(store: SqliteStore, statement: str, where: str, seq: int, words: str) -> None:
    as_owner_of_the_file(store, statement)
    report = store.verify()
    assert (report.where, report.first_bad) == (where, seq)
    assert words in report.what


def test_a_body_lawfully_erased_leaves_the_chain_honest(store: SqliteStore) -> None:
    erase = "DELETE FROM entry_body WHERE id = (SELECT id FROM entry WHERE seq = 1)"
    with pytest.raises(DBAPIError, match="never changed or deleted"), store.database.writing() as connection:
        connection.execute(text(erase))
    with store.database.writing() as connection:
        connection.execute(
            text("INSERT INTO erasure SELECT id, 1, 'dilys.marsh', 'order of the court' FROM entry WHERE seq = 1")
        )
        connection.execute(text(erase))
    assert store.verify().what == ""
    assert store.news(PRIYA, 0)[0].body is None


@pytest.mark.parametrize("table", ["entry", "entry_body", "access", "erasure", "ticket_used"])
@pytest.mark.parametrize("act", ["UPDATE {0} SET id = id", "DELETE FROM {0}"])
def test_the_log_only_grows(store: SqliteStore, table: str, act: str) -> None:
    with store.database.writing() as connection:
        connection.execute(text("INSERT INTO erasure SELECT id, 1, 'x', 'y' FROM entry WHERE seq = 6"))
        connection.execute(text("INSERT INTO ticket_used SELECT id, 1 FROM access WHERE seq = 1"))
    with pytest.raises(DBAPIError, match="never changed or deleted"), store.database.writing() as connection:
        connection.execute(text(act.format(table)))


# --- migrations ------------------------------------------------------------------------------


def shape(database: Database) -> dict[str, str]:
    with database.reading() as connection:
        rows = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")).all()
    return {row.name: "".join(row.sql.split()).replace('"', "") for row in rows if row.name != "alembic_version"}


def migrate(database: Database, to: str, *, down: bool = False) -> None:
    with database.writing(limitless=True) as connection:
        (command.downgrade if down else command.upgrade)(config_for(connection), to)


def test_the_migrations_lead_to_the_models(store: SqliteStore, tmp_path: Path) -> None:
    make_private_file(tmp_path / "migrated.db")
    migrated = Database(tmp_path / "migrated.db", None)
    migrate(migrated, "head")
    assert shape(migrated) == shape(store.database)
    migrate(migrated, "base", down=True)
    assert shape(migrated) == {}
    migrated.close()


def test_an_older_record_is_copied_and_brought_up_with_its_rows(store: SqliteStore, clock: HandClock, pen: Pen) -> None:
    path, key = store.database.path, key_of(store)
    migrate(store.database, REVISIONS[-2], down=True)
    store.close()
    before = path.read_bytes()
    with pytest.raises(WrongSchema, match="older Nightdesk.  Nothing was written"):
        open_store(str(path), key=key, clock=clock)
    assert path.read_bytes() == before

    again = open_store(str(path), key=key, clock=clock, migrate=True)
    assert isinstance(again, SqliteStore)
    assert revision_of(again.database) == REVISIONS[-1]
    assert (again.verify().entries, again.verify().what) == (6, "")
    ref, opened = pen.contact()
    again.append(PRIYA, [opened])
    again.close()
    copy = Database(path.with_name(f"{path.name}.before-{REVISIONS[-2]}"), key)
    assert revision_of(copy) == REVISIONS[-2]
    copy.close()
    done = upgrade_record(str(path), key=key)
    assert (done.found, done.copy) == (REVISIONS[-1], None)


def test_a_newer_record_is_refused_and_left_as_it_is(store: SqliteStore, clock: HandClock) -> None:
    path, key = store.database.path, key_of(store)
    as_owner_of_the_file(store, "UPDATE alembic_version SET version_num = '0099_next'")
    store.close()
    before = path.read_bytes()
    for migrating in (True, False):
        with pytest.raises(WrongSchema, match="newer Nightdesk"):
            open_store(str(path), key=key, clock=clock, migrate=migrating)
    assert path.read_bytes() == before


def test_a_record_migrated_by_a_colleague_tonight_takes_no_more_from_us(store: SqliteStore, pen: Pen) -> None:
    as_owner_of_the_file(store, "UPDATE head SET schema = 2")
    assert store.heartbeat().schema == 2
    with pytest.raises(WrongSchema, match="Nothing was written"):
        store.append(PRIYA, [pen.contact()[1]])
    assert store.heartbeat().head.seq == 6


# --- opening and copying ---------------------------------------------------------------------


def test_a_copy_is_made_while_others_write_and_verifies(store: SqliteStore, tmp_path: Path, clock: HandClock) -> None:
    stop = threading.Event()

    def write_on() -> None:
        pen = Pen(TOM, clock)
        ref, opened = pen.contact()
        store.append(TOM, [opened])
        while not stop.is_set():
            store.append(TOM, [pen.note(ref, "going on")])

    writer = threading.Thread(target=write_on)
    writer.start()
    try:
        copied = back_up(store.database, tmp_path / "one.db")
    finally:
        stop.set()
        writer.join()
    assert copied.report.entries >= 6
    assert copied.report.what == ""
    assert copied.size == copied.path.stat().st_size
    assert (copied.path.read_bytes()[:6] == b"SQLite") is (key_of(store) is None)
    with pytest.raises(BadInput, match="left as it is"):
        back_up(store.database, copied.path)
    opened_copy = open_store(str(copied.path), key=key_of(store), clock=clock)
    assert opened_copy.verify().entries == copied.report.entries
    opened_copy.close()


def test_the_file_is_private_and_never_overwritten(store: SqliteStore, clock: HandClock) -> None:
    path = store.database.path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(BadInput, match="left as it is"):
        create_store(str(path), key=None, clock=clock)
    assert store.verify().entries == 6


@pytest.mark.parametrize("key", [None, bytes(32)])
def test_a_wrong_key_is_said_and_nothing_is_changed(tmp_path: Path, clock: HandClock, key: bytes | None) -> None:
    store = make_store("sqlite-encrypted", tmp_path, clock)
    assert isinstance(store, SqliteStore)
    store.close()
    before = store.database.path.read_bytes()
    with pytest.raises(NotOurs, match="left exactly as it is"):
        open_store(str(store.database.path), key=key, clock=clock)
    assert store.database.path.read_bytes() == before


def test_other_files_and_places_are_refused_in_words(tmp_path: Path, clock: HandClock) -> None:
    (tmp_path / "letter.txt").write_text("dear council " * 500)
    foreign = sqlite.connect(str(tmp_path / "foreign.db"))
    foreign.execute("CREATE TABLE entry (a)")
    foreign.close()
    for name, error in (("letter.txt", NotOurs), ("foreign.db", NotOurs), ("missing.db", NoDatabase)):
        with pytest.raises(error):
            open_store(str(tmp_path / name), key=None, clock=clock)
    assert not (tmp_path / "missing.db").exists()

    def no_shares(path: Path) -> None:
        message = f"{path} lies on a network drive.  Nothing was written."
        raise BadInput(message)

    for act in (open_store, create_store):
        with pytest.raises(BadInput, match="network drive"):
            act(str(tmp_path / "missing.db"), key=None, clock=clock, guard=no_shares)
    assert not (tmp_path / "missing.db").exists()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("night.db", "night.db"),
        ("sqlite:///night.db", "night.db"),
        ("sqlite:////srv/night%20two.db", "/srv/night two.db"),
        ("/srv/night.db", "/srv/night.db"),
    ],
)
def test_names_of_records(url: str, path: str) -> None:
    assert path_of(url) == Path(path)


@pytest.mark.parametrize("url", ["postgresql://host/name", "sqlite:///", "sqlite://"])
def test_names_that_are_no_file(url: str) -> None:
    with pytest.raises(BadInput):
        path_of(url)


def test_no_word_lies_on_the_disk_in_plain(tmp_path: Path, clock: HandClock) -> None:
    store = make_store("sqlite-encrypted", tmp_path, clock)
    pen = Pen(PRIYA, clock)
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "she is alone in the car")])
    on_disk = b"".join(path.read_bytes() for path in tmp_path.glob("sqlite-encrypted.db*"))
    store.close()
    assert len(on_disk) > 4096
    for canary in (b"alone in the car", b"priya", b"SQLite format 3", b"CREATE TABLE"):
        assert canary not in on_disk


# --- deadlines -------------------------------------------------------------------------------


def test_a_write_that_cannot_begin_comes_back_by_its_deadline(store: SqliteStore, pen: Pen) -> None:
    held = connect(store.database.path, key_of(store))
    held.execute("BEGIN IMMEDIATE")
    acts: tuple[Callable[[], object], ...] = (
        lambda: store.append(PRIYA, [pen.contact()[1]]),
        lambda: store.ask_look(PRIYA, Look("ringing", call=pen.id(), e164="+441632960001")),
    )
    for act in acts:
        begun = time.monotonic()
        with pytest.raises(StoreAway, match="held by another program"):
            act()
        assert time.monotonic() - begun < 20
    assert store.heartbeat().head.seq == 6, "reading goes on meanwhile"
    held.close()
    assert store.append(PRIYA, [pen.contact()[1]])[0].seq == 7


def test_a_question_that_takes_too_long_is_ended(store: SqliteStore) -> None:
    quick = store.database.another(0.3)
    endless = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT count(*) FROM n"
    begun = time.monotonic()
    with pytest.raises(StoreAway, match="did not answer in time"), quick.reading() as connection:
        connection.execute(text(endless))
    assert time.monotonic() - begun < 20
    quick.close()


def test_errors_name_no_person(store: SqliteStore) -> None:
    with pytest.raises(DBAPIError) as error, store.database.writing() as connection:
        connection.execute(text("INSERT INTO head VALUES (:name)"), {"name": "Marcus Fenn"})
    assert "Fenn" not in str(error.value)


def test_a_stream_of_a_call_closes_with_its_end(store: SqliteStore, pen: Pen) -> None:
    ref = StreamRef(StreamKind.CALL, pen.id())
    store.append(PRIYA, [pen.write(Kind.CALL_SEEN, ref), pen.write(Kind.CALL_ENDED, ref)])
    assert store.open_streams([StreamKind.CALL]) == ()
    assert store.verify().what == ""


def test_what_an_older_version_held_for_closed_when_help_failed_is_honest(store: SqliteStore, pen: Pen) -> None:
    failed, done = (StreamRef(StreamKind.HELP, pen.id()) for _ in range(2))
    for ref, state in ((failed, "failed"), (done, "cancelled")):
        store.append(PRIYA, [pen.write(Kind.HELP_DRAFTED, ref), pen.write(Kind.HELP_CHANGED, ref, {"state": state})])
    close = "UPDATE stream SET closed_at = opened_at + 1 WHERE stream_id = '{ref.id.hex}'"
    as_owner_of_the_file(store, close.format(ref=failed))
    assert store.verify().what == ""
    as_owner_of_the_file(store, close.format(ref=done))
    assert "the help begun here is not what its entries say" in store.verify().what
