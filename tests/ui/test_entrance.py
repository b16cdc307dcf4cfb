"""The way in: the sign-in form before the record, refusals on the form, what is remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from console.domain.text import BadInput
from console.machine.paths import Home
from ui.bootstrap.entrance import ConsoleOptions, Entrance
from ui.bootstrap.place import INVENTED
from ui.bootstrap.record import open_or_make_record
from ui.bootstrap.remembered import Remembered, recall, remember
from ui.bootstrap.sign_in_form import NO_TELEPHONE
from ui.cli import main
from ui.commands.console import setting_of
from ui.desktop.demo.hands import choose_key
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.fields import FieldBox
from ui.desktop.runtime.application import dress
from ui.desktop.shortcuts import Screen
from ui.desktop.widgets.choice import ChoiceBox
from ui.desktop.window import ConsoleWindow
from ui.settings import Settings

PATIENCE = 60_000


def window_of(app: QApplication, kind: type) -> object | None:
    """Return the visible window of a kind."""
    return next((one for one in app.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)


def write(window: SignInWindow, key: str, text: str) -> None:
    """Type into one field of the sign-in form."""
    box = next(one for one in window.findChildren(FieldBox) if one.row.key == key)
    assert isinstance(box.control, QLineEdit)
    box.control.selectAll()
    QTest.keyClicks(box.control, text)


def choose_role(window: SignInWindow, role: str) -> None:
    """Choose a role of the sign-in form."""
    box = next(one for one in window.findChildren(FieldBox) if one.row.key == "role")
    assert isinstance(box.control, ChoiceBox)
    choose_key(box.control, role, tuple(choice.key for choice in box.row.choices))


@pytest.mark.timeout(180)
def test_signing_in_by_keyboard_brings_the_window_and_is_remembered(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    left: list[int] = []
    options = ConsoleOptions(str(tmp_path / "r.db"), tmp_path / "r.key", Screen.BOARD)
    home = Home(tmp_path / "nightdesk-home")
    entrance = Entrance(options, Settings(), home, dress(qapp, dark=False), left.append)
    entrance.begin()
    found = window_of(qapp, SignInWindow)
    assert isinstance(found, SignInWindow)
    write(found, "name", "Helen Marsh")
    write(found, "extension", "1003")
    QTest.keyClick(found, Qt.Key.Key_Return)
    # No keyring here: a passphrase is asked for, and what was written stands.
    qtbot.waitUntil(lambda: "no keyring" in found.box._form.error, timeout=PATIENCE)
    assert found.box.values()["name"] == "Helen Marsh"
    write(found, "passphrase", "correct horse battery")
    QTest.keyClick(found, Qt.Key.Key_Return)
    QTest.keyClick(found, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window_of(qapp, ConsoleWindow) is not None, timeout=PATIENCE)
    window = window_of(qapp, ConsoleWindow)
    assert isinstance(window, ConsoleWindow)
    assert window.screen_shown is Screen.BOARD
    assert list(home.journals.glob("*.journal")), "on the disk, not in memory only"
    assert not found.isVisible()
    assert recall(home.root) == Remembered("1003")
    window.change_theme()
    assert recall(home.root).dark is True
    window.close()
    assert left == [0]
    assert entrance.end(0) == 0
    assert window_of(qapp, ConsoleWindow) is None


@pytest.mark.timeout(180)
def test_a_record_that_cannot_be_opened_is_said_on_the_form_and_tried_again(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    record = tmp_path / "r.db"
    left: list[int] = []
    record.write_bytes(b"this is no record at all" * 100)
    entrance = Entrance(
        ConsoleOptions(str(record), tmp_path / "r.key"), Settings(), Home(tmp_path / "h"), dress(qapp, dark=False),
        left.append,
    )  # fmt: skip
    (tmp_path / "r.key").write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n")
    entrance.begin()
    found = window_of(qapp, SignInWindow)
    assert isinstance(found, SignInWindow)
    qtbot.waitUntil(lambda: bool(found.box._form.error), timeout=PATIENCE)
    assert "left exactly as it is" in found.box._form.error
    record.unlink()
    write(found, "name", "Priya Raman")
    choose_role(found, "service_adviser")
    QTest.keyClick(found, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: "no keyring" in found.box._form.error, timeout=PATIENCE)
    # The second of two quick presses must not sign in before anybody could read what is asked.
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert not entrance._seating
    qtbot.wait(1100)
    QTest.keyClick(found, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window_of(qapp, ConsoleWindow) is not None, timeout=PATIENCE)
    window = window_of(qapp, ConsoleWindow)
    assert isinstance(window, ConsoleWindow)
    window.close()
    entrance.end(0)


def test_a_rehearsal_is_marked_also_where_the_telephones_settings_let_nobody_in(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    options = ConsoleOptions(str(tmp_path / "r.db"), tmp_path / "r.key")
    with open_or_make_record(options.database, options.key_file, invented=True):
        pass
    settings = Settings(switchboard="asterisk_ami", switchboards={"asterisk_ami": {"port": "manager"}})
    entrance = Entrance(options, settings, Home(tmp_path / "h"), dress(qapp, dark=False), lambda _: None)
    entrance.begin()
    found = window_of(qapp, SignInWindow)
    assert isinstance(found, SignInWindow)
    qtbot.waitUntil(lambda: "port must be" in found.box._form.error, timeout=PATIENCE)
    assert INVENTED in found.windowTitle()
    found.close()
    entrance.end(0)


def test_what_cannot_be_read_is_not_remembered(tmp_path: Path) -> None:
    assert recall(tmp_path) == Remembered()
    (tmp_path / "remembered.json").write_text('{"name": 7}', encoding="utf-8")
    assert recall(tmp_path) == Remembered()
    remember(tmp_path, Remembered("1002", dark=True))
    assert recall(tmp_path) == Remembered("1002", dark=True)
    assert "name" not in (tmp_path / "remembered.json").read_text("utf-8")


@pytest.mark.parametrize(
    ("text", "value"),
    [("port=5038", 5038), ("tls=true", True), ("host=127.0.0.1", "127.0.0.1"), ('name="a b"', "a b"), ("x=", "")],
)
def test_a_setting_of_the_switchboard_is_number_truth_or_text(text: str, value: object) -> None:
    assert setting_of(text)[1] == value


def test_a_setting_without_a_value_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(BadInput, match="NAME=VALUE"):
        setting_of("host")
    assert main(["console", "--set", "host"]) == 2
    assert "Nothing was started" in capsys.readouterr().err


def test_an_empty_sign_in_says_what_is_missing_and_keeps_what_was_written(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    entrance = Entrance(
        ConsoleOptions(str(tmp_path / "r.db"), tmp_path / "r.key"), Settings(), Home(tmp_path / "h"),
        dress(qapp, dark=False), lambda _code: None,
    )  # fmt: skip
    entrance.begin()
    found = window_of(qapp, SignInWindow)
    assert isinstance(found, SignInWindow)
    write(found, "extension", "1001")
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert found.box._form.error == "Write your name and your role. Nobody was signed in."
    assert found.box.values()["extension"] == "1001"
    choose_role(found, "service_adviser")
    write(found, "name", "Priya Nair")
    write(found, "extension", "9 999")
    QTest.keyClick(found, Qt.Key.Key_Return)
    assert found.box._form.error == NO_TELEPHONE
    assert found.box.values()["name"] == "Priya Nair"
    qtbot.waitUntil(lambda: entrance._opened is not None, timeout=PATIENCE)
    assert found.isVisible()
    found.close()
    entrance.end(0)
