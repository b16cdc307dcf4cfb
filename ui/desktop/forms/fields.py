"""One field of a form: label, what to write, why it is asked, and the control itself.

A control is made by a :data:`Make`: :func:`short_control` makes those that every window may need,
``long_fields.any_control`` all of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRegularExpression, QSize, QTimer, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.desktop.forms.rows import FieldRow, Kind
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import PlainLabel, plain, set_tip
from ui.desktop.widgets.ticks import TickBox

PAUSE_MS = 500
STEADY_MS = 3000
"""What is typed without a pause is told after this long, as a note's line is."""
_ALONE_WIDE = 480
"""Width, px at step 1.0, that a field has where nothing stands beside it."""
LINE_CAP = 400
DIGITS_CAP = 32
SECRET_CAP = 2000
"""A join line has some 650 characters, and more with long names."""


class Control(NamedTuple):
    """What is written in; ``read`` returns its value, ``write`` shows that of a row."""

    widget: QWidget
    read: Callable[[], str]
    write: Callable[[FieldRow], None]


_TYPED = frozenset({Kind.LINE, Kind.LONG, Kind.SECRET, Kind.DIGITS})
"""Kinds in which something may be written and not told yet; all others are told at once."""

Make = Callable[["FieldBox", FieldRow], Control]


class FieldBox(QWidget):
    """Label, control and help of one field.

    ``changed`` carries key, value, and the heads it was typed over (:attr:`FieldRow.heads`), only for the
    user's acts; ``written`` carries key and value after every key.
    """

    changed = Signal(str, str, str)
    written = Signal(str, str)

    def __init__(self, look: Look, row: FieldRow, make: Make, *, alone: bool = False) -> None:
        """``alone``: nothing stands beside it, so that its words have the width of the form."""
        super().__init__()
        self._alone = alone
        self.look = look
        self._row = row
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.tell)
        self._steady = QTimer(self)
        self._steady.setSingleShot(True)
        self._steady.setInterval(STEADY_MS)
        self._steady.timeout.connect(self.tell)
        self._seen = row.heads
        self._behind = False
        self._refusal: tuple[str, str] | None = None
        self.label = PlainLabel(look)
        self._foot = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self.control, self._read, self._write = make(self, row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 4)
        outer.setSpacing(2)
        outer.addWidget(self.label)
        outer.addWidget(self.control)
        outer.addWidget(self._foot)
        outer.addStretch(1)
        self._write(row)
        self._told = self._read()
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
        if self.control.accessibleName() == self._row.label:
            self.control.setAccessibleName(row.label)
        self._row = row
        if newer and not self.untold:
            self._write(row)
            self._told = self._read()
            self._behind = self._told != row.value
        self._look_at_heads()
        self._dress(row)

    def _look_at_heads(self) -> None:
        """Take note which heads the user sees: not those of a value that came under what they are typing."""
        if self.untold or (self.control.hasFocus() and (self._row.clash or self._read() != self._row.value)):
            return
        self._seen = self._row.heads

    def _dress(self, row: FieldRow) -> None:
        note = "to fill in" if row.missing else "needed" if row.needed else ""
        spans = [Span(row.label, Weight.MEDIUM, size=Type.CAPTION)]
        if note:
            spans.append(
                Span(f" {note}", Weight.BOLD if row.missing else Weight.REGULAR, Ink.SECONDARY, Type.CAPTION, 4)
            )
        self.label.show_spans(spans)
        self.label.setVisible(row.kind is not Kind.TICK)
        refusal = self._refusal[0] if self._refusal else ""
        foot = ". ".join(part.rstrip(".") for part in (row.error, row.clash, row.help or row.why) if part)
        foot = refusal or foot
        self._foot.say(foot)
        self._foot.setVisible(bool(foot))
        described = (note, refusal, row.error, row.clash, row.help, row.why, row.tip)
        words = ". ".join(part for part in described if part)
        if isinstance(self.control, ChoiceBox):
            self.control.describe(words)
        else:
            self.control.setAccessibleDescription(words)
        set_tip(self.control, row.why or row.tip)

    def typed(self) -> None:
        """A key was pressed in the control: what is written is told at the next pause, or while typing goes on."""
        if self._refusal is not None and self._read() != self._refusal[1]:
            self._refusal = None
            self._dress(self._row)
        self._pause.start()
        if not self._steady.isActive():
            self._steady.start()
        self.written.emit(self._row.key, self._read())

    @property
    def untold(self) -> bool:
        """Say whether something is typed here that was not handed on yet."""
        return self._row.kind in _TYPED and self._read() != self._told

    def refuse(self, sentence: str) -> None:
        """Say under the field why something was not taken, until it holds something else."""
        self._refusal = (sentence, self._read())
        self._dress(self._row)

    def tell(self) -> None:
        """Hand on what is written, where it was not told yet."""
        self._pause.stop()
        self._steady.stop()
        value = self.value()
        if value != self._told:
            self._told, self._behind = value, False
            over = self._seen if self._row.kind in _TYPED else self._row.heads
            self.changed.emit(self._row.key, value, over)
        elif self._behind and not self.control.hasFocus():
            # What came while the user was here was not written under their hands; now it may be shown.
            self._behind = False
            self._write(self._row)
            self._told = self._read()
        if not self.control.hasFocus():
            self._seen = self._row.heads

    def picked(self) -> None:
        """Hand on what was picked from the list, also where that is what stood there: now it is chosen."""
        if self.value() == self._told:
            self.changed.emit(self._row.key, self._told, self._row.heads)
        self.tell()

    def sizeHint(self) -> QSize:
        """Return the layout's wish at a usual width."""
        high = super().sizeHint().height()
        return QSize(self.look.px(_ALONE_WIDE), self._high(high)) if self._alone else QSize(self.look.px(240), high)

    def minimumSizeHint(self) -> QSize:
        """Return the least; alone, words are not as narrow as a window may become, so they need no such height."""
        least = super().minimumSizeHint()
        return QSize(least.width(), self._high(least.height())) if self._alone else least

    def _high(self, at_most: int) -> int:
        layout = self.layout()
        wide = layout.totalHeightForWidth(self.look.px(_ALONE_WIDE)) if layout is not None else -1
        return at_most if wide < 0 else min(wide, at_most)


# --- the controls of one line ----------------------------------------------------------------


def short_control(box: FieldBox, row: FieldRow) -> Control:
    """Make the control of a field whose value is one line or one choice."""
    match row.kind:
        case Kind.SECRET:
            return _secret(box, row)
        case Kind.DIGITS:
            return _digits(box, row)
        case Kind.CHOICE:
            return _choice(box, row)
        case Kind.TICK:
            return _tick(box, row)
        case Kind.SAID:
            said = plain(box.look, "", wrap=True)
            return Control(said, said.text, lambda shown: said.say(shown.value))
        case _:
            return _line(box, row)


def _line(box: FieldBox, row: FieldRow) -> Control:
    line = LineField(box.look, row.label, row.placeholder, cap=LINE_CAP)
    line.textEdited.connect(box.typed)
    line.refused.connect(box.refuse)
    line.editingFinished.connect(box.tell)
    box.label.setBuddy(line)
    return Control(line, line.clean, lambda shown: line.fill(shown.value))


def _secret(box: FieldBox, row: FieldRow) -> Control:
    line = LineField(box.look, row.label, row.placeholder, cap=SECRET_CAP)
    line.setEchoMode(LineField.EchoMode.Password)
    box.label.setBuddy(line)
    # As it was typed: a space at the end is part of a passphrase.
    return Control(line, line.text, lambda shown: line.fill(shown.value))


def _digits(box: FieldBox, row: FieldRow) -> Control:
    line = LineField(box.look, row.label, row.placeholder, cap=DIGITS_CAP)
    line.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9*#]*"), line))
    box.label.setBuddy(line)
    return Control(line, line.clean, lambda shown: line.fill(shown.value))


def _choice(box: FieldBox, row: FieldRow) -> Control:
    choice = ChoiceBox(box.look, row.label, row.placeholder or "Choose")
    choice.chosen.connect(box.picked)
    box.label.setBuddy(choice)

    def current() -> str:
        chosen = choice.current()
        return chosen.key if chosen else ""

    return Control(choice, current, lambda shown: choice.show_choices(shown.choices, shown.value or None))


def _tick(box: FieldBox, row: FieldRow) -> Control:
    tick = TickBox(box.look, row.label)
    tick.clicked.connect(box.tell)
    return Control(
        tick,
        lambda: "yes" if tick.isChecked() else "",
        lambda shown: tick.setChecked(shown.value == "yes"),
    )
