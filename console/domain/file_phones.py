"""Telephones of the council's file: one number may stand in the rows of several people, who share what is true of it.

A line is one thing, whoever's row it stands in: a filled cell is never lost to somebody else's empty
one, and of two words about ringing back the more careful one stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from console.domain.ring_safety import is_unasked, said_of


class FilePhone(NamedTuple):
    """One telephone of a row; ``column`` is where it stands: ``phone_2``.  Empty text was not filled in."""

    column: str
    e164: str
    kind: str
    place: str
    safe_to_call: str
    confirmed_on: date | None

    @property
    def says_more(self) -> bool:
        """Say whether it says anything of the number but whose it is; most do not."""
        return bool(self.kind or self.place or self.safe_to_call)


@dataclass(frozen=True, slots=True)
class Noted:
    """What whoever keeps the file should know of one of its lines; the row was used all the same."""

    line: int
    words: str


def together(first: FilePhone, second: FilePhone) -> FilePhone:
    """Return what two rows say of one number: filled cells, the first's where both are, and the more careful words."""
    days = [day for day in (first.confirmed_on, second.confirmed_on) if day is not None]
    return first._replace(
        kind=first.kind or second.kind,
        place=first.place or second.place,
        safe_to_call=max(first.safe_to_call, second.safe_to_call, key=_care),
        confirmed_on=max(days, default=None),
    )


def _care(words: str) -> int:
    """Return how careful words about ringing back are: none, yes, anything else (only before 18:00), no."""
    return 0 if is_unasked(words) else 1 + said_of(words)


class FileLines:
    """What a whole file says of its numbers, all its rows taken together before any of them is written.

    Rows are written some at a time, and the first of two that share a number must not say for a while that it is
    safe to ring back where the second says that it is not.
    """

    def __init__(self, say: Callable[[Noted], None] = lambda _: None) -> None:
        """``say`` is told where a row and an earlier one differ."""
        self._say = say
        self._said: dict[str, FilePhone] = {}

    def add(self, line: int, phones: Iterable[FilePhone]) -> None:
        """Take the telephones of the row on ``line``."""
        for phone in phones:
            # A file may have a million numbers; only those that somebody says something of are kept.
            if phone.says_more:
                before = self._said.get(phone.e164)
                self._said[phone.e164] = phone if before is None else self._joined(line, before, phone)

    def whole(self, phone: FilePhone) -> FilePhone:
        """Return what the file says of the number of ``phone``."""
        return self._said.get(phone.e164, phone)

    def _joined(self, line: int, before: FilePhone, phone: FilePhone) -> FilePhone:
        both = together(before, phone)
        self._differ(line, f"{phone.column}_place", phone.place, before.place, both.place)
        name = f"{phone.column}_safe_to_call"
        self._differ(line, name, phone.safe_to_call, before.safe_to_call, both.safe_to_call)
        return both

    def _differ(self, line: int, column: str, here: str, before: str, kept: str) -> None:
        if here and before and here.casefold() != before.casefold():
            other = "an earlier row of the same number"
            self._say(Noted(line, f"{column} says {here!r}, {other} {before!r}; {kept!r} is kept"))
