"""Takes a caller back who waits on hold while this worker talks to another, as software or the telephone can."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from console.ports.switchboard import Act, ActionAnswer, Answer
from console.services.call_acts import CallActs, Then
from console.services.call_desk import CallDesk
from console.services.refusing import Refused

ON_THE_TELEPHONE = "Take the caller back on your telephone: this screen cannot, and follows."
GONE = "That caller is not on hold any more.  Nothing was done."
WHILE_ASKING = "You are asking {extension}: take that caller back (F8) or give them over first.  Nothing was done."


def can_take_back(acts: CallActs) -> bool:
    """Say whether software can: the one on the line is held for it first."""
    return acts.can(Act.HOLD) and acts.can(Act.RESUME)


def take_back_held(desk: CallDesk, acts: CallActs, call: UUID, then: Then) -> None:
    """Hold the caller on the line, unless they are, and take ``call`` back; a refused hold changes nothing.

    Raises :class:`Refused`.
    """
    state = desk.state()
    if not any(one.call.id == call for one in state.held):
        raise Refused(GONE)
    if not can_take_back(acts):
        raise Refused(ON_THE_TELEPHONE)
    current = state.current
    if current is None or current.on_hold:
        acts.ask(Act.RESUME, call, then)
        return
    if current.call.asked is not None:
        raise Refused(WHILE_ASKING.format(extension=current.call.asked.extension))

    acts.ask(Act.HOLD, current.call.id, partial(_held, acts, call, then))


def _held(acts: CallActs, call: UUID, then: Then, answer: ActionAnswer) -> None:
    if answer.answer is Answer.ACCEPTED:
        acts.ask(Act.RESUME, call, then)
    else:
        then(answer)
