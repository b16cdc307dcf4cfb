"""The coordinator's head row: whose caller, how grave, on the line since when, and what can be done."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from console.domain.people import Rank
from console.domain.risk_said import ASKED_FOR
from ui.desktop.screens.coordinator.rows import HeadRow
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.cards import CALM, DANGER, LIVE, FixedRow
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Face, Span
from ui.desktop.widgets.labels import PlainLabel

_BUTTONS = (
    (Act.LISTEN, "Listen"),
    (Act.GO_TO_CALL, "To the call"),
    (Act.SWAP, "Swap roles"),
    (Act.MANAGER, "Manager"),
    (Act.HAND_BACK, "Hand back"),
    (Act.STAND_DOWN, "Stand down"),
)
_EXCLUSIVE = frozenset({Act.SWAP, Act.HAND_BACK, Act.STAND_DOWN})
"""What nobody can decide while the shared record is away."""

ALL_BUTTONS_FROM, FEWER = 1500, 4
"""Width of the row, in pixels of usual text, from which every act has its button, and how many have one below it.

The last give way: they are on the key sheet, the caller's name is nowhere else."""


class Head(FixedRow):
    """48 px high, whatever it shows; ``do`` is called with the act of a button."""

    def __init__(self, look: Look, do: Callable[[Act], None]) -> None:
        super().__init__(look, 48)
        self._risk = Chip(look, None, height=24)
        self._name = PlainLabel(look)
        self._below = PlainLabel(look)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 16, 0)
        row.setSpacing(6)
        row.addWidget(self._risk)
        row.addSpacing(4)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addStretch(1)
        words.addWidget(self._name)
        words.addWidget(self._below)
        words.addStretch(1)
        row.addLayout(words, 1)
        self._offered: frozenset[Act] = frozenset()
        self._buttons: dict[Act, KeyButton] = {}
        for act, text in _BUTTONS:
            button = KeyButton(look, ButtonFace(text, key_of(act)), focus=False)
            button.clicked.connect(partial(do, act))
            self._buttons[act] = button
            row.addWidget(button)
        look.changed.connect(self._keep_room)
        self._keep_room()

    @property
    def buttons(self) -> tuple[KeyButton, ...]:
        """The buttons, shown or not."""
        return tuple(self._buttons.values())

    def _keep_room(self) -> None:
        """Keep room for a name, whatever the buttons want."""
        self._name.setMinimumWidth(self.look.px(150))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The caller's name comes before a button that has a key and is on the key sheet."""
        super().resizeEvent(event)
        self._make_way()

    def _make_way(self) -> None:
        offered = [act for act, _ in _BUTTONS if act in self._offered]
        wide = self.width() >= self.look.px(ALL_BUTTONS_FROM)
        shown = set(offered if wide else offered[:FEWER])
        for act, button in self._buttons.items():
            button.setVisible(act in shown)

    def show_row(self, head: HeadRow | None, away: str, rest: str = "") -> None:
        """Show ``head``, or that there is no pair; ``away`` says why exclusive acts are refused now, ``rest`` of a
        recovery until when."""
        self._offered = head.acts if head is not None else frozenset()
        for act, text in _BUTTONS:
            why = away if act in _EXCLUSIVE else ""
            words = "To the record" if act is Act.GO_TO_CALL and head is not None and head.own else text
            face = ButtonFace(words, key_of(act), enabled=not why, why=why)
            self._buttons[act].show_face(face)
        self._make_way()
        if head is None:
            self.show_style(CALM)
            self._risk.show_row(None)
            self._name.show_spans((Span("No pair", Weight.SEMIBOLD, size=Type.FIGURE),))
            words = rest or away or "Take a call for a second worker, or open work, from the lists below."
            self._below.show_spans((Span(words, ink=Ink.SECONDARY, size=Type.CAPTION),))
            return
        self.show_style(DANGER if head.risk else LIVE)
        asked = ChipRow(ASKED_FOR, Face.NOTICE) if head.asked else None
        self._risk.show_row(ChipRow(head.risk, Face.RANK, rank=Rank.NOW) if head.risk else asked)
        self._name.show_spans(
            (Span(head.name, Weight.SEMIBOLD, size=Type.FIGURE), Span(head.words, ink=Ink.SECONDARY, size=Type.FIGURE))
        )
        self._below.show_spans((Span(head.below, ink=Ink.SECONDARY, size=Type.CAPTION),))
