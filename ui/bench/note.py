"""A note on its way to the partner's screen, with as many consoles connected and listening as a team has."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from console.domain.record import Role
from ui.bench.postgres_ground import PostgresGround, empty_postgres
from ui.bench.processes import BenchFault, Child
from ui.bench.record import WHO, entries
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures
from ui.bench.typing import typed

_SETTLES = 5.0
"""Seconds in which every console has surely read what the windows wrote last."""


def measure(bench: Bench) -> list[Row]:
    """Return the row of a note between two real windows while the others listen and read."""
    count, consoles = bench.sizes.notes, bench.sizes.consoles
    with empty_postgres(bench, "note") as ground:
        bench.say(f"sharing {count} notes with {consoles} consoles connected")
        heard = ground.shared(entries(count), consoles)
        with _followers(ground, consoles - 2):
            painted = typed(bench.folder / "note", ground, count)
    what = f"note to the partner's screen, {consoles} consoles connected"
    beside = ground.words.shared.format(consoles=consoles)
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
