"""What the driver needs of a rehearsal: its lines and its controls, whichever switchboard plays them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from console.domain.calendar import local


class ScriptLine(Protocol):
    """One line of a script: ``actor`` is a person at a desk, ``demo``, or ``telephones``."""

    @property
    def at(self) -> datetime:
        """Return when it happens, UTC."""

    @property
    def actor(self) -> str:
        """Return who does it."""

    @property
    def verb(self) -> str:
        """Return what is done."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Return the words behind the verb, quotes taken off."""

    @property
    def otherwise(self) -> bool:
        """Say whether it happens only where nobody plays the desks."""

    @property
    def by_a_person(self) -> bool:
        """Say whether a desk has to play it."""


class State(Protocol):
    """Where the rehearsal is."""

    @property
    def position(self) -> datetime:
        """Return the script's time, UTC."""

    @property
    def speed(self) -> float:
        """Return how many times faster than life it plays."""

    @property
    def running(self) -> bool:
        """Say whether it plays."""

    @property
    def phones_away(self) -> bool:
        """Say whether the telephones were taken away."""

    @property
    def coming(self) -> ScriptLine | None:
        """Return the next line, None at the end."""


class Control(Protocol):
    """The handle of the rehearsal; every method returns at once."""

    def play(self) -> None:
        """Start, or go on."""

    def pause(self) -> None:
        """Let it stand."""

    def speed(self, times: float) -> None:
        """Play ``times`` as fast as life."""

    def next(self) -> None:
        """Jump to the next line."""

    def take_phones_away(self) -> None:
        """Break the line to the switchboard."""

    def bring_phones_back(self) -> None:
        """Connect again."""

    def hold(self) -> None:
        """Let the script wait for the desks."""

    def release(self) -> None:
        """Take back one hold."""

    def state(self) -> State:
        """Return where it is."""


Teller = Callable[[str], None]


def words_of(line: ScriptLine) -> str:
    """Return a line as it is printed: ``22:15:09 priya types "name Marcus"``."""
    said = " ".join(f'"{word}"' if " " in word or not word else word for word in line.arguments)
    return f"{local(line.at):%H:%M:%S} {line.actor} {line.verb.replace('_', ' ')} {said}".rstrip()
