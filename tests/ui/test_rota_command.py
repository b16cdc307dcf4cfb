"""``nightdesk rota`` and ``people import relationships`` as a technician runs them: files in, sentences, exit codes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.relationships_csv import RELATIONSHIP_COLUMNS
from console.domain.rota_csv import ROTA_COLUMNS
from console.machine.clock import SystemClock
from console.machine.platform import FileLock
from ui.cli import main
from ui.exits import Exit

ROOT = Path(__file__).resolve().parents[2]
HEAD = "duty,name,number,from,to,service\n"
NIGHT = f"{HEAD}on_call_manager,Dilip Shah,07700 900841,01/12/2026 17:00,02/12/2026 08:30,\n"
AMHP = "amhp,Ines Roche,07700 900861,01/12/2026 17:00,02/12/2026 04:00,amhp\n"
PEOPLE = "case_system_id,family,given\nA1,Ash,Ada\nA2,Ash,Marta\n"
Out = pytest.CaptureFixture[str]


@pytest.fixture
def record(tmp_path: Path, capsys: Out) -> str:
    path = tmp_path / "night.db"
    assert main(["db", "init", "--plain", "--database", str(path)]) == Exit.OK
    capsys.readouterr()
    return str(path)


@pytest.fixture(autouse=True)
def _tonight(monkeypatch: pytest.MonkeyPatch) -> None:
    """The files hold days of December 2026, which must be near whenever these tests run."""
    monkeypatch.setattr(SystemClock, "now", lambda _: datetime(2026, 11, 28, 1, tzinfo=UTC))


def file(tmp_path: Path, text: str, name: str = "rota.csv") -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def shown(record: str, capsys: Out, moment: str) -> str:
    capsys.readouterr()
    assert main(["rota", "show", "--database", record, "--at", moment]) == Exit.OK
    return capsys.readouterr().out


def test_a_rota_comes_in_and_is_shown(tmp_path: Path, record: str, capsys: Out) -> None:
    said = shown(record, capsys, "01/12/2026 22:14")
    assert said == "There is no rota for these days in this record.\n"
    path = file(tmp_path, NIGHT + AMHP)
    assert main(["rota", "import", path, "--invented", "--database", record, "--json"]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["imported"], told["added"], told["refused"]) == (2, True, 2, 0)
    said = shown(record, capsys, "01/12/2026 22:14")
    assert "Dilip Shah  07700 900841  until Wed 08:30" in said
    assert "Nobody is on call as AMHP from Wed 04:00; the rota names nobody after" in said
    assert main(["rota", "import", path, "--invented", "--database", record]) == Exit.OK
    assert "0 added, 2 unchanged, 0 replaced" in capsys.readouterr().out


def test_a_refused_row_keeps_the_whole_file_out_unless_it_is_allowed(tmp_path: Path, record: str, capsys: Out) -> None:
    path = file(tmp_path, f"{NIGHT}porter,X,07700 900842,01/12/2026 17:00,soon,\n{NIGHT.splitlines()[1]}\n")
    rejects = tmp_path / "rejects.csv"
    assert main(["rota", "import", path, "--invented", "--database", record, "--rejects", str(rejects)]) == Exit.USAGE
    told = capsys.readouterr()
    assert "line 3: duty: 'porter' is not one of" in told.err
    assert "line 4: Dilip Shah stands for this duty and this time on line 2 already" in told.err
    assert "2 rows were refused, so nothing was imported" in told.err
    assert rejects.read_text(encoding="utf-8").splitlines()[0] == "line,reason"
    assert "no rota" in shown(record, capsys, "01/12/2026 22:14")
    assert main(["rota", "import", path, "--invented", "--database", record, "--allow-rejects"]) == Exit.OK
    assert "Dilip Shah" in shown(record, capsys, "01/12/2026 22:14")


def test_overlaps_and_gaps_are_said_and_change_nothing(tmp_path: Path, record: str, capsys: Out) -> None:
    more = (
        "on_call_manager,Helen Marsh,07700 900842,02/12/2026 06:00,02/12/2026 08:30,\n"
        "on_call_manager,Helen Marsh,07700 900842,02/12/2026 20:00,03/12/2026 08:30,\n"
    )
    assert (
        main(["rota", "import", file(tmp_path, NIGHT + more), "--invented", "--database", record, "--json"]) == Exit.OK
    )
    told = capsys.readouterr()
    assert json.loads(told.out)["overlaps"] == 1
    assert json.loads(told.out)["gaps"] == 1
    assert "overlap: On-call manager: Dilip Shah and Helen Marsh are both on from Wed 02-Dec-2026 06:00" in told.err
    assert "gap: On-call manager: nobody from Wed 02-Dec-2026 17:00 to Wed 02-Dec-2026 20:00" in told.err


def test_all_overlaps_are_counted_and_the_first_twenty_said(tmp_path: Path, record: str, capsys: Out) -> None:
    short = "".join(
        f"on_call_manager,M{n},07700 900842,01/12/2026 {18 + n // 6}:{n % 6}0,01/12/2026 {18 + n // 6}:{n % 6}5,\n"
        for n in range(25)
    )
    brought = ["rota", "import", file(tmp_path, NIGHT + short), "--invented", "--database", record, "--json"]
    assert main(brought) == Exit.OK
    told = capsys.readouterr()
    assert json.loads(told.out)["overlaps"] == 25
    assert told.err.count("overlap: On-call manager: Dilip Shah and M") == 20
    assert "overlap: and 5 more" in told.err


def test_a_slip_of_the_year_keeps_the_file_out_and_withdraws_nothing(tmp_path: Path, record: str, capsys: Out) -> None:
    assert main(["rota", "import", file(tmp_path, NIGHT), "--invented", "--database", record]) == Exit.OK
    slip = "on_call_manager,Helen Marsh,07700 900842,{0} 17:00,{0} 23:00,\n".format
    late = slip("03/12/2026") + slip("01/01/1900")
    assert main(["rota", "import", file(tmp_path, HEAD + late), "--invented", "--database", record]) == Exit.USAGE
    assert "line 3: from: 01-Jan-1900 is more than a year back; look at the year" in capsys.readouterr().err
    assert "Dilip Shah" in shown(record, capsys, "01/12/2026 22:14")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["rota", "show", "--at", "whenever"], "--at is not a day and a time"),
        (["rota", "show", "--at", "31/10/2027 01:30"], "comes twice"),
        (["rota", "show", "--at", "01/12/2036 17:00"], "--at: 01-Dec-2036 is more than three years ahead.  Nothing"),
        (["rota", "sample", "--days", "0"], "--days is a number from 1 to 60"),
        (["rota", "import", "no-such.csv"], "could not be read"),
    ],
)
def test_bad_input_is_a_sentence(record: str, capsys: Out, words: list[str], sentence: str) -> None:
    assert main([*words, "--database", record]) != Exit.OK
    assert sentence in capsys.readouterr().err


def test_a_record_that_is_not_there_is_not_made_by_a_rota(tmp_path: Path, capsys: Out) -> None:
    missing = tmp_path / "none.db"
    assert main(["rota", "import", file(tmp_path, NIGHT), "--database", str(missing)]) != Exit.OK
    assert "There is no record at" in capsys.readouterr().err
    assert not missing.exists()


def test_a_rota_waits_for_no_other_import_and_comes_in_when_that_has_ended(
    tmp_path: Path, record: str, capsys: Out
) -> None:
    words = ["rota", "import", file(tmp_path, NIGHT), "--invented", "--database", record]
    with FileLock(tmp_path / ".night.db.importing") as alone:
        assert alone
        assert main(words) != Exit.OK
    assert "Another import into" in capsys.readouterr().err
    assert main(words) == Exit.OK


def test_the_sample_of_the_docs_is_what_the_command_prints(record: str, capsys: Out) -> None:
    assert main(["rota", "sample", "--from", "2026-12-01", "--days", "14"]) == Exit.OK
    printed = capsys.readouterr().out
    path = ROOT / "docs" / "using" / "rota-sample.csv"
    assert path.read_text(encoding="utf-8") == printed
    assert main(["rota", "import", str(path), "--invented", "--database", record, "--json"]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["refused"], told["overlaps"], told["added"]) == (0, 0, printed.count("\n") - 1)


def test_an_invented_rota_never_goes_into_a_record_for_real_work(tmp_path: Path, capsys: Out) -> None:
    _, key = people(tmp_path, capsys)
    sample = str(ROOT / "docs" / "using" / "rota-sample.csv")
    assert main(["rota", "import", sample, "--invented", *key]) == Exit.REFUSED
    assert "invented people are never put into it" in capsys.readouterr().err
    assert main(["rota", "show", *key, "--at", "01/12/2026 22:14"]) == Exit.OK
    assert capsys.readouterr().out == "There is no rota for these days in this record.\n"


def test_a_real_rota_never_goes_among_invented_people_nor_they_into_its_record(tmp_path: Path, capsys: Out) -> None:
    real = ["--database", str(tmp_path / "real.db"), "--key-file", str(tmp_path / "key")]
    assert main(["db", "init", *real]) == Exit.OK
    path = file(tmp_path, NIGHT)
    invented = str(tmp_path / "try.db")
    assert main(["people", "invent", "3", "--database", invented]) == Exit.OK
    assert main(["rota", "import", path, "--database", invented]) == Exit.REFUSED
    assert "real ones are never put among them" in capsys.readouterr().err
    assert main(["rota", "import", path, *real]) == Exit.OK
    assert main(["people", "invent", "3", *real]) == Exit.REFUSED
    assert "invented people are never put into it" in capsys.readouterr().err


def test_an_invented_rota_has_only_numbers_kept_for_drama(tmp_path: Path, record: str, capsys: Out) -> None:
    path = file(tmp_path, NIGHT.replace("07700 900841", "+1 212 555 0100"))
    assert main(["rota", "import", path, "--invented", "--database", record]) == Exit.USAGE
    assert "line 2: +12125550100 is not a number kept for drama" in capsys.readouterr().err


def test_every_column_is_documented_as_the_program_says_it(capsys: Out) -> None:
    text = (ROOT / "docs" / "using" / "rota-csv.md").read_text(encoding="utf-8")
    for name, about in ROTA_COLUMNS:
        assert f"| `{name}` | {about} |" in text, name
    text = (ROOT / "docs" / "using" / "people-csv.md").read_text(encoding="utf-8")
    for name, about in RELATIONSHIP_COLUMNS:
        assert f"| `{name}` | {about} |" in text, name
    assert main(["rota", "columns"]) == Exit.OK
    assert capsys.readouterr().out.startswith("duty ")


# --- relationships ----------------------------------------------------------------------------


def people(tmp_path: Path, capsys: Out) -> tuple[str, list[str]]:
    """Import two people into a record for real work; return it and how it is opened."""
    path = str(tmp_path / "real.db")
    key = ["--database", path, "--key-file", str(tmp_path / "key")]
    assert main(["people", "import", "people", file(tmp_path, PEOPLE, "people.csv"), *key]) == Exit.OK
    capsys.readouterr()
    return path, key


def test_relationships_come_in_after_the_people(tmp_path: Path, capsys: Out) -> None:
    _, key = people(tmp_path, capsys)
    text = "case_system_id,other_case_system_id,other_is,next_of_kin\nA1,A2,mother,yes\n"
    path = file(tmp_path, text, "ties.csv")
    assert main(["people", "import", "relationships", path, *key, "--json"]) == Exit.OK
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["added"], told["refused"], told["imported"]) == (1, 1, 0, True)
    assert main(["people", "import", "relationships", path, *key]) == Exit.OK
    assert "0 added, 0 changed, 1 unchanged, 0 refused" in capsys.readouterr().out


def test_agencies_go_only_where_people_like_them_are(tmp_path: Path, capsys: Out) -> None:
    _, key = people(tmp_path, capsys)
    path = file(tmp_path, "name,kind,number\nCrisis team,crisis_team,01632 960162\n", "agencies.csv")
    invented = str(tmp_path / "try.db")
    assert main(["people", "invent", "3", "--database", invented]) == Exit.OK
    assert main(["people", "import", "agencies", path, "--database", invented]) == Exit.REFUSED
    assert "where nobody in the file is real, say --invented" in capsys.readouterr().err
    assert main(["people", "import", "agencies", path, "--invented", "--database", invented]) == Exit.OK
    assert main(["people", "import", "agencies", path, "--invented", *key]) == Exit.REFUSED
    assert main(["people", "import", "agencies", path, *key]) == Exit.OK


def test_a_rule_is_never_lost_and_the_same_file_again_is_unchanged(tmp_path: Path, capsys: Out) -> None:
    _, key = people(tmp_path, capsys)
    head = "case_system_id,other_case_system_id,other_is,person_is,contact_rule,order_ref,parental_responsibility\n"
    path = file(tmp_path, f"{head}A1,A2,father,child,none,PO26-117,yes\nA2,A1,child,,allowed,,\n", "ties.csv")
    assert main(["people", "import", "relationships", path, *key]) == Exit.OK
    said = "line 3: contact_rule says 'allowed', an earlier row of the same two 'none'; 'none' is kept"
    assert said in capsys.readouterr().err
    assert main(["people", "import", "relationships", path, *key]) == Exit.OK
    assert "0 added, 0 changed, 2 unchanged, 0 refused" in capsys.readouterr().out
    again = file(tmp_path, f"{head}A1,A2,father,child,,PO1,\nA2,A1,child,father,,PO2,\nA1,A2,father,,,,\n", "2.csv")
    assert main(["people", "import", "relationships", again, *key]) == Exit.USAGE
    told = capsys.readouterr().err
    assert "line 2: order_ref is 'PO1', and line 3 has 'PO2' for the same two" in told
    assert "line 4: A2 as father of A1 stands on line 2 already" in told


def test_one_unknown_person_keeps_the_whole_file_out_unless_it_is_allowed(tmp_path: Path, capsys: Out) -> None:
    _, key = people(tmp_path, capsys)
    text = "case_system_id,other_case_system_id,other_is\nA1,A2,mother\nA1,Z9,father\n"
    path = file(tmp_path, text, "ties.csv")
    assert main(["people", "import", "relationships", path, *key]) == Exit.USAGE
    told = capsys.readouterr()
    assert "line 3: nobody in the record has other_case_system_id Z9; import people first" in told.err
    assert "so nothing was imported" in told.err
    assert main(["people", "import", "relationships", path, *key, "--allow-rejects", "--json"]) == Exit.OK
    assert json.loads(capsys.readouterr().out)["added"] == 1
