"""Cards: the white boxes everything stands in, and panes, which are cards with a title row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPainterPath, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import CARD_RADIUS, GAP, Type, Weight
from ui.desktop.widgets.faces import Span
from ui.desktop.widgets.keycap import KeyCap
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.shapes import kept_state


@dataclass(frozen=True, slots=True)
class CardStyle:
    """Ground, edge and stripe (4 px at the left edge) of a card; dashed always means old."""

    ground: Ink = Ink.SURFACE
    edge: Ink = Ink.HAIRLINE
    edge_width: float = 1.0
    stripe: Ink | None = None
    dashed: bool = False


RING = 6
"""Room beside a list for its focus ring, px; taken from the card's padding of 16."""
CALM = CardStyle()
ALARM = CardStyle(Ink.NOTICE, Ink.AMBER, 2.0)
STALE = CardStyle(Ink.WINDOW, Ink.BORDER, 1.0, dashed=True)
LIVE = CardStyle(stripe=Ink.ACCENT)
DANGER = CardStyle(stripe=Ink.RED)


class Card(QFrame):
    """A box.  Its layout is the caller's; margins 16 x 8 by default through :meth:`pad`."""

    def __init__(self, look: Look, style: CardStyle = CALM) -> None:
        super().__init__()
        self.look = look
        self._style = style
        look.changed.connect(self.update)

    @property
    def card_style(self) -> CardStyle:
        """The style shown now."""
        return self._style

    def show_style(self, style: CardStyle) -> None:
        """Show ``style``; the card keeps its place and size."""
        if style != self._style:
            self._style = style
            self.update()

    def body_path(self) -> QPainterPath:
        """Return the rounded outline, for painting inside it."""
        inset = self._style.edge_width / 2
        path = QPainterPath()
        path.addRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), CARD_RADIUS, CARD_RADIUS)
        return path

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw ground, stripe and edge."""
        painter = QPainter(self)
        with kept_state(painter):
            path = self.body_path()
            painter.fillPath(path, self.look.colour(self._style.ground))
            self.paint_inside(painter, path)
            pen = QPen(self.look.colour(self._style.edge), self._style.edge_width)
            if self._style.dashed:
                pen.setDashPattern([4, 3])
            painter.strokePath(path, pen)
        self._paint_stripe(painter)
        painter.end()

    def paint_inside(self, painter: QPainter, path: QPainterPath) -> None:
        """Paint between ground and edge; nothing here, cards with bands override it."""

    def _paint_stripe(self, painter: QPainter) -> None:
        if self._style.stripe is None:
            return
        with kept_state(painter):
            painter.setClipPath(self.body_path())
            painter.fillRect(QRectF(0, 0, self.look.px(4) + 0.5, self.height()), self.look.colour(self._style.stripe))


class FixedRow(Card):
    """A card with a height that never changes, whatever it shows."""

    def __init__(self, look: Look, height: int, style: CardStyle = CALM) -> None:
        super().__init__(look, style)
        self._row_height = height
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)
        self._restyle()

    def hasHeightForWidth(self) -> bool:
        """Say no: a wrapped text inside would make the whole screen ask for its height by its width."""
        return False

    def _restyle(self) -> None:
        self.setFixedHeight(self.look.px(self._row_height))


class FittedCard(Card):
    """A card whose height is fixed by :meth:`fit` for the width it has."""

    def hasHeightForWidth(self) -> bool:
        """Say no: the height is fixed by :meth:`fit`, or the whole screen would ask for its height by its width."""
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit anew at another width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit_own()

    def fit_own(self) -> None:
        """Fit to the width that it has."""
        self.fit(self.width())

    def fit(self, width: int) -> None:
        """Take the height that is right at ``width`` px."""
        raise NotImplementedError

    def take(self, height: int) -> None:
        """Take a height; what is inside is laid out anew, or a card that comes shows it squeezed into the old one."""
        self.setFixedHeight(height)
        inside = self.layout()
        if inside is not None:
            inside.invalidate()


class Pane(Card):
    """A card with a title row (24 px: title, key, and a quiet text at the right) and a body."""

    def __init__(self, look: Look, title: str, key: str = "", style: CardStyle = CALM) -> None:
        super().__init__(look, style)
        self._outer = outer = QVBoxLayout(self)
        outer.setContentsMargins(16 - RING, GAP, 16 - RING, GAP)
        outer.setSpacing(0)
        self.title = PlainLabel(look, (Span(title, Weight.SEMIBOLD),))
        self.right = PlainLabel(look, (), right=True)
        self.head = QHBoxLayout()
        self.head.setSpacing(10)
        self.head.addWidget(self.title)
        if key:
            self.head.addWidget(KeyCap(look, key))
        self.head.addStretch(1)
        self.head.addWidget(self.right)
        holder = QWidget()
        holder.setLayout(self.head)
        self.head.setContentsMargins(RING, 0, RING, 0)
        self._head_holder = holder
        outer.addWidget(holder)
        self.body = QVBoxLayout()
        self.body.setContentsMargins(RING, 0, RING, 0)
        self.body.setSpacing(0)
        outer.addLayout(self.body, 1)
        look.changed.connect(self._restyle_head)
        self._restyle_head()

    def bleed(self) -> None:
        """Let the body reach nearer to the edge: lists with ``pad=RING`` draw their focus ring outside the text."""
        self.body.setContentsMargins(0, 0, 0, 0)

    def show_title(self, spans: Sequence[Span]) -> None:
        """Show another title, e.g. a name and a quiet word."""
        self.title.show_spans(spans)

    def show_right(self, text: str, ink: Ink = Ink.SECONDARY, size: Type = Type.CAPTION) -> None:
        """Show a quiet text at the right of the title; empty shows nothing."""
        self.right.show_spans((Span(text, ink=ink, size=size),))

    def _restyle_head(self) -> None:
        self._head_holder.setFixedHeight(self.look.px(24))


class Rule(QFrame):
    """A hairline, across or upright."""

    def __init__(self, look: Look, *, upright: bool = False, ink: Ink = Ink.RULE) -> None:
        super().__init__()
        self._look = look
        self._ink = ink
        if upright:
            self.setFixedWidth(1)
        else:
            self.setFixedHeight(1)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the line."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.colour(self._ink))
        painter.end()
