"""Left: what was before this call.  Right: the help asked for, and one line to the partner."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout

from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.one_line import KeptLine
from ui.desktop.screens.half_words import MESSAGE
from ui.desktop.screens.handler.act_buttons import ActButtons
from ui.desktop.screens.handler.lists import SEND, stacked
from ui.desktop.screens.handler.rows import ActButton, HelpRow, ListRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Weight
from ui.desktop.widgets.cards import RING, Pane, Rule
from ui.desktop.widgets.faces import ButtonFace, Span
from ui.desktop.widgets.half_line import HalfLine
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import heading

SAID_FROM = 560
"""Height in px from which what was said between the two is listed as well."""
MESSAGE_CAP = 140


class HistoryPane(Pane):
    """One list with headings: contacts, others on this number, open work, professionals."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Before this call", key_of(Act.PANE_1))
        self.bleed()
        self.list = RowView(look, "Before this call", pad=RING)
        self.body.addWidget(self.list, 1)

    def show_row(self, row: ListRow) -> None:
        """Show ``row``."""
        self.show_title((Span(row.title, Weight.SEMIBOLD),))
        self.show_right(row.right)
        self.list.show_rows(row.rows)


class HelpPane(Pane):
    """Requests with their six steps and ages; from 1920 also what was said; one line to the partner.

    ``told`` carries the key of a drafted request that has been asked for now.
    """

    told = Signal(str)

    def __init__(self, look: Look, do: Callable[[Act], None], send: Callable[[str], bool], half: Half) -> None:
        super().__init__(look, "Help asked for", key_of(Act.PANE_3))
        self._send = send
        self._row: HelpRow | None = None
        self._ask = ActButtons(look, do, height=24)
        self._ask.show_row((ActButton(Act.ASK_HELP, ButtonFace("Ask", spoken="Ask for help")),))
        self.head.addSpacing(4)
        self.head.addWidget(self._ask)
        self.bleed()
        self.list = RowView(look, "Help asked for", pad=RING)
        self.list.acted.connect(self._acted)
        self._rule = Rule(look)
        self.said = RowView(look, "Said between you", pad=RING)
        self.message = HalfLine(look, "One line to the partner", key=key_of(Act.MESSAGE), cap=MESSAGE_CAP)
        self.message.entered.connect(self._entered)
        self._line = KeptLine(self.message, half, MESSAGE, "One line to the partner")
        self.body.addSpacing(2)
        self.body.addWidget(self.list, 1)
        self.body.addWidget(self._rule)
        self.body.addWidget(self.said, 1)
        self.body.addSpacing(5)
        foot = QHBoxLayout()
        foot.setContentsMargins(RING, 0, RING, 0)
        foot.addWidget(self.message)
        self.body.addLayout(foot)
        self.body.addSpacing(2)
        look.changed.connect(self._show_requests)

    def show_row(self, row: HelpRow, record: str) -> None:
        """Show ``row`` of ``record``; a line begun and not sent stays with the record it was begun for."""
        self._line.go_to(record)
        if row == self._row:
            return
        self._row = row
        self.show_right(row.right)
        self._show_requests()
        self.said.show_rows((heading("said", "Said between you", top=4), *row.said) if row.said else ())
        self.message.setPlaceholderText(row.message_why or row.message_placeholder)
        self.message.setAccessibleDescription(row.message_why or row.message_kept)
        self.message.show_state(row.message_kept)
        self.message.setReadOnly(bool(row.message_why))
        self._fit()

    def _show_requests(self) -> None:
        rows = self._row.rows if self._row is not None else ()
        cramped = self.look.words_only
        self.list.show_rows([stacked(one) if cramped and len(one.lines) == 2 else one for one in rows])

    def _acted(self, key: str, act: str) -> None:
        if act == SEND:
            self.told.emit(key)

    def _entered(self, text: str) -> None:
        if text and not self.message.isReadOnly() and self._send(text):
            self._line.sent()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show or hide what was said, by the height there is."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        tall = self.height() >= self.look.px(SAID_FROM) * 0.6 and bool(self._row and self._row.said)
        self.said.setVisible(tall)
        self._rule.setVisible(tall)

    def minimumSizeHint(self) -> QSize:
        """Two requests and the line."""
        return QSize(self.look.px(300), self.look.px(150))
