"""What this computer is like: programs, disk, keyring, clock, voice and screen."""

from __future__ import annotations

import json
import os
import platform
import secrets as random_source
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import ui
from console.machine.paths import Home
from console.machine.secrets import to_get_one
from console.machine.shares import share_kind
from console.machine.speech import try_voice, why_silent
from console.ports.secrets import Secrets, SecretsUnavailable
from ui.bootstrap.doctor.checking import Fact, Facts, Finding, State
from ui.settings import Settings

PROBE = "doctor:probe"
ROOM, LITTLE_ROOM = 1_000_000_000, 200_000_000
"""Bytes free that are well, and below which a night may not fit."""
LEAST_WIDE, LEAST_HIGH = 1280, 640
"""Logical pixels that every window fits into."""
_LIBRARIES = ("PySide6-Essentials", "SQLAlchemy", "psycopg", "keyring", "pyttsx3")


def versions() -> Sequence[Finding]:
    """Say what runs here; Qt 6.12.0 ends programs of Python 3.11 and older."""
    found = {name: _version(name) for name in _LIBRARIES}
    qt = found["PySide6-Essentials"]
    facts: Facts = {
        "nightdesk": ui.__version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        **found,
    }
    means = f"Nightdesk {ui.__version__}, Python {platform.python_version()}, Qt {qt or 'none'}, {platform.system()}"
    if qt == "6.12.0" and sys.version_info < (3, 12):
        return [
            Finding(
                "versions",
                State.NOT_WELL,
                f"{means}: this Qt ends programs of this Python without a word",
                "make the environment again with start.py, which takes another Qt",
                facts,
            )
        ]
    return [Finding("versions", State.WELL, means, facts=facts)]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""


# --- disk ------------------------------------------------------------------------------------


def disk(home: Home, record: Path | None) -> Sequence[Finding]:
    """Look where journals, record and a served trial lie: room, network share, and whether we may write."""
    places = {"journals and settings": home.root}
    if record is not None and record.parent != home.root:
        places["record"] = record
    return [_place(what, place) for what, place in places.items()]


def _place(what: str, place: Path) -> Finding:
    there = _existing(place)
    free = shutil.disk_usage(there).free
    kind = share_kind(place)
    facts: Facts = {"what": what, "place": str(place), "free_bytes": free, "share": kind}
    said = f"{what} in {place}, {free / 1e9:,.1f} GB free"
    if kind:
        return Finding(
            "disk",
            State.NOT_WELL,
            f"{said}, on a network drive ({kind}): what is kept there can be lost or damaged",
            "set NIGHTDESK_HOME to a folder on this computer's own disk",
            facts,
        )
    if not _writable(there):
        return Finding(
            "disk",
            State.NOT_WELL,
            f"{said}, but this account may not write there: nothing typed could be kept",
            f"let this account own {there}, or set NIGHTDESK_HOME to another folder",
            facts,
        )
    if free < ROOM:
        means = "a night may not fit" if free < LITTLE_ROOM else "it will be full before long"
        return Finding("disk", State.NOT_WELL, f"{said}: {means}", "free some space on that disk", facts)
    return Finding("disk", State.WELL, said, facts=facts)


def _existing(place: Path) -> Path:
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place


def _writable(folder: Path) -> bool:
    # os.access asks for the wrong account where ours was changed, and knows nothing of a read-only disk on Windows.
    try:
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


# --- keyring ---------------------------------------------------------------------------------


def keyring(secrets: Secrets) -> Sequence[Finding]:
    """Write, read and remove a probe; name the backend, and a weak one by its weakness."""
    state = secrets.state()
    facts: Facts = {"backend": state.backend, "usable": state.usable}
    if not state.usable:
        do = f"{to_get_one()}  Until then passphrases and passwords are asked for at every sign-in"
        return [Finding("keyring", State.NOT_WELL, f"{state.backend}: {state.why or state.sentence}", do, facts)]
    probe = random_source.token_urlsafe(12)
    try:
        secrets.put(PROBE, probe)
        secrets.forget(PROBE)
        left = secrets.get(PROBE)
    except SecretsUnavailable as refusal:
        return [Finding("keyring", State.NOT_WELL, f"{state.backend}: {refusal}", "unlock it and ask again", facts)]
    if left is not None:
        means = f"{state.backend} does not forget what it is told to"
        return [Finding("keyring", State.NOT_WELL, means, "use another keyring", facts)]
    return [Finding("keyring", State.WELL, f"{state.backend} keeps, gives back and forgets", facts=facts)]


# --- clock -----------------------------------------------------------------------------------


def zone(name: str = "Europe/London") -> Sequence[Finding]:
    """Look whether this computer knows British summer time: every time on a screen is told in it."""
    try:
        london = ZoneInfo(name)
        hours = [_offset(london, month) for month in (1, 7)]
    except (ZoneInfoNotFoundError, OSError, ValueError) as error:
        means = f"this computer has no data of time zones ({type(error).__name__}): no time could be shown"
        return [Finding("time zone", State.NOT_WELL, means, "install tzdata: start.py brings it")]
    if hours != [0.0, 1.0]:
        means = f"{name} is {hours[0]:+g} h in winter and {hours[1]:+g} h in summer, and should be +0 and +1"
        return [Finding("time zone", State.NOT_WELL, means, "bring this computer's time zone data (tzdata) up to date")]
    return [Finding("time zone", State.WELL, f"{name} is known, with summer time")]


def _offset(there: ZoneInfo, month: int) -> float:
    offset = datetime(2027, month, 15, tzinfo=UTC).astimezone(there).utcoffset()
    return offset.total_seconds() / 3600 if offset is not None else float("nan")


# --- voice -----------------------------------------------------------------------------------


def speech(settings: Settings) -> Sequence[Finding]:
    """Say whether a waiting call could be heard; starts the helper, and says nothing aloud."""
    why = why_silent() or try_voice()
    facts: Facts = {"wanted": settings.speech, "able": not why}
    if not settings.speech:
        could = f"it could not: {why}" if why else "it could"
        means = f"the setting `speech` is off; if it were on, {could}"
        return [Finding("speech", State.NOT_ASKED, means, facts=facts)]
    if why:
        return [Finding("speech", State.NOT_WELL, f"waiting calls are not heard: {why}", "", facts)]
    return [Finding("speech", State.WELL, "the voice starts; waiting calls are heard", facts=facts)]


# --- screen ----------------------------------------------------------------------------------


def screen(seconds: float = 20.0, command: Sequence[str] | None = None) -> Sequence[Finding]:
    """Ask Qt in a process of its own: where no window can open it ends its program without a word."""
    asked = list(command or (sys.executable, "-P", "-m", "ui.desktop.runtime.screen_probe"))
    try:
        done = subprocess.run(
            asked, capture_output=True, text=True, timeout=seconds, check=False, env=dict(os.environ), errors="replace"
        )
    except subprocess.TimeoutExpired:
        means = f"Qt did not say within {seconds:g} s what screen there is"
        return [Finding("screen", State.NOT_WELL, means, "look whether the desktop session answers at all")]
    if done.returncode != 0:
        last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1][:200]
        means = f"Qt cannot open a window here ({last})"
        do = "start the console with start.py, which names the system libraries that are missing"
        return [Finding("screen", State.NOT_WELL, means, do, {"ended_with": done.returncode})]
    return [_of_probe(json.loads(done.stdout.strip().splitlines()[-1]))]


def _of_probe(said: dict[str, Fact | list[dict[str, int | float]]]) -> Finding:
    shown = said["screens"]
    if not said["seen"] or not isinstance(shown, list) or not shown:
        means = f"there is no screen here (Qt {said['qt']}); headless commands work, windows do not"
        return Finding("screen", State.NOT_ASKED, means, facts={"qt": str(said["qt"])})
    each = [f"{one['wide']:g} x {one['high']:g} at {one['scale'] * 100:g} %" for one in shown]
    means = f"{said['platform']}, {', '.join(each)}, Qt {said['qt']}"
    facts: Facts = {
        "platform": str(said["platform"]),
        "screens": "; ".join(each),
        "fonts": bool(said["fonts"]),
    }
    if not said["fonts"]:
        do = "make the environment again with start.py: a file of Nightdesk's own font is damaged"
        return Finding("screen", State.NOT_WELL, f"{means}; our own font cannot be read", do, facts)
    if not any(one["wide"] >= LEAST_WIDE and one["high"] >= LEAST_HIGH for one in shown):
        do = "choose a larger screen or a smaller scale"
        return Finding("screen", State.NOT_WELL, f"{means}: windows need {LEAST_WIDE} x {LEAST_HIGH}", do, facts)
    return Finding("screen", State.WELL, means, facts=facts)
