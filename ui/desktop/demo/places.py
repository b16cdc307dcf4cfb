"""Where the windows of the demo stand, so that the story is seen: pure arithmetic on one screen."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize

from ui.desktop.shortcuts import Screen
from ui.desktop.window import FIRST_SIZE

LEAST = (1128, 612)
"""The smallest size in which every row of the three screens is said without a scroll bar, px."""
FRAME = QSize(4, 30)
"""Room that the desktop's own frame takes beside and above a window, px."""
BEHIND = (Screen.BOARD, Screen.HANDLER, Screen.COORDINATOR)
"""From the lowest to the highest: the second worker's covers only a corner of the handler's, right of the note."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where each window stands: its frame's corner, and its own size."""

    windows: dict[Screen, QRect]
    strip: QRect


def places(room: QRect, strip: QSize) -> Places:
    """Return where to put the windows on ``room`` and the control strip, which needs the size ``strip``.

    Two windows side by side where the screen is wide enough.  Else the handler's stands in one
    corner and the second worker's in the opposite one, so that they cover as little of each other
    as can be; the board looks out behind them, and the strip has the last corner.
    """
    wide = min(max(room.width() // 2 - FRAME.width(), LEAST[0]), FIRST_SIZE[0])
    high = min(max(room.height() // 2 - FRAME.height(), LEAST[1]), FIRST_SIZE[1])
    left, top = room.left(), room.top()
    right = max(left, room.right() + 1 - wide - FRAME.width())
    low = max(top, room.bottom() + 1 - high - FRAME.height())
    beside = room.width() >= 2 * (wide + FRAME.width())
    corners = {
        Screen.HANDLER: (left, top),
        Screen.COORDINATOR: (right, top if beside else low),
        Screen.BOARD: (left, low) if beside else (right, top),
    }
    windows = {screen: QRect(x, y, wide, high) for screen, (x, y) in corners.items()}
    last = room.right() + 1 - strip.width() - FRAME.width() if beside else left
    under = room.bottom() + 1 - strip.height() - FRAME.height()
    return Places(windows, QRect(max(left, last), max(top, under), strip.width(), strip.height()))
