"""The shelf: one journal file for each worker who signed in on this computer."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator
from pathlib import Path

from console.domain.text import NightdeskError
from console.ports.clock import Clock
from console.ports.journal import JournalBusy, JournalFault, StrandedJournal
from console.ports.secrets import SecretsUnavailable
from db.journal import FileJournal, NotOpened, Reserve, peek
from db.journal_memory import MemoryJournal

log = logging.getLogger(__name__)

KeyOf = Callable[[Path, str], bytes]
"""Returns the key of a file, kept under a name; makes one for a file that is not there yet
(``console.machine.keys.key_for`` or ``key_from_passphrase``, handed in)."""

_NO_FOLDER = (
    "The folder of the journals cannot be made on this computer, so nothing you type could be kept.  "
    "Nothing was changed; ask the technician to look at NIGHTDESK_HOME."
)


class JournalShelf:
    """The port ``Shelf`` over a folder.  File names are digests: no worker's name is in them."""

    def __init__(
        self,
        folder: Path,
        key_of: KeyOf,
        clock: Clock,
        *,
        memory_without_keyring: bool = False,
        not_opened: str = "",
    ) -> None:
        """``memory_without_keyring``: with no keyring and no journal yet, go on in memory and say so.

        ``not_opened`` is said where a key does not open its file, by who knows where keys come from.
        """
        self._folder = folder
        self._key_of = key_of
        self._clock = clock
        self._memory_without_keyring = memory_without_keyring
        self._not_opened = not_opened

    def open(self, worker: str, name: str) -> FileJournal | MemoryJournal:
        """Open or begin a worker's journal."""
        file = self.file_of(worker)
        self._make_folder()
        try:
            key = self._key_of(file, key_name(file))
        except SecretsUnavailable:
            if file.exists() or not self._memory_without_keyring:
                raise
            log.info("no keyring: the journal is only in memory")
            return MemoryJournal(self._clock)
        try:
            journal = FileJournal(file, key, self._clock, Reserve(self._folder / "reserve"))
        except NotOpened as refused:
            raise NotOpened(self._not_opened or str(refused)) from None
        journal.name_owner(worker, name)
        return journal

    def stranded(self, but: str) -> tuple[StrandedJournal, ...]:
        """Return the journals of others in which something waits; those in use are left alone."""
        own = self.file_of(but)
        found = [self._peek(file) for file in self._files() if file != own]
        held = [seen for seen in found if seen is not None and (seen.waiting or seen.half_filled)]
        return tuple(sorted(held, key=lambda journal: journal.name))

    def unreadable(self) -> tuple[Path, ...]:
        """Return journals whose key is gone or wrong: they may hold words and are never touched."""
        return tuple(file for file in self._files() if not self._can_read(file))

    def file_of(self, worker: str) -> Path:
        """Return where a worker's journal lies."""
        return self._folder / f"{hashlib.sha256(worker.encode()).hexdigest()[:24]}.journal"

    def _files(self) -> Iterator[Path]:
        return iter(sorted(self._folder.glob("*.journal")))

    def _peek(self, file: Path) -> StrandedJournal | None:
        try:
            return peek(file, self._key_of(file, key_name(file)))
        except NightdeskError as error:
            log.info("a journal was passed over: %s", type(error).__name__)
            return None

    def _can_read(self, file: Path) -> bool:
        try:
            peek(file, self._key_of(file, key_name(file)))
        except JournalBusy:
            return True
        except NightdeskError:
            return False
        return True

    def _make_folder(self) -> None:
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            raise JournalFault(_NO_FOLDER) from None


def key_name(file: Path) -> str:
    """Return the name under which the keyring keeps a journal's key."""
    return f"journal:{file.stem}"
