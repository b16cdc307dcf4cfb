"""On a screen too low for console and strip, the strip is one row below the console, and covers nothing of it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from telephony_adapters.simulator.rehearsal import load_rehearsal, rehearsal_names
from tests.helpers.screen_lint import faults
from tests.ui.test_rehearsal_windows import FakeRehearsal
from ui.desktop.rehearsal.placing import is_low, one_below_the_other
from ui.desktop.rehearsal.rows import END_KEY, MAIN_KEY, NEXT_KEY
from ui.desktop.rehearsal.strip import RehearsalStrip
from ui.desktop.runtime.application import dress
from ui.desktop.theme.scale import GAP

NO_FRAME, FRAME = QSize(0, 0), QSize(4, 30)


@pytest.fixture
def low(qtbot: QtBot, qapp: QApplication) -> RehearsalStrip:
    """The low strip, as wide as the smallest screen."""
    made = RehearsalStrip(dress(qapp, dark=False), FakeRehearsal(), "A night", ("You answer.",), low=True)
    qtbot.addWidget(made)
    made.resize(1280, made.sizeHint().height())
    made.show()
    return made


@pytest.mark.parametrize(
    ("size", "frame"),
    [
        ((1280, 640), NO_FRAME),
        ((1280, 720), FRAME),
        ((1366, 768), FRAME),
        ((1600, 900), FRAME),
        ((1280, 800), NO_FRAME),
    ],
)
def test_the_strip_stands_below_the_console_and_both_are_on_the_screen(
    low: RehearsalStrip, size: tuple[int, int], frame: QSize
) -> None:
    room = QRect(0, 0, *size)
    assert is_low(room.size())
    console, strip = one_below_the_other(room, low.sizeHint().height(), frame)
    assert room.contains(strip)
    assert console.height() >= 600
    framed = console.adjusted(0, 0, frame.width(), frame.height())
    # The screens keep that much free at their edge.
    assert framed.intersected(strip).height() <= GAP


@pytest.mark.parametrize("size", [(1920, 1080), (1920, 1040), (2560, 1440)])
def test_where_there_is_room_the_words_have_lines_of_their_own(size: tuple[int, int]) -> None:
    assert not is_low(QSize(*size))


@pytest.mark.parametrize("name", rehearsal_names())
def test_the_longest_words_of_our_rehearsals_stand_whole_in_the_low_strip(low: RehearsalStrip, name: str) -> None:
    script = load_rehearsal(name)
    for seat in script.seats:
        words = " ".join(script.brief(frozenset({seat})))
        low.words.say(words)
        room = low.words.contentsRect()
        drawn = low.words.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        assert room.contains(drawn), words


def test_few_words_are_large_and_nothing_beside_them_moves(low: RehearsalStrip) -> None:
    sizes = set()
    before = (low.size(), low.words.geometry(), low.main.pos())
    for words in (
        "Is anybody there?",
        "I do not know what to do any more. " * 5,
        "I've taken them all, and more. " * 8,
    ):
        low.words.say(words)
        QApplication.processEvents()
        sizes.add(low.words.fontInfo().pixelSize())
        assert (low.size(), low.words.geometry(), low.main.pos()) == before
    assert len(sizes) == 3


def test_every_key_of_the_low_strip_is_told_though_it_is_not_drawn(low: RehearsalStrip) -> None:
    for button, key in ((low.main, MAIN_KEY), (low.skip, NEXT_KEY), (low.end, END_KEY)):
        assert key in button.toolTip()
    assert not faults(low)
    assert "REHEARSAL" in low.windowTitle()
