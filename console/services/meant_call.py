"""The call that an act is meant for: the one its worker had before them, which may be gone when the act is sent."""

from __future__ import annotations

from uuid import UUID

from console.services.call_slots import CallSlot, DeskState
from console.services.refusing import Refused

NOT_ON_A_CALL = "You are not on a call."
NOT_THAT_CALL = "The caller this was meant for is not on your line any more.  Nothing was done: look at the call bar."

NOT_RINGING = "That caller does not ring at your telephone any more.  Nothing was done: look at the call bar."


def meant_call(desk: DeskState, call: UUID | None) -> CallSlot:
    """Return the current call; ``call`` is the one that is meant, None where no other was in sight.

    Raises :class:`Refused` where that one is over or not the current one any more: what was meant for one caller is
    never done to another.
    """
    if desk.current is None:
        raise Refused(NOT_ON_A_CALL)
    if call is not None and not desk.is_current(call):
        raise Refused(NOT_THAT_CALL)
    return desk.current


def meant_ring(desk: DeskState, call: UUID) -> CallSlot:
    """Return the call that is meant, which rings at this worker's own telephone; raises :class:`Refused` where it does
    no more, and where it was answered meanwhile."""
    found = next((one for one in desk.waiting if one.alerting and one.call.id == call), None)
    if found is None:
        raise Refused(NOT_RINGING)
    return found
