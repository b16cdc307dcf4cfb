"""Whatever does not fit can be reached: a screen that scrolls where its window is too small for it.

At 200 % of text size a laptop has less room than the screens' fixed rows want.
"""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFrame, QScrollArea, QWidget

MARGIN = 8


class Reach(QScrollArea):
    """Holds one screen at least as large as its rows need; what takes the focus comes into sight."""

    def __init__(self, view: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(view)
        application = QApplication.instance()
        if isinstance(application, QApplication):
            application.focusChanged.connect(self._follow)

    def _follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        view = self.widget()
        if now is not None and view is not None and view.isAncestorOf(now):
            self.ensureWidgetVisible(now, MARGIN, MARGIN)
