"""``nightdesk replay``: a real incident in a real record, printed, written, proved, and refused."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from pathlib import Path

import pytest

from console.domain.ids import short_reference
from console.domain.record import Expects, Identity, Kind, StreamKind, StreamRef
from console.machine.clock import SystemClock
from console.ports.store import Store, Verdict
from console.services.folds import Folds, incident_id
from console.services.ledger import Ledger
from tests.helpers.record_parts import HandClock, Pen
from tests.helpers.record_people import PRIYA, TOM
from tests.helpers.team_service import OWN, CommandLine, TeamService, add, entered
from ui.bootstrap.record import open_record
from ui.cli import main
from ui.exits import Exit

pytest_plugins = ["tests.helpers.team_fixtures", "tests.helpers.postgres_fixtures"]


@dataclass
class Written:
    """One incident by its references, and one record that never became one."""

    incident: str
    record: str
    lonely: str


def write_incident(store: Store, who: Identity) -> Written:
    """Write an incident that Tom joins after the note."""
    clock = HandClock(SystemClock().now())
    pen = Pen(who, clock)
    contact, opened = pen.contact()
    incident = StreamRef(StreamKind.INCIDENT, incident_id(Folds(Ledger()), contact.id))
    lonely, alone = pen.contact()
    joined = {"worker": TOM.worker, "name": TOM.name, "role": "coordinator"}
    entries = [
        opened,
        pen.write(Kind.INCIDENT_OPENED, incident, {"contact": str(contact.id), "risk": "p1"}),
        pen.note(contact, "in the car by the reservoir"),
        pen.write(Kind.INCIDENT_JOINED, incident, joined, slot="roles", expects=Expects(None)),
        alone,
    ]
    assert {one.verdict for one in store.append(who, entries)} == {Verdict.STORED}
    return Written(*(short_reference(one.id) for one in (incident, contact, lonely)))


@pytest.fixture
def record(tmp_path: Path) -> str:
    path = str(tmp_path / "night.db")
    assert main(["db", "init", "--plain", "--database", path]) == Exit.OK
    return path


@pytest.fixture
def written(record: str) -> Written:
    with open_record(record, None) as store:
        return write_incident(store, PRIYA)


def test_an_incident_is_printed_and_its_range_proved(
    record: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert main(["replay", written.incident.lower(), "--database", record]) == Exit.OK
    said = capsys.readouterr().out
    assert f"Incident {written.incident}" in said
    assert "text: in the car by the reservoir" in said
    head = re.search(r"db verify --seen (\d+:[0-9a-f]{64})", said)
    assert head is not None
    assert main(["db", "verify", "--seen", head[1], "--database", record]) == Exit.OK
    assert "1 looks" in capsys.readouterr().out
    forged = head[1][:-1] + ("0" if head[1][-1] != "0" else "1")
    assert main(["db", "verify", "--seen", forged, "--database", record]) == Exit.NOT_HONEST


def test_the_reference_of_the_record_leads_to_its_incident(
    record: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["replay", written.record, "--database", record]) == Exit.OK
    assert f"Incident {written.incident}" in capsys.readouterr().out


def test_what_one_worker_could_see_at_a_moment(
    record: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = ["replay", written.incident, "--worker", "Priya Raman", "--database", record]
    assert main(asked) == Exit.OK
    said = capsys.readouterr().out
    assert "View: what priya.raman could see at" in said
    assert "in the car by the reservoir" in said
    assert "WHAT IS NOT KNOWN" in said


def test_a_transcript_is_a_new_file_for_this_account_alone(
    record: str, written: Written, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "review.txt"
    asked = ["replay", written.incident, "--transcript", str(path), "--database", record]
    assert main(asked) == Exit.OK
    assert "in the car" not in capsys.readouterr().out
    first = path.read_text(encoding="utf-8")
    assert "in the car by the reservoir" in first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert main(asked) == Exit.USAGE
    assert "already a file" in capsys.readouterr().err
    assert path.read_text(encoding="utf-8") == first
    with open_record(record, None) as store:
        assert store.verify().accesses == 1, "a refusal before anything was opened is no look"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        (["--at", "soon"], "no time of that night"),
        (["--worker", "Grace Whitlock"], "There were: priya.raman"),
    ],
)
def test_what_is_not_understood_writes_nothing(
    record: str, written: Written, tmp_path: Path, more: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "review.txt"
    asked = ["replay", written.incident, "--transcript", str(path), "--database", record, *more]
    assert main(asked) == Exit.USAGE
    assert sentence in capsys.readouterr().err
    assert not path.exists()


def test_references_that_lead_nowhere_are_told_apart(
    record: str, written: Written, capsys: pytest.CaptureFixture[str]
) -> None:
    for reference, sentence in (
        ("nonsense", "is no reference"),
        (short_reference(Pen(PRIYA, HandClock()).id()), "No incident with the reference"),
        (written.lonely, "never became an incident"),
    ):
        assert main(["replay", reference, "--database", record]) == Exit.USAGE
        assert sentence in capsys.readouterr().err
    with open_record(record, None) as store:
        assert store.verify().accesses == 0


@pytest.mark.needs("postgres")
def test_on_a_team_s_record_only_managers_and_auditors_replay(service: TeamService, line: CommandLine) -> None:
    for name, role in (("Priya Raman", "social_worker_adults"), ("Ines Calder", "auditor")):
        add(line, service, name, "--role", role)
    with entered(service) as (store, pen):
        made = write_incident(store, pen.who)
    asked = ["replay", made.incident, "--password-stdin", "--database", service.url]
    code, out, err = line.run(*asked, "--login", "Priya Raman", stdin=OWN)
    assert (code, out) == (Exit.REFUSED, "")
    assert "managers and auditors" in err
    code, out, err = line.run(*asked, "--login", "Ines Calder", stdin=OWN)
    assert (code, err) == (Exit.OK, "")
    assert "text: in the car by the reservoir" in out
    assert "by Ines Calder (auditor)" in out
