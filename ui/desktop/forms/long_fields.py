"""The larger controls of a form: several lines of text, and several choices of a list."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QMimeData, Qt, Signal
from PySide6.QtGui import QFocusEvent, QInputMethodEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QScrollArea, QSizePolicy

from console.domain.text import NOTE_CAP, UNCUT, safe_block, too_long
from ui.desktop.forms.fields import Control, FieldBox, short_control
from ui.desktop.forms.rows import FieldRow, Kind
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.fields import paint_plain_border
from ui.desktop.widgets.own_keys import is_ours
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row


class LongField(QPlainTextEdit):
    """Three lines of plain text; ``edited`` comes at a pause in typing and on leaving.

    ``refused`` carries the sentence for what the field cannot hold: of a paste nothing is taken, and of what
    is typed nothing beyond the last character that fits.
    """

    edited = Signal(str)
    refused = Signal(str)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__()
        self._look = look
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFont(self._look.font(Type.BODY))
        self.setFixedHeight(self._look.px(64))

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Take plain text only, made safe; more than the field holds is refused whole, in words."""
        if not source.hasText():
            return
        pasted = safe_block(source.text(), cap=UNCUT)
        length = len(self.toPlainText()) - len(self.textCursor().selectedText()) + len(pasted)
        if length > NOTE_CAP:
            self.refused.emit(str(too_long(length, NOTE_CAP, "this field")))
        else:
            self.insertPlainText(pasted)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, and in high contrast the border."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        paint_plain_border(painter, self._look, self, self.viewport().rect())
        painter.end()

    def event(self, event: QEvent) -> bool:
        """Leave our own keys to the window."""
        if is_ours(event):
            event.ignore()
            return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take a key, unless the field is full."""
        before = self.document().characterCount()
        super().keyPressEvent(event)
        self._hold(before)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        """Take a composed character, unless the field is full."""
        before = self.document().characterCount()
        super().inputMethodEvent(event)
        self._hold(before)

    def _hold(self, before: int) -> None:
        """Take out again what was just typed beyond the field's end: the record holds what the screen shows."""
        # In units of Qt, never fewer than characters: most keys are weighed without reading the text.
        if before >= self.document().characterCount() or self.document().characterCount() <= NOTE_CAP:
            return
        length = len(self.toPlainText())
        if length > NOTE_CAP:
            for _ in range(length - NOTE_CAP):
                self.textCursor().deletePreviousChar()
            self.refused.emit(str(too_long(length, NOTE_CAP, "this field")))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving hands the text on."""
        super().focusOutEvent(event)
        self.edited.emit(safe_block(self.toPlainText(), NOTE_CAP))


class TickList(RowView):
    """Several of a list: one tab stop, Space or Enter ticks; the value is the keys joined by commas.

    As high as its rows: the form around it scrolls, and nothing within.
    """

    edited = Signal(str)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, name)
        self._sizes = look
        self._row: FieldRow | None = None
        self._on: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.acted.connect(self._toggle)
        self.current_key_changed.connect(self._follow)

    def show_field(self, row: FieldRow) -> None:
        """Show the choices of ``row``."""
        self._row = row
        self._on = tuple(key for key in row.value.split(",") if key)
        self._fill()

    def value(self) -> str:
        """Return the ticked keys in the order of the list."""
        choices = self._row.choices if self._row else ()
        return ",".join(choice.key for choice in choices if choice.key in self._on)

    def _fill(self) -> None:
        choices = self._row.choices if self._row else ()
        self.show_rows([_tick_row(choice.key, choice.label, on=choice.key in self._on) for choice in choices])
        self.setFixedHeight(max(self._sizes.px(24), self.content_height()))

    def _follow(self, _key: str) -> None:
        """Bring the row under the ring into sight of the form that scrolls."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        holder = around.widget() if around is not None else None
        if around is not None and holder is not None and self.hasFocus():
            place = self.visualRect(self.currentIndex())
            middle = self.viewport().mapTo(holder, place.center())
            around.ensureVisible(middle.x(), middle.y(), 0, place.height())

    def _toggle(self, key: str, _act: str) -> None:
        on = set(self._on) ^ {key}
        self._on = tuple(on)
        self._fill()
        self.edited.emit(self.value())


def _tick_row(key: str, label: str, *, on: bool) -> Row:
    cells = (Cell(left=2, width=20, tick=on, act="toggle"), Cell(left=26, text=label, act="toggle"))
    spoken, calls = (f"{label}, ticked", "Untick") if on else (f"{label}, not ticked", "Tick")
    return Row(key, (Line(cells, 24),), spoken, acts=("toggle",), calls=calls)


def any_control(box: FieldBox, row: FieldRow) -> Control:
    """Make the control of a field of any kind."""
    match row.kind:
        case Kind.LONG:
            return _long(box, row)
        case Kind.TICKS:
            many = TickList(box.look, row.label)
            many.edited.connect(box.tell)
            return Control(many, many.value, many.show_field)
        case _:
            return short_control(box, row)


def _long(box: FieldBox, row: FieldRow) -> Control:
    long = LongField(box.look, row.label)
    long.edited.connect(box.tell)
    long.refused.connect(box.refuse)
    long.textChanged.connect(box.typed)
    box.label.setBuddy(long)

    def fill(shown: FieldRow) -> None:
        if not long.hasFocus() and long.toPlainText() != shown.value:
            long.setPlainText(shown.value)

    return Control(long, lambda: safe_block(long.toPlainText()), fill)
