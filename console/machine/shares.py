"""Where a database may lie: whether a place is on this computer's own disk or on a network share."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from console.domain.text import NightdeskError
from console.machine.platform import WINDOWS

_SHARES = frozenset(
    {"afpfs", "afs", "ceph", "cifs", "coda", "davfs", "glusterfs", "lustre", "ncpfs", "nfs", "nfs3", "nfs4"}
    | {"smb2", "smb3", "smbfs", "webdav"}
    | {"fuse.davfs", "fuse.glusterfs", "fuse.gvfsd-fuse", "fuse.rclone", "fuse.sshfs"}
)
"""Kinds of file system that live on another computer, as Linux and macOS call them."""


class BadPlace(NightdeskError):
    """A file cannot be kept where it was asked for; nothing was written."""


def refuse_network_share(path: Path) -> None:
    """Raise :class:`BadPlace` where ``path`` lies on another computer.

    SQLite's locks do not hold there, and two consoles would damage the record.
    """
    kind = share_kind(path)
    if kind:
        message = (
            f"{path} lies on a network drive ({kind}), where SQLite cannot keep the record safe.  "
            "Nothing was written.  Choose a folder on this computer's own disk, or use PostgreSQL for a team."
        )
        raise BadPlace(message)


def share_kind(path: Path) -> str:
    """Return what kind of network share ``path`` lies on, or nothing for a local disk."""
    real = path.expanduser().absolute()
    if WINDOWS:
        return _windows_share(str(real))
    kind = file_system_of(_existing(real), _mounts())
    return kind if kind in _SHARES else ""


def file_system_of(path: Path, mounts: Sequence[tuple[str, str]]) -> str:
    """Return the kind of the deepest of ``mounts`` (folder, kind) that holds ``path``."""
    text = path.as_posix()
    best, kind = "", ""
    for folder, its_kind in mounts:
        inside = text == folder or text.startswith(folder.rstrip("/") + "/")
        # Of two on the same folder the later one covers the earlier.
        if inside and len(folder) >= len(best):
            best, kind = folder, its_kind
    return kind


def _existing(path: Path) -> Path:
    while not path.exists() and path != path.parent:
        path = path.parent
    return path.resolve()


def _mounts() -> list[tuple[str, str]]:
    if sys.platform == "linux":
        try:
            return parse_mountinfo(Path("/proc/self/mountinfo").read_text(encoding="utf-8", errors="replace"))
        except OSError:
            return []
    said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False).stdout
    return parse_mount(said)


def parse_mountinfo(text: str) -> list[tuple[str, str]]:
    """Read Linux's /proc/self/mountinfo: (folder, kind) in the order mounted."""
    found = []
    for line in text.splitlines():
        left, _, right = line.partition(" - ")
        fields = left.split(" ")
        if len(fields) > 4 and right:
            folder = fields[4].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
            found.append((folder, right.split(" ")[0]))
    return found


def parse_mount(text: str) -> list[tuple[str, str]]:
    """Read what macOS's ``mount`` prints: ``//user@host/share on /Volumes/share (smbfs, nodev)``."""
    found = []
    for line in text.splitlines():
        place, _, options = line.rpartition(" (")
        folder = place.partition(" on ")[2]
        if folder:
            found.append((folder, options.split(",")[0].rstrip(")").strip()))
    return found


def _windows_share(path: str) -> str:
    if path.startswith("\\\\"):
        return "a share"
    ctypes: Any = import_module("ctypes")
    remote = 4
    return "a mapped drive" if ctypes.windll.kernel32.GetDriveTypeW(path[:3]) == remote else ""
