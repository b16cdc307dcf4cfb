"""Which tile lies next to another, as the arrow keys walk them: what is seen there, in any arrangement."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from PySide6.QtCore import QRect, Qt

T = TypeVar("T")


def neighbour(places: Mapping[T, QRect], here: T, key: int) -> T | None:
    """Return the nearest of ``places`` that ``key`` (an arrow) leads to from ``here``; None at the edge.

    Only what stands beside or below it counts; of two as near, the upper or the left one.
    """
    mine = _turned(places[here], key)
    ahead = {one: _turned(rect, key) for one, rect in places.items() if one is not here}
    beside = [(rect.left() - mine.right(), rect.top(), one) for one, rect in ahead.items() if _follows(mine, rect)]
    return min(beside, key=lambda found: found[:2])[2] if beside else None


def _follows(mine: QRect, other: QRect) -> bool:
    overlap = min(mine.bottom(), other.bottom()) - max(mine.top(), other.top())
    return other.left() > mine.right() and overlap > 0


def _turned(rect: QRect, key: int) -> QRect:
    """Return ``rect`` as if the key were the one to the right."""
    if key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
        rect = QRect(rect.top(), rect.left(), rect.height(), rect.width())
    if key in (Qt.Key.Key_Up, Qt.Key.Key_Left):
        rect = QRect(-rect.right(), rect.top(), rect.width(), rect.height())
    return rect
