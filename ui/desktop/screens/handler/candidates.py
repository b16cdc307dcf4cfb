"""Candidates: alphabetical, none looks chosen, each with the reason it is here and its Alt key."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from ui.desktop.screens.handler.act_buttons import ActButtons
from ui.desktop.screens.handler.rows import CandidateCardRow, CandidatesRow
from ui.desktop.shortcuts import CANDIDATES, Act
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ChipRow, Span
from ui.desktop.widgets.keycap import HEIGHT as CAP_HEIGHT
from ui.desktop.widgets.keycap import keycap_width, paint_keycap
from ui.desktop.widgets.labels import PlainLabel, paint_spans, plain, set_tip, spans_width
from ui.desktop.widgets.shapes import kept_state

AREA = 64


def columns_for(count: int) -> tuple[int, int]:
    """Return columns and rows for ``count`` cards, so that nine fit in the same 64 px."""
    if count <= 3:
        return max(count, 1), 1
    if count <= 6:
        return 3, 2
    return 5, 2


def spoken_card(row: CandidateCardRow) -> str:
    """Return the whole card in words."""
    parts = (
        row.name,
        row.died.lower(),
        f"born {row.born} {row.age}".strip() if row.born else "",
        row.gender,
        f"reference {row.reference}" if row.reference else "",
        row.reason,
        f"possible: {row.marker}{row.marker_note}" if row.marker else "",
        row.calls_plan,
        f"{row.plan}, {row.plan_as_at}" if row.plan else "",
        row.address,
        "chosen" if row.chosen else "",
    )
    return ". ".join(part for part in parts if part)


def title_spans(row: CandidatesRow) -> list[Span]:
    """Return the sentence over the cards; once it was said, where they are now in its place."""
    spans = [Span(row.title, Weight.SEMIBOLD), Span(f" {row.note}", ink=Ink.SECONDARY)]
    if row.where:
        spans = where_spans(row.where, row.where_source)
    return [span for span in spans if span.text.strip()]


def body_words(row: CandidatesRow) -> str:
    """Return what stands below: with the sentence whose place was taken, where no card shows as much."""
    moved = (row.title, row.note) if row.where and not row.cards else ()
    return " ".join(part for part in (*moved, row.body) if part)


def where_spans(where: str, source: str) -> list[Span]:
    """Return where they are now with how it is known: the place in bold, or that it is not known."""
    return [
        Span("Where now", ink=Ink.SECONDARY, size=Type.CAPTION),
        Span(where or "Not known", Weight.SEMIBOLD if where else Weight.REGULAR, gap=10),
        Span(source, ink=Ink.SECONDARY, size=Type.CAPTION, gap=10),
    ]


class CandidateCard(QPushButton):
    """One candidate; pressing it chooses, nothing more."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.row = CandidateCardRow(0, "")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAutoDefault(False)

    def show_row(self, row: CandidateCardRow) -> None:
        """Show ``row``."""
        if row == self.row:
            return
        self.row = row
        self.setAccessibleName(spoken_card(row))
        self.setAccessibleDescription(f"Key Alt+{row.index}")
        set_tip(self, spoken_card(row))
        self.update()

    def sizeHint(self) -> QSize:
        """Cards share the room there is."""
        return QSize(self._look.px(200), self._look.px(28))

    def minimumSizeHint(self) -> QSize:
        """A card elides."""
        return QSize(self._look.px(120), self._look.px(26))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the card: one line when it is low, three when there is room."""
        painter = QPainter(self)
        self._paint_box(painter)
        look = self._look
        inner = self.rect().adjusted(look.px(10), 0, -look.px(8), 0)
        if self.height() < look.px(50):
            self._paint_first(painter, inner, full=False)
        else:
            third = inner.height() / 3
            top = inner.top() + look.px(3)
            self._paint_first(painter, QRect(inner.left(), top, inner.width(), look.px(23)), full=True)
            lower = (QRect(inner.left(), round(inner.top() + third * n), inner.width(), round(third)) for n in (1, 2))
            for spans, area in zip((self._reason(), self._place()), lower, strict=True):
                paint_spans(painter, look, spans, area)
        painter.end()

    def _paint_box(self, painter: QPainter) -> None:
        look = self._look
        width = 3 if self.hasFocus() else 1
        edge = Ink.FOCUS if self.hasFocus() else Ink.ACCENT if self.row.chosen else Ink.BORDER
        with kept_state(painter):
            painter.setPen(QPen(look.colour(edge), width))
            painter.setBrush(look.colour(Ink.SELECTED if self.row.chosen else Ink.SURFACE))
            inset = width / 2
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)

    def _paint_first(self, painter: QPainter, area: QRect, *, full: bool) -> None:
        look, row = self._look, self.row
        key = f"Alt+{row.index}"
        cap, high = keycap_width(look, key), look.px(CAP_HEIGHT)
        paint_keycap(painter, look, key, QRectF(area.left(), area.center().y() - high / 2 + 1, cap, high))
        words = area.adjusted(cap + look.px(12 if full else 8), 0, 0, 0)
        spans = (
            self._of_the_dead(words.width(), full=full) if row.died else self._of_the_living(area.width(), full=full)
        )
        paint_spans(painter, look, spans, words)

    def _name(self, *, full: bool) -> Span:
        return Span(self.row.name, Weight.SEMIBOLD, size=Type.CLOCK if full else Type.BODY)

    def _of_the_dead(self, room: int, *, full: bool) -> list[Span]:
        """Return as much as fits whole; that they died is never cut, so that nobody is asked about as if they lived."""
        row, name = self.row, self._name(full=full)
        day = Span(row.died, Weight.SEMIBOLD, size=Type.BODY if full else Type.CAPTION, gap=10)
        word = replace(day, text=row.died.partition(" ")[0])
        born = [Span("Born ", ink=Ink.SECONDARY, gap=12), Span(f"{row.born} {row.age}".strip(), Weight.SEMIBOLD)]
        low = [Span(row.born, ink=Ink.SECONDARY, size=Type.CAPTION, gap=12)]
        ref = [Span("Ref ", ink=Ink.SECONDARY, gap=12), Span(row.reference, Weight.SEMIBOLD)] if row.reference else []
        ways = ([name, day, *born, *ref], [name, day, *born], [name, day, *low], [name, day], [name, word])
        return next((way for way in ways if spans_width(self._look, way) <= room), [self._shortened(room, word), word])

    def _shortened(self, room: int, after: Span) -> Span:
        """Return the name cut to what ``after`` leaves of ``room``: a part of it says more than nothing."""
        name, look = self._name(full=False), self._look
        left = room - look.px(after.gap) - spans_width(look, [replace(after, gap=0)])
        shown = look.metrics(name.size, name.weight).elidedText(name.text, Qt.TextElideMode.ElideRight, max(0, left))
        return replace(name, text=shown)

    def _of_the_living(self, width: int, *, full: bool) -> list[Span]:
        look, row = self._look, self.row
        spans = [self._name(full=full)]
        if row.born and width < look.px(300):
            spans.append(Span(row.born, ink=Ink.SECONDARY, size=Type.CAPTION, gap=8))
        elif row.born:
            spans += [Span("Born ", ink=Ink.SECONDARY, gap=12), Span(f"{row.born} {row.age}".strip(), Weight.SEMIBOLD)]
        if full and row.gender:
            spans += [Span("Gender ", ink=Ink.SECONDARY, gap=12), Span(row.gender, Weight.SEMIBOLD)]
        if full and row.reference:
            spans += [Span("Ref ", ink=Ink.SECONDARY, gap=12), Span(row.reference, Weight.SEMIBOLD)]
        if not full and row.marker:
            spans.append(Span(f"Possible: {row.marker}", Weight.SEMIBOLD, gap=10))
        if not full and row.calls_plan:
            spans.append(Span(row.calls_plan, Weight.SEMIBOLD, size=Type.CAPTION, gap=10))
        if not full and row.plan:
            spans.append(Span(row.plan, gap=10, size=Type.CAPTION))
        if not full and (row.restricted or width >= look.px(300)):
            spans.append(Span(row.reason, ink=Ink.SECONDARY, size=Type.CAPTION, gap=10))
        return spans

    def _reason(self) -> list[Span]:
        row, quiet = self.row, Type.CAPTION
        reason = [Span(row.reason, ink=Ink.SECONDARY, size=quiet)]
        # Before what may be cut: that there is a plan is one of the marks.
        has = [Span(f"{row.calls_plan}. ", Weight.SEMIBOLD, size=quiet, gap=4)] if row.calls_plan else []
        if not row.marker:
            return [*has, *reason]
        marker = [
            Span("Possible: ", ink=Ink.SECONDARY, size=quiet, gap=4),
            Span(row.marker, Weight.SEMIBOLD, size=quiet),
            Span(f"{row.marker_note} ", ink=Ink.SECONDARY, size=quiet),
        ]
        fits = spans_width(self._look, [*has, *reason, *marker]) <= self.width() - self._look.px(18)
        # Where not both have room, a risk comes before how the number was found.
        return [*has, *reason, *marker] if fits else [*has, *marker, *reason]

    def _place(self) -> list[Span]:
        row, quiet = self.row, Type.CAPTION
        address = Span(row.address, ink=Ink.QUIET, size=quiet)
        if not row.plan:
            return [address]
        plan = Span(row.plan, Weight.SEMIBOLD, size=quiet)
        as_at = Span(f", {row.plan_as_at}. ", ink=Ink.QUIET if row.plan_old else Ink.SECONDARY, size=quiet)
        if spans_width(self._look, [plan, as_at]) > self.width() - self._look.px(18):
            # Its day and age are not cut for a word that everybody here shortens.
            plan = replace(plan, text=row.plan.replace("Child protection plan", "CP plan"))
        return [plan, as_at, address]


class CandidatesBox(QWidget):
    """Chip, sentence and buttons on one line; the cards under it, in 64 px whatever their number."""

    def __init__(self, look: Look, do: Callable[[Act], None], choose: Callable[[int], None]) -> None:
        super().__init__()
        self._look = look
        self._choose = choose
        self._row: CandidatesRow | None = None
        self._chip = Chip(look, ChipRow(""))
        self._title = PlainLabel(look)
        self._neither = PlainLabel(look, (), right=True)
        self.buttons = ActButtons(look, do, height=24)
        self._body = plain(look, "", ink=Ink.SECONDARY, wrap=True)
        self._grid = QGridLayout()
        self._grid.setSpacing(8)
        self._cards = [CandidateCard(look) for _ in CANDIDATES]
        self._more = PlainLabel(look)
        self._lay_out()

    def _lay_out(self) -> None:
        outer = QVBoxLayout(self)
        outer.setContentsMargins(16, 5, 16, 5)
        outer.setSpacing(4)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self._chip)
        line.addWidget(self._title, 1)
        line.addWidget(self._more)
        line.addWidget(self._neither)
        line.addWidget(self.buttons)
        outer.addLayout(line)
        outer.addWidget(self._body)
        outer.addLayout(self._grid, 1)
        for card in self._cards:
            card.clicked.connect(self._clicked)
            card.setParent(self)
            card.hide()

    def show_row(self, row: CandidatesRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        count = len(self._row.cards) if self._row else -1
        self._row = row
        self._chip.show_row(row.chip)
        self._title.show_spans(title_spans(row))
        self._more.say(row.more) if row.more else self._more.show_spans(())
        # The button beside it says so too: where they are has the room first.
        neither = "" if row.where else row.neither
        self._neither.show_spans((Span(neither, ink=Ink.SECONDARY, size=Type.CAPTION),) if neither else ())
        self.buttons.show_row(row.buttons)
        body = body_words(row)
        self._body.say(body)
        self._body.setVisible(bool(body))
        if count != len(row.cards):
            self._place_cards(len(row.cards))
        for card, shown in zip(self._cards, row.cards, strict=False):
            card.show_row(shown)

    def _place_cards(self, count: int) -> None:
        columns, rows = columns_for(count)
        for at, card in enumerate(self._cards):
            self._grid.removeWidget(card)
            if at < count:
                self._grid.addWidget(card, at // columns, at % columns)
            card.setVisible(at < count)
        for column in range(5):
            self._grid.setColumnStretch(column, 1 if column < columns else 0)
        self._grid.setVerticalSpacing(4 if rows > 1 else 8)
        self._grid.setHorizontalSpacing(8)

    def _clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, CandidateCard):
            self._choose(sender.row.index)
