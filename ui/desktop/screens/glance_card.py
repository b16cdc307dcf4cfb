"""One thing at the edge of the handler's view: a promise that comes due, two values that stand, what inflames."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QHBoxLayout

from ui.desktop.screens.known_rows import GlanceRow, shortened
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.cards import ALARM, CALM, FittedCard
from ui.desktop.widgets.chips import Chip
from ui.desktop.widgets.faces import ChipRow, Face, Mark
from ui.desktop.widgets.labels import plain, set_tip

HIGH, FLAT = 46, 34
"""Height, px at step 1.0: of two lines in a narrow column, and of one."""
ASIDE, BETWEEN = 12, 8
LEAST, STEP = 12, 4
"""Characters that are always said, and by how many the words are shortened until they fit."""
_WRAP = int(Qt.TextFlag.TextWordWrap)
FLAT_FROM = 480
"""Width, px at step 1.0, from which one line is enough."""


class GlanceCard(FittedCard):
    """Always of one height in its place, whatever it shows; takes no focus."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setAccessibleName("Promises, and what calms or inflames")
        self._row: GlanceRow | None = None
        self._chip = Chip(look, height=20)
        self._words = plain(look, size=Type.CAPTION, wrap=True)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(ASIDE, 5, ASIDE, 5)
        outer.setSpacing(BETWEEN)
        outer.addWidget(self._chip, 0, Qt.AlignmentFlag.AlignVCenter)
        outer.addWidget(self._words, 1, Qt.AlignmentFlag.AlignVCenter)
        look.changed.connect(self.fit_own)
        self.fit_own()

    @property
    def text(self) -> str:
        """Return what is said now."""
        row = self._row
        return f"{row.chip} {row.text}".strip() if row is not None else ""

    def show_row(self, row: GlanceRow) -> None:
        """Show ``row``."""
        if row == self._row:
            return
        self._row = row
        self.show_style(ALARM if row.chip else CALM)
        self._chip.show_row(ChipRow(row.chip, Face.NOTICE, Mark.CLOCK) if row.chip else None)
        self._say()
        self.setAccessibleDescription(self.text)
        set_tip(self, self.text)

    def _say(self) -> None:
        """Say as much as there is room for; all of it is in the tooltip, and told to a screen reader."""
        if self._row is None:
            return
        text, flat = self._row.text, self._is_flat(self.width())
        chip = self._chip.sizeHint().width() + BETWEEN if self._row.chip else 0
        room = QRect(0, 0, self.width() - 2 * ASIDE - chip, 10_000)
        metrics = self.look.metrics(Type.CAPTION)
        # Measured as the words are: twice the spacing of one line may be a pixel short.
        high = metrics.boundingRect(room, _WRAP, "M" if flat else "M\nM").height()
        most = len(text)
        while most > LEAST and metrics.boundingRect(room, _WRAP, shortened(text, most)).height() > high:
            most -= STEP
        self._words.say(shortened(text, most))
        # As high as its lines, said here: a layout that asked before the width was known leaves half of the second out.
        self._words.setFixedHeight(max(1, metrics.boundingRect(room, _WRAP, self._words.text()).height()))
        inside = self.layout()
        if inside is not None:
            inside.invalidate()

    def _is_flat(self, width: int) -> bool:
        return width >= self.look.px(FLAT_FROM)

    def fit(self, width: int) -> None:
        """Take the height that is right at ``width`` px."""
        self.setFixedHeight(self.look.px(FLAT if self._is_flat(width) else HIGH))
        self._say()
