"""A choice from a short list, with rank shapes where the choices are ranks."""

from __future__ import annotations

import time
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QFontMetrics,
    QIcon,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QShortcut,
    QWheelEvent,
)
from PySide6.QtWidgets import QComboBox, QSizePolicy, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type
from ui.desktop.widgets.faces import Choice
from ui.desktop.widgets.shapes import kept_state, paint_chevron, paint_rank
from ui.desktop.widgets.told_choice import ToldChoice

KEPT_CLEAR = "kept_clear"
"""Object name of what an open list never covers: the rows that say who somebody is."""
TYPED_WITHIN = 1.5
"""Seconds within which a further letter belongs to the word being typed."""
_NEITHER = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
_ARROWS = (Qt.Key.Key_Down, Qt.Key.Key_Up)


class ChoiceBox(QComboBox):
    """A list to choose from; ``name`` is what a screen reader calls it (its value is told apart).

    ``chosen`` carries the key of what the user picked, never of what was shown by the program.
    Nothing changes while the list is closed, so that scrolling past never changes a record: the
    wheel and the paging keys are left to what scrolls; arrows, Space and letters open the list.
    In the open list Enter or Tab takes the marked entry, and Esc none.  A key of the window's takes what was typed,
    before it acts, and nothing that was only gone to by arrows.
    """

    chosen = Signal(str)

    def __init__(self, look: Look, name: str, placeholder: str = "", height: int = 32) -> None:
        super().__init__()
        self._look = look
        self._height = height
        self._choices: tuple[Choice, ...] = ()
        self._typed = ""
        self._typed_at = 0.0
        self._meant = -1
        self._told: ToldChoice | None = None
        self._name = name
        self.setAccessibleName(name)
        self.describe("")
        self.setPlaceholderText(placeholder)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMaxVisibleItems(24)
        self.activated.connect(self._picked)
        self.currentIndexChanged.connect(self._tell)
        look.changed.connect(self.updateGeometry)

    def show_choices(self, choices: Sequence[Choice], current: str | None) -> None:
        """Show ``choices`` with ``current`` chosen; None, or a key not among them, shows the placeholder."""
        new = tuple(choices)
        if new != self._choices:
            self._choices = new
            self.clear()
            for choice in new:
                self.addItem(self._icon(choice), choice.label)
        keys = [choice.key for choice in new]
        at = keys.index(current) if current in keys else -1
        if at != self.currentIndex():
            self.setCurrentIndex(at)

    def current(self) -> Choice | None:
        """Return what is chosen now, None for nothing."""
        at = self.currentIndex()
        return self._choices[at] if 0 <= at < len(self._choices) else None

    def describe(self, text: str) -> None:
        """Give the box a description, begun with its name.

        On Linux Qt tells a screen reader the value as the name of a combo box; the name stands here.
        """
        self.setAccessibleDescription(". ".join(part for part in (self._name, text) if part))

    def _icon(self, choice: Choice) -> QIcon:
        if choice.rank is None:
            return QIcon()
        picture = QPixmap(18, 18)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        paint_rank(painter, self._look, choice.rank, QRectF(0, 0, 18, 18))
        painter.end()
        return QIcon(picture)

    def _picked(self, at: int) -> None:
        if 0 <= at < len(self._choices):
            self.chosen.emit(self._choices[at].key)

    def _tell(self) -> None:
        """Tell a screen reader the new value, which on Linux is the name; Qt tells only the row of the list."""
        if QAccessible.isActive():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.NameChanged))

    # The keyboard.

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open the list, or leave the key to what is around: a closed box never changes its value."""
        if self._letters(event):
            self.showPopup()
            self._search(event.text())
        elif event.key() in _ARROWS or event.key() == Qt.Key.Key_Space:
            self.showPopup()
        else:
            event.ignore()

    def showPopup(self) -> None:
        """Open the list, marked at what is chosen now, and hear its keys."""
        if self._told is None:
            # Not sooner: asking for the list makes it, and few lists are ever opened.
            self._told = ToldChoice(self.view())
            self._told.chosen.connect(self._take)
            self.view().installEventFilter(self)
        self._typed, self._meant = "", -1
        super().showPopup()
        self._keep_clear()
        self._told.mark(max(0, self.currentIndex()), chosen=self.currentIndex() >= 0)

    def _keep_clear(self) -> None:
        """Leave in sight who it is about: a long list is cut where it would cover that, and scrolls."""
        list_ = self.view().window()
        above = [one for one in self.window().findChildren(QWidget, KEPT_CLEAR) if one.isVisible()]
        if not above or list_ is self.window():
            return
        limit = max(one.mapToGlobal(one.rect().bottomLeft()).y() for one in above) + 1
        place = list_.geometry()
        if place.top() < limit < place.bottom():
            place.setTop(limit)
            list_.setGeometry(place)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Search the open list for what is typed, spaces too; a key of ours closes it and works as anywhere."""
        if event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return super().eventFilter(watched, event)
        ours = self._shortcut(event)
        if ours is not None:
            self._take_typed()
            ours.activated.emit()
        elif self._letters(event):
            self._search(event.text())
        elif event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            self._take_and_leave(event.key() == Qt.Key.Key_Tab)
        else:
            return super().eventFilter(watched, event)
        return True

    def _shortcut(self, event: QKeyEvent) -> QShortcut | None:
        """Return the window's shortcut for a key: Qt asks for none while a list is open, and a call may ring."""
        pressed = QKeySequence(event.keyCombination())
        made = self.window().findChildren(QShortcut)
        return next((one for one in made if one.key() == pressed and one.isEnabled()), None)

    def _letters(self, event: QKeyEvent) -> bool:
        """Say whether a key belongs to a word: a space does, once the word has begun."""
        if event.modifiers() & _NEITHER or not event.text() or not event.text().isprintable():
            return False
        return not event.text().isspace() or (bool(self._typed) and time.monotonic() - self._typed_at < TYPED_WITHIN)

    def _search(self, text: str) -> None:
        """Mark the first entry that begins with what was typed; one letter again and again goes on to the next."""
        now = time.monotonic()
        self._typed = text.casefold() if now - self._typed_at >= TYPED_WITHIN else self._typed + text.casefold()
        self._typed_at = now
        labels = [choice.label.casefold() for choice in self._choices]
        found = [at for at, label in enumerate(labels) if label.startswith(self._typed)]
        marked = self.view().currentIndex().row()
        if not found and len(set(self._typed)) == 1:
            found = [at for at, label in enumerate(labels) if label.startswith(self._typed[0])]
            found = [at for at in found if at > marked] or found
        self._meant = found[0] if found else -1
        if found:
            self.view().setCurrentIndex(self.model().index(found[0], 0))

    def _take(self, at: int) -> None:
        """Choose an entry of the open list, which closes."""
        self.hidePopup()
        if at >= 0:
            self.setCurrentIndex(at)
            self.activated.emit(at)

    def _take_typed(self) -> None:
        """Close the list with what was typed, if the mark still stands there: nothing typed is lost by another key."""
        marked = self.view().currentIndex().row()
        self._take(marked if marked == self._meant else -1)

    def _take_and_leave(self, forward: bool) -> None:
        self._take(self.view().currentIndex().row())
        if forward:
            self.focusNextChild()
        else:
            self.focusPreviousChild()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to what scrolls."""
        event.ignore()

    def sizeHint(self) -> QSize:
        """Ask for the width of the longest label."""
        metrics = QFontMetrics(self._look.font())
        words = [choice.label for choice in self._choices] + [self.placeholderText()]
        wide = max(metrics.horizontalAdvance(word) for word in words)
        return QSize(wide + self._look.px(42), self._look.px(self._height))

    def minimumSizeHint(self) -> QSize:
        """A narrow box elides."""
        return QSize(self._look.px(64), self._look.px(self._height))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw border, value and arrow."""
        painter = QPainter(self)
        look = self._look
        focused = self.hasFocus()
        width = 3 if focused else 1
        edge = Ink.FOCUS if focused else Ink.BORDER if self.isEnabled() else Ink.HAIRLINE
        with kept_state(painter):
            painter.setPen(QPen(look.colour(edge), width))
            painter.setBrush(look.colour(Ink.SURFACE if self.isEnabled() else Ink.WINDOW))
            inset = width / 2
            box = QRectF(self.rect()).adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)
        self._paint_value(painter)
        side = look.px(12)
        arrow = QRectF(self.width() - look.px(9) - side, (self.height() - side) / 2, side, side)
        paint_chevron(painter, look.colour(Ink.SECONDARY), arrow)
        painter.end()

    def _paint_value(self, painter: QPainter) -> None:
        look = self._look
        area = self.rect().adjusted(look.px(10), 0, -look.px(26), 0)
        current = self.current()
        if current is not None and current.rank is not None:
            side = look.px(18)
            paint_rank(painter, look, current.rank, QRectF(area.left(), (self.height() - side) / 2, side, side))
            area.adjust(side + look.px(6), 0, 0, 0)
        font = look.font(Type.BODY)
        painter.setFont(font)
        painter.setPen(look.colour(Ink.TEXT if current and self.isEnabled() else Ink.QUIET))
        words = current.label if current else self.placeholderText()
        shown = QFontMetrics(font).elidedText(words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft), shown)
