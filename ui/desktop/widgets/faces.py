"""What widgets show, as frozen data; no Qt, so that presenters and their tests need none."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from console.domain.ranks import Rank
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight


class Mark(StrEnum):
    """A small drawing before a word."""

    NONE = "none"
    TICK = "tick"
    CLOCK = "clock"
    DOT = "dot"
    SQUARE = "square"
    RING = "ring"


class Kept(StrEnum):
    """How far a line of a note has come (reliability.md 2.1)."""

    TYPING = "typing"
    UNSAVED = "NOT SAVED"
    KEPT = "kept"
    NOT_SHARED = "not shared"
    SHARED = "shared"
    SEEN = "seen"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; ``gap`` is px (step 1.0) left free before it."""

    text: str
    weight: Weight = Weight.REGULAR
    ink: Ink = Ink.TEXT
    size: Type = Type.BODY
    gap: int = 0


class Face(StrEnum):
    """What a chip means."""

    NOTICE = "notice"
    OK = "ok"
    OLD = "old"
    RANK = "rank"
    AMBER = "amber"
    MISSING = "missing"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class ChipRow:
    """A chip as data.  ``rank`` colours a RANK or MISSING face and draws its shape in a RANK face."""

    text: str
    face: Face = Face.NOTICE
    mark: Mark = Mark.NONE
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class ButtonFace:
    """What a button shows now.

    ``note`` is a second, quiet text with an optional ``mark`` before it ("seen 22:17"); ``why``
    says, where it is not enabled, why not, and otherwise what it will do.  ``key`` is shown as a
    cap; the shortcut itself is declared in ``ui.desktop.shortcuts``.
    """

    text: str
    key: str = ""
    note: str = ""
    mark: Mark = Mark.NONE
    lit: bool = False
    filled: bool = False
    enabled: bool = True
    why: str = ""
    spoken: str = ""
    """The name that is read out, where the words drawn are shortened from it; it begins with them."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a list."""

    key: str
    label: str
    rank: Rank | None = None


@dataclass(frozen=True, slots=True)
class HealthRow:
    """One thing that works (a green dot and words) or does not (``trouble``: an amber chip).

    ``mark`` NONE with no trouble is a plain quiet text, as "Alerts 1 in 10 min".
    """

    text: str
    trouble: bool = False
    mark: Mark = Mark.DOT


@dataclass(frozen=True, slots=True)
class StatusRow:
    """``day`` as "Tue 01-Dec-2026", ``clock`` as "22:17:58"; ``who`` is shown before them."""

    health: tuple[HealthRow, ...]
    who: tuple[Span, ...]
    day: str
    clock: str
    note: str = ""
    """A quiet sentence after the health items ("Grey tiles show 22:17:17.")."""
