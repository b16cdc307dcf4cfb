"""The limit of sharing: a bare connection that looks every 10 ms whether somebody has committed."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from db.engine import connect
from ui.bench.child import first_wish, listen, say

LOOK_EVERY = 0.01
_HEARD = "SELECT id FROM heard WHERE id > ? ORDER BY id"


def run() -> int:
    """Say when each row was heard of and read, until the bench closes us.

    The wish: ``record``, a file; ``query``, which takes the newest id read and returns rows whose first column is one;
    ``after``, the newest id that was there before.
    """
    wish = first_wish()
    file, query = Path(wish["record"]), wish.get("query", _HEARD)
    ended = threading.Event()
    listen(lambda message: ended.set() if message["do"] == "close" else None)
    connection = connect(file, None)
    seen, version = int(wish.get("after", 0)), -1
    say("ready")
    while not ended.wait(LOOK_EVERY):
        row = connection.execute("PRAGMA data_version").fetchone()
        if row is None or row[0] == version:
            continue
        version = row[0]
        for found, *_ in connection.execute(query, (seen,)).fetchall():
            seen = found
            say("heard", id=found, at=time.perf_counter_ns())
    connection.close()
    return 0
