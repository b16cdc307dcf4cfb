"""Panels: what other programs open as dialogs, drawn inside the window.

A panel opens only by the user's own act, covers only the area it is given (never the call bar
nor the waiting slot), never blocks anything, and Esc gives the focus back.  There is no QDialog
in the console, so none can open while a call rings (platform-facts.md 1.4).
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import CardStyle, Pane
from ui.desktop.widgets.faces import ButtonFace

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
BELOW_HEAD = 6
"""Room between Close and what is below it, px: a focus ring there must not touch the button."""


class Panel(Pane):
    """A pane over the others, with Close (Esc).  ``first`` is the widget focused on opening."""

    closed = Signal()

    def __init__(self, look: Look, title: str) -> None:
        super().__init__(look, title, style=CardStyle(edge=Ink.BORDER))
        self.setAccessibleName(title)
        self.first: QWidget | None = None
        self.closing = KeyButton(look, ButtonFace("Close", "Esc"), height=24)
        self.closing.clicked.connect(self.closed)
        self.head.addSpacing(12)
        self.head.addWidget(self.closing)
        self._outer.insertSpacing(1, BELOW_HEAD)
        self.hide()

    def take_up(self) -> None:
        """Take the focus: the panel was opened, or asked for again while open."""
        if self.first is not None:
            self.first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes, and the fields keep what was typed.  Enter presses the button that has the focus."""
        focused = self.focusWidget()
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() in _ENTERS and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if isinstance(focused, KeyButton) and focused.hasFocus() and not event.isAutoRepeat():
                focused.click()
        else:
            super().keyPressEvent(event)


class PanelHost(QObject):
    """Lays one panel at a time over ``area``; ``home`` gets the focus back when there is no other place.

    ``opening`` is emitted before the first panel covers the area, ``closed`` before the area is seen again.
    """

    opening = Signal()
    closed = Signal()

    def __init__(self, area: QWidget, home: QWidget) -> None:
        super().__init__(area)
        self._area = area
        self._home = home
        self._open: Panel | None = None
        self._before: QWidget | None = None
        self._covered: list[QWidget] = []
        area.installEventFilter(self)

    @property
    def current(self) -> Panel | None:
        """The panel that is open, None for none."""
        return self._open

    def open(self, panel: Panel, width: int = 0) -> None:
        """Open ``panel`` over the area, ``width`` px wide at most (0: all of it), and focus its first field."""
        if self._open is panel:
            panel.take_up()
            return
        if self._open is None:
            self._before = QApplication.focusWidget()
            self.opening.emit()
        else:
            self._put_away(self._open)
        panel.setParent(self._area)
        panel.setProperty("panel_width", width)
        panel.closed.connect(self.close)
        self._open = panel
        if not width:
            self._cover()
        self._fit()
        panel.show()
        panel.raise_()
        panel.take_up()

    def over(self, area: QWidget, home: QWidget, turn: Callable[[], None]) -> None:
        """Lay panels over another area from now on: ``turn`` shows it.  An open one goes along, with the focus."""
        if area is self._area:
            return
        focus = QApplication.focusWidget()
        inside = self._open is not None and focus is not None and self._open.isAncestorOf(focus)
        turn()
        self._area.removeEventFilter(self)
        self._uncover()
        self._area, self._home = area, home
        area.installEventFilter(self)
        if self._open is None:
            return
        self._open.setParent(area)
        if not self._open.property("panel_width"):
            self._cover()
        self._fit()
        self._open.show()
        self._open.raise_()
        if focus is not None and inside:
            focus.setFocus(Qt.FocusReason.OtherFocusReason)

    def close(self) -> None:
        """Close the panel and give the focus back."""
        if self._open is None:
            return
        panel, self._open = self._open, None
        self._put_away(panel)
        # First, so that what stood below the panel never asks for room beside what it covered.
        self.closed.emit()
        self._uncover()
        before = self._before
        usable = before is not None and before.isVisible() and before.isEnabled()
        (before if before is not None and usable else self._home).setFocus(Qt.FocusReason.OtherFocusReason)

    def _cover(self) -> None:
        """Hide what lies under a panel of the whole area, so that Tab never goes where nobody can see."""
        for child in self._area.children():
            if isinstance(child, QWidget) and not isinstance(child, Panel) and child.isVisible():
                child.hide()
                self._covered.append(child)

    def _uncover(self) -> None:
        for widget in self._covered:
            widget.show()
        self._covered = []

    def _put_away(self, panel: Panel) -> None:
        panel.closed.disconnect(self.close)
        panel.hide()

    def _fit(self) -> None:
        if self._open is None:
            return
        area = self._area.rect()
        width = int(self._open.property("panel_width") or 0)
        if 0 < width < area.width():
            area.setLeft(area.left() + (area.width() - width) // 2)
            area.setWidth(width)
        self._open.setGeometry(area)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the area's size."""
        if event.type() == QEvent.Type.Resize and watched is self._area:
            self._fit()
        return False
