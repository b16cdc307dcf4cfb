"""Two consoles and a headless witness on one switchboard: real processes, real bytes, one account of each call.

The measure is a lone witness on a line and a record of its own: the shared record must tell the same calls, by the
same ids, with the same facts, each once, whoever joined late, died, lost its line or could not reach the record.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from console.domain.record import Role
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.target import Tls
from db.team import Way, add_worker
from tests.helpers.ami_streams import messages_of, quiet_points
from tests.helpers.driven_console import Office, until
from tests.helpers.gate import Gate, gate_to
from tests.helpers.postgres import NEWEST
from tests.helpers.recordings import Recording
from tests.helpers.team_office import password_of, team_office
from tests.helpers.watched import Line, Watched, WitnessProcess, halves

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = [pytest.mark.timeout(240), pytest.mark.needs("posix")]

MARKED, RIG16, RIG22 = "asterisk-22-channelvars", "asterisk-16-rig-channelvars", "asterisk-22-rig-channelvars"
SCENARIOS = (
    Recording(MARKED, "q_answered"),
    Recording("asterisk-22", "q_abandoned"),
    Recording(RIG16, "xfer_blind"),
    Recording(MARKED, "xfer_attended"),
    Recording("asterisk-22", "q_rejected_then_answer"),
    Recording(MARKED, "diverted"),
    Recording(MARKED, "withheld_pai"),
    Recording("asterisk-22", "two_at_once"),
)
LATE = 3.0
"""Seconds after which whoever came late has said what there is to say (LATE_WAIT and the short random one)."""


@pytest.fixture(scope="module", params=["file", pytest.param("team", marks=pytest.mark.needs("postgres"))])
def watched(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    invented_record: Path,
) -> Iterator[Watched]:
    folder = tmp_path_factory.mktemp("watched")
    with ExitStack() as stack:
        gate: Gate | None = None
        if request.param == "file":
            shutil.copy(invented_record, folder / "nightdesk.db")
            office = Office(folder, folder / "nightdesk.db")
            url, password = office.record, ""
        else:
            clusters: Callable[[str], Cluster] = request.getfixturevalue("postgres_of_the_run")
            team = stack.enter_context(team_office(clusters(NEWEST), folder))
            gate = stack.enter_context(gate_to(team.service.cluster.address))
            office, password = team, password_of("Witness")
            url = f"postgresql://127.0.0.1:{gate.port}/{team.service.name}"
            admin = Way(team.service.target, Tls(), SUPERUSER, team.service.password)
            add_worker(admin, "witness", "Witness", [Role.WITNESS], password)
        shutil.copy(invented_record, folder / "lone.db")
        lines = {name: Line() for name in ("priya", "tom", "witness", "lone")}
        made = Watched(
            office,
            lines,
            WitnessProcess(folder / "witness", url, lines["witness"], password),
            WitnessProcess(folder / "lone", str(folder / "lone.db"), lines["lone"]),
            gate,
        )
        try:
            yield made
        finally:
            made.end()


def agreed(watched: Watched, *recordings: Recording) -> None:
    """The shared account becomes that of the lone witness and stays so; nothing was disputed or set aside."""
    wanted = watched.wanted(recordings)
    assert wanted.calls
    assert wanted.facts
    assert not wanted.late
    found = watched.account(wanted)
    assert found.calls == wanted.calls
    assert found.facts == wanted.facts
    time.sleep(LATE)
    found = watched.account(wanted)
    assert (found.calls, found.facts, found.disputed) == (wanted.calls, wanted.facts, 0)
    for console in watched.consoles.values():
        if console.alive:
            console.until("link", lambda one: one["waiting"] == 0)
            assert console.probe("link")["set_aside"] == 0
    assert not [one for one in watched.witness.news if one["event"] == "refused"]


def middle(recording: Recording) -> int:
    """Return a quiet place in the middle of a recording, when somebody talks."""
    points = quiet_points(recording)
    return points[len(points) // 2]


def test_every_recorded_scenario_leaves_one_account(watched: Watched) -> None:
    watched.begin()
    for recording in SCENARIOS:
        watched.play(messages_of(recording))
    agreed(watched, *SCENARIOS)
    authors = {item.author for item in watched.items()}
    assert "witness" in authors


def test_a_console_that_joins_in_mid_call(watched: Watched) -> None:
    recording = Recording(RIG16, "xfer_blonde")
    watched.begin()
    watched.consoles["tom"].kill()
    watched.lines["tom"].cut()
    first, rest = halves(recording, middle(recording))
    watched.play(first, without=["tom"])
    watched.lines["tom"].back(first)
    watched.console("tom")
    watched.play(rest)
    agreed(watched, recording)


def test_a_witness_that_joins_in_mid_call(watched: Watched) -> None:
    recording = Recording(RIG16, "xfer_attended")
    watched.begin()
    assert watched.witness.end() == 0
    watched.lines["witness"].cut()
    first, rest = halves(recording, middle(recording))
    watched.play(first, without=["witness"])
    watched.lines["witness"].back(first)
    watched.witness.start()
    watched.witness.until_said("telephones", state="connected")
    watched.play(rest)
    agreed(watched, recording)


@pytest.mark.parametrize("back", [False, True], ids=["stays away", "comes back"])
def test_a_console_killed_in_mid_call(watched: Watched, back: bool) -> None:
    recording = Recording(RIG22 if back else RIG16, "park")
    watched.begin()
    first, rest = halves(recording, middle(recording))
    watched.play(first)
    watched.consoles["priya"].kill()
    if back:
        watched.lines["priya"].cut()
        watched.lines["priya"].back(first)
        watched.console("priya")
    watched.play(rest)
    agreed(watched, recording)


@pytest.mark.parametrize("back", [False, True], ids=["stays away", "comes back"])
def test_the_witness_killed_in_mid_call(watched: Watched, back: bool) -> None:
    recording = Recording(RIG22 if back else RIG16, "redirect_ami")
    watched.begin()
    first, rest = halves(recording, middle(recording))
    watched.play(first)
    watched.witness.kill()
    if back:
        watched.lines["witness"].cut()
        watched.lines["witness"].back(first)
        watched.witness.start()
        watched.witness.until_said("telephones", state="connected")
    watched.play(rest)
    agreed(watched, recording)


def test_the_record_away_for_the_witness_or_for_everybody(watched: Watched) -> None:
    """In a file nobody can write while somebody holds it; on a server one way may be shut and the others open."""
    recording = Recording(RIG22, "conference")
    watched.begin()
    first, rest = halves(recording, middle(recording))
    watched.play(first)
    with away(watched):
        watched.witness.until_said("record", state="away")
        watched.play(rest)
        watched.wanted([recording])
    back = watched.witness.until_said("record", state="together")
    assert "back" in back["sentence"] or "there" in back["sentence"]
    agreed(watched, recording)


@contextmanager
def away(watched: Watched) -> Iterator[None]:
    gate = watched.gate
    if gate is None:
        with watched.office.frozen():
            yield
        return
    gate.shut.set()
    try:
        yield
    finally:
        gate.shut.clear()


@pytest.mark.parametrize("who", ["witness", "tom"])
def test_a_line_that_is_lost_for_one_of_them_and_comes_back(watched: Watched, who: str) -> None:
    recording = Recording(RIG16 if who == "tom" else RIG22, "two_same_instant")
    watched.begin()
    messages = messages_of(recording)
    points = quiet_points(recording)
    one, two = points[len(points) // 3], points[2 * len(points) // 3]
    watched.play(messages[:one])
    watched.lines[who].cut()
    watched.play(messages[one:two], without=[who])
    watched.lines[who].back(messages[:two])
    watched.lines[who].heard_from()
    if who == "witness":
        watched.witness.until_said("telephones", state="lost")
        until(
            lambda: [one["state"] for one in watched.witness.news if one["event"] == "telephones"][-1],
            lambda state: state == "connected",
            60,
            "the witness hears the telephones again",
        )
    else:
        watched.consoles["tom"].until("calls", lambda one: not one["away"])
    watched.play(messages[two:])
    agreed(watched, recording)
