"""A line that is written in pieces, between other things."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent

from ui.desktop.widgets.fields import LineField

_BY_KEY = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)


class HalfLine(LineField):
    """Whoever comes back to it by a key goes on at its end.

    Qt selects all that stands in a line when a key brings the focus there, so that the next letter would throw away
    what was begun.
    """

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select nothing."""
        super().focusInEvent(event)
        if event.reason() in _BY_KEY:
            self.end(False)
