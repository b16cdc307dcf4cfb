"""The way in to a team's record: a real server says who somebody is, and each refusal is a sentence on the form."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollBar
from pytestqt.qtbot import QtBot

from console.domain.record import Role
from console.domain.text import NightdeskError
from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets
from db.postgres.certificates import make_certificates
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.target import Tls
from db.postgres.tls_front import TlsFront
from db.team import Way, add_worker, make
from tests.helpers.gate import Gate
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.postgres import NEWEST
from tests.helpers.screen_lint import visible
from tests.helpers.team_service import TeamService, named_service
from ui.bootstrap.entrance import ConsoleOptions, Entrance
from ui.bootstrap.place import INVENTED
from ui.cli import main
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.fields import FieldBox
from ui.desktop.runtime.application import dress
from ui.desktop.shortcuts import Screen
from ui.desktop.widgets.stripes import RehearsalMark
from ui.desktop.window import ConsoleWindow
from ui.settings import Settings

pytest_plugins = ["tests.helpers.postgres_fixtures"]
pytestmark = [pytest.mark.needs("postgres"), pytest.mark.timeout(180)]

PATIENCE = 20_000
OWN = "a password of her own"
PASSPHRASE = "correct horse battery"


@pytest.fixture(scope="module")
def service(postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[TeamService]:
    """A service with a worker of one role, one of two, and one who works no shift."""
    with named_service(postgres_of_the_run(NEWEST)) as made:
        admin = Way(made.target, Tls(), SUPERUSER, made.password)
        make(admin, invented=True)
        add_worker(admin, "priya.raman", "Priya Raman", [Role.SOCIAL_WORKER_ADULTS], OWN)
        add_worker(admin, "helen.marsh", "Helen Marsh", [Role.AMHP, Role.DUTY_MANAGER, Role.ADMINISTRATOR], OWN)
        add_worker(admin, "alex.dunn", "Alex Dunn", [Role.ADMINISTRATOR], OWN)
        add_worker(admin, "una.byrne", "Una Byrne", [Role.AUDITOR], OWN)
        yield made


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compute the keys of passwords at once; a patch, as what they cost is proved in tests/machine/test_unlock.py."""
    monkeypatch.setattr("console.machine.verifier.SCRYPT_N", 2**4)


@pytest.fixture(autouse=True)
def nothing_left(qapp: QApplication) -> Iterator[None]:
    """Let go of a test's windows here, on this thread, and not in the middle of some later test's widget."""
    yield
    for one in qapp.topLevelWidgets():
        if isinstance(one, SignInWindow | ConsoleWindow):
            one.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()


def window_of(app: QApplication, kind: type) -> object | None:
    """Return the visible window of a kind."""
    return next((one for one in app.topLevelWidgets() if isinstance(one, kind) and one.isVisible()), None)


class Desk:
    """Somebody at the sign-in window."""

    def __init__(self, qtbot: QtBot, app: QApplication, entrance: Entrance, window: SignInWindow) -> None:
        self._qtbot, self._app, self.entrance, self.window = qtbot, app, entrance, window

    def write(self, **values: str) -> None:
        """Type into fields and press Enter."""
        for key, text in values.items():
            box = self.box(key)
            assert isinstance(box.control, QLineEdit)
            box.control.selectAll()
            QTest.keyClick(box.control, Qt.Key.Key_Delete)
            QTest.keyClicks(box.control, text)
        QTest.keyClick(self.window, Qt.Key.Key_Return)

    def box(self, key: str) -> FieldBox:
        """Return one field of the form as it is shown now."""
        return next(one for one in self.window.box._fields.boxes if one.row.key == key)

    def keys(self) -> list[str]:
        """Return what the form asks."""
        return [one.row.key for one in self.window.box._fields.boxes]

    def refused(self, words: str) -> str:
        """Wait for a sentence on the form that holds these words, and return it."""

        def said() -> None:
            assert words in self.window.box._form.error

        self._qtbot.waitUntil(said, timeout=PATIENCE)
        assert OWN not in self.window.box._form.error
        # The sentence and all fields are in sight, once the window has grown.
        self._qtbot.waitUntil(lambda: not list(visible(self.window, QScrollBar)))
        return self.window.box._form.error

    def seated(self) -> ConsoleWindow:
        """Wait for the worker's own window."""
        self._qtbot.waitUntil(lambda: window_of(self._app, ConsoleWindow) is not None, timeout=PATIENCE)
        found = window_of(self._app, ConsoleWindow)
        assert isinstance(found, ConsoleWindow)
        return found


@contextmanager
def at_the_desk(
    qtbot: QtBot,
    app: QApplication,
    folder: Path,
    url: str,
    settings: Settings | None = None,
    screen: Screen | None = None,
) -> Iterator[Desk]:
    """Open the sign-in window of a record."""
    entrance = Entrance(
        ConsoleOptions(url, screen=screen), settings or Settings(), Home(folder / "h"), dress(app, dark=False),
        lambda _code: None,
    )  # fmt: skip
    entrance.begin()
    found = window_of(app, SignInWindow)
    assert isinstance(found, SignInWindow)
    try:
        yield Desk(qtbot, app, entrance, found)
    finally:
        found.close()
        left = window_of(app, ConsoleWindow)
        if isinstance(left, ConsoleWindow):
            left.close()
        entrance.end(0)


def test_the_server_says_who_signed_in_and_the_only_role_is_not_asked(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    with at_the_desk(qtbot, qapp, tmp_path, service.url) as desk:
        assert desk.keys() == ["login", "password", "extension"]
        assert desk.window.box._form.intro == "", "this sign-in is authenticated"
        password = desk.box("password").control
        assert isinstance(password, QLineEdit)
        assert password.echoMode() is QLineEdit.EchoMode.Password
        desk.write(login="priya.raman", password="wrong", extension="1001")
        desk.refused("did not accept this log-in name and password")
        assert desk.window.box.values() == {"login": "priya.raman", "password": "", "extension": "1001"}
        desk.write(login="PRIYA Raman", password=OWN)
        # No keyring here: a passphrase for the journal is asked for, and the password is gone from the form.
        desk.refused("no keyring")
        assert desk.keys() == ["role", "extension", "passphrase"]
        assert "Signed in as Priya Raman" in desk.window.box._form.intro
        # The record itself says that its people are invented, once it knows who asks.
        (mark,) = desk.window.findChildren(RehearsalMark)
        assert (mark.text(), mark.isVisible()) == (INVENTED, True)
        assert desk.window.box.values()["role"] == Role.SOCIAL_WORKER_ADULTS.value
        assert OWN not in str(desk.window.box.values())
        desk.write(passphrase=PASSPHRASE)
        window = desk.seated()
        assert window.windowTitle().startswith(INVENTED)
        for screen in Screen:
            (mark,) = window.view(screen).findChildren(RehearsalMark)
            assert mark.text() == INVENTED
        stored = service.sql("SELECT author, role, kind FROM entry WHERE author = 'priya.raman'")
        assert ("priya.raman", "social_worker_adults", "shift.signed_in") in stored


def test_only_the_roles_that_the_server_knows_are_offered(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    with at_the_desk(qtbot, qapp, tmp_path, service.url) as desk:
        desk.write(login="Helen Marsh", password=OWN)
        qtbot.waitUntil(lambda: desk.keys()[:2] == ["role", "extension"], timeout=PATIENCE)
        choices = [choice.key for choice in desk.box("role").row.choices]
        assert choices == [Role.AMHP.value, Role.DUTY_MANAGER.value]


def test_who_works_no_shift_is_told_so(qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService) -> None:
    with at_the_desk(qtbot, qapp, tmp_path, service.url) as desk:
        desk.write(login="Alex Dunn", password=OWN)
        assert "no role that works a shift" in desk.refused("nightdesk db worker add")
        desk.write(login=" ", password=OWN)
        desk.refused("Write your name or log-in")


def test_an_auditor_is_told_what_they_can_do_and_how(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    with at_the_desk(qtbot, qapp, tmp_path, service.url) as desk:
        desk.write(login="Una Byrne", password=OWN)
        said = desk.refused("An auditor works no shift")
        assert all(words in said for words in ("`nightdesk replay`", "--reason", "access log", "`nightdesk db verify`"))
        assert desk.keys()[:2] == ["login", "password"], "somebody else can sign in"


def test_an_ended_log_in_an_empty_password_and_a_service_that_is_not_there_are_each_a_sentence(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    service.sql("UPDATE worker SET gone_at = 1 WHERE worker = 'helen.marsh'")
    try:
        with at_the_desk(qtbot, qapp, tmp_path, service.url) as desk:
            desk.write(login="Helen Marsh", password=OWN)
            desk.refused("never added here, has ended, or has no such role")
            desk.write(login="Priya Raman")
            desk.refused("no password for this log-in")
    finally:
        service.sql("UPDATE worker SET gone_at = NULL WHERE worker = 'helen.marsh'")
    host, port = service.cluster.address
    with at_the_desk(qtbot, qapp, tmp_path, f"postgresql://{host}:{port}/{service.name}x") as desk:
        desk.write(login=f"{service.name}x__nobody", password=OWN)
        desk.refused("did not accept this log-in name and password")


def test_a_server_that_is_away_is_said_and_tried_again(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    with at_the_desk(qtbot, qapp, tmp_path, "postgresql://127.0.0.1:1/hants") as desk:
        desk.write(login="Priya Raman", password=OWN)
        assert "Nothing is lost" in desk.refused("nobody can be signed in")
        desk.write(password=OWN)
        qtbot.waitUntil(lambda: desk.window.box._form.subject == "2", timeout=PATIENCE)


def test_with_the_server_away_this_computer_lets_in_whom_it_knows_and_says_what_cannot_be_done(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf = ShelfKeyring()
    # The account's own keyring is not a test's to write into.
    monkeypatch.setattr("ui.bootstrap.place.best_secrets", lambda: (KeyringSecrets(backend=shelf), ""))
    gate = Gate(service.cluster.address)
    url = f"postgresql://127.0.0.1:{gate.port}/{service.name}"
    try:
        with at_the_desk(qtbot, qapp, tmp_path, url) as desk:
            desk.write(login="Priya Raman", password=OWN)
            desk.seated()
            qtbot.waitUntil(lambda: any("unlock:" in name for _, name in shelf.shelf), timeout=PATIENCE)
        gate.shut.set()
        with at_the_desk(qtbot, qapp, tmp_path, url) as desk:
            desk.write(login="Helen Marsh", password=OWN)
            assert "Nothing is lost" in desk.refused("has not come in at this computer within 14 days")
            desk.write(login="Priya Raman", password="wrong")
            desk.refused("not the one of your last sign-in here")
            desk.write(password=OWN)
            window = desk.seated()
            qtbot.waitUntil(lambda: "this computer let you in" in words_of(window), timeout=PATIENCE)
            assert window.windowTitle().startswith(INVENTED), "as the record said the last time"
            assert OWN not in words_of(window)
    finally:
        gate.end()
    assert not any(OWN in kept for (_, name), kept in shelf.shelf.items() if "unlock:" in name)


def words_of(window: ConsoleWindow) -> str:
    """Return every text that a window shows."""
    return "\n".join(one.text() for one in visible(window, QLabel))


def test_no_tls_and_a_wrong_certificate_are_said_before_a_password_is_sent(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    for name in ("ours", "other"):
        (tmp_path / name).mkdir()
    ours = make_certificates(tmp_path / "ours", ["127.0.0.1"], datetime.now(UTC))
    other = make_certificates(tmp_path / "other", ["127.0.0.1"], datetime.now(UTC))
    demanding = replace(Settings(), database_ca=str(ours.authority))
    with at_the_desk(qtbot, qapp, tmp_path, service.url, demanding) as desk:
        desk.write(login="Priya Raman", password=OWN)
        desk.refused("does not offer TLS")
    front = TlsFront(ours, lambda: service.cluster.address, host="127.0.0.1")
    front.start()
    try:
        url = f"postgresql://127.0.0.1:{front.port}/{service.name}"
        wrong = Settings(database_ca=str(other.authority), database_direct_tls=True)
        with at_the_desk(qtbot, qapp, tmp_path, url, wrong) as desk:
            desk.write(login="Priya Raman", password=OWN)
            desk.refused("did not prove who it is")
        right = replace(wrong, database_ca=str(ours.authority))
        with at_the_desk(qtbot, qapp, tmp_path, url, right) as desk:
            desk.write(login="Priya Raman", password=OWN)
            desk.refused("no keyring")
            desk.write(passphrase=PASSPHRASE)
            desk.seated()
    finally:
        front.stop()


def entrance_of(app: QApplication, folder: Path, left: list[int], options: ConsoleOptions) -> Entrance:
    return Entrance(options, Settings(), Home(folder / "h"), dress(app, dark=False), left.append)


@pytest.mark.parametrize(
    ("role", "password", "sentence"),
    [
        (Role.DUTY_MANAGER, OWN, "does not work in that role.  Nothing was opened; say --role: social_worker_adults"),
        (None, "wrong", "did not accept this log-in name and password"),
        (None, "", "no password for this log-in"),
    ],
    ids=["role", "password", "none"],
)
def test_a_named_sign_in_that_is_refused_ends_with_its_sentence(
    qtbot: QtBot,
    qapp: QApplication,
    tmp_path: Path,
    service: TeamService,
    role: Role | None,
    password: str,
    sentence: str,
) -> None:
    left: list[int] = []
    options = ConsoleOptions(service.url, name="Priya Raman", role=role, password=password)
    entrance = entrance_of(qapp, tmp_path, left, options)
    entrance.begin()
    qtbot.waitUntil(lambda: bool(left), timeout=PATIENCE)
    with pytest.raises(NightdeskError, match=sentence):
        entrance.end(left[0])


def test_a_named_sign_in_takes_the_only_role(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path, service: TeamService
) -> None:
    left: list[int] = []
    entrance = entrance_of(qapp, tmp_path, left, ConsoleOptions(service.url, name="Priya Raman", password=OWN))
    entrance.begin()
    qtbot.waitUntil(lambda: window_of(qapp, ConsoleWindow) is not None, timeout=PATIENCE)
    window = window_of(qapp, ConsoleWindow)
    assert isinstance(window, ConsoleWindow)
    window.close()
    assert entrance.end(0) == 0


def test_a_password_from_stdin_wants_a_name(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["console", "--password-stdin"]) == 2
    assert "goes with --name" in capsys.readouterr().err
