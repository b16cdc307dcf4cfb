"""What ``start.py test`` runs: the checks of the whole house, then every test.

``start.py test``                  everything
``start.py test --long NAME``      one long proof
``start.py test PATH -k WORD``     pytest alone, with those arguments

All tests run in two lanes side by side (docs/decisions/0026-two-lanes.md); the last line is pytest's own closing
line, summed; the exit code is 0 only when everything held.  A test of real processes that failed is run once more,
alone, and named as unsteady where it then holds (docs/decisions/0017-a-second-try.md).
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.helpers.lanes import PATIENCE, closing_line, exit_code, lanes_of, run_lanes
from tests.helpers.second_try import failures, worth_a_second_try

ROOT = Path(__file__).resolve().parent.parent
STOPPED, READER_GONE = 130, 141
CORES = os.cpu_count() or 1
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
    """Run ``check``, named before it begins; show its words only when it fails."""
    say(f"...     {check.title}")
    started = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *check.module], cwd=ROOT, text=True, capture_output=True, check=False)
    ok = done.returncode == 0
    if not ok:
        say(done.stdout + done.stderr)
    say(f"{'ok    ' if ok else 'FAILED'}  {check.title}  ({time.monotonic() - started:.1f} s)")
    return ok


def run_pytest(arguments: list[str]) -> tuple[int, str]:
    """Run pytest, passing its output on as it comes; return its exit code and its closing line."""
    command = [sys.executable, "-m", "pytest", *arguments]
    last = ""
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as running:
        assert running.stdout is not None
        try:
            while chunk := os.read(running.stdout.fileno(), 65536):
                _pass_on(chunk, running)
                last = (last + chunk.decode(errors="replace"))[-4000:]
        except KeyboardInterrupt:
            _pass_on(_rest_of(running), running)
            raise
    lines = [line for line in last.splitlines() if line.strip()]
    return running.returncode, lines[-1] if lines else "pytest said nothing"


def _rest_of(running: subprocess.Popen[bytes]) -> bytes:
    """Return the words of a pytest that had the Ctrl-C too; one that had none is ended."""
    try:
        return running.communicate(timeout=PATIENCE)[0]
    except subprocess.TimeoutExpired:
        running.kill()
        return b""


def _pass_on(chunk: bytes, running: subprocess.Popen[bytes]) -> None:
    try:
        sys.stdout.buffer.write(chunk)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads any more: pytest would otherwise be waited for, or complain of its own pipe.
        running.terminate()
        raise


def every_test() -> tuple[int, str]:
    """Run all tests, and what met a slow moment once more; return the exit code and what pytest said in closing."""
    lanes = lanes_of(ROOT, CORES)
    with TemporaryDirectory() as kept:
        caches = [Path(kept, str(number)) for number, _ in enumerate(lanes)]
        started = time.monotonic()
        run = zip(lanes, (["-o", f"cache_dir={cache}"] for cache in caches), strict=True)
        outcomes = run_lanes(run, ROOT, pass_on)
        closing = closing_line(outcomes, time.monotonic() - started)
        failed = tuple(sorted(test for cache in caches for test in failures(cache)))
    code = exit_code(outcomes)
    for one in outcomes:
        if not one.is_counted:
            say(f"the lane of {one.title} ended without its closing line, with exit code {one.code}")
    if not worth_a_second_try(code, failed):
        return code, closing
    say(f"\n{len(failed)} failed; tried once more, alone:")
    code, again = run_pytest(["-p", "no:cacheprovider", *failed])
    names = "".join(f"  {test}\n" for test in failed)
    fate = "unsteady, held when run again" if code == 0 else "failed, and failed again"
    return code, f"{fate}:\n{names}first: {closing}\nagain: {again}"


def pass_on(text: str) -> None:
    """Print what a pytest wrote, as it is."""
    sys.stdout.write(text)
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Run what was asked and return the exit code."""
    if arguments:
        return run_pytest(["-p", "no:cacheprovider", *arguments])[0]
    started = time.monotonic()
    failed = [check.title for check in CHECKS if not held(check)]
    code, closing = every_test()
    say(f"\nall checks and tests took {time.monotonic() - started:.0f} s")
    if failed:
        say(f"FAILED before the tests: {'; '.join(failed)}")
    say(closing)
    return code or int(bool(failed))


def run(arguments: list[str]) -> int:
    """Run :func:`main`; Ctrl-C and a reader that goes away end it in a word, as in every command."""
    try:
        return main(arguments)
    except KeyboardInterrupt:
        # What runs below has had the Ctrl-C too, and says its own words.
        print("start.py test: stopped", file=sys.stderr)
        return STOPPED
    except BrokenPipeError:
        # Python writes what is left when it ends; there is nobody to read that.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
