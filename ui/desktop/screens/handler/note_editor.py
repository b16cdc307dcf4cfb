"""The note: plain lines, each with its time and how far it has come.

Typing is never moved, never overwritten and never thrown away: lines of this worker change only by
this worker's keys; others' lines are shown, kept current, and not edited.
"""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from PySide6.QtCore import QEvent, QMimeData, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QInputMethodEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextBlock,
    QTextCursor,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit

from console.domain.text import NOTE_CAP, UNCUT, safe_block, too_long
from ui.desktop.screens.handler.note_document import insert_line, line_format, replace_line, texts_of, touched_lines
from ui.desktop.screens.handler.note_lines import follow
from ui.desktop.screens.handler.note_margin import paint_margin, restyle_lines, tint_others
from ui.desktop.screens.handler.rows import NoteLineRow, NotesRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.faces import Kept
from ui.desktop.widgets.fields import paint_plain_border
from ui.desktop.widgets.own_keys import is_ours

_ENTERS = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class NoteEditor(QTextEdit):
    """``changed(record, line, text)`` and ``ended(line)`` are called as the user types and leaves a line.

    The record is the one the words stand under, whatever the services have gone on to meanwhile.
    ``refused`` carries the sentence for a paste that a note cannot hold: then nothing was changed.
    ``homeless`` carries the words that have no record: they stand here until one comes, and go into it; then
    ``housed`` says so.
    """

    refused = Signal(str)
    homeless = Signal(str)
    housed = Signal()

    def __init__(
        self,
        look: Look,
        new_id: Callable[[], UUID],
        changed: Callable[[str, UUID, str], None],
        ended: Callable[[UUID], None],
    ) -> None:
        super().__init__()
        self._look = look
        self._new_id = new_id
        self._tell = changed
        self._ended = ended
        self._record: str | None = None
        self._ids: list[UUID] = [new_id()]
        self._texts: list[str] = [""]
        self._heard: dict[UUID, NoteLineRow] = {}
        self._line_now: UUID = self._ids[0]
        self._program = False
        self.setAccessibleName("Notes")
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.document().contentsChanged.connect(self._edited)
        self.cursorPositionChanged.connect(self._moved)
        look.changed.connect(self._restyle)
        self._restyle()

    # What the service says.

    def show_row(self, row: NotesRow) -> None:
        """Show ``row``: another record empties and fills the editor, the same one is only added to."""
        otherwise = row.why != self.placeholderText()
        self.setPlaceholderText(row.why)
        heard = {line.line_id: line for line in row.lines}
        if row.record == self._record and heard == self._heard:
            if otherwise:
                self._ask_for_a_record()
            return
        fresh = row.record != self._record
        homeless = "" if self._record else "\n".join(self._texts).lstrip()
        self._heard = heard
        self._program = True
        if fresh:
            self._record = row.record
            self._load(row)
        else:
            self._merge(row)
        self._program = False
        tint_others(self, self._look, self._others())
        self.viewport().update()
        if fresh and homeless:
            self.put(homeless)
            if self._record:
                self.housed.emit()

    def begin_with(self, text: str) -> None:
        """Write what was typed before there was a record; it goes into the first that is shown."""
        self.setPlainText(text)

    @property
    def record(self) -> str:
        """Return which record the words are written to; empty for none."""
        return self._record or ""

    def _load(self, row: NotesRow) -> None:
        lines = [line for line in row.lines if line.text]
        self._ids = [*(line.line_id for line in lines), self._new_id()]
        self._texts = [*(line.text for line in lines), ""]
        self.setPlainText("\n".join(self._texts))
        self._restyle()
        self.moveCursor(QTextCursor.MoveOperation.End)
        self._line_now = self._ids[-1]

    def _merge(self, row: NotesRow) -> None:
        touched = False
        after = -1
        for line in row.lines:
            if line.line_id in self._ids:
                after = self._ids.index(line.line_id)
                if line.author and self._texts[after] != line.text:
                    replace_line(self.document(), after, line.text)
                    self._texts[after] = line.text
                    touched = True
            elif line.author and line.text:
                after += 1
                insert_line(self, after, line.text)
                self._ids.insert(after, line.line_id)
                self._texts.insert(after, line.text)
                touched = True
        if touched:
            self._restyle()
            self.document().clearUndoRedoStacks()

    # What the user does.

    def _edited(self) -> None:
        if self._program:
            return
        now = texts_of(self.document())
        edit = follow(self._ids, self._texts, now, self._new_id)
        before = dict(zip(self._ids, self._texts, strict=True))
        self._ids, self._texts = list(edit.ids), now
        self.viewport().update()
        if not self._record:
            self.homeless.emit("\n".join(self._texts))
            return
        for line, text in zip(self._ids, now, strict=True):
            if line in edit.changed and text != before.get(line, ""):
                self._tell(self._record, line, text)
        for line in edit.gone:
            if before[line]:
                self._tell(self._record, line, "")

    def _ask_for_a_record(self) -> None:
        if not self._record and any(text.strip() for text in self._texts):
            self.homeless.emit("\n".join(self._texts))

    def _moved(self) -> None:
        if self._program:
            return
        now = self._ids[min(self.textCursor().blockNumber(), len(self._ids) - 1)]
        if now != self._line_now:
            self._end_line()
            self._line_now = now

    def _end_line(self) -> None:
        if self._record and self._line_now in self._ids and self._texts[self._ids.index(self._line_now)]:
            self._ended(self._line_now)

    def put(self, text: str) -> None:
        """Write ``text`` where the user is, or on a line of the user's own."""
        self._leave_others()
        self.textCursor().insertText(text)

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take plain text only, made safe; more than a note holds is refused whole, in words."""
        if not source.hasText():
            return
        pasted = safe_block(source.text(), cap=UNCUT)
        if len(pasted) > NOTE_CAP:
            self.refused.emit(str(too_long(len(pasted), NOTE_CAP)))
        else:
            self.put(pasted)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep others' lines as they are; what is typed there goes to a line of the user's own."""
        if event.key() in _ENTERS and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._leave_others()
            self.textCursor().insertBlock()
            self.ensureCursorVisible()
            return
        takes_away = event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete) or event.matches(
            QKeySequence.StandardKey.Cut
        )
        if takes_away and self._would_harm(event):
            return
        if event.text() and event.text().isprintable():
            self._leave_others()
        super().keyPressEvent(event)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Composed characters keep to the same rule."""
        if event.commitString() or event.preeditString():
            self._leave_others()
        super().inputMethodEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving the note ends the line."""
        super().focusOutEvent(event)
        self._end_line()

    def event(self, event: QEvent) -> bool:
        """Leave our own keys to the window."""
        if is_ours(event):
            event.ignore()
            return False
        return super().event(event)

    # Others' lines.

    def _is_other(self, at: int) -> bool:
        heard = self._heard.get(self._ids[at]) if 0 <= at < len(self._ids) else None
        return heard is not None and bool(heard.author)

    def _others(self) -> list[int]:
        return [at for at in range(len(self._ids)) if self._is_other(at)]

    def _leave_others(self) -> None:
        """Where the cursor touches others' lines, go to an empty line of one's own at the foot."""
        if not any(self._is_other(at) for at in touched_lines(self.textCursor())):
            return
        self.moveCursor(QTextCursor.MoveOperation.End)
        if self._texts[-1]:
            self.textCursor().insertBlock()

    def _would_harm(self, event: QKeyEvent) -> bool:
        touched = touched_lines(self.textCursor())
        if any(self._is_other(at) for at in touched):
            return True
        cursor = self.textCursor()
        if cursor.hasSelection():
            return False
        if event.key() == Qt.Key.Key_Backspace:
            return cursor.atBlockStart() and self._is_other(touched[0] - 1)
        return cursor.atBlockEnd() and self._is_other(touched[0] + 1)

    # How it looks.

    def _restyle(self) -> None:
        was, self._program = self._program, True
        self.setFont(self._look.font(Type.NOTE))
        restyle_lines(self, self._look, line_format(self._look))
        self._program = was
        tint_others(self, self._look, self._others())

    def kept_of(self, at: int) -> Kept:
        """Return how far line ``at`` has come: typing until the service has heard these very words."""
        heard = self._heard.get(self._ids[at])
        return heard.kept if heard is not None and heard.text == self._texts[at] else Kept.TYPING

    def line_at(self, block: QTextBlock) -> tuple[NoteLineRow | None, Kept, str]:
        """Return what was heard of the line of ``block``, how far it is, and its text."""
        at = block.blockNumber()
        if at >= len(self._ids):
            return None, Kept.TYPING, block.text()
        return self._heard.get(self._ids[at]), self.kept_of(at), self._texts[at]

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, then times and states beside it."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setClipRect(QRectF(event.rect()))
        paint_margin(painter, self, self._look)
        paint_plain_border(painter, self._look, self, self.viewport().rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the line being typed in sight, and the newest where it was in sight before."""
        bar = self.verticalScrollBar()
        at_foot = bar.value() == bar.maximum()
        super().resizeEvent(event)
        if at_foot:
            bar.setValue(bar.maximum())
        self.ensureCursorVisible()

    def minimumSizeHint(self) -> QSize:
        """At least four lines."""
        return QSize(self._look.px(260), self._look.px(22 * 4 + 8))
