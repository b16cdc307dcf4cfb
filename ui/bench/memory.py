"""How much memory a process holds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def resident_mb(pid: int) -> float:
    """Return the resident memory of a process in MB (10^6 bytes); 0 where this computer does not tell.

    Linux tells it in /proc, macOS through ``ps``; on Windows it is not measured.
    """
    status = Path(f"/proc/{pid}/status")
    if status.is_file():
        line = next(line for line in status.read_text(encoding="ascii").splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024 / 1e6
    if os.name != "posix":
        return 0.0
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True, check=False)  # noqa: S607 - ps is where the system has it
    return int(told.stdout.strip() or 0) * 1024 / 1e6
