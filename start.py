#!/usr/bin/env python3
"""Make Nightdesk's own environment from the lock file, then do what was asked.

    python3 start.py demo            show a night with invented people
    python3 start.py test            run every check and every test
    python3 start.py ANYTHING        the same as: nightdesk ANYTHING

Standard library only, and readable by Pythons too old to run Nightdesk.  It
speaks on stderr, so that the output of a command stays that command's own.
"""

from __future__ import annotations

import ctypes
import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import BinaryIO

OLDEST = (3, 11)
REFUSED = 5
ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
ENV = ROOT / ".venv"
STAMP = ENV / "nightdesk-stamp"
HEADLESS = ("watch", "db", "people", "replay", "rota", "witness", "serve", "join", "doctor", "pop", "links")
WINDOWS = os.name == "nt"

# Library to look for, Debian package that brings it; found one at a time in an empty machine.
QT = {
    "libglib-2.0.so.0": "libglib2.0-0",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
}
QT_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
}
QT_WAYLAND = {"libwayland-cursor.so.0": "libwayland-cursor0", "libwayland-egl.so.1": "libwayland-egl1"}


class CannotStart(Exception):
    """The text says what is missing and the one thing to do."""


def say(text: str) -> None:
    """Speak on stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def run(*command: str | Path) -> bool:
    """Run ``command`` with its output on stderr; say whether it succeeded."""
    return subprocess.call([str(part) for part in command], stdout=sys.stderr.fileno()) == 0


# --- what the machine must lend us -----------------------------------------------------------


def is_absent(library: str) -> bool:
    """Say whether the loader cannot find ``library``."""
    try:
        ctypes.CDLL(library)
    except OSError:
        return True
    return False


def missing_qt() -> list[str]:
    """Return the Debian packages of the libraries that Qt would not find."""
    wanted = dict(QT)
    if os.environ.get("DISPLAY"):
        wanted.update(QT_X11)
    if os.environ.get("WAYLAND_DISPLAY"):
        wanted.update(QT_WAYLAND)
    return [package for library, package in wanted.items() if is_absent(library)]


def install_debian(packages: list[str], why: str) -> None:
    """Install ``packages`` where we may; otherwise raise with the one command to run."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise CannotStart(
            f"{why}.  This system has no apt-get: please install what Debian calls {', '.join(packages)}, "
            "then start again."
        )
    if os.geteuid() != 0:
        raise CannotStart(f"{why}.  Please run this once, then start again:\n  sudo {' '.join(command)}")
    say(f"nightdesk: {why}; installing {', '.join(packages)}")
    os.environ["DEBIAN_FRONTEND"] = "noninteractive"
    run("apt-get", "update", "-qq")
    if not run(*command):
        raise CannotStart(f"{why}, and apt-get could not install them.  Its message is above.")


def look_for_qt(arguments: list[str]) -> None:
    """Make sure windows can open, where the command opens windows."""
    opens_windows = bool(arguments) and arguments[0] not in HEADLESS and not arguments[0].startswith("-")
    if arguments[:1] == ["telephones"] and len(arguments) > 1:
        # By words it needs no window, as on a server.
        opens_windows = "--window" in arguments
    if not sys.platform.startswith("linux") or not opens_windows or {"-h", "--help"} & set(arguments):
        return
    missing = missing_qt()
    if missing:
        install_debian(missing, "the windows need system libraries that are not here")


# --- the environment -------------------------------------------------------------------------


def env_python() -> Path:
    """Return the path of the environment's own Python."""
    return ENV / ("Scripts/python.exe" if WINDOWS else "bin/python")


def wanted_stamp() -> str:
    """Return what the stamp holds when the environment matches the lock, this Python and this folder."""
    lock = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    return f"{lock}\n{sys.version_info[0]}.{sys.version_info[1]}\n{ROOT}\n"


def stamp() -> str:
    """Return the stamp of a finished environment, or nothing."""
    try:
        return STAMP.read_text(encoding="utf-8") if env_python().exists() else ""
    except OSError:
        return ""


def take(held: BinaryIO) -> bool:
    """Try to lock ``held`` on this operating system; the lock ends with the process."""
    try:
        if WINDOWS:
            msvcrt = import_module("msvcrt")
            msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl = import_module("fcntl")
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold a lock, so that two first starts at once make one environment."""
    with (ROOT / ".venv.lock").open("a+b") as held:
        while not take(held):
            time.sleep(0.5)
        yield


def with_uv() -> bool:
    """Make the environment with uv; say whether that worked."""
    uv = shutil.which("uv")
    if not uv:
        return False
    fresh = env_python().exists() or run(uv, "venv", "--quiet", "--python", sys.executable, ENV)
    return fresh and run(uv, "pip", "sync", "--quiet", "--require-hashes", "--python", env_python(), LOCK)


def with_pip() -> bool:
    """Make the environment with venv and pip; say whether that worked."""
    if not env_python().exists():
        if not find_spec("ensurepip"):  # Debian keeps it in a package of its own
            install_debian(["python3-venv"], "this Python cannot make an environment yet")
        if not run(sys.executable, "-m", "venv", ENV):
            return False
    pip: list[str | Path] = [env_python(), "-m", "pip", "--disable-pip-version-check"]
    if not run(*pip, "show", "--quiet", "pip"):
        # uv makes environments without pip; it may have gone since.
        run(env_python(), "-m", "ensurepip")
    # --no-deps: the lock is whole, and on macOS leaves out what pyttsx3 asks for and we do not use.
    return run(*pip, "install", "-qq", "--no-deps", "--require-hashes", "-r", LOCK)


def make_environment() -> None:
    """Bring ``.venv`` to what the lock says; nothing to do when its stamp says so already."""
    if stamp() == wanted_stamp():
        return
    with one_at_a_time():
        before = stamp()
        if before == wanted_stamp():
            return
        say(f"nightdesk: making the environment in {ENV} (about a minute, once)")
        finished_once = before.split("\n")[1:] == wanted_stamp().split("\n")[1:]
        if STAMP.exists():
            STAMP.unlink()
        if not finished_once:
            # Half-made, moved, or of another Python: nothing in it can be trusted.
            shutil.rmtree(ENV, ignore_errors=True)
        if not with_uv() and not with_pip():
            raise CannotStart(
                "the environment could not be made; the message above says why.  Nothing else was changed.  "
                "Check the network and the free space, then start again."
            )
        packages = next(ENV.glob("Lib/site-packages" if WINDOWS else "lib/python3*/site-packages"))
        (packages / "nightdesk-source.pth").write_text(str(ROOT) + "\n", encoding="utf-8")
        STAMP.write_text(wanted_stamp(), encoding="utf-8")
        say("nightdesk: the environment is ready")


# --- doing what was asked --------------------------------------------------------------------


def how_started() -> str:
    """Return what the caller typed to start us, for hints that they can type again."""
    python = "py" if WINDOWS else Path(sys.executable).name
    return f"{python} {shlex.quote(sys.argv[0])}"


def become(arguments: list[str]) -> None:
    """Turn into what was asked for, in the caller's own folder; never returns."""
    # -P: a folder called "ui" where the caller stands must not be taken for ours.
    command = [str(env_python()), "-P"]
    if arguments[:1] == ["test"]:
        command += [str(ROOT / "tests" / "run_checks.py"), *arguments[1:]]
    else:
        command += ["-m", "ui", *arguments]
    if arguments[:1] != ["test"]:
        os.environ["NIGHTDESK_STARTED_AS"] = how_started()
    os.environ.setdefault("PYTHONUTF8", "1")
    if WINDOWS:
        # Windows has no exec: a new process there would leave the caller's console behind.
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)  # noqa: S606  the environment's own Python, and no shell is wanted


def main(arguments: list[str]) -> None:
    """Do it all."""
    if sys.version_info < OLDEST:
        raise CannotStart(
            f"this is Python {sys.version_info[0]}.{sys.version_info[1]}, and Nightdesk needs Python 3.11 or newer.  "
            "Install one and start again with it, for example: python3.11 start.py demo"
        )
    make_environment()
    look_for_qt(arguments)
    become(arguments)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CannotStart as problem:
        say(f"nightdesk: {problem}")
        sys.exit(REFUSED)
    except KeyboardInterrupt:
        say("nightdesk: stopped before it started")
        sys.exit(130)
