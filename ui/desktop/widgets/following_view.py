"""A list whose newest row stays in sight, whatever becomes of its size, until the user scrolls back in it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex
from PySide6.QtGui import QWheelEvent

from ui.desktop.theme.look import Look
from ui.desktop.widgets.row_view import RowView

NEAR_END = 30
"""Px from the end at which one is at the end."""


class FollowingView(RowView):
    """Follows its end.  Who scrolls back is left there; who comes back to the end follows it again."""

    def __init__(self, look: Look, name: str, *, pad: int = 0) -> None:
        super().__init__(look, name, pad=pad)
        self._follows = True
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._stretched)
        bar.sliderMoved.connect(self._moved)
        bar.sliderReleased.connect(self._moved)

    @property
    def follows(self) -> bool:
        """Say whether the newest row is kept in sight."""
        return self._follows

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The user scrolls."""
        super().wheelEvent(event)
        self._moved()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        """The user goes from row to row: the current one is in sight.  (The stub wants a union Qt never sends.)"""
        super().currentChanged(current, previous)
        if self.hasFocus():
            self._moved()

    def _moved(self, _value: int = 0) -> None:
        bar = self.verticalScrollBar()
        self._follows = bar.value() >= bar.maximum() - NEAR_END

    def _stretched(self, _least: int, most: int) -> None:
        """New rows, or another height: not the user's doing."""
        if self._follows:
            self.verticalScrollBar().setValue(most)
