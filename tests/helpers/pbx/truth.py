"""What a driver knows of a call it made, field by field of ``watch --calls``, and how a report compares with it.

Nothing here is copied from what Nightdesk says: the driver lets a telephone ring, lifts a handset and hangs up, and
writes down what it did and when.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.helpers.recordings import Checked

Json = dict[str, Any]
EARLY, LATE = timedelta(seconds=0.5), timedelta(seconds=2.0)
"""How far outside the driver's own act a time may lie: a loaded machine is late, and clocks are read around it."""
TIMES = ("offered_at", "answered_at", "ended_at")
FIELDS = (
    *("direction", "caller", "caller_e164", "name", "presentation", "diverted_from", "dialled", "queue", "rang"),
    *("answered_by", "holds", "transfers", "joined", "supervised_by", "outcome", "ended_by", *TIMES, "certainty"),
    "emergency",
)


@dataclass(frozen=True, slots=True)
class Moment:
    """When the driver did something: it began at ``since`` and was done at ``until``."""

    since: datetime
    until: datetime

    def has(self, told: object) -> bool:
        """Say whether a printed time lies in it."""
        return isinstance(told, str) and self.since - EARLY <= datetime.fromisoformat(told) <= self.until + LATE

    def __str__(self) -> str:
        return f"{self.since:%H:%M:%S.%f} to {self.until:%H:%M:%S.%f}"


def now() -> datetime:
    """Return the time."""
    return datetime.now(UTC)


def e164(number: str | None) -> str | None:
    """Return how the world dials a British number."""
    if number is None or len(number) < 10:
        return None
    return number if number.startswith("+") else f"+44{number.removeprefix('0')}"


@dataclass(slots=True)
class Truth:
    """One human call; everything that is not said of it is not so."""

    told: Json = field(default_factory=dict)
    moments: dict[str, Moment] = field(default_factory=dict)
    only: frozenset[str] = frozenset(FIELDS)
    """What is compared."""

    @classmethod
    def inbound(cls, number: str | None, dialled: str, queue: str | None, presentation: str = "allowed") -> Truth:
        """Begin with somebody outside who rings a line and rings off in the end."""
        return cls({"caller": number, "caller_e164": e164(number), "presentation": presentation, "dialled": dialled,
                    "queue": queue, "ended_by": "caller"})  # fmt: skip

    @classmethod
    def placed(cls, extension: str, dialled: str, direction: str) -> Truth:
        """Begin with a telephone of ours that rings somebody."""
        return cls({"direction": direction, "caller": extension, "dialled": dialled, "ended_by": extension})

    def wanted(self) -> Json:
        """Return every field but the times."""
        usual: Json = {name: None for name in FIELDS if name not in TIMES}
        usual |= {"direction": "inbound", "presentation": "allowed", "holds": 0, "certainty": "live"}
        usual |= {name: [] for name in ("rang", "answered_by", "transfers", "joined", "supervised_by")}
        return usual | {"outcome": "answered" if self.told.get("answered_by") else "abandoned"} | self.told

    def compare(self, report: Json) -> Iterator[Checked]:
        """Yield every field beside what was printed."""
        yield from (one for one in self._all(report) if one.field in self.only)

    def _all(self, report: Json) -> Iterator[Checked]:
        for name, wanted in self.wanted().items():
            found = report.get(name)
            if name == "rang":
                wanted, found = sorted(wanted), sorted(found or [])
            yield Checked(name, wanted, found)
        for name in TIMES:
            moment, told = self.moments.get(name), report.get(name)
            yield Checked(name, str(moment), str(moment) if (moment.has(told) if moment else told is None) else told)


def compare_all(truths: list[Truth], reports: list[Json]) -> Iterator[Checked]:
    """Yield every field of every call; the calls are told apart by caller, line and order of ending."""
    yield Checked("calls", len(truths), len(reports))
    left = list(reports)
    for truth in truths:
        report = _fitting(truth, left)
        if report is not None:
            left.remove(report)
            yield from truth.compare(report)


def _fitting(truth: Truth, reports: list[Json]) -> Json | None:
    """Return the report of this very call: the same caller and line, and nearest in time."""
    began = truth.moments["offered_at"].since
    same = [one for one in reports if one["caller"] == truth.told.get("caller")] or reports
    return min(same, key=lambda one: abs(datetime.fromisoformat(one["offered_at"]) - began), default=None)
