"""The words of requests for help: kinds, states, possible moves, grounds (domain.md 8.1, 4.3)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class HelpKind(StrEnum):
    """domain.md 8.1, TaskKind, and what a service sends of its own: a social worker, a visit."""

    POLICE_ATTEND = "police_attend"
    POLICE_LOG_ONLY = "police_log_only"
    AMBULANCE = "ambulance"
    FIRE = "fire"
    WELFARE_CHECK = "welfare_check"
    CRISIS_TEAM = "crisis_team"
    AA = "aa"
    INTERPRETER = "interpreter"
    PLACEMENT = "placement"
    TRANSPORT = "transport"
    AMHP = "amhp"
    LEGAL = "legal"
    MEDICAL = "medical"
    CALLBACK = "callback"
    NOTIFY = "notify"
    SOCIAL_WORKER = "social_worker"
    VISIT = "visit"
    OTHER = "other"


HELP_LABELS: Mapping[HelpKind, str] = {
    HelpKind.POLICE_ATTEND: "Police",
    HelpKind.POLICE_LOG_ONLY: "Police log",
    HelpKind.AMBULANCE: "Ambulance",
    HelpKind.FIRE: "Fire",
    HelpKind.WELFARE_CHECK: "Welfare check",
    HelpKind.CRISIS_TEAM: "Crisis team",
    HelpKind.AA: "Appropriate adult",
    HelpKind.INTERPRETER: "Interpreter",
    HelpKind.PLACEMENT: "Placement",
    HelpKind.TRANSPORT: "Transport",
    HelpKind.AMHP: "AMHP",
    HelpKind.LEGAL: "Legal",
    HelpKind.MEDICAL: "Medical",
    HelpKind.CALLBACK: "Ring back",
    HelpKind.NOTIFY: "Tell",
    HelpKind.SOCIAL_WORKER: "Social worker",
    HelpKind.VISIT: "Visit",
    HelpKind.OTHER: "Other",
}

POLICE = frozenset({HelpKind.POLICE_ATTEND, HelpKind.POLICE_LOG_ONLY})
EMERGENCY = frozenset({HelpKind.POLICE_ATTEND, HelpKind.AMBULANCE, HelpKind.FIRE})
TO_PERSON = frozenset(
    {
        HelpKind.POLICE_ATTEND,
        HelpKind.AMBULANCE,
        HelpKind.FIRE,
        HelpKind.WELFARE_CHECK,
        HelpKind.CRISIS_TEAM,
        HelpKind.AA,
        HelpKind.SOCIAL_WORKER,
        HelpKind.VISIT,
    }
)
"""Kinds that are not done until somebody has reached the person."""


class RcrpGround(StrEnum):
    """Why the police are asked to attend (domain.md 4.3)."""

    CRIME = "crime"
    RISK_TO_LIFE_NOW = "risk_to_life_now"
    SERIOUS_HARM_NOW = "serious_harm_now"
    NONE_STATED = "none_stated"
    NOT_APPLICABLE = "not_applicable"


RCRP_WORDS: Mapping[RcrpGround, str] = {
    RcrpGround.CRIME: "Crime",
    RcrpGround.RISK_TO_LIFE_NOW: "Risk to life now",
    RcrpGround.SERIOUS_HARM_NOW: "Serious harm now",
    RcrpGround.NONE_STATED: "No ground stated",
    RcrpGround.NOT_APPLICABLE: "Not a police matter",
}


class HelpState(StrEnum):
    """domain.md 8.1, TaskState."""

    DRAFTED = "drafted"
    SENT = "sent"
    ACKNOWLEDGED = "acknowledged"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    ESCALATED = "escalated"
    EN_ROUTE = "en_route"
    ON_SCENE = "on_scene"
    REACHED = "reached"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


STATE_WORDS: Mapping[HelpState, str] = {
    HelpState.DRAFTED: "Not sent",
    HelpState.SENT: "Asked, no answer yet",
    HelpState.ACKNOWLEDGED: "Answered",
    HelpState.ACCEPTED: "Accepted",
    HelpState.DECLINED: "Declined",
    HelpState.ESCALATED: "Escalated",
    HelpState.EN_ROUTE: "On the way",
    HelpState.ON_SCENE: "On scene",
    HelpState.REACHED: "Person reached",
    HelpState.COMPLETED: "Completed",
    HelpState.FAILED: "Failed",
    HelpState.CANCELLED: "Cancelled",
}

STEPS: tuple[HelpState, ...] = (
    HelpState.SENT,
    HelpState.ACKNOWLEDGED,
    HelpState.ACCEPTED,
    HelpState.EN_ROUTE,
    HelpState.ON_SCENE,
    HelpState.REACHED,
)
"""The six steps to "person reached", in the order of the bars on screen."""

ENDED = frozenset({HelpState.COMPLETED, HelpState.FAILED, HelpState.CANCELLED})
_COMING = frozenset({HelpState.ACCEPTED, HelpState.EN_ROUTE, HelpState.ON_SCENE})
UNDER_WAY = frozenset({HelpState.SENT, HelpState.ACKNOWLEDGED, HelpState.ESCALATED, *_COMING})

_AFTER_SENT = frozenset(
    {
        HelpState.ACKNOWLEDGED,
        HelpState.ACCEPTED,
        HelpState.DECLINED,
        HelpState.EN_ROUTE,
        HelpState.ON_SCENE,
        HelpState.REACHED,
        HelpState.FAILED,
        HelpState.CANCELLED,
    }
)
# We hear of steps late, or not at all: moving on by several is possible, going back is not, except
# that an agency may withdraw (declined) what it had accepted.
MOVES: Mapping[HelpState, frozenset[HelpState]] = {
    HelpState.DRAFTED: frozenset({HelpState.SENT, HelpState.CANCELLED}),
    HelpState.SENT: _AFTER_SENT,
    HelpState.ACKNOWLEDGED: _AFTER_SENT - {HelpState.ACKNOWLEDGED},
    HelpState.ACCEPTED: _AFTER_SENT - {HelpState.ACKNOWLEDGED, HelpState.ACCEPTED},
    HelpState.DECLINED: frozenset(
        {HelpState.ESCALATED, HelpState.ACCEPTED, HelpState.FAILED, HelpState.CANCELLED, HelpState.COMPLETED}
    ),
    HelpState.ESCALATED: _AFTER_SENT,
    HelpState.EN_ROUTE: frozenset(
        {HelpState.ON_SCENE, HelpState.REACHED, HelpState.DECLINED, HelpState.FAILED, HelpState.CANCELLED}
    ),
    HelpState.ON_SCENE: frozenset({HelpState.REACHED, HelpState.COMPLETED, HelpState.FAILED, HelpState.CANCELLED}),
    HelpState.REACHED: frozenset({HelpState.COMPLETED}),
    HelpState.COMPLETED: frozenset(),
    HelpState.FAILED: frozenset(),
    HelpState.CANCELLED: frozenset(),
}
"""From each state, where the world can be next."""
