"""One list view for every list of the console: keyed rows, keyboard, screen reader, mouse."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QSizePolicy

from ui.desktop.theme.look import Look
from ui.desktop.widgets.keyed_model import KeyedModel
from ui.desktop.widgets.row_painter import RowPainter
from ui.desktop.widgets.rows import Row
from ui.desktop.widgets.told_acts import ToldActs, listened_to

_LEFT = Qt.MouseButton.LeftButton


class RowView(QListView):
    """A list of rows with one tab stop.  ``name`` is what a screen reader calls it.

    ``acted`` carries the row's key and the act: of the cell pressed with the mouse, or the row's
    first act on Enter.
    """

    acted = Signal(str, str)
    current_key_changed = Signal(str)

    def __init__(self, look: Look, name: str, *, pad: int = 0) -> None:
        super().__init__()
        self._look = look
        self._model = KeyedModel(self)
        self._painter = RowPainter(look, self, pad)
        self._told: ToldActs | None = None
        self._pressed: tuple[Row, QRect, str] | None = None
        self.setAccessibleName(name)
        self.setModel(self._model)
        self.setItemDelegate(self._painter)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        look.changed.connect(self._restyle)

    @property
    def rows(self) -> tuple[Row, ...]:
        """What is shown now."""
        return self._model.rows

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show ``rows``; the current row stays with its key and no focus moves."""
        if not self._model.show(rows):
            return
        if self.isVisible():
            # Qt lays rows out in a turn of its own, after the rest of the window was painted: one painting shows all.
            self.executeDelayedItemsLayout()
        self._tell()

    def current_key(self) -> str:
        """Return the key of the current row, empty for none."""
        row = self._model.row_at(self.currentIndex())
        return row.key if row else ""

    def choose(self, key: str) -> None:
        """Make the row with ``key`` current."""
        self.setCurrentIndex(self._model.index_of(key))

    def content_height(self) -> int:
        """Return the px all rows need at the present width."""
        return sum(self.sizeHintForIndex(self._model.index(at)).height() for at in range(self._model.rowCount()))

    def _restyle(self) -> None:
        self.scheduleDelayedItemsLayout()
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Measure the rows again at another width: wrapped text needs another height (Qt does not)."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def minimumSizeHint(self) -> QSize:
        """Lists may be low; they scroll."""
        return QSize(self._look.px(60), self._look.px(24))

    def sizeHint(self) -> QSize:
        """Ask for little; the layout gives what there is."""
        return QSize(self._look.px(120), self._look.px(60))

    def showEvent(self, event: QShowEvent) -> None:
        """Let the card show through.

        Not sooner: the first widget of Qt's own making that is asked for costs 40 ms (all of its
        classes are set up then), and the sign-in window must not wait for that.
        """
        super().showEvent(event)
        self.viewport().setAutoFillBackground(False)
        self._tell()

    def hideEvent(self, event: QHideEvent) -> None:
        """Take what was offered away with it."""
        super().hideEvent(event)
        self._tell()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Make a row current where none is, so that the ring can be seen."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self._model.rowCount():
            self.setCurrentIndex(self._model.index(0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the rows; an empty list that has the focus draws the ring round itself."""
        super().paintEvent(event)
        if self.hasFocus() and not self._model.rowCount():
            painter = QPainter(self.viewport())
            self._painter.paint_ring(painter, self.viewport().rect())
            painter.end()

    def currentChanged(self, current: QModelIndex, previous: QModelIndex) -> None:  # type: ignore[override]
        """Tell who listens which row is current.  (The stub wants a union Qt never sends.)"""
        super().currentChanged(current, previous)
        self.current_key_changed.emit(self.current_key())
        self._tell()

    def selectionChanged(self, selected: QItemSelection, deselected: QItemSelection) -> None:
        """Go where a screen reader selects: to Qt the selected row and the current one are two things."""
        super().selectionChanged(selected, deselected)
        if listened_to():
            # Later: by key and mouse the current row follows at once.
            QTimer.singleShot(0, self, self._follow_selection)

    def _follow_selection(self) -> None:
        chosen = self.selectedIndexes()
        if len(chosen) == 1 and chosen[0] != self.currentIndex():
            self.setCurrentIndex(chosen[0])

    def _tell(self) -> None:
        """Offer what can be done on the current row to whoever cannot press Enter on it."""
        if not listened_to() or self.parentWidget() is None:
            return
        if self._told is None:
            self._told = ToldActs(self)
            self._told.pressed.connect(self._act)
        index = self.currentIndex()
        row = self._model.row_at(index)
        shown = row is not None and self.isVisible()
        acts = row.told_acts() if row and shown else ()
        self._told.tell(acts, row.spoken if row else "", self.visualRect(index), row.key if row else "")

    def _act(self, key: str, act: str) -> None:
        """Do what was pressed a moment ago, where that row still offers it."""
        row = self._model.row_at(self._model.index_of(key))
        if row is not None and row.offers(act):
            self.acted.emit(key, act)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does the row's first act; letters are not searched for."""
        plain_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
            event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        )
        row = self._model.row_at(self.currentIndex())
        if plain_enter and row and row.acts or event.key() == Qt.Key.Key_Space and row and row.acts:
            self.acted.emit(row.key, row.acts[0])
        elif event.text() and event.text().isprintable():
            event.ignore()
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Keep which drawn button was pressed, before the row becomes current and may be drawn anew."""
        self._pressed = self._button_at(event.position().toPoint()) if event.button() is _LEFT else None
        super().mousePressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a drawn button is its act, on the row it was pressed on, wherever that row is by now."""
        super().mouseReleaseEvent(event)
        if self._pressed is None or event.button() is not _LEFT:
            return
        (row, place, act), self._pressed = self._pressed, None
        point = event.position().toPoint()
        cell = self._painter.cell_at(row, place, point.x(), point.y())
        if cell is not None and cell.act == act:
            self._act(row.key, act)

    def _button_at(self, point: QPoint) -> tuple[Row, QRect, str] | None:
        index = self.indexAt(point)
        row, place = self._model.row_at(index), self.visualRect(index)
        cell = self._painter.cell_at(row, place, point.x(), point.y()) if row is not None else None
        return (row, place, cell.act) if row is not None and cell is not None else None
