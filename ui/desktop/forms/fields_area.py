"""The part of a form that scrolls: whatever field Tab goes to is seen whole, with its name and help."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from ui.desktop.forms.fields import FieldBox


class FieldsArea(QScrollArea):
    """Scrolls up and down only, and takes no focus itself."""

    def __init__(self, holder: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(holder)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Go on, then show the field whole: Qt itself shows the place of the cursor in it, and cuts the rest."""
        found = super().focusNextPrevChild(forward)
        box: QWidget | None = self.focusWidget()
        while box is not None and box is not self and not isinstance(box, FieldBox):
            box = box.parentWidget()
        if isinstance(box, FieldBox):
            self.ensureWidgetVisible(box, 0, 0)
        return found
