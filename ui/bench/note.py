"""A note on its way to the partner's screen, with as many consoles connected and listening as a team has."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

from console.domain.record import SCHEMA_VERSION, Entry, Role
from db.postgres.bare import Bare, as_json, plain
from db.postgres.lines import RING, Address
from db.postgres.rows import entry_json
from db.postgres.target import Tls
from ui.bench.postgres_ground import PostgresGround, bare_json, empty_postgres
from ui.bench.processes import BenchFault, Child
from ui.bench.record import WHO, entries
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures
from ui.bench.typing import typed

_DOOR = "SELECT append(%s, %s, %s, %s)"
_NEWS = "SELECT * FROM news('service_adviser', %s, 500)"
_SETTLES = 5.0
"""Seconds in which every console has surely read what the windows wrote last."""


def measure(bench: Bench) -> list[Row]:
    """Return the row of a note between two real windows while the others listen and read."""
    count, consoles = bench.sizes.notes, bench.sizes.consoles
    with empty_postgres(bench, "note") as ground:
        bench.say(f"sharing {count} notes with {consoles} consoles connected")
        heard = _bare(ground, entries(count), consoles)
        with _followers(ground, consoles - 2):
            painted = typed(bench.folder / "note", ground, count)
    what = f"note to the partner's screen, {consoles} consoles connected"
    beside = f"bare: the door `append`, then heard and read by one of {consoles} that listen and read"
    return [Row("note_painted", what, "ms", figures(painted), beside, figures(heard), Aim(100, times=3))]


@contextmanager
def _followers(ground: PostgresGround, count: int) -> Iterator[None]:
    """Keep ``count`` consoles without windows listening; nothing is claimed where one did not follow to the end."""
    with ExitStack() as stack:
        wishes = [ground.wish(f"Listener {at}", Role.SERVICE_ADVISER) for at in range(1, count + 1)]
        children = [stack.enter_context(Child("follower", wish)) for wish in wishes]
        for child in children:
            child.hear("following")
        yield
        with ground.record(WHO.name, WHO.role) as store:
            head = store.heartbeat().head.seq
        until = time.monotonic() + _SETTLES
        while behind := sum(_read_to(child) < head for child in children):
            if time.monotonic() > until:
                raise BenchFault(f"{behind} of {count} consoles did not hear every note; nothing is claimed.")
            time.sleep(0.1)


def _read_to(child: Child) -> int:
    child.tell({"do": "tell"})
    return int(child.hear("followed")["seq"])


def _bare(ground: PostgresGround, notes: Sequence[Entry], consoles: int) -> list[float]:
    """Call the door and ring the bell by psycopg alone; return how long until one of the listeners had read it."""
    way = ground.trial.worker(WHO.name, WHO.role)
    address = Address(way.target.keywords(way.login, Tls()), way.password)
    wish = {**bare_json(address), "query": _NEWS, "channel": "nightdesk"}
    with plain(address) as line, Child("listener", {**wish, "lines": consoles - 1}) as others:
        others.hear("ready")
        with Child("listener", {**wish, "lines": 1}) as hearer:
            hearer.hear("ready")
            return [_one_heard(line, hearer, at, note) for at, note in enumerate(notes)]


def _one_heard(line: Bare, hearer: Child, count: int, note: Entry) -> float:
    values = (note.role.value, SCHEMA_VERSION, as_json([entry_json(note)]), as_json([]))
    began = time.perf_counter_ns()
    line.execute(_DOOR, values)
    line.execute(RING)
    taken = (hearer.hear("heard")["at"] - began) / 1e6
    # Not in step with anything that beats.
    time.sleep(0.05 + (count * 37 % 100) / 1000)
    return float(taken)
