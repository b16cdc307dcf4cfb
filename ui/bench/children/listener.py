"""The limit of sharing on PostgreSQL: bare psycopg that listens, and reads what is new whenever the bell rings."""

from __future__ import annotations

import threading
import time
from typing import Any

from db.postgres.bare import plain, rang
from db.postgres.lines import Address
from ui.bench.child import first_wish, listen, say

_LOOK_UP = 0.2
"""Seconds after which it looks whether the bench has closed it."""


def run() -> int:
    """Say when each row was heard of and read, until the bench closes us.

    The wish: ``keywords`` and ``password``; ``channel``; ``query``, which takes the newest id read and returns rows
    whose first column is an id; ``lines``, how many connections do so, of which the first one tells.
    """
    wish = first_wish()
    ended, all_here = threading.Event(), threading.Barrier(int(wish["lines"]))
    listen(lambda message: ended.set() if message["do"] == "close" else None)
    others = [
        threading.Thread(
            target=_hear, args=(wish, ended, all_here), kwargs={"tells": False}, name="listener", daemon=True
        )
        for _ in range(int(wish["lines"]) - 1)
    ]
    for one in others:
        one.start()
    _hear(wish, ended, all_here, tells=True)
    return 0


def _hear(wish: dict[str, Any], ended: threading.Event, all_here: threading.Barrier, *, tells: bool) -> None:
    with plain(Address(wish["keywords"], wish["password"])) as line:
        line.execute(f"LISTEN {wish['channel']}")
        seen = int(wish.get("after", 0))
        all_here.wait()
        if tells:
            say("ready")
        while not ended.is_set():
            if not rang(line, _LOOK_UP):
                continue
            for found, *_ in line.execute(wish["query"], (seen,)).fetchall():
                seen = found
                if tells:
                    say("heard", id=found, at=time.perf_counter_ns())
