"""``nightdesk db``: what a technician and a script see."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.engine import connect
from tests.helpers.record_parts import PRIYA, HandClock, Pen
from ui.bootstrap.record import open_record
from ui.cli import main
from ui.exits import Exit


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A plain record with three entries."""
    path = tmp_path / "night.db"
    assert main(["db", "init", "--plain", "--database", str(path)]) == Exit.OK
    pen = Pen(PRIYA, HandClock())
    ref, opened = pen.contact()
    with open_record(str(path), None) as store:
        store.append(PRIYA, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
    return path


def answer(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    capsys.readouterr()
    code = main([*words, "--json"])
    return code, json.loads(capsys.readouterr().out)


def test_init_makes_an_encrypted_record_with_its_key_in_a_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, key = tmp_path / "night.db", tmp_path / "night.key"
    code, said = answer(capsys, "db", "init", "--database", str(file), "--key-file", str(key))
    assert (code, said["encrypted"], said["database"]) == (Exit.OK, True, str(file))
    assert not file.read_bytes().startswith(b"SQLite")
    code, said = answer(capsys, "db", "verify", "--database", str(file), "--key-file", str(key))
    assert (code, said["honest"], said["entries"]) == (Exit.OK, True, 0)


def test_init_touches_no_file_that_is_there(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = file.read_bytes()
    assert main(["db", "init", "--plain", "--database", str(file)]) == Exit.USAGE
    assert "left as it is" in capsys.readouterr().err
    assert file.read_bytes() == before


def test_verify_says_honest_with_the_head(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["db", "verify", "--database", str(file)]) == Exit.OK
    assert capsys.readouterr().out.startswith("honest: 3 entries, 0 looks at records; head 3:")


def tamper(file: Path, *statements: str) -> None:
    driver = connect(file, None)
    for statement in ("PRAGMA foreign_keys = OFF", *statements):
        driver.execute(statement)
    driver.close()


def test_verify_names_the_first_bad_entry(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tamper(file, "DROP TRIGGER entry_no_update", "UPDATE entry SET author = 'x' WHERE seq = 2")
    code, said = answer(capsys, "db", "verify", "--database", str(file))
    assert (code, said["honest"]) == (Exit.NOT_HONEST, False)
    assert said["first_bad"] == {
        "where": "entry",
        "seq": 2,
        "what": "this entry was altered after it was stored, or put in",
    }
    assert main(["db", "verify", "--database", str(file)]) == Exit.NOT_HONEST
    assert capsys.readouterr().out.startswith("NOT HONEST: entry 2:")


def test_a_tail_cut_with_its_head_is_found_by_a_head_that_was_noted(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said = answer(capsys, "db", "verify", "--database", str(file))
    head = said["head"]
    assert isinstance(head, dict)
    noted = f"{head['seq']}:{head['digest']}"
    assert main(["db", "verify", "--database", str(file), "--seen", noted]) == Exit.OK
    tamper(
        file,
        "DROP TRIGGER entry_no_delete",
        "DROP TRIGGER entry_body_no_delete",
        "DELETE FROM entry_body WHERE id = (SELECT id FROM entry WHERE seq = 3)",
        "DELETE FROM entry WHERE seq = 3",
        "UPDATE head SET seq = 2, digest = (SELECT digest FROM entry WHERE seq = 2)",
        "UPDATE stream SET version = 2",
    )
    assert main(["db", "verify", "--database", str(file)]) == Exit.OK, "alone it cannot be seen"
    code, said = answer(capsys, "db", "verify", "--database", str(file), "--seen", noted)
    assert code == Exit.NOT_HONEST
    assert isinstance(said["first_bad"], dict)
    assert said["first_bad"]["seq"] == 3
    assert main(["db", "verify", "--database", str(file), "--seen", "3"]) == Exit.USAGE


def test_backup_copies_once_and_upgrade_has_nothing_to_do(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "copy.db"
    code, said = answer(capsys, "db", "backup", str(copy), "--database", str(file))
    assert (code, said["copy"], said["entries"], said["honest"]) == (Exit.OK, str(copy), 3, True)
    assert main(["db", "backup", str(copy), "--database", str(file)]) == Exit.USAGE
    code, said = answer(capsys, "db", "upgrade", "--database", str(copy))
    assert (code, said["copy"]) == (Exit.OK, None)


@pytest.mark.parametrize("words", [["verify"], ["backup", "copy.db"], ["upgrade"]])
def test_a_record_that_is_not_there_is_not_made(words: list[str], tmp_path: Path) -> None:
    file = tmp_path / "missing.db"
    assert main(["db", *words, "--database", str(file)]) == Exit.REFUSED
    assert not file.exists()
