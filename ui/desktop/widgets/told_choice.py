"""An entry of an open list that a screen reader or a voice selects: to Qt that is neither marked nor chosen."""

from __future__ import annotations

from PySide6.QtCore import QItemSelectionModel, QObject, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView

from ui.desktop.widgets.told_acts import listened_to

_Flag = QItemSelectionModel.SelectionFlag


class ToldChoice(QObject):
    """``chosen`` carries the row of ``view`` that was selected and not marked: keys and mouse always mark too."""

    chosen = Signal(int)

    def __init__(self, view: QAbstractItemView) -> None:
        super().__init__(view)
        self._view = view
        self._marking = self._moved = False
        view.selectionModel().selectionChanged.connect(self._selected)
        view.selectionModel().currentChanged.connect(self._moves)

    def mark(self, at: int, *, chosen: bool) -> None:
        """Mark an entry; where it is not ``chosen``, a screen reader is not told that it is."""
        how = _Flag.ClearAndSelect if chosen or not listened_to() else _Flag.NoUpdate
        self._marking = True
        self._view.clearSelection()
        self._view.selectionModel().setCurrentIndex(self._view.model().index(at, 0), how)
        self._marking = self._moved = False

    def _moves(self) -> None:
        self._moved = True

    def _selected(self) -> None:
        if listened_to() and not self._marking:
            # Later: keys and mouse move the mark in the same turn, before or after.
            QTimer.singleShot(0, self, self._choose)

    def _choose(self) -> None:
        moved, self._moved = self._moved, False
        rows = [index.row() for index in self._view.selectionModel().selectedIndexes()]
        if len(rows) == 1 and not moved and self._view.isVisible():
            self.chosen.emit(rows[0])
