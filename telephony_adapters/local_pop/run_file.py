"""The file in which a running console says where it listens, and with which token: for the same account alone."""

from __future__ import annotations

import json
import os
import stat
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
    """Return what the file says; None where there is none, it is not this account's alone, or says nothing of use."""
    try:
        data = json.loads(_text_of(file))
        port, token = data["port"], data["token"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if type(port) is not int or not isinstance(token, str) or not token.isascii():
        return None
    return Running(port, token) if 0 < port < 65_536 and token else None


def is_for_one(found: os.stat_result, account: int) -> bool:
    """Say whether a plain file is that account's, and nobody else's to read or write.

    Who else can write it chooses where our callers' numbers go; who else can read it can pose as the console.
    """
    return stat.S_ISREG(found.st_mode) and found.st_uid == account and not found.st_mode & 0o077


def _text_of(file: Path) -> bytes:
    # Without waiting: at another account's pipe one would wait for ever.
    opened = os.open(file, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with os.fdopen(opened, "rb") as found:
        # On Windows the account's own folder has the rights.
        if hasattr(os, "getuid") and not is_for_one(os.fstat(opened), os.getuid()):
            raise PermissionError
        return found.read(_LARGEST)


def remove(file: Path, running: Running) -> None:
    """Take it away, where it is still ours."""
    if read(file) == running:
        with suppress(OSError):
            file.unlink()
