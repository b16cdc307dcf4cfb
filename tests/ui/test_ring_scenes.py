"""The states of a ringing telephone that the documentation has pictures of: every word is there, and whole."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.helpers.night_windows import Windows
from tests.helpers.ring_scenes import SCENES, SMALL, Scene, dressed, lacking
from ui.desktop.theme.apply import apply, choose

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_every_screen_shows_the_state_and_cuts_no_word_of_it(qapp: QApplication, scene: Scene) -> None:
    apply(qapp, choose(dark=False, high_contrast=False))
    night = Windows()
    try:
        scene.reach(night)
        shown = dressed(night, SMALL, dark=False)
        assert [fault for screen, one in shown for fault in lacking(scene, screen, one)] == []
    finally:
        night.end()
