"""Where a rehearsal is, and what is said in it, as its windows are told; and what they may ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Voice:
    """What somebody says into a trainee's telephone; ``seat`` is the name of whoever hears it."""

    at: datetime
    seat: str
    who: str
    words: str


@dataclass(frozen=True, slots=True)
class Standing:
    """``elapsed`` in the script's seconds; ``ready``: everybody is at work."""

    begun: bool
    paused: bool
    ended: bool
    elapsed: float
    ready: bool = True


class Rehearsed(Protocol):
    """The handle of a rehearsal; every method returns at once."""

    @property
    def voices(self) -> list[Voice]:
        """Return what was said so far, oldest first."""

    def begin(self) -> None:
        """Let the script begin."""

    def pause(self) -> None:
        """Let the script stand."""

    def go_on(self) -> None:
        """Go on after a pause."""

    def skip(self) -> None:
        """Bring the next line, or the next scene, at once."""

    def finish(self) -> None:
        """Come to the review."""

    def standing(self) -> Standing:
        """Return where it is."""
