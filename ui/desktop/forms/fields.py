"""One field of a form: label, what to write, why it is asked, and the control itself."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QSize, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from console.domain.text import NOTE_CAP, UNCUT, safe_block, too_long
from ui.desktop.forms.rows import FieldRow, Kind
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.fields import LineField, paint_plain_border
from ui.desktop.widgets.labels import PlainLabel, plain, set_tip
from ui.desktop.widgets.own_keys import is_ours
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row
from ui.desktop.widgets.ticks import TickBox

PAUSE_MS = 500
LINE_CAP = 400


class LongField(QPlainTextEdit):
    """Three lines of plain text; ``edited`` comes at a pause in typing and on leaving.

    ``refused`` carries the sentence for a paste that the field cannot hold: then nothing was changed.
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

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leaving hands the text on."""
        super().focusOutEvent(event)
        self.edited.emit(safe_block(self.toPlainText(), NOTE_CAP))


class TickList(RowView):
    """Several of a list: one tab stop, Space or Enter ticks; the value is the keys joined by commas."""

    edited = Signal(str)

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, name)
        self._sizes = look
        self._row: FieldRow | None = None
        self._on: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.acted.connect(self._toggle)

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
        self.setFixedHeight(self._sizes.px(24) * min(5, max(1, len(choices))))

    def _toggle(self, key: str, _act: str) -> None:
        on = set(self._on) ^ {key}
        self._on = tuple(on)
        self._fill()
        self.edited.emit(self.value())


def _tick_row(key: str, label: str, *, on: bool) -> Row:
    cells = (Cell(left=2, width=20, tick=on, act="toggle"), Cell(left=26, text=label, act="toggle"))
    return Row(key, (Line(cells, 24),), f"{label}, {'ticked' if on else 'not ticked'}", acts=("toggle",))


class FieldBox(QWidget):
    """Label, control and help of one field; ``changed`` carries key and value, only for the user's acts."""

    changed = Signal(str, str)

    def __init__(self, look: Look, row: FieldRow) -> None:
        super().__init__()
        self._look = look
        self._row = row
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self._tell)
        self._told = row.value
        self._label = PlainLabel(look)
        self._foot = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self.control, self._read, self._write = self._make(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 4)
        outer.setSpacing(2)
        outer.addWidget(self._label)
        outer.addWidget(self.control)
        outer.addWidget(self._foot)
        outer.addStretch(1)
        self._write(row)
        self._dress(row)

    @property
    def row(self) -> FieldRow:
        """What is shown now."""
        return self._row

    def value(self) -> str:
        """Return what is written now."""
        return self._read()

    def show_row(self, row: FieldRow) -> None:
        """Show ``row``; what the user is typing stays, also when only an error came."""
        if row == self._row:
            return
        newer = row.value != self._row.value or row.choices != self._row.choices
        self._row = row
        if newer:
            self._told = row.value
            self._write(row)
        self._dress(row)

    def _dress(self, row: FieldRow) -> None:
        note = "to fill in" if row.missing else "needed" if row.needed else ""
        spans = [Span(row.label, Weight.MEDIUM, size=Type.CAPTION)]
        if note:
            spans.append(
                Span(f" {note}", Weight.BOLD if row.missing else Weight.REGULAR, Ink.SECONDARY, Type.CAPTION, 4)
            )
        self._label.show_spans(spans)
        self._label.setVisible(row.kind is not Kind.TICK)
        foot = ". ".join(part.rstrip(".") for part in (row.error, row.clash, row.help or row.why) if part)
        self._foot.say(foot)
        self._foot.setVisible(bool(foot))
        described = (note, row.error, row.clash, row.help, row.why)
        words = ". ".join(part for part in described if part)
        if isinstance(self.control, ChoiceBox):
            self.control.describe(words)
        else:
            self.control.setAccessibleDescription(words)
        set_tip(self.control, row.why)

    def _make(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        match row.kind:
            case Kind.LINE:
                return self._make_line(row)
            case Kind.SECRET:
                return self._make_secret(row)
            case Kind.LONG:
                return self._make_long(row)
            case Kind.CHOICE:
                return self._make_choice(row)
            case Kind.TICK:
                return self._make_tick(row)
            case Kind.TICKS:
                many = TickList(self._look, row.label)
                many.edited.connect(self._tell_now)
                return many, many.value, many.show_field
            case Kind.SAID:
                said = plain(self._look, "", wrap=True)
                return said, said.text, lambda shown: said.say(shown.value)

    def _make_line(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        line = LineField(self._look, row.label, row.placeholder, cap=LINE_CAP)
        line.textEdited.connect(self._pause.start)
        line.editingFinished.connect(self._tell)
        self._label.setBuddy(line)
        return line, line.clean, lambda shown: line.fill(shown.value)

    def _make_secret(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        line = LineField(self._look, row.label, row.placeholder, cap=LINE_CAP)
        line.setEchoMode(LineField.EchoMode.Password)
        self._label.setBuddy(line)
        # As it was typed: a space at the end is part of a passphrase.
        return line, line.text, lambda shown: line.fill(shown.value)

    def _make_long(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        long = LongField(self._look, row.label)
        long.edited.connect(self._tell_now)
        long.refused.connect(self._refuse)
        long.textChanged.connect(self._pause.start)
        self._label.setBuddy(long)

        def fill(shown: FieldRow) -> None:
            if not long.hasFocus() and long.toPlainText() != shown.value:
                long.setPlainText(shown.value)

        return long, lambda: safe_block(long.toPlainText()), fill

    def _make_choice(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        box = ChoiceBox(self._look, row.label, row.placeholder or "Choose")
        box.chosen.connect(self._tell_now)
        self._label.setBuddy(box)

        def current() -> str:
            chosen = box.current()
            return chosen.key if chosen else ""

        return box, current, lambda shown: box.show_choices(shown.choices, shown.value or None)

    def _make_tick(self, row: FieldRow) -> tuple[QWidget, Callable[[], str], Callable[[FieldRow], None]]:
        tick = TickBox(self._look, row.label)
        tick.clicked.connect(self._tell_now)
        return (
            tick,
            lambda: "yes" if tick.isChecked() else "",
            lambda shown: tick.setChecked(shown.value == "yes"),
        )

    def _refuse(self, sentence: str) -> None:
        """Say under the field why a paste was not taken, until something else is said there."""
        self._foot.say(sentence)
        self._foot.setVisible(True)
        self.control.setAccessibleDescription(sentence)

    def flush(self) -> None:
        """Hand on what was typed and not told yet."""
        self._tell()

    def _tell_now(self, _value: object) -> None:
        self._tell()

    def _tell(self) -> None:
        self._pause.stop()
        value = self.value()
        if value != self._told:
            self._told = value
            self.changed.emit(self._row.key, value)

    def sizeHint(self) -> QSize:
        """Return the layout's wish at a usual width."""
        return QSize(self._look.px(240), super().sizeHint().height())
