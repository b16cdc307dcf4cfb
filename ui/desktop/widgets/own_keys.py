"""Keeps our keys ours: text fields claim some combinations for themselves (Ctrl+K, Ctrl+U, Ctrl+H)."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence

from ui.desktop.shortcuts import SHORTCUTS

_OURS = frozenset(QKeySequence(shortcut.key).toString() for shortcut in SHORTCUTS)


def is_ours(event: QEvent) -> bool:
    """Say whether ``event`` is a text field's claim on a key of the table; it must then be left alone."""
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    return QKeySequence(event.keyCombination()).toString() in _OURS
