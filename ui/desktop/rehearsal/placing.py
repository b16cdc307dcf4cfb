"""Where console and strip of a rehearsal stand on a screen too low for both: one below the other, none covered."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication

from ui.desktop.window import FIRST_SIZE, SMALLEST, TITLE_BAR, first_size

FULL_STRIP = 300
"""Px of height that the strip and its frame need where the caller's words have four lines of their own."""


def is_low(room: QSize) -> bool:
    """Say whether the strip has to be one low row: else it would stand over the note."""
    return room.height() < first_size(room).height() + TITLE_BAR + FULL_STRIP


def is_low_here() -> bool:
    """Say whether the screen that windows open on is so low."""
    return is_low(QGuiApplication.primaryScreen().availableGeometry().size())


def one_below_the_other(room: QRect, strip_high: int, frame: QSize) -> tuple[QRect, QRect]:
    """Return where the console stands, and below it the strip, ``strip_high`` px high.

    Each is its frame's corner and its own size.  ``frame`` is what the desktop's own frame takes beside and above a
    window; nothing without a window manager.  The console gives up height for the strip, down to the lowest that its
    screens are made for.
    """
    wide = min(room.width() - frame.width(), FIRST_SIZE[0])
    left = room.height() - strip_high - 2 * frame.height()
    high = min(max(left, SMALLEST[1]), FIRST_SIZE[1])
    top = room.bottom() + 1 - strip_high - frame.height()
    return QRect(room.left(), room.top(), wide, high), QRect(room.left(), top, wide, strip_high)
