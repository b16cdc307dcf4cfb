"""Joining in a window: by keyboard, with a real trial on the other side."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from console.machine.paths import Home
from tests.helpers.postgres import server_folder
from tests.helpers.team_trial import OWN, Served, beats, environment, served
from ui.bootstrap.join_window import AGAIN, LINE, Arrived, JoinWindow
from ui.bootstrap.join_window import OWN as OWN_FIELD
from ui.bootstrap.sign_in_form import EXTENSION, PASSPHRASE
from ui.cli import main
from ui.desktop.forms.fields import FieldBox
from ui.desktop.runtime.application import dress
from ui.exits import Exit

pytestmark = [pytest.mark.needs("postgres", "other-account"), pytest.mark.timeout(180)]
PATIENCE = 60_000


@pytest.fixture(scope="module")
def trial() -> Iterator[Served]:
    with server_folder() as folder, served(folder / "home") as running:
        yield running


def _field(window: JoinWindow, key: str) -> QLineEdit:
    box = next(one for one in window.window.findChildren(FieldBox) if one.row.key == key)
    assert isinstance(box.control, QLineEdit)
    return box.control


def _paste(window: JoinWindow, key: str, text: str) -> None:
    QApplication.clipboard().setText(text)
    field = _field(window, key)
    field.setFocus()
    field.selectAll()
    field.paste()


def _error(window: JoinWindow) -> str:
    return window.window.box._form.error


def test_the_line_is_pasted_and_an_own_password_chosen(
    trial: Served, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    arrived: list[Arrived] = []
    home = Home(tmp_path / "home")
    window = JoinWindow(home, dress(qapp, dark=False), "", arrived.append)
    try:
        window.show()
        line = trial.line_for("Priya Raman")
        _paste(window, LINE, line[:-20])
        _paste(window, OWN_FIELD, OWN)
        _paste(window, AGAIN, OWN + "?")
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        assert "The two passwords differ" in _error(window)
        _paste(window, AGAIN, OWN)
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "no whole join line" in _error(window), timeout=PATIENCE)
        assert not home.settings_file.exists()
        assert _field(window, LINE).echoMode() is QLineEdit.EchoMode.Password
        for key, text in ((LINE, line), (OWN_FIELD, OWN), (AGAIN, OWN)):
            _paste(window, key, text)
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(arrived), timeout=PATIENCE)
    finally:
        window.close()
    assert [(one.login, one.password, one.extension) for one in arrived] == [("trial__priya_raman", OWN, "")]
    assert OWN not in repr(arrived)
    assert beats(home.root, "trial__priya_raman")


def test_a_line_from_a_file_asks_for_the_password_only(
    trial: Served, qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    arrived: list[Arrived] = []
    window = JoinWindow(Home(tmp_path / "home"), dress(qapp, dark=True), trial.line_for("Tom Ashdown"), arrived.append)
    try:
        window.show()
        assert [box.row.key for box in window.window.findChildren(FieldBox)] == [OWN_FIELD, AGAIN, EXTENSION]
        for key in (OWN_FIELD, AGAIN):
            _paste(window, key, "too short")
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "at least 12 characters" in _error(window), timeout=PATIENCE)
        for key in (OWN_FIELD, AGAIN):
            _paste(window, key, OWN)
        QTest.keyClick(window.window, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(arrived), timeout=PATIENCE)
    finally:
        window.close()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--join", "nightdesk-join-1.xyz"], "can be read by every program"),
        (["--join", "no.such.file"], "no join line that could be read"),
        (["--join", "line.txt", "--name", "Priya Raman"], "leave out --name"),
    ],
)
def test_bad_ways_to_join_start_nothing(
    capsys: pytest.CaptureFixture[str], own_home: Path, words: list[str], said: str
) -> None:
    assert main(["console", *words]) == Exit.USAGE
    assert said in capsys.readouterr().err
    assert not (own_home / "settings.toml").exists()


def test_console_join_brings_a_worker_from_the_line_to_the_desk(trial: Served, tmp_path: Path) -> None:
    home = tmp_path / "home"
    values = {LINE: trial.line_for("Rosa Webb", "duty_manager"), OWN_FIELD: OWN, AGAIN: OWN, EXTENSION: "1003"}
    # A program of its own: it takes the signals and the one event loop of its process.
    done = subprocess.run(
        [sys.executable, "-P", "-m", "tests.helpers.joining_hands"],
        cwd="/",
        env={**environment(home), "QT_QPA_PLATFORM": "offscreen"},
        input=json.dumps({**values, PASSPHRASE: "three random words"}),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == Exit.OK, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    # Joined, signed in with what was just said, then asked only for what this computer lacks, a keyring.
    assert seen == ["join", "sign_in_role", "board"]
    assert beats(home, "trial__rosa_webb")
