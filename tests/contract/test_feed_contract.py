"""One behaviour, every feed: in order, without holes, through loss and return, and never a silent thread."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from console.domain.record import START, Cursor, SeenMark, Stored
from console.ports.feed import Arrived, Beat, Feed, FeedAway, FeedNews, SeenMoved
from console.ports.store import StoreAway
from console.services.outbox import BATCH
from db.sqlite import SqliteStore
from tests.helpers.record_parts import PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store, make_store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]

PATIENCE = 30.0


@dataclass
class Heard:
    """Everything a feed said."""

    news: list[FeedNews] = field(default_factory=list)

    def entries(self) -> list[Stored]:
        """Return all entries that arrived, in the order they came."""
        return [stored for item in list(self.news) if isinstance(item, Arrived) for stored in item.entries]

    def beats(self) -> list[Beat]:
        """Return all heartbeats."""
        return [item for item in list(self.news) if isinstance(item, Beat)]

    def aways(self) -> list[FeedAway]:
        """Return what was said about losses."""
        return [item for item in list(self.news) if isinstance(item, FeedAway)]

    def seen(self) -> list[SeenMark]:
        """Return all marks."""
        return [mark for item in list(self.news) if isinstance(item, SeenMoved) for mark in item.marks]


def until(true: Callable[[], bool], within: float = PATIENCE) -> float:
    """Wait until ``true`` holds and return how long that took; fails after ``within`` seconds."""
    begun = time.monotonic()
    while not true():
        assert time.monotonic() - begun < within, "it did not come in time"
        time.sleep(0.002)
    return time.monotonic() - begun


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def pen(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
def feed(store: Store, clock: HandClock) -> Iterator[Feed]:
    made = store.feed(TOM, clock)
    yield made
    begun = time.monotonic()
    made.stop()
    assert time.monotonic() - begun < 20


def seqs(heard: Heard) -> list[int]:
    return [stored.envelope.seq for stored in heard.entries()]


def test_what_was_there_and_what_comes_arrive_in_order(store: Store, pen: Pen, feed: Feed, heard: Heard) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "a")])
    feed.start(START, heard.news.append)
    until(lambda: seqs(heard) == [1, 2])
    for turn in range(20):
        store.append(PRIYA, [pen.note(ref, str(turn)), pen.note(ref, "x")])
    until(lambda: seqs(heard) == list(range(1, 43)))
    assert all(stored.body is None for stored in heard.entries()), "Tom is no member of this contact"


def test_more_than_a_page_arrives_whole(store: Store, pen: Pen, feed: Feed, heard: Heard) -> None:
    ref, opened = pen.contact()
    notes = [opened, *(pen.note(ref, str(turn)) for turn in range(1_203))]
    for start in range(0, len(notes), BATCH):
        # As the outbox sends them: each call has its deadline, and a slow computer keeps it.
        store.append(PRIYA, notes[start : start + BATCH])
    feed.start(START, heard.news.append)
    until(lambda: len(seqs(heard)) == 1_204)
    assert seqs(heard) == list(range(1, 1_205))


def test_the_feed_begins_after_its_cursor_and_goes_where_it_is_sent(
    store: Store, pen: Pen, feed: Feed, heard: Heard
) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
    cursors = [Cursor(at.seq, at.digest) for at in store.envelopes(0)]
    feed.start(cursors[1], heard.news.append)
    until(lambda: seqs(heard) == [3])
    feed.read_from(cursors[0])
    until(lambda: seqs(heard) == [3, 2, 3])
    assert heard.beats()[0].sent == cursors[1]


def test_a_hurried_feed_hears_sooner(store: Store, pen: Pen, feed: Feed, heard: Heard) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened])
    feed.start(START, heard.news.append)
    until(lambda: len(seqs(heard)) == 1)

    def ten_more(*, hurried: bool) -> float:
        feed.hurry(hurried)
        took = 0.0
        for known in range(len(seqs(heard)) + 1, len(seqs(heard)) + 11):
            store.append(PRIYA, [pen.note(ref, str(known))])
            took += until(lambda want=known: len(seqs(heard)) == want)  # type: ignore[misc]  # a bound default
        return took / 10

    # The best rounds of each, side by side: a slow moment of this computer makes both of them late.
    calm, hurried = [ten_more(hurried=False)], [ten_more(hurried=True)]
    while isinstance(store, SqliteStore) and min(hurried) > min(calm) - 0.005:
        assert len(calm) < 30, f"a look every 10 ms in place of 50 should be felt: {min(hurried)} against {min(calm)}"
        calm.append(ten_more(hurried=False))
        hurried.append(ten_more(hurried=True))


def test_a_heartbeat_comes_at_once_and_every_two_seconds(
    store: Store, feed: Feed, heard: Heard, clock: HandClock
) -> None:
    feed.start(START, heard.news.append)
    until(lambda: len(heard.beats()) == 1)
    assert until(lambda: len(heard.beats()) == 2) > 1.5
    assert heard.beats()[1].heartbeat.server_time == clock.now()


def test_marks_of_others_arrive_and_ones_own_do_not(store: Store, pen: Pen, feed: Feed, heard: Heard) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "a")])
    store.mark_seen(PRIYA, [SeenMark(PRIYA.worker, ref, 1)])
    feed.start(START, heard.news.append)
    until(lambda: heard.seen() == [SeenMark(PRIYA.worker, ref, 1)])
    store.mark_seen(TOM, [SeenMark(TOM.worker, ref, 1)])
    store.mark_seen(PRIYA, [SeenMark(PRIYA.worker, ref, 2)])
    until(lambda: len(heard.seen()) == 2)
    assert heard.seen()[1] == SeenMark(PRIYA.worker, ref, 2)


def test_going_back_tells_the_marks_beyond_that_place_again(store: Store, pen: Pen, feed: Feed, heard: Heard) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "a")])
    feed.start(START, heard.news.append)
    until(lambda: len(heard.entries()) == 2)
    store.mark_seen(PRIYA, [SeenMark(PRIYA.worker, ref, 2)])
    until(lambda: heard.seen() == [SeenMark(PRIYA.worker, ref, 2)])
    one = store.envelopes(0)[0]
    feed.read_from(Cursor(1, one.digest))
    until(lambda: heard.seen() == [SeenMark(PRIYA.worker, ref, 2)] * 2)


def test_a_history_that_is_not_ours_is_told_and_nothing_is_delivered_until_we_have_gone_back(
    store: Store, pen: Pen, feed: Feed, heard: Heard
) -> None:
    ref, opened = pen.contact()
    store.append(PRIYA, [opened, pen.note(ref, "a"), pen.note(ref, "b")])
    one = store.envelopes(0)[0]
    feed.start(Cursor(2, "e" * 64), heard.news.append)
    until(lambda: len(heard.beats()) >= 1)
    assert heard.beats()[0].heartbeat.rewind_to == 0
    time.sleep(0.2)
    assert seqs(heard) == []
    feed.read_from(Cursor(1, one.digest))
    until(lambda: seqs(heard) == [2, 3])


def test_stopping_ends_the_thread_also_from_inside_it(store: Store, clock: HandClock) -> None:
    feed = store.feed(TOM, clock)
    heard = Heard()

    def sink(news: FeedNews) -> None:
        heard.news.append(news)
        feed.stop()

    feed.start(START, sink)
    until(lambda: len(heard.news) == 1)
    feed.stop()
    time.sleep(0.1)
    assert len(heard.news) == 1


# --- only a file can be taken away -----------------------------------------------------------


@pytest.fixture
def in_file(tmp_path: Path, clock: HandClock) -> Iterator[SqliteStore]:
    made = make_store("sqlite-encrypted", tmp_path, clock)
    assert isinstance(made, SqliteStore)
    yield made
    made.close()


HOLD = """
import sys
from pathlib import Path
from db.engine import connect
from tests.helpers.record_parts import KEY
held = connect(Path(sys.argv[1]), KEY)
held.execute("PRAGMA locking_mode = EXCLUSIVE")
held.execute("BEGIN EXCLUSIVE")
held.execute("UPDATE head SET seq = seq")
print("held", flush=True)
sys.stdin.read()
"""


def _end(holder: subprocess.Popen[str]) -> None:
    holder.communicate("")


@contextmanager
def held(path: Path, locking: str) -> Iterator[Callable[[], None]]:
    """Let another program hold the file; gives the act that ends it."""
    command = [sys.executable, "-c", HOLD.replace("= EXCLUSIVE", f"= {locking}"), str(path)]
    holder = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        yield partial(_end, holder)
    finally:
        holder.kill()
        holder.communicate()


@contextmanager
def listening(store: SqliteStore, clock: HandClock, heard: Heard) -> Iterator[Feed]:
    """Run a feed for the length of a block."""
    feed = store.feed(TOM, clock)
    feed.start(START, heard.news.append)
    try:
        yield feed
    finally:
        feed.stop()


@pytest.mark.parametrize("locking", ["EXCLUSIVE", "NORMAL"])
def test_a_database_frozen_by_another_program_is_said_and_its_return_too(
    in_file: SqliteStore, pen: Pen, clock: HandClock, heard: Heard, locking: str
) -> None:
    """With the whole file held, reading is away; with the write lock held, only writing is."""
    ref, opened = pen.contact()
    in_file.append(PRIYA, [opened])
    in_file.close()
    with held(in_file.database.path, locking) as let_go, listening(in_file, clock, heard):
        if locking == "EXCLUSIVE":
            until(lambda: len(heard.aways()) == 1)
            assert "held by another program" in heard.aways()[0].sentence
        else:
            until(lambda: seqs(heard) == [1])
            until(lambda: any(isinstance(one, Beat) and one.heartbeat.held for one in heard.news))
        begun = time.monotonic()
        with pytest.raises(StoreAway, match="held by another program"):
            in_file.append(PRIYA, [pen.note(ref, "waits")])
        assert time.monotonic() - begun < 20
        let_go()
        until(lambda: seqs(heard) == [1])
        in_file.append(PRIYA, [pen.written[-1]])
        until(lambda: seqs(heard) == [1, 2])
        assert len(heard.aways()) == (locking == "EXCLUSIVE")


def test_a_file_that_is_taken_away_and_brought_back_loses_nothing(
    in_file: SqliteStore, pen: Pen, clock: HandClock, heard: Heard, tmp_path: Path
) -> None:
    ref, opened = pen.contact()
    in_file.append(PRIYA, [opened])
    path, safe = in_file.database.path, tmp_path / "safe"
    safe.mkdir()
    with listening(in_file, clock, heard):
        until(lambda: seqs(heard) == [1])
        for part in tmp_path.glob(f"{path.name}*"):
            shutil.move(part, safe / part.name)
        waits = pen.note(ref, "waits")
        with pytest.raises(StoreAway, match="not where it was"):
            in_file.append(PRIYA, [waits])
        until(lambda: len(heard.aways()) == 1, 5.0)
        assert not path.exists(), "no new record was begun in its place"
        for part in safe.iterdir():
            shutil.move(part, tmp_path / part.name)
        in_file.append(PRIYA, [waits])
        until(lambda: seqs(heard) == [1, 2], 5.0)
        assert in_file.verify().first_bad == 0
