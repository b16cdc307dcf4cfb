"""A list model that is shown whole new tuples of rows and tells Qt only what really changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from ui.desktop.widgets.rows import Row

Index = QModelIndex | QPersistentModelIndex
ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1


class KeyedModel(QAbstractListModel):
    """Rows with a stable key.  Selection and focus stay with a key."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._wanted: tuple[Row, ...] | None = None
        self._showing = False

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown now, in order."""
        return tuple(self._rows)

    def show(self, rows: Sequence[Row]) -> bool:
        """Show ``rows``: removals, moves, insertions and single changes, never a reset.

        Who hears that the current row went may show other rows from inside of this: those come after, and last.  For
        them this is False: they are not there yet.
        """
        self._wanted = tuple(rows)
        if self._showing:
            return False
        self._showing = True
        try:
            while self._wanted is not None:
                wanted, self._wanted = self._wanted, None
                self._follow(wanted)
        finally:
            self._showing = False
        return True

    def _follow(self, rows: tuple[Row, ...]) -> None:
        wanted = {row.key for row in rows}
        for at in range(len(self._rows) - 1, -1, -1):
            if self._rows[at].key not in wanted:
                self.beginRemoveRows(QModelIndex(), at, at)
                del self._rows[at]
                self.endRemoveRows()
        for at, row in enumerate(rows):
            self._place(at, row)

    def _place(self, at: int, row: Row) -> None:
        found = self._find(row.key, at)
        if found is None:
            self.beginInsertRows(QModelIndex(), at, at)
            self._rows.insert(at, row)
            self.endInsertRows()
            return
        if found != at:
            self.beginMoveRows(QModelIndex(), found, found, QModelIndex(), at)
            self._rows.insert(at, self._rows.pop(found))
            self.endMoveRows()
        if self._rows[at] != row:
            self._rows[at] = row
            index = self.index(at)
            self.dataChanged.emit(index, index)

    def _find(self, key: str, start: int) -> int | None:
        return next((i for i in range(start, len(self._rows)) if self._rows[i].key == key), None)

    def row_at(self, index: Index) -> Row | None:
        """Return the row of ``index``, None for none."""
        return self._rows[index.row()] if index.isValid() and index.row() < len(self._rows) else None

    def index_of(self, key: str) -> QModelIndex:
        """Return the index of the row with ``key``, invalid when it is not there."""
        found = self._find(key, 0)
        return QModelIndex() if found is None else self.index(found)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:  # noqa: ANN401  Qt's own
        """Return the row's words for display and screen readers, the row itself for the painter."""
        row = self.row_at(index)
        if row is None:
            return None
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.spoken
        return None
