"""F1: every key of this screen, made from the table of shortcuts; Enter on a line does what the key does.

So every act has a way that needs no key of its own: for a screen reader, a voice, a mouse at the button *Keys*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import groupby
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QWidget

from console.domain.signal_set import SHIPPED, SignalSet
from ui.desktop.shortcuts import CANDIDATES, REPLIES, Act, Screen, Shortcut, shortcuts_of
from ui.desktop.theme.look import Look
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row, heading

COLUMNS = 3
_KEYS_WIDE = 106
"""Room for the widest cap, Ctrl+Shift+Enter, px at step 1.0."""
_FOLDED = frozenset((*CANDIDATES[1:], *REPLIES[1:]))
_FOLDED_INTO = MappingProxyType(
    {CANDIDATES[0]: ("Alt+1 to 9", "Choose a candidate"), REPLIES[0]: ("Ctrl+5 to 8", "Quick reply to a signal")}
)


def sheet_rows(screen: Screen, signals: SignalSet = SHIPPED) -> tuple[tuple[Row, ...], ...]:
    """Return the keys of ``screen`` in columns, each group whole under its heading."""
    shown = [shortcut for shortcut in shortcuts_of(screen, signals) if shortcut.act not in _FOLDED]
    groups = [(name, tuple(found)) for name, found in groupby(shown, key=lambda shortcut: shortcut.group)]
    columns: list[list[Row]] = [[] for _ in range(COLUMNS)]
    share = (len(shown) + len(groups)) / COLUMNS
    at = 0
    for name, found in groups:
        if len(columns[at]) + len(found) / 2 > share and at < COLUMNS - 1:
            at += 1
        columns[at].append(heading(f"group-{name}", name, top=4))
        columns[at].extend(_key_row(shortcut) for shortcut in found)
    return tuple(tuple(column) for column in columns)


def _key_row(shortcut: Shortcut) -> Row:
    usual = shortcut.key.replace("Return", "Enter"), shortcut.words
    key, words = _FOLDED_INTO.get(shortcut.act, usual)
    cells = (Cell(key=key, width=0), Cell(left=_KEYS_WIDE, text=words, wrap=True))
    # Which of several is meant is said by the key alone; the sheet itself is open.
    acts = () if shortcut.act in _FOLDED_INTO or shortcut.act is Act.KEYS else ("do",)
    return Row(shortcut.act.value, (Line(cells, 22),), f"{words}: {key}", acts=acts, calls="Do it")


class Column(RowView):
    """As high as its rows; the sheet around it scrolls, all columns together."""

    def __init__(self, look: Look, name: str, around: QScrollArea) -> None:
        super().__init__(look, name, pad=RING)
        self._around = around
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.current_key_changed.connect(self._follow)
        look.changed.connect(self._fit)

    def _fit(self) -> None:
        self.setFixedHeight(self.content_height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words wrap at another width, so another height is needed."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _follow(self, _key: str) -> None:
        """Bring the row the keyboard is on into sight."""
        holder, place = self._around.widget(), self.visualRect(self.currentIndex())
        if holder is not None:
            middle = self.viewport().mapTo(holder, place.center())
            self._around.ensureVisible(middle.x(), middle.y(), 0, place.height())


class KeySheet(Panel):
    """The sheet: lists side by side that share the width, and one scroll bar for all where they are too high."""

    def __init__(self, look: Look, screen: Screen, signals: SignalSet = SHIPPED) -> None:
        super().__init__(look, "Keys")
        self.show_right("Enter on a line does it")
        self._acts: Mapping[Act, Callable[[], None]] = {}
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.columns: list[Column] = []
        row = QHBoxLayout()
        row.setSpacing(12)
        row.setContentsMargins(0, 0, 10, 0)
        for number, rows in enumerate(sheet_rows(screen, signals), 1):
            column = Column(look, f"Keys, column {number}", self.area)
            column.show_rows(rows)
            column.acted.connect(self._asked)
            row.addWidget(column, 1, Qt.AlignmentFlag.AlignTop)
            self.columns.append(column)
            self.first = self.first or column
        holder = QWidget()
        holder.setLayout(row)
        self.area.setWidget(holder)
        self.bleed()
        self.body.addWidget(self.area, 1)

    def does(self, acts: Mapping[Act, Callable[[], None]]) -> None:
        """Let Enter on a line do what its key does."""
        self._acts = acts

    def _asked(self, key: str, _act: str) -> None:
        # First away: the act may be about what has the focus, and may open a panel itself.
        self.closed.emit()
        act = self._acts.get(Act(key))
        if act is not None:
            act()
