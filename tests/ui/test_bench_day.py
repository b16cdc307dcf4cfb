"""The bench's row of a day's calls claims nothing before the record holds the end of every call."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.domain.ids import new_id
from console.domain.record import Entry, Kind, Role, StreamKind, StreamRef, encode_body
from console.machine.clock import SystemClock
from ui.bench.day import Count, followed
from ui.bench.processes import BenchFault
from ui.bench.record import WHO
from ui.bench.settings import QUICK, Bench
from ui.bench.sqlite_ground import SqliteGround, empty_sqlite

CLOCK = SystemClock()


def of_a_call(kind: Kind, call: StreamRef) -> Entry:
    """Return a fact of a call, with words of its own."""
    now = CLOCK.now()
    body = encode_body({"outcome": "abandoned", "ended_by": "caller"})
    return Entry(new_id(now), call, kind, WHO.worker, WHO.role, WHO.station, now, body)


@pytest.fixture
def ground(tmp_path: Path) -> SqliteGround:
    """Return a record in which three calls were seen and two have ended."""
    made = empty_sqlite(Bench(QUICK, tmp_path, tmp_path), "day")
    calls = [StreamRef(StreamKind.CALL, new_id(CLOCK.now())) for _ in range(3)]
    seen = [of_a_call(Kind.CALL_SEEN, call) for call in calls]
    with made.record(WHO.name, Role.SERVICE_ADVISER) as store:
        store.append(WHO, (*seen, *(of_a_call(Kind.CALL_ENDED, call) for call in calls[:2])))
    return made


def test_a_call_counts_once_the_record_holds_its_end(ground: SqliteGround) -> None:
    with ground.record(WHO.name, WHO.role) as store:
        count = followed(Count(store), 2)
    assert (count.ended, count.entries) == (2, 5)
    words = sum(len(of_a_call(Kind.CALL_ENDED, StreamRef(StreamKind.CALL, new_id(CLOCK.now()))).body) for _ in range(5))
    assert count.mb * 1e6 > words, "the bytes of the same entries are their words and what stands on the envelopes"


def test_a_look_reads_on_from_the_one_before(ground: SqliteGround) -> None:
    with ground.record(WHO.name, WHO.role) as store:
        count = Count(store)
        assert (count.look(), count.look()) == (2, 2)
        assert count.entries == 5


def test_where_calls_never_end_in_the_record_nothing_is_claimed(ground: SqliteGround) -> None:
    with (
        ground.record(WHO.name, WHO.role) as store,
        pytest.raises(BenchFault, match="the end of 2 of 3 calls; nothing is claimed"),
    ):
        followed(Count(store), 3, quiet=0.0)
