"""Put a theme on the application, and dress each window in it."""

from __future__ import annotations

from types import MappingProxyType

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.ranks import Rank
from ui.desktop.theme.fonts import load_fonts
from ui.desktop.theme.look import Look, Theme
from ui.desktop.theme.palette import DARK, LIGHT, Ink, Palette, RankColours
from ui.desktop.theme.sheet import sheet

_ROLES = MappingProxyType(
    {
        QPalette.ColorRole.Window: Ink.WINDOW,
        QPalette.ColorRole.WindowText: Ink.TEXT,
        QPalette.ColorRole.Base: Ink.SURFACE,
        QPalette.ColorRole.AlternateBase: Ink.WINDOW,
        QPalette.ColorRole.Text: Ink.TEXT,
        QPalette.ColorRole.Button: Ink.SURFACE,
        QPalette.ColorRole.ButtonText: Ink.TEXT,
        QPalette.ColorRole.Highlight: Ink.ACCENT,
        QPalette.ColorRole.HighlightedText: Ink.ON_ACCENT,
        QPalette.ColorRole.PlaceholderText: Ink.QUIET,
        QPalette.ColorRole.ToolTipBase: Ink.SURFACE,
        QPalette.ColorRole.ToolTipText: Ink.TEXT,
        QPalette.ColorRole.Link: Ink.ACCENT,
    }
)


def choose(*, dark: bool, family: str = "Inter", high_contrast: bool | None = None) -> Theme:
    """Return the theme for a user who wants ``dark`` or not; high contrast wins over both.

    ``high_contrast`` None asks the platform.
    """
    plain = contrast_is_high() if high_contrast is None else high_contrast
    if plain:
        return Theme(platform_palette(QGuiApplication.palette(), dark=dark), family="", plain=True)
    return Theme(DARK if dark else LIGHT, family=family)


def contrast_is_high() -> bool:
    """Say whether the platform asks for high contrast."""
    # Both owners are kept in names: PySide6 drops the inner object with its last reference.
    hints = QGuiApplication.styleHints()
    accessibility = hints.accessibility()
    asked = accessibility.contrastPreference()
    return asked == Qt.ContrastPreference.HighContrast


def platform_palette(system: QPalette, *, dark: bool = False) -> Palette:
    """Return a palette that uses only the platform's own pairs of colours.

    Both sides of every pair come from the platform, so nothing can vanish (screens.md 2.1).
    """
    base, text = (system.color(role).name() for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Text))
    high, on_high = (
        system.color(role).name() for role in (QPalette.ColorRole.Highlight, QPalette.ColorRole.HighlightedText)
    )
    greyed = system.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name()
    bare = RankColours(base, text, text)
    return Palette(
        name="dark" if dark else "light", window=base, surface=base, text=text, secondary=text, quiet=greyed,
        border=text, hairline=text, rule=text, accent=high, on_accent=on_high, ok=text, focus=high,
        selected=base, risk=base, notice=base, amber=text, red=text, amber_fill=base, on_amber_fill=text,
        ranks=MappingProxyType(dict.fromkeys(Rank, bare)),
    )  # fmt: skip


def qt_palette(palette: Palette) -> QPalette:
    """Return the Qt palette that matches ours."""
    made = QPalette()
    for role, ink in _ROLES.items():
        made.setColor(role, QColor(palette.of(ink)))
    disabled = QPalette.ColorGroup.Disabled
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        made.setColor(disabled, role, QColor(palette.quiet))
    return made


def apply(app: QApplication, theme: Theme, *, zoom: float = 1.0) -> Look:
    """Load the fonts, set style, palette and font of ``app``; return a look for its first window.

    In high contrast style and palette stay the platform's own.
    """
    load_fonts()
    look = Look(theme, zoom=zoom)
    if not theme.plain:
        _dress_application(app, look)
    return look


def _dress_application(app: QApplication, look: Look) -> None:
    """Set what differs: each of these repolishes every widget there is."""
    if app.style().name().lower() != "fusion":
        app.setStyle("Fusion")
    palette = qt_palette(look.theme.palette)
    if app.palette() != palette:
        app.setPalette(palette)
    if app.font() != look.font():
        app.setFont(look.font())


class Dresser(QObject):
    """Keeps one window in its look: stylesheet, palette and font follow every change."""

    def __init__(self, window: QWidget, look: Look) -> None:
        super().__init__(window)
        self._window = window
        self._look = look
        look.changed.connect(self.dress)
        self.dress()

    def dress(self) -> None:
        """Put stylesheet, palette and font on the window again."""
        if not self._look.theme.plain:
            self._window.setPalette(qt_palette(self._look.theme.palette))
        self._window.setFont(self._look.font())
        self._window.setStyleSheet(sheet(self._look))
