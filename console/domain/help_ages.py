"""The clocks of a request for help, and what each age asks for (domain.md 3, "chase")."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from console.domain.help_kinds import UNDER_WAY, HelpKind, HelpState
from console.domain.help_requests import HelpRequest


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a kind of help may be silent: then it is chased, and then it is the manager's."""

    chase: timedelta
    manager: timedelta


def _minutes(chase: int, manager: int) -> Pace:
    return Pace(timedelta(minutes=chase), timedelta(minutes=manager))


SLOW: Mapping[HelpKind, Pace] = MappingProxyType(
    {
        HelpKind.INTERPRETER: _minutes(15, 30),
        HelpKind.TRANSPORT: _minutes(20, 40),
        HelpKind.VISIT: _minutes(30, 45),
        HelpKind.AA: _minutes(30, 60),
        HelpKind.CRISIS_TEAM: _minutes(30, 60),
        HelpKind.SOCIAL_WORKER: _minutes(30, 60),
        HelpKind.MEDICAL: _minutes(30, 60),
        HelpKind.PLACEMENT: _minutes(30, 60),
        HelpKind.AMHP: _minutes(60, 120),
        HelpKind.LEGAL: _minutes(60, 120),
    }
)
"""Kinds whose agencies do not answer by the minute; all others go by the usual pace."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """When a request that stands still becomes somebody's business (domain.md 3; editable)."""

    not_sent: timedelta = timedelta(seconds=60)
    no_reference: timedelta = timedelta(minutes=5)
    chase: timedelta = timedelta(minutes=10)
    no_update: timedelta = timedelta(minutes=15)
    slow: Mapping[HelpKind, Pace] = field(default_factory=lambda: SLOW)

    def pace(self, kind: HelpKind) -> Pace:
        """Return how long ``kind`` may be silent."""
        return self.slow.get(kind) or Pace(self.chase, self.no_update)


class Alarm(StrEnum):
    """What a request's age asks for, most urgent last."""

    NONE = "none"
    CHASE_DUE = "chase_due"
    CHASE = "chase"
    LATE = "late"
    MANAGER = "manager"
    OPEN_RISK = "open_risk"
    RINGS = "rings"


ALARM_WORDS: Mapping[Alarm, str] = {
    Alarm.NONE: "",
    Alarm.CHASE_DUE: "chase is due",
    Alarm.CHASE: "no reference: chase",
    Alarm.LATE: "later than was said",
    Alarm.MANAGER: "no news: tell the manager",
    Alarm.OPEN_RISK: "declined: no alternative yet",
    Alarm.RINGS: "not sent",
}


@dataclass(frozen=True, slots=True)
class HelpAges:
    """The clocks of one request at one moment; None where a clock does not run.

    ``since`` counts from the sending, or from the draft while it is not sent.  ``promised_left``
    is what remains of the minutes said (negative when they are over); ``until_rings`` what
    remains before a draft rings on every screen.
    """

    since: timedelta
    since_news: timedelta
    promised: timedelta | None
    promised_left: timedelta | None
    until_rings: timedelta | None
    chase_left: timedelta | None
    alarm: Alarm


def ages(request: HelpRequest, now: datetime, limits: Thresholds | None = None) -> HelpAges:
    """Return the clocks of ``request`` at ``now``."""
    rules = limits if limits is not None else Thresholds()
    start = request.sent_at or request.drafted_at or now
    draft = request.state is HelpState.DRAFTED
    promised = _promised(request)
    left = None if promised is None or request.promised_at is None else promised - (now - request.promised_at)
    return HelpAges(
        now - start,
        now - (request.last_news_at or start),
        promised,
        left,
        rules.not_sent - (now - start) if draft else None,
        chase_left(request, now, rules),
        alarm(request, now, rules),
    )


def _promised(request: HelpRequest) -> timedelta | None:
    waiting = request.state in (HelpState.ACKNOWLEDGED, HelpState.ACCEPTED, HelpState.EN_ROUTE)
    return timedelta(minutes=request.minutes) if waiting and request.minutes is not None else None


def alarm(request: HelpRequest, now: datetime, rules: Thresholds) -> Alarm:
    """Return what the age of ``request`` asks for at ``now``."""
    if request.state is HelpState.DRAFTED:
        drafted = request.drafted_at or now
        return Alarm.RINGS if now - drafted >= rules.not_sent else Alarm.NONE
    if request.open_risk:
        return Alarm.OPEN_RISK
    if request.state not in UNDER_WAY:
        return Alarm.NONE
    if now - (request.last_news_at or now) >= rules.pace(request.kind).manager:
        return Alarm.MANAGER
    promised = _promised(request)
    if promised is not None and request.promised_at is not None and now - request.promised_at > promised:
        return Alarm.LATE
    left = chase_left(request, now, rules)
    if left is None or left > timedelta():
        return Alarm.NONE
    return Alarm.CHASE if _unanswered(request) else Alarm.CHASE_DUE


def _unanswered(request: HelpRequest) -> bool:
    return not request.reference and request.state in (HelpState.SENT, HelpState.ESCALATED)


def chase_left(request: HelpRequest, now: datetime, rules: Thresholds) -> timedelta | None:
    """Return what remains before somebody should ask again, negative when it is over; None where nobody need.

    A time that somebody wrote goes before every rule; a promise is waited for before it is chased.
    """
    if request.state not in UNDER_WAY:
        return None
    if request.chase_at is not None:
        return request.chase_at - now
    asked = request.chases[-1].at if request.chases else None
    heard = request.state_at if _unanswered(request) else request.last_news_at
    since = now - max((at for at in (heard, asked) if at is not None), default=now)
    usual = (rules.no_reference if _unanswered(request) else rules.pace(request.kind).chase) - since
    promised = _promised(request)
    if promised is None or request.promised_at is None:
        return usual
    return max(usual, promised - (now - request.promised_at))


def by_urgency(requests: Iterable[HelpRequest]) -> tuple[HelpRequest, ...]:
    """Return requests with the most urgent first, then the oldest."""
    return tuple(sorted(requests, key=lambda one: (one.rank.value, str(one.drafted_at or "9"), str(one.id))))
