"""The memory that a day's calls take in a console which followed them all into the record."""

from __future__ import annotations

import time
from dataclasses import astuple
from typing import TYPE_CHECKING

from console.domain.record import Identity, Kind, Role, Stored, worker_key
from ui.bench.flood import flood_script, switchboard
from ui.bench.ground import Ground, empty_ground
from ui.bench.memory import resident_mb
from ui.bench.processes import BenchFault, Child
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, single

if TYPE_CHECKING:
    from ui.bootstrap.opening import Record

PER_SECOND = 20
"""Calls a second: a day's in under ten minutes, and slow enough for a console to follow them into the record."""
QUIET = 60.0
"""Seconds in which no call more has ended in the record, after which the row is given up."""
_LOOK = 0.5
_PAGE = 5_000
_NAME = "Worker day"
_WHO = Identity(worker_key(_NAME), _NAME, Role.SERVICE_ADVISER, "bench")


class Count:
    """What the record holds of a day, read on from where the last look ended."""

    def __init__(self, store: Record) -> None:
        self._store = store
        self._seq = 0
        self.entries = 0
        self.ended = 0
        """Calls whose end the record holds."""
        self.mb = 0.0
        """The bytes of the calls' entries, words and envelopes, in MB (10^6 bytes)."""

    def look(self) -> int:
        """Read what is new; return how many calls have ended."""
        while found := self._store.news(_WHO, self._seq, _PAGE):
            self._seq = found[-1].envelope.seq
            self.entries += len(found)
            self.ended += sum(one.envelope.kind is Kind.CALL_ENDED for one in found)
            self.mb += sum(map(_bytes, found)) / 1e6
        return self.ended


def _bytes(stored: Stored) -> int:
    return len((stored.body or "").encode()) + sum(len(str(one)) for one in astuple(stored.envelope))


def measure_day(bench: Bench) -> Row:
    """Return the row; raises :class:`BenchFault` where the record does not come to hold the end of every call."""
    calls = bench.sizes.day
    seconds = max(1, calls // PER_SECOND)
    bench.say(f"{calls:,} calls, {PER_SECOND} a second, and the memory they take: {_about(seconds)}")
    script = bench.folder / "day.txt"
    script.write_text(flood_script(calls, seconds), encoding="utf-8")
    with (
        empty_ground(bench, "telephones-day") as ground,
        ground.record(_NAME, _WHO.role) as store,
        switchboard(script) as address,
        Child("console", _wish(bench, ground, address)) as console,
    ):
        console.hear("connected")
        before, began = _settled_mb(console), time.perf_counter()
        count = followed(Count(store), calls)
        took, grown = time.perf_counter() - began, _settled_mb(console) - before
    return Row(
        "calls_day", f"memory that a console takes for {calls:,} calls, all of them in the record and in its figures",
        "MB", single(max(grown, 0.1)), "the bytes of the same entries", single(count.mb), Aim(250),
        note=f"{count.entries:,} entries; the record held the last end after {took:.0f} s",
    )  # fmt: skip


def followed(count: Count, calls: int, quiet: float = QUIET) -> Count:
    """Wait until the record holds the end of so many calls; return what it holds then.

    Raises :class:`BenchFault` where for ``quiet`` seconds no call more has ended in it.
    """
    ended, until = -1, 0.0
    while count.look() < calls:
        if count.ended > ended:
            ended, until = count.ended, time.monotonic() + quiet
        if time.monotonic() >= until:
            raise BenchFault(f"The record holds the end of {ended:,} of {calls:,} calls; nothing is claimed.")
        time.sleep(_LOOK)
    return count


def _settled_mb(console: Child) -> float:
    """Return the console's resident memory once what nobody needs was collected."""
    console.tell({"do": "collect"})
    console.hear("collected")
    return resident_mb(console.pid)


def _about(seconds: float) -> str:
    return f"about {seconds / 60:.0f} minutes" if seconds >= 90 else f"about {seconds:.0f} seconds"


def _wish(bench: Bench, ground: Ground, address: str) -> dict[str, object]:
    seat = {"home": str(bench.folder / "telephones-homes" / "day"), "screen": "handler", "extension": ""}
    return ground.wish(_NAME, _WHO.role) | seat | {"switchboard": "simulator", "table": {"address": address}}
