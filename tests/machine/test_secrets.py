"""Keyrings that are weak, locked, forgetful or silent; and the real ones of this computer."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from keyring.backends import fail, null
from keyring.backends.chainer import ChainerBackend

from console.machine.secrets import KeyringSecrets, SessionSecrets, best_secrets, strongest, weakness
from console.ports.secrets import SecretsUnavailable
from tests.helpers.keyrings import ForgetfulKeyring, LockedKeyring, PromptingKeyring, ShelfKeyring, WeakKeyring


class PlaintextKeyring(ShelfKeyring):
    """Stands for keyrings.alt's, which is not installed and never may be."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


class EncryptedKeyring(ShelfKeyring):
    """The same library's other file."""


EncryptedKeyring.__module__ = "keyrings.alt.file"


@pytest.mark.parametrize(
    ("backend", "why"),
    [
        (fail.Keyring(), "no keyring"),
        (null.Keyring(), "forgets"),
        (PlaintextKeyring(), "readable file"),
        (EncryptedKeyring(), "not an operating system's own"),
        (WeakKeyring(), "not recommended"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_weak_keyring_is_refused_by_name(backend: ShelfKeyring, why: str) -> None:
    secrets = KeyringSecrets(backend=backend)
    state = secrets.state()
    assert not state.usable
    assert why in state.sentence
    assert "passphrase, or in memory only" in state.sentence
    assert KeyringSecrets(backend=backend, instead="Go home.").state().sentence.endswith(".  Go home.")
    acts: list[Callable[[], object]] = [
        lambda: secrets.get("key"),
        lambda: secrets.put("key", "x"),
        lambda: secrets.forget("key"),
    ]
    for act in acts:
        with pytest.raises(SecretsUnavailable, match="Nothing was changed"):
            act()
    assert getattr(backend, "shelf", {}) == {}


class Chain(ChainerBackend):
    """A chain of what the test wants."""

    def __init__(self, *members: ShelfKeyring | fail.Keyring) -> None:
        self.members = members

    @property
    def backends(self) -> list[ShelfKeyring | fail.Keyring]:
        return list(self.members)


Chain.__module__, Chain.__name__ = ChainerBackend.__module__, ChainerBackend.__name__


def test_of_a_chain_only_the_strong_member_is_used() -> None:
    plain, strong = PlaintextKeyring(), ShelfKeyring()
    secrets = KeyringSecrets(backend=Chain(plain, strong))
    assert secrets.state().backend.endswith("ShelfKeyring")
    secrets.put("key", "x")
    assert plain.shelf == {}
    assert strong.shelf == {("nightdesk", "key"): "x"}


def test_a_chain_of_weak_ones_is_weak() -> None:
    assert weakness(strongest(Chain(PlaintextKeyring(), WeakKeyring())))
    assert not KeyringSecrets(backend=Chain(fail.Keyring(), PlaintextKeyring())).state().usable
    assert weakness(strongest(Chain()))


def test_a_locked_keyring_is_a_sentence_without_its_owners_name() -> None:
    with pytest.raises(SecretsUnavailable, match=r"KeyringLocked\); it may be locked") as refusal:
        KeyringSecrets(backend=LockedKeyring()).get("key")
    assert "Raman" not in str(refusal.value)


def test_a_keyring_that_only_pretends_is_found_out() -> None:
    with pytest.raises(SecretsUnavailable, match="did not give back"):
        KeyringSecrets(backend=ForgetfulKeyring()).put("key", "x")


def test_a_keyring_that_waits_for_its_window_is_not_waited_for() -> None:
    backend = PromptingKeyring()
    secrets = KeyringSecrets(backend=backend, limit_s=0.2)
    started = time.monotonic()
    with pytest.raises(SecretsUnavailable, match="not answered within 0.2 seconds.*window of its own"):
        secrets.get("key")
    assert time.monotonic() - started < 20
    # While it still waits it is not asked again: no second prompt, no second thread.
    assert not secrets.state().usable
    with pytest.raises(SecretsUnavailable):
        secrets.get("key")
    assert backend.asked == 1
    backend.answer.set()
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline and not secrets.state().usable:
        time.sleep(0.01)
    assert secrets.get("key") is None


def _run(script: str, environment: dict[str, str], *before: str) -> subprocess.CompletedProcess[str]:
    command = [*before, sys.executable, "-c", script]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def _bare_session(home: Path) -> dict[str, str]:
    """Return an environment without D-Bus, display or a keyring chosen by hand."""
    gone = ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "PYTHON_KEYRING_BACKEND", "XDG_RUNTIME_DIR")
    kept = {name: value for name, value in os.environ.items() if name not in gone}
    home.mkdir()
    return {**kept, "HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(home)}


@pytest.mark.needs("linux")
def test_without_a_session_bus_there_is_no_keyring_and_it_says_so(tmp_path: Path) -> None:
    script = (
        "from console.machine.secrets import best_secrets\n"
        "secrets, sentence = best_secrets()\n"
        "print(type(secrets).__name__, '|', sentence)\n"
    )
    done = _run(script, _bare_session(tmp_path / "home"))
    assert done.stdout.startswith("SessionSecrets | "), done.stderr
    assert "memory only" in done.stdout


CONTRACT_IN_A_SESSION = """
import subprocess, sys
unlock = subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"], input=b"test only",
                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
from console.machine.secrets import best_secrets
from tests.helpers.secrets_contract import CHECKS
secrets, sentence = best_secrets()
assert not sentence, sentence
for check in CHECKS:
    check(secrets)
    print(check.__name__)
print(secrets.state().backend)
"""


@pytest.mark.needs("linux", "keyring")
def test_the_contract_holds_on_a_real_keyring(tmp_path: Path) -> None:
    session = shutil.which("dbus-run-session")
    assert session is not None
    done = _run(CONTRACT_IN_A_SESSION, _bare_session(tmp_path / "home"), session, "--")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "it_forgets" in lines
    assert lines[-1].startswith("keyring.backends.SecretService")


@pytest.mark.needs("linux", "keyring")
def test_a_real_keyring_that_stays_locked_is_a_sentence_in_time(tmp_path: Path) -> None:
    script = (
        "import time\n"
        "from console.machine.secrets import KeyringSecrets\n"
        "from console.ports.secrets import SecretsUnavailable\n"
        "started = time.monotonic()\n"
        "try:\n    KeyringSecrets().put('key', 'x')\n    print('stored')\n"
        "except SecretsUnavailable as refusal:\n    print(round(time.monotonic() - started), '|', refusal)\n"
    )
    session = shutil.which("dbus-run-session")
    assert session is not None
    done = _run(script, _bare_session(tmp_path / "home"), session, "--")
    seconds, _, sentence = done.stdout.partition(" | ")
    assert sentence, done.stdout + done.stderr
    assert int(seconds) <= 4
    assert "Nothing was changed" in sentence


def test_secrets_in_memory_say_what_they_are() -> None:
    assert "until Nightdesk ends" in SessionSecrets().state().sentence


def test_best_secrets_are_memory_where_the_keyring_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    # A patch: the library keeps the backend it chose first in a global of its own.
    monkeypatch.setattr("keyring.core._keyring_backend", null.Keyring())
    secrets, sentence = best_secrets()
    assert isinstance(secrets, SessionSecrets)
    assert "forgets" in sentence
