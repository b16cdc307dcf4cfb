"""``nightdesk witness`` as a technician and a service manager meet it: sentences, exit codes, signals, what is kept."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.record import Role
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.target import Tls
from db.team import Way, add_worker
from tests.helpers.ami_streams import messages_of
from tests.helpers.driven_console import ROOT, Office, until
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.gate import gate_to
from tests.helpers.postgres import NEWEST
from tests.helpers.recordings import Recording
from tests.helpers.team_office import TeamOffice, password_of, team_office
from tests.helpers.watched import Line, WitnessProcess, as_bytes

pytest_plugins = ["tests.helpers.driven_console_fixtures", "tests.helpers.postgres_fixtures"]
pytestmark = [pytest.mark.timeout(120), pytest.mark.needs("posix")]

ABANDONED = Recording("asterisk-22", "q_abandoned")
EVENING = """\
title "One call"
night 01-Dec-2026
opens 22:13:50
line 01632 960001 "Hampshire adults"
phone 1001 "Priya Raman" queue oohs
22:14:00 call missed from 07700 900412 to 01632 960001 queue oohs
 rings 1001
22:14:30 caller rings off missed
"""


def run(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command until it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "ui", "witness", *words],
        cwd=ROOT, env={**os.environ, "NIGHTDESK_HOME": str(home), **environment}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def asterisk(port: int) -> tuple[str, ...]:
    return (
        "--switchboard",
        "asterisk_ami",
        "--set",
        "host=127.0.0.1",
        "--set",
        f"port={port}",
        "--set",
        f"user={USER}",
    )


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.cut()


@pytest.fixture
def witness(office: Office, line: Line) -> Iterator[WitnessProcess]:
    made = WitnessProcess(office.folder / "witness", office.record, line)
    yield made
    if hasattr(made, "process"):
        made.end()


def test_what_keeps_it_from_starting_is_one_sentence(tmp_path: Path, office: Office) -> None:
    said = run(tmp_path)
    assert (said.returncode, said.stdout) == (2, "")
    assert "No switchboard is set" in said.stderr
    said = run(tmp_path, "--database", str(tmp_path / "none.db"), *asterisk(1))
    assert said.returncode == 5
    assert "There is no record" in said.stderr
    said = run(tmp_path, "--database", office.record, "--switchboard", "simulator", "--set", "address=127.0.0.1:1")
    assert said.returncode != 0, "a simulated switchboard writes into no real record"
    for one in (said.stderr, said.stdout):
        assert "Traceback" not in one


@pytest.mark.parametrize(
    ("banner", "code"), [(b"Asterisk Call Manager/1.1\r\n", 3), (b"Asterisk Call Manager/5.0.4\r\n", 5)]
)
def test_a_switchboard_that_will_not_have_it_ends_it_at_the_start(office: Office, banner: bytes, code: int) -> None:
    with FakeAsterisk(Manner(banner=banner)) as pbx:
        words = ("--database", office.record, *asterisk(pbx.port))
        said = run(office.folder / "home", *words, NIGHTDESK_SWITCHBOARD_SECRET="not the secret")
    assert said.returncode == code, said.stderr
    assert "Traceback" not in said.stderr
    assert "not the secret" not in said.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_in_order_with_everything_sent(
    office: Office, witness: WitnessProcess, line: Line, number: signal.Signals
) -> None:
    witness.start()
    witness.until_said("telephones", state="connected")
    line.play(as_bytes(messages_of(ABANDONED)))
    until(lambda: office.bodies("call.ended"), bool, 30, "the call has ended in the record")
    assert witness.end(number) == 0
    assert witness.news[-1]["event"] == "stopped"
    assert (witness.news[-1]["waiting"], witness.news[-1]["lost"]) == (0, False)
    (ended,) = office.bodies("call.ended")
    assert ended[1:] == ("witness", {"outcome": "abandoned", "ended_by": "caller"})
    assert [body["state"] for _, _, body in office.bodies("shift.watch")][-1] == "ended"
    assert office.verify().returncode == 0


def test_words_are_for_a_person_and_qt_is_nowhere(office: Office, line: Line) -> None:
    """As a technician starts it in a window; and on a server that has no Qt."""
    script = (
        "import sys\n"
        "class NoQt:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] in ('PySide6', 'shiboken6'): raise ImportError('there is no Qt here')\n"
        "sys.meta_path.insert(0, NoQt())\n"
        "from ui.cli import main\n"
        "code = main(sys.argv[1:])\n"
        "assert not [name for name in sys.modules if name.startswith(('PySide6', 'shiboken6'))]\n"
        "sys.exit(code)\n"
    )
    environment = {"NIGHTDESK_HOME": str(office.folder / "home"), "NIGHTDESK_SWITCHBOARD_SECRET": SECRET}
    words = ("witness", "--database", office.record, *asterisk(line.port), "--key-file", str(office.folder / "key"))
    with subprocess.Popen(
        [sys.executable, "-c", script, *words], cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stderr is not None
        said: list[str] = []
        while "telephone system is connected" not in (said or [""])[-1]:
            said.append(process.stderr.readline())
            assert said[-1], said
        process.send_signal(signal.SIGINT)
        out, rest = process.communicate(timeout=60)
    assert (process.returncode, out) == (0, ""), rest
    assert rest == "nightdesk: Stopped in order: everything heard is in the shared record.\n"
    assert all(one.startswith("nightdesk: ") for one in said)


def test_a_reader_that_goes_away_ends_no_watch(office: Office, line: Line) -> None:
    environment = {"NIGHTDESK_HOME": str(office.folder / "home"), "NIGHTDESK_SWITCHBOARD_SECRET": SECRET}
    words = ("--json", "--database", office.record, *asterisk(line.port), "--key-file", str(office.folder / "key"))
    with subprocess.Popen(
        [sys.executable, "-m", "ui", "witness", *words], cwd=ROOT, env={**os.environ, **environment},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stderr is not None
        while json.loads(process.stdout.readline()).get("state") != "connected":
            pass
        process.stdout.close()
        line.cut()
        line.back()
        line.heard_from()
        line.play(as_bytes(messages_of(ABANDONED)))
        until(lambda: office.bodies("call.ended"), bool, 30, "calls are still written down")
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 0
        assert process.stderr.read() == ""


def test_two_of_them_cannot_share_a_home(office: Office, witness: WitnessProcess, line: Line) -> None:
    witness.start()
    witness.until_said("telephones", state="connected")
    other = Line()
    try:
        words = ("--database", office.record, *asterisk(other.port), "--key-file", str(witness.folder / "key"))
        said = run(witness.folder, *words, NIGHTDESK_SWITCHBOARD_SECRET=SECRET)
    finally:
        other.cut()
    assert said.returncode == 5
    assert "Traceback" not in said.stderr
    assert len(said.stderr.splitlines()) == 2


def test_a_call_of_the_night_is_on_the_board_of_whoever_comes_in_the_morning(office: Office, line: Line) -> None:
    """No console runs: the witness alone hears it."""
    control = office.telephones(EVENING)
    simulator = ("--switchboard", "simulator", "--set", f"address={office.address}", "--rehearsal")
    made = WitnessProcess(office.folder / "witness", office.record, line, more=simulator)
    made.start()
    try:
        made.until_said("telephones", state="connected")
        control.jump(office.opens + timedelta(seconds=60))
        until(lambda: office.bodies("call.ended"), bool, 30, "the call has ended in the record")
        assert made.end() == 0
    finally:
        made.end()
    helen = office.helen()
    board = helen.until("board", lambda one: one["answered"]["offered"] == 1)
    assert (board["answered"]["abandoned"], board["answered"]["answered"]) == (1, 0)
    helen.until_shown("1 rang off")
    helen.until_shown("Witness ended")


# --- on a team's record ------------------------------------------------------------------------


@pytest.fixture
def team(tmp_path: Path, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[TeamOffice]:
    with team_office(postgres_of_the_run(NEWEST), tmp_path) as made:
        admin = Way(made.service.target, Tls(), SUPERUSER, made.service.password)
        add_worker(admin, "witness", "Witness", [Role.WITNESS], password_of("Witness"))
        yield made


@pytest.mark.needs("postgres")
def test_only_a_witness_with_its_password_is_let_in(team: TeamOffice, tmp_path: Path) -> None:
    words = ("--database", team.record, *asterisk(1))
    key = ("--key-file", str(tmp_path / "key"))
    wrong = run(tmp_path / "home", *words, *key, NIGHTDESK_DATABASE_PASSWORD="wrong")
    assert wrong.returncode == 5
    assert "did not accept this log-in name and password" in wrong.stderr
    hers = password_of("Priya Raman")
    worker = run(tmp_path / "home", *words, *key, "--login", "Priya Raman", NIGHTDESK_DATABASE_PASSWORD=hers)
    assert worker.returncode == 2
    assert "is no witness's" in worker.stderr
    none = run(tmp_path / "home", *words, *key)
    assert none.returncode == 5
    assert "NIGHTDESK_DATABASE_PASSWORD" in none.stderr
    for said in (wrong, worker, none):
        assert hers not in said.stderr + said.stdout


@pytest.mark.needs("postgres")
def test_it_starts_and_watches_while_the_server_is_away(team: TeamOffice, line: Line) -> None:
    """The night the server does not come up: what is heard waits here, also through a kill."""
    url, password = team.service.url, password_of("Witness")
    first = WitnessProcess(team.folder / "witness", url, line, password)
    first.start()
    first.until_said("telephones", state="connected")
    assert first.end() == 0
    with gate_to(team.service.cluster.address) as gate:
        gate.shut.set()
        shut = f"postgresql://127.0.0.1:{gate.port}/{team.service.name}"
        alone = WitnessProcess(team.folder / "witness", shut, line, password)
        alone.start()
        alone.until_said("record", state="away")
        alone.until_said("telephones", state="connected")
        before = _kept(team.folder / "witness")
        line.play(as_bytes(messages_of(ABANDONED)))
        until(lambda: _kept(team.folder / "witness") - before, lambda more: more > A_CALL, 30, "facts are kept")
        alone.kill()
        assert team.bodies("call.%") == []
    line.cut()
    line.back()
    again = WitnessProcess(team.folder / "witness", url, line, password)
    again.start()
    until(lambda: team.bodies("call.ended"), bool, 60, "what waited is in the record")
    assert again.end() == 0
    assert team.verify().returncode == 0


A_CALL = 12_000
"""Bytes by which the facts of a call make a journal larger, at least."""


def _kept(home: Path) -> int:
    """Return how many bytes the witness's journal has, with what is not folded into it yet."""
    return sum(file.stat().st_size for file in (home / "journals").glob("*.journal*"))


@pytest.mark.needs("postgres")
def test_the_password_stands_nowhere_but_where_it_was_given(team: TeamOffice, line: Line) -> None:
    made = WitnessProcess(team.folder / "witness", team.record, line, password_of("Witness"))
    made.start()
    made.until_said("telephones", state="connected")
    arguments = Path(f"/proc/{made.process.pid}/cmdline")
    if arguments.exists():
        assert password_of("Witness") not in arguments.read_text(encoding="utf-8")
    assert made.end() == 0
    kept = b"".join(file.read_bytes() for file in made.folder.rglob("*") if file.is_file())
    for secret in (password_of("Witness"), SECRET):
        assert secret.encode() not in kept
    assert json.loads((made.folder / "witness.json").read_text(encoding="utf-8"))["worker"] == "witness"
