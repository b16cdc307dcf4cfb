"""SQLite for the shared record, always through sqlcipher3: opening, transactions, deadlines, errors.

WAL, synchronous=FULL, foreign keys on; every write begins IMMEDIATE; every call ends by its
deadline, also when another program sits on the file or has been frozen while writing.
"""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from errno import ENOTDIR
from pathlib import Path
from typing import Any, Protocol, cast

import sqlcipher3.dbapi2 as sqlite
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.pool import QueuePool

from console.domain.text import BadInput, NightdeskError
from console.ports.store import StoreAway
from db.standing import GONE, FileWatch

log = logging.getLogger(__name__)

CALL_LIMIT = 2.8
"""Seconds after which every call has come back; a little under the port's deadline of 3 s."""
_STEPS = 20_000
"""How many steps of SQLite's machine pass between two looks at the deadline (about 1 ms)."""
_READERS = 6
_TO_WRITE = "BEGIN IMMEDIATE"
_LIMITLESS = 86_400.0

_BUSY = (
    "The shared record is held by another program on this computer.  What you write waits here and is sent by itself."
)
_SLOW = "The shared record did not answer in time.  What you write waits on this computer and is sent by itself."
_FULL = (
    "The disk that holds the shared record is full.  Nothing already shared is lost, and what you write waits on "
    "this computer.  Please free some space on that disk."
)
_FAULT = (
    "The disk that holds the shared record reports faults.  What you write waits on this computer.  "
    "Please ask the technician to look at that disk."
)
_NOT_OURS = (
    "The file of the record does not open: most likely its key is another one than this; or it is damaged, or no "
    "Nightdesk record at all.  It was left exactly as it is.  Look at the key first, then at the latest backup."
)
_BROKEN = (
    "The file of the record is damaged: its key is right, and a part of it cannot be read.  It was left exactly as it "
    "is.  Keep it, and go on with the latest backup that verifies."
)


class NoDatabase(NightdeskError):
    """There is no record at the place named; nothing was made."""


class NotOurs(NightdeskError):
    """The file is no record, is damaged, or its key is wrong; it was left as it is."""


class NotMade(NightdeskError):
    """A file could not be made at the place named; nothing is there."""


class Rows(Protocol):
    """What we use of a cursor of sqlcipher3."""

    def fetchone(self) -> tuple[Any, ...] | None:
        """Return the next row."""

    def fetchall(self) -> list[tuple[Any, ...]]:
        """Return all rows that are left."""


class Driver(Protocol):
    """What we use of a connection of sqlcipher3."""

    def execute(self, statement: str, parameters: tuple[object, ...] = ..., /) -> Rows:
        """Run one statement; returns its cursor."""

    def set_progress_handler(self, handler: Callable[[], bool] | None, steps: int, /) -> None:
        """Let ``handler`` end long work by returning True."""

    def backup(self, target: Driver, /) -> None:
        """Copy the whole database, consistent, while others write."""

    def close(self) -> None:
        """Let go of the file."""


def key_pragma(key: bytes) -> str:
    """Return the statement that opens an encrypted file with a raw 32-byte key."""
    if len(key) != 32:
        message = f"The key of a record has 32 bytes, and this one has {len(key)}.  Nothing was opened."
        raise BadInput(message)
    return f"PRAGMA key = \"x'{key.hex()}'\""


def connect(path: Path, key: bytes | None, *, wait: float = CALL_LIMIT, mode: str = "rw") -> Driver:
    """Open a bare connection in autocommit; the file must exist.  Usable from any one thread at a time."""
    connection: Driver = sqlite.connect(
        f"{path.absolute().as_uri()}?mode={mode}", uri=True, isolation_level=None, check_same_thread=False
    )
    # Its own log writes to stderr what only our sentences should say: "ERROR CORE ... hmac check failed".
    connection.execute("PRAGMA cipher_log_level = NONE")
    # Not set_busy_timeout(): sqlcipher3 counts that one in whole seconds.
    connection.execute(f"PRAGMA busy_timeout = {int(wait * 1000)}")
    if key is not None:
        connection.execute(key_pragma(key))
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def make_private_file(path: Path) -> None:
    """Make an empty file that only this account reads; raises FileExistsError where there is one."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def make_record_file(path: Path) -> None:
    """Make an empty file for a record, and the folders above it.

    Raises FileExistsError where there is one, and :class:`NotMade` where none can be.
    """
    try:
        _make_folders(path.parent)
        make_private_file(path)
    except FileExistsError:
        raise
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else "") or "it is no name for a file"
        message = f"{path} could not be made: {why}.  Nothing was made; name another place."
        raise NotMade(message) from error


def _make_folders(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(ENOTDIR, f"{folder} is a file, not a folder", str(folder)) from error


def sentence_for(error: BaseException) -> NightdeskError | None:
    """Return what to tell the user about an error of SQLite, or None where it is our own fault."""
    name = str(getattr(error, "sqlite_errorname", "") or "")
    found = next((say for start, say in _SAYS if name.startswith(start)), None)
    return found() if found is not None else None


_SAYS: tuple[tuple[str, Callable[[], NightdeskError]], ...] = (
    ("SQLITE_BUSY", lambda: StoreAway(_BUSY)),
    ("SQLITE_LOCKED", lambda: StoreAway(_BUSY)),
    ("SQLITE_PROTOCOL", lambda: StoreAway(_BUSY)),
    ("SQLITE_INTERRUPT", lambda: StoreAway(_SLOW)),
    ("SQLITE_FULL", lambda: StoreAway(_FULL)),
    ("SQLITE_IOERR", lambda: StoreAway(_FAULT)),
    ("SQLITE_READONLY", lambda: StoreAway(_FAULT)),
    ("SQLITE_CANTOPEN", lambda: StoreAway(GONE)),
    ("SQLITE_NOTADB", lambda: NotOurs(_NOT_OURS)),
    # Its first page was read, so the key is right; of a file whose first page is broken nobody can tell.
    ("SQLITE_CORRUPT", lambda: NotOurs(_BROKEN)),
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn errors of the database into sentences; an error of our own code goes through."""
    try:
        yield
    except PoolTimeout as error:
        raise StoreAway(_SLOW) from error
    except DBAPIError as error:
        said = sentence_for(error.orig) if error.orig is not None else None
        if said is None:
            raise
        raise said from None
    except sqlite.Error as error:
        said = sentence_for(error)
        if said is None:
            raise
        raise said from None


@contextmanager
def _stopped_by_hand(deadline: float) -> Iterator[None]:
    """Give Ctrl+C back: SQLite swallows it inside our look at the deadline, and says "interrupted".

    Nothing but that look and Ctrl+C interrupts, and the look does so only after the deadline.
    """
    try:
        yield
    except DBAPIError as error:
        name = str(getattr(error.orig, "sqlite_errorname", "") or "")
        if name.startswith("SQLITE_INTERRUPT") and time.monotonic() <= deadline:
            raise KeyboardInterrupt from None
        raise


class Database:
    """One SQLite record: transactions on pooled connections, from any thread."""

    def __init__(self, path: Path, key: bytes | None, *, limit: float = CALL_LIMIT) -> None:
        """``limit`` is the deadline of one transaction in seconds."""
        self.path = path
        self._key = key
        self._limit = limit
        self._watch = FileWatch(path)
        self._checking = threading.Lock()
        self.engine = _engine(self.bare, limit)

    def bare(self) -> Driver:
        """Return a new connection of SQLite's own kind, outside the pool."""
        return connect(self.path, self._key, wait=self._limit)

    @contextmanager
    def reading(self, *, limitless: bool = False) -> Iterator[Connection]:
        """Give a connection inside one read transaction; ``limitless`` is for long checks."""
        with self._transaction("BEGIN", limitless=limitless) as connection:
            yield connection

    @contextmanager
    def writing(self, *, limitless: bool = False) -> Iterator[Connection]:
        """Give a connection that holds the write lock; commits when the block ends well."""
        with self._transaction(_TO_WRITE, limitless=limitless) as connection:
            yield connection

    def another(self, limit: float) -> Database:
        """Return the same file with connections and a deadline of its own."""
        return Database(self.path, self._key, limit=limit)

    def elsewhere(self, path: Path) -> Database:
        """Return another file under the same key."""
        return Database(path, self._key, limit=self._limit)

    def close(self) -> None:
        """Close idle connections; those in use close when given back."""
        self.engine.dispose()

    def check_file(self) -> None:
        """Raise :class:`StoreAway` where the file is gone or damaged; take up a whole one put in its place."""
        with self._checking:
            self._watch.check(self.engine.dispose, self._first_fault)

    def turn(self) -> int:
        """Return a number that changes when the connections of before must not be used again."""
        return self._watch.turn()

    def _first_fault(self) -> str:
        # Only for reading: closing a writer would write what its -wal holds into a file that may be no record.
        try:
            with closing(connect(self.path, self._key, wait=self._limit, mode="ro")) as driver:
                row = driver.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite.Error as error:
            if isinstance(sentence_for(error), NotOurs):
                return type(error).__name__
            raise
        return "" if row == ("ok",) else "quick_check"

    @contextmanager
    def _transaction(self, begin: str, *, limitless: bool = False) -> Iterator[Connection]:
        deadline = time.monotonic() + (_LIMITLESS if limitless else self._limit)
        try:
            with translated(), _stopped_by_hand(deadline):
                self.check_file()
                turn = self._watch.turn()
                with self.engine.connect() as pooled:
                    _hold_to(pooled, deadline, self._limit)
                    connection = pooled.execution_options(begin=begin)
                    with connection.begin():
                        yield connection
                        if begin == _TO_WRITE:
                            # Once more right before the commit: no tick may stand on a file that is gone.
                            self._watch.check_still(turn)
        except NotOurs:
            self._watch.doubt()
            raise


def _hold_to(connection: Connection, deadline: float, limit: float) -> None:
    """Let SQLite work until the deadline and no longer, and wait for locks no longer than ``limit``."""
    driver: Driver = cast("Driver", connection.connection.driver_connection)
    wait = max(1, int(min(limit, deadline - time.monotonic()) * 1000))
    driver.execute(f"PRAGMA busy_timeout = {wait}")
    driver.set_progress_handler(lambda: time.monotonic() > deadline, _STEPS)


def _engine(creator: Callable[[], Any], limit: float) -> Engine:
    engine = create_engine(
        "sqlite://",
        module=sqlite,
        creator=creator,
        poolclass=QueuePool,
        pool_size=_READERS,
        max_overflow=4,
        pool_timeout=limit,
        # Parameters are people's names and numbers: never in an error's text.
        hide_parameters=True,
    )
    event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get("begin", "BEGIN"))
