"""The fixtures of tests of a team's commands; a module names this and ``postgres_fixtures`` in ``pytest_plugins``."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from console.machine.secrets import KeyringSecrets
from db.postgres.cluster import Cluster
from tests.helpers.keyrings import ShelfKeyring
from tests.helpers.postgres import NEWEST
from tests.helpers.team_service import CommandLine, TeamService, named_service


@pytest.fixture
def team_cluster(postgres_of_the_run: Callable[[str], Cluster]) -> Cluster:
    return postgres_of_the_run(NEWEST)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> CommandLine:
    return CommandLine(monkeypatch, capsys)


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> ShelfKeyring:
    """A keyring on a shelf; patched in, because an account has one and a test must not write into it."""
    shelf = ShelfKeyring()
    monkeypatch.setattr("ui.bootstrap.team.keyring_of_commands", lambda: KeyringSecrets(backend=shelf))
    return shelf


@pytest.fixture
def unmade(team_cluster: Cluster) -> Iterator[TeamService]:
    with named_service(team_cluster) as named:
        yield named


@pytest.fixture
def service(unmade: TeamService, line: CommandLine) -> TeamService:
    """A service that the command made."""
    line.json("db", "init", "--invented", *unmade.admin, stdin=unmade.password)
    return unmade
