"""From the ring on the switchboard's socket to what the handler sees painted."""

from __future__ import annotations

import socket
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from console.domain.record import Role
from ui.bench.asterisk import AFTER_JOINING, EXTENSION, BenchAsterisk, Caller
from ui.bench.ground import Ground, peopled_ground
from ui.bench.processes import BenchFault, Child
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, figures, single

BAR = "a bare socket to a painted Qt label"
BETWEEN = 0.03
"""Seconds a call is left on the screen before it rings off."""


def measure(bench: Bench) -> list[Row]:
    """Return the rows of the ring: call bar, candidates, and the first ring of all."""
    with peopled_ground(bench, "ring") as ground:
        numbers = ground.numbers(bench.sizes.rings)
        bench.say(f"ringing {len(numbers)} times, with {bench.sizes.people:,} people on record")
        label = bare_label(len(numbers))
        lookup = ground.lookups(numbers)
        bars, names = rings(bench.folder / "ring" / "home", ground, numbers)
        audited = ground.audited()
    if audited < len(numbers):
        raise BenchFault(f"Only {audited} of {len(numbers)} look-ups are on the access log; nothing is claimed.")
    both = [one + other for one, other in zip(label, lookup, strict=True)]
    beside = f"that label, and {ground.words.looked}"
    return [
        Row("ring_bar", "ring to painted call bar", "ms", figures(bars[1:]), BAR, figures(label), Aim(20)),
        Row("ring_candidates", "ring to painted candidates", "ms", figures(names[1:]), beside, figures(both), Aim(50),
            note=f"{audited} of {len(numbers)} look-ups on the access log"),
        Row("first_ring", "first ring after sign-in to candidates", "ms", single(names[0]), beside, figures(both)),
    ]  # fmt: skip


def handler(ground: Ground, home: Path, switchboard: str, table: Mapping[str, object]) -> dict[str, object]:
    """Return the wish of a handler's console at the telephone that rings."""
    place = {"home": str(home), "extension": EXTENSION, "screen": "handler"}
    return ground.wish("Priya Raman", Role.SERVICE_ADVISER) | place | {"switchboard": switchboard, "table": dict(table)}


def rings(home: Path, ground: Ground, numbers: Sequence[str]) -> tuple[list[float], list[float]]:
    """Ring a console that is connected itself; return the times to call bar and to candidates, in ms."""
    with BenchAsterisk() as pbx:
        table = {"host": "127.0.0.1", "port": pbx.port, "user": "bench"}
        wish = handler(ground, home, "asterisk_ami", table)
        with Child("console", wish) as console:
            console.hear("connected")
            time.sleep(1.0)
            taken = [one_ring(pbx, console, at, number) for at, number in enumerate(numbers)]
    return [bar for bar, _ in taken], [names for _, names in taken]


def one_ring(pbx: BenchAsterisk, console: Child, count: int, number: str) -> tuple[float, float]:
    """Let one caller ring and give up; return how long until the call bar, and the candidates, were painted, in ms."""
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


def bare_label(count: int) -> list[float]:
    """Return how long a bare socket's word takes to a painted label, in ms, so many times."""
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
