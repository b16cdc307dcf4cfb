"""Real consoles on a team's record: a server that goes and comes back, a log-in that ends in mid-shift, the program."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.domain.record import Role
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.target import Tls
from db.team import Way, add_worker, remove_worker
from tests.helpers import half_filled_evening as half_filled
from tests.helpers import signals_across
from tests.helpers.driven_console import ROOT, DrivenConsole, until
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.team_office import TeamOffice, password_of, team_office

pytest_plugins = ["tests.helpers.postgres_fixtures"]
pytestmark = [pytest.mark.needs("postgres"), pytest.mark.timeout(120)]

PATIENCE = 60.0
ASK_HELP = next(one for one in half_filled.HANDLER if one.key == "ask_help")


@pytest.fixture
def office(tmp_path: Path, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[TeamOffice]:
    """A team's record, and whatever the test opens."""
    with team_office(postgres_of_the_run(NEWEST), tmp_path) as made:
        yield made
        made.check()


def states(console: DrivenConsole) -> dict[str, str]:
    """Return how far each line of the note is."""
    note = console.probe("note")
    return dict(zip(note["lines"], note["kept"], strict=True))


def until_state(console: DrivenConsole, line: str, state: str) -> None:
    until(lambda: states(console).get(line), lambda found: found == state, 25, f"{line!r} is {state}")


def notes(office: TeamOffice) -> list[str]:
    """Return what stands in the shared record, in its order."""
    return [body["text"] for _, _, body in office.bodies("contact.note")]


def begin(console: DrivenConsole) -> None:
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])


def test_a_server_that_goes_and_comes_back_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with own_cluster(NEWEST, Profile.TESTS_ONLY) as cluster, team_office(cluster, tmp_path) as office:
        priya = office.priya()
        begin(priya)
        priya.note("before")
        until_state(priya, "before", "shared")
        cluster.stop()
        priya.note("while it was away")
        until_state(priya, "while it was away", "kept")
        priya.until("link", lambda one: one["link"] == "away")
        cluster.start()
        until_state(priya, "while it was away", "shared")
        priya.note("after")
        until_state(priya, "after", "shared")
        assert notes(office) == ["before", "while it was away", "after"]
        assert office.verify().returncode == 0
        office.check()


def test_a_log_in_that_ends_in_mid_shift_strands_no_words(office: TeamOffice) -> None:
    service = office.service
    admin = Way(service.target, Tls(), SUPERUSER, service.password)
    priya, tom = office.priya(), office.tom(screen="handler")
    begin(priya)
    priya.note("before")
    until_state(priya, "before", "shared")
    remove_worker(admin, "Priya Raman")
    priya.note("while she was out")
    until_state(priya, "while she was out", "kept")
    priya.until("link", lambda one: "log-in" in one["sentence"])
    begin(tom)
    tom.note("others work on")
    until_state(tom, "others work on", "shared")
    add_worker(admin, "priya.raman", "Priya Raman", [Role.SERVICE_ADVISER], password_of("Priya Raman"))
    until_state(priya, "while she was out", "shared")
    assert sorted(notes(office)) == ["before", "others work on", "while she was out"]


def test_a_role_that_is_taken_away_is_refused_by_the_server_and_the_words_wait(office: TeamOffice) -> None:
    priya = office.priya()
    begin(priya)
    priya.note("before")
    until_state(priya, "before", "shared")
    office.service.sql("UPDATE worker SET roles = '{auditor}' WHERE worker = 'priya.raman'")
    priya.note("without a role")
    until_state(priya, "without a role", "kept")
    office.service.sql("UPDATE worker SET roles = '{service_adviser}' WHERE worker = 'priya.raman'")
    until_state(priya, "without a role", "shared")
    assert notes(office) == ["before", "without a role"]


@pytest.mark.parametrize("hours", [2, -2])
def test_a_clock_two_hours_off_is_said_on_every_screen_and_what_is_written_carries_the_records_time(
    office: TeamOffice, hours: int
) -> None:
    # Whichever of the two is wrong: this computer's clock cannot be moved for one program, the server's can.
    now = f"clock_timestamp() + interval '{hours} hours'"
    office.service.sql(
        "CREATE OR REPLACE FUNCTION now_us() RETURNS bigint LANGUAGE sql VOLATILE SET search_path = nightdesk, pg_temp "
        f"AS $$ SELECT floor(extract(epoch FROM {now}) * 1000000)::bigint $$"
    )
    priya, helen = office.priya(), office.helen()
    for console in (priya, helen):
        found = console.until("link", lambda one: abs(one["offset"]) > 7000)
        assert round(found["offset"] / 3600) == hours
        until(console.words, lambda text: re.search(r"clock is (7199|720[01]) s off", text), 25, "the clock is said")
    begin(priya)
    priya.note("put right")
    until_state(priya, "put right", "shared")
    apart = office.sql("SELECT kind, abs(stored_at - made_at) / 1e6 FROM entry WHERE station <> ''")
    late = {kind for kind, seconds in apart if seconds > 60}
    assert not late, "every entry, from the sign-in on, carries the record's time"
    assert ("contact.note",) in office.sql("SELECT DISTINCT kind FROM entry")


def program(office: TeamOffice, *words: str) -> subprocess.Popen[str]:
    """Start ``nightdesk console`` on the team's record, the password on stdin."""
    environment = os.environ | {"NIGHTDESK_HOME": str(office.folder / "program"), "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "ui", "console", "--database", office.record, "--password-stdin", *words]
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip


def test_the_program_signs_in_with_a_password_from_stdin(office: TeamOffice) -> None:
    with program(office, "--name", "Helen Marsh", "--as", "board") as running:
        assert running.stdin is not None
        running.stdin.write(password_of("Helen Marsh") + "\n")
        running.stdin.flush()
        arguments = Path(f"/proc/{running.pid}/cmdline")
        try:
            until(
                lambda: office.sql("SELECT author, role FROM entry WHERE kind = 'shift.signed_in'") or running.poll(),
                bool,
                PATIENCE,
                "signed in",
            )
            if arguments.exists():
                assert password_of("Helen Marsh") not in arguments.read_text(encoding="utf-8")
        finally:
            running.send_signal(signal.SIGINT)
        _, said = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130, said
    assert "Traceback" not in said
    assert office.sql("SELECT author, role FROM entry WHERE kind = 'shift.signed_in'") == [
        ("helen.marsh", "duty_manager")
    ]
    logs = "".join(file.read_text(encoding="utf-8") for file in (office.folder / "program" / "logs").glob("*"))
    for secret in (password_of("Helen Marsh"), "helen", "Helen"):
        assert secret not in logs


def test_the_program_says_why_nobody_was_let_in(office: TeamOffice) -> None:
    with program(office, "--name", "Helen Marsh") as running:
        out, said = running.communicate("wrong\n", timeout=PATIENCE)
    assert (running.returncode, out) == (5, "")
    assert "did not accept this log-in name and password" in said


def test_a_half_filled_panel_is_there_after_a_kill_while_the_server_was_away(tmp_path: Path) -> None:
    with own_cluster(NEWEST, Profile.TESTS_ONLY) as cluster, team_office(cluster, tmp_path) as office:
        priya, _ = half_filled.begin(office)
        half_filled.half_fill(priya, half_filled.HANDLER[1])
        cluster.stop()
        priya.until("link", lambda one: one["link"] == "away")
        half_filled.half_fill(priya, ASK_HELP)
        half_filled.all_kept(priya, 2)
        priya.kill()
        cluster.start()
        priya = office.priya(home="one desk")
        half_filled.open_record(priya)
        for panel in (half_filled.HANDLER[1], ASK_HELP):
            form = half_filled.open_panel(priya, panel)
            values = form["values"]
            assert isinstance(values, dict)
            assert {key: values[key] for key in panel.held} == panel.held
            assert str(form["kept"]).startswith("Half-filled, kept on this computer, ")
        priya.press("finish")
        drafted = "SELECT count(*) FROM entry WHERE kind = 'help.drafted'"
        until(lambda: office.sql(drafted), lambda found: found == [(2,)], 25, "the request is drafted, once")
        priya.until("half_filled", lambda found: [one["panel"] for one in found] == ["new_person"])


def test_signals_between_two_processes_on_a_server(office: TeamOffice) -> None:
    signals_across.play(office)
