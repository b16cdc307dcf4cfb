"""How much the bench measures, on which store, and where it works."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from console.domain.text import BadInput


class StoreKind(StrEnum):
    """On which of our stores the parts are measured."""

    SQLITE = "sqlite"
    POSTGRESQL = "postgresql"


_BOTH = ("ring", "through", "typing", "pair", "starting", "flood", "record", "searching")
PARTS: Mapping[StoreKind, tuple[str, ...]] = {
    StoreKind.SQLITE: (*_BOTH, "telephones", "importing"),
    StoreKind.POSTGRESQL: (
        "ring",
        "through",
        "typing",
        "pair",
        "note",
        "starting",
        "flood",
        "record",
        "writers",
        "reconnect",
        "importing",
        "searching",
    ),
}
"""The parts, in the order in which they are measured; each is a module of this folder with ``measure(bench)``."""
ALL_PARTS = tuple(dict.fromkeys(part for parts in PARTS.values() for part in parts))


def on_stderr(words: str) -> None:
    """Say how far the bench is."""
    print(words, file=sys.stderr, flush=True)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many of each; ``seconds`` is how long the flood of calls lasts."""

    people: int = 1_000_000
    rings: int = 400
    notes: int = 60
    starts: int = 7
    seconds: float = 60.0
    entries: int = 2_000
    verified: int = 20_000
    imported: int = 100_000
    """People of the file whose import stands beside a bulk load."""
    searches: int = 200
    present: int = 40
    """Workers present on one incident while notes are shared in it."""
    whole: int = 500
    """Entries of the incident that is joined."""
    joins: int = 7
    consoles: int = 10
    """Consoles that are connected and listen while a note is shared: writer and partner are two of them."""
    writers: tuple[int, ...] = (1, 8, 16)
    traffic: int = 4_000
    """Calls whose bytes are read, mapped and folded."""
    noise: int = 5_000
    """Events a second of other calls while one rings here."""
    day: int = 10_000
    """Calls of a day whose memory is measured."""
    live: int = 200
    """Channels that are live while a console's telephones come back."""
    returns: int = 20
    returning: int = 400
    """Consoles that come back at once after the server was restarted."""


FULL = Sizes()
QUICK = Sizes(
    people=20_000,
    rings=60,
    notes=12,
    joins=2,
    starts=3,
    seconds=12.0,
    entries=400,
    verified=4_000,
    returning=80,
    imported=5_000,
    searches=60,
    traffic=600,
    day=200,
    returns=4,
)


@dataclass(frozen=True, slots=True)
class Programs:
    """PostgreSQL's programs for a server of the bench, and the account it runs as where we are root (tests only)."""

    bins: Path
    run_as: str | None = None


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: ``folder`` is for this run alone, ``kept`` holds the big record from run to run.

    ``programs``: of PostgreSQL, where they are not looked for on this computer.
    """

    sizes: Sizes
    folder: Path
    kept: Path
    say: Callable[[str], None] = on_stderr
    store: StoreKind = StoreKind.SQLITE
    programs: Programs | None = None

    def place(self, name: str) -> Path:
        """Return a new folder of this run."""
        place = self.folder / name
        place.mkdir(parents=True)
        return place


def parts_of(store: StoreKind, only: tuple[str, ...]) -> tuple[str, ...]:
    """Return the parts of a store, or those asked for; raises :class:`BadInput` for one that it does not have."""
    there = PARTS[store]
    wrong = [name for name in only if name not in there]
    if wrong:
        message = f"On {store.value} the bench has no {' and no '.join(wrong)}.  Nothing was measured."
        raise BadInput(message)
    return tuple(name for name in there if not only or name in only)
