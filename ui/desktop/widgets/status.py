"""The status row every screen has: what works, who I am, what time it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyHint
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ChipRow, HealthRow, Mark, Span, StatusRow
from ui.desktop.widgets.labels import PlainLabel, set_tip, spans_width
from ui.desktop.widgets.shapes import paint_mark
from ui.desktop.widgets.stripes import RehearsalMark


class DotLabel(PlainLabel):
    """A label with a small mark before it, a green dot unless told otherwise."""

    def __init__(self, look: Look, ink: Ink = Ink.OK) -> None:
        super().__init__(look)
        self._dot_ink = ink
        self.mark = Mark.DOT
        self._dots = look
        self.setContentsMargins(look.px(14), 0, 0, 0)
        look.changed.connect(self._margin)

    def _margin(self) -> None:
        self.setContentsMargins(self._dots.px(14) if self.mark is not Mark.NONE else 0, 0, 0, 0)

    def show_mark(self, mark: Mark) -> None:
        """Change the mark."""
        if mark is not self.mark:
            self.mark = mark
            self._margin()
            self.update()

    def sizeHint(self) -> QSize:
        """Return label and dot."""
        hint = super().sizeHint()
        return QSize(hint.width() + self.contentsMargins().left(), hint.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw dot and text."""
        super().paintEvent(event)
        if self.mark is Mark.NONE:
            return
        painter = QPainter(self)
        side = self._dots.px(10)
        place = QRectF(0, (self.height() - side) / 2, side, side)
        paint_mark(painter, self.mark, self._dots.colour(self._dot_ink), place)
        painter.end()


CAP, CAP_IN_REHEARSAL = 400, 260
"""Up to how many px what is wrong is never cut; beside the mark of a rehearsal less, so that no screen must scroll."""
_AT_CAP = 2
"""So many things wrong may each be that wide on a narrow screen; more of them share the room of these."""


class HealthItem(QWidget):
    """One place in the row: dot and words, or a chip."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._calm = DotLabel(look)
        self._chip = Chip(look, ChipRow(""), height=22)
        self._stack = QStackedLayout(self)
        self._stack.setContentsMargins(0, 0, 0, 0)
        self._stack.addWidget(self._calm)
        self._stack.addWidget(self._chip)
        self.trouble = False
        self.cap = CAP
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_row(self, row: HealthRow) -> None:
        """Show ``row``."""
        self.trouble = row.trouble
        set_tip(self._chip, row.text)
        if row.trouble:
            self._chip.show_row(ChipRow(row.text, mark=row.mark if row.mark is not Mark.DOT else Mark.SQUARE))
            self._stack.setCurrentWidget(self._chip)
        else:
            self._calm.show_mark(row.mark)
            self._calm.show_spans((Span(row.text, ink=Ink.SECONDARY, size=Type.CAPTION),))
            self._stack.setCurrentWidget(self._calm)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the size of what is shown."""
        current = self._stack.currentWidget()
        return current.sizeHint() if current else QSize(0, 0)

    def minimumSizeHint(self) -> QSize:
        """What works may elide; what does not is said in full, up to half a narrow screen."""
        hint = self.sizeHint()
        return QSize(min(hint.width(), self.cap) if self.trouble else 40, hint.height())


_BETWEEN, _BEFORE_NOTE, _BEFORE_DAY, _BEFORE_HINT = 20, 16, 22, 14
_AFTER_MARK = 12
_MARGINS = (4, 6)


class StatusStrip(QWidget):
    """The row, 24 px high.  ``hints`` are the keys at its right end.

    What is wrong is said whole.  Where there is no room for everything, these go, whole and in this
    order: the quiet sentence, what the people named are doing, what works (the last first), the
    partner, all of the date but its weekday, and the worker's own name.  All of it stays in the
    tooltip and for the screen reader.
    """

    def __init__(self, look: Look, hints: Sequence[KeyHint]) -> None:
        super().__init__()
        self._look = look
        self._hints = tuple(hints)
        self._items: list[HealthItem] = []
        self._row: StatusRow | None = None
        self._cap = CAP
        outer = QHBoxLayout(self)
        outer.setContentsMargins(_MARGINS[0], 0, _MARGINS[1], 0)
        outer.setSpacing(0)
        self.rehearsal = RehearsalMark(look)
        outer.addWidget(self.rehearsal)
        self._left = QHBoxLayout()
        self._left.setSpacing(_BETWEEN)
        outer.addLayout(self._left)
        self._note = PlainLabel(look)
        self._who = PlainLabel(look, (), right=True)
        self._day = PlainLabel(look, (), right=True)
        outer.addSpacing(_BEFORE_NOTE)
        outer.addWidget(self._note)
        outer.addStretch(1)
        outer.addWidget(self._who)
        outer.addSpacing(_BEFORE_DAY)
        outer.addWidget(self._day)
        for hint in self._hints:
            outer.addSpacing(_BEFORE_HINT)
            outer.addWidget(hint)
        self._day.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self._restyle()

    def _restyle(self) -> None:
        self.setFixedHeight(self._look.px(24))
        self._fit()

    def show_rehearsal(self, words: str) -> None:
        """Say before everything else that this is a rehearsal; it is never given up for room."""
        self.rehearsal.show_words(words)
        self._left.setContentsMargins(_AFTER_MARK if words else 0, 0, 0, 0)
        self._cap = CAP_IN_REHEARSAL if words else CAP
        self._share()
        self._fit()

    def _share(self) -> None:
        """Give each thing that is wrong its part of the room: none makes the screen wider than it is."""
        wrong = sum(one.trouble for one in self._row.health) if self._row is not None else 0
        cap = self._cap * _AT_CAP // max(wrong, _AT_CAP)
        for item in self._items:
            if item.cap != cap:
                item.cap = cap
                item.updateGeometry()

    def show_row(self, row: StatusRow) -> None:
        """Show ``row``; only what changed is touched."""
        if row == self._row:
            return
        self._row = row
        while len(self._items) < len(row.health):
            item = HealthItem(self._look)
            self._items.append(item)
            self._left.addWidget(item)
        for item, health in zip(self._items, row.health, strict=False):
            item.show_row(health)
        self._share()
        self._note.show_spans((Span(row.note, ink=Ink.SECONDARY, size=Type.CAPTION),))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as fits at the new width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        row = self._row
        if row is None:
            return
        steps = _steps(row)
        taken = next((step for step in steps if self._need(row, step) <= self.width()), steps[-1])
        calm = 0
        for at, item in enumerate(self._items):
            shown = at < len(row.health)
            if shown and not row.health[at].trouble:
                calm += 1
                shown = calm <= taken.calm
            item.setVisible(shown)
        self._note.setVisible(taken.note)
        self._who.show_spans(taken.who)
        self._day.show_spans(_day(row, taken))
        self._keep_whole(_whole(row) if taken != steps[0] else "")

    def _need(self, row: StatusRow, step: _Said) -> int:
        """Return the px that everything of ``step`` takes, nothing cut."""
        kept = calm = 0
        for item, health in zip(self._items, row.health, strict=False):
            calm += not health.trouble
            if health.trouble or calm <= step.calm:
                kept += item.sizeHint().width() + _BETWEEN
        note = self._note.natural_width() if step.note and row.note else 0
        hints = sum(hint.sizeHint().width() + _BEFORE_HINT for hint in self._hints)
        around = sum(_MARGINS) + _BEFORE_NOTE + _BEFORE_DAY
        if self.rehearsal.text():
            around += self.rehearsal.sizeHint().width() + _AFTER_MARK
        said = spans_width(self._look, step.who) + spans_width(self._look, _day(row, step))
        return kept + note + said + hints + around

    def _keep_whole(self, said: str) -> None:
        if said != self.accessibleDescription():
            set_tip(self, said)
            self.setAccessibleDescription(said)


@dataclass(frozen=True, slots=True)
class _Said:
    """What a row says: the quiet sentence or not, who in how many words, how much of what works, the date or not."""

    note: bool
    who: tuple[Span, ...]
    calm: int
    date: bool = True


def _steps(row: StatusRow) -> list[_Said]:
    """Return the ways to say ``row``, each giving up one thing more."""
    calm = sum(not one.trouble for one in row.health)
    names = tuple(span for span in row.who if not span.text.startswith(","))
    fewer = (_Said(False, names, left) for left in range(calm, -1, -1))
    return [
        _Said(True, row.who, calm),
        _Said(False, row.who, calm),
        *fewer,
        _Said(False, names[:1], 0),
        _Said(False, names[:1], 0, date=False),
        _Said(False, (), 0, date=False),
    ]


def _day(row: StatusRow, step: _Said) -> tuple[Span, ...]:
    day = row.day if step.date else row.day.partition(" ")[0]
    return (Span(day, ink=Ink.SECONDARY), Span(f" {row.clock}", weight=Weight.SEMIBOLD))


def _whole(row: StatusRow) -> str:
    said = (*(one.text for one in row.health), row.note, "".join(span.text for span in row.who), row.day)
    return ". ".join(text.rstrip(".") for text in said if text)
