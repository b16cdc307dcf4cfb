"""Words in a room of one height: as large as they fit, in its middle."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent

from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.labels import PlainLabel, set_tip

SIZES = (Type.FIGURE, Type.NOTE, Type.CAPTION)
"""From the largest to the smallest; what does not fit in the smallest is whole in the tooltip."""
_FAR = 10_000


class FittedWords(PlainLabel):
    """Nothing beside them moves, however many they are."""

    def __init__(self, look: Look, high: int, like: Span, sizes: Sequence[Type] = SIZES) -> None:
        """``high`` is the room's height, px at step 1.0; ``like`` has weight and ink."""
        super().__init__(look, (like,), wrap=True)
        self._like, self._sizes, self._said = like, tuple(sizes), ""
        self.setFixedHeight(look.px(high))

    def say(self, text: str) -> None:
        """Show ``text``."""
        self._said = text
        set_tip(self, text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the words into another width."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        # A change of the margins may lay out anew, and come back here: always with what is said now.
        size = next((one for one in self._sizes if self._need(one) <= self.height()), self._sizes[-1])
        self.setContentsMargins(0, max(0, (self.height() - self._need(size)) // 2), 0, 0)
        self.show_spans((replace(self._like, text=self._said, size=size),))

    def _need(self, size: Type) -> int:
        room = QRect(0, 0, self.width(), _FAR)
        metrics = self._look.metrics(size, self._like.weight)
        return metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self._said).height()
