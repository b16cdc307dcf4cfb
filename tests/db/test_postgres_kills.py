"""PostgreSQL killed under eight writing consoles: nothing acknowledged is lost, nothing is there twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache

import pytest

from console.domain.record import Envelope, Identity
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.lines import Lines
from db.postgres.store import PostgresStore
from tests.helpers.busy_writers import Writer, acknowledged, writing
from tests.helpers.postgres import KINDS, own_cluster
from tests.helpers.record_people import PEOPLE
from tests.helpers.team_rights import Team, clock_now, team_on
from tests.helpers.waiting import until

EIGHT = list(PEOPLE[-8:])


@pytest.fixture(scope="module")
def durable() -> Iterator[Callable[[str], Cluster]]:
    """Give a cluster of a kind that writes everything through."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(own_cluster(kind, Profile.DURABLE)))


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, durable: Callable[[str], Cluster]) -> Iterator[Team]:
    """A new service on it."""
    with team_on(durable(request.param)) as made:
        yield made


def store_of(team: Team, who: Identity) -> PostgresStore:
    return PostgresStore(Lines(team.address(who)), clock_now())


@dataclass
class Account:
    """What was found, and how long things took."""

    acknowledged: int = 0
    in_doubt: int = 0
    already: int = 0
    lost: int = 0
    duplicated: int = 0
    out_of_order: int = 0
    noticed: list[float] = field(default_factory=list)
    recovered: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        """Return it as a line."""
        noticed, recovered = (" ".join(f"{one:.2f}" for one in them) for them in (self.noticed, self.recovered))
        return (
            f"{self.acknowledged} acknowledged, {self.in_doubt} in doubt ({self.already} of them were there), "
            f"{self.lost} lost, {self.duplicated} duplicated, {self.out_of_order} out of order; "
            f"noticed in {noticed} s, everybody writes again after {recovered} s"
        )


def killed_under_load(team: Team, kills: int, entries: int) -> Account:
    """Kill the server ``kills`` times, each after ``entries`` more were acknowledged, and give the account."""
    account = Account()
    with writing(lambda who: store_of(team, who), EIGHT) as writers:
        for _ in range(kills):
            enough = acknowledged(writers) + entries
            until(lambda e=enough: acknowledged(writers) >= e, 120, "enough was written")  # type: ignore[misc]  # a bound default
            _kill(team, writers, account)
        enough = acknowledged(writers) + entries
        until(lambda: acknowledged(writers) >= enough, 120, "enough was written")
    _settle(team, writers, account)
    return account


def _kill(team: Team, writers: list[Writer], account: Account) -> None:
    for writer in writers:
        writer.told.away_at = 0.0
    killed = time.monotonic()
    team.cluster.kill()
    # Of a dead server each writer hears at once, or its next call does.
    until(lambda: all(writer.told.away_at for writer in writers), 60, "everybody knows that it is away")
    account.noticed.append(max(writer.told.away_at for writer in writers) - killed)
    assert all(writer.told.last_at < time.monotonic() for writer in writers)
    port = team.cluster.address[1]
    started = time.monotonic()
    team.cluster.start()
    assert team.cluster.address[1] == port
    until(lambda: all(writer.told.last_at > started for writer in writers), 60, "everybody writes again")
    account.recovered.append(time.monotonic() - killed)


def _settle(team: Team, writers: list[Writer], account: Account) -> None:
    """Hold what the writers were told to what the record holds."""
    store = store_of(team, EIGHT[0])
    there: list[Envelope] = []
    while page := store.envelopes(there[-1].seq if there else 0, 5000):
        there += page
    store.close()
    seqs = {envelope.id: envelope.seq for envelope in there}
    assert [envelope.seq for envelope in there] == list(range(1, len(there) + 1)), "the order has a hole"
    for writer in writers:
        told = writer.told
        account.acknowledged += len(told.acknowledged)
        account.in_doubt += told.in_doubt
        account.already += told.already
        account.lost += sum(identity not in seqs for identity, _ in told.acknowledged)
        mine = [envelope.id for envelope in there if envelope.stream == told.stream]
        account.duplicated += len(mine) - len(set(mine)) + len(set(mine) - {one for one, _ in told.acknowledged})
        account.out_of_order += mine != [identity for identity, _ in told.acknowledged if identity in seqs]
        account.out_of_order += any(seqs.get(identity, seq) != seq for identity, seq in told.acknowledged)
    proof = PostgresStore(Lines(team.address("verify"), limit=None), clock_now())
    report = proof.verify()
    proof.close()
    assert (report.entries, report.first_bad, report.what) == (len(there), 0, "")


def check(account: Account, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    with capsys.disabled():
        print(f"\n{kind}: {account}")
    assert (account.lost, account.duplicated, account.out_of_order) == (0, 0, 0)
    assert max(account.noticed) < 5
    assert max(account.recovered) < 30


@pytest.mark.timeout(180)
def test_three_kills_lose_nothing_and_repeat_nothing(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    check(killed_under_load(team, 3, 300), capsys, str(team.cluster.version()))


@pytest.mark.long("postgres-kills")
@pytest.mark.timeout(1800)
def test_three_kills_among_many_thousand_entries(team: Team, capsys: pytest.CaptureFixture[str]) -> None:
    check(killed_under_load(team, 3, 10_000), capsys, str(team.cluster.version()))
