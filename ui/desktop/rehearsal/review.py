"""The review of a rehearsal in a calm window: one row for each figure, read, printed, closed."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from ui.desktop.printing import Printing
from ui.desktop.rehearsal.strip import RehearsalBar, press_focused
from ui.desktop.theme.apply import Dresser
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Row

SIZE = (820, 640)


class ReviewWindow(QWidget):
    """``heads`` stand above the rows, ``foot`` (where it is kept) below; ``text`` is what Print sends.

    ``closed`` is emitted when it is closed, by Esc too.
    """

    closed = Signal()

    def __init__(self, look: Look, title: str, heads: Sequence[str], rows: Sequence[Row], foot: str, text: str) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle("REHEARSAL: review")
        self._look = look
        self._text = text
        self.rows = RowView(look, "Review", pad=RING)
        self.rows.show_rows(rows)
        self.foot = plain(look, foot, Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self._printing = Printing(self.foot.say, self)
        self.print = KeyButton(look, ButtonFace("Print"))
        self.print.clicked.connect(self._print)
        self.leave = KeyButton(look, ButtonFace("Close", "Esc", filled=True))
        self.leave.clicked.connect(self.close)
        self._lay_out(look, title, heads)
        self._dresser = Dresser(self, look)
        self.resize(self.sizeHint())
        self.rows.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self, look: Look, title: str, heads: Sequence[str]) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 12)
        outer.setSpacing(8)
        outer.addWidget(RehearsalBar(look))
        inner = QVBoxLayout()
        inner.setContentsMargins(16, 4, 16, 0)
        inner.setSpacing(6)
        inner.addWidget(plain(look, title, Type.NAME, Weight.SEMIBOLD))
        for text in heads:
            inner.addWidget(plain(look, text, Type.BODY, ink=Ink.SECONDARY, wrap=True))
        inner.addWidget(self.rows, 1)
        inner.addWidget(self.foot)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.print)
        buttons.addStretch(1)
        buttons.addWidget(self.leave)
        inner.addLayout(buttons)
        outer.addLayout(inner, 1)

    def sizeHint(self) -> QSize:
        """Room for most rows without scrolling, on the smallest screen there is."""
        return QSize(self._look.px(SIZE[0]), min(self._look.px(SIZE[1]), 640))

    def _print(self) -> None:
        self._printing.print_text("The review", self._text)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc closes; Enter presses the button that has the focus."""
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        elif not press_focused(self, event):
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that it was read."""
        self._printing.close()
        event.accept()
        self.closed.emit()
