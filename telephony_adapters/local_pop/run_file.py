"""The file in which a running console says where it listens, and with which token: for the same account alone."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_LARGEST = 1_000


@dataclass(frozen=True, slots=True)
class Running:
    """A console that listens at ``port`` of this computer; ``token`` signs what is handed to it in this run."""

    port: int
    token: str


def write(file: Path, running: Running) -> None:
    """Write it so that only this account can read it, all or nothing.  Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    beside = file.with_name(f"{file.name}.{os.getpid()}")
    with suppress(FileNotFoundError):
        beside.unlink()
    # Made with its rights, never widened first; on Windows the account's own folder has them.
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as out:
        json.dump({"port": running.port, "token": running.token}, out)
    beside.replace(file)


def read(file: Path) -> Running | None:
    """Return what the file says, None where there is none or it says nothing that can be used."""
    try:
        with file.open("rb") as found:
            data = json.loads(found.read(_LARGEST))
        running = Running(int(data["port"]), str(data["token"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return running if 0 < running.port < 65_536 and running.token else None


def remove(file: Path, running: Running) -> None:
    """Take it away, where it is still ours."""
    if read(file) == running:
        with suppress(OSError):
            file.unlink()
