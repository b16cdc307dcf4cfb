"""``nightdesk people`` as a technician runs it: files in, files out, sentences and exit codes."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from errno import ENOSPC
from pathlib import Path
from typing import Any

import pytest

from console.domain.agencies_csv import AGENCY_COLUMNS
from console.domain.people_csv import PERSON_COLUMNS
from console.machine.clock import SystemClock
from db.opening import open_store
from tests.helpers.record_parts import HandClock
from ui.cli import main
from ui.commands._people_file import CouncilFile
from ui.commands._people_progress import Progress
from ui.exits import Exit

ROOT = Path(__file__).resolve().parents[2]
GOOD = "case_system_id,family,given,born,phone_1\nA1,Ash,Zo\u00eb,19/2/1980,'+447700900001\nA2,Elm,Bo,,07700 900001\n"
BAD = GOOD + "A3,,Cy,31/02/1990,x\n"

Out = pytest.CaptureFixture[str]


@pytest.fixture
def record(tmp_path: Path) -> str:
    return str(tmp_path / "people.db")


def _file(tmp_path: Path, text: str, name: str = "people.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def _import(record: str, file: str, *more: str, kind: str = "people") -> int:
    key = str(Path(record).with_suffix(".key"))
    return main(["people", "import", kind, file, "--database", record, "--key-file", key, *more])


def _find(record: str, *words: str, key: bool = True) -> int:
    keys = ["--key-file", str(Path(record).with_suffix(".key"))] if key else []
    return main(["people", "find", *words, "--json", "--database", record, *keys])


def test_invent_makes_a_record_that_find_reads(record: str, capsys: Out) -> None:
    assert main(["people", "invent", "50", "--seed", "3", "--database", record, "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out)["people"] == 50
    for words in (
        ["07700", "900412"],
        ["fenn"],
        ["--born", "7 aug 93"],
        ["--reference", "448 211"],
        ["--name", "lena"],
    ):
        assert _find(record, *words, key=False) == Exit.OK
        assert "Lena" in {one["given"] for one in json.loads(capsys.readouterr().out)}


def test_the_words_for_a_person_to_read(record: str, capsys: Out) -> None:
    main(["people", "invent", "5", "--database", record])
    capsys.readouterr()
    assert main(["people", "find", "07700 900412", "--database", record]) == Exit.OK
    told = capsys.readouterr().out
    assert "Line: mobile, 2 people, 3 calls before, safe to ring: not asked" in told
    assert "FENN, Marcus  Born 19-Feb-1992" in told
    assert "Number confirmed 03-Oct-2025. Last contact 03-Oct-2025. Suicide or self-harm" in told
    assert "Record address 9 Larch Court, Netherbourne, as at 01-Oct-2025" in told


@pytest.mark.parametrize("more", [[], ["--json"]])
def test_nobody_found_prints_an_empty_list_and_ends_well(record: str, capsys: Out, more: list[str]) -> None:
    main(["people", "invent", "5", "--database", record])
    capsys.readouterr()
    assert main(["people", "find", "zzzzz", "--database", record, *more]) == Exit.OK
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["31/2/1990"], "not a day in the calendar"),
        ([], "Type a name"),
        (["--number", "12"], "no telephone number"),
        (["--born", "soon"], "is no date"),
        (["--name", "?"], "nothing to look for"),
        (["x", "--name", "y"], "either words or"),
        (["--name", "y", "--reference", "1"], "each stand alone"),
    ],
)
def test_questions_that_cannot_be_asked(record: str, capsys: Out, words: list[str], said: str) -> None:
    main(["people", "invent", "2", "--database", record])
    assert _find(record, *words, key=False) == Exit.USAGE
    assert said in capsys.readouterr().err


def test_find_where_there_is_no_record(record: str, capsys: Out) -> None:
    assert _find(record, "fenn", key=False) == Exit.REFUSED
    assert "There is no record at" in capsys.readouterr().err
    assert not Path(record).exists()


def test_every_search_is_on_the_access_log(record: str) -> None:
    main(["people", "invent", "2", "--database", record])
    _find(record, "fenn", key=False)
    _find(record, "nobody", key=False)
    store = open_store(record, key=None, clock=SystemClock())
    assert store.verify().accesses == 2
    store.close()


def test_an_import_makes_an_encrypted_record(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, GOOD)) == Exit.OK
    told = capsys.readouterr()
    assert "people: 2 added, 0 changed, 0 unchanged, 0 refused" in told.out
    key = Path(record).with_suffix(".key")
    assert told.err == f"nightdesk: made a new record at {record}, its key is in {key}\n"
    content = Path(record).read_bytes()
    assert b"SQLite format 3" not in content
    assert b"+447700900001" not in content  # three letters stand in chance bytes once in fifty runs
    assert _import(record, _file(tmp_path, GOOD), "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert told == {
        "rows": 2, "imported": True, "refused": 0, "added": 0, "changed": 0, "unchanged": 2, "before": 2,
        "missing": 0, "newly_missing": 0,
    }  # fmt: skip
    assert _find(record, "zoe", "ash") == Exit.OK
    assert json.loads(capsys.readouterr().out)[0]["given"] == "Zo\u00eb"


def test_one_refused_row_and_nothing_is_imported(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, BAD), "--json") == Exit.USAGE
    told = capsys.readouterr()
    assert json.loads(told.out) == {
        "rows": 3,
        "imported": False,
        "refused": 1,
        "added": 0,
        "changed": 0,
        "unchanged": 0,
        "before": 0,
        "missing": None,
        "newly_missing": None,
    }
    assert "line 4: " in told.err
    assert "family is empty" in told.err
    assert "nothing was imported" in told.err
    assert not Path(record).exists()


def test_the_good_rows_when_that_is_wanted(tmp_path: Path, record: str, capsys: Out) -> None:
    rejects = tmp_path / "rejects.csv"
    assert _import(record, _file(tmp_path, BAD), "--allow-rejects", "--rejects", str(rejects)) == Exit.OK
    assert "2 added, 0 changed, 0 unchanged, 1 refused" in capsys.readouterr().out
    assert rejects.read_text().splitlines()[1].startswith("4,")


def test_somebody_twice_in_a_file_undoes_the_import(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, GOOD + "a1,Ash,Again,,\n")) == Exit.USAGE
    assert "line 4: case_system_id a1 stands on line 2 already" in capsys.readouterr().err
    assert not Path(record).exists(), "found before a record was made"


def test_rows_that_differ_about_one_number_are_imported_and_said(tmp_path: Path, record: str, capsys: Out) -> None:
    text = "case_system_id,family,phone_1,phone_1_safe_to_call\nA1,Ash,07700 900001,no\nA2,Ash,07700900001,yes\n"
    assert _import(record, _file(tmp_path, text)) == Exit.OK
    told = capsys.readouterr()
    assert "2 added, 0 changed, 0 unchanged, 0 refused" in told.out
    assert "line 3: phone_1_safe_to_call says 'yes', an earlier row of the same number 'no'; 'no' is kept" in told.err


def test_refused_rows_are_listed_by_line(tmp_path: Path, record: str, capsys: Out) -> None:
    text = "case_system_id,family\n,Ash\nA1,Ash\nA1,Ash\nA2,\nA3,Elm\n"
    rejects = tmp_path / "rejects.csv"
    assert _import(record, _file(tmp_path, text), "--allow-rejects", "--rejects", str(rejects)) == Exit.OK
    told = [line.partition(":")[0] for line in capsys.readouterr().err.splitlines() if line.startswith("line")]
    assert told == ["line 2", "line 4", "line 5"]
    assert [row.partition(",")[0] for row in rejects.read_text().splitlines()] == ["line", "2", "4", "5"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04", "is a spreadsheet"),
        (b"case_system_id,family\n1,M\xfcller\n", "is not UTF-8"),
        (b"family\nAsh\n", "no column case_system_id"),
        (b'case_system_id,family\n1,"Ash\n', "never closed"),
    ],
)
def test_files_that_are_no_list_of_people(tmp_path: Path, record: str, capsys: Out, content: bytes, said: str) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(content)
    assert _import(record, str(file)) == Exit.USAGE
    assert said in capsys.readouterr().err
    assert not Path(record).exists()


def test_agencies_come_in_too(tmp_path: Path, record: str, capsys: Out) -> None:
    text = "name,kind,number,verified_on\nCrisis team,crisis_team,01632 960162,12/11/2026\nPolice,police,101,\n"
    assert _import(record, _file(tmp_path, text), kind="agencies") == Exit.OK
    assert "agencies: 2 added" in capsys.readouterr().out


def test_another_key_is_refused(tmp_path: Path, record: str, capsys: Out) -> None:
    _import(record, _file(tmp_path, GOOD))
    Path(record).with_suffix(".key").write_text("A" * 43 + "=")
    before = Path(record).read_bytes()
    assert _find(record, "ash") == Exit.REFUSED
    assert "key" in capsys.readouterr().err
    assert Path(record).read_bytes() == before


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01", "1969-12-31", "2101-01-01"])
def test_a_day_on_which_nobody_can_stand_is_refused_in_a_sentence(record: str, capsys: Out, day: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["people", "invent", "50", "--as-of", day, "--seed", "-5", "--database", record])
    assert ended.value.code == Exit.USAGE
    assert f"'{day}' is not a day from 1970 to 2100" in capsys.readouterr().err


def test_invented_people_are_not_put_among_others(record: str, capsys: Out) -> None:
    assert main(["people", "invent", "2", "--database", record]) == Exit.OK
    assert main(["people", "invent", "2", "--database", record]) == Exit.REFUSED
    assert "never put among them" in capsys.readouterr().err


def test_real_people_are_not_put_among_invented_ones(tmp_path: Path, record: str, capsys: Out) -> None:
    assert main(["people", "invent", "2", "--database", record]) == Exit.OK
    assert _import(record, _file(tmp_path, GOOD)) == Exit.REFUSED
    assert "Nothing was imported" in capsys.readouterr().err
    assert _find(record, "zoe", key=False) == Exit.OK
    assert capsys.readouterr().out == "[]\n"


@pytest.mark.parametrize("count", ["0", "-3", "many", "99999999"])
def test_how_many_can_be_invented(count: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["people", "invent", count])
    assert ended.value.code == Exit.USAGE


@pytest.mark.parametrize(("kind", "columns"), [("people", PERSON_COLUMNS), ("agencies", AGENCY_COLUMNS)])
def test_every_column_is_listed_and_documented(kind: str, columns: tuple[tuple[str, str], ...], capsys: Out) -> None:
    assert main(["people", "columns", kind, "--json"]) == Exit.OK
    assert [row["column"] for row in json.loads(capsys.readouterr().out)] == [name for name, _ in columns]
    page = (ROOT / "docs" / "using" / "people-csv.md").read_text(encoding="utf-8")
    assert [name for name, _ in columns if f"`{name.replace('_2', '_1').replace('_3', '_1')}`" not in page] == []


def test_help_loads_no_sql_and_no_windows() -> None:
    code = (
        "import sys, ui.commands.people, argparse; p = argparse.ArgumentParser();"
        "ui.commands.people.add(p.add_subparsers()); print([m for m in ('sqlalchemy', 'PySide6') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0)


@pytest.mark.parametrize("named", ["people.csv", "people.db", "other.txt"])
def test_rejects_never_take_the_place_of_a_file(tmp_path: Path, record: str, capsys: Out, named: str) -> None:
    file = _file(tmp_path, GOOD)
    _file(tmp_path, "kept", "other.txt")
    assert _import(record, file) == Exit.OK
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    capsys.readouterr()
    assert _import(record, file, "--rejects", str(tmp_path / named)) == Exit.USAGE
    assert "There is already a file at" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_rejects_where_the_record_is_to_be_made(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, GOOD), "--rejects", record) == Exit.USAGE
    assert "The record was not touched" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]


def test_rejects_appear_whole_or_not_at_all(tmp_path: Path, record: str, capsys: Out) -> None:
    rejects = tmp_path / "rejects.csv"
    broken = BAD + 'A4,"open\n'
    assert _import(record, _file(tmp_path, broken), "--rejects", str(rejects)) == Exit.USAGE
    assert "line 4: " in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv"]
    assert _import(record, _file(tmp_path, BAD), "--rejects", str(rejects)) == Exit.USAGE
    assert len(rejects.read_text().splitlines()) == 2
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv", "rejects.csv"]


def test_rejects_that_cannot_be_written_undo_the_import(
    tmp_path: Path, record: str, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(ENOSPC, "No space left on device")

    rejects = tmp_path / "rejects.csv"
    text = "case_system_id,family\nA1,Ash\nA1,Ash\n"
    with monkeypatch.context() as disk:
        # A patch: a full disk cannot be had for one file alone.
        disk.setattr("ui.commands._people_rejects.os.fsync", full)
        assert _import(record, _file(tmp_path, text), "--allow-rejects", "--rejects", str(rejects)) == Exit.REFUSED
    assert "No space left on device.  It was removed, and nothing was imported." in capsys.readouterr().err
    assert not rejects.exists()
    assert _import(record, _file(tmp_path, text), "--allow-rejects", "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out)["added"] == 1


def test_numbers_that_differ_in_a_hyphen_are_two_people(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, "case_system_id,family\n1-23,Smith\n12-3,Jones\n"), "--json") == Exit.OK
    assert json.loads(capsys.readouterr().out)["added"] == 2
    assert _find(record, "--reference", "123") == Exit.OK
    assert {one["family"] for one in json.loads(capsys.readouterr().out)} == {"Smith", "Jones"}


@pytest.mark.needs("posix")
def test_ctrl_c_while_people_are_invented_is_no_slow_record(record: str, own_home: Path) -> None:
    environment = {**os.environ, "NIGHTDESK_HOME": str(own_home)}
    words = [sys.executable, "-m", "ui", "people", "invent", "40000", "--database", record]
    with subprocess.Popen(words, cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True) as inventing:
        log = Path(f"{record}-wal")
        for _ in range(600):
            # Long after the empty tables: people are being written.
            if log.exists() and log.stat().st_size > 3_000_000:
                break
            time.sleep(0.05)
        inventing.send_signal(signal.SIGINT)
        assert inventing.stderr is not None
        assert "stopped from the keyboard" in inventing.stderr.read()
        assert inventing.wait(30) == Exit.STOPPED


def test_the_first_import_lists_every_refused_row_also_who_stands_twice(
    tmp_path: Path, record: str, capsys: Out
) -> None:
    file = _file(tmp_path, BAD + "A1,Oak,Di,,\n")
    assert _import(record, file) == Exit.USAGE
    told = capsys.readouterr().err
    assert "line 4: " in told
    assert "line 5: case_system_id A1 stands on line 2 already" in told
    assert "2 rows were refused" in told
    assert not Path(record).exists()
    assert _import(record, file, "--allow-rejects") == Exit.OK
    assert capsys.readouterr().err.count("line 5: ") == 1


def test_nobody_found_is_said_to_a_person_at_a_terminal(
    record: str, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    main(["people", "invent", "50", "--database", record])
    capsys.readouterr()
    main(["people", "find", "zzzzz", "--database", record])
    assert capsys.readouterr().err == ""
    # A test has no terminal: only this one answer of the stream is put in its place.
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    assert main(["people", "find", "zzzzz", "--database", record]) == Exit.OK
    said = capsys.readouterr()
    assert (said.out, said.err) == ("[]\n", "Nobody was found.\n")


def test_a_sample_council_is_written_imported_and_found(tmp_path: Path, record: str, capsys: Out) -> None:
    folder = tmp_path / "council"
    assert main(["people", "sample", str(folder), "--count", "60", "--json"]) == Exit.OK
    said = json.loads(capsys.readouterr().out)
    assert list(said["rows"]) == ["people", "relationships", "agencies"]
    assert (said["rows"]["people"], said["rows"]["agencies"]) == (60, 12)
    assert sorted(path.name for path in folder.iterdir()) == ["agencies.csv", "people.csv", "relationships.csv"]
    for kind in said["rows"]:
        words = ["people", "import", kind, str(folder / f"{kind}.csv"), "--invented", "--database", record, "--json"]
        assert main(words) == Exit.OK
        told = json.loads(capsys.readouterr().out)
        # Each relationship is stored from both sides: of the second side's own row only more is new.
        assert (told["added"] + told["changed"] + told["unchanged"], told["refused"]) == (said["rows"][kind], 0)
        assert main(words) == Exit.OK
        told = json.loads(capsys.readouterr().out)
        assert (told["added"], told["changed"], told["unchanged"]) == (0, 0, said["rows"][kind])
    assert _find(record, "07700", "900412", key=False) == Exit.OK
    assert {one["given"] for one in json.loads(capsys.readouterr().out)} == {"Marcus", "Lena"}
    before = {path: path.read_bytes() for path in folder.iterdir()}
    assert main(["people", "sample", str(folder)]) == Exit.USAGE
    assert "There is already a file at" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_a_sample_is_the_same_on_every_computer_and_no_day_of_it_lies_ahead(tmp_path: Path, capsys: Out) -> None:
    for name in ("one", "two"):
        assert main(["people", "sample", str(tmp_path / name), "--as-of", "2026-03-01", "--seed", "4"]) == Exit.OK
    one, two = ((tmp_path / name / "people.csv").read_bytes() for name in ("one", "two"))
    assert one == two
    assert main(["people", "sample", str(tmp_path / "three"), "--as-of", "2026-03-01", "--seed", "5"]) == Exit.OK
    assert (tmp_path / "three" / "people.csv").read_bytes() != one
    with (tmp_path / "one" / "people.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    days = [cell for row in rows for name, cell in row.items() if cell and name.endswith(("_on", "_at", "born"))]
    ahead = {f"{cell[6:]}{cell[3:5]}{cell[:2]}" for cell in days if f"{cell[6:]}{cell[3:5]}{cell[:2]}" > "20260301"}
    reviews = {f"{c[6:]}{c[3:5]}{c[:2]}" for row in rows for n, c in row.items() if c and n.endswith("review_on")}
    assert ahead <= reviews


def test_invented_people_of_a_file_go_where_invented_people_are(tmp_path: Path, record: str, capsys: Out) -> None:
    file = _file(tmp_path, GOOD)
    assert _import(record, file, "--invented") == Exit.OK
    assert _import(record, file) == Exit.REFUSED
    assert "where nobody in the file is real, say --invented" in capsys.readouterr().err
    real = str(tmp_path / "real.db")
    assert _import(real, file) == Exit.OK
    assert _import(real, file, "--invented") == Exit.REFUSED
    assert "invented people are never put into it" in capsys.readouterr().err


def test_a_newer_file_says_who_is_not_in_it(tmp_path: Path, record: str, capsys: Out) -> None:
    assert _import(record, _file(tmp_path, GOOD)) == Exit.OK
    shorter = _file(tmp_path, GOOD.rpartition("A2")[0], "newer.csv")
    capsys.readouterr()
    assert _import(record, shorter) == Exit.OK
    told = capsys.readouterr().out
    assert "not in this file: 1 person of earlier ones, 1 of them in the last one; they stay in the record" in told
    assert _import(record, _file(tmp_path, BAD, "bad.csv"), "--allow-rejects") == Exit.OK
    assert "who is no longer in the file was not looked at, because rows were refused" in capsys.readouterr().out


def test_a_file_that_does_not_fit_into_memory_is_read_again(
    tmp_path: Path, record: str, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A patch: the real bounds are a quarter of a gigabyte and a thousand rows.
    monkeypatch.setattr("ui.commands._people_packed.Packed.__init__.__defaults__", (900,))
    monkeypatch.setattr("ui.commands._people_packed._LOT", 2)
    rows = "".join(f"B{n},Ash{n},Bo,,\n" for n in range(40))
    assert _import(record, _file(tmp_path, BAD + rows), "--allow-rejects", "--json") == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["added"], told["refused"]) == (42, 1)


def test_a_file_that_is_changed_meanwhile_is_refused(
    tmp_path: Path, record: str, capsys: Out, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = Path(_file(tmp_path, GOOD))
    before = CouncilFile.check

    def changed(self: CouncilFile, *more: Any) -> None:
        before(self, *more)
        file.write_text(GOOD + "A3,Oak,Cy,,\n", encoding="utf-8")

    # A patch: nothing else stands between the two readings.
    monkeypatch.setattr(CouncilFile, "check", changed)
    assert _import(record, str(file)) == Exit.USAGE
    assert "was changed while it was imported" in capsys.readouterr().err
    assert _find(record, "ash") == Exit.OK
    assert capsys.readouterr().out == "[]\n"


class _Seconds(HandClock):
    """A clock whose steady seconds move by hand too."""

    def monotonic(self) -> float:
        return self.at.timestamp()


def test_progress_says_rows_rate_and_what_is_left(capsys: Out) -> None:
    clock = _Seconds()
    told = Progress("imported", 1000, clock=clock)
    told(200)
    clock.move(seconds=10)
    told(400)
    assert capsys.readouterr().err == "imported 400 of 1,000 rows, 20 a second, about 30 s left\n"
