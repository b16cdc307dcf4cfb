"""Every word that a window shows or tells, and those of them that are no words: keys, names of kinds, identifiers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from PySide6.QtWidgets import QComboBox, QLineEdit, QPlainTextEdit, QTextEdit, QWidget

from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Row

_TYPED = (QLineEdit, QPlainTextEdit, QTextEdit)
_NO_WORD = re.compile(
    r"\b[a-z]{2,}\.[a-z_]{2,}\b"  # incident.joined, tom.adeyemi
    r"|\b[a-z][a-z0-9]*_[a-z0-9_]+\b"  # p1_life_now
    r"|\b[a-z]\d\b"  # c1
    r"|\b[0-9a-f]{8}-[0-9a-f]{4}-"
    r"|<\w+[.:]"  # what Python says of a thing
)


def words_of(rows: Iterable[Row]) -> Iterator[str]:
    """Yield everything that rows of a list show and tell."""
    for row in rows:
        yield row.spoken
        yield row.calls
        for cell in (cell for line in row.lines for cell in line.cells):
            yield from (cell.text, cell.more, cell.button, cell.chip.text if cell.chip is not None else "")


def words_on(window: QWidget) -> Iterator[str]:
    """Yield everything in sight in ``window``, with what a screen reader is told and what tooltips say of it."""
    yield window.windowTitle()
    for one in (each for each in window.findChildren(QWidget) if each.isVisibleTo(window)):
        yield from (one.accessibleName(), one.accessibleDescription(), re.sub(r"</?qt>", "", one.toolTip()))
        if isinstance(one, RowView):
            yield from words_of(one.rows)
        elif isinstance(one, QComboBox):
            yield from (one.itemText(at) for at in range(one.count()))
        elif isinstance(one, Chip):
            yield one.text()
        elif not isinstance(one, _TYPED) and callable(getattr(one, "text", None)):
            yield str(one.text())  # type: ignore[attr-defined]  # labels and buttons


def jargon(words: Iterable[str]) -> list[str]:
    """Return the texts in which something stands that only the program calls so."""
    return sorted({one for one in words if _NO_WORD.search(one)})
