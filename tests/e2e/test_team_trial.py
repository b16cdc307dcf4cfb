"""A team trial as a technician starts it, and computers that join: real processes, real TLS, a real PostgreSQL."""

from __future__ import annotations

import json
import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.record import Identity, Role
from console.domain.rota import AHEAD, BEFORE
from console.machine.clock import SystemClock
from console.machine.platform import give_to
from console.machine.secrets import SessionSecrets
from console.ports.store import Look
from db.postgres.lines import NotLetIn
from tests.helpers.postgres import server_account, server_folder
from tests.helpers.record_parts import HandClock, Pen
from tests.helpers.team_trial import OWN, Served, ask, beats, end, join, served, store_of
from ui.bootstrap.join_line import read_line
from ui.bootstrap.serving import own_address, running_trial
from ui.bootstrap.serving_folder import ServeFolder
from ui.exits import Exit

pytestmark = [pytest.mark.needs("postgres", "other-account"), pytest.mark.timeout(180)]

PRIYA = Identity("priya.raman", "Priya Raman", Role.SERVICE_ADVISER, "desk-1")
TOM = Identity("tom.ashdown", "Tom Ashdown", Role.DUTY_MANAGER, "desk-2")


@pytest.fixture(scope="module")
def trial() -> Iterator[Served]:
    with server_folder() as folder, served(folder / "home") as running:
        yield running


def _write(home: Path, who: Identity, login: str) -> None:
    with store_of(home, login) as store:
        pen = Pen(who, HandClock(SystemClock().now()))
        stream, opened = pen.contact()
        receipts = store.append(who, [opened, pen.note(stream, "Somebody rang about the heating.")])
        assert [receipt.seq is not None for receipt in receipts] == [True, True]


def _words(home: Path, who: Identity, login: str) -> list[str]:
    with store_of(home, login) as store:
        return [stored.body or "" for stored in store.news(who, 0)]


def test_two_computers_join_and_share_what_is_written(trial: Served, tmp_path: Path) -> None:
    first, second = tmp_path / "one" / "home", tmp_path / "two" / "home"
    for home, who in ((first, PRIYA), (second, TOM)):
        done = join(home, trial.line_for(who.name, who.role.value))
        assert done.returncode == 0, done.stderr
        said = json.loads(done.stdout)
        assert said["database"] == f"postgresql://127.0.0.1:{trial.ready['port']}/trial"
        assert (said["worker"], said["role"], said["kept"]) == (who.name, who.role.value, False)
        assert OWN not in done.stdout + done.stderr
    _write(first, PRIYA, "trial__priya_raman")
    assert any("heating" in body for body in _words(first, PRIYA, "trial__priya_raman"))
    with store_of(second, "trial__tom_ashdown") as store:
        news = store.news(TOM, 0)
    # That something happened, everybody hears; the words of a contact are its members'.
    assert [(one.envelope.author, one.body) for one in news if one.envelope.author == PRIYA.worker] == [
        (PRIYA.worker, None),
        (PRIYA.worker, None),
    ]
    files = [file for home in (first, second) for file in home.rglob("*") if file.is_file()]
    assert {file.name for file in files} <= {"settings.toml", "database_ca.pem", "nightdesk.log"}
    assert not any(OWN in file.read_text(encoding="utf-8") for file in files)


def test_a_line_works_once(trial: Served, tmp_path: Path) -> None:
    line = trial.line_for("Ada Lunn")
    assert join(tmp_path / "a" / "home", line).returncode == 0
    again = join(tmp_path / "b" / "home", line, "some other password")
    assert again.returncode == Exit.REFUSED
    assert "A join line works once" in again.stderr
    assert not (tmp_path / "b" / "home" / "settings.toml").exists()
    assert beats(tmp_path / "a" / "home", "trial__ada_lunn")


def test_a_new_line_ends_the_old_password_and_remove_ends_both(trial: Served, tmp_path: Path) -> None:
    home, login = tmp_path / "home", "trial__dilys_marsh"
    assert join(home, trial.line_for("Dilys Marsh")).returncode == 0
    line = trial.line_for("Dilys Marsh", "duty_manager")
    with pytest.raises(NotLetIn):
        beats(home, login)
    assert join(home, line).returncode == 0
    assert beats(home, login)
    assert trial.ask("serve", "remove", "Dilys Marsh").returncode == 0
    with pytest.raises(NotLetIn):
        beats(home, login)


@pytest.mark.parametrize(
    ("own", "said"), [("short", "at least 12 characters"), ("", "at least 12"), ("one-time", "may not stay")]
)
def test_a_password_that_will_not_do_leaves_the_line_good(trial: Served, tmp_path: Path, own: str, said: str) -> None:
    line, home = trial.line_for("Alex Dunn"), tmp_path / "home"
    refused = join(home, line, read_line(line).password if own == "one-time" else own)
    assert refused.returncode == Exit.USAGE
    assert said in refused.stderr
    assert not (home / "settings.toml").exists()
    assert join(home, line).returncode == 0


def test_a_witness_joins_by_a_line_of_its_own(trial: Served, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (tmp_path / "keyring").write_text("{}", encoding="utf-8")
    done = ask(home, "join", "-", said=f"{trial.line_for('witness', 'witness')}\n{OWN}\n")
    assert done.returncode == 0, done.stderr
    assert "`nightdesk witness`" in done.stdout
    # By the password that joining left in the keyring.
    seen = ask(home, "doctor", "--json", "--login", "witness")
    roles = {one["key"]: one for one in json.loads(seen.stdout)["checks"]}["roles"]
    assert (roles["state"], roles["facts"]["roles"]) == ("well", "witness"), roles


def test_a_trial_is_proved_in_one_command(trial: Served) -> None:
    assert trial.line_for("Ada Lunn")
    done = trial.ask("serve", "verify", "--json")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    head = f"{said['head']['seq']}:{said['head']['digest']}"
    assert trial.ask("serve", "verify", "--seen", head).stdout.startswith("honest:")
    other = trial.ask("serve", "verify", "--seen", f"1:{'0' * 64}")
    assert other.returncode == Exit.NOT_HONEST


def test_a_line_on_the_command_line_is_refused(tmp_path: Path) -> None:
    for words in (["join"], ["console", "--join"]):
        done = ask(tmp_path / "home", *words, "nightdesk-join-1.xyz")
        assert done.returncode == Exit.USAGE
        assert "can be read by every program" in done.stderr


def test_settings_and_record_of_before_stay(trial: Served, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / "settings.toml").write_text('# mine\ndatabase = "old.db"\ntheme = "dark"\n', encoding="utf-8")
    (home / "line.txt").write_text(trial.line_for("Sam Okafor") + "\n", encoding="ascii")
    done = ask(home, "join", str(home / "line.txt"), said=f"{OWN}\n")
    assert done.returncode == 0, done.stderr
    assert "Before, it was old.db; that was not touched." in done.stdout
    text = (home / "settings.toml").read_text(encoding="utf-8")
    assert "# mine\n" in text
    assert 'theme = "dark"\n' in text


def test_another_authority_is_not_believed(trial: Served, tmp_path: Path) -> None:
    with server_folder() as folder, served(folder / "home") as other:
        assert other.ready["authority_sha256"] != trial.ready["authority_sha256"]
        forged = read_line(other.line_for("Priya Raman"))
    honest = read_line(trial.line_for("Kit Vale"))
    from dataclasses import replace  # noqa: PLC0415

    from ui.bootstrap.join_line import write_line  # noqa: PLC0415

    line = write_line(replace(honest, authority=forged.authority))
    home = tmp_path / "home"
    done = join(home, line)
    assert done.returncode == Exit.REFUSED
    assert "prove who it is" in done.stderr
    assert not (home / "settings.toml").exists()
    assert list(home.glob("*.pem")) == []


def test_a_second_serve_of_the_folder_is_refused(trial: Served) -> None:
    done = trial.ask("serve")
    assert done.returncode == Exit.REFUSED
    assert "served from" in done.stderr
    assert trial.line_for("Olu Bright")


@pytest.mark.needs("linux")
def test_no_password_is_in_a_command_line_a_log_or_a_readable_file(trial: Served) -> None:
    password = read_line(trial.line_for("Noor Aziz")).password
    administrator = (trial.folder / "administrator.secret").read_text(encoding="ascii").strip()
    assert len(administrator) >= 32
    words = b"\0".join(_command_lines())
    files = [file for file in trial.home.rglob("*") if file.is_file() and "pg/data" not in str(file)]
    for secret in (password, administrator):
        assert secret.encode() not in words
        named = {file.name for file in files if secret.encode() in file.read_bytes()}
        assert named <= {"administrator.secret"}
    assert (trial.folder / "administrator.secret").stat().st_mode & 0o777 == 0o600
    assert trial.folder.stat().st_mode & 0o777 == 0o700


def _command_lines() -> Iterator[bytes]:
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield place.read_bytes()
        except OSError:
            continue


@pytest.mark.needs("linux")
def test_a_postgresql_that_died_is_started_again(trial: Served, tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert join(home, trial.line_for("Rosa Webb")).returncode == 0
    lock = trial.folder / "pg" / "data" / "postmaster.pid"
    dead = int(lock.read_text(encoding="utf-8").split()[0])
    os.kill(dead, signal.SIGKILL)
    end = time.monotonic() + 60
    while True:
        assert time.monotonic() < end, "it was not started again"
        done = trial.ask("serve", "add", "Rosa Webb", "--role", "amhp")
        if done.returncode == 0:
            break
    assert int(lock.read_text(encoding="utf-8").split()[0]) != dead


def _take_a_door_away(trial: Served) -> None:
    folder = ServeFolder(trial.folder)
    admin = own_address(folder, running_trial(folder), folder.password(SessionSecrets()), "trial")
    with admin.connect() as line:
        line.execute("REVOKE EXECUTE ON FUNCTION nightdesk.ring() FROM nd_worker")


def test_a_trial_survives_its_own_death_and_stops_in_order(tmp_path: Path) -> None:
    home, login = tmp_path / "home", "trial__priya_raman"
    with server_folder() as folder:
        started = time.monotonic()
        with served(folder / "home", "--name", "localhost", "--port", "0") as first:
            line = first.line_for(PRIYA.name)
            print(f"from command to join line: {time.monotonic() - started:.1f} s")
            assert read_line(line).host == "localhost"
            assert join(home, line).returncode == 0
            _write(home, PRIYA, login)
            port = first.ready["port"]
            _take_a_door_away(first)
            end(first, kill=True)
        # Told nothing, it takes the same port and name again: whoever joined comes back.
        with served(first.home, "--host", "127.0.0.1") as second:
            assert (second.ready["recovered"], second.ready["made"]) == (True, False)
            assert (second.ready["port"], second.ready["join_host"]) == (port, "localhost")
            # Each start writes the doors of its own version, so that a newer program meets a newer record.
            seen = ask(home, "doctor", "--json", "--login", "priya.raman", "--password-stdin", said=f"{OWN}\n")
            assert {one["key"]: one["state"] for one in json.loads(seen.stdout)["checks"]}["roles"] == "well"
            assert any("heating" in body for body in _words(home, PRIYA, login))
            assert end(second) == Exit.OK
            assert not (second.folder / "pg" / "data" / "postmaster.pid").exists()
        refused = first.ask("serve", "add", "Tom Ashdown", "--role", "amhp")
        assert refused.returncode == Exit.REFUSED
        assert "does not run" in refused.stderr


def test_with_keyrings_no_password_is_in_a_file_of_ours(tmp_path: Path) -> None:
    home, login = tmp_path / "home", "trial__priya_raman"
    (tmp_path / "keyring").write_text("{}", encoding="utf-8")
    with server_folder() as folder:
        keyring = folder / "keyring"
        keyring.write_text("{}", encoding="utf-8")
        give_to(keyring, server_account())
        with served(folder / "home") as first:
            line = first.line_for("Priya Raman")
            assert not (first.folder / "administrator.secret").exists()
            assert len(json.loads(keyring.read_text(encoding="utf-8"))) == 1
        # Locked away, the keyring keeps nobody out who has joined; only adding people needs it.
        keyring.rename(folder / "away")
        with served(first.home, "--host", "127.0.0.1") as second:
            assert "left at the version of the start before" in second.ready["old_doors"]
            refused = second.ask("serve", "add", "Tom Ashdown", "--role", "amhp")
            assert refused.returncode == Exit.REFUSED
            done = join(home, line)
            assert (done.returncode, json.loads(done.stdout)["kept"]) == (0, True)
            kept = json.loads((tmp_path / "keyring").read_text(encoding="utf-8"))
            port = second.ready["port"]
            assert kept == {f"nightdesk database:trial@127.0.0.1:{port}:{login}": OWN}
            seen = json.loads(ask(home, "doctor", "--json", "--login", "priya.raman").stdout)["checks"]
            states = {one["key"]: one["state"] for one in seen}
            assert [states[key] for key in ("keyring", "database", "roles", "clock")] == ["well"] * 4


def test_a_port_that_is_taken_and_a_name_that_is_none(tmp_path: Path) -> None:
    with server_folder() as folder, socket.create_server(("127.0.0.1", 0)) as taken:
        # A folder for the account that serves; nothing of it runs.
        idle = Served(folder / "home", None, {})
        for words, said in (
            (("--port", str(taken.getsockname()[1])), "name another"),
            (("--port", "0", "--name", "not a name"), "no name or address of a computer"),
            (("--service", "Solent Out of Hours"), "cannot be the name of a service database"),
        ):
            done = idle.ask("serve", *words)
            assert done.returncode in (Exit.REFUSED, Exit.USAGE)
            assert said in done.stderr
            assert not (idle.folder / "pg" / "data" / "postmaster.pid").exists()
        with served(idle.home) as running:
            assert running.line_for("Priya Raman")


@pytest.mark.needs("root")
def test_root_is_refused(tmp_path: Path) -> None:
    for words in (["serve"], ["serve", "add", "X", "--role", "amhp"]):
        done = ask(tmp_path / "home", *words)
        assert done.returncode == Exit.REFUSED
        assert "not served as root" in done.stderr
    assert not (tmp_path / "home" / "serve").exists()


def test_the_sample_council_comes_in_by_one_command_and_is_found_by_who_has_joined(tmp_path: Path) -> None:
    with server_folder() as folder, served(folder / "home", "--invented", "--port", "0") as trial:
        council = folder / "council"
        assert trial.ask("people", "sample", str(council), "--count", "40").returncode == 0
        added = {}
        for kind in ("people", "relationships", "agencies"):
            done = trial.ask("serve", "import", kind, str(council / f"{kind}.csv"), "--invented", "--json")
            assert done.returncode == 0, done.stderr
            added[kind] = json.loads(done.stdout)["added"]
        assert added.pop("relationships") > 0
        assert added == {"people": 40, "agencies": 12}
        home = tmp_path / "home"
        assert join(home, trial.line_for(PRIYA.name)).returncode == 0
        with store_of(home, "trial__priya_raman") as store:
            found = store.look(PRIYA, store.ask_look(PRIYA, Look("t", e164="+447700900412")))
            assert {one.given for one in found.people} == {"Marcus", "Lena"}
            assert len(store.agencies(PRIYA)) == 12
            marcus = next(one.person for one in found.people if one.given == "Marcus")
            record = store.open(PRIYA, store.ask_open(PRIYA, marcus, "t"))
            assert [(one.name, one.kind) for one in record.relations] == [("Lena Fenn", "wife")]
        rota = council / "rota.csv"
        rota.write_text(trial.ask("rota", "sample").stdout, encoding="utf-8")
        done = trial.ask("serve", "import", "rota", str(rota), "--invented", "--json")
        assert done.returncode == 0, done.stderr
        assert json.loads(done.stdout)["added"] > 0
        now = SystemClock().now()
        with store_of(home, "trial__priya_raman") as store:
            assert "Dilip Shah" in {one.name for one in store.rota(now - BEFORE, now + AHEAD)}
        real = trial.ask("serve", "import", "rota", str(rota))
        assert real.returncode == Exit.REFUSED
        assert "say --invented" in real.stderr
        refused = trial.ask("serve", "import", "people", str(council / "people.csv"))
        assert refused.returncode == Exit.REFUSED
        assert "say --invented" in refused.stderr
        end(trial)
        away = trial.ask("serve", "import", "people", str(council / "people.csv"), "--invented")
        assert away.returncode == Exit.REFUSED
        assert "does not run, so nothing was done" in away.stderr
