"""Giving a caller to somebody else: asked first or at once, all three together, parked and fetched; keys on the line.

Everything here is asked of the switchboard and then seen to happen, as every act of
:mod:`console.services.call_acts`.  Who is being asked is read from the call itself, so that a console that was
restarted, or whose link was cut, offers the same (:class:`console.domain.calls.Asked`).
"""

from __future__ import annotations

import re
from uuid import UUID

from console.domain.calls import Asked
from console.domain.dialling import EMERGENCY_SENTENCE, no_emergency_keys
from console.domain.lines import DialPlan, emergency_number
from console.ports.switchboard import Act, ActionAnswer, Answer
from console.services.call_acts import CallActs, Then
from console.services.call_desk import CallDesk
from console.services.call_slots import CallSlot
from console.services.meant_call import meant_call, meant_ring
from console.services.refusing import Refused

NO_TARGET = "Choose a colleague, or write an extension or a number.  The call stays with you."
ASKED_ALREADY = "You are asking {extension} already: take the caller back first, or give them over.  Nothing was done."
NOBODY_ASKED = "Nobody is being asked now.  Nothing was done."
NOT_ANSWERED = "{extension} has not answered yet.  The caller still waits; nothing was done."
NOT_PARKED = "That caller is not parked any more: somebody fetched them, or they rang off."
ONLY_KEYS = "Only 0 to 9, * and # can be sent, 32 at most.  Nothing was sent."
OWN_TELEPHONE = "That is your own telephone.  The call stays with you."
TAKEN = "A colleague has said that they have this call.  Nothing was done."
_KEYS = re.compile(r"[0-9*#]{1,32}")


class PassingOn:
    """For the worker of one desk; every act raises :class:`Refused` where it makes no sense now.

    ``call`` is the one that is meant (:func:`console.services.meant_call.meant_call`).
    """

    def __init__(self, desk: CallDesk, acts: CallActs, plan: DialPlan) -> None:
        self._desk = desk
        self._acts = acts
        self._plan = plan

    def can(self, act: Act) -> bool:
        """Say whether this switchboard can do it now."""
        return self._acts.can(act)

    def why_not(self, act: Act) -> str:
        """Return why it cannot, or nothing."""
        return self._acts.why_not(act)

    def asked(self) -> Asked | None:
        """Return whom this worker asks while the caller of the current call waits."""
        current = self._desk.state().current
        return current.call.asked if current is not None else None

    def parked(self) -> tuple[CallSlot, ...]:
        """Return the callers who are parked, those who wait longest first."""
        return self._desk.state().parked

    def ask_first(self, target: str, then: Then, call: UUID | None = None) -> None:
        """Let the caller wait, and ring a colleague to ask them."""
        self._give(Act.START_ATTENDED, target, then, call)

    def give_at_once(self, target: str, then: Then, call: UUID | None = None) -> None:
        """Give the caller to another telephone, which rings with nobody having been asked."""
        self._give(Act.BLIND_TRANSFER, target, then, call)

    def _give(self, act: Act, target: str, then: Then, call: UUID | None) -> None:
        current, target = self._current(call), self._target(target)
        if current.call.asked is not None:
            raise Refused(ASKED_ALREADY.format(extension=current.call.asked.extension))
        self._acts.ask(act, current.call.id, then, target=target)

    def send_on(self, target: str, then: Then, call: UUID) -> None:
        """Let a caller who rings here, and whom nobody has answered, ring at another telephone instead."""
        ring, target = meant_ring(self._desk.state(), call), self._target(target)
        if ring.claimed_by and not self._desk.claimed(call):
            raise Refused(TAKEN)

        def sent(answer: ActionAnswer) -> None:
            if answer.answer is Answer.ACCEPTED:
                self._acts.let_go(call)
            then(answer)

        self._acts.ask(Act.REDIRECT, call, sent, target=target)

    def _target(self, target: str) -> str:
        """Return whom a caller may be given to."""
        target = target.strip()
        if not target:
            raise Refused(NO_TARGET)
        if emergency_number(target, self._plan):
            raise Refused(EMERGENCY_SENTENCE)
        if target == self._desk.extension:
            raise Refused(OWN_TELEPHONE)
        return target

    def give_over(self, then: Then, call: UUID | None = None) -> None:
        """Give the caller to the colleague who was asked, and who has answered."""
        self._acts.ask(Act.COMPLETE_ATTENDED, self._spoken_to(call), then)

    def all_together(self, then: Then, call: UUID | None = None) -> None:
        """Let the caller, this worker and the colleague who was asked talk together."""
        self._acts.ask(Act.CONFERENCE, self._spoken_to(call), then)

    def take_back(self, then: Then, call: UUID | None = None) -> None:
        """Leave the colleague, and be with the caller again."""
        current = self._current(call)
        if current.call.asked is None:
            raise Refused(NOBODY_ASKED)
        self._acts.ask(Act.CANCEL_ATTENDED, current.call.id, then)

    def park(self, then: Then, call: UUID | None = None) -> None:
        """Put the caller where every telephone can fetch them."""
        current = self._current(call)
        if current.call.asked is not None:
            raise Refused(ASKED_ALREADY.format(extension=current.call.asked.extension))
        self._acts.ask(Act.PARK, current.call.id, then)

    def fetch(self, then: Then, call: UUID | None = None) -> None:
        """Fetch a parked caller, the one who waits longest where none is named: this telephone rings first."""
        found = next((one for one in self.parked() if call in (None, one.call.id)), None)
        if found is None:
            raise Refused(NOT_PARKED)
        why = self._acts.why_not_ring()
        if why:
            raise Refused(why)
        self._acts.ask(Act.RETRIEVE, found.call.id, then)

    def press(self, keys: str, then: Then, call: UUID | None = None) -> None:
        """Press keys on the line, for a voice that asks for them; they are kept nowhere."""
        current, keys = self._current(call), "".join(keys.split())
        if not _KEYS.fullmatch(keys):
            raise Refused(ONLY_KEYS)
        if stopped := no_emergency_keys(keys, self._plan):
            raise Refused(stopped)
        self._acts.ask(Act.DTMF, current.call.id, then, target=keys)

    def _current(self, call: UUID | None) -> CallSlot:
        return meant_call(self._desk.state(), call)

    def _spoken_to(self, call: UUID | None) -> UUID:
        """Return the current call; raises where nobody who is asked has answered."""
        current = self._current(call)
        if current.call.asked is None:
            raise Refused(NOBODY_ASKED)
        if not current.call.asked.answered:
            raise Refused(NOT_ANSWERED.format(extension=current.call.asked.extension))
        return current.call.id
