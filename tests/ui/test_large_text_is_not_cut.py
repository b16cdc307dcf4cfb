"""At 150 % on the smallest screen: figures, requests and whatever a live call hangs on are whole.

The screens scroll down and never aside.  What elides says all of itself in its tooltip: titles of tiles, and the quiet
words beside a number.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from tests.helpers.busy_pair import STATES, BusyPair
from tests.helpers.cut_words import cut_words
from tests.helpers.night_windows import Sitting
from tests.helpers.screen_lint import faults, visible
from ui.desktop.screens.board.tile import Tile
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.cards import Pane
from ui.desktop.widgets.labels import PlainLabel, spans_width
from ui.desktop.widgets.reach import Reach
from ui.desktop.widgets.row_painter import line_height
from ui.desktop.widgets.row_view import RowView

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
SMALL, LARGER, TWO_LINES = (1280, 640), 1.5, 40


@pytest.fixture
def pair(qapp: QApplication) -> Iterator[BusyPair]:
    """The pair in the program's own fonts at 150 %."""
    apply(qapp, choose(dark=False, high_contrast=False), zoom=LARGER)
    made = BusyPair(zoom=LARGER)
    yield made
    made.end()


def may_elide(view: QWidget) -> set[str]:
    """Return the texts that may be shown in part: each has its tooltip, and stands whole for a screen reader."""
    quiet = [tile.title for tile in visible(view, Tile)] + [pane.title for pane in visible(view, Pane)]
    if isinstance(view, HandlerView):
        quiet += [view.call._detail, view.slot._detail]
    if isinstance(view, CoordinatorView):
        quiet += [view.head._below]
    return {label.text() for label in quiet}


def first_words(view: QWidget) -> Iterator[PlainLabel]:
    """Yield the labels whose first words are what counts, with quiet ones after them: a caller's name, a place."""
    if isinstance(view, CoordinatorView):
        yield view.head._name
    if isinstance(view, HandlerView):
        yield from (one for one in visible(view.who, PlainLabel) if one.text().startswith("Where now"))


def cut(view: QWidget) -> list[str]:
    """Return what is cut that may not be."""
    names = list(first_words(view))
    for label in names:
        # The label before a place, and the place.
        counts = label.spans[:2] if label.text().startswith("Where now") else label.spans[:1]
        assert spans_width(label._look, counts) <= label.width(), label.text()
    allowed = may_elide(view) | {label.text() for label in names}
    return [one for one in cut_words(view) if one.removeprefix("label ").strip("'\"") not in allowed]


def rooms(view: QWidget) -> Iterator[tuple[str, int, int]]:
    """Yield each list with rows: its name, its height, and what its first line needs, at most :data:`TWO_LINES`."""
    for one in visible(view, RowView):
        if one.rows:
            needed = line_height(one._look, one.rows[0].lines[0], one.viewport().width())
            yield one.accessibleName(), one.viewport().height(), min(needed, one._look.px(TWO_LINES))


@pytest.mark.parametrize("state", ["clash", "held", "dropped", "crowd"])
def test_nothing_that_a_live_call_hangs_on_is_cut(pair: BusyPair, state: str) -> None:
    STATES[state](pair)
    pair.sized(*SMALL)
    pair.settle()
    pair.sized(*SMALL)
    for one in (pair.priya, pair.tom, pair.helen):
        assert cut(one.view) == [], one.console.who.name
        assert faults(one.view) == []
        assert around(one).horizontalScrollBar().maximum() == 0, "reading needs no scrolling aside"
        for name, high, needed in rooms(one.view):
            assert high >= needed, name


def around(one: Sitting) -> Reach:
    """Return what lets a screen be scrolled."""
    found = one.view.parentWidget()
    while not isinstance(found, Reach):
        assert found is not None
        found = found.parentWidget()
    return found


def test_the_call_its_caller_and_the_signals_are_seen_without_scrolling(pair: BusyPair) -> None:
    pair.sized(*SMALL)
    view = pair.priya.view
    assert isinstance(view, HandlerView)
    for row in (view.status, view.call, view.slot, view.who, view.signals):
        assert row.visibleRegion().boundingRect() == row.rect()


def test_the_boards_figures_capacity_and_first_call_are_seen_without_scrolling(pair: BusyPair) -> None:
    pair.crowd()
    pair.sized(*SMALL)
    board = pair.helen.view
    assert isinstance(board, BoardView)
    for tile in (board.waiting, board.longest, board.answered, board.work, board.capacity):
        assert tile.visibleRegion().boundingRect() == tile.rect(), tile.name
    calls = board.calls.view
    first = calls.visualRect(calls.model().index(0, 0))
    assert calls.viewport().visibleRegion().contains(first)


def test_usual_text_puts_the_figures_back_where_they_were(qapp: QApplication) -> None:
    apply(qapp, choose(dark=False, high_contrast=False))
    made = BusyPair()
    made.sized(*SMALL)
    board = made.helen.view
    assert isinstance(board, BoardView)
    before = [tile.geometry() for tile in (board.waiting, board.calls, board.capacity)]
    made.sized(1100, 640)
    assert board.calls.y() > before[1].y() or board._narrow
    made.sized(*SMALL)
    assert [tile.geometry() for tile in (board.waiting, board.calls, board.capacity)] == before
    made.end()
