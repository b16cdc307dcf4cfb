"""The tiles of large figures along the top: waiting, longest wait, answered, open work, capacity."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.domain.people import Rank
from ui.desktop.screens.board.rows import CapacityTile, FigureTile, WorkTile
from ui.desktop.screens.board.tile import Tile
from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CONTROL_RADIUS, Type, Weight
from ui.desktop.widgets.buttons import KeyButton
from ui.desktop.widgets.faces import ButtonFace, Span
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.shapes import SPOKEN_RANKS, paint_rank

_WORK_STRETCH = (6, 8, 7)
"""Widths of the three ranks in the open-work tile, after the words below them."""


class RankMark(QWidget):
    """One rank's shape, ``side`` px at step 1.0."""

    def __init__(self, look: Look, side: int) -> None:
        super().__init__()
        self._look = look
        self._side = side
        self._rank: Rank | None = None
        self._stale = False
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_rank(self, rank: Rank | None, *, stale: bool = False) -> None:
        """Show ``rank``; None takes the shape and its room away."""
        self.setVisible(rank is not None)
        self._rank, self._stale = rank, stale
        self.update()

    def sizeHint(self) -> QSize:
        """Return a square."""
        side = self._look.px(self._side)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape."""
        if self._rank is None:
            return
        painter = QPainter(self)
        paint_rank(painter, self._look, self._rank, QRectF(self.rect()), stale=self._stale)
        painter.end()


class Figure(Tile):
    """One large figure with words below."""

    def __init__(self, look: Look, name: str) -> None:
        super().__init__(look, name)
        self._mark = RankMark(look, 30)
        self._mark.hide()
        self._figure = PlainLabel(look)
        self._words = PlainLabel(look)
        line = QHBoxLayout()
        line.setSpacing(10)
        line.addWidget(self._mark)
        line.addWidget(self._figure, 1)
        self.body.addStretch(1)
        self.body.addLayout(line)
        self.body.addStretch(1)
        self.body.addWidget(self._words)

    def show_tile(self, tile: FigureTile) -> None:
        """Show ``tile``."""
        rank = f", {SPOKEN_RANKS[tile.rank]}" if tile.rank is not None else ""
        self.show_head(tile.title, tile.age, alarm=tile.alarm, said=f"{tile.figure}{rank}. {tile.words}.")
        self._mark.show_rank(tile.rank, stale=tile.age.stale)
        self._figure.show_spans((Span(tile.figure, Weight.SEMIBOLD, self.ink(Ink.TEXT), Type.BOARD),))
        self._words.show_spans((Span(tile.words, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION),))


class Work(Tile):
    """Open work by rank: shape, figure, word."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Open work")
        self._marks: list[tuple[Rank, RankMark, PlainLabel]] = []
        figures = QHBoxLayout()
        self._names = QHBoxLayout()
        for rank, stretch in zip((Rank.NOW, Rank.HOUR, Rank.SHIFT), _WORK_STRETCH, strict=True):
            mark, figure = RankMark(look, 20), PlainLabel(look)
            cell = QHBoxLayout()
            cell.setSpacing(4)
            cell.addWidget(mark)
            cell.addWidget(figure, 1)
            figures.addLayout(cell, stretch)
            self._marks.append((rank, mark, figure))
        self._under = [PlainLabel(look) for _ in range(3)]
        for label, stretch in zip(self._under, _WORK_STRETCH, strict=True):
            self._names.addWidget(label, stretch)
        self._words = PlainLabel(look)
        self.body.addStretch(1)
        self.body.addLayout(figures)
        self.body.addLayout(self._names)
        self.body.addStretch(1)
        self.body.addWidget(self._words)

    def show_tile(self, tile: WorkTile) -> None:
        """Show ``tile``."""
        said = f"{tile.now} now, {tile.hour} within the hour, {tile.shift} this shift. {tile.words}."
        self.show_head("Open work", tile.age, said=said)
        for (rank, mark, figure), count in zip(self._marks, (tile.now, tile.hour, tile.shift), strict=True):
            mark.show_rank(rank, stale=self.stale)
            figure.show_spans((Span(str(count), Weight.SEMIBOLD, self.ink(Ink.TEXT), Type.NAME),))
        for label, words in zip(self._under, ("now", "within hour", "this shift"), strict=True):
            label.show_spans((Span(words, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION),))
        self._words.show_spans((Span(tile.words, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION),))


class CapacityBox(QWidget):
    """One boxed count of the capacity tile; amber when nobody is free."""

    def __init__(self, look: Look, word: str) -> None:
        super().__init__()
        self._look = look
        self._word = word
        self._count = 0
        self._alarm = False
        self._stale = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self.updateGeometry)

    def show_count(self, count: int, *, alarm: bool, stale: bool) -> None:
        """Show ``count``."""
        self._count, self._alarm, self._stale = count, alarm, stale
        self.update()

    def sizeHint(self) -> QSize:
        """Return a box that holds its word."""
        word = QFontMetrics(self._look.font(Type.CAPTION)).horizontalAdvance(self._word)
        return QSize(word + self._look.px(10), self._look.px(44))

    def minimumSizeHint(self) -> QSize:
        """The word is never cut."""
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, figure and word."""
        look, painter = self._look, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        alarm = self._alarm and not self._stale
        edge = Ink.AMBER if alarm else Ink.HAIRLINE if self._stale else Ink.WINDOW
        painter.setPen(QPen(look.colour(edge), 1))
        painter.setBrush(look.colour(Ink.AMBER_FILL if alarm else Ink.WINDOW))
        painter.drawRoundedRect(box, CONTROL_RADIUS, CONTROL_RADIUS)
        painter.setPen(look.colour(Ink.ON_AMBER_FILL if alarm else Ink.QUIET if self._stale else Ink.TEXT))
        half = box.height() * 0.56
        centred = Qt.AlignmentFlag.AlignCenter
        painter.setFont(look.font(Type.FIGURE, Weight.SEMIBOLD))
        painter.drawText(QRectF(box.left(), box.top() + 1, box.width(), half), centred, str(self._count))
        painter.setFont(look.font(Type.CAPTION))
        painter.drawText(
            QRectF(box.left(), box.top() + half - 2, box.width(), box.height() - half), centred, self._word
        )
        painter.end()


class Capacity(Tile):
    """Who could take the next call, and the one act that changes it."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "Night capacity")
        words = ("Free", "Paired", "Alone", "Wrap-up", "Recovering", "On-call")
        self._boxes = [CapacityBox(look, word) for word in words]
        boxes = QHBoxLayout()
        boxes.setSpacing(6)
        for box in self._boxes:
            boxes.addWidget(box, 1)
        self._words = PlainLabel(look)
        self.call_out = KeyButton(look, ButtonFace("Call out"), height=28)
        foot = QHBoxLayout()
        foot.addWidget(self._words, 1)
        foot.addWidget(self.call_out)
        self.body.addLayout(boxes)
        self.body.addStretch(1)
        self.body.addLayout(foot)

    def show_tile(self, tile: CapacityTile) -> None:
        """Show ``tile``."""
        counts = (tile.free, tile.paired, tile.alone, tile.wrap_up, tile.recovering, tile.on_call)
        named = ("free", "paired", "alone", "in wrap-up", "recovering", "on-call")
        said = ", ".join(f"{count} {name}" for count, name in zip(counts, named, strict=True)) + f". {tile.words}."
        self.show_head(tile.title, tile.age, alarm=tile.alarm, said=said)
        for index, (box, count) in enumerate(zip(self._boxes, counts, strict=True)):
            box.show_count(count, alarm=index == 0 and tile.alarm, stale=self.stale)
        self._words.show_spans((Span(tile.words, ink=self.ink(Ink.SECONDARY), size=Type.CAPTION),))
        face = ButtonFace(tile.call_out or "Call out", "Ctrl+O", filled=tile.alarm and not self.stale)
        self.call_out.setVisible(bool(tile.call_out))
        self.call_out.show_face(face)
