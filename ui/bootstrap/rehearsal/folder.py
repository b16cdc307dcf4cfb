"""The folder of one rehearsal: fresh each time, with a record of invented people that no real work comes near."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from console.domain.calendar import local
from console.domain.invent import invent
from console.domain.people_rows import Batch
from console.domain.text import BadInput
from console.machine.paths import Home
from console.machine.platform import make_private
from console.ports.clock import Clock
from db.opening import create_store, open_store
from db.people_desk import add_invented
from db.sqlite import SqliteStore
from telephony_adapters.simulator.rehearsal import Rehearsal, batch_of
from ui.bootstrap.rehearsal.ended import RECORD, REVIEW

PEOPLE = 60
"""How many people the record has besides those of the script: the callers of script A are among them."""
SEED = 7
_MOST_AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a rehearsal keeps its things."""

    root: Path

    @property
    def record(self) -> Path:
        """The rehearsal's own record."""
        return self.root / RECORD

    @property
    def review(self) -> Path:
        """The review, in words."""
        return self.root / REVIEW

    @property
    def review_values(self) -> Path:
        """The review, for a program."""
        return self.root / "review.json"

    def home(self, seat: str) -> Home:
        """Return the NIGHTDESK_HOME of one desk."""
        return Home(self.root / f"desk-{seat}")


def fresh_folder(home: Home, now: datetime) -> Folder:
    """Make the folder of a rehearsal that begins ``now``; no other rehearsal's is ever used again."""
    all_of_them, name = home.root / "rehearsals", f"{local(now):%Y-%m-%d-%H%M%S}"
    try:
        all_of_them.mkdir(parents=True, exist_ok=True)
        return Folder(_made(all_of_them, name))
    except OSError as error:
        message = (
            f"No folder for a rehearsal can be made in {all_of_them}: {error.strerror or error}.  Nothing was started; "
            "set NIGHTDESK_HOME to a folder of yours."
        )
        raise BadInput(message) from error


def _made(all_of_them: Path, name: str) -> Path:
    for number in range(1, _MOST_AT_ONCE):
        root = all_of_them / (name if number == 1 else f"{name}-{number}")
        with suppress(FileExistsError):
            root.mkdir()
            return root
    message = f"There are too many rehearsals of this second in {all_of_them}.  Nothing was started."
    raise BadInput(message)


def make_record(folder: Folder, script: Rehearsal, clock: Clock) -> None:
    """Make the record, marked as invented, with the people the script needs."""
    store = create_store(str(folder.record), key=None, clock=clock, invented=True)
    try:
        make_private(folder.record)
        add_invented(_file(store).database, _people(script), _nothing)
    finally:
        store.close()


def _people(script: Rehearsal) -> Iterator[Batch]:
    """Yield the people of the record; a number that the script gives to somebody is nobody else's."""
    own = batch_of(script.people)
    given = {line.e164 for line in own.lines}
    for batch in invent(PEOPLE, SEED):
        batch.lines[:] = [one for one in batch.lines if one.e164 not in given]
        batch.on_lines[:] = [one for one in batch.on_lines if one.e164 not in given]
        yield batch
    yield own


def open_record(folder: Folder, clock: Clock) -> SqliteStore:
    """Open the record once more, on a connection of its own."""
    return _file(open_store(str(folder.record), key=None, clock=clock))


def _file(store: object) -> SqliteStore:
    if not isinstance(store, SqliteStore):
        raise TypeError(store)
    return store


def _nothing(_: int) -> None:
    return None
