"""Open, make and name the shared record; the only module that knows which store a URL means."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy import insert, inspect, text
from sqlalchemy.engine import Connection

import db.people as people_tables
from console.domain.record import GENESIS, SCHEMA_VERSION, micros
from console.domain.text import BadInput
from console.ports.clock import Clock
from console.ports.store import WrongSchema
from db.engine import Database, NoDatabase, NotOurs, make_record_file, translated
from db.memory import MemoryStore
from db.schema import REVISIONS, head, metadata
from db.sqlite import SqliteStore

log = logging.getLogger(__name__)

MEMORY = "memory:"

Guard = Callable[[Path], None]
"""Raises where a record may not lie (a network share); ``console.machine.shares`` has it."""

_NEWER = (
    "{path} was written by a newer Nightdesk than this one.  Nothing was written.  "
    "Please start the newer version, which your colleagues already use."
)
_OLDER = (
    "{path} was written by an older Nightdesk.  Nothing was written.  "
    "Run `nightdesk db upgrade`: it copies the file first, then brings it up to date."
)


def path_of(url: str) -> Path:
    """Return the file that a path or ``sqlite:///FILE`` names; raises :class:`BadInput` on others."""
    if not url.startswith("sqlite:"):
        if "://" in url:
            message = f"{urlsplit(url).scheme}:// is not a record this version can open; give a SQLite file."
            raise BadInput(message)
        return _in_full(url)
    name = unquote(url.removeprefix("sqlite:").removeprefix("//").removeprefix("/"))
    if not name:
        raise BadInput("sqlite:/// needs the name of a file behind it, such as sqlite:///nightdesk.db.")
    return _in_full(name)


def _in_full(name: str) -> Path:
    try:
        return Path(name).expanduser()
    except RuntimeError as error:
        message = f"{name}: there is no such user on this computer.  Nothing was opened; name another file."
        raise BadInput(message) from error


def open_store(
    url: str, *, key: bytes | None, clock: Clock, guard: Guard | None = None, migrate: bool = False
) -> SqliteStore | MemoryStore:
    """Open an existing record: a path, ``sqlite:///FILE`` or ``memory:`` (always new and empty).

    An older file is copied and brought up to date where ``migrate``; otherwise, and for a newer
    one, :class:`WrongSchema` says so and nothing is written.
    """
    if url == MEMORY:
        return MemoryStore(clock, people_tables)
    database = Database(_existing(url, guard), key)
    try:
        _check_schema(database, migrate=migrate)
    except BaseException:
        database.close()
        raise
    return SqliteStore(database, clock, people_tables)


def create_store(
    url: str, *, key: bytes | None, clock: Clock, guard: Guard | None = None, invented: bool = False
) -> SqliteStore | MemoryStore:
    """Make a new record and open it; refuses where a file is already.  Without a key it is not encrypted."""
    if url == MEMORY:
        return MemoryStore(clock, people_tables)
    path = path_of(url)
    if guard is not None:
        guard(path)
    try:
        make_record_file(path)
    except FileExistsError:
        message = f"There is already a file at {path}.  It was left as it is; choose another name, or open it."
        raise BadInput(message) from None
    try:
        return _fill(path, key, clock, invented=invented)
    except BaseException:
        for left in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
            left.unlink(missing_ok=True)
        raise


def _fill(path: Path, key: bytes | None, clock: Clock, *, invented: bool) -> SqliteStore:
    database = Database(path, key)
    try:
        with translated():
            bare = database.bare()
            bare.execute("PRAGMA journal_mode = WAL")
            bare.close()
        with database.writing(limitless=True) as connection:
            create_tables(connection, clock, invented=invented)
    except BaseException:
        database.close()
        raise
    return SqliteStore(database, clock, people_tables)


def create_tables(connection: Connection, clock: Clock, *, invented: bool) -> None:
    """Make every table of this version, and the counter row of an empty record."""
    metadata.create_all(connection)
    connection.execute(
        insert(head),
        {
            "id": 1,
            "service": uuid.uuid4(),
            "schema": SCHEMA_VERSION,
            "invented": invented,
            "created_at": micros(clock.now()),
            "seq": 0,
            "digest": GENESIS,
            "access_seq": 0,
            "access_digest": GENESIS,
        },
    )
    connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
    connection.execute(text("INSERT INTO alembic_version VALUES (:now)"), {"now": REVISIONS[-1]})


def revision_of(database: Database) -> str:
    """Return the migration a file stands at; raises :class:`NotOurs` where it is no record."""
    with database.reading() as connection:
        names = inspect(connection).get_table_names()
        if not {"alembic_version", "head", "entry"} <= set(names):
            message = f"{database.path} is a database of some other program.  It was left exactly as it is."
            raise NotOurs(message)
        return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())


@dataclass(frozen=True, slots=True)
class Upgraded:
    """Where a record stood, where it stands now, and its copy of before (None: nothing was to do)."""

    found: str
    now: str
    copy: Path | None


def upgrade_record(url: str, *, key: bytes | None, guard: Guard | None = None) -> Upgraded:
    """Copy an older record and bring it up to date; a newer one raises :class:`WrongSchema`."""
    database = Database(_existing(url, guard), key)
    try:
        return _upgraded(database)
    finally:
        database.close()


def _check_schema(database: Database, *, migrate: bool) -> None:
    if migrate:
        _upgraded(database)
        return
    found = revision_of(database)
    if found != REVISIONS[-1]:
        raise WrongSchema((_OLDER if found in REVISIONS else _NEWER).format(path=database.path))


def _upgraded(database: Database) -> Upgraded:
    found = revision_of(database)
    if found == REVISIONS[-1]:
        return Upgraded(found, found, None)
    if found not in REVISIONS:
        raise WrongSchema(_NEWER.format(path=database.path))
    # Alembic takes a tenth of a second to import, and is needed once a year.
    copy = import_module("db.upgrade").upgrade_file(database, found)
    log.info("the record was brought from %s to %s; its copy is %s", found, REVISIONS[-1], copy.name)
    return Upgraded(found, REVISIONS[-1], copy)


def _existing(url: str, guard: Guard | None) -> Path:
    path = path_of(url)
    if guard is not None:
        guard(path)
    if not path.is_file():
        message = (
            f"There is no record at {path}.  Nothing was made; make one with `nightdesk db init --database {path}`."
        )
        raise NoDatabase(message)
    if path.stat().st_size == 0:
        # Opened, SQLite would remove its -wal, which may hold the newest entries.
        message = f"The file {path} is empty.  It was left exactly as it is.  Please bring back the latest backup."
        raise NotOurs(message)
    return path
