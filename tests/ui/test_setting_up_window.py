"""The window that sets up the telephones: by keyboard, against a switchboard on a real socket."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets
from telephony_adapters.registry import OURS, installed
from tests.helpers.cut_words import cut_words
from tests.helpers.fake_asterisk import COMMANDS, SECRET, USER, FakeAsterisk, Manner
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.screen_lint import faults
from tests.helpers.team_trial import environment
from ui.bootstrap.setting_up.presenter import Presenter
from ui.bootstrap.setting_up.rows import KIND, form_row, values_of
from ui.bootstrap.setting_up.trying import Patience
from ui.bootstrap.setting_up.window import SetUp
from ui.bootstrap.setting_up.workshop import Workshop
from ui.desktop.dialogs.telephones_rows import SetUpRow
from ui.desktop.forms.fields import FieldBox
from ui.desktop.forms.rows import Kind
from ui.desktop.runtime.application import dress
from ui.exits import Exit
from ui.settings_file import load

AMI = "asterisk_ami"
AT_ONCE = Patience(event=0)


@pytest.fixture
def shelf() -> ShelfKeyring:
    """Return a keyring of the test's own."""
    return ShelfKeyring()


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a folder without settings."""
    return Home(tmp_path / "home")


@pytest.fixture
def workshop(home: Home, shelf: ShelfKeyring) -> Workshop:
    """Return the telephones of that home."""
    return Workshop(home, installed(), KeyringSecrets(backend=shelf))


# --- the presenter, without Qt ---------------------------------------------------------------


class AtOnce:
    """Errands that are done at once, on this thread."""

    def run(self, act: Callable[[], Callable[[], None]]) -> None:
        act()()

    def post(self, then: Callable[[], None]) -> None:
        then()

    def stopped(self) -> bool:
        return False


class Desk:
    """A presenter and all that it drew and copied."""

    def __init__(self, workshop: Workshop) -> None:
        self.drawn: list[SetUpRow] = []
        self.copied: list[str] = []
        self.does = Presenter(workshop, AtOnce(), self.drawn.append, self.copied.append, AT_ONCE)

    @property
    def notice(self) -> str:
        return self.now.steps[0].spoken

    @property
    def now(self) -> SetUpRow:
        return self.drawn[-1]


def _written(port: int, secret: str = SECRET) -> Mapping[str, str]:
    return {"host": "127.0.0.1", "port": str(port), "user": USER, "secret": secret}


def test_keeping_is_offered_for_exactly_what_was_let_in(workshop: Workshop, home: Home, shelf: ShelfKeyring) -> None:
    desk = Desk(workshop)
    with FakeAsterisk() as pbx:
        written = _written(pbx.port)
        desk.does.tries(written)
        assert (desk.now.keeps.text, desk.now.keeps.filled) == ("Keep", True)
        desk.does.changed("port", "5039", {**written, "port": "5039"})
        assert (desk.now.keeps.text, desk.now.keeps.filled) == ("Keep untried", False)
        desk.does.changed("port", written["port"], written)
        desk.does.keeps(written)
    assert load(home.settings_file).switchboard == AMI
    assert list(shelf.shelf.values()) == [SECRET]
    assert "Kept in" in desk.notice


@pytest.mark.expects_log
def test_what_was_not_let_in_is_kept_only_when_asked_twice_for_the_same(workshop: Workshop, home: Home) -> None:
    desk = Desk(workshop)
    with FakeAsterisk() as pbx:
        written = _written(pbx.port, "wrong")
        desk.does.tries(written)
    assert desk.now.keeps.text == "Keep untried"
    desk.does.keeps(written)
    assert "once more" in desk.notice
    assert not home.settings_file.exists()
    other = {**written, "host": "pbx.example"}
    desk.does.keeps(other)
    assert not home.settings_file.exists(), "the second press was for something else"
    desk.does.keeps(other)
    assert load(home.settings_file).switchboards[AMI]["host"] == "pbx.example"


@pytest.mark.parametrize("user", ["", "  "])
def test_neither_a_try_nor_keeping_untried_takes_an_empty_account(workshop: Workshop, home: Home, user: str) -> None:
    desk = Desk(workshop)
    with FakeAsterisk() as pbx:
        written = {**_written(pbx.port), "user": user}
        for act in (desk.does.tries, desk.does.keeps, desk.does.keeps):
            act(written)
            assert desk.notice == (
                "Fill in first: the manager account made for Nightdesk. Nothing was kept, and what you wrote still "
                "stands here."
            )
            assert [field.key for field in desk.now.form.fields() if field.missing] == ["user"]
        assert pbx.connections == 0
    assert not home.settings_file.exists()
    desk.does.changed("user", USER, {**written, "user": USER})
    assert not any(field.missing for field in desk.now.form.fields())
    desk.does.keeps({**written, "user": USER})
    desk.does.keeps({**written, "user": USER})
    assert load(home.settings_file).switchboards[AMI]["user"] == USER


def test_each_step_is_told_in_words_as_it_comes(workshop: Workshop) -> None:
    desk = Desk(workshop)
    with FakeAsterisk(Manner(commands=[one for one in COMMANDS if one != "QueuePause"])) as pbx:
        desk.does.tries(_written(pbx.port))
    spoken = [[row.spoken for row in drawn.steps] for drawn in desk.drawn if len(drawn.steps) > 1]
    assert any("Log in: Waiting." in row for row in spoken[0])
    last = spoken[-1][1:]
    assert [row.split(".")[0] for row in last] == [
        "Reach it: Right",
        "Log in: Right",
        "Rights: Wrong",
        "Version: Right",
        "One call heard: Not told",
    ]
    assert "write = agent" in last[2]
    assert "Nothing rang" in last[4]


def test_what_to_ask_for_follows_what_is_written_and_is_copied_without_the_secret(workshop: Workshop) -> None:
    desk = Desk(workshop)
    desk.does.changed("tls", "yes", {**_written(5039), "tls": "yes"})
    assert any("tlsbindaddr = 0.0.0.0:5039" in row.spoken for row in desk.now.mail)
    desk.does.copies()
    assert "CHANNEL(pjsip,...)" in desk.copied[0]
    assert SECRET not in desk.copied[0]
    assert "No secret is in it" in desk.notice


def test_another_kind_asks_for_its_own_settings_and_forgets_the_try(workshop: Workshop) -> None:
    desk = Desk(workshop)
    with FakeAsterisk() as pbx:
        desk.does.tries(_written(pbx.port))
    desk.does.changed(KIND, "sip_dialog", {KIND: "sip_dialog", "port": "5038"})
    assert {"extensions", "transport"} <= {field.key for field in desk.now.form.fields()}
    assert len(desk.now.steps) == 1
    assert desk.now.keeps.text == "Keep untried"


@pytest.mark.parametrize("key", OURS)
def test_every_kind_has_a_form_that_says_back_what_it_was_given(workshop: Workshop, key: str) -> None:
    asked, kinds = workshop.asked(key), workshop.kinds()
    form = form_row(kinds, next(one for one in kinds if one.key == key), asked)
    written = {field.key: field.value for field in form.fields()}
    assert values_of(asked, written) == {one.name: one.value for one in asked if not one.secret}
    assert {field.key for field in form.fields() if field.kind is Kind.SECRET} == {
        one.name for one in asked if one.secret
    }
    names = {one.name for one in asked}
    assert all(field.label for field in form.fields())
    said = " ".join(f"{field.label} {field.help}" for field in form.fields())
    assert [name for name in names if "_" in name and name in said] == [], "a name of the file is no word of a person"
    assert [field.key for field in form.fields() if field.help == field.key] == []
    assert all(field.key in field.tip for field in form.fields() if field.key in names - {"secret"})
    assert "ested against" in form.fields()[0].help


def test_a_fault_inside_leaves_the_window_usable(workshop: Workshop) -> None:
    desk = Desk(workshop)
    desk.does.failed(ZeroDivisionError("about 07700 900123"))
    assert "ZeroDivisionError" in desk.notice
    assert "900123" not in desk.notice
    assert desk.now.tries.enabled


# --- the window ------------------------------------------------------------------------------


@pytest.fixture
def opened(workshop: Workshop, qapp: QApplication) -> Iterator[SetUp]:
    """Yield the window, shown."""
    made = SetUp(workshop, dress(qapp, dark=False), replace(AT_ONCE))
    made.window.show()
    qapp.processEvents()
    yield made
    made.close()


def _box(made: SetUp, key: str) -> FieldBox:
    return next(one for one in made.window.form.findChildren(FieldBox) if one.row.key == key and one.isVisible())


def _type(made: SetUp, key: str, text: str) -> QLineEdit:
    field = _box(made, key).control
    assert isinstance(field, QLineEdit)
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    return field


def test_by_keyboard_from_the_first_field_to_what_is_kept(opened: SetUp, qtbot: QtBot, home: Home) -> None:
    window = opened.window
    with FakeAsterisk() as pbx:
        for key, text in _written(pbx.port).items():
            _type(opened, key, text)
        field = _box(opened, "secret").control
        assert isinstance(field, QLineEdit)
        assert field.echoMode() is QLineEdit.EchoMode.Password
        QTest.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "It let us in" in window.steps.rows[0].spoken)
        QTest.keyClick(window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: "Kept in" in window.steps.rows[0].spoken)
    assert load(home.settings_file).switchboards[AMI]["user"] == USER


def test_a_field_that_was_left_empty_has_the_focus_and_what_was_written_stays(opened: SetUp, qtbot: QtBot) -> None:
    host = _type(opened, "host", "pbx.example")
    QTest.keyClick(opened.window, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    user = _box(opened, "user")
    assert opened.window.steps.rows[0].spoken.startswith("Fill in first: the manager account made for Nightdesk.")
    assert user.control.hasFocus()
    assert "to fill in" in user.label.text()
    assert host.text() == "pbx.example"
    QTest.keyClicks(user.control, USER)
    qtbot.waitUntil(lambda: "to fill in" not in user.label.text())
    assert user.control.hasFocus()


def test_the_name_in_the_file_is_for_whoever_points_at_a_field_or_has_it_read(opened: SetUp) -> None:
    control = _box(opened, "staff_endpoints").control
    assert "staff_endpoints" in control.toolTip()
    assert "staff_endpoints" in control.accessibleDescription()


@pytest.mark.expects_log
def test_the_window_goes_on_while_nobody_answers_and_can_be_closed(opened: SetUp, qtbot: QtBot) -> None:
    window = opened.window
    with FakeAsterisk(Manner(deaf=True)) as pbx:
        _type(opened, "port", str(pbx.port))
        _type(opened, "user", USER)
        _type(opened, "secret", SECRET)
        QTest.keyClick(window, Qt.Key.Key_Return)
        assert not window.tries.isEnabled()
        qtbot.waitUntil(lambda: any("Something answers" in row.spoken for row in window.steps.rows))
        _type(opened, "user", "typed meanwhile")
        assert _box(opened, "user").value() == "typed meanwhile"
        opened.close()


def test_what_to_ask_for_is_copied_by_one_key(opened: SetUp, qtbot: QtBot) -> None:
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(opened.window, Qt.Key.Key_C, both)
    assert "write = call,agent,originate,reporting" in QApplication.clipboard().text()


def test_enter_on_a_button_presses_that_button(opened: SetUp) -> None:
    opened.window.copy.setFocus()
    QTest.keyClick(opened.window.copy, Qt.Key.Key_Return)
    assert opened.window.steps.rows[0].spoken.startswith("Copied")


def test_f1_shows_the_keys_and_esc_brings_back_what_to_ask_for(opened: SetUp) -> None:
    window = opened.window
    before = window.mail.rows
    field = _type(opened, "user", USER)
    QTest.keyClick(window, Qt.Key.Key_F1)
    assert {"Enter", "Ctrl+Enter", "Ctrl+Shift+C"} <= {row.key for row in window.mail.rows}
    assert window.mail.accessibleName() == "Keys of this window"
    QTest.keyClick(window, Qt.Key.Key_Escape)
    assert window.mail.rows == before
    assert window.focusWidget() is field, "whoever looked at the keys goes on where they were"


@pytest.mark.parametrize("zoom", [1.0, 1.5])
def test_nothing_is_cut_on_the_smallest_screen_whatever_the_kind(
    workshop: Workshop, qapp: QApplication, zoom: float
) -> None:
    made = SetUp(workshop, dress(qapp, dark=False, zoom=zoom), AT_ONCE)
    made.window.resize(1280, 640)
    made.window.show()
    cut: dict[str, list[str]] = {}
    try:
        for key in OURS:
            made.presenter.changed(KIND, key, {})
            qapp.processEvents()
            area = made.window.form._area
            inside = area.widget()
            cut[key] = [*cut_words(made.window), *faults(made.window)]
            assert inside is not None
            assert inside.width() <= area.viewport().width(), f"{key} is cut at the right"
        assert made.window.size() == QSize(1280, 640)
    finally:
        made.close()
    assert cut == {key: [] for key in OURS}


def test_everything_that_takes_the_focus_has_a_name(opened: SetUp) -> None:
    stops = [
        one
        for one in opened.window.findChildren(QWidget)
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    assert len(stops) > 10
    assert [type(one).__name__ for one in stops if not one.accessibleName()] == []


_AS_A_PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from ui.cli import main
from ui.desktop.dialogs.telephones import TelephonesWindow
from ui.desktop.runtime.application import application

app = application(seen=False)
def close() -> None:
    for one in QApplication.topLevelWidgets():
        if isinstance(one, TelephonesWindow) and one.isVisible():
            print(one.windowTitle())
            one.close()
timer = QTimer()
timer.timeout.connect(close)
timer.start(50)
sys.exit(main(["telephones", "--window"]))
"""


def test_the_command_shows_the_window_until_it_is_closed(tmp_path: Path) -> None:
    # A program of its own: it takes the signals and the one event loop of its process.
    done = subprocess.run(
        [sys.executable, "-P", "-c", _AS_A_PROGRAM],
        env={**environment(tmp_path / "home"), "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == Exit.OK, done.stderr
    assert done.stdout.splitlines() == ["Nightdesk: set up the telephones"]
