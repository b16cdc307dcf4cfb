"""A computer without a keyring: the same sentence everywhere says how to come to one, and then what can be done."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from console.domain.roles import Role
from console.machine.paths import Home
from console.machine.secrets import KeyringSecrets, best_secrets, to_get_one
from console.ports.secrets import SecretsUnavailable
from db.postgres.target import Tls, read_target
from ui.bootstrap.doctor import computer
from ui.bootstrap.join_line import Invitation
from ui.bootstrap.joining import KEPT_NOWHERE, Joining
from ui.bootstrap.record import make_record
from ui.bootstrap.team import Asked, NoPassword, Team, entering, keep_password


def _console(_: Path) -> str:
    return best_secrets()[1]


def _new_record(folder: Path) -> str:
    with pytest.raises(SecretsUnavailable) as refused, make_record(str(folder / "night.db"), None, plain=False):
        raise AssertionError
    assert list(folder.iterdir()) == []
    return str(refused.value)


def _team() -> Team:
    return Team(read_target("postgresql://127.0.0.1/hants"), Tls())


def _command_of_a_team(_: Path) -> str:
    with pytest.raises(NoPassword) as refused, entering(_team(), Asked("priya.raman"), stdin=io.StringIO()):
        raise AssertionError
    return str(refused.value)


def _keep_a_new_password(_: Path) -> str:
    with pytest.raises(NoPassword, match="What was asked for was done") as refused:
        keep_password("database:hants", "some password or other")
    return str(refused.value)


def _join(folder: Path) -> str:
    invitation = Invitation("127.0.0.1", 1, "hants", "hants__priya", "Priya", Role.AMHP, b"", "one-time-word")
    return Joining(Home(folder), KeyringSecrets(instead=KEPT_NOWHERE), invitation)._keep("a password of her own")


def _doctor(_: Path) -> str:
    (found,) = computer.keyring(KeyringSecrets())
    assert to_get_one() not in found.means
    return f"{found.means}  {found.do}"


@pytest.mark.parametrize(
    ("ask", "without"),
    [
        (_console, "Without one you work with a passphrase, or in memory only."),
        (_new_record, "Without one say --key-file FILE"),
        (_command_of_a_team, "Without one say --password-stdin"),
        (_keep_a_new_password, "Without one say --password-stdin"),
        (_join, "Your password is kept nowhere on this computer"),
        (_doctor, "Until then passphrases and passwords are asked for"),
    ],
)
def test_every_refusal_says_how_to_come_to_one(tmp_path: Path, ask: Callable[[Path], str], without: str) -> None:
    said = ask(tmp_path)
    assert "no keyring to this session" in said
    assert said.count(to_get_one()) == 1
    assert said.index(to_get_one()) < said.index(without)


def test_each_system_has_its_own_way() -> None:
    said = {system: to_get_one(system) for system in ("linux", "darwin", "win32", "freebsd14")}
    assert "gnome-keyring" in said["linux"]
    assert "Keychain Access" in said["darwin"]
    assert "Credential Locker" in said["win32"]
    assert said["freebsd14"] == said["linux"]
