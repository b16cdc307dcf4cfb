"""The ring that comes through a witness and the record, beside that of a console that is connected itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from console.domain.record import Role
from ui.bench.asterisk import BenchAsterisk
from ui.bench.ground import Ground, peopled_ground
from ui.bench.processes import BenchFault, Child, child_environment
from ui.bench.ring import handler, one_ring, rings
from ui.bench.settings import Bench
from ui.bench.table import Row, figures

OTHERS = 100_000
"""Where the counting of callers begins anew: those that rang directly are in the record, and over."""
DIRECT = "the same console connected to the switchboard itself, in the same run"


def measure(bench: Bench) -> list[Row]:
    """Return the row of the ring through a witness: from its bytes on the witness's socket to the painted call bar."""
    folder = bench.folder / "through"
    with peopled_ground(bench, "through") as ground:
        numbers = ground.numbers(max(4, bench.sizes.rings // 4))
        bench.say(f"ringing {len(numbers)} times directly, and as often through a witness")
        direct, _ = rings(folder / "direct", ground, numbers)
        through = _rings(folder, ground, numbers)
    what = "ring to painted call bar through a witness and the record"
    # The first ring of a console is left out, as in the ring's own row.
    return [Row("ring_through", what, "ms", figures(through[1:]), DIRECT, figures(direct[1:]))]


def _rings(folder: Path, ground: Ground, numbers: Sequence[str]) -> list[float]:
    wish = handler(ground, folder / "home", "through_witness", {})
    with BenchAsterisk() as pbx, _witness(folder / "witness", ground, pbx.port), Child("console", wish) as console:
        console.hear("connected")
        time.sleep(1.0)
        return [one_ring(pbx, console, OTHERS + at, number)[0] for at, number in enumerate(numbers)]


@contextmanager
def _witness(home: Path, ground: Ground, port: int) -> Iterator[None]:
    """Run the command itself, as a service manager does, until it hears the telephones."""
    wish = ground.wish("Witness", Role.WITNESS)
    sets = [f"--set={name}={value}" for name, value in (("host", "127.0.0.1"), ("port", port), ("user", "bench"))]
    command = ["witness", "--acts", "--json", "--database", ground.database, "--switchboard", "asterisk_ami", *sets]
    given = {
        "NIGHTDESK_HOME": str(home),
        "NIGHTDESK_DATABASE_PASSWORD": str(wish.get("password", "")),
    }
    home.mkdir(parents=True, exist_ok=True)
    process = subprocess.Popen(
        [sys.executable, "-m", "ui", *command, "--key-file", str(home / "key")],
        stdout=subprocess.PIPE, env={**os.environ, **child_environment(), **given}, text=True,
    )  # fmt: skip
    try:
        for line in process.stdout or ():
            if json.loads(line).get("state") == "connected":
                break
        else:
            raise BenchFault("The witness of the bench did not start; what it said stands above.")
        yield
    finally:
        process.terminate()
        process.wait(20)
        if process.stdout is not None:
            process.stdout.close()
