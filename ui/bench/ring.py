"""From the ring on the switchboard's socket to what the handler sees painted."""

from __future__ import annotations

import socket
import time
from collections.abc import Sequence
from pathlib import Path

from db.engine import Driver
from ui.bench.asterisk import AFTER_JOINING, EXTENSION, BenchAsterisk, Caller
from ui.bench.people import copy_record, open_existing, some_numbers
from ui.bench.processes import BenchFault, Child
from ui.bench.scratch import scratch
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures, single

BAR = "a bare socket to a painted Qt label"
NAMES = "that label, and a bare indexed look-up with an audit row committed"
BETWEEN = 0.03
"""Seconds a call is left on the screen before it rings off."""


def measure(bench: Bench) -> list[Row]:
    """Return the rows of the ring: call bar, candidates, and the first ring of all."""
    folder = bench.place("ring")
    record = copy_record(bench, folder)
    numbers = some_numbers(record, bench.sizes.rings)
    bench.say(f"ringing {len(numbers)} times, with {bench.sizes.people:,} people on record")
    label = _bare_label(len(numbers))
    lookup = _bare_lookups(record, folder, numbers)
    bars, names = _rings(folder, record, numbers)
    audited = _audit_rows(record)
    if audited < len(numbers):
        raise BenchFault(f"Only {audited} of {len(numbers)} look-ups are on the access log; nothing is claimed.")
    both = [one + other for one, other in zip(label, lookup, strict=True)]
    return [
        Row("ring_bar", "ring to painted call bar", "ms", figures(bars[1:]), BAR, figures(label), Aim(20)),
        Row("ring_candidates", "ring to painted candidates", "ms", figures(names[1:]), NAMES, figures(both), Aim(50),
            note=f"{audited} of {len(numbers)} look-ups on the access log"),
        Row("first_ring", "first ring after sign-in to candidates", "ms", single(names[0]), NAMES, figures(both)),
    ]  # fmt: skip


def _rings(folder: Path, record: Path, numbers: Sequence[str]) -> tuple[list[float], list[float]]:
    with BenchAsterisk() as pbx:
        wish = {
            "home": str(folder / "home"),
            "record": str(record),
            "name": "Priya Raman",
            "role": "service_adviser",
            "extension": EXTENSION,
            "screen": "handler",
            "switchboard": "asterisk_ami",
            "table": {"host": "127.0.0.1", "port": pbx.port, "user": "bench"},
        }
        with Child("console", wish) as console:
            console.hear("connected")
            time.sleep(1.0)
            taken = [_one_ring(pbx, console, at, number) for at, number in enumerate(numbers)]
    return [bar for bar, _ in taken], [names for _, names in taken]


def _one_ring(pbx: BenchAsterisk, console: Child, count: int, number: str) -> tuple[float, float]:
    caller = Caller(count, "0" + number.removeprefix("+44"))
    now = time.time()  # noqa: TID251 - the switchboard's own clock, as its bytes carry it
    pbx.send(caller.arrives(now))
    time.sleep(AFTER_JOINING)
    console.forget()
    began = pbx.send(caller.rings(now + AFTER_JOINING))
    painted: dict[str, float] = {}
    while len(painted) < 2:
        heard = console.hear("bar", "candidates", seconds=20)
        painted[heard["said"]] = (heard["at"] - began) / 1e6
    time.sleep(BETWEEN)
    pbx.send(caller.gives_up(now + 0.1))
    console.hear("calm", seconds=20)
    # Not in step with anything of ours that beats: the feed, the clocks, the refresher.
    time.sleep(0.02 + (count * 37 % 100) / 1000)
    return painted["bar"], painted["candidates"]


def _audit_rows(record: Path) -> int:
    store = open_existing(record)
    bare = store.database.bare()
    try:
        row = bare.execute("SELECT count(*) FROM access WHERE action = 'listed'").fetchone()
    finally:
        bare.close()
        store.close()
    return int(row[0]) if row else 0


def _bare_label(count: int) -> list[float]:
    with socket.create_server(("127.0.0.1", 0)) as server, Child("label", {"port": server.getsockname()[1]}) as child:
        link, _ = server.accept()
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with link:
            child.hear("ready")
            time.sleep(0.3)
            return [_one_label(link, child, at) for at in range(count)]


def _one_label(link: socket.socket, child: Child, count: int) -> float:
    text = f"ringing {count}"
    began = time.perf_counter_ns()
    link.sendall(text.encode() + b"\n")
    while (heard := child.hear("painted"))["text"] != text:
        pass
    time.sleep(0.02 + (count * 37 % 100) / 4000)
    return float(heard["at"] - began) / 1e6


def _bare_lookups(record: Path, folder: Path, numbers: Sequence[str]) -> list[float]:
    """Look each number up by the index, and commit a row elsewhere as an audit log would."""
    store = open_existing(record)
    bare = store.database.bare()
    audit = scratch(folder / "audit.db", "CREATE TABLE looked (id INTEGER PRIMARY KEY, at TEXT, what TEXT)")
    try:
        return [_one_lookup(bare, audit, number) for number in numbers]
    finally:
        audit.close()
        bare.close()
        store.close()


def _one_lookup(bare: Driver, audit: Driver, number: str) -> float:
    began = time.perf_counter_ns()
    audit.execute("INSERT INTO looked (at, what) VALUES (?, ?)", (str(began), number))
    bare.execute(
        "SELECT p.* FROM person_on_line o JOIN person p ON p.id = o.person WHERE o.e164 = ? AND o.until IS NULL",
        (number,),
    ).fetchall()
    return (time.perf_counter_ns() - began) / 1e6
