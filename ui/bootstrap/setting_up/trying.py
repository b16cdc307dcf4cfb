"""Tries a switchboard as a console would connect to it, and tells how far it came; dials nobody, changes nothing."""

from __future__ import annotations

import queue
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from console.domain.call_events import CallEvent
from console.domain.text import NightdeskError
from console.ports.switchboard import Capabilities, Switchboard
from ui.bootstrap.doctor.telephones import lacking
from ui.bootstrap.setting_up.course import Course, Step, StepKey, StepState, ended, heard, reached, refused

Told = Callable[[Course], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: to reach an address, to be let in, and for a call to be heard."""

    reach: float = 4.0
    log_in: float = 10.0
    event: int = 20


@dataclass(frozen=True, slots=True)
class Attempt:
    """What to try.  ``host`` is empty where nothing is reached by a connection; ``connect`` may raise a sentence."""

    host: str
    port: int
    connect: Callable[[], Switchboard]
    tested: str = ""
    why_no_address: str = ""
    usual: Capabilities | None = None
    """What an account with every right can do."""
    plain: bool = False
    """True where it could speak TLS and does not."""


def no_stop() -> bool:
    """Never stop before the end."""
    return False


def try_it(
    attempt: Attempt, told: Told, patience: Patience | None = None, stopped: Callable[[], bool] = no_stop
) -> Course:
    """Try; ``told`` hears of each step on this thread.  Returns what was found; ``stopped`` is asked often."""
    limits = patience or Patience()
    course = reached(Course(limits.event, attempt.tested), _reach(attempt, limits.reach))
    told(course)
    if course.done:
        return course
    try:
        board = attempt.connect()
    except NightdeskError as refusal:
        return _tell(refused(course, str(refusal)), told)
    facts: queue.Queue[CallEvent] = queue.Queue()
    board.start(facts.put)
    try:
        return _listen(board, attempt, facts, course, told, limits, stopped)
    finally:
        board.stop()


def _reach(attempt: Attempt, seconds: float) -> Step:
    if not attempt.host:
        return Step(StepKey.REACH, StepState.NOT_ASKED, attempt.why_no_address)
    place = f"{attempt.host}:{attempt.port}"
    try:
        socket.create_connection((attempt.host, attempt.port), timeout=seconds).close()
    except socket.gaierror:
        return _unreached(f"No computer is known by the name {attempt.host}.", "host")
    except TimeoutError:
        return _unreached(f"Nothing answers at {place} within {seconds:g} s.", "host, port, and firewalls between")
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        return _unreached(f"Nothing answers at {place} ({why}).", "host and port, and whether it runs")
    except (ValueError, OverflowError):
        return _unreached("This is no address.", "host and port")
    return Step(StepKey.REACH, StepState.RIGHT, f"Something answers at {place}.")


def _unreached(what: str, look: str) -> Step:
    return Step(StepKey.REACH, StepState.WRONG, f"{what} Nothing was sent. Look at {look}.")


def _listen(
    board: Switchboard,
    attempt: Attempt,
    facts: queue.Queue[CallEvent],
    course: Course,
    told: Told,
    limits: Patience,
    stopped: Callable[[], bool],
) -> Course:
    end = time.monotonic() + limits.log_in
    while not (course.done or course.over or stopped()):
        if not course.logged_in and time.monotonic() > end:
            tls = _WANTS_TLS if attempt.plain else ""
            return _tell(ended(course, _SILENT.format(seconds=limits.log_in, tls=tls)), told)
        if course.logged_in and time.monotonic() > end:
            return _tell(ended(course), told)
        try:
            fact = facts.get(timeout=0.1)
        except queue.Empty:
            continue
        before, can = course, board.capabilities()
        course = heard(course, fact, can, _why_not(can, attempt.usual))
        if course.logged_in and not before.logged_in:
            end = time.monotonic() + limits.event
        if course.steps() != before.steps():
            told(course)
    return _tell(ended(course, _STOPPED), told)


_SILENT = (
    "It did not say within {seconds:g} s whether it lets us in. Look at the port{tls}, and whether it is the "
    "service that this kind of switchboard has."
)
_WANTS_TLS = ", whether it wants TLS (setting tls)"
_STOPPED = "The try was ended before it was known."


def _why_not(can: Capabilities, usual: Capabilities | None) -> tuple[str, ...]:
    """Return what this account may not do and others of its kind may: no right brings what the kind never has."""
    never = lacking(usual) if usual else []
    return tuple(f"Not from the screen: {one}" for one in lacking(can) if one not in never)


def _tell(course: Course, told: Told) -> Course:
    told(course)
    return course
