"""Signals read aloud, whole: from one worker's key to the player of another's headset, and what the window says."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.call_events import LegEnd, LegEnded
from console.domain.spoken_signals import signal_phrases
from console.machine.paths import Home
from console.machine.speech_device import device_speaker
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.sound_card import DEVICE, SoundCard, until
from tests.ui.test_entrance import PATIENCE, window_of, write
from ui.bootstrap.entrance import ConsoleOptions, Entrance
from ui.bootstrap.signals_aloud import Listener, SignalsAloud
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.runtime.application import dress
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.widgets.notices import NoticeCard
from ui.desktop.window import ConsoleWindow
from ui.settings import Settings

pytestmark = pytest.mark.needs("linux", "espeak")


def test_from_the_handlers_key_to_the_second_workers_headset_and_silence_when_their_telephone_rings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card, night = SoundCard(tmp_path, monkeypatch), Night()
    night.answered()
    night.room.hears(LegEnded("c1", night.room.clock.now(), "c1-1002", "1002", LegEnd.ANSWERED_ELSEWHERE))
    night.paired()
    desk, ear = night.coordinator_desk, card.ear()
    told: list[str] = []
    speaker = device_speaker(ear, signal_phrases(desk.pair.signals), told.append)
    aloud = SignalsAloud(desk, speaker, Listener(ear.shares_telephone, lambda: False, lambda _: None))
    try:
        night.handler.do(Act.GET_POLICE)
        night.room.settle()
        until(lambda: card.played("end"))
        assert f"-q -D {DEVICE} " in card.played()[0]
        card.hold()
        night.handler.do(Act.CALLER_GONE)
        night.room.settle()
        until(lambda: len(card.played()) == 2)
        night.room.rings("c2", NUMBER, LINE, "1002")
        until(lambda: not card.plays())
        until(lambda: not card.left())
    finally:
        aloud.stop()
        night.room.close()
    assert len(card.played("end")) == 1
    assert told == []


@pytest.mark.timeout(180)
def test_the_window_says_so_where_no_device_is_chosen(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    SoundCard(tmp_path, monkeypatch)
    left: list[int] = []
    options = ConsoleOptions(str(tmp_path / "r.db"), tmp_path / "r.key", Screen.COORDINATOR)
    home = Home(tmp_path / "nightdesk-home")
    entrance = Entrance(options, Settings(signals_aloud=True), home, dress(qapp, dark=False), left.append)
    entrance.begin()
    found = window_of(qapp, SignInWindow)
    assert isinstance(found, SignInWindow)
    write(found, "name", "Tom Adeyemi")
    QTest.keyClick(found, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no keyring" in found.box._form.error, timeout=PATIENCE)
    write(found, "passphrase", "correct horse battery")
    QTest.keyClick(found, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window_of(qapp, ConsoleWindow) is not None, timeout=PATIENCE)
    window = window_of(qapp, ConsoleWindow)
    assert isinstance(window, ConsoleWindow)
    said = "Signals are not read aloud: choose a device"
    qtbot.waitUntil(
        lambda: any(said in one.text for one in window.findChildren(NoticeCard) if one.isVisible()), timeout=PATIENCE
    )
    window.close()
    assert left == [0]
    entrance.end(0)
