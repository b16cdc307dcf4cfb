"""A server that stands still, and one that comes back older than it was: said in time, and nothing is lost."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cache, partial
from pathlib import Path
from uuid import uuid4

import pytest

from console.domain.record import START, Cursor, Identity, Kind, SeenMark, StreamKind, StreamRef
from console.machine.clock import SystemClock
from console.machine.loop import Loop
from console.machine.runner import LaneRunner
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews
from console.ports.store import CardOrder, CardQuery, Look, StoreAway, Ticket, Verdict
from console.services.driver import Doors
from console.services.ledger import Ledger
from console.services.link_state import Link
from console.services.recorder import Recorder
from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from db.postgres.lines import CALL_LIMIT, CONNECT_LIMIT, Lines
from db.postgres.store import PostgresStore
from db.shelf import JournalShelf
from tests.helpers.frozen import frozen, stopped
from tests.helpers.postgres import KINDS, own_cluster, server_account
from tests.helpers.record_people import PRIYA, TOM
from tests.helpers.team_rights import Team, clock_now, pen_of, team_on
from tests.helpers.waiting import until

pytestmark = pytest.mark.needs("linux")

SAID_WITHIN = 5.0
ROOM = 8.0
"""Seconds that a busy computer may add to a limit."""


@pytest.fixture(scope="module")
def clusters() -> Iterator[Callable[[str], Cluster]]:
    """Give the module's cluster of a kind: nobody else waits for it, and a kill takes no log-in away."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(own_cluster(kind, Profile.DURABLE)))


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, clusters: Callable[[str], Cluster]) -> Iterator[Team]:
    """A new service on the newest and the oldest PostgreSQL in turn."""
    with team_on(clusters(request.param), [PRIYA, TOM]) as made:
        yield made


# --- standing still --------------------------------------------------------------------------


def every_call(store: PostgresStore) -> dict[str, Callable[[], object]]:
    """Return every call of the port."""
    ref, ticket = StreamRef(StreamKind.CONTACT, uuid4()), Ticket(uuid4(), "listed")
    return {
        "append": partial(store.append, PRIYA, [pen_of(PRIYA).contact()[1]]),
        "envelopes": partial(store.envelopes, 0),
        "bodies": partial(store.bodies, PRIYA, [uuid4()]),
        "news": partial(store.news, PRIYA, 0),
        "stream": partial(store.stream, PRIYA, ref),
        "open_streams": partial(store.open_streams, list(StreamKind)),
        "seq_at": partial(store.seq_at, clock_now().now()),
        "heartbeat": store.heartbeat,
        "mark_seen": partial(store.mark_seen, PRIYA, [SeenMark(PRIYA.worker, ref, 1)]),
        "seen": partial(store.seen, [ref]),
        "ask_look": partial(store.ask_look, PRIYA, Look("to see", words="fenn")),
        "look": partial(store.look, PRIYA, ticket),
        "ask_open": partial(store.ask_open, PRIYA, uuid4(), "to see"),
        "open": partial(store.open, PRIYA, ticket),
        "cards": partial(store.cards, PRIYA, CardQuery(CardOrder.OPEN)),
        "agencies": partial(store.agencies, PRIYA),
        "verify": store.verify,
    }


def away_after(call: Callable[[], object]) -> float:
    """Return after how long a call says that the record is away."""
    begun = time.monotonic()
    with pytest.raises(StoreAway, match="waits on this computer"):
        call()
    return time.monotonic() - begun


def test_every_call_to_a_server_that_stands_still_ends_in_time(team: Team) -> None:
    with team.store(PRIYA) as store:
        calls = every_call(store)
        with ThreadPoolExecutor(len(calls)) as pool:
            # Some have a connection already, the others will knock in vain.
            list(pool.map(lambda _: store.heartbeat(), range(4)))
            with frozen(team.cluster):
                took = dict(zip(calls, pool.map(away_after, calls.values()), strict=True))
        late = {name: seconds for name, seconds in took.items() if seconds > max(CALL_LIMIT, CONNECT_LIMIT) + ROOM}
        assert not late
        assert store.heartbeat().head == START or store.heartbeat().head.seq == 1


def test_a_connection_that_stands_still_alone_is_thrown_away(team: Team) -> None:
    pen = pen_of(PRIYA)
    with team.store(PRIYA) as store:
        store.heartbeat()
        with team.superuser() as line:
            ((pid,),) = line.execute(
                "SELECT pid FROM pg_stat_activity WHERE usename = %s", [team.login(PRIYA)]
            ).fetchall()
        opened = pen.contact()[1]
        with stopped(pid):
            assert away_after(lambda: store.append(PRIYA, [opened])) < CALL_LIMIT + ROOM
            assert [one.verdict for one in store.append(PRIYA, [opened])] == [Verdict.STORED]
        # What it was told to write before is done when it wakes: the id is known by then.
        with team.superuser() as line:
            alive = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
            until(lambda: line.execute(alive, [pid]).fetchone() is None, 30, "the old connection ends")
        assert [one.verdict for one in store.append(PRIYA, [opened])] == [Verdict.ALREADY]
        assert store.heartbeat().head.seq == 1


def test_connections_that_died_meanwhile_are_lent_to_nobody(team: Team) -> None:
    with team.store(PRIYA) as store, ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            list(pool.map(lambda _: store.heartbeat(), range(8)))
            with team.superuser() as line:
                ours = "FROM pg_stat_activity WHERE usename = %s"
                killed = line.execute(f"SELECT pg_terminate_backend(pid) {ours}", [team.login(PRIYA)])
                assert killed.rowcount > 0
                gone = f"SELECT count(*) {ours}"
                until(lambda: line.execute(gone, [team.login(PRIYA)]).fetchone() == (0,), 30, "they are gone")  # noqa: B023  used up in this turn
            assert list(pool.map(lambda _: store.heartbeat().head, range(8))) == [START] * 8


@contextmanager
def feeding(team: Team, who: Identity, after: Cursor = START) -> Iterator[list[FeedNews]]:
    """Give what a worker's feed says, from its first beat on."""
    news: list[FeedNews] = []
    with team.store(who) as store:
        feed = store.feed(who, SystemClock())
        feed.start(after, news.append)
        until(lambda: bool(news), 30, "the first beat")
        try:
            yield news
        finally:
            feed.stop()


def test_the_feed_says_within_five_seconds_that_the_record_stands_still_and_that_it_is_back(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    with feeding(team, TOM) as news:
        with frozen(team.cluster):
            away = until(lambda: isinstance(news[-1], FeedAway), SAID_WITHIN + ROOM, "it says that it is away")
            # While it stands still, more than one try to come back fails; only another reason is said again.
            time.sleep(4)
            said = [one.sentence for one in news if isinstance(one, FeedAway)]
            assert len(said) == len(set(said)) <= 2
        back = until(lambda: isinstance(news[-1], Beat), SAID_WITHIN + ROOM, "it says that it is back")
        entry = pen_of(PRIYA).contact()[1]
        team.write(PRIYA, entry)
        until(lambda: isinstance(news[-1], Arrived), 30, "it reads on")
    with capsys.disabled():
        print(f"\n{team.cluster.version()}: said away after {away:.1f} s, back after {back:.1f} s")
    assert max(away, back) <= SAID_WITHIN


# --- a standby that was behind ---------------------------------------------------------------


def fail_over(cluster: Cluster, older: Path) -> None:
    """Kill the server and go on, at the same place, with a copy that was behind it."""
    cluster.kill()
    shutil.rmtree(cluster.data)
    copied(older, cluster.data)
    cluster.start()


def copied(source: Path, to: Path) -> None:
    shutil.copytree(source, to)
    if (account := server_account()) is not None:
        for path in (to, *to.rglob("*")):
            shutil.chown(path, account)


@pytest.fixture
def older(tmp_path: Path, team: Team) -> Callable[[], Path]:
    """Give what makes a copy of the cluster as it is now."""

    def make() -> Path:
        team.cluster.stop()
        copied(team.cluster.data, tmp_path / "older")
        team.cluster.start()
        return tmp_path / "older"

    return make


def test_a_heartbeat_after_a_failover_says_where_both_agree(team: Team, older: Callable[[], Path]) -> None:
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    team.write(PRIYA, opened, *(pen.note(ref, f"early {number}") for number in range(4)))
    copy = older()
    team.write(PRIYA, *(pen.note(ref, f"late {number}") for number in range(5)))
    with team.store(PRIYA) as store:
        seen = [Cursor(one.seq, one.digest) for one in reversed(store.envelopes(0))]
        assert store.beat(seen).rewind_to is None
        fail_over(team.cluster, copy)
        after = store.beat(seen)
        assert (after.head, after.rewind_to) == (seen[5], 5)
        assert store.heartbeat(seen[0]).rewind_to == 0, "with one cursor it can only say: not there"
        # The same numbers with other entries are another history, however long it has become.
        team.write(PRIYA, *(pen.note(ref, f"other {number}") for number in range(9)))
        assert (store.beat(seen).head.seq, store.beat(seen).rewind_to) == (14, 5)


class Desk:
    """One console without windows, on a record of the team."""

    def __init__(self, team: Team, who: Identity, folder: Path, loop: Loop) -> None:
        clock = SystemClock()
        self.failures: list[Exception] = []
        self._runner = LaneRunner(loop, self.failures.append)
        self.store = PostgresStore(Lines(team.address(who)), clock)
        self._journal = JournalShelf(folder, lambda file, name: bytes(32), clock).open(who.worker, who.name)
        self.ledger = Ledger(who.worker)
        doors = Doors(self.store, self._journal, self.store.feed(who, clock), self._runner, loop, clock, loop)
        self.recorder = Recorder(who, doors, self.ledger)
        self.recorder.start(clock.now() - timedelta(hours=8), lambda _: None)

    def close(self) -> None:
        self.recorder.stop()
        self._runner.close()
        self._journal.close()
        self.store.close()

    def note(self, ref: StreamRef, text: str) -> None:
        self.recorder.record(self.recorder.entry(Kind.CONTACT_NOTE, ref, {"line": str(uuid4()), "text": text}))

    @property
    def is_together(self) -> bool:
        link = self.ledger.link
        return link.link is Link.TOGETHER and link.waiting == 0


def run_until(loop: Loop, true: Callable[[], bool], within: float, what: str) -> float:
    """Run a console's services until something holds; return how long that took."""

    def held() -> bool:
        loop.run(0.01)
        return true()

    return until(held, within, what)


@pytest.mark.expects_log
def test_a_console_brings_its_own_entries_back_to_a_server_that_came_back_older(
    team: Team, older: Callable[[], Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    loop = Loop()
    desk = Desk(team, PRIYA, tmp_path / "journals", loop)
    try:
        ref = StreamRef(StreamKind.CONTACT, uuid4())
        desk.recorder.record(desk.recorder.entry(Kind.CONTACT_OPENED, ref, {"ref": "7K3M-Q2XA-5", "channel": "phone"}))
        desk.note(ref, "before the copy")
        run_until(loop, lambda: desk.is_together and desk.store.heartbeat().head.seq == 2, 30, "both are shared")
        copy = older()
        for number in range(3):
            desk.note(ref, f"after the copy {number}")
        run_until(loop, lambda: desk.is_together and desk.store.heartbeat().head.seq == 5, 20, "all are shared")
        before = [one.envelope.id for one in desk.store.stream(PRIYA, ref)]
        fail_over(team.cluster, copy)
        with team.store(TOM) as other:
            assert other.heartbeat().head.seq == 2
            took = run_until(loop, lambda: other.heartbeat().head.seq == 5, 30, "the console has offered them again")
        run_until(loop, lambda: desk.is_together, 30, "and says so")
        assert [one.envelope.id for one in desk.store.stream(PRIYA, ref)] == before
        assert desk.failures == []
    finally:
        desk.close()
    proof = PostgresStore(Lines(team.address("verify"), limit=None), clock_now())
    assert (proof.verify().entries, proof.verify().first_bad) == (5, 0)
    proof.close()
    with capsys.disabled():
        print(f"\n{team.cluster.version()}: everything ticked was back {took:.1f} s after the older server")


def test_a_cluster_that_is_dead_is_away_at_once(team: Team) -> None:
    with team.store(PRIYA) as store:
        store.heartbeat()
        team.cluster.kill()
        try:
            assert away_after(store.heartbeat) < 1
        finally:
            team.cluster.start()
        assert store.heartbeat().head == START
