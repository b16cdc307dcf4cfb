"""The one factory of labels.  Text is always plain; what does not fit is elided and kept whole for
tooltip and screen reader.

No ``setAccessibleName`` on a label: it would hide the live text from the screen reader.
"""

from __future__ import annotations

import html
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolTip, QWidget

from ui.desktop.theme.look import Look
from ui.desktop.theme.palette import Ink
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.faces import Span


def tip_text(text: str) -> str:
    """Return ``text`` so that Qt shows it as plain text in a tooltip, wrapped."""
    return f"<qt>{html.escape(text)}</qt>" if text else ""


def set_tip(widget: QWidget, text: str) -> None:
    """Give ``widget`` a plain tooltip; empty takes it away."""
    widget.setToolTip(tip_text(text))


class PlainLabel(QLabel):
    """Spans of plain text on one line, or one span wrapped.

    ``text()`` is always the whole text.  One-line labels may be narrowed to nothing and then
    elide; the whole text comes as a tooltip.
    """

    def __init__(self, look: Look, spans: Sequence[Span] = (), *, wrap: bool = False, right: bool = False) -> None:
        super().__init__()
        self._look = look
        self._spans: tuple[Span, ...] = ()
        self._right = right
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(wrap)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        vertical = QSizePolicy.Policy.MinimumExpanding if wrap else QSizePolicy.Policy.Fixed
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        policy.setHeightForWidth(wrap)
        self.setSizePolicy(policy)
        look.changed.connect(self._restyle)
        self.show_spans(spans)

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is shown now."""
        return self._spans

    def show_spans(self, spans: Sequence[Span]) -> None:
        """Show ``spans``; nothing is done when they are the same."""
        new = tuple(spans)
        if new == self._spans:
            return
        self._spans = new
        self._restyle()
        text = "".join(
            (" " if index and span.gap and not span.text.startswith(" ") else "") + span.text
            for index, span in enumerate(new)
        )
        if text != self.text():
            self.setText(text)
        self.updateGeometry()
        self.update()

    def say(self, text: str) -> None:
        """Show ``text`` in the style of the first span."""
        first = self._spans[0] if self._spans else Span("")
        self.show_spans((Span(text, first.weight, first.ink, first.size, first.gap),))

    def _restyle(self) -> None:
        if self._spans:
            self.setFont(self._look.font(self._spans[0].size, self._spans[0].weight))
        self.updateGeometry()
        self.update()

    def natural_width(self) -> int:
        """Return the width in px the whole text needs on one line."""
        return spans_width(self._look, self._spans)

    def _line_height(self) -> int:
        if not self._spans:
            return QFontMetrics(self.font()).height()
        return max(self._look.metrics(span.size, span.weight).height() for span in self._spans)

    def sizeHint(self) -> QSize:
        """Return the whole text's size on one line, or Qt's own for wrapped text."""
        if self.wordWrap():
            return super().sizeHint()
        return QSize(self.natural_width(), self._line_height())

    def minimumSizeHint(self) -> QSize:
        """Return nearly nothing in width: long text elides."""
        if self.wordWrap():
            return QSize(self._look.px(40), super().minimumSizeHint().height())
        return QSize(min(self._look.px(20), self.natural_width()), self._line_height())

    def elided(self) -> bool:
        """Say whether part of the text is not drawn now."""
        return not self.wordWrap() and self.natural_width() > self.width() + 1

    def event(self, event: QEvent) -> bool:
        """Show the whole text as a tooltip where it is elided."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip and self.elided():
            QToolTip.showText(event.globalPos(), tip_text(self.text()), self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the spans, the last ones elided where the room ends."""
        painter = QPainter(self)
        if self.wordWrap():
            self._paint_wrapped(painter)
        else:
            paint_spans(painter, self._look, self._spans, self.contentsRect(), right=self._right)
        painter.end()

    def _paint_wrapped(self, painter: QPainter) -> None:
        if not self._spans:
            return
        painter.setFont(self.font())
        painter.setPen(self._look.colour(self._spans[0].ink))
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(self.contentsRect(), int(flags), self.text())


def spans_width(look: Look, spans: Sequence[Span]) -> int:
    """Return the width in px that ``spans`` need on one line."""
    widths = (
        look.metrics(span.size, span.weight).horizontalAdvance(span.text) + (look.px(span.gap) if index else 0)
        for index, span in enumerate(spans)
    )
    return sum(widths) + 1


def paint_spans(painter: QPainter, look: Look, spans: Sequence[Span], rect: QRect, *, right: bool = False) -> int:
    """Draw ``spans`` on one common baseline, centred in height; return the x where they end."""
    fonts = [look.font(span.size, span.weight) for span in spans]
    metrics = [look.metrics(span.size, span.weight) for span in spans]
    if not metrics:
        return rect.left()
    tallest = max(metrics, key=lambda m: m.height())
    baseline = rect.top() + (rect.height() - tallest.height()) // 2 + tallest.ascent()
    x = rect.left()
    if right:
        need = sum(
            m.horizontalAdvance(s.text) + (look.px(s.gap) if i else 0)
            for i, (m, s) in enumerate(zip(metrics, spans, strict=True))
        )
        x = max(rect.left(), rect.right() + 1 - need)
    for index, (span, font, metric) in enumerate(zip(spans, fonts, metrics, strict=True)):
        x += look.px(span.gap) if index else 0
        room = rect.right() + 1 - x
        if room <= 0:
            break
        need = metric.horizontalAdvance(span.text)
        shown = span.text if need <= room else metric.elidedText(span.text, Qt.TextElideMode.ElideRight, room)
        painter.setFont(font)
        painter.setPen(look.colour(span.ink))
        painter.drawText(QPoint(x, baseline), shown)
        x += metric.horizontalAdvance(shown)
        if shown != span.text:
            break
    return x


def plain(
    look: Look,
    text: str = "",
    size: Type = Type.BODY,
    weight: Weight = Weight.REGULAR,
    ink: Ink = Ink.TEXT,
    *,
    wrap: bool = False,
    right: bool = False,
) -> PlainLabel:
    """Return a label of one plain text; the only way a label is made."""
    return PlainLabel(look, (Span(text, weight, ink, size),), wrap=wrap, right=right)
