"""The duty manager's board as figures: what can be changed in the next fifteen minutes.

Two sources with two ages: the telephones and the shared record.  Each tile says which moment it
is of; nothing here counts on after that moment, and nothing here names a caller (screens.md 1 C).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from console.domain.board_drops import IncidentLine
from console.domain.board_emergencies import EmergencyCall
from console.domain.board_given import Given
from console.domain.call_claims import ClaimRules
from console.domain.capacity import NightRules
from console.domain.help_ages import Alarm
from console.domain.help_requests import HelpRequest
from console.domain.missed_calls import MissedCall
from console.domain.night import NightState
from console.domain.people import Rank
from console.domain.recovery import Relief
from console.domain.shifts import ShiftAlert, UnsentStation, WorkerOnShift, WorkerState
from console.domain.signals import Signal, Summons
from console.domain.work_cards import WorkCard as WorkCard


@dataclass(frozen=True, slots=True)
class BoardLimits:
    """Defaults that a council can change (screens.md 2.2; domain.md 7)."""

    amber_wait: timedelta = timedelta(seconds=20)
    red_wait: timedelta = timedelta(seconds=60)
    short_abandon: timedelta = timedelta(seconds=5)
    answered_within: timedelta = timedelta(seconds=60)
    wrap_up: timedelta = timedelta(seconds=120)
    night: NightRules = field(default_factory=NightRules)
    claims: ClaimRules = field(default_factory=ClaimRules)
    silent_listening: bool = False
    """Supervisors may keep from view, each time with a reason, that they hear a call."""


@dataclass(frozen=True, slots=True)
class WaitingTile:
    """Calls that wait now, from the telephones; ``lines`` are the lines they came on."""

    as_of: datetime
    count: int
    oldest_since: datetime | None
    lines: tuple[str, ...]

    def oldest(self, now: datetime) -> timedelta | None:
        """Return the longest wait at ``now``."""
        return now - self.oldest_since if self.oldest_since is not None else None


@dataclass(frozen=True, slots=True)
class AnsweredTile:
    """The answer rate of the stretch; a call still waiting is in ``offered`` and in no rate."""

    as_of: datetime
    since: datetime
    offered: int
    answered: int
    abandoned: int
    short: int
    """Abandoned inside the short threshold: part of ``abandoned``."""
    in_time: int
    """Answered within the configured time."""
    longest_wait: timedelta | None

    @property
    def rate(self) -> float | None:
        """Return answered of answered and abandoned, 0 to 1; None before the first."""
        return _share(self.answered, self.answered + self.abandoned)

    @property
    def rate_without_short(self) -> float | None:
        """Return the same with short abandons left out."""
        return _share(self.answered, self.answered + self.abandoned - self.short)

    @property
    def in_time_rate(self) -> float | None:
        """Return answered in time of answered and abandoned."""
        return _share(self.in_time, self.answered + self.abandoned)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


@dataclass(frozen=True, slots=True)
class WorkTile:
    """Open work by rank, and what has no owner."""

    as_of: datetime
    by_rank: Mapping[Rank, int]
    unowned: int
    oldest_unowned: datetime | None


@dataclass(frozen=True, slots=True)
class CapacityTile:
    """Who could take the next call.  ``call_out`` is the on-call manager's name, or empty."""

    as_of: datetime
    free: int
    paired: int
    alone: int
    wrap_up: int
    recovering: int
    on_call: int
    next_free: str
    next_free_at: datetime | None
    call_out: str


class LiveKind(StrEnum):
    """What a row of the live list is."""

    WAITING = "waiting"
    CALL = "call"
    INCIDENT = "incident"
    """Open, with no call any more: a call's end never closes an incident."""


@dataclass(frozen=True, slots=True)
class LiveRow:
    """One waiting call, call under way or open incident.  ``since``: what its clock counts from."""

    key: str
    kind: LiveKind
    since: datetime
    rank: Rank | None
    type: str
    line: str
    lead: str
    partner: str
    paired_since: datetime | None
    second_asked: bool
    helps: tuple[HelpRequest, ...]
    rationale: bool
    stale: bool
    """The telephones no longer confirm this call."""
    state: IncidentLine = IncidentLine()
    """Whether the line is up, has dropped, or was reached again."""
    heard: str = ""
    """Who hears it as a supervisor, where that is shown."""
    given: Given | None = None
    """Who gave a waiting caller to whom; None of one whom nobody has had yet."""


@dataclass(frozen=True, slots=True)
class StaffRow:
    """One worker; ``state`` is seen on the telephones where it can be, else what was said."""

    worker: WorkerOnShift
    state: WorkerState
    paired: bool
    since: datetime | None
    words: str


@dataclass(frozen=True, slots=True)
class HourCount:
    """Calls offered in one London hour; ``running`` while it lasts, ``ahead`` before it began."""

    hour: int
    start: datetime
    calls: int
    running: bool
    ahead: bool


@dataclass(frozen=True, slots=True)
class HoursTile:
    """Calls per hour, and by authority since the stretch began."""

    as_of: datetime
    offered: int
    since: datetime
    hours: tuple[HourCount, ...]
    by_authority: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request that is not sent, unanswered, an open risk, or whose agency must be told of a change."""

    request: HelpRequest
    since: datetime
    alarm: Alarm
    words: str
    owner: str
    untold: int = 0
    """How many changes of fact the agency does not know of."""


@dataclass(frozen=True, slots=True)
class RequestsTile:
    """Requests that want somebody, most urgent first."""

    as_of: datetime
    rows: tuple[RequestRow, ...]


@dataclass(frozen=True, slots=True)
class ManagerSignal:
    """A silent signal that waits for a manager: "Manager please", and all of somebody ``alone``.

    ``by`` is the sender's name.
    """

    signal: Signal
    by: str
    line: str = ""
    alone: bool = False


@dataclass(frozen=True, slots=True)
class PairsTile:
    """Two-person work of the stretch."""

    as_of: datetime
    incidents: int
    """Incidents that two people worked."""
    open_now: int
    asked: tuple[Summons, ...]
    """Calls for a second worker that nobody has taken."""
    slowest: timedelta | None


@dataclass(frozen=True, slots=True)
class BoardState:
    """Everything the board shows."""

    at: datetime
    phones_at: datetime
    record_at: datetime
    waiting: WaitingTile
    answered: AnsweredTile
    work: WorkTile
    capacity: CapacityTile
    live: tuple[LiveRow, ...]
    staff: tuple[StaffRow, ...]
    hours: HoursTile
    requests: RequestsTile
    pairs: PairsTile
    no_rationale: int
    alerts: tuple[ShiftAlert, ...]
    unsent: tuple[UnsentStation, ...]
    incidents: tuple[WorkCard, ...]
    """Open incidents, most urgent and then oldest first."""
    limits: BoardLimits = field(default_factory=BoardLimits)
    night: NightState = field(default_factory=NightState)
    reliefs: Mapping[str, tuple[Relief, ...]] = field(default_factory=dict)
    """What was offered to each worker after red calls."""
    signals: tuple[ManagerSignal, ...] = ()
    """Signals that are a manager's and that nobody answered, the gravest and then the oldest first."""
    missed: tuple[MissedCall, ...] = ()
    """Calls that reached nobody and that nobody reviewed, the oldest first."""
    emergencies: tuple[EmergencyCall, ...] = ()
    """Calls to 999 and the like that the switchboard tells of, and those just over."""

    def age(self, as_of: datetime) -> timedelta:
        """Return how old a tile is at the moment this board was made."""
        return max(self.at - as_of, timedelta())
