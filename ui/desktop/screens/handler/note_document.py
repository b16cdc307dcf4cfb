"""What is done to the text of the note from outside, without the user's cursor noticing."""

from __future__ import annotations

from PySide6.QtGui import QTextBlockFormat, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextEdit

from ui.desktop.theme.look import Look


def texts_of(document: QTextDocument) -> list[str]:
    """Return the text of every line."""
    return [document.findBlockByNumber(at).text() for at in range(document.blockCount())]


def touched_lines(cursor: QTextCursor) -> range:
    """Return the numbers of the lines the cursor or its selection touches."""
    document = cursor.document()
    first = document.findBlock(cursor.selectionStart()).blockNumber()
    return range(first, document.findBlock(cursor.selectionEnd()).blockNumber() + 1)


def replace_line(document: QTextDocument, at: int, text: str) -> None:
    """Write ``text`` in place of line ``at``."""
    cursor = QTextCursor(document.findBlockByNumber(at))
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock, QTextCursor.MoveMode.KeepAnchor)
    cursor.insertText(text)


def insert_line(editor: QTextEdit, at: int, text: str) -> None:
    """Put a line in as number ``at``; cursor, selection and what is in view stay with their words."""
    document = editor.document()
    own = editor.textCursor()
    anchor, position, scroll = own.anchor(), own.position(), editor.verticalScrollBar().value()
    last = at >= document.blockCount()
    block = document.lastBlock() if last else document.findBlockByNumber(at)
    start = block.position() + (block.length() - 1 if last else 0)
    cursor = QTextCursor(document)
    cursor.setPosition(start)
    cursor.insertText(f"\n{text}" if last else f"{text}\n")

    def moved(place: int) -> int:
        return place + len(text) + 1 if not last and place >= start else place

    own.setPosition(moved(anchor))
    own.setPosition(moved(position), QTextCursor.MoveMode.KeepAnchor)
    editor.setTextCursor(own)
    editor.verticalScrollBar().setValue(scroll)


def line_format(look: Look) -> QTextBlockFormat:
    """Return the format of every line: 22 px high, room for time and state at its sides."""
    made = QTextBlockFormat()
    made.setLineHeight(look.px(22), QTextBlockFormat.LineHeightTypes.FixedHeight.value)
    made.setLeftMargin(look.px(53))
    made.setRightMargin(look.px(80))
    return made
