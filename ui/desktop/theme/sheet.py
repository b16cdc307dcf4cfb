"""The one stylesheet: only what Qt's own controls need; everything else paints from the palette."""

from __future__ import annotations

from string import Template

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink

_SHEET = Template(
    """
QMainWindow, QWidget#window { background: $window; }
QLineEdit, QPlainTextEdit, QTextEdit {
  background: $surface; color: $text; border: 1px solid $border; border-radius: 4px;
  selection-background-color: $accent; selection-color: $on_accent; padding: 0 ${pad}px;
}
QPlainTextEdit, QTextEdit { padding: 2px; }
QLineEdit, QPlainTextEdit, QTextEdit { placeholder-text-color: $quiet; }
QLineEdit:focus { border: 3px solid $focus; padding: 0 ${pad_focus}px; }
QPlainTextEdit:focus, QTextEdit:focus { border: 3px solid $focus; padding: 0; }
QLineEdit:disabled, QLineEdit:read-only, QTextEdit:disabled { background: $window; color: $quiet; }
QAbstractItemView {
  background: $surface; color: $text; border: 0; outline: 0;
  selection-background-color: $selected; selection-color: $text;
}
QComboBox QAbstractItemView { border: 1px solid $border; }
QHeaderView::section { background: $surface; color: $secondary; border: 0; padding: 2px; }
QScrollArea { background: transparent; border: 0; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 2px; min-height: 24px; min-width: 24px; margin: 3px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QMenu { background: $surface; color: $text; border: 1px solid $border; }
QMenu::item:selected { background: $selected; }
"""
)


def sheet(look: Look) -> str:
    """Return the stylesheet of a window, empty in high contrast."""
    if look.theme.plain:
        return ""
    colours = {ink.value: look.hex(ink) for ink in Ink}
    return _SHEET.substitute(colours, pad=str(look.px(9)), pad_focus=str(look.px(9) - 2))
