"""The last row: outcome, handover, what is still missing, finish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from ui.desktop.screens.handler.notes_pane import fill_choice
from ui.desktop.screens.handler.rows import MORNING, WrapUpRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.buttons import KeyButton, KeyHint
from ui.desktop.widgets.cards import FixedRow
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.widgets.faces import ButtonFace
from ui.desktop.widgets.labels import PlainLabel, plain, set_tip
from ui.desktop.widgets.ticks import TickBox


class WrapUpBar(FixedRow):
    """40 px; ``changed`` carries the record it was drawn for, field and value."""

    changed = Signal(str, str, str)

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__(look, 40)
        self._row: WrapUpRow | None = None
        self._record = ""
        self._do = do
        self._outcome = ChoiceBox(look, "Outcome", height=28)
        self._handover = ChoiceBox(look, "Handover to", height=28)
        self._morning = TickBox(look, "In the morning handover")
        self.record = KeyHint(look, key_of(Act.RECORD), "Record")
        self.finish = KeyButton(look, ButtonFace("Finish call record", key_of(Act.FINISH)), height=28)
        self._lay_out(look)
        look.changed.connect(self._say_missing)
        self._outcome.chosen.connect(self._outcome_chosen)
        self._handover.chosen.connect(self._handover_chosen)
        self._morning.clicked.connect(self._morning_clicked)
        self.record.clicked.connect(self._record_clicked)
        self.finish.clicked.connect(self._finish_clicked)

    def _lay_out(self, look: Look) -> None:
        outer = QHBoxLayout(self)
        outer.setContentsMargins(16, 4, 16, 4)
        outer.setSpacing(10)
        for words, box in (("Outcome", self._outcome), ("Handover to", self._handover)):
            label: PlainLabel = plain(look, words, Type.CAPTION, ink=Ink.SECONDARY)
            label.setBuddy(box)
            label.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
            outer.addWidget(label)
            outer.addWidget(box, 4)
        outer.addWidget(self._morning)
        outer.addStretch(1)
        outer.addWidget(self.record)
        outer.addWidget(self.finish)

    def show_row(self, row: WrapUpRow, record: str) -> None:
        """Show ``row`` of ``record``; a list that was open for another record closes."""
        if record != self._record:
            self._record = record
            self._outcome.hidePopup()
            self._handover.hidePopup()
        if row == self._row:
            return
        self._row = row
        fill_choice(self._outcome, row.outcome)
        fill_choice(self._handover, row.handover)
        self._morning.setChecked(row.morning)
        self._morning.setEnabled(row.enabled)
        self._say_missing()
        self.record.setEnabled(row.enabled)
        self.finish.show_face(replace(row.finish, key=key_of(Act.FINISH)))

    def _say_missing(self) -> None:
        """Say what is still to fill in; in larger text how much of it, and the rest in the tooltip."""
        missing = self._row.missing if self._row is not None else ""
        self.record.say((missing.partition(";")[0] if self.look.words_only else missing) or "Record")
        set_tip(self.record, missing if self.look.words_only else "")

    def stops(self) -> tuple[QWidget, ...]:
        """Return what the Tab key visits here, in its order."""
        return (self._outcome, self._handover, self._morning, self.record, self.finish)

    def _outcome_chosen(self, key: str) -> None:
        if self._row is not None:
            self.changed.emit(self._record, self._row.outcome.field, key)

    def _handover_chosen(self, key: str) -> None:
        if self._row is not None:
            self.changed.emit(self._record, self._row.handover.field, key)

    def _morning_clicked(self, on: bool) -> None:
        self.changed.emit(self._record, MORNING, "yes" if on else "")

    def _record_clicked(self) -> None:
        self._do(Act.RECORD)

    def _finish_clicked(self) -> None:
        self._do(Act.FINISH)
