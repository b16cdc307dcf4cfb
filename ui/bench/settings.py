"""How much the bench measures, and where it works."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PARTS = ("ring", "typing", "starting", "flood", "record", "importing")
"""The parts, in the order in which they are measured; each is a module of this folder with ``measure``."""


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


FULL = Sizes()
QUICK = Sizes(people=20_000, rings=60, notes=12, starts=3, seconds=12.0, entries=400, verified=4_000, imported=5_000)


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: ``folder`` is for this run alone, ``kept`` holds the big record from run to run."""

    sizes: Sizes
    folder: Path
    kept: Path
    say: Callable[[str], None] = on_stderr

    def place(self, name: str) -> Path:
        """Return a new folder of this run."""
        place = self.folder / name
        place.mkdir(parents=True)
        return place
