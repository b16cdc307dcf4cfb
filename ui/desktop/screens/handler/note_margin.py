"""Draws the times and the kept / shared / seen marks beside the lines of the note."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QTextBlock, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QTextEdit

from ui.desktop.screens.handler.rows import NoteLineRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import Kept
from ui.desktop.widgets.shapes import paint_kept

if TYPE_CHECKING:
    from ui.desktop.screens.handler.note_editor import NoteEditor

_WORDS_ALONE = frozenset({Kept.UNSAVED, Kept.NOT_SHARED})
"""Wrong states have no bars: they are said, in the room of bars and word."""
_STRONG = _WORDS_ALONE | {Kept.KEPT}


def restyle_lines(editor: QTextEdit, look: Look, form: QTextBlockFormat) -> None:
    """Give every line the size and margins of this step."""
    cursor = QTextCursor(editor.document())
    cursor.select(QTextCursor.SelectionType.Document)
    cursor.setBlockFormat(form)
    editor.document().setDocumentMargin(look.px(3))
    editor.document().clearUndoRedoStacks()


def tint_others(editor: QTextEdit, look: Look, lines: Iterable[int]) -> None:
    """Draw others' lines in the quieter ink."""
    made = []
    for at in lines:
        cursor = QTextCursor(editor.document().findBlockByNumber(at))
        cursor.select(QTextCursor.SelectionType.LineUnderCursor)
        cursor.movePosition(QTextCursor.MoveOperation.StartOfBlock)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
        selection = QTextEdit.ExtraSelection()
        form = QTextCharFormat()
        form.setForeground(look.colour(Ink.SECONDARY))
        selection.cursor = cursor
        selection.format = form
        made.append(selection)
    editor.setExtraSelections(made)


def _visible(editor: NoteEditor) -> Iterator[tuple[QTextBlock, float]]:
    """Yield each line drawn now with its baseline in the viewport."""
    shift = editor.verticalScrollBar().value()
    layout = editor.document().documentLayout()
    block = editor.document().begin()
    while block.isValid():
        box = layout.blockBoundingRect(block)
        if box.top() - shift > editor.viewport().height():
            return
        if box.bottom() >= shift and block.layout().lineCount():
            line = block.layout().lineAt(0)
            yield block, box.top() - shift + line.y() + line.ascent()
        block = block.next()


def paint_margin(painter: QPainter, editor: NoteEditor, look: Look) -> None:
    """Draw time at the left and state at the right of every line shown."""
    right = editor.viewport().width() - look.px(74)
    for block, baseline in _visible(editor):
        heard, kept, text = editor.line_at(block)
        if heard is not None:
            painter.setFont(look.font(Type.BODY))
            painter.setPen(look.colour(Ink.SECONDARY))
            painter.drawText(QPointF(look.px(8), baseline), heard.clock)
        if text:
            _paint_state(painter, look, heard, kept, QPointF(right, baseline))


def _paint_state(painter: QPainter, look: Look, heard: NoteLineRow | None, kept: Kept, at: QPointF) -> None:
    words = heard.author if heard is not None and heard.author else kept.value
    own = words == kept.value
    strong = own and kept in _STRONG
    font = look.font(Type.CAPTION, Weight.SEMIBOLD if strong else Weight.REGULAR)
    painter.setFont(font)
    painter.setPen(look.colour(Ink.TEXT if strong else Ink.SECONDARY))
    if own and kept in _WORDS_ALONE:
        painter.drawText(at, words)
        return
    if own:
        high = QFontMetricsF(font).capHeight()
        paint_kept(painter, look, kept, QRectF(at.x(), at.y() - high / 2 - look.px(5), look.px(20), look.px(10)))
    painter.drawText(QPointF(at.x() + look.px(27), at.y()), words)
