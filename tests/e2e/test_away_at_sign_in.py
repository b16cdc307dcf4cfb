"""The record is away when a worker comes: this computer lets in whom it knows, and nothing written there is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.domain.record import Role
from db.postgres.cluster import SUPERUSER, Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.target import Tls
from db.team import Way, add_worker, remove_worker
from tests.helpers.driven_console import ConsoleFailed, DrivenConsole, until
from tests.helpers.postgres import NEWEST, own_cluster
from tests.helpers.team_office import TeamOffice, password_of, team_office

pytestmark = [pytest.mark.needs("postgres"), pytest.mark.timeout(180)]

HOME = "the desk"
NAME = "Priya Raman"
PATIENCE = 60.0


@pytest.fixture
def cluster() -> Iterator[Cluster]:
    with own_cluster(NEWEST, Profile.TESTS_ONLY) as made:
        yield made


@pytest.fixture
def office(tmp_path: Path, cluster: Cluster) -> Iterator[TeamOffice]:
    """A team's record where Priya has come in once, and gone again."""
    with team_office(cluster, tmp_path) as made:
        first = made.priya(home=HOME)
        until(lambda: verifiers(made), bool, PATIENCE, "a verifier in the keyring")
        first.close()
        yield made
        made.check()


def verifiers(office: TeamOffice) -> list[str]:
    """Return the names of what the desk's keyring can check passwords against."""
    file = office.folder / HOME / "secrets.json"
    return [name for name in json.loads(file.read_text()) if name.startswith("unlock:")] if file.exists() else []


def admin_of(office: TeamOffice) -> Way:
    return Way(office.service.target, Tls(), SUPERUSER, office.service.password)


def write(console: DrivenConsole, line: str) -> None:
    console.press("contact_without_call")
    console.until("note", lambda one: not one["read_only"])
    console.note(line)
    until_state(console, line, "kept")


def until_state(console: DrivenConsole, line: str, state: str) -> None:
    def found() -> str:
        note = console.probe("note")
        return str(dict(zip(note["lines"], note["kept"], strict=True)).get(line))

    until(found, lambda one: one == state, PATIENCE, f"{line!r} is {state}")


def test_who_came_in_here_before_works_on_the_journal_and_the_look_is_replayed_first(
    office: TeamOffice, cluster: Cluster
) -> None:
    before = office.sql("SELECT coalesce(max(seq), 0) FROM entry")[0][0]
    cluster.stop()
    priya = office.priya(home=HOME)
    assert priya.probe("link")["link"] == "away"
    priya.until_shown("this computer let you in by your last password")
    priya.until_shown("nobody can be looked up, no record opened, and nothing taken over")
    write(priya, "while it was away")
    cluster.start()
    until_state(priya, "while it was away", "shared")
    new = office.sql("SELECT kind, author FROM entry WHERE seq > ? ORDER BY seq", before)
    assert new[0] == ("access.offline", "priya.raman")
    assert ("contact.note", "priya.raman") in new
    looks = office.sql("SELECT action, worker, person, reason FROM access ORDER BY seq")
    assert [look[:3] for look in looks] == [("opened_offline", "priya.raman", None)]
    assert "while the shared record was away" in looks[0][3]
    assert office.verify().returncode == 0


def test_a_wrong_password_and_a_stranger_are_not_let_in(office: TeamOffice, cluster: Cluster) -> None:
    cluster.stop()
    for name, password, sentence in (
        (NAME, "not hers", "not the one of your last sign-in here"),
        ("Tom Adeyemi", password_of("Tom Adeyemi"), "has not come in at this computer within 14 days"),
    ):
        with pytest.raises(ConsoleFailed, match=sentence):
            office.open(name, "1001", home=HOME, password=password)
    cluster.start()


@pytest.mark.parametrize("how", ["removed", "another password"])
def test_words_of_a_worker_whose_log_in_ended_meanwhile_are_held_and_not_lost(
    office: TeamOffice, cluster: Cluster, how: str
) -> None:
    if how == "removed":
        remove_worker(admin_of(office), NAME)
    else:
        add_worker(admin_of(office), "priya.raman", NAME, [Role.SERVICE_ADVISER], "a new password of hers")
    cluster.stop()
    priya = office.priya(home=HOME)
    write(priya, "while it was away")
    cluster.start()
    priya.until("link", lambda one: "did not accept this log-in name and password" in one["sentence"])
    until(lambda: verifiers(office), lambda names: not names, PATIENCE, "the desk forgets what the server refuses")
    assert office.bodies("contact.note") == []
    priya.close()
    add_worker(admin_of(office), "priya.raman", NAME, [Role.SERVICE_ADVISER], password_of(NAME))
    again = office.priya(home=HOME)
    until(lambda: office.bodies("contact.note"), bool, PATIENCE, "what was held is sent")
    assert [body["text"] for _, _, body in office.bodies("contact.note")] == ["while it was away"]
    again.until("link", lambda one: one["link"] == "together")
