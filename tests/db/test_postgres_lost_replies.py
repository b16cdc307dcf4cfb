"""The bell apart from the write, and answers that never came: the same ids offered again are answered *already*."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from uuid import UUID

import psycopg
import pytest
from psycopg.types.json import Jsonb

from console.domain.record import SCHEMA_VERSION, START, Entry, Identity
from console.ports.feed import Arrived, Beat, FeedNews
from console.ports.store import StoreAway, Verdict
from db.feed.loop import BEAT_EVERY
from db.postgres.cluster import Cluster
from db.postgres.lines import Address, Lines
from db.postgres.store import PostgresStore
from tests.helpers.busy_writers import acknowledged, writing
from tests.helpers.gate import gate_to
from tests.helpers.postgres import KINDS
from tests.helpers.record_people import PEOPLE, PRIYA, TOM
from tests.helpers.team_rights import Team, clock_now, pen_of, sent, team_on
from tests.helpers.waiting import until

pytest_plugins = ["tests.helpers.postgres_fixtures"]


@pytest.fixture(params=KINDS)
def team(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Iterator[Team]:
    """A new service on the newest and the oldest PostgreSQL in turn."""
    with team_on(postgres_of_the_run(request.param)) as made:
        yield made


@pytest.fixture
def heard(team: Team) -> Iterator[list[FeedNews]]:
    """What Tom's console hears; its feed has beaten once."""
    news: list[FeedNews] = []
    with team.store(TOM) as store:
        feed = store.feed(TOM, clock_now())
        feed.start(START, news.append)
        until(lambda: bool(news), 30, "the first beat")
        yield news
        feed.stop()


def ids(news: list[FeedNews]) -> list[UUID]:
    """Return the ids of what arrived, in order."""
    return [stored.envelope.id for one in list(news) if isinstance(one, Arrived) for stored in one.entries]


# --- answers that never came -----------------------------------------------------------------


def test_an_entry_whose_answer_was_lost_is_answered_already_and_stands_once(team: Team) -> None:
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    with gate_to(team.cluster.address) as gate:
        address = team.address(PRIYA)
        store = PostgresStore(
            Lines(Address({**address.keywords, "port": str(gate.port)}, address.password)), clock_now()
        )
        assert [one.verdict for one in store.append(PRIYA, [opened])] == [Verdict.STORED]
        notes = [pen.note(ref, f"line {number}") for number in range(3)]
        gate.shut.set()
        begun = time.monotonic()
        with pytest.raises(StoreAway, match="waits on this computer"):
            store.append(PRIYA, notes)
        assert time.monotonic() - begun < 20
        assert gate.kept_back.is_set(), "the server did answer"
        gate.shut.clear()
        again = store.append(PRIYA, notes)
        assert [one.verdict for one in again] == [Verdict.ALREADY] * 3
        assert [one.seq for one in again] == [2, 3, 4]
        assert [stored.envelope.id for stored in store.stream(PRIYA, ref)] == [opened.id, *(note.id for note in notes)]
        store.close()


# --- the bell --------------------------------------------------------------------------------


def _append(line: psycopg.Connection, who: Identity, *entries: Entry) -> None:
    values = [who.role.value, SCHEMA_VERSION, Jsonb([sent(entry) for entry in entries])]
    ((answers,),) = line.execute("SELECT append(%s, %s, %s, '[]')", values).fetchall()
    assert {answer["verdict"] for answer in answers} == {"stored"}


def _payloads(listening: psycopg.Connection) -> list[str]:
    """Return what has rung by now: an answer of the server comes after all bells before it."""
    listening.execute("SELECT 1")
    return [notify.payload for notify in listening.notifies(timeout=0)]


def test_a_write_rings_nothing_by_itself_and_the_bell_comes_after_its_commit(team: Team) -> None:
    pen = pen_of(PRIYA)
    with team.raw(PRIYA) as priya, team.raw(TOM) as tom, team.raw(PEOPLE[-1]) as third:
        for listening in (tom, third):
            listening.execute("LISTEN nightdesk")
        _append(priya, PRIYA, pen.contact()[1])
        assert (_payloads(tom), _payloads(third)) == ([], [])
        priya.execute("SELECT ring()")
        assert (_payloads(tom), _payloads(third)) == (["1"], ["1"])
    told = "SELECT proname FROM pg_proc WHERE pronamespace = 'nightdesk'::regnamespace AND prosrc ~* 'notify'"
    with team.superuser() as line:
        assert line.execute(told).fetchall() == [("ring",)]


def test_whoever_hears_the_bell_finds_the_entry(team: Team) -> None:
    """The bell never comes before what it rings for can be read."""
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    source = team.source(TOM)
    rung = threading.Event()
    bell = source.subscribe(rung.set)
    with team.store(PRIYA) as store:
        for number in range(50):
            store.append(PRIYA, [pen.note(ref, f"line {number}") if number else opened])
            heard = False
            while not heard:
                # The answer of the beat before may wake the feed too, and rings nothing: only ``rang`` says.
                assert rung.wait(5)
                rung.clear()
                heard = bell.rang()
            assert source.beat(()).head.seq == number + 1
    bell.close()
    source.close()


def test_a_lost_bell_costs_at_most_one_heartbeat(team: Team, heard: list[FeedNews]) -> None:
    pen = pen_of(PRIYA)
    took: list[float] = []
    with team.raw(PRIYA) as priya:
        # Two seconds from beat to beat, one look every 50 ms, and the reading; once again for a slow computer's sake.
        while not took or (took[-1] >= BEAT_EVERY + 0.5 and len(took) < 3):
            entry = pen.contact()[1]
            _append(priya, PRIYA, entry)
            took.append(until(lambda one=entry: one.id in ids(heard), 30, "the heartbeat finds it"))  # type: ignore[misc]  # a bound default
    assert min(took) < BEAT_EVERY + 0.5


def test_a_bell_that_cannot_be_rung_fails_no_write(team: Team, heard: list[FeedNews]) -> None:
    """As where the server's queue of notifications is full."""
    with team.superuser() as line:
        line.execute(
            "CREATE OR REPLACE FUNCTION nightdesk.ring() RETURNS void LANGUAGE plpgsql SECURITY DEFINER "
            "SET search_path = nightdesk, pg_temp AS "
            "$$ BEGIN RAISE EXCEPTION 'too many notifications' USING ERRCODE = '54000'; END $$"
        )
    pen = pen_of(PRIYA)
    ref, opened = pen.contact()
    with team.store(PRIYA) as store:
        assert [one.verdict for one in store.append(PRIYA, [opened])] == [Verdict.STORED]
        assert [one.verdict for one in store.append(PRIYA, [pen.note(ref, "and another")])] == [Verdict.STORED]
    until(lambda: len(ids(heard)) == 2, 30, "the heartbeat finds both")
    assert any(isinstance(one, Beat) for one in heard)


# --- no gaps (reliability.md 0.3) ------------------------------------------------------------


@contextmanager
def reading_on(team: Team) -> Iterator[list[int]]:
    """Let a reader ask again and again for what has a greater seq than the last it saw; gives the seqs."""
    seqs: list[int] = []
    stop = threading.Event()

    def read() -> None:
        with team.store(TOM) as store:
            last = False
            while not last:
                # Asked once more after the end: what was committed before it must be found.
                last = stop.is_set()
                seqs.extend(envelope.seq for envelope in store.envelopes(seqs[-1] if seqs else 0))

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield seqs
    finally:
        stop.set()
        reader.join(30)


def test_a_reader_who_asks_for_what_is_newer_misses_nothing_of_eight_writers(
    team: Team, capsys: pytest.CaptureFixture[str]
) -> None:
    with (
        reading_on(team) as seqs,
        writing(lambda who: PostgresStore(Lines(team.address(who)), clock_now()), list(PEOPLE[-8:])) as writers,
    ):
        until(lambda: acknowledged(writers) >= 3_000, 100, "enough was written")
    written = [seq for writer in writers for _, seq in writer.told.acknowledged]
    missed, holes = len(set(written) - set(seqs)), len(range(1, max(written) + 1)) - len(written)
    with capsys.disabled():
        print(f"\n{team.cluster.version()}: {len(written)} written by 8, {missed} missed, {holes} holes")
    assert (missed, holes) == (0, 0)
    assert seqs == list(range(1, len(written) + 1))
