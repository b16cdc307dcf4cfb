"""High contrast and both themes on all three screens; and nothing is said by colour or shape alone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QAccessible, QColor
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from console.domain.people import Rank
from tests.helpers.screen_lint import faults, visible
from tests.helpers.three_screens import SCREENS, lists, make_screen
from ui.desktop.screens.board.tile import Tile
from ui.desktop.theme.apply import choose
from ui.desktop.theme.look import Theme
from ui.desktop.theme.palette import Ink
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import Mark
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Row

EACH = pytest.mark.parametrize("name", list(SCREENS))
RANKS = {
    Rank.NOW: ("now",),
    Rank.HOUR: ("within the hour", "within hour"),
    Rank.SHIFT: ("this shift",),
    Rank.DAY: ("next working day",),
    Rank.INFORMATION: ("information",),
}
"""What a rank's shape must be called in words."""
MARKS = {
    Mark.TICK: ("in hand", "confirmed", "seen", "done", "accepted", "taken", "ticked"),
    Mark.CLOCK: ("waiting", "not sent", "since", "until", "of ", "late"),
}


def theme(kind: str) -> Theme:
    """Return one of the three themes by name."""
    return choose(dark=kind == "dark", high_contrast=kind == "high contrast")


def shown(qtbot: QtBot, qapp: QApplication, name: str, kind: str) -> QWidget:
    """Return a screen as a laptop shows it."""
    screen, _ = make_screen(qapp, name, theme(kind))
    qtbot.addWidget(screen)
    screen.resize(1366, 690)
    screen.show()
    qapp.processEvents()
    return screen


@EACH
@pytest.mark.parametrize("kind", ["light", "dark", "high contrast"])
def test_every_screen_draws_and_has_no_faults_in_every_theme(
    qtbot: QtBot, qapp: QApplication, name: str, kind: str
) -> None:
    screen = shown(qtbot, qapp, name, kind)
    drawn = screen.grab().toImage()
    colours = {drawn.pixel(x, y) for x in range(0, drawn.width(), 7) for y in range(0, drawn.height(), 7)}

    assert len(colours) > 2, "nothing was drawn"
    assert faults(screen) == []


@EACH
def test_high_contrast_paints_only_in_the_platforms_own_colours(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    screen = shown(qtbot, qapp, name, "high contrast")
    ours = {QColor(theme("light").palette.of(ink)).rgb() for ink in (Ink.RED, Ink.AMBER_FILL, Ink.RISK, Ink.NOTICE)}
    drawn = screen.grab().toImage()
    seen = {drawn.pixel(x, y) for x in range(0, drawn.width(), 2) for y in range(0, drawn.height(), 2)}

    assert screen.styleSheet() == ""
    assert not seen & ours


def cells(row: Row) -> Iterator[Cell]:
    """Yield the cells of a row."""
    return (cell for line in row.lines for cell in line.cells)


def unsaid(row: Row) -> list[str]:
    """Return what ``row`` shows by shape, box or greyness and does not say in words."""
    said = row.spoken.lower()
    missing = []
    for cell in cells(row):
        if cell.rank is not None and not any(words in said for words in RANKS[cell.rank]):
            missing.append(f"rank {cell.rank.name}")
        if cell.chip is not None and cell.chip.text.lower() not in said:
            missing.append(f"chip {cell.chip.text}")
        if cell.kept is not None and cell.kept.value not in said:
            missing.append(f"kept {cell.kept.value}")
        if cell.steps is not None and not (f"step {cell.steps[0]}" in said or f"{cell.steps[0]} of" in said):
            missing.append(f"steps {cell.steps}")
        if cell.mark is not Mark.NONE and not any(words in said for words in MARKS.get(cell.mark, ())):
            missing.append(f"mark {cell.mark}")
        if cell.text and cell.text.lower() not in said:
            missing.append(f"text {cell.text}")
    return missing


@EACH
def test_every_row_says_in_words_what_it_shows(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    for view in lists(shown(qtbot, qapp, name, "light")):
        for row in view.rows:
            assert unsaid(row) == [], f"{view.accessibleName()}: {row.spoken}"
            if any(cell.stale for cell in cells(row)):
                assert "not up to date" in row.spoken or "old" in view.accessibleDescription()


@EACH
def test_a_screen_reader_is_given_the_spoken_row(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    screen = shown(qtbot, qapp, name, "light")
    for view in visible(screen, RowView):
        rows = QAccessible.queryAccessibleInterface(view)
        names = [rows.child(at).text(QAccessible.Text.Name) for at in range(rows.childCount())]

        assert names == [row.spoken for row in view.rows], view.accessibleName()


@EACH
def test_every_boxed_word_is_a_word(qtbot: QtBot, qapp: QApplication, name: str) -> None:
    for chip in visible(shown(qtbot, qapp, name, "light"), Chip):
        assert chip.text().strip()


def tile_words(screen: QWidget) -> dict[str, str]:
    """Return, tile by tile of a board, name and description as a screen reader gets them."""
    return {
        tile.name: f"{tile.accessibleName()} {tile.accessibleDescription()}".lower() for tile in visible(screen, Tile)
    }


def test_an_amber_tile_and_a_stale_one_say_so_in_words(qtbot: QtBot, qapp: QApplication) -> None:
    live = tile_words(shown(qtbot, qapp, "board", "light"))
    away = tile_words(shown(qtbot, qapp, "board-away", "light"))

    assert "within the hour" in live["Waiting"] or "amber" in live["Waiting"]
    assert "amber" in live["Longest wait"]
    assert "0 free" in live["Night capacity"]
    for words in ("now", "within", "this shift"):
        assert words in live["Open work"]
    stale = {name for name, words in away.items() if "41 s old" in words}
    assert stale >= {"Answered", "Open work", "Calls per hour"}
    assert not any("old" in words for words in live.values() if "oldest" not in words)
