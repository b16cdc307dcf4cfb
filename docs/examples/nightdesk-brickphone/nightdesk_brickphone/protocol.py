"""Bytes to lines, and no I/O: a line is ``TIME VERB word word``, or an answer without a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

GREETING = "BRICKPHONE 1"
LONGEST = 1_000
"""Bytes of a line that are kept; the rest of a longer one is passed over."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line; ``at`` is the switchboard's own time, None where it gives none."""

    verb: str
    words: tuple[str, ...]
    at: datetime | None = None

    def word(self, place: int) -> str:
        """Return one word, or an empty text."""
        return self.words[place] if place < len(self.words) else ""


class Parser:
    """Fed with bytes as they come, cut anywhere."""

    def __init__(self) -> None:
        self._rest = b""
        self.faults = 0

    def feed(self, data: bytes) -> list[Told]:
        """Return the lines that are whole by now."""
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > LONGEST:
            self._rest = self._rest[:LONGEST]
            self.faults += 1
        return [read(line[:LONGEST].decode("utf-8", "replace")) for line in lines if line.strip()]


def read(line: str) -> Told:
    """Read one line; whatever it is, it is a :class:`Told`."""
    first, *rest = line.split()
    try:
        at = datetime.fromtimestamp(float(first), UTC)
    except (ValueError, OverflowError, OSError):
        return Told(first, tuple(rest))
    return Told(rest[0] if rest else "", tuple(rest[1:]), at)
