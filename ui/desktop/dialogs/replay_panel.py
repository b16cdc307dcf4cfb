"""Ctrl+Shift+Y on the board: an incident seen again, by keyboard: a scrubber, a worker, and the three panes."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.desktop.screens.board.replay_rows import ReplayRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import GAP, Type, Weight
from ui.desktop.widgets.cards import RING, Pane
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.fields import LineField
from ui.desktop.widgets.labels import plain
from ui.desktop.widgets.panels import Panel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.shapes import kept_state
from ui.desktop.widgets.stripes import StripedMark

MARK = "REPLAY, READ ONLY"
HINT = "Left, Right: one entry   PgUp, PgDn: one minute   Home, End: first, last   Up, Down: another worker"
_KEYS: dict[int, tuple[str, str]] = {
    Qt.Key.Key_Left: ("-1", "entry"),
    Qt.Key.Key_Right: ("1", "entry"),
    Qt.Key.Key_PageUp: ("-1", "minute"),
    Qt.Key.Key_PageDown: ("1", "minute"),
    Qt.Key.Key_Home: ("", "first"),
    Qt.Key.Key_End: ("", "last"),
}


class Scrubber(QWidget):
    """One tab stop that moves through time; ``moved`` carries a direction and a step, ``turned`` -1 or 1 worker."""

    moved = Signal(str, str)
    turned = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Moment")
        self._when = plain(look, "", Type.NAME, Weight.SEMIBOLD)
        self._step = plain(look, "", ink=Ink.SECONDARY)
        self._happened = plain(look, "", weight=Weight.MEDIUM)
        self._hint = plain(look, HINT, Type.CAPTION, ink=Ink.SECONDARY)
        row = QHBoxLayout(self)
        row.setContentsMargins(RING + 4, 4, RING + 4, 4)
        row.setSpacing(16)
        row.addWidget(self._when)
        row.addWidget(self._step)
        row.addWidget(self._happened, 1)
        row.addWidget(self._hint)

    def show_moment(self, when: str, step: str, happened: str) -> None:
        """Show the moment, where it lies and what was shared last; a screen reader hears all three."""
        self._when.say(when)
        self._step.say(step)
        self._happened.say(happened)
        self.setAccessibleDescription(f"{when}, {step}, {happened}")

    def sizeHint(self) -> QSize:
        """Return one line of a name's height."""
        return QSize(self._look.px(400), self._look.px(40))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move through time, or to another worker; every other key goes on to the panel."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
        elif event.key() in _KEYS:
            self.moved.emit(*_KEYS[event.key()])
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.turned.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click takes the focus."""
        super().mousePressEvent(event)
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Draw the ring."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring away."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the edge, and the ring where the focus is."""
        painter = QPainter(self)
        with kept_state(painter):
            focused = self.hasFocus()
            width = self._look.px(3) if focused else 1
            painter.setPen(QPen(self._look.colour(Ink.FOCUS if focused else Ink.BORDER), width))
            inset = width / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), 4, 4)
        painter.end()


class ReplayPanel(Panel):
    """``asked`` carries a key and an act (see ``screens.board.replay_presenter``)."""

    asked = Signal(str, str)

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Replay")
        self._row = ReplayRow()
        self.mark = StripedMark(look)
        self.mark.show_words(MARK)
        self.head.insertWidget(0, self.mark)
        self.note = plain(look, "", wrap=True)
        self.why = LineField(look, "Why you look", "Why you look at this incident again")
        self.incidents = RowView(look, "Incidents of the last fourteen days", pad=RING)
        self.scrubber = Scrubber(look)
        self.workers, self._workers_pane = _listed(look, "Whose console")
        self.known, self._known_pane = _listed(look, "What was known")
        self.told, self._told_pane = _listed(look, "Timeline")
        self.asked_list, self._asked_pane = _listed(look, "Signals and requests")
        self._choosing, self._seeing = QWidget(), QWidget()
        self._lay_out()
        self.why.edited.connect(self._said)
        self.why.entered.connect(self._said)
        self.incidents.acted.connect(self._chosen)
        self.scrubber.moved.connect(self.asked)
        self.scrubber.turned.connect(self._turn)
        self.workers.current_key_changed.connect(self._worker_chosen)
        self.first = self.why

    def show_row(self, row: ReplayRow) -> None:
        """Show the list, or the moment; the focus goes along only when one takes the other's place."""
        if row == self._row:
            return
        turned, self._row = row.open != self._row.open, row
        self.show_title((Span(row.title, Weight.SEMIBOLD),))
        self.note.say(row.note)
        self.note.setVisible(bool(row.note))
        self._choosing.setVisible(not row.open)
        self._seeing.setVisible(row.open)
        self.incidents.show_rows(row.incidents)
        self.scrubber.show_moment(row.when, row.step, row.happened)
        self.workers.show_rows(row.workers)
        if row.worker and self.workers.current_key() != row.worker:
            self.workers.choose(row.worker)
        for view, rows in ((self.known, row.known), (self.told, row.told), (self.asked_list, row.asked)):
            view.show_rows(rows)
        self.told.scrollToBottom()
        self.first = self.scrubber if row.open else self.why
        if turned and self.isVisible():
            self.take_up()

    @property
    def is_seeing(self) -> bool:
        """Say whether an incident is shown, and not the list to choose from."""
        return self._row.open

    def hideEvent(self, event: QHideEvent) -> None:
        """What was read is not kept behind a closed panel."""
        super().hideEvent(event)
        if not event.spontaneous():
            self.why.clear()
            self.asked.emit("", "close")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Down goes from the reason to the list; the rest is the panel's."""
        if event.key() == Qt.Key.Key_Down and self.why.hasFocus():
            self._said(self.why.clean())
            self.incidents.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)

    def _said(self, _text: str) -> None:
        self.asked.emit(self.why.clean(), "why")

    def _chosen(self, key: str, act: str) -> None:
        self._said("")
        self.asked.emit(key, act)

    def _worker_chosen(self, key: str) -> None:
        if key and self._row.open and key != self._row.worker:
            self.asked.emit(key, "worker")

    def _turn(self, by: int) -> None:
        keys = [row.key for row in self._row.workers]
        if self._row.worker in keys:
            at = keys.index(self._row.worker) + by
            if 0 <= at < len(keys):
                self.asked.emit(keys[at], "worker")

    def _lay_out(self) -> None:
        choosing = QVBoxLayout(self._choosing)
        choosing.setContentsMargins(0, 4, 0, 0)
        choosing.addWidget(self.why)
        choosing.addWidget(self.incidents, 1)
        seeing = QVBoxLayout(self._seeing)
        seeing.setContentsMargins(0, 4, 0, 0)
        seeing.setSpacing(GAP)
        seeing.addWidget(self.scrubber)
        panes = QHBoxLayout()
        panes.setSpacing(GAP)
        shares = ((self._workers_pane, 3), (self._known_pane, 5), (self._told_pane, 7), (self._asked_pane, 5))
        for pane, share in shares:
            panes.addWidget(pane, share)
        seeing.addLayout(panes, 1)
        self._seeing.hide()
        self.body.addWidget(self.note)
        self.body.addWidget(self._choosing, 1)
        self.body.addWidget(self._seeing, 1)


def _listed(look: Look, name: str) -> tuple[RowView, Pane]:
    view, pane = RowView(look, name, pad=RING), Pane(look, name)
    pane.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Expanding)
    pane.bleed()
    pane.body.addWidget(view, 1)
    return view, pane
