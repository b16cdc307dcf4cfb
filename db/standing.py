"""Whether the file under a record's connections is still the file they were opened on, and whole.

SQLite itself does not notice: a connection lives on its page cache and its WAL, and goes on
committing into a file that was cut off, emptied or put in another's place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from console.ports.store import StoreAway

GONE = (
    "The file of the shared record is not where it was.  What you write waits on this computer.  "
    "Please ask the technician to bring the file back."
)
DAMAGED = (
    "The file of the shared record is damaged.  What you write is kept on this computer and nothing of it is lost.  "
    "Please ask the technician to bring back the latest backup."
)
CHANGED = (
    "The file of the shared record was changed for another one just now.  What you write waits on this computer and "
    "is sent by itself."
)
MIXED = (
    "The file of the shared record was replaced beside its old -wal file, which does not belong to it.  What you "
    "write is kept on this computer and nothing of it is lost.  Please ask the technician to close every console "
    "and to move the -wal and -shm files away."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file as the system tells it: which one, how many bytes, when written (ns)."""

    device: int
    inode: int
    size: int
    written: int

    @property
    def which(self) -> tuple[int, int]:
        """Return what stays the same while a file is written."""
        return self.device, self.inode


@dataclass(frozen=True, slots=True)
class Standing:
    """A record's file and its -wal, at one moment."""

    main: Part
    wal: Part | None


def look_at(path: Path) -> Standing | None:
    """Return how the file stands now, or None where there is none."""
    main = _part(path)
    return None if main is None else Standing(main, _part(path.with_name(path.name + "-wal")))


def _part(path: Path) -> Part | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return Part(found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns)


class FileWatch:
    """Remembers the file that was trusted last; one of its own for each :class:`db.engine.Database`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._trusted = look_at(path)
        self._away = self._trusted is None
        self._doubted = False
        self._bad: Standing | None = None
        self._left_wal: Part | None = None
        self._turn = 0

    def turn(self) -> int:
        """Return a number that changes whenever connections opened before must not be used again."""
        return self._turn

    def doubt(self) -> None:
        """Trust the file no more until it was found whole."""
        self._doubted = True

    def check(self, let_go: Callable[[], None], find_fault: Callable[[], str]) -> None:
        """Raise :class:`StoreAway` unless the file is the trusted one, or was found whole anew.

        ``let_go`` closes the connections; ``find_fault`` reads the file to its end and names the
        first fault, or nothing.  Costs two looks at the folder while nothing has changed.
        """
        now = look_at(self._path)
        if now is not None and self._is_trusted(now):
            self._trusted = now
            return
        self._distrust(now, let_go)
        if now is None:
            raise StoreAway(GONE)
        self._refuse_leftovers(now)
        self._judge(now, find_fault)

    def check_still(self, turn: int) -> None:
        """Raise :class:`StoreAway` unless the file is the one that connections of ``turn`` were opened on."""
        now, before = look_at(self._path), self._trusted
        if now is None:
            raise StoreAway(GONE)
        if turn != self._turn or before is None or now.main.which != before.main.which:
            raise StoreAway(CHANGED)
        if not self._is_trusted(now):
            raise StoreAway(DAMAGED)

    def _is_trusted(self, now: Standing) -> bool:
        before = self._trusted
        if self._away or self._doubted or before is None:
            return False
        # The file of a record only grows: nothing in it is deleted, and nobody vacuums it.
        return now.main.which == before.main.which and now.main.size >= before.main.size

    def _distrust(self, now: Standing | None, let_go: Callable[[], None]) -> None:
        if not self._away:
            # They would go on writing into the file of before, and what they wrote would be lost.
            let_go()
            self._away = True
            self._turn += 1
        before = self._trusted
        replaced = now is not None and before is not None and now.main.which != before.main.which
        if replaced and self._left_wal is None and _is_same_wal(before, now):
            self._left_wal = now.wal if now is not None else None

    def _refuse_leftovers(self, now: Standing) -> None:
        if self._left_wal is not None and now.wal == self._left_wal:
            # Opened, SQLite would lay the old file's pages over the new file.
            raise StoreAway(MIXED)

    def _judge(self, now: Standing, find_fault: Callable[[], str]) -> None:
        # An empty file is never opened: SQLite would remove its -wal, which may hold the newest entries.
        if now == self._bad or now.main.size == 0:
            raise StoreAway(DAMAGED)
        if find_fault():
            self._bad = look_at(self._path)
            raise StoreAway(DAMAGED)
        self._trusted, self._left_wal, self._bad = now, None, None
        self._away = self._doubted = False


def _is_same_wal(before: Standing | None, now: Standing | None) -> bool:
    if before is None or now is None or before.wal is None or now.wal is None:
        return False
    return now.wal.size > 0 and now.wal.which == before.wal.which
