"""The palette holds its contrast, red means one thing, figures are tabular, high contrast is the platform's."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtGui import QColor, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication

from console.domain.people import Rank
from ui.desktop.theme.apply import apply, choose, platform_palette
from ui.desktop.theme.contrast import failures, ratio
from ui.desktop.theme.fonts import FILES, font_folder, load_fonts
from ui.desktop.theme.look import Look, Theme
from ui.desktop.theme.palette import DARK, LIGHT, Ink, Palette
from ui.desktop.theme.scale import BOARD_WIDE_STEP, Scale, Type, Weight, step_for
from ui.desktop.theme.sheet import sheet

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@BOTH
def test_every_pair_of_colours_holds_its_contrast(palette: Palette) -> None:
    assert failures(palette) == ()


def test_a_pair_that_is_too_weak_is_named() -> None:
    weak = replace(LIGHT, quiet="#C0C0C0")

    assert any("quiet on surface" in said for said in failures(weak))


@pytest.mark.parametrize(
    ("palette", "ink", "expected"),
    [
        (LIGHT, Ink.TEXT, 19.6),
        (LIGHT, Ink.SECONDARY, 9.0),
        (LIGHT, Ink.ACCENT, 6.1),
        (LIGHT, Ink.OK, 5.4),
        (DARK, Ink.TEXT, 13.4),
        (DARK, Ink.SECONDARY, 8.1),
        (DARK, Ink.FOCUS, 11.9),
    ],
)
def test_the_ratios_are_those_of_the_reference(palette: Palette, ink: Ink, expected: float) -> None:
    assert ratio(palette.of(ink), palette.surface) == pytest.approx(expected, abs=0.15)


def _is_red(colour: QColor) -> bool:
    hue = colour.hsvHue()
    return (0 <= hue < 16 or hue >= 345) and colour.hsvSaturation() > 120


@BOTH
def test_red_is_used_for_rank_one_and_nothing_else(palette: Palette) -> None:
    assert palette.red == palette.ranks[Rank.NOW].fill
    others = {palette.of(ink) for ink in Ink if ink not in (Ink.RED, Ink.RISK)}
    reddish = {colour for colour in others if _is_red(QColor(colour))}
    assert reddish == set()


def test_high_contrast_drops_the_stylesheet_and_uses_only_the_platforms_colours(qapp: QApplication) -> None:
    theme = choose(dark=True, high_contrast=True)
    system = qapp.palette()
    allowed = {
        system.color(role).name()
        for role in (
            QPalette.ColorRole.Base,
            QPalette.ColorRole.Text,
            QPalette.ColorRole.Highlight,
            QPalette.ColorRole.HighlightedText,
        )
    }

    allowed.add(system.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text).name())

    assert theme.plain
    assert sheet(Look(theme)) == ""
    assert {platform_palette(system).of(ink) for ink in Ink} <= allowed


def test_the_stylesheet_has_every_value_filled_in(qapp: QApplication) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))

    assert "$" not in sheet(look)
    assert LIGHT.focus in sheet(look)


def test_the_font_is_shipped_with_its_licence(qapp: QApplication) -> None:
    assert load_fonts()
    assert {path.name for path in font_folder().glob("*.otf")} == set(FILES)
    assert "SIL OPEN FONT LICENSE" in (font_folder() / "OFL.txt").read_text(encoding="utf-8")


@pytest.mark.parametrize("weight", list(Weight))
def test_figures_are_tabular(qapp: QApplication, weight: Weight) -> None:
    look = apply(qapp, choose(dark=False, high_contrast=False))
    metrics = QFontMetrics(look.font(Type.CALL_CLOCK, weight))

    assert metrics.horizontalAdvance("11:11") == metrics.horizontalAdvance("08:08")


def test_a_wide_window_takes_the_wide_step() -> None:
    assert step_for(1366) == Scale(1.0)
    assert step_for(1920) == Scale(1.14)
    assert step_for(1920, BOARD_WIDE_STEP).px(Type.BOARD) == 52


def test_a_look_tells_of_changes_once_and_only_of_changes(qapp: QApplication) -> None:
    look = Look(Theme(LIGHT))
    heard: list[str] = []
    look.changed.connect(lambda: heard.append(look.theme.palette.name))

    look.wear(Theme(LIGHT))
    look.wear(Theme(DARK))
    look.resize(Scale())

    assert heard == ["dark"]
