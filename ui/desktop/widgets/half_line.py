"""A line that is written in pieces, between other things."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QHideEvent, QShowEvent

from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.told_acts import ToldActs, listened_to

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class HalfLine(LineField):
    """Whoever comes back to it by a key goes on at its end.

    Qt selects all that stands in a line when a key brings the focus there, so that the next letter would throw away
    what was begun.  Where something listens to the window, sending it is an act beside it as well as the Enter key.
    """

    _told: ToldActs | None = None

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select nothing."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY:
            self.end(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Offer to send it to whoever presses no key."""
        super().showEvent(event)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take what was offered away with it."""
        super().hideEvent(event)
        self._tell()

    def _stand(self) -> None:
        super()._stand()
        # What listens may have come after the window.
        self._tell()

    def _tell(self) -> None:
        if not listened_to() or self.parentWidget() is None:
            return
        if self._told is None:
            self._told = ToldActs(self)
            self._told.pressed.connect(self._send)
        self._told.tell((("send", "Send the line"),) if self.isVisible() else (), self.accessibleName(), self.rect())

    def _send(self, _key: str, _act: str) -> None:
        self.entered.emit(self.clean())
