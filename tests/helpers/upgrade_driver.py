"""An upgrade in a process of its own, to be killed or stopped in the middle.

stdin: JSON with ``keywords``, ``password``, ``service`` and ``how``; ``python -m tests.helpers.upgrade_driver``.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psycopg

from db.postgres.lines import Address
from db.postgres.steps import STEPS, Step
from db.postgres.target import Service
from db.postgres.upgrade import upgrade_service

ROWS, BATCH = 400, 20
SLOW = "the slow statement of a test"
"""What the server's list of sessions shows while the upgrade stands in its transaction."""


def fill(line: psycopg.Connection) -> bool:
    """Fill one batch of the step."""
    done = line.execute(
        "INSERT INTO later_on SELECT n FROM generate_series(1, %s) AS n WHERE n NOT IN (SELECT number FROM later_on) "
        "ORDER BY n LIMIT %s",
        [ROWS, BATCH],
    )
    return done.rowcount == BATCH


def later_on(filling: Callable[[psycopg.Connection], bool] = fill, more: str = "") -> Step:
    """Return a step as a later version may have it: a table, an index on a full table, and rows to fill in."""
    index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix_entry_later_on ON entry (author, kind)"
    return Step(
        90, "later on", (index,), lambda: filling, text=f"CREATE TABLE later_on (number integer PRIMARY KEY); {more}"
    )


def _stands_still(line: psycopg.Connection) -> bool:
    """Stand still in the middle of a batch, with what it wrote not committed, as a laptop whose lid was closed."""
    if line.execute("SELECT count(*) FROM later_on").fetchall()[0][0] < 3 * BATCH:
        return fill(line)
    line.execute("LOCK TABLE entry IN SHARE MODE")
    fill(line)
    os.kill(os.getpid(), signal.SIGSTOP)
    return False


HOW: dict[str, Step] = {
    "in the transaction": later_on(more=f"SELECT pg_sleep(25) /* {SLOW} */"),
    "in a batch": later_on(_stands_still),
}


def started(admin: Address, service: str, how: str) -> subprocess.Popen[str]:
    """Start one; the caller ends it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.helpers.upgrade_driver"],
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    asked = {"keywords": dict(admin.keywords), "password": admin.password, "service": service, "how": how}
    assert process.stdin is not None
    process.stdin.write(json.dumps(asked))
    process.stdin.close()
    return process


if __name__ == "__main__":
    wanted = json.load(sys.stdin)
    upgrade_service(
        Address(wanted["keywords"], wanted["password"]), Service(wanted["service"]), (*STEPS, HOW[wanted["how"]])
    )
