"""Ringing a number that a worker typed: what is known of it stands before whoever rings, as before a ring back.

Nobody chose whose number it is: what the record says of the number, and of everybody who may be on it, counts.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from uuid import UUID

from console.domain.calendar import local
from console.domain.calls import Presentation
from console.domain.drops import Drop
from console.domain.lines import DialPlan, NumberKind, read_number
from console.domain.ring_back import ringing_back
from console.domain.ring_safety import number_known
from console.ports.clock import Clock
from console.ports.switchboard import ActionAnswer, Answer
from console.services.call_acts import CallActs, Then
from console.services.call_looks import Looked, LookState
from console.services.refusing import Refused
from console.services.ring_safety import RingSafety

NO_NUMBER = "This is no number that can be dialled.  Nothing was dialled; look at it, or use your handset."
NO_CALL = UUID(int=0)
"""Stands where a ring back has the call that it is about."""


class TypedNumbers:
    """For one worker, from that worker's telephone.  An emergency number is refused before it comes here."""

    def __init__(self, safety: RingSafety, acts: CallActs, clock: Clock, plan: DialPlan) -> None:
        self._safety = safety
        self._acts = acts
        self._clock = clock
        self._plan = plan

    def ring(self, typed: str, then: Then) -> None:
        """Ring what was typed; ``then`` hears why not, and once what is to be read first.

        A colleague's telephone is rung freely.  Raises :class:`Refused` for what is no number.
        """
        number = read_number(typed, self._plan)
        if number.kind is NumberKind.EXTENSION:
            self._acts.ring(number.canonical, then)
        elif number.e164:
            self._safety.when_known(number.e164, None, partial(self._known, then))
        else:
            raise Refused(NO_NUMBER)

    def _known(self, then: Then, looked: Looked) -> None:
        now = self._clock.now()
        today = local(now).date()
        known = number_known(looked.e164, None, None, looked.candidates, today)
        unread = looked.sentence if looked.state is LookState.AWAY else ""
        typed = Drop(NO_CALL, now, looked.e164, Presentation.ALLOWED)
        armed = ringing_back(typed, today, known=replace(known, unread=unread))
        try:
            self._safety.allow(NO_CALL, armed)
        except Refused as refused:
            then(ActionAnswer(Answer.REFUSED, str(refused)))
            return
        self._acts.ring(armed.number, then)
