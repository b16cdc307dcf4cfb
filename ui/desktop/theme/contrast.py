"""Contrast by the WCAG 2.2 formula, and the pairs of colours our screens really put together."""

from __future__ import annotations

from dataclasses import dataclass

from ui.desktop.theme.palette import Ink, Palette

TEXT_MINIMUM = 4.5
GRAPHIC_MINIMUM = 3.0


@dataclass(frozen=True, slots=True)
class Pair:
    """``ink`` on ``ground`` must reach ``minimum`` (4.5 for text, 3.0 for borders and marks)."""

    ink: Ink
    ground: Ink
    minimum: float


def _channel(value: int) -> float:
    part = value / 255
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def luminance(colour: str) -> float:
    """Return the relative luminance, 0 to 1, of ``#RRGGBB``."""
    red, green, blue = (_channel(int(colour[i : i + 2], 16)) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """Return the contrast of two colours ``#RRGGBB``, 1 to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _texts() -> tuple[Pair, ...]:
    grounds = (Ink.WINDOW, Ink.SURFACE, Ink.SELECTED, Ink.RISK, Ink.NOTICE)
    inks = (Ink.TEXT, Ink.SECONDARY, Ink.QUIET)
    return tuple(Pair(ink, ground, TEXT_MINIMUM) for ink in inks for ground in grounds)


PAIRS: tuple[Pair, ...] = (
    *_texts(),
    Pair(Ink.ACCENT, Ink.SURFACE, TEXT_MINIMUM),
    Pair(Ink.ACCENT, Ink.SELECTED, TEXT_MINIMUM),
    Pair(Ink.ON_ACCENT, Ink.ACCENT, TEXT_MINIMUM),
    Pair(Ink.OK, Ink.SURFACE, TEXT_MINIMUM),
    Pair(Ink.OK, Ink.WINDOW, TEXT_MINIMUM),
    Pair(Ink.OK, Ink.SELECTED, GRAPHIC_MINIMUM),
    Pair(Ink.ON_AMBER_FILL, Ink.AMBER_FILL, TEXT_MINIMUM),
    Pair(Ink.BORDER, Ink.SURFACE, GRAPHIC_MINIMUM),
    Pair(Ink.BORDER, Ink.WINDOW, GRAPHIC_MINIMUM),
    Pair(Ink.BORDER, Ink.NOTICE, GRAPHIC_MINIMUM),
    Pair(Ink.AMBER, Ink.NOTICE, GRAPHIC_MINIMUM),
    Pair(Ink.AMBER, Ink.WINDOW, GRAPHIC_MINIMUM),
    Pair(Ink.RED, Ink.SURFACE, GRAPHIC_MINIMUM),
    Pair(Ink.FOCUS, Ink.SURFACE, GRAPHIC_MINIMUM),
    Pair(Ink.FOCUS, Ink.WINDOW, GRAPHIC_MINIMUM),
    Pair(Ink.FOCUS, Ink.SELECTED, GRAPHIC_MINIMUM),
)


def failures(palette: Palette) -> tuple[str, ...]:
    """Return a sentence for each pair of ``palette`` below its minimum; empty when all hold."""
    said = []
    for pair in PAIRS:
        found = ratio(palette.of(pair.ink), palette.of(pair.ground))
        if found < pair.minimum:
            said.append(f"{palette.name}: {pair.ink} on {pair.ground} is {found:.2f}, needs {pair.minimum}")
    for rank, colours in palette.ranks.items():
        found = ratio(colours.ink, colours.fill)
        if found < TEXT_MINIMUM:
            said.append(f"{palette.name}: rank {rank} is {found:.2f}, needs {TEXT_MINIMUM}")
    return tuple(said)
