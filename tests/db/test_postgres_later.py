"""The feed of somebody whom this computer let in asks who that is before it reads anything (decision 24)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import pytest

from console.domain.record import START
from console.machine.clock import SystemClock
from console.ports.feed import Arrived, FeedAway, FeedNews
from db.postgres.cluster import Cluster
from db.postgres.later import LaterLines
from db.postgres.store import PostgresStore
from tests.helpers.postgres import NEWEST
from tests.helpers.record_people import PRIYA, TOM
from tests.helpers.team_rights import Team, pen_of, team_on
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]


@pytest.fixture
def team(postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    with team_on(postgres_of_the_run(NEWEST)) as made:
        yield made


@pytest.mark.parametrize(("worker", "reads"), [(PRIYA.worker, True), (TOM.worker, False)])
def test_the_feed_reads_nothing_until_the_server_has_said_who_this_is(team: Team, worker: str, reads: bool) -> None:
    ref, opened = pen_of(PRIYA).contact()
    team.write(PRIYA, opened)
    told: list[tuple[str, Sequence[str]]] = []
    heard: list[FeedNews] = []
    lines = LaterLines(team.address(PRIYA), worker, lambda _: None, lambda *who: told.append(who), lambda: None)
    store = PostgresStore(lines, SystemClock())
    feed = store.feed(PRIYA, SystemClock())
    feed.start(START, heard.append)
    try:
        until(lambda: any(isinstance(one, Arrived | FeedAway) for one in heard), 60, "the feed said something")
    finally:
        feed.stop()
        store.close()
    assert any(isinstance(one, Arrived) for one in heard) is reads
    assert bool(told) is reads, "who this is was asked by the feed itself"
    if not reads:
        assert all(isinstance(one, FeedAway) and "knows this log-in as somebody else" in one.sentence for one in heard)
