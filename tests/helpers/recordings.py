"""The recorded streams of a real Asterisk, what really happened, and how a report compares with it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from console.domain.call_events import CallEvent
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report
from console.domain.calls import Unmarked
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.asterisk_ami.recording import read_recording

DATA = Path(__file__).parents[1] / "data" / "recordings"
SWITCHBOARD = UUID(int=7)
Json = dict[str, Any]
NOT_IN_THE_STREAM = {("asterisk-22", "diverted", "diverted_from")}
"""The Diversion header shows in no event unless the switchboard sends its variables (telephony.md 4.2)."""
RACES = frozenset({"q_double_answer", "q_answer_hangup_race", "q_all_paused"})
"""Scenarios whose outcome is the switchboard's own decision: judged by invariants."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording: ``set`` is the folder it is in, such as asterisk-22."""

    set: str
    name: str

    def __str__(self) -> str:
        return f"{self.set.removeprefix('asterisk-')}:{self.name}"

    @property
    def path(self) -> Path:
        """The stream, gzipped."""
        return DATA / self.set / self.name / "events.ami.gz"

    def bytes(self, file: str = "events") -> bytes:
        """Return every byte of the stream."""
        return gzip.decompress((self.path.parent / f"{file}.ami.gz").read_bytes())

    def truth(self) -> Json:
        """Return what really happened."""
        loaded: Json = json.loads((self.path.parent / "truth.json").read_text(encoding="utf-8"))
        truth: Json = loaded["truth"]
        return truth

    def facts(self, unmarked: Unmarked = Unmarked.SHOW) -> list[tuple[datetime, CallEvent]]:
        """Return its facts with their times; ``unmarked`` says what becomes of numbers without a mark."""
        return list(read_recording(self.path, Reading(unmarked=unmarked)))

    @property
    def marked(self) -> bool:
        """Say whether its events carry presentation and diversion."""
        return self.set.endswith("channelvars")


def recordings() -> list[Recording]:
    """Return every recording, in order.

    asterisk-22 and asterisk-22-channelvars were given to us; the -rig sets we recorded ourselves
    with real telephones, to see what the mapping had never seen or once got wrong.
    """
    return sorted(
        (Recording(path.parent.parent.name, path.parent.name) for path in DATA.glob("*/*/truth.json")), key=str
    )


def book_of(facts: list[tuple[datetime, CallEvent]]) -> CallBook:
    """Fold facts."""
    book = CallBook(SWITCHBOARD)
    for at, fact in facts:
        book.apply(fact, at)
    return book


def reports_of(recording: Recording) -> list[Json]:
    """Return what ``watch --calls`` prints."""
    return [dict(call_report(call)) for call in book_of(recording.facts()).calls()]


@dataclass(frozen=True, slots=True)
class Checked:
    """One field of the truth beside what was found."""

    field: str
    wanted: object
    found: object

    @property
    def right(self) -> bool:
        """Say whether they agree."""
        return self.wanted == self.found


def compare(recording: Recording, reports: list[Json]) -> Iterator[Checked]:
    """Yield every field that the truth names; what no message of the stream tells must be told as nothing."""
    for field, wanted in recording.truth().items():
        silent = (recording.set, recording.name, field) in NOT_IN_THE_STREAM
        yield _FIELDS[field](recording, None if silent else wanted, reports)


def _count(_: Recording, wanted: Any, reports: list[Json]) -> Checked:
    return Checked("calls", wanted, len(reports))


def _caller(recording: Recording, wanted: str, reports: list[Json]) -> Checked:
    found = (reports[0]["caller"], reports[0]["presentation"]) if reports else None
    usual = "allowed" if recording.marked or len(wanted) == 4 else "unknown"
    special: dict[str, tuple[str | None, str]] = {
        "(withheld)": (None, "withheld"),
        "(unavailable)": (None, "unavailable"),
    }
    if wanted.startswith(("(withheld; the network asserted ", "(withheld; network asserted ")):
        number = wanted.rstrip(")").rpartition(" ")[2]
        # Without a mark in the stream nobody can know that it was withheld (telephony.md 4.2).
        special[wanted] = (None, "withheld") if recording.marked else (number, "unknown")
    if wanted.startswith("presentation "):
        # Asterisk keeps the network's number and loses the other.
        special[wanted] = ("+44" + wanted.rpartition(" ")[2][1:], usual)
    return Checked("caller", special.get(wanted, (wanted, usual)), found)


def _field(name: str, key: str) -> Callable[[Recording, Any, list[Json]], Checked]:
    def check(_: Recording, wanted: Any, reports: list[Json]) -> Checked:
        return Checked(name, wanted, reports[0][key] if reports else None)

    return check


def _queue(_: Recording, wanted: str, reports: list[Json]) -> Checked:
    # ``oohs@default`` is the queue ``oohs`` of a context (telephony.md 3.5).
    return Checked("queue", wanted.partition("@")[0], reports[0]["queue"] if reports else None)


def _callers(_: Recording, wanted: list[str], reports: list[Json]) -> Checked:
    return Checked("callers", sorted(wanted), sorted(str(report["caller"]) for report in reports))


def _answered_by(_: Recording, wanted: list[str], reports: list[Json]) -> Checked:
    found = [extension for report in reports for extension in report["answered_by"]]
    if wanted and " or " in wanted[0]:
        either = wanted[0].partition(",")[0].split(" or ")
        return Checked("answered_by", True, len(found) == 1 and found[0] in either)
    return Checked("answered_by", wanted, found)


def _also_rang(_: Recording, wanted: list[str], reports: list[Json]) -> Checked:
    report = reports[0]
    return Checked("also_rang", set(wanted), set(report["rang"]) - set(report["answered_by"]))


def _outcome(_: Recording, wanted: str, reports: list[Json]) -> Checked:
    words = {"not answered by the adviser": "no_answer", "queue timeout": "queue_timeout"}
    return Checked("outcome", words.get(wanted, wanted), reports[0]["outcome"])


def _emergency(_: Recording, wanted: list[str], reports: list[Json]) -> Checked:
    both = [(report["dialled"], report.get("emergency")) for report in reports]
    return Checked("emergency", [(dialled, "999") for dialled in wanted], both)


def _supervisor(_: Recording, wanted: str, reports: list[Json]) -> Checked:
    return Checked("supervised_by", [wanted], reports[0]["supervised_by"])


_FIELDS: dict[str, Callable[[Recording, Any, list[Json]], Checked]] = {
    "calls": _count,
    "joined": _field("joined", "joined"),
    "caller": _caller,
    "callers": _callers,
    "did": _field("did", "dialled"),
    "called": _field("called", "dialled"),
    "queue": _queue,
    "name": _field("name", "name"),
    "held": _field("held", "holds"),
    "rang": _field("rang", "rang"),
    "diverted_from": _field("diverted_from", "diverted_from"),
    "ended_by": _field("ended_by", "ended_by"),
    "answered_by": _answered_by,
    "also_rang": _also_rang,
    "outcome": _outcome,
    "emergency": _emergency,
    "supervisor": _supervisor,
}
