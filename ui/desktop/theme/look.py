"""One object per window that says how it looks: colours, fonts, sizes."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics

from console.domain.ranks import Rank
from ui.desktop.theme.fonts import FAMILY
from ui.desktop.theme.palette import LIGHT, Ink, Palette, RankColours
from ui.desktop.theme.scale import NARROW_BELOW, WIDE_STEP, WORDS_ONLY_FROM, Scale, Type, Weight, step_for

TIGHTEN_FROM = 17
TIGHT_PERCENT = 98.2


@dataclass(frozen=True, slots=True)
class Theme:
    """What the user or the platform chose.

    ``family`` empty means the platform's font.  ``plain`` is true in high contrast: no stylesheet,
    the platform's own colours (``palette`` is then made from them), shapes and words only.
    """

    palette: Palette = LIGHT
    family: str = FAMILY
    plain: bool = False

    @property
    def dark(self) -> bool:
        """Say whether this is the dark set."""
        return self.palette.name == "dark"


class Look(QObject):
    """Colours, fonts and sizes for one window; widgets read it when they paint.

    ``zoom`` is the user's own size of all text (``text_percent`` / 100); it multiplies every px.
    ``changed`` is emitted after theme or step changed: widgets that keep sizes or fonts follow it
    with :meth:`follow`, all others only repaint.
    """

    changed = Signal()

    def __init__(self, theme: Theme, *, zoom: float = 1.0) -> None:
        super().__init__()
        self._theme = theme
        self._zoom = zoom
        self._scale = Scale(zoom)
        self._cramped = False
        # A window asks some hundred times at each drawing, for a dozen fonts and colours.
        self._fonts: dict[tuple[int, int], QFont] = {}
        self._metrics: dict[tuple[int, int], QFontMetrics] = {}
        self._colours: dict[Ink, QColor] = {}

    @property
    def theme(self) -> Theme:
        """The theme worn now."""
        return self._theme

    @property
    def zoom(self) -> float:
        """How much larger than usual the user wants everything."""
        return self._zoom

    @property
    def words_only(self) -> bool:
        """Say whether buttons leave their keys to tooltip and key sheet, so that larger words find room."""
        return self._zoom >= WORDS_ONLY_FROM or (self._zoom > 1 and self._cramped)

    @property
    def scale(self) -> Scale:
        """The step worn now, with the zoom in it."""
        return self._scale

    def wear(self, theme: Theme) -> None:
        """Change the theme; nothing happens when it is the same."""
        if theme != self._theme:
            self._theme = theme
            self._forget()
            self.changed.emit()

    def fit(self, width: int, wide: float = WIDE_STEP) -> None:
        """Take the step for a window ``width`` px wide; the zoom makes a wide window narrow again."""
        usual = round(width / self._zoom)
        before, self._cramped = self.words_only, usual < NARROW_BELOW
        self.resize(step_for(usual, wide))
        if before is not self.words_only:
            self.changed.emit()

    def resize(self, step: Scale) -> None:
        """Change the step; nothing happens when it is the same."""
        scale = Scale(step.factor * self._zoom)
        if scale != self._scale:
            self._scale = scale
            self._forget()
            self.changed.emit()

    def _forget(self) -> None:
        """Make fonts and colours anew when they are next asked for."""
        self._fonts.clear()
        self._metrics.clear()
        self._colours.clear()

    def px(self, size: float) -> int:
        """Return ``size`` px at step 1.0 and zoom 1.0 in pixels of this window."""
        return self._scale.px(size)

    def hex(self, ink: Ink) -> str:
        """Return the colour of ``ink`` as ``#RRGGBB``."""
        return self._theme.palette.of(ink)

    def colour(self, ink: Ink) -> QColor:
        """Return the colour of ``ink``, to be read only: it is kept."""
        known = self._colours.get(ink)
        if known is None:
            known = self._colours[ink] = QColor(self.hex(ink))
        return known

    def rank(self, rank: Rank) -> RankColours:
        """Return fill, ink and edge of ``rank``."""
        return self._theme.palette.ranks[rank]

    def font(self, size: Type | int = Type.BODY, weight: Weight = Weight.REGULAR) -> QFont:
        """Return the font of this window in ``size`` (px at step 1.0), to be read only: it is kept."""
        key = (int(size), int(weight))
        known = self._fonts.get(key)
        if known is None:
            known = self._fonts[key] = self._made(*key)
        return known

    def metrics(self, size: Type | int = Type.BODY, weight: Weight = Weight.REGULAR) -> QFontMetrics:
        """Return the measures of :meth:`font`."""
        key = (int(size), int(weight))
        known = self._metrics.get(key)
        if known is None:
            known = self._metrics[key] = QFontMetrics(self.font(size, weight))
        return known

    def _made(self, size: int, weight: int) -> QFont:
        """Return a new font: figures tabular, no hinting."""
        font = QFont(self._theme.family) if self._theme.family else QFont()
        font.setPixelSize(self.px(size))
        font.setWeight(QFont.Weight(weight))
        font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
        font.setFeature(QFont.Tag("tnum"), 1)
        if size >= TIGHTEN_FROM:
            font.setLetterSpacing(QFont.SpacingType.PercentageSpacing, TIGHT_PERCENT)
        return font
