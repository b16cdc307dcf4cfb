"""Colours as data: one light and one dark set (screens.md, palette; screens/README.md, values).

Red is used for rank 1 and nothing else.  Grey with a dashed edge always means old.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from console.domain.ranks import Rank


class Ink(StrEnum):
    """Every colour by its use; the value is the field of :class:`Palette` that holds it."""

    WINDOW = "window"
    SURFACE = "surface"
    TEXT = "text"
    SECONDARY = "secondary"
    QUIET = "quiet"
    BORDER = "border"
    HAIRLINE = "hairline"
    RULE = "rule"
    ACCENT = "accent"
    ON_ACCENT = "on_accent"
    OK = "ok"
    FOCUS = "focus"
    SELECTED = "selected"
    RISK = "risk"
    NOTICE = "notice"
    AMBER = "amber"
    RED = "red"
    AMBER_FILL = "amber_fill"
    ON_AMBER_FILL = "on_amber_fill"


@dataclass(frozen=True, slots=True)
class RankColours:
    """Fill, what is written on it, and its edge, as ``#RRGGBB``."""

    fill: str
    ink: str
    edge: str


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours, ``#RRGGBB`` each; ``ranks`` holds all five ranks."""

    name: str
    window: str
    surface: str
    text: str
    secondary: str
    quiet: str
    border: str
    hairline: str
    rule: str
    accent: str
    on_accent: str
    ok: str
    focus: str
    selected: str
    risk: str
    notice: str
    amber: str
    red: str
    amber_fill: str
    on_amber_fill: str
    ranks: Mapping[Rank, RankColours]

    def of(self, ink: Ink) -> str:
        """Return the colour of ``ink``, ``#RRGGBB``."""
        colour = getattr(self, ink.value)
        if not isinstance(colour, str):
            raise TypeError(ink.value)
        return colour


LIGHT = Palette(
    name="light",
    window="#F4F5F6",
    surface="#FFFFFF",
    text="#0B0C0C",
    secondary="#484949",
    quiet="#5C6268",
    border="#6B7178",
    hairline="#D5D8DB",
    rule="#E6E8EA",
    accent="#1A65A6",
    on_accent="#FFFFFF",
    ok="#0F7A52",
    focus="#0B0C0C",
    selected="#E4EEF7",
    risk="#FDF0F1",
    notice="#FFF4D6",
    amber="#6B4A00",
    red="#8F0A1A",
    amber_fill="#FFB01F",
    on_amber_fill="#0B0C0C",
    ranks=MappingProxyType(
        {
            Rank.NOW: RankColours("#8F0A1A", "#FFFFFF", "#8F0A1A"),
            Rank.HOUR: RankColours("#FFB01F", "#0B0C0C", "#6B4A00"),
            Rank.SHIFT: RankColours("#1D70B8", "#FFFFFF", "#1D70B8"),
            Rank.DAY: RankColours("#E3E5E8", "#0B0C0C", "#6B7178"),
            Rank.INFORMATION: RankColours("#FFFFFF", "#0B0C0C", "#6B7178"),
        }
    ),
)

DARK = Palette(
    name="dark",
    window="#14171A",
    surface="#1E2226",
    text="#E9EBED",
    secondary="#B3B9BF",
    quiet="#9AA1A8",
    border="#878E96",
    hairline="#343A40",
    rule="#2B3035",
    accent="#8CC0F0",
    on_accent="#14171A",
    ok="#6FD3A8",
    focus="#FFDD00",
    selected="#243647",
    risk="#3A1B1F",
    notice="#3A2F14",
    amber="#FFC552",
    red="#D9333F",
    amber_fill="#FFC552",
    on_amber_fill="#14171A",
    ranks=MappingProxyType(
        {
            Rank.NOW: RankColours("#D9333F", "#FFFFFF", "#D9333F"),
            Rank.HOUR: RankColours("#FFC552", "#14171A", "#FFC552"),
            Rank.SHIFT: RankColours("#7FB6EC", "#14171A", "#7FB6EC"),
            Rank.DAY: RankColours("#3F464D", "#E9EBED", "#878E96"),
            Rank.INFORMATION: RankColours("#1E2226", "#E9EBED", "#878E96"),
        }
    ),
)
