"""The journal: one worker's words on this computer, durable before any network.

An encrypted SQLite file of its own, WAL, synchronous=FULL, held by one owner for as long as it is
open.  After a fault of the disk nothing is believed: the file is opened again and its log is
written into the file anew before anything more is claimed as kept (reliability.md 2.2).
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar
from uuid import UUID

import sqlcipher3.dbapi2 as sqlite

from console.domain.record import Entry, micros
from console.ports.clock import Clock
from console.ports.journal import Draft, JournalBusy, JournalFault, Kept, KeptState, Mark, StrandedJournal
from db.engine import Driver, connect, make_private_file
from db.journal_rows import (
    COUNT_LINES,
    COUNT_PANELS,
    DRAFTS,
    INSERT,
    KEPT,
    MARK,
    PUT_DRAFT,
    VERSION,
    draft_of,
    draft_row,
    kept_of,
    row_of,
    settled_line,
    statements_from,
)

log = logging.getLogger(__name__)

T = TypeVar("T")

RESERVE = 1024 * 1024
"""Bytes set aside beside the journals, given up when the disk is full so that words still fit."""
_PLENTY = 16 * RESERVE
_WAIT = 2.0

_FULL = (
    "The disk of this computer is full, so what you typed is only on the screen and in memory.  "
    "What was kept before is safe.  Free some space; Nightdesk tries again by itself."
)
_FAULT = (
    "The disk of this computer did not take what you typed; it is only on the screen and in memory.  "
    "What was kept before is safe.  Nightdesk tries again by itself; tell the technician."
)
_BUSY = (
    "This worker is signed in to Nightdesk already on this computer, and a journal has one owner.  "
    "Nothing is lost; close the other window first, or go on there."
)
_NOT_OURS = (
    "The journal on this computer cannot be read: most likely its key is another one, or the file is damaged.  "
    "It was left exactly as it is; ask the technician before anything is deleted."
)
_BROKEN = (
    "The journal on this computer is damaged: its key is right, and a part of it cannot be read.  "
    "It was left exactly as it is; ask the technician before anything is deleted."
)
_NEWER = (
    "The journal on this computer was written by a newer Nightdesk.  It was left exactly as it is; "
    "start the newer version."
)


class NotOpened(JournalFault):
    """The key does not open the file: it is another one, or the file is damaged from its beginning on."""


class Reserve:
    """A file of nothing that is deleted when the disk is full."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def set_aside(self) -> None:
        """Make the file where there is plenty of space; a full disk is no fault here."""
        try:
            if not self._path.exists() and shutil.disk_usage(self._path.parent).free > _PLENTY:
                self._path.write_bytes(bytes(RESERVE))
        except OSError:
            log.info("no space could be set aside for the journal")

    def release(self) -> bool:
        """Delete the file; say whether there was one."""
        try:
            self._path.unlink()
        except OSError:
            return False
        return True


class FileJournal:
    """The port ``Journal`` over one file.  All calls come from one thread at a time."""

    memory_only = False

    def __init__(self, path: Path, key: bytes, clock: Clock, reserve: Reserve) -> None:
        """Open or begin the file; raises :class:`JournalBusy` or :class:`JournalFault`."""
        self._path = path
        self._key = key
        self._clock = clock
        self._reserve = reserve
        self._driver: Driver | None = None
        self._doubt = False
        self.low_on_space = False
        reserve.set_aside()
        self._durably(lambda _: None)

    def keep(self, entries: Sequence[Entry], settles: Sequence[UUID] = ()) -> tuple[Kept, ...]:
        """Write entries durably, in order, and take drafts away in the same act; kept ones keep their place."""

        def act(driver: Driver) -> tuple[Kept, ...]:
            for entry in entries:
                if driver.execute("SELECT 1 FROM kept WHERE id = ?", (str(entry.id),)).fetchone() is None:
                    driver.execute(INSERT, row_of(entry))
                driver.execute("DELETE FROM draft WHERE line = ?", (settled_line(entry),))
            for line in settles:
                driver.execute("DELETE FROM draft WHERE line = ?", (str(line),))
            return tuple(self._kept(driver, entry.id) for entry in entries)

        return self._durably(act)

    def _kept(self, driver: Driver, identity: UUID) -> Kept:
        row = driver.execute(KEPT + "WHERE id = ?", (str(identity),)).fetchone()
        if row is None:
            raise JournalFault(_FAULT)
        return kept_of(row)

    def keep_draft(self, draft: Draft) -> None:
        """Write the newest text of one line durably."""
        self._run(PUT_DRAFT, *draft_row(draft))

    def drafts(self) -> tuple[Draft, ...]:
        """Return drafts that never became entries, oldest first."""
        return self._durably(lambda driver: tuple(map(draft_of, driver.execute(DRAFTS).fetchall())))

    def drop_draft(self, line: UUID) -> None:
        """Forget a draft."""
        self._run("DELETE FROM draft WHERE line = ?", str(line))

    def waiting(self) -> tuple[Kept, ...]:
        """Return queued and refused entries, in the order they were kept."""
        return self._select("WHERE state <> 'shared' ORDER BY place")

    def mark(self, marks: Sequence[Mark]) -> None:
        """Write what became of entries."""
        now = micros(self._clock.now())

        def act(driver: Driver) -> None:
            for mark in marks:
                settled = now if mark.state is KeptState.SHARED else 0
                state = mark.state.value
                driver.execute(MARK, (state, mark.seq, mark.digest, mark.reason, settled, state, str(mark.id)))

        self._durably(act)

    def shared_since(self, moment: datetime) -> tuple[Kept, ...]:
        """Return entries acknowledged at ``moment`` or later, in the order they were kept."""
        return self._select("WHERE state = 'shared' AND settled_at >= ? ORDER BY place", micros(moment))

    def forget_shared(self, before: datetime) -> None:
        """Drop entries acknowledged before a moment."""
        self._run("DELETE FROM kept WHERE state = 'shared' AND settled_at < ?", micros(before))

    def name_owner(self, worker: str, name: str) -> None:
        """Write whose journal this is, inside it."""

        def act(driver: Driver) -> None:
            for key, value in (("worker", worker), ("name", name)):
                driver.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

        self._durably(act)

    def close(self) -> None:
        """Let go of the file."""
        self._let_go()

    def _select(self, where: str, *values: object) -> tuple[Kept, ...]:
        return self._durably(lambda driver: tuple(map(kept_of, driver.execute(KEPT + where, values).fetchall())))

    def _run(self, statement: str, *values: object) -> None:
        def act(driver: Driver) -> None:
            driver.execute(statement, values)

        self._durably(act)

    # --- one durable act ---------------------------------------------------------------------

    def _durably(self, act: Callable[[Driver], T]) -> T:
        """Do one act in one transaction; raises :class:`JournalFault` unless it is on the disk."""
        try:
            return self._once(act)
        except sqlite.Error as error:
            self._let_go(doubt=True)
            if _name(error) != "SQLITE_FULL" or not self._reserve.release():
                raise _fault(error) from None
        # The reserve was given up for this: one more try, and the worker is told that space is short.
        self.low_on_space = True
        try:
            return self._once(act)
        except sqlite.Error as error:
            self._let_go(doubt=True)
            raise _fault(error) from None

    def _once(self, act: Callable[[Driver], T]) -> T:
        driver = self._driver or self._open()
        self._driver = driver
        driver.execute("BEGIN IMMEDIATE")
        try:
            done = act(driver)
            driver.execute("COMMIT")
        except BaseException:
            self._let_go(doubt=self._doubt)
            raise
        return done

    def _open(self) -> Driver:
        if not self._path.exists():
            _make(self._path)
        driver = connect(self._path, self._key, wait=_WAIT)
        try:
            self._prepare(driver)
        except BaseException:
            driver.close()
            raise
        return driver

    def _prepare(self, driver: Driver) -> None:
        driver.execute("PRAGMA locking_mode = EXCLUSIVE")
        driver.execute("PRAGMA fullfsync = ON")
        driver.execute("PRAGMA checkpoint_fullfsync = ON")
        driver.execute("PRAGMA journal_mode = WAL")
        found = _number(driver, "PRAGMA user_version")
        if found > VERSION:
            raise JournalFault(_NEWER)
        if self._doubt:
            # What a failed fsync left in memory may not be on the disk: write it into the file anew.
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        driver.execute("BEGIN IMMEDIATE")
        for statement in statements_from(found):
            driver.execute(statement)
        driver.execute("COMMIT")
        self._doubt = False

    def _let_go(self, *, doubt: bool = False) -> None:
        self._doubt = doubt
        driver, self._driver = self._driver, None
        if driver is not None:
            try:
                driver.close()
            except sqlite.Error as error:
                log.info("a journal did not close well: %s", _name(error))


def peek(path: Path, key: bytes) -> StrandedJournal:
    """Return whose a journal is and how much waits in it, without taking it from its owner; no word is read.

    Raises :class:`JournalBusy` where somebody has it open, :class:`JournalFault` where it cannot
    be read; the file is left as it is.
    """
    try:
        driver = connect(path, key, wait=0.2)
        try:
            meta = dict(driver.execute("SELECT key, value FROM meta").fetchall())
            waiting = _number(driver, "SELECT count(*) FROM kept WHERE state = 'queued'")
            # A line that was still being typed is one more thing that would be lost.
            waiting += _number(driver, COUNT_LINES)
            half_filled = _number(driver, COUNT_PANELS)
        finally:
            driver.close()
    except sqlite.Error as error:
        raise _fault(error) from None
    return StrandedJournal(str(meta.get("worker", "")), str(meta.get("name", "")), waiting, half_filled)


def _make(path: Path) -> None:
    try:
        make_private_file(path)
    except FileExistsError:
        return
    except OSError:
        raise JournalFault(_FAULT) from None


def _number(driver: Driver, statement: str) -> int:
    row = driver.execute(statement).fetchone()
    return int(row[0]) if row is not None else 0


def _name(error: sqlite.Error) -> str:
    return str(getattr(error, "sqlite_errorname", "") or "")


def _fault(error: sqlite.Error) -> JournalFault | JournalBusy:
    name = _name(error)
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return JournalBusy(_BUSY)
    if name.startswith("SQLITE_NOTADB"):
        return NotOpened(_NOT_OURS)
    if name.startswith("SQLITE_CORRUPT"):
        return JournalFault(_BROKEN)
    return JournalFault(_FULL if name == "SQLITE_FULL" else _FAULT)
