"""The coordinator's screen, read left to right: what she hears, what we know, what we asked for."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.domain.people import Rank
from ui.desktop.screens.coordinator.desk import Desk
from ui.desktop.screens.coordinator.head import Head
from ui.desktop.screens.coordinator.lists import (
    directory_row,
    fact_row,
    help_row,
    line_row,
    note_row,
    relay_row,
    signal_row,
    typing_row,
    work_row,
)
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import Pane
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Span
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import quiet

LINE_CAP = 80
"""Longest line to the partner, in characters: it must be read in one glance."""


class CoordinatorView(QWidget):
    """Shows :class:`CoordinatorRows`; decides nothing.

    ``pressed`` carries an act of :class:`~ui.desktop.shortcuts.Act`; ``row_acted`` the list's
    name, the row's key and the act; ``line_written`` one line to the partner.
    """

    pressed = Signal(str)
    row_acted = Signal(str, str, str)
    line_written = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName("Coordinator")
        self.head = Head(look)
        self.head.pressed.connect(self.pressed)
        self.note = self._list("Partner's note")
        self.facts = self._list("Facts", "facts")
        self.requests = self._list("Help asked for", "requests")
        self.signals_view = self._list("Signals from the partner", "signals")
        self.lines = self._list("Lines to the partner")
        self.relay = self._list("Relay card", "relay")
        self.directory = self._list("Directory", "directory")
        self.work = self._list("Other open work", "work")
        self.line = LineField(look, "One line to the partner", "One line, then Enter", key=key_of(Act.MESSAGE))
        self.line.setMaxLength(LINE_CAP)
        self.line.entered.connect(self._write_line)
        self.desk = Desk(look)
        self.desk.acted.connect(self._desk_acted)
        self._missing = Chip(look, None, height=22)
        self._panes: dict[str, Pane] = {}
        self._pages = QStackedWidget()
        self._lay_out()

    def show_rows(self, rows: CoordinatorRows) -> None:
        """Show ``rows``; only what changed is touched and no focus moves."""
        self.head.show_row(rows.head, rows.away)
        self._pages.setCurrentIndex(0 if rows.head else 1)
        self.desk.show_work(rows.summons, rows.work)
        if rows.head is None:
            return
        partner = rows.head.partner
        self._panes["note"].show_title(
            (Span(rows.note_title, Weight.SEMIBOLD), Span(", live", ink=Ink.SECONDARY, size=Type.CAPTION))
        )
        notes = [note_row(row) for row in rows.note]
        self.note.show_rows([*notes, typing_row(rows.typing)] if rows.typing else notes)
        self._show_facts(rows)
        self._show_requests(rows)
        self._panes["signals"].show_title((Span(f"Signals from {partner}", Weight.SEMIBOLD),))
        self._panes["signals"].show_right(rows.signals_words)
        self.signals_view.show_rows([signal_row(row) for row in rows.signals])
        self._panes["lines"].show_title((Span(f"One line to {partner}", Weight.SEMIBOLD),))
        self.lines.show_rows([line_row(row) for row in rows.lines])
        self._panes["work"].show_right(rows.work_words)
        self.work.show_rows([work_row(row) for row in rows.work] or [quiet("none", "Nothing else open.")])
        self.directory.show_rows([directory_row(row) for row in rows.directory])

    def focus_line(self) -> None:
        """Go to the line to the partner."""
        self.line.setFocus()

    def panes(self) -> tuple[QWidget, ...]:
        """Return the places that F6 walks through, in reading order."""
        if self._pages.currentIndex() == 1:
            return tuple(self.desk.views)
        return (self.note, self.facts, self.requests, self.signals_view, self.line, self.relay, self.directory)

    def _show_facts(self, rows: CoordinatorRows) -> None:
        facts = [fact_row(row) for row in rows.facts]
        self.facts.show_rows(facts or [quiet("none", "Nothing stated yet. What she types as a fact appears here.")])
        rank = Rank.NOW if rows.head and rows.head.risk else Rank.HOUR
        self.relay.show_rows([relay_row(row, rank=rank) for row in rows.relay])
        chip = ChipRow(f"{rows.missing} missing", Face.NOTICE if rows.missing else Face.OK)
        self._missing.show_row(chip if rows.missing else None)

    def _show_requests(self, rows: CoordinatorRows) -> None:
        empty = [quiet("none", "Nothing asked for yet. Nothing is sent by itself.")]
        self.requests.show_rows([help_row(row) for row in rows.requests] or empty)

    def _write_line(self, text: str) -> None:
        if text:
            self.line.clear()
            self.line_written.emit(text)

    def _desk_acted(self, key: str, act: str) -> None:
        self.row_acted.emit("desk", key, act)

    def _list(self, name: str, acts_as: str = "") -> RowView:
        view = RowView(self._look, name)
        if acts_as:
            view.acted.connect(self._forward(acts_as))
        return view

    def _forward(self, name: str) -> _Forward:
        return _Forward(self, name)

    def _button(self, text: str, act: Act) -> KeyButton:
        button = KeyButton(self._look, ButtonFace(text, key_of(act)), focus=False, height=26)
        button.clicked.connect(_Press(self, act))
        return button

    def _pane(self, key: str, title: str, view: QWidget) -> Pane:
        pane = Pane(self._look, title)
        pane.body.addWidget(view, 1)
        self._panes[key] = pane
        return pane

    def _lay_out(self) -> None:
        left, middle, right = (self._column() for _ in range(3))
        note = self._pane("note", "Note", self.note)
        note.show_right("read only")
        left.addWidget(note, 250)
        left.addWidget(self._pane("signals", "Signals", self.signals_view), 114)
        left.addWidget(self._line_pane(), 210)
        facts = self._pane("facts", "Facts", self.facts)
        facts.show_right("Enter corrects")
        middle.addWidget(facts, 252)
        relay = self._pane("relay", "Relay card", self.relay)
        relay.show_title((Span("Relay card", Weight.SEMIBOLD), Span(", in 999 order", ink=Ink.SECONDARY)))
        relay.head.addWidget(self._missing)
        relay.head.addSpacing(8)
        relay.head.addWidget(self._button("Print", Act.PRINT))
        middle.addWidget(relay, 330)
        requests = self._pane("requests", "Help asked for", self.requests)
        requests.head.addWidget(self._button("Ask for help", Act.ASK_HELP))
        requests.head.addSpacing(8)
        requests.head.addWidget(self._button("Log news", Act.LOG_NEWS))
        right.addWidget(requests, 266)
        directory = self._pane("directory", "Directory", self.directory)
        directory.show_right("rung from your line")
        right.addWidget(directory, 156)
        work = self._pane("work", "Other open work", self.work)
        work.head.addSpacing(8)
        work.head.addWidget(self._button("Take", Act.TAKE))
        right.addWidget(work, 152)
        self._assemble(left, middle, right)

    def _line_pane(self) -> Pane:
        pane = self._pane("lines", "One line", self.lines)
        pane.show_right("silent; shown at her screen's edge")
        pane.body.addWidget(self.line)
        pane.body.addSpacing(6)
        asks = QHBoxLayout()
        asks.setSpacing(GAP)
        asks.addWidget(self._button("Ask location", Act.ASK_LOCATION))
        asks.addWidget(self._button("Keep talking", Act.KEEP_TALKING))
        asks.addStretch(1)
        pane.body.addLayout(asks)
        return pane

    def _assemble(self, left: QVBoxLayout, middle: QVBoxLayout, right: QVBoxLayout) -> None:
        pair = QWidget()
        columns = QHBoxLayout(pair)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(GAP)
        for column, stretch in ((left, 376), (middle, 484), (right, 474)):
            holder = QWidget()
            holder.setLayout(column)
            holder.setMinimumWidth(1)
            columns.addWidget(holder, stretch)
        self._pages.addWidget(pair)
        self._pages.addWidget(self.desk)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(GAP)
        outer.addWidget(self.head)
        outer.addWidget(self._pages, 1)

    def _column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        return column


class _Press:
    """Emits one act; a bound object, because a lambda in a loop would hold the last act."""

    def __init__(self, view: CoordinatorView, act: Act) -> None:
        self._view = view
        self._act = act

    def __call__(self) -> None:
        self._view.pressed.emit(self._act.value)


class _Forward:
    """Puts the list's name before what the list says."""

    def __init__(self, view: CoordinatorView, name: str) -> None:
        self._view = view
        self._name = name

    def __call__(self, key: str, act: str) -> None:
        self._view.row_acted.emit(self._name, key, act)
