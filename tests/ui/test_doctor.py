"""The doctor on this computer: each thing broken in turn, and none of them breaks another."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from console.domain.call_events import CallEnded, SnapshotTaken
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets
from console.machine.speech import try_voice
from console.ports.switchboard import Switchboard
from db.opening import create_store
from telephony_adapters.contract.bench import Moment
from telephony_adapters.contract.heard import Heard
from telephony_adapters.local_pop import PopSettings
from telephony_adapters.registry import installed
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk
from tests.helpers.fake_notifier import FakeNotifier, reaching
from tests.helpers.keyrings import ForgetfulKeyring, LockedKeyring, PromptingKeyring, ShelfKeyring, WeakKeyring
from tests.helpers.other_sides import BENCHES
from tests.helpers.team_trial import environment
from tests.helpers.xvfb import own_display
from ui.bootstrap.doctor import computer, record, telephones
from ui.bootstrap.doctor.checking import Check, Finding, State, run_checks
from ui.exits import Exit
from ui.settings import Settings

WELL, NOT_WELL, NOT_ASKED = State.WELL, State.NOT_WELL, State.NOT_ASKED


def _one(found: Sequence[Finding]) -> Finding:
    assert len(found) == 1
    return found[0]


# --- one check breaks no other ---------------------------------------------------------------


def test_a_check_that_hangs_fails_or_refuses_leaves_the_others_alone() -> None:
    for_ever = threading.Event()

    def hangs() -> Sequence[Finding]:
        for_ever.wait(60)
        return ()

    def refuses() -> Sequence[Finding]:
        raise NightdeskError("It is away.")

    def fails() -> Sequence[Finding]:
        raise ZeroDivisionError("about 07700 900123")

    well = [Finding("four", WELL, "it works")]
    checks = (
        Check(("one", "two"), 0.2, hangs),
        Check(("three",), 5, refuses),
        Check(("four",), 5, lambda: well),
        Check(("five",), 5, fails),
    )
    try:
        found = {one.key: one for one in run_checks(checks)}
    finally:
        for_ever.set()
    assert list(found) == ["one", "two", "three", "four", "five"]
    assert [one.state for one in found.values()] == [NOT_WELL, NOT_WELL, NOT_WELL, WELL, NOT_WELL]
    assert "no answer within 0.2 s" in found["one"].means
    assert found["three"].means == "It is away."
    assert "ZeroDivisionError" in found["five"].means
    assert "900123" not in found["five"].means


# --- the computer ----------------------------------------------------------------------------


def test_programs_are_named() -> None:
    found = _one(computer.versions())
    assert found.state is WELL
    assert str(found.facts["PySide6-Essentials"]) in found.means


def test_a_qt_that_ends_programs_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    # A patch: that Qt is not here, and must not be.
    monkeypatch.setattr(computer, "version", lambda _: "6.12.0")
    assert _one(computer.versions()).state is (NOT_WELL if sys.version_info < (3, 12) else WELL)


def test_a_disk_with_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Home(tmp_path / "none" / "yet")
    # A patch: how full the disk of whoever runs this is, is theirs.
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 5 * 10**9))
    assert _one(computer.disk(here, None)).state is WELL
    both = computer.disk(here, tmp_path / "night.db")
    assert [one.facts["what"] for one in both] == ["journals and settings", "record"]
    assert list(tmp_path.iterdir()) == []
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10**12, 0, 10**8))
    full = _one(computer.disk(here, None))
    assert full.state is NOT_WELL
    assert "a night may not fit" in full.means


def test_a_disk_on_another_computer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A patch: there is no network drive here.
    monkeypatch.setattr("console.machine.shares._mounts", lambda: [("/", "ext4"), (str(tmp_path), "cifs")])
    found = _one(computer.disk(Home(tmp_path), None))
    assert found.state is NOT_WELL
    assert "a network drive (cifs)" in found.means


@pytest.mark.needs("linux")
def test_a_disk_that_nobody_may_write_to() -> None:
    found = _one(computer.disk(Home(Path("/proc/nightdesk")), None))
    assert found.state is NOT_WELL
    assert "may not write there" in found.means


class _Stubborn(ShelfKeyring):
    """Says it forgets, and does not."""

    def delete_password(self, service: str, username: str) -> None:
        """Keep it."""


@pytest.mark.parametrize(
    ("backend", "state", "said"),
    [
        (ShelfKeyring(), WELL, "keeps, gives back and forgets"),
        (WeakKeyring(), NOT_WELL, "not recommended"),
        (LockedKeyring(), NOT_WELL, "may be locked"),
        (ForgetfulKeyring(), NOT_WELL, "did not give back"),
        (_Stubborn(), NOT_WELL, "does not forget"),
    ],
)
def test_keyrings(backend: ShelfKeyring, state: State, said: str) -> None:
    found = _one(computer.keyring(KeyringSecrets("nightdesk-test", backend=backend)))
    assert (found.state, found.facts["backend"]) == (state, f"{type(backend).__module__}.{type(backend).__name__}")
    assert said in found.means
    assert "Priya" not in found.means + found.do
    if state is WELL:
        assert backend.shelf == {}


def test_a_keyring_that_waits_for_a_window() -> None:
    backend = PromptingKeyring()
    found = _one(computer.keyring(KeyringSecrets("nightdesk-test", 0.1, backend)))
    backend.answer.set()
    assert found.state is NOT_WELL
    assert "has not answered within 0.1 seconds" in found.means


def test_time_zones() -> None:
    assert _one(computer.zone()).state is WELL
    nowhere, elsewhere = _one(computer.zone("No/Where")), _one(computer.zone("Europe/Berlin"))
    assert (nowhere.state, elsewhere.state) == (NOT_WELL, NOT_WELL)
    assert "no data of time zones" in nowhere.means
    assert "+1 h in winter and +2 h in summer" in elsewhere.means


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("", ""),
        ("raise SystemExit(4)", "ended with 4"),
        ("input()", "ended with 1"),
        ("import time; time.sleep(60)", "0.5"),
    ],
)
def test_a_voice_is_tried_in_silence(script: str, said: str) -> None:
    why = try_voice([sys.executable, "-S", "-c", script], 0.5 if "sleep" in script else 20)
    assert said in why
    assert bool(why) is bool(said)


@pytest.mark.parametrize(
    ("why", "wanted", "state"), [("", True, WELL), ("No voice.", True, NOT_WELL), ("", False, NOT_ASKED)]
)
def test_speech(monkeypatch: pytest.MonkeyPatch, why: str, wanted: bool, state: State) -> None:
    # A patch: whether whoever runs this has a loudspeaker is theirs.
    monkeypatch.setattr(computer, "why_silent", lambda: why)
    monkeypatch.setattr(computer, "try_voice", lambda: "")
    found = _one(computer.speech(Settings(speech=wanted)))
    assert found.state is state
    assert why in found.means


# --- the screen ------------------------------------------------------------------------------


def _says(said: dict[str, Any]) -> list[str]:
    usual = {"seen": True, "platform": "xcb", "fonts": True, "qt": "6.11.3"}
    return [sys.executable, "-S", "-c", f"print({json.dumps(json.dumps({**usual, **said}))})"]


WIDE = {"wide": 1920, "high": 1080, "scale": 1.0}


@pytest.mark.parametrize(
    ("said", "state", "means"),
    [
        ({"screens": [WIDE]}, WELL, "1920 x 1080 at 100 %"),
        ({"screens": [{"wide": 1024, "high": 768, "scale": 1.5}]}, NOT_WELL, "windows need 1280 x 640"),
        ({"screens": [{"wide": 800, "high": 600, "scale": 1}, WIDE]}, WELL, "800 x 600"),
        ({"screens": [WIDE], "fonts": False}, NOT_WELL, "font cannot be read"),
        ({"screens": [WIDE], "seen": False}, NOT_ASKED, "no screen here"),
        ({"screens": []}, NOT_ASKED, "no screen here"),
    ],
)
def test_screens(said: dict[str, Any], state: State, means: str) -> None:
    found = _one(computer.screen(command=_says(said)))
    assert found.state is state
    assert means in found.means


@pytest.mark.parametrize(
    ("script", "means"),
    [
        ("import os, sys; print('no Qt platform plugin', file=sys.stderr); os.abort()", "no Qt platform plugin"),
        ("import time; time.sleep(60)", "did not say within"),
    ],
)
def test_a_qt_that_dies_or_hangs_is_survived(script: str, means: str) -> None:
    patience = 0.5 if "sleep" in script else 20.0
    found = _one(computer.screen(patience, [sys.executable, "-S", "-c", script]))
    assert found.state is NOT_WELL
    assert means in found.means


def test_the_real_probe_without_a_screen() -> None:
    found = _one(computer.screen(60))
    assert found.state is NOT_ASKED, found.means


@pytest.mark.needs("screen")
@pytest.mark.parametrize(("wide", "high", "state"), [(1600, 900, WELL), (1024, 600, NOT_WELL)])
def test_the_real_probe_on_a_real_screen(monkeypatch: pytest.MonkeyPatch, wide: int, high: int, state: State) -> None:
    with own_display(wide, high) as display:
        for name, value in display.environment().items():
            monkeypatch.setenv(name, value)
        found = _one(computer.screen(60))
    assert found.state is state, found.means
    assert f"xcb, {wide} x {high} at 100 %" in found.means


# --- the record in a file --------------------------------------------------------------------


def test_records_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "night.db"
    none = record.in_file(file, None)
    assert [one.state for one in none] == [NOT_ASKED] * 4
    assert not file.exists()
    create_store(str(file), key=None, clock=SystemClock(), invented=True).close()
    assert [one.state for one in record.in_file(file, None)] == [WELL, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    file.write_bytes(file.read_bytes()[:5000])
    assert record.in_file(file, None)[0].state is NOT_WELL
    file.write_bytes(b"")
    assert record.in_file(file, tmp_path / "no.key")[0].state is NOT_WELL


# --- the switchboard -------------------------------------------------------------------------


def _connect(key: str, settings: object) -> Switchboard:
    return installed().find(key).connect(settings)


@pytest.mark.parametrize("key", sorted(BENCHES))
def test_every_switchboard_is_heard(key: str, tmp_path: Path) -> None:
    with BENCHES[key](tmp_path) as other:
        found = _one(telephones.switchboard(Settings(switchboard=key), lambda: _connect(key, other.settings), 20))
    assert found.state is WELL, found.means
    assert key in found.means


def _asterisk(port: int, secret: str = SECRET) -> Switchboard:
    from telephony_adapters.asterisk_ami import AmiSettings  # noqa: PLC0415  only here

    return _connect("asterisk_ami", AmiSettings(port=port, user=USER, secret=secret))


SET = Settings(switchboard="asterisk_ami")


@pytest.mark.expects_log
def test_a_switchboard_that_refuses_is_absent_or_dumb() -> None:
    with FakeAsterisk() as pbx:
        port = pbx.port
        refused = _one(telephones.switchboard(SET, lambda: _asterisk(pbx.port, "wrong"), 20))
    absent = _one(telephones.switchboard(SET, lambda: _asterisk(port), 1))
    with socket.create_server(("127.0.0.1", 0)) as dumb:
        silent = _one(telephones.switchboard(SET, lambda: _asterisk(dumb.getsockname()[1]), 1))
    assert [one.state for one in (refused, absent, silent)] == [NOT_WELL] * 3
    assert "account" in refused.do
    assert "cannot be reached" in absent.means
    assert "host and port" in silent.do
    assert SECRET not in refused.means + absent.means + silent.means


@pytest.mark.expects_log
def test_a_switchboard_that_is_only_watched_says_so_once_and_names_what_is_not_watched() -> None:
    chosen = Settings(switchboard="sip_dialog")
    with FakeNotifier() as pbx:
        asked = reaching(pbx.port)
        well = _one(telephones.switchboard(chosen, lambda: _connect("sip_dialog", asked), 20))
        pbx.manner.refuse = {"1002": 404}
        partly = _one(telephones.switchboard(chosen, lambda: _connect("sip_dialog", asked), 20))
    assert (well.state, well.means.count("only watched")) == (WELL, 1)
    assert (partly.state, "may not watch 1002" in partly.means) == (NOT_WELL, True)


@pytest.mark.expects_log
def test_while_a_console_hears_the_desk_the_doctor_says_so_and_leaves_it_alone(tmp_path: Path) -> None:
    with BENCHES["local_pop"](tmp_path) as other:
        chosen = Settings(switchboard="local_pop")
        console, heard = _connect("local_pop", other.settings), Heard()
        console.start(heard)
        heard.wait(SnapshotTaken)
        found = _one(telephones.switchboard(chosen, lambda: _connect("local_pop", other.settings), 20))
        assert (found.state, "close the console" in found.do) == (NOT_WELL, True)
        for moment in Moment:
            for said in other.messages(moment):
                other.send(said)
        assert heard.wait(CallEnded, seconds=20)
        console.stop()


@pytest.mark.expects_log
def test_a_webhook_whose_port_is_taken_is_said_though_the_command_is_heard(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = PopSettings(run_file=str(tmp_path / "pop.json"), webhook_port=port, secret="x" * 40)
        chosen = Settings(switchboard="local_pop")
        found = _one(telephones.switchboard(chosen, lambda: _connect("local_pop", settings), 20))
    assert (found.state, f"port {port} is not free" in found.means) == (NOT_WELL, True)
    assert "another webhook_port" in found.do


def test_no_switchboard_is_no_fault() -> None:
    assert _one(telephones.switchboard(Settings(), lambda: pytest.fail("nobody to ask"))).state is NOT_ASKED


# --- the command -----------------------------------------------------------------------------


def _doctor(home: Path, *words: str, **more: str) -> tuple[int, dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "ui", "doctor", "--json", *words],
        cwd="/",
        env={**environment(home), "PYTHON_KEYRING_BACKEND": "tests.helpers.keyrings.ShelfKeyring", **more},
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    return done.returncode, json.loads(done.stdout)


def test_the_whole_command_where_all_is_well(tmp_path: Path) -> None:
    code, said = _doctor(tmp_path / "home")
    unwell = [one for one in said["checks"] if one["state"] == "not well"]
    assert (code, unwell, said["well"]) == (Exit.OK, [], True)
    assert not (tmp_path / "home" / "settings.toml").exists()


def test_the_whole_command_with_everything_broken(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "nightdesk.db").write_bytes(b"no record at all")
    text = 'switchboard = "asterisk_ami"\n[switchboards.asterisk_ami]\nport = 1\nuser = "nightdesk"\n'
    (home / "settings.toml").write_text(text, encoding="utf-8")
    code, said = _doctor(home, PYTHON_KEYRING_BACKEND="tests.helpers.keyrings.ForgetfulKeyring")
    states = {one["key"]: one["state"] for one in said["checks"]}
    assert code == Exit.REFUSED
    assert {key for key, state in states.items() if state == "not well"} == {"keyring", "database", "switchboard"}
    (home / "settings.toml").write_text("theme = blue\n", encoding="utf-8")
    code, said = _doctor(home)
    states = {one["key"]: one["state"] for one in said["checks"]}
    assert (code, states["settings"], states["keyring"], states["time zone"]) == (5, "not well", "well", "well")
