"""Makes the keys of the table work on a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from ui.desktop.shortcuts import Act, Screen, shortcuts_of


def bind(
    window: QWidget, screen: Screen, acts: Mapping[Act, Callable[[], None]], signals: SignalSet = SHIPPED
) -> tuple[QShortcut, ...]:
    """Make the shortcuts of ``screen`` on ``window``; every one must be given its act.

    No key repeats while held down.  Raises KeyError when an act is missing, so that no key is dead.
    """
    made = []
    for shortcut in shortcuts_of(screen, signals):
        for sequence in sequences(shortcut.key):
            bound = QShortcut(QKeySequence(sequence), window)
            bound.setContext(Qt.ShortcutContext.WindowShortcut)
            bound.setAutoRepeat(False)
            bound.setObjectName(shortcut.act.value)
            bound.activated.connect(acts[shortcut.act])
            made.append(bound)
    return tuple(made)


def sequences(key: str) -> tuple[str, ...]:
    """Return what Qt must hear for ``key`` of the table."""
    # Both Enter keys of a keyboard are one key to the user.
    return (key, key.replace("Return", "Enter")) if "Return" in key else (key,)
