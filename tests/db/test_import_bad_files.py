"""Files that are not what they should be, into both stores by the command: a sentence each, nothing half done."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.people_csv import FilePerson
from console.domain.people_rows import Batch
from console.machine.clock import SystemClock
from db.engine import connect
from db.opening import create_store
from db.people_file_rows import batch_of
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.target import Tls
from db.team import Way, add_program, make
from tests.helpers.postgres import KINDS
from tests.helpers.team_service import OWN, CommandLine, named_service
from ui.exits import Exit

pytest_plugins = ["tests.helpers.postgres_fixtures", "tests.helpers.team_fixtures"]

HEAD = b"case_system_id,family,given,born,phone_1,address_line_1\n"
GOOD = b"A1,Ash,Zoe,19/02/1980,07700 900001,9 Larch Court\n"
WHOLE_FILE = {
    "UTF-16": ((HEAD + GOOD).decode().encode("utf-16"), "is written in UTF-16.  Nothing was imported.  Save it as"),
    "UTF-16 without a mark": (
        (HEAD + GOOD).decode().encode("utf-16-le"),
        "is written in UTF-16.  Nothing was imported.",
    ),
    "Windows letters": (
        HEAD + "A2,Núñez,£5 Bob,,,\n".encode("cp1252"),
        "is not UTF-8: line 2 holds byte 0xfa.  Nothing",
    ),
    "empty": (b"", "is empty.  Nothing was imported.  Its first line names the columns"),
    "a mark alone": (b"\xef\xbb\xbf", "is empty.  Nothing was imported."),
    "a document": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "is no CSV file.  Nothing was imported.  Export the list"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is no CSV file.  Nothing was imported."),
    "a page": (b"<!DOCTYPE html><html><table>", "is no CSV file.  Nothing was imported."),
    "a spreadsheet": (b"PK\x03\x04\x14\0", "is a spreadsheet, not CSV.  Nothing was imported."),
    "a letter": (b"Dear colleague,\nplease find attached\n", "no column case_system_id"),
    "a missing column": (b"case_system_id,given\nA1,Zoe\n", "no column family.  Nothing was imported."),
    "an unknown column": (HEAD.strip() + b",dob\n", "unknown column 'dob'.  Nothing was imported."),
    "ten megabytes in quotes": (
        HEAD + GOOD + b'A2,Elm,Bo,,,"' + b"x\n" * 5_000_000 + b'"\n',
        "opens on line 3 is never",
    ),
    "a quote that stays open": (
        HEAD + GOOD + b'A2,"Elm,Bo,,,\n',
        "a quote that opens on line 3 is never closed.  Nothing",
    ),
}
ROWS = {
    "31 February": (b"A2,Elm,Bo,31/02/1990,,\n", "line 3: born: 31/2/1990 is not a day in the calendar"),
    "month 13": (
        b"A2,Elm,Bo,12/13/1990,,\n",
        "line 3: born: 12/13/1990 is not a day in the calendar: day before month",
    ),
    "a year of two digits": (b"A2,Elm,Bo,19/02/25,,\n", "line 3: born: its year has two digits"),
    "and in words": (b"A2,Elm,Bo,19 Feb 25,,\n", "line 3: born: its year has two digits"),
    "a day as a figure": (
        b"A2,Elm,Bo,33653,,\n",
        "line 3: born: '33653' is not a date (day first, such as 19/02/1992)",
    ),
    "the same person twice": (GOOD, "line 3: case_system_id A1 stands on line 2 already"),
    "with other facts": (b"a1,Oak,Di,,,\n", "line 3: case_system_id a1 stands on line 2 already"),
    "ten megabytes": (b"A2,Elm," + b"x" * 10_000_000 + b",,,\n", "line 3: the line is longer than 100,000 characters"),
    "ten megabytes of lines": (
        b'A2,Elm,Bo,,,"' + b"x\n" * 30_000 + b'"\n',
        "line 3: address_line_1 is 59,999 characters long, at most 120 fit",
    ),
    "a NUL": (b"A2,El\0m,Bo,,,\n", "line 3: it holds a NUL byte, which no text has"),
    "too few cells": (b"A2,Elm\n", "line 3: it has 2 cells, and the first line names 6 columns"),
    "a spoiled number": (b"A2,Elm,Bo,,4.477E+11,\n", "turned into a figure by the spreadsheet; make the column text"),
}


@dataclass(frozen=True)
class Record:
    """A record of either kind: how the command names it, what it asks, and how many people it has."""

    words: tuple[str, ...]
    stdin: str
    count: Callable[[], int]


@pytest.fixture(scope="module", params=("sqlite", *KINDS))
def record(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    postgres_of_the_run: Callable[[str], Cluster],
) -> Iterator[Record]:
    """An empty record for invented people; no test here brings anybody into it for good."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("record") / "people.db"
        create_store(str(path), key=None, clock=SystemClock(), invented=True).close()
        yield Record(("--database", str(path)), "", lambda: _people_of(path))
        return
    with named_service(postgres_of_the_run(request.param)) as service:
        admin = Way(service.target, Tls(), SUPERUSER, service.password)
        make(admin, invented=True)
        add_program(admin, "import", "import", OWN)
        words = ("--database", service.url, "--password-stdin")
        yield Record(words, f"{OWN}\n", lambda: int(service.sql("SELECT count(*) FROM person")[0][0]))


def _people_of(path: Path) -> int:
    with closing(connect(path, None, mode="ro")) as driver:
        row = driver.execute("SELECT count(*) FROM person").fetchone()
    return int(row[0]) if row else -1


def _bring(line: CommandLine, record: Record, file: Path, content: bytes, *more: str) -> tuple[int, str]:
    file.write_bytes(content)
    words = ("people", "import", "people", str(file), "--invented", *record.words, *more)
    code, out, err = line.run(*words, stdin=record.stdin)
    return code, out + err


@pytest.mark.parametrize("what", sorted(WHOLE_FILE))
def test_what_spoils_the_whole_file_is_one_sentence(
    line: CommandLine, record: Record, tmp_path: Path, what: str
) -> None:
    content, said = WHOLE_FILE[what]
    code, words = _bring(line, record, tmp_path / "people.csv", content)
    assert code == Exit.USAGE
    assert said in words
    assert words.startswith("nightdesk: ")
    assert words.count("\n") == 1
    assert record.count() == 0


@pytest.mark.parametrize("what", sorted(ROWS))
def test_what_spoils_a_row_is_said_with_its_line_and_nothing_is_imported(
    line: CommandLine, record: Record, tmp_path: Path, what: str
) -> None:
    row, said = ROWS[what]
    code, words = _bring(line, record, tmp_path / "people.csv", HEAD + GOOD + row + b"A9,Yew,Al,,,\n")
    assert code == Exit.USAGE
    assert said in words
    assert "refused, so nothing was imported." in words
    assert len(words) < 1000
    assert record.count() == 0


def test_a_real_number_is_never_put_among_invented_people(line: CommandLine, record: Record, tmp_path: Path) -> None:
    # Kept for drama in another country, and not in ours.
    code, words = _bring(line, record, tmp_path / "people.csv", HEAD + b"A1,Ash,Zoe,,+49 30 23125000,\n")
    assert code == Exit.USAGE
    assert "line 2: +493023125000 is not a number kept for drama, and --invented says that nobody" in words
    assert record.count() == 0


def test_what_is_wrong_in_every_row_is_said_two_hundred_times_and_no_more(
    line: CommandLine, record: Record, tmp_path: Path
) -> None:
    rows = b"".join(b"A%d,Ash,Zoe,31/02/1990,,\n" % n for n in range(900))
    rejects = tmp_path / "rejects.csv"
    code, words = _bring(line, record, tmp_path / "people.csv", HEAD + rows, "--rejects", str(rejects))
    assert code == Exit.USAGE
    assert (words.count("31/2/1990"), len(rejects.read_text().splitlines())) == (200, 901)
    assert "and 700 more rows were refused; in the file of --rejects" in words
    assert record.count() == 0


@pytest.mark.expects_log
def test_a_row_that_only_the_record_refuses_is_named_and_the_code_says_so(
    line: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "people.db"
    create_store(str(path), key=None, clock=SystemClock(), invented=True).close()
    record = Record(("--database", str(path)), "", lambda: _people_of(path))

    def twice(row: FilePerson, identity: UUID, *, into: Batch) -> Batch:
        made = batch_of(row, identity, into=into)
        if row.line == 3:
            made.names.append(made.names[-1])
        return made

    # A patch: no file is known that the tables do not take.
    monkeypatch.setattr("db.people_import.batch_of", twice)
    content = HEAD + GOOD + b"A2,Elm,Bo,,,\nA3,Yew,Al,,,\n"
    code, words = _bring(line, record, tmp_path / "people.csv", content)
    assert "line 3: the record did not take it, which is a fault of Nightdesk" in words
    assert "people: 2 added, 0 changed, 0 unchanged, 1 refused" in words
    assert (code, record.count()) == (Exit.USAGE, 2)
    code, words = _bring(line, record, tmp_path / "people.csv", content, "--allow-rejects")
    assert (code, record.count()) == (Exit.OK, 2)
