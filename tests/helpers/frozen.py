"""A server that stands still: its processes are there, its connections are open, and nothing answers."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from db.postgres.cluster import Cluster


@contextmanager
def frozen(cluster: Cluster) -> Iterator[None]:
    """Stop all of a cluster's processes for the length of a block (Linux alone)."""
    server = int((cluster.data / "postmaster.pid").read_text().splitlines()[0])
    # The server first: it makes no more children while we look for them.
    with stopped(server), stopped(*_children(server)):
        yield


@contextmanager
def stopped(*pids: int) -> Iterator[None]:
    """Stop some processes for the length of a block."""
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


def _children(of: int) -> list[int]:
    found = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(place.read_text().rpartition(")")[2].split()[1]) == of:
                found.append(int(place.parent.name))
    return found
