"""A key or passphrase that does not open its file: the likelier cause is said first, and the file stays as it is."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.machine.secrets import SessionSecrets
from console.ports.secrets import SecretsUnavailable
from db.journal import NotOpened
from ui.bootstrap.place import Computer, shelf_of, shelf_with
from ui.cli import main
from ui.exits import Exit
from ui.settings import Settings

Out = pytest.CaptureFixture[str]
PAGE = 4096


@pytest.fixture
def computer(tmp_path: Path) -> Computer:
    """A computer without a keyring."""
    return Computer(Home(tmp_path), Settings(), SessionSecrets(), "There is no keyring here.", SystemClock())


def test_a_slip_in_a_passphrase_is_taken_for_one(computer: Computer) -> None:
    shelf_with(computer, "correct horse").open("priya.raman", "Priya Raman").close()
    (file,) = computer.home.journals.glob("*.journal")
    before = file.read_bytes()
    with pytest.raises(NotOpened) as refused:
        shelf_with(computer, "correct house").open("priya.raman", "Priya Raman")
    said = str(refused.value)
    assert said.startswith("This passphrase does not open")
    assert said.index("a letter is wrong") < said.index("damaged")
    assert file.read_bytes() == before
    with pytest.raises(SecretsUnavailable, match="protected by your passphrase, and none was typed"):
        shelf_of(computer).open("priya.raman", "Priya Raman")
    shelf_with(computer, "correct horse").open("priya.raman", "Priya Raman").close()
    # Who has none yet works in memory, and that is said elsewhere.
    assert shelf_of(computer).open("tom.ashdown", "Tom Ashdown").memory_only


@pytest.fixture
def record(tmp_path: Path, capsys: Out) -> Path:
    """An encrypted record, closed, with its key beside it."""
    file = tmp_path / "night.db"
    assert main(["db", "init", "--database", str(file), "--key-file", str(tmp_path / "night.key")]) == Exit.OK
    capsys.readouterr()
    return file


def _shown(record: Path, key: str, capsys: Out) -> str:
    before = record.read_bytes()
    words = ["rota", "show", "--database", str(record), "--key-file", str(record.with_name(key))]
    assert main(words) == Exit.REFUSED
    assert record.read_bytes() == before
    return capsys.readouterr().err


def test_another_key_is_thought_of_before_damage(record: Path, capsys: Out) -> None:
    other = record.with_name("other.db")
    assert main(["db", "init", "--database", str(other), "--key-file", str(other.with_name("other.key"))]) == Exit.OK
    said = _shown(record, "other.key", capsys)
    assert said.index("most likely its key is another one") < said.index("damaged")
    assert "left exactly as it is" in said


@pytest.mark.parametrize(("first", "said"), [(True, "most likely its key"), (False, "is damaged: its key is right")])
def test_damage_is_told_from_another_key_where_that_can_be_told(
    record: Path, capsys: Out, first: bool, said: str
) -> None:
    size = record.stat().st_size
    with record.open("r+b") as file:
        file.seek(0 if first else PAGE)
        file.write(os.urandom(PAGE if first else size - PAGE))
    assert said in _shown(record, "night.key", capsys)
