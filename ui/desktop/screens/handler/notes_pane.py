"""The middle pane: the note, what is still to ask, and the four fields everybody fills."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.services.drafts import NOTE
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import TEXT, line_form
from ui.desktop.screens.handler.acts import HandlerActs
from ui.desktop.screens.handler.note_editor import NoteEditor
from ui.desktop.screens.handler.rows import ChoiceRow, NotesRow, PromptRow, PromptsRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.cards import Pane
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import Kept, Span
from ui.desktop.widgets.labels import PlainLabel, plain, set_tip
from ui.desktop.widgets.shapes import paint_kept
from ui.desktop.widgets.ticks import TickBox


class KeptSample(QWidget):
    """Three bars alone, for the legend; the word beside them is a label."""

    def __init__(self, look: Look, kept: Kept) -> None:
        super().__init__()
        self._look = look
        self._kept = kept
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the size of the bars."""
        return QSize(self._look.px(20), self._look.px(12))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the bars."""
        painter = QPainter(self)
        paint_kept(painter, self._look, self._kept, QRectF(self.rect()))
        painter.end()


class PromptBar(QWidget):
    """What is still to ask, as many as fit, in order; the rest follow as these are asked."""

    toggled = Signal(str, bool)
    grown = Signal()
    """There is one more box than before: it needs its place in the way of the Tab key."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._row: PromptsRow | None = None
        self._boxes: list[TickBox] = []
        self._shown: list[PromptRow] = []
        self._outer = QHBoxLayout(self)
        self._outer.setContentsMargins(0, 0, 0, 0)
        self._outer.setSpacing(look.px(14))
        self._title = plain(look, "Still to ask", weight=Weight.SEMIBOLD)
        self._asked = plain(look, "", Type.CAPTION, ink=Ink.SECONDARY, right=True)
        self._outer.addWidget(self._title)
        self._outer.addStretch(1)
        self._outer.addWidget(self._asked)
        look.changed.connect(self._fit)

    def show_row(self, row: PromptsRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        self._row = row
        self._title.setVisible(bool(row.prompts))
        self._asked.say(row.asked)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit again."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        self.setFixedHeight(self._look.px(24))
        gap = self._outer.spacing()
        room = self.width() - self._title.natural_width() - self._asked.natural_width() - gap * 2
        self._shown = []
        prompts = self._row.prompts if self._row else ()
        for prompt in (prompt for prompt in prompts if not prompt.on):
            box = self._box(len(self._shown))
            box.say(prompt.label)
            room -= box.sizeHint().width() + gap
            if room < 0:
                break
            box.setChecked(False)
            self._shown.append(prompt)
        for at, box in enumerate(self._boxes):
            box.setVisible(at < len(self._shown))

    def _box(self, at: int) -> TickBox:
        while len(self._boxes) <= at:
            box = TickBox(self._look, "")
            box.clicked.connect(self._clicked)
            self._outer.insertWidget(1 + len(self._boxes), box)
            self._boxes.append(box)
            self.grown.emit()
        return self._boxes[at]

    def stops(self) -> tuple[QWidget, ...]:
        """Return what the Tab key visits here, in its order."""
        return tuple(self._boxes)

    def _clicked(self, on: bool) -> None:
        sender = self.sender()
        for box, prompt in zip(self._boxes, self._shown, strict=False):
            if box is sender:
                self.toggled.emit(prompt.key, on)

    def minimumSizeHint(self) -> QSize:
        """Prompts that do not fit wait."""
        return QSize(self._look.px(200), self._look.px(24))


class FieldsRow(QWidget):
    """Kind, urgency, who and consent, side by side under their labels."""

    changed = Signal(str, str)
    grown = Signal()
    """There is one more box than before."""

    _STRETCH = (172, 115, 114, 201)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._rows: tuple[ChoiceRow, ...] = ()
        self._labels: list[PlainLabel] = []
        self._boxes: list[ChoiceBox] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        look.changed.connect(self._place)

    def show_rows(self, rows: Sequence[ChoiceRow]) -> None:
        """Show ``rows``; a box the user has open is not touched."""
        new = tuple(rows)
        if new == self._rows:
            return
        self._rows = new
        for at, row in enumerate(new):
            if at == len(self._boxes):
                self._add(at, row)
            words = f"{row.label}: {row.clash}" if row.clash else row.label
            ink = Ink.TEXT if row.clash else Ink.SECONDARY
            weight = Weight.SEMIBOLD if row.clash else Weight.REGULAR
            self._labels[at].show_spans((Span(words, weight, ink, Type.CAPTION),))
            fill_choice(self._boxes[at], row)

    def go_to(self, field: str) -> None:
        """Put the focus on the box of ``field``."""
        for box, row in zip(self._boxes, self._rows, strict=False):
            if row.field == field:
                box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_lists(self) -> None:
        """Close the list that is open, if any: nothing is chosen by it."""
        for box in self._boxes:
            box.hidePopup()

    def _add(self, at: int, row: ChoiceRow) -> None:
        label = plain(self._look, row.label, Type.CAPTION, ink=Ink.SECONDARY)
        box = ChoiceBox(self._look, row.label)
        label.setBuddy(box)
        box.chosen.connect(self._chosen)
        self._labels.append(label)
        self._boxes.append(box)
        self._place()
        self.grown.emit()

    def _place(self) -> None:
        """Lay them side by side, in larger text two and two: their words need the room."""
        beside = 2 if self._look.words_only else len(self._STRETCH)
        for at, (label, box) in enumerate(zip(self._labels, self._boxes, strict=True)):
            row, column = divmod(at, beside)
            self._grid.addWidget(label, 2 * row, column)
            self._grid.addWidget(box, 2 * row + 1, column)
        for column, stretch in enumerate(self._STRETCH):
            self._grid.setColumnStretch(column, stretch if column < beside else 0)

    def stops(self) -> tuple[QWidget, ...]:
        """Return what the Tab key visits here, in its order."""
        return tuple(self._boxes)

    def _chosen(self, key: str) -> None:
        sender = self.sender()
        for box, row in zip(self._boxes, self._rows, strict=True):
            if box is sender:
                self.changed.emit(row.field, key)


def fill_choice(box: ChoiceBox, row: ChoiceRow) -> None:
    """Show ``row`` in ``box``."""
    if box.view().isVisible():
        return
    box.setPlaceholderText(row.placeholder)
    box.show_choices(row.choices, row.current)
    box.setEnabled(row.enabled)
    box.describe(row.clash)
    set_tip(box, row.clash)


class NotesPane(Pane):
    """Title with legend, editor, prompts, fields."""

    def __init__(self, look: Look, acts: HandlerActs, half: Half) -> None:
        super().__init__(look, "Notes", key_of(Act.NOTE))
        self._legend: list[QWidget] = []
        for kept in (Kept.KEPT, Kept.SHARED, Kept.SEEN):
            self.head.addSpacing(6)
            self._legend += [KeptSample(look, kept), plain(look, kept.value, Type.CAPTION, ink=Ink.SECONDARY)]
            for one in self._legend[-2:]:
                self.head.addWidget(one)
        self.head.setSpacing(8)
        look.changed.connect(self._show_legend)
        self._show_legend()
        self.editor = NoteEditor(look, acts.new_line_id, acts.note_changed, acts.note_line_ended)
        self._acts = acts
        self._record = ""
        self.editor.refused.connect(acts.refused)
        self.editor.begin_with(half.of(line_form(NOTE, "Note")).get(TEXT, ""))
        self.editor.homeless.connect(acts.note_wants_record)
        self.editor.housed.connect(acts.note_has_record)
        self.prompts = PromptBar(look)
        self.prompts.toggled.connect(self._toggled)
        self.fields = FieldsRow(look)
        self.fields.changed.connect(self._changed)
        self.body.addSpacing(4)
        self.body.addWidget(self.editor, 1)
        foot = QVBoxLayout()
        foot.setContentsMargins(0, 4, 0, 2)
        foot.setSpacing(4)
        foot.addWidget(self.prompts)
        foot.addWidget(self.fields)
        self.body.addLayout(foot)

    def _show_legend(self) -> None:
        """Explain the bars where there is room: each line of the note has the word beside them as well."""
        cramped = self.look.words_only
        more = () if cramped else (Span(", kept as you type", ink=Ink.SECONDARY),)
        self.show_title((Span("Notes", Weight.SEMIBOLD), *more))
        for one in self._legend:
            one.setVisible(not cramped)

    def show_rows(self, notes: NotesRow, prompts: PromptsRow, fields: Sequence[ChoiceRow]) -> None:
        """Show what changed; a list that was open for another record closes."""
        if notes.record != self._record:
            self._record = notes.record
            self.fields.close_lists()
        self.editor.show_row(notes)
        self.prompts.show_row(prompts)
        self.fields.show_rows(fields)

    def _toggled(self, key: str, on: bool) -> None:
        self._acts.prompt_toggled(self._record, key, on)

    def _changed(self, field: str, value: str) -> None:
        self._acts.field_changed(self._record, field, value)
