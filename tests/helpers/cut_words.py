"""What a window cuts: labels that elide, buttons narrower than their words, cells of lists that have no room."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtWidgets import QWidget

from tests.helpers.screen_lint import visible
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.row_painter import cell_width, place
from ui.desktop.widgets.row_view import RowView


def cut_cells(view: RowView) -> list[str]:
    """Return the words of a list that do not fit on their line and do not go on to another."""
    look, words = view._look, []
    for at, row in enumerate(view.rows):
        for line, area in view._painter.lines(row, view.visualRect(view.model().index(at, 0))):
            for placed in place(look, line, area):
                if not placed.cell.wrap and placed.rect.width() < cell_width(look, placed.cell):
                    words.append(placed.cell.text or placed.cell.button or placed.cell.key)
    return words


def cut_words(window: QWidget) -> Iterator[str]:
    """Yield everything in sight that is not said whole."""
    for label in visible(window, PlainLabel):
        if label.elided() or (label.wordWrap() and label.heightForWidth(label.width()) > label.height()):
            yield f"label {label.text()!r}"
    for button in visible(window, KeyButton):
        if button.width() < button.minimumSizeHint().width():
            yield f"button {button.text()!r}"
    for chip in visible(window, Chip):
        if chip.width() < chip.sizeHint().width():
            yield f"chip {chip.text()!r}"
    for view in visible(window, RowView):
        yield from (f"{view.accessibleName()}: {word!r}" for word in cut_cells(view))
