"""``nightdesk db``: what a technician and a script see."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from db.engine import connect
from tests.helpers.record_parts import PRIYA, HandClock, Pen
from ui.bootstrap.record import open_record
from ui.cli import main
from ui.exits import Exit

ROOT = Path(__file__).resolve().parents[2]


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
    told = capsys.readouterr().out
    assert told.startswith("honest: 3 entries, 0 looks at records, and what is derived from them (not proved: ")
    assert "imported people, markers and agencies" in told
    assert "; head 3:" in told


def test_verify_claims_no_more_than_it_proves(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    columns = "id, key, name, kind, area, number, verified_on, verified_by"
    values = "zeroblob(16), 'k', 'Nobody', 'police', '', '101', NULL, ''"
    tamper(file, f"INSERT INTO agency ({columns}) VALUES ({values})")
    code, said = answer(capsys, "db", "verify", "--database", str(file))
    assert (code, said["not_proved"]) == (Exit.OK, ["people", "markers", "agencies"])
    with pytest.raises(SystemExit):
        main(["db", "verify", "--help"])
    assert "not part of the chain" in " ".join(capsys.readouterr().out.split())


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
def test_a_record_that_is_not_there_is_not_made(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "missing.db"
    assert main(["db", *words, "--database", str(file)]) == Exit.REFUSED
    assert not file.exists()
    assert "`nightdesk db init" in capsys.readouterr().err.partition("people invent")[0]


def test_without_a_keyring_the_key_file_is_named(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "db", "init", "--database", str(tmp_path / "night.db")],
        cwd=ROOT,
        env=os.environ | {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", "NIGHTDESK_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.REFUSED
    assert "--key-file FILE" in done.stderr
    assert "passphrase" not in done.stderr
    assert not (tmp_path / "night.db").exists()


@pytest.mark.parametrize("content", [b"case_system_id,family\n1,Ash\n", "fam\u00edlia".encode(), b"A" * 100_000])
def test_a_file_that_is_no_key_is_named(content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night, wrong = tmp_path / "encrypted.db", tmp_path / "people.csv"
    assert main(["db", "init", "--database", str(night), "--key-file", str(tmp_path / "key")]) == Exit.OK
    wrong.write_bytes(content)
    assert main(["db", "verify", "--database", str(night), "--key-file", str(wrong)]) == Exit.REFUSED
    told = capsys.readouterr().err
    assert f"The file {wrong} holds no key" in told
    assert "keyring" not in told
    assert wrong.read_bytes() == content


def test_a_backup_into_a_folder_that_is_not_there_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "stick" / "night"
    assert main(["db", "backup", str(missing / "copy.db"), "--database", str(file)]) == Exit.USAGE
    told = capsys.readouterr().err
    assert f"The folder {missing} is not there" in told
    assert "Nothing was copied" in told
    assert not missing.parent.exists()


def test_damage_is_said_in_a_sentence_and_its_place_only_to_a_program(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with file.open("r+b") as damaged:
        damaged.seek(0, os.SEEK_END)
        damaged.seek(damaged.tell() // 4096 // 2 * 4096)
        damaged.write(b"\xff" * 4096)
    assert main(["db", "verify", "--database", str(file)]) == Exit.NOT_HONEST
    told = capsys.readouterr().out
    assert told.startswith("NOT HONEST: the file of the record is damaged")
    assert "page" not in told
    code, said = answer(capsys, "db", "verify", "--database", str(file))
    assert code == Exit.NOT_HONEST
    assert isinstance(said["first_bad"], dict)
    assert said["first_bad"]["where"] == "file"


def test_a_wrong_key_is_said_in_our_sentence_alone(tmp_path: Path) -> None:
    night, wrong = tmp_path / "night.db", tmp_path / "wrong.key"
    assert main(["db", "init", "--database", str(night), "--key-file", str(tmp_path / "key")]) == Exit.OK
    wrong.write_text("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n", encoding="ascii")
    done = subprocess.run(
        [sys.executable, "-m", "ui", "db", "verify", "--database", str(night), "--key-file", str(wrong)],
        cwd=ROOT, env=os.environ | {"NIGHTDESK_HOME": str(tmp_path)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == Exit.REFUSED
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["verifying ...", "nightdesk"]
