"""The plan beside a call: the question first, one button for each answer; the limits struck through until then."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout

from ui.desktop.screens.plan_rows import TITLE, PlanRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import ALARM, CALM, STALE, FittedCard
from ui.desktop.widgets.faces import ButtonFace, Span
from ui.desktop.widgets.labels import PlainLabel, plain, set_tip

ANSWERS = (
    (Act.PLAN_AT_RISK, "At risk now", "At risk"),
    (Act.PLAN_NOT_AT_RISK, "Not at risk now, they say", "Not at risk"),
    (Act.PLAN_NOT_ASKED, "Could not ask", "Not asked"),
)
"""Each answer with its words where there is room, and in a narrow column."""
NARROW_KEYS = "Ctrl+Shift+F1-F3"
"""The keys of the three answers, in that order, where no button has room for its own."""
FLAT_FROM = 480
"""Width, px at step 1.0, from which a card of a narrow column is one line: beside a panel, that holds the rest."""


class StruckLabel(PlainLabel):
    """One line of words that are not in force: struck through, whatever their ink."""

    struck = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words, and a line through as much of them as is seen."""
        super().paintEvent(event)
        if not self.struck or not self.text():
            return
        painter = QPainter(self)
        painter.setPen(QPen(self._look.colour(Ink.QUIET), 1))
        middle = self.height() // 2 + 1
        painter.drawLine(0, middle, min(self.width(), self.natural_width()), middle)
        painter.end()


class PlanCard(FittedCard):
    """Laid out with the panes, it covers none; its buttons never take the focus.

    ``wide``: across the screen, the buttons beside the words, with their keys.  Else in a narrow column, or flat on
    one line below an open panel: the state, who said so, and the answers.
    """

    def __init__(self, look: Look, do: Callable[[Act], None], *, wide: bool) -> None:
        super().__init__(look, CALM)
        self.setAccessibleName(TITLE)
        self._row: PlanRow | None = None
        self._wide = wide
        self._flat = False
        self._state = plain(look, size=Type.BODY, weight=Weight.BOLD)
        self._words = plain(look, size=Type.CAPTION, weight=Weight.MEDIUM, wrap=not wide)
        self._limits = StruckLabel(look)
        self._helps = plain(look, size=Type.CAPTION)
        self.answers = {act: self._button(act, full if wide else short, do) for act, full, short in ANSWERS}
        self._lay_out()
        look.changed.connect(self.fit_own)
        self.hide()

    def _button(self, act: Act, words: str, do: Callable[[Act], None]) -> KeyButton:
        face = ButtonFace(words, key_of(act)) if self._wide else ButtonFace(words)
        button = KeyButton(self.look, face, focus=False, height=24)
        button.clicked.connect(partial(do, act))
        return button

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(4)
        for button in self.answers.values():
            buttons.addWidget(button)
        self._outer = outer = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        outer.setContentsMargins(12, 5, 12, 6)
        outer.setSpacing(2)
        self._head = head = QBoxLayout(
            QBoxLayout.Direction.LeftToRight if self._wide else QBoxLayout.Direction.TopToBottom
        )
        head.setSpacing(10 if self._wide else 1)
        head.addWidget(self._state)
        head.addWidget(self._words, 1)
        outer.addLayout(head, 1)
        if self._wide:
            head.addLayout(buttons)
        for label in (self._limits, self._helps):
            outer.addWidget(label)
        if not self._wide:
            buttons.addStretch(1)
            outer.addLayout(buttons)

    @property
    def text(self) -> str:
        """Return what is said now, every word of it; empty where no plan stands."""
        row = self._row
        if row is None:
            return ""
        limits = f"{'Limits' if row.in_force else 'Not in force'}: {row.limits}" if row.limits else ""
        helps = f"What helps: {row.helps}" if row.helps else ""
        return ". ".join(part.rstrip(".") for part in (row.state, row.words, limits, helps) if part)

    def show_row(self, row: PlanRow | None, *, room: bool = True) -> None:
        """Show ``row``; None takes the card away, and without ``room`` it is known but not seen."""
        if row == self._row:
            return
        self._row = row
        if row is not None:
            self._say(row)
            self.show_style(ALARM if row.urgent else CALM if row.in_force or not row.limits else STALE)
            self.fit_own()
        self.setAccessibleDescription(self.text)
        set_tip(self, self.text)
        self.setVisible(row is not None and room)

    def _say(self, row: PlanRow) -> None:
        keys = f" {NARROW_KEYS}" if row.asks and not row.in_force and not self._wide else ""
        self._state.say(row.state)
        self._words.say(f"{row.words}{keys}")
        self._limits.struck = not row.in_force
        before, ink = ("Limits: ", Ink.TEXT) if row.in_force else ("Not in force: ", Ink.QUIET)
        self._limits.show_spans((Span(f"{before}{row.limits}" if row.limits else "", ink=ink, size=Type.CAPTION),))
        helps = (Span("What helps: ", ink=Ink.SECONDARY, size=Type.CAPTION), Span(row.helps, size=Type.CAPTION))
        self._helps.show_spans(helps if row.helps else ())
        self._words.setVisible(bool(self._words.text()))
        self._limits.setVisible(bool(row.limits) and not self._flat)
        self._helps.setVisible(bool(row.helps) and not self._flat)
        for act, button in self.answers.items():
            # In force, the one answer that changes anything stays in reach.
            button.setVisible(row.asks and (not row.in_force or act is Act.PLAN_AT_RISK))

    def _lie(self, *, flat: bool) -> None:
        """Lie flat on one line, or stand in a narrow column again."""
        if flat is self._flat:
            return
        self._flat = flat
        along = QBoxLayout.Direction.LeftToRight if flat else QBoxLayout.Direction.TopToBottom
        for box, between in ((self._outer, 2), (self._head, 1)):
            box.setDirection(along)
            box.setSpacing(10 if flat else between)
        self._words.setWordWrap(not flat)
        if self._row is not None:
            self._say(self._row)

    def fit(self, width: int) -> None:
        """Take the height that the words need at ``width`` px."""
        self._lie(flat=not self._wide and width >= self.look.px(FLAT_FROM))
        layout = self.layout()
        if layout is not None:
            layout.invalidate()
            # On one line nothing wraps, and the height hangs on no width.
            high = layout.heightForWidth(width) if layout.hasHeightForWidth() else layout.sizeHint().height()
            self.setFixedHeight(max(self.look.px(30), high))
