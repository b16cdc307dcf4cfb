"""A screen reader: whether one is at work, and what it is given to say."""

from __future__ import annotations

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget


def reads() -> bool:
    """Say whether a screen reader, or another aid, reads our windows now."""
    return QAccessible.isActive()


def announce(window: QWidget, words: str) -> None:
    """Give ``words`` to whatever reads ``window``; nothing happens where nothing does."""
    if reads():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(window, words))
