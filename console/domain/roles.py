"""Who may sit where: roles of the service (domain.md 8.1); apart, because the sign-in asks them first of all."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """domain.md 8.1."""

    SERVICE_ADVISER = "service_adviser"
    SUPPORT_WORKER = "support_worker"
    SOCIAL_WORKER_CHILDREN = "social_worker_children"
    SOCIAL_WORKER_ADULTS = "social_worker_adults"
    AMHP = "amhp"
    ASSISTANT_TEAM_MANAGER = "assistant_team_manager"
    DUTY_MANAGER = "duty_manager"
    ON_CALL_MANAGER = "on_call_manager"
    DAY_TEAM_READER = "day_team_reader"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    WITNESS = "witness"


def read_role(written: str) -> Role:
    """Return a role as it stands in a record.

    One that only a newer version knows (decision 23) keeps its text, to the letter, because digests hold it; it is none
    of :class:`Role`'s members and so has no right here.  What was written in it is read.
    """
    if written in _KNOWN:
        return Role(written)
    made = str.__new__(Role, written)
    made._name_ = made._value_ = written
    return made


_KNOWN = frozenset(role.value for role in Role)
SHIFT_ROLES = frozenset(
    {
        Role.SERVICE_ADVISER,
        Role.SUPPORT_WORKER,
        Role.SOCIAL_WORKER_CHILDREN,
        Role.SOCIAL_WORKER_ADULTS,
        Role.AMHP,
        Role.ASSISTANT_TEAM_MANAGER,
        Role.DUTY_MANAGER,
        Role.ON_CALL_MANAGER,
    }
)
"""Roles that work the shift: they read every body of class ``shift``."""
GUEST_ROLES = SHIFT_ROLES | {Role.WITNESS}
"""Who may be given a line to join a team trial with."""
MANAGERS = frozenset({Role.ASSISTANT_TEAM_MANAGER, Role.DUTY_MANAGER, Role.ON_CALL_MANAGER})
