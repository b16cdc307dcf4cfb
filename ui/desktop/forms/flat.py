"""The fields of a form in columns, with the sentences over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.desktop.forms.fields import FieldBox, Make, short_control
from ui.desktop.forms.fields_area import FieldsArea
from ui.desktop.forms.half_filled import Half, HalfFilled
from ui.desktop.forms.rows import NEVER_KEPT, SEEN, FieldRow, FormRow, Kind
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.labels import plain
from ui.started import as_started

GONE = "What you had chosen here is no longer there. Choose again."


class SectionBox(QWidget):
    """The fields of one section; a field that is still asked keeps its box, and what is typed in it."""

    changed = Signal(str, str, str)
    written = Signal(str, str)

    def __init__(self, look: Look, make: Make, columns: int) -> None:
        super().__init__()
        self._look = look
        self._make = make
        self._columns = columns
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(3, 0, 3, 0)
        self._grid.setHorizontalSpacing(20)
        self._grid.setVerticalSpacing(4)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self.boxes: list[FieldBox] = []
        self._shape: tuple[tuple[str, Kind], ...] = ()

    def show_fields(self, fields: Sequence[FieldRow], *, anew: bool = False) -> None:
        """Show ``fields`` in order, left to right, long ones over both columns; ``anew`` in new boxes."""
        shape = tuple((field.key, field.kind) for field in fields)
        if anew or shape != self._shape:
            self._shape = shape
            self._build(fields, {} if anew else {(box.row.key, box.row.kind): box for box in self.boxes})
        for box, field in zip(self.boxes, fields, strict=True):
            box.show_row(field)

    def _build(self, fields: Sequence[FieldRow], known: Mapping[tuple[str, Kind], FieldBox]) -> None:
        before, self.boxes = self.boxes, [known.get((field.key, field.kind)) or self._box(field) for field in fields]
        for box in before:
            self._grid.removeWidget(box)
            if box not in self.boxes:
                box.hide()
                box.deleteLater()
        at, columns = 0, self._columns
        for field, box in zip(fields, self.boxes, strict=True):
            span = columns if field.wide or field.kind in (Kind.LONG, Kind.SAID) else 1
            at += -at % span
            self._grid.addWidget(box, at // columns, at % columns, 1, span, Qt.AlignmentFlag.AlignTop)
            at += span
            # The layout would show it a turn later; the focus may be put on it at once.
            box.show()

    def _box(self, field: FieldRow) -> FieldBox:
        box = FieldBox(self._look, field, self._make, alone=self._columns == 1)
        box.changed.connect(self.changed)
        box.written.connect(self.written)
        return box


class FlatForm(QWidget):
    """A form of one section.  ``values()`` returns everything written.

    ``changed`` carries its subject and one field at a time, with the heads that field was typed over.
    """

    changed = Signal(str, str, str, str)
    built = Signal()
    """Other fields are shown: they need their place in the way of the Tab key."""

    def __init__(self, look: Look, make: Make = short_control, half: Half | None = None, *, columns: int = 2) -> None:
        """``make`` makes the controls: a form with the larger ones brings what makes them.

        ``half`` is where what is written and not sent stays; without it, it goes with the form.
        """
        super().__init__()
        self._half: Half = half or HalfFilled()
        self._look = look
        self._form = FormRow("", "")
        self._section = 0
        self._kept: dict[str, str] = {}
        self._fields = SectionBox(look, make, columns)
        self._fields.changed.connect(self._changed)
        self._fields.written.connect(self._write)
        holder = QWidget()
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, 8, 0)
        inner.addWidget(self._fields)
        inner.addStretch(1)
        self._area = FieldsArea(holder)
        self._intro = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY, wrap=True)
        self._error = plain(look, "", weight=Weight.SEMIBOLD, wrap=True)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self._row.addWidget(self._area, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._intro)
        outer.addWidget(self._error)
        outer.addLayout(self._row, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_form(self, form: FormRow) -> None:
        """Show ``form``; another key or subject starts at its first section with what was left half filled there.

        What was being typed is told first, under the subject it was typed for.
        """
        if form == self._form:
            return
        other = (form.key, form.subject) != (self._form.key, self._form.subject)
        if other:
            self._leave()
            self._kept = dict(self._half.of(form))
        elif not form.saves:
            self.flush()
        self._form = form
        for label, text in ((self._intro, form.intro), (self._error, form.error)):
            label.say(as_started(text))
            label.setVisible(bool(text))
        self._section = min(self._section, max(0, len(form.sections) - 1))
        self._show_sections(form)
        self._show_section(anew=other)

    def _leave(self) -> None:
        self.flush()
        self._section = 0
        self._kept = {}

    def _show_sections(self, form: FormRow) -> None:
        """Show the list of sections, in a form that has one."""

    def focus_first(self) -> None:
        """Put the focus on the first field, or the first that is missing."""
        self._go_to(lambda box: box.row.missing)

    def focus_lacking(self) -> None:
        """Put the focus on the first field that is still to fill in, else on the first."""
        self._go_to(lambda box: box.row.lacks(box.value()))

    def _go_to(self, wanted: Callable[[FieldBox], bool]) -> None:
        boxes = self._fields.boxes
        found = next((box for box in boxes if wanted(box)), boxes[0] if boxes else None)
        if found is not None:
            found.control.setFocus(Qt.FocusReason.OtherFocusReason)
            self._area.ensureWidgetVisible(found)

    def stops(self) -> tuple[QWidget, ...]:
        """Return what the Tab key visits here, in its order."""
        found = (box.control for box in self._fields.boxes)
        return tuple(one for one in found if one.focusPolicy() & Qt.FocusPolicy.TabFocus)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Home and End, where no field wants them, go to the ends of the form."""
        bar = self._area.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(bar.minimum())
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    def height_at(self, width: int) -> int:
        """Return the height in px at which nothing scrolls, ``width`` px wide."""
        layout = self.layout()
        shown = [label for label in (self._intro, self._error) if label.text()]
        words = sum(label.heightForWidth(width) + layout.spacing() for label in shown) if layout else 0
        holder = self._area.widget()
        inner = holder.layout() if holder is not None else None
        if inner is None:
            return words
        # Before the first paint the layout remembers the wish of a form without fields.
        self._fields.updateGeometry()
        inner.invalidate()
        # The scroll area gives its widget the height of its wish, also where a narrower one would do.
        fields = max(inner.totalHeightForWidth(width), inner.totalSizeHint().height())
        return words + fields

    def flush(self) -> None:
        """Let every field hand on what was typed and not told yet."""
        for box in self._fields.boxes:
            box.tell()

    def values(self) -> Mapping[str, str]:
        """Return every field's value: what is written now, else what was written or given before."""
        found = {SEEN: self._form.seen} if self._form.seen else {}
        found |= {field.key: field.value for field in self._form.fields()}
        found.update(self._kept)
        found.update({box.row.key: box.value() for box in self._fields.boxes})
        return found

    def _changed(self, key: str, value: str, over: str) -> None:
        self._write(key, value)
        self.changed.emit(self._form.subject, key, value, over)

    def _write(self, key: str, value: str) -> None:
        """Let what is written stay until it is sent; a form that saves as one types needs no such thing."""
        if self._form.saves:
            return
        # All of it: what the worker left as it was shown belongs to what they write beside it.
        shown = {field.key: field.value for field in self._form.fields() if field.kind is not Kind.SAID}
        seen = {SEEN: self._form.seen} if self._form.seen else {}
        self._kept = seen | shown | self._kept | {key: value}
        self._half.put(self._form, self._kept)

    def _show_section(self, *, anew: bool = False) -> None:
        sections = self._form.sections
        before = self._fields.boxes
        fields = sections[self._section].fields if sections else ()
        self._fields.show_fields([self._as_written(field) for field in fields], anew=anew)
        if self._fields.boxes is not before:
            self.built.emit()

    def _as_written(self, field: FieldRow) -> FieldRow:
        """Return the field with what the worker wrote in it; a choice that has gone says so, and is none."""
        kept = self._kept.get(field.key)
        if kept is None or field.kind in NEVER_KEPT or field.kind is Kind.SAID:
            return field
        if field.kind is Kind.CHOICE and kept and kept not in {one.key for one in field.choices}:
            return replace(field, value="", error=GONE)
        return replace(field, value=kept)
