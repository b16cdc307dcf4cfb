"""Which ports the rig gives out: each once, to one of all the runs on this machine.

A port is chosen long before it is used: the world's stands in the switchboard's configuration before any telephone of
the world is there.  So that nobody is given it, or its neighbour, in between, it is claimed until the process ends.
"""

from __future__ import annotations

import os
import random
import socket
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

PORTS = range(22_000, 32_000)
"""Above the ports for sound (to 20999), below those that Linux gives to whoever asks for none (32768 on)."""
TAKES = 2
"""How many in a row a telephone takes: its own by UDP and by TCP, and the next one by TCP."""


class Claims:
    """The ports given out: to us we remember, to others a file's bytes are locked until they end."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._held: int | None = None
        self._ours: set[int] = set()

    def claim(self, port: int) -> bool:
        """Take ``port`` and its neighbour, unless one of them was given to anybody."""
        wanted = range(port, port + TAKES)
        if not self._ours.isdisjoint(wanted) or not self._locked(port):
            return False
        self._ours.update(wanted)
        return True

    def _locked(self, port: int) -> bool:
        if sys.platform == "win32":
            return True  # No rig is there, and so no other run that has one.
        import fcntl  # noqa: PLC0415  Windows has none

        if self._held is None:
            # Open until the process ends: closing it would give every port back.
            self._held = os.open(self._file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.lockf(self._held, fcntl.LOCK_EX | fcntl.LOCK_NB, TAKES, port)
        except OSError:
            return False
        return True


_OWNER = os.getuid() if sys.platform != "win32" else 0
CLAIMS = Claims(Path(tempfile.gettempdir()) / f"nightdesk-rig-ports-{_OWNER}")


def free_port(host: str = "127.0.0.1", among: Sequence[int] = PORTS, claims: Claims = CLAIMS) -> int:
    """Return a port that nobody uses now, by UDP or TCP, and whose neighbour is free as well; it is not given again.

    Chosen below the ports that a system gives to whoever asks for none, so that no other program's connection takes
    one before it is used.
    """
    for port in random.SystemRandom().sample(among, len(among)):
        if _is_free(host, port) and claims.claim(port):
            return port
    raise OSError("no port is free")


def _is_free(host: str, port: int) -> bool:
    with suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams:
        datagrams.bind((host, port))
        with socket.create_server((host, port)), socket.create_server((host, port + 1)):
            return True
    return False
