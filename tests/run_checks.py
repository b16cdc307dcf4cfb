"""What ``start.py test`` runs: the checks of the whole house, then every test.

``start.py test``                  everything
``start.py test --long NAME``      one long proof
``start.py test PATH -k WORD``     pytest alone, with those arguments

The last line is pytest's own closing line; the exit code is 0 only when everything held.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OURS = ("console", "ui", "telephony_adapters", "db", "tests", "start.py")


@dataclass(frozen=True, slots=True)
class Check:
    """One command; ``module`` is run with this Python."""

    title: str
    module: tuple[str, ...]


CHECKS = (
    Check("ruff: rules", ("ruff", "check", *OURS)),
    Check("ruff: format", ("ruff", "format", "--check", *OURS)),
    Check("mypy: types, strict", ("mypy",)),
)


def say(text: str) -> None:
    """Print at once, so that progress is seen while a check runs."""
    print(text, flush=True)


def held(check: Check) -> bool:
    """Run ``check``; show its words only when it fails."""
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *check.module], cwd=ROOT, text=True, capture_output=True, check=False)
    ok = done.returncode == 0
    if not ok:
        say(done.stdout + done.stderr)
    say(f"{'ok    ' if ok else 'FAILED'}  {check.title}  ({time.monotonic() - started:.1f} s)")
    return ok


def run_pytest(arguments: list[str]) -> tuple[int, str]:
    """Run pytest, passing its output on as it comes; return its exit code and its closing line."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        while chunk := os.read(running.stdout.fileno(), 65536):
            sys.stdout.buffer.write(chunk)
            sys.stdout.flush()
            last = (last + chunk.decode(errors="replace"))[-4000:]
    lines = [line for line in last.splitlines() if line.strip()]
    return running.returncode, lines[-1] if lines else "pytest said nothing"


def main(arguments: list[str]) -> int:
    """Run what was asked and return the exit code."""
    if arguments:
        return run_pytest(arguments)[0]
    started = time.monotonic()
    failed = [check.title for check in CHECKS if not held(check)]
    code, closing = run_pytest([])
    say(f"\nall checks and tests took {time.monotonic() - started:.0f} s")
    if failed:
        say(f"FAILED before the tests: {'; '.join(failed)}")
    say(closing)
    return code or int(bool(failed))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
