"""What differs between operating systems: locks, accounts, process groups, private files, displays.

Nothing outside this module and :mod:`console.machine.shares` may be POSIX-only.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Any

WINDOWS = sys.platform == "win32"

# --- private files ---------------------------------------------------------------------------


def make_private_folder(folder: Path) -> None:
    """Make ``folder`` and its parents; only this account may look into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    if not WINDOWS:
        folder.chmod(0o700)


def make_private(file: Path) -> None:
    """Let only this account read ``file``.  On Windows the user's own folder does that already."""
    if not WINDOWS:
        file.chmod(0o600)


# --- one owner -------------------------------------------------------------------------------


class FileLock:
    """A lock between programs on this computer; it ends with its process, however that dies."""

    def __init__(self, path: Path) -> None:
        """``path`` is made on the first try and never removed."""
        self._path = path
        self._held: IO[bytes] | None = None

    def take(self) -> bool:
        """Take the lock if nobody has it; say whether it is ours now.  Never waits."""
        if self._held is not None:
            return True
        make_private_folder(self._path.parent)
        file = self._path.open("a+b")
        try:
            _lock(file)
        except OSError:
            file.close()
            return False
        self._held = file
        return True

    def release(self) -> None:
        """Give it up; harmless when it is not ours."""
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> bool:
        """Take the lock; the block is told whether it has it."""
        return self.take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Release it."""
        self.release()


def _lock(file: IO[bytes]) -> None:
    if WINDOWS:
        msvcrt: Any = import_module("msvcrt")
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        fcntl: Any = import_module("fcntl")
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


# --- helper processes ------------------------------------------------------------------------


def start_alone(command: Sequence[str], environment: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start a helper in a group of its own, reading its stdin from us and heard by nobody."""
    return subprocess.Popen(
        list(command),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=not WINDOWS,
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )


def end_group(process: subprocess.Popen[bytes]) -> None:
    """End a helper and whatever it started, at once; harmless when it has gone."""
    if process.poll() is not None:
        return
    if WINDOWS:
        process.kill()
        return
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


# --- being told to end -----------------------------------------------------------------------


def when_told_to_end(tell: Callable[[int], None]) -> None:
    """Call ``tell`` with the signal's number at Ctrl-C, at a service manager's stop, and when the terminal closes."""
    # Windows closes a window by SIGBREAK, Unix by SIGHUP.
    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        number = getattr(signal, name, None)
        if number is not None:
            signal.signal(number, lambda found, _frame: tell(found))


# --- names and addresses of this computer ----------------------------------------------------


def own_addresses() -> tuple[str, ...]:
    """Return the addresses under which the network may know this computer, the likeliest first; none without one.

    Nothing is sent: to choose a route for a datagram is enough to learn its sender.
    """
    found = []
    # 192.0.2.1 and 2001:db8::1 are kept for documentation; a route to them is the route to anywhere.
    for family, far in ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.connect((far, 9))
            found.append(str(probe.getsockname()[0]).partition("%")[0])
    return tuple(found)


# --- servers that run below us ---------------------------------------------------------------


def is_root() -> bool:
    """Say whether we run as the all-powerful account; never so on Windows."""
    return not WINDOWS and os.geteuid() == 0


def give_to(path: Path, account: str | None) -> None:
    """Let ``account`` own ``path``; nothing happens without one.  Only root may; raises OSError, KeyError."""
    if account is not None and not WINDOWS:
        os.chown(path, *_account(account))


def run_briefly(
    command: Sequence[str], *, folder: Path, environment: dict[str, str], account: str | None, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end in ``folder``, as ``account`` where one is named; stdout and stderr are one text.

    Raises :class:`subprocess.TimeoutExpired` after ``seconds``, OSError where it cannot be run.
    """
    return subprocess.run(
        list(command),
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=seconds,
        check=False,
        encoding="utf-8",
        errors="replace",
        **_as_account(account),
    )


def start_server(
    command: Sequence[str], *, folder: Path, environment: dict[str, str], account: str | None, said: Path
) -> subprocess.Popen[bytes]:
    """Start a server in ``folder``, as ``account`` where one is named; what it says is added to the file ``said``.

    It has a session of its own: a Ctrl-C meant for us does not reach it.
    """
    with said.open("ab") as out:
        return subprocess.Popen(
            list(command),
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            start_new_session=not WINDOWS,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            **_as_account(account),
        )


def end_family(process: subprocess.Popen[bytes], seconds: float = 10) -> None:
    """End a server and its own children at once, none of them warned, and wait for at most ``seconds``.

    For servers whose children lead process groups of their own, which :func:`end_group` does not reach.
    """
    if process.poll() is not None:
        return
    if WINDOWS:
        ending = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(ending, capture_output=True, check=False, timeout=seconds)
        process.wait(seconds)
        return
    # Stopped first, so that it neither makes new children nor sees the old ones go.
    os.kill(process.pid, signal.SIGSTOP)
    children = _children_of(process.pid)
    for pid in (*children, process.pid):
        _kill_hard(pid)
    process.wait(seconds)
    _wait_until_gone(children, seconds)


def _kill_hard(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _children_of(parent: int) -> list[int]:
    # -e and -o are POSIX, but a small Debian has no ps; Linux tells without it.
    if sys.platform == "linux":
        pairs = [(int(place.name), _state(int(place.name))[1]) for place in Path("/proc").glob("[0-9]*")]
    else:
        said = subprocess.run(["/bin/ps", "-e", "-o", "pid=,ppid="], capture_output=True, text=True, check=False).stdout
        pairs = [(int(pid), int(above)) for pid, above in map(str.split, said.splitlines())]
    return [pid for pid, above in pairs if above == parent]


def _state(pid: int) -> tuple[str, int]:
    """Return Linux's letter for the state of ``pid`` and its parent's number; ("", 0) when it has gone."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return "", 0
    return fields[0], int(fields[1])


def _wait_until_gone(pids: Sequence[int], seconds: float) -> None:
    end = time.monotonic() + seconds
    while any(map(_is_alive, pids)) and time.monotonic() < end:
        time.sleep(0.005)


def _is_alive(pid: int) -> bool:
    if sys.platform == "linux":
        # A zombie holds nothing any more; who inherits it may never ask for it.
        return _state(pid)[0] not in ("", "Z", "X")
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def _as_account(account: str | None) -> dict[str, Any]:
    if account is None or WINDOWS:
        return {}
    user, group = _account(account)
    return {"user": user, "group": group, "extra_groups": []}


def _account(name: str) -> tuple[int, int]:
    """Return the numbers of an account and its group; raises KeyError where there is none."""
    pwd: Any = import_module("pwd")
    user = pwd.getpwnam(name)
    return int(user.pw_uid), int(user.pw_gid)


# --- where windows may be shown --------------------------------------------------------------

_X_PORT, _DISPLAY_SECONDS = 6000, 3.0


def deaf_display(environment: Mapping[str, str]) -> str:
    """Return the name of the display that nobody answers at, or nothing where one takes us.

    Qt ends a program whose display is not there with a crash, so it is asked before.  Only X and
    Wayland are known here; everywhere else the answer is nothing.
    """
    plugin = environment.get("QT_QPA_PLATFORM", "").partition(":")[0]
    if WINDOWS or sys.platform == "darwin" or plugin not in ("", "xcb", "wayland"):
        return ""
    wayland = environment.get("WAYLAND_DISPLAY", "") if plugin != "xcb" else ""
    display = environment.get("DISPLAY", "") if plugin != "wayland" else ""
    folder = Path(environment.get("XDG_RUNTIME_DIR", "/run"))
    if wayland and _takes(str(folder / wayland)):
        return ""
    if display and any(_takes(place) for place in _x_places(display)):
        return ""
    return display or wayland


def _x_places(display: str) -> tuple[str | tuple[str, int], ...]:
    """Return where the X server called ``display`` (``:0``, ``pc.example:10.0``) listens."""
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if not (number.isascii() and number.isdigit()):
        return ()
    here = f"/tmp/.X11-unix/X{number}"  # noqa: S108 - where every X server listens
    tcp = (host, _X_PORT + int(number))
    return (here, f"\0{here}") if host in ("", "unix") else (tcp,)


def _takes(place: str | tuple[str, int]) -> bool:
    """Say whether somebody takes a connection at a socket's path, or at host and port."""
    try:
        if isinstance(place, str):
            with socket.socket(socket.AF_UNIX) as one:
                one.settimeout(_DISPLAY_SECONDS)
                one.connect(place)
        else:
            socket.create_connection(place, _DISPLAY_SECONDS).close()
    except (OSError, ValueError, OverflowError):
        return False
    return True
