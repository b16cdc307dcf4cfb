"""Who may write what (domain.md 8.3), as one pure table that every store asks."""

from __future__ import annotations

from console.domain.record import MANAGERS, SHIFT_ROLES, Kind, Role

SOCIAL_WORKERS = frozenset({Role.SOCIAL_WORKER_CHILDREN, Role.SOCIAL_WORKER_ADULTS, Role.AMHP})
_DECIDERS = SOCIAL_WORKERS | MANAGERS
_NOBODY: frozenset[Role] = frozenset()
_SIGNS_IN = frozenset(Role) - {Role.WITNESS}
_SEES_CALLS = SHIFT_ROLES | {Role.WITNESS}

_SPECIAL: dict[Kind, frozenset[Role]] = {
    # "Silent monitor, swap roles, shift board": not the adviser.
    Kind.INCIDENT_SWAPPED: SHIFT_ROLES - {Role.SERVICE_ADVISER},
    Kind.CALL_SUPERVISION: SHIFT_ROLES - {Role.SERVICE_ADVISER},
    Kind.PERSON_RESTRICTED: MANAGERS,
    # "DM sets plan" (domain.md 2.22): it limits what somebody gets, so no worker sets one alone at night.
    Kind.PERSON_PLAN: MANAGERS,
    Kind.PERSON_PLAN_REVIEWED: MANAGERS,
    Kind.PERSON_PLAN_ENDED: MANAGERS,
    # "Shift board": who answers for the night lets callers wait.
    Kind.SHIFT_QUEUE: MANAGERS,
    Kind.SHIFT_SIGNED_IN: _SIGNS_IN,
    Kind.SHIFT_SIGNED_OUT: _SIGNS_IN,
    Kind.SHIFT_UNSENT: _SIGNS_IN,
    # Who may sign in may come in while the record is away, and then says so (decision 24).
    Kind.ACCESS_OFFLINE: _SIGNS_IN,
    # A witness's own sign of life: all that it writes besides the facts of calls.
    Kind.SHIFT_WATCH: frozenset({Role.WITNESS}),
    # What it did, or did not, with a request of somebody whose console has no way to the switchboard (decision 0042).
    Kind.SHIFT_ASK_ANSWERED: frozenset({Role.WITNESS}),
    # Only the store itself writes it, when the same id comes with other bytes.
    Kind.SEEN_OUTSIDE: _NOBODY,
    Kind.UNKNOWN: _NOBODY,
}
CALL_ACTS = frozenset({
    Kind.CALL_CLAIMED, Kind.CALL_CLAIM_KEPT, Kind.CALL_UNCLAIMED, Kind.CALL_REVIEWED, Kind.CALL_RING_BACK,
    Kind.CALL_SUPERVISION,
})  # fmt: skip
"""What people do about a call; everything else of a call is a fact that whoever sees it reports."""
_CALL_FACTS = frozenset(kind for kind in Kind if kind.value.startswith("call.")) - CALL_ACTS

REPLAYERS = MANAGERS | {Role.AUDITOR}
"""Who may see again what others could see: "audit trail", domain.md 8.3."""

DECISIONS: dict[str, frozenset[Role]] = {
    "threshold": _DECIDERS,
    "s47": _DECIDERS,
    "emergency_power": _DECIDERS,
    "accommodate": _DECIDERS,
    "placement": _DECIDERS,
    "close": _DECIDERS,
    "decline_service": MANAGERS,
}


def writers_of(kind: Kind) -> frozenset[Role]:
    """Return the roles that may write entries of ``kind``."""
    if kind in _CALL_FACTS:
        return _SEES_CALLS
    return _SPECIAL.get(kind, SHIFT_ROLES)


def kind_right(kind: Kind, role: Role) -> bool:
    """Say whether ``role`` may write an entry of ``kind``."""
    return role in writers_of(kind)


def decision_right(decision: str, role: Role) -> bool:
    """Say whether ``role`` may decide ``decision`` (a DecisionKind of domain.md 8.1).

    Threshold, legal powers, placement and closing are a social worker's or a manager's; declining
    a service is a manager's; everything else is any shift role's.
    """
    return role in DECISIONS.get(decision, SHIFT_ROLES)


def refusal(kind: Kind, role: Role) -> str:
    """Return the sentence for a worker whose role may not write ``kind``."""
    return (
        f"The role {role.value.replace('_', ' ')} may not record “{kind.value.replace('.', ' ').replace('_', ' ')}”.  "
        "Your words are kept on this computer; ask the duty manager to record it."
    )
