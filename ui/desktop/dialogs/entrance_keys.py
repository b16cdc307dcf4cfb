"""F1 before anybody is signed in: the keys of the windows outside the console."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QWidget

from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.widgets.cards import RING
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row, quiet

TITLE = "Keys of this window"
_KEYS_WIDE = 106
_AFTER = "Once you are signed in, F1 shows every key of your screen."


def key_rows(send: str, more: Iterable[tuple[str, str]] = (), after: str = _AFTER) -> tuple[Row, ...]:
    """Return the keys; ``send`` is what Enter does here, as on its button; ``more`` are those of one window alone."""
    keys = (
        ("Tab", "The next field"),
        ("Shift+Tab", "The field before"),
        ("Down", "In a choice: opens its list; letters find a line, Enter takes it"),
        ("Enter", send),
        *more,
        (key_of(Act.KEYS), "These keys; once more, or Esc: back to the form"),
    )
    return (*(_key_row(key, words) for key, words in keys), *((quiet("after", after),) if after else ()))


def _key_row(key: str, words: str) -> Row:
    cells = (Cell(key=key, width=0), Cell(left=_KEYS_WIDE, text=words, wrap=True))
    return Row(key, (Line(cells, 26),), f"{words}: {key}")


def make_list(look: Look, send: str) -> QWidget:
    """Return the list of keys."""
    made = RowView(look, TITLE, pad=RING)
    made.show_rows(key_rows(send))
    return made
