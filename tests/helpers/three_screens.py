"""The three screens with their reference rows, in any theme and size of text, for tests of all alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from PySide6.QtCore import QRect
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.board_rows import board_at_22_17_58
from tests.helpers.coordinator_rows import coordinator_at_22_17_58, desk_without_a_pair
from tests.helpers.family_rows import with_family
from tests.helpers.handler_rows import STATES
from tests.helpers.show_handler import SeenActs
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply
from ui.desktop.theme.look import Look, Theme
from ui.desktop.widgets.row_painter import cell_width, place
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Line, Row


class DeafActs:
    """Implements the acts of coordinator and board by doing nothing."""

    def do(self, act: Act) -> None:
        """Do nothing."""

    def row(self, of: str, key: str, act: str) -> None:
        """Do nothing."""

    def message(self, text: str) -> bool:
        """Do nothing."""
        return True

    def number_typed(self, typed: str) -> None:
        """Do nothing."""

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Do nothing."""

    def refused(self, sentence: str) -> None:
        """Do nothing."""

    def form_opened(self, key: str, subject: str) -> None:
        """Do nothing."""

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Do nothing."""

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Do nothing."""


def _handler(state: str) -> Callable[[Look], QWidget]:
    def make(look: Look) -> QWidget:
        view = HandlerView(look, SeenActs())
        view.show_rows(STATES[state])
        return view

    return make


def _family(look: Look) -> QWidget:
    view = HandlerView(look, SeenActs())
    view.show_rows(with_family())
    return view


def _coordinator(*, paired: bool) -> Callable[[Look], QWidget]:
    def make(look: Look) -> QWidget:
        view = CoordinatorView(look, DeafActs())
        view.show_rows(coordinator_at_22_17_58() if paired else desk_without_a_pair())
        return view

    return make


def _board(*, away: bool) -> Callable[[Look], QWidget]:
    def make(look: Look) -> QWidget:
        view = BoardView(look, DeafActs())
        view.show_rows(board_at_22_17_58(away=away))
        return view

    return make


SCREENS: Mapping[str, Callable[[Look], QWidget]] = {
    **{f"handler-{state}": _handler(state) for state in STATES},
    "handler-family": _family,
    "coordinator-pair": _coordinator(paired=True),
    "coordinator-desk": _coordinator(paired=False),
    "board": _board(away=False),
    "board-away": _board(away=True),
}


def make_screen(app: QApplication, name: str, theme: Theme, zoom: float = 1.0) -> tuple[QWidget, Look]:
    """Return a screen that shows its reference rows, and its look."""
    look = apply(app, theme, zoom=zoom)
    return SCREENS[name](look), look


def lists(screen: QWidget) -> list[RowView]:
    """Return the lists that can be seen and hold rows."""
    return [one for one in screen.findChildren(RowView) if one.isVisible() and one.rows]


def overlaps(look: Look, row: Row, width: int) -> Iterator[str]:
    """Yield the cells of ``row`` whose painted text runs into the next cell, at ``width`` px."""
    for line in row.lines:
        drawn = sorted(_drawn(look, line, width), key=lambda one: one[1].left())
        for (said, one), (other, two) in zip(drawn, drawn[1:], strict=False):
            if one.right() > two.left():
                yield f"{said!r} runs into {other!r}"


def _drawn(look: Look, line: Line, width: int) -> Iterator[tuple[str, QRect]]:
    for placed in place(look, line, QRect(0, 0, width, look.px(line.height))):
        cell, rect = placed.cell, placed.rect
        said = cell.text or cell.button or (cell.chip.text if cell.chip else "")
        wanted = rect.width() if cell.wrap else min(rect.width(), cell_width(look, cell))
        if said and wanted > 0:
            left = rect.right() + 1 - wanted if cell.right is not None else rect.left()
            yield said, QRect(left, rect.top(), wanted, rect.height())
