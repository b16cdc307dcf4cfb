"""What a worker does with the telephone: answer, hold, end, offer; asked, then observed.

The switchboard's word on a request is accepted, refused or unsupported; what really happened
comes as an event (telephony.md 3.1).  Nothing here dials an emergency number.  Giving a caller to
somebody else is :mod:`console.services.passing_on`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from console.ports.runner import Inbox
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Switchboard
from console.services.act_confirmations import Confirmations
from console.services.call_claims import CallClaims
from console.services.call_desk import CallDesk
from console.services.call_slots import CallSlot, can_lift, next_to_answer
from console.services.meant_call import meant_call
from console.services.refusing import Refused
from console.services.writing import Outcome

Then = Callable[[ActionAnswer], None]
LIFT = "I have it: lift the handset."
NOT_HERE = "This call does not ring at your telephone: lifting the handset would not answer it.  Nothing was taken."
GIVEN_BACK = "Given back: nobody has this call now, and it waits for whoever lifts first."
TELEPHONES_AWAY = (
    "The telephones are away: answer on the handset.  Press F9 to begin a record by hand; "
    "your notes are kept as always."
)

NOT_NOW = (
    "The caller waits while you ask {extension}.  Take the caller back (F8) or give them over first: "
    "to end here would leave them with {extension}.  Nothing was done."
)
WAITER_GONE = "The caller who waited has been answered elsewhere or rang off.  {own}"
OFF_HOLD = "Your own caller is taken off hold again."
STILL_ON_HOLD = "Your own caller may be on hold: look at the telephone, and take them back (F8)."
ON_A_CALL = "Your telephone is on a call.  Nothing was dialled; end that call or put it on hold, then ring again."
RINGS_SOON = "Your telephone is about to ring for what you asked just now: lift the handset.  Nothing more was dialled."
UNDER_WAY = "What you asked just now is still being done.  Nothing more was asked: look at the call bar."
RINGS_ALREADY = "Your telephone rings for a call out already: lift the handset.  Nothing more was dialled."


class CallActs:
    """Acts on calls, for the worker of one desk."""

    def __init__(
        self,
        desk: CallDesk,
        switchboard: Switchboard,
        inbox: Inbox,
        claims: CallClaims,
        worker: str,
        confirmations: Confirmations,
    ) -> None:
        """``confirmations`` watches for what was accepted, and knows what is under way."""
        self._desk = desk
        self._switchboard = switchboard
        self._inbox = inbox
        self._claims = claims
        self._worker = worker
        self._confirmations = confirmations

    def can(self, act: Act) -> bool:
        """Say whether this switchboard can do it now."""
        return not self._desk.phones.away and act in self._switchboard.capabilities().acts

    @property
    def by_word(self) -> bool:
        """Say whether the telephone is worked by hand, and only what was done there is told here."""
        return self._switchboard.capabilities().by_word

    def why_not(self, act: Act) -> str:
        """Return why it cannot be done, or nothing."""
        if self._desk.phones.away:
            return self._desk.phones.sentence or TELEPHONES_AWAY
        known = self._switchboard.capabilities()
        return "" if act in known.acts else known.why_not.get(act, "This telephone system cannot do that.")

    def answer(self, then: Then, call: UUID | None = None) -> None:
        """Answer a waiting call (the oldest that rings here, else the oldest); F9.

        An own call that is not on hold is put on hold first, and taken back where whoever waited is gone by then.
        Where software cannot answer, the call is claimed, so that nobody else lifts a handset for it.  Raises
        :class:`Refused`.
        """
        slot = self._to_answer(call)
        if not self.can(Act.ANSWER):
            self.take(slot.call.id, then)
            return
        current = self._desk.state().current
        if current is None or current.on_hold:
            self.ask(Act.ANSWER, slot.call.id, then)
            return
        self.ask(Act.HOLD, current.call.id, partial(self._held, current.call.id, slot.call.id, then))

    def _held(self, own: UUID, call: UUID, then: Then, answer: ActionAnswer) -> None:
        if answer.answer is not Answer.ACCEPTED:
            then(answer)
        elif self._is_for_nothing(own, call):
            self._take_back(own, then)
        else:
            self.ask(Act.ANSWER, call, partial(self._answered, own, call, then))

    def _answered(self, own: UUID, call: UUID, then: Then, answer: ActionAnswer) -> None:
        if answer.answer is not Answer.ACCEPTED and self._is_for_nothing(own, call):
            self._take_back(own, then)
        else:
            then(answer)

    def _is_for_nothing(self, own: UUID, call: UUID) -> bool:
        """Say whether ``call``, for which ``own`` was put on hold, waits no more, and this worker does not have it."""
        desk = self._desk.state()
        return all(one.call.id != call for one in desk.waiting) and desk.is_current(own)

    def _take_back(self, own: UUID, then: Then) -> None:
        def back(answer: ActionAnswer) -> None:
            done = answer.answer is Answer.ACCEPTED
            then(ActionAnswer(Answer.REFUSED, WAITER_GONE.format(own=OFF_HOLD if done else STILL_ON_HOLD)))

        self.ask(Act.RESUME, own, back)

    def _to_answer(self, call: UUID | None) -> CallSlot:
        if self._desk.phones.away:
            raise Refused(self._desk.phones.sentence or TELEPHONES_AWAY)
        waiting = self._desk.state().waiting
        wanted = [one for one in waiting if call is None or one.call.id == call]
        found = next_to_answer(wanted, self._worker)
        if found is None:
            raise Refused("No call is waiting.")
        return found

    def take(self, call: UUID, then: Then, reason: str = "", over: UUID | None = None) -> None:
        """Have a waiting call that only a handset answers; ``reason`` where somebody else has it by the claim ``over``.

        Raises :class:`Refused`, or :class:`console.services.call_claims.NeedsReason`.
        """

        def answered(outcome: Outcome) -> None:
            if outcome.won:
                then(ActionAnswer(Answer.ACCEPTED, LIFT))
            else:
                then(ActionAnswer(Answer.REFUSED, outcome.sentence))

        state = self._desk.state()
        slot = state.slot(call)
        if slot is not None and not can_lift(slot, state.phones, by_word=self.by_word):
            raise Refused(NOT_HERE)
        self._claims.claim(call, answered, reason, over)

    def hold_or_resume(self, then: Then, call: UUID | None = None) -> None:
        """Put the current call on hold, or take it back, also from the asking of a colleague; F8.

        ``call`` is the one that is meant (:func:`meant_call`), here and where a call is ended.
        """
        current = meant_call(self._desk.state(), call)
        if current.call.asked is not None and self.can(Act.CANCEL_ATTENDED):
            self.ask(Act.CANCEL_ATTENDED, current.call.id, then)
            return
        self.ask(Act.RESUME if current.on_hold else Act.HOLD, current.call.id, then)

    def end(self, then: Then, call: UUID | None = None) -> None:
        """End the current call, else the call out that nobody has answered yet.  An incident around it stays open.

        Raises :class:`Refused`, also while a colleague is asked: to end there gives the caller to them.
        """
        desk = self._desk.state()
        rings = desk.calling if desk.current is None and desk.calling is not None else None
        current = (rings if rings is not None and call in (None, rings.call.id) else meant_call(desk, call)).call
        if current.asked is not None:
            raise Refused(NOT_NOW.format(extension=current.asked.extension))
        self.ask(Act.HANG_UP, current.id, then)

    def offer_to_team(self, then: Then, call: UUID | None = None) -> None:
        """Let a waiting call ring at everybody's desk; one that this worker has is given back first."""
        slot = self._to_answer(call)
        if slot.claimed_by == self._worker:
            self._claims.give_back(slot.call.id, partial(self._given_back, slot.call.id, then))
        else:
            self.ask(Act.OFFER_TO_TEAM, slot.call.id, then)

    def _given_back(self, call: UUID, then: Then, outcome: Outcome) -> None:
        if not outcome.won:
            then(ActionAnswer(Answer.REFUSED, outcome.sentence))
        elif self.can(Act.OFFER_TO_TEAM):
            self.ask(Act.OFFER_TO_TEAM, call, then)
        else:
            then(ActionAnswer(Answer.ACCEPTED, GIVEN_BACK))

    def let_go(self, call: UUID) -> None:
        """Have a call no more that this worker has: it rings elsewhere by now, and whoever lifts there takes it."""
        self._claims.give_back(call, lambda _: None)

    @property
    def extension(self) -> str:
        """Return this worker's own telephone."""
        return self._desk.extension

    def hear(self, act: Act, call: UUID, target: str, then: Then) -> None:
        """Hear a colleague's call; ``target`` is that colleague's extension.

        For :class:`console.services.supervising.Supervising`, which asks who may and writes it down.
        """
        self.ask(act, call, then, target=target)

    def why_not_ring(self) -> str:
        """Return why this worker's telephone rings nobody now, or nothing: one key pressed twice is one call."""
        own, current = self._desk.extension, self._desk.state().current
        if current is not None and not current.on_hold:
            return ON_A_CALL
        if self._confirmations.under_way(Act.ORIGINATE, None):
            return RINGS_SOON
        placed = (call for call in self._desk.live() if call.placed_by(own))
        return RINGS_ALREADY if any(own not in call.talking for call in placed) else ""

    def ring(self, number: str, then: Then) -> None:
        """Ring a number from this worker's own telephone."""
        why = self.why_not_ring()
        if why:
            then(ActionAnswer(Answer.REFUSED, why))
            return
        self.ask(Act.ORIGINATE, None, then, target=number)

    def pause(self, paused: bool, reason: str, then: Then) -> None:
        """Take this worker's telephone out of the queues, or put it back."""
        if self._desk.extension:
            self.ask(Act.PAUSE if paused else Act.UNPAUSE, None, then, reason=reason)

    def ask(self, act: Act, call: UUID | None, then: Then, target: str = "", reason: str = "") -> None:
        """Ask the switchboard for ``act`` with a call, and watch for what it brings about.

        For the services that say what may be asked: here nothing is looked at but whether it can be done at all, and
        whether it is being done already, as the same key pressed twice would have it.
        """
        if not self.can(act):
            then(ActionAnswer(Answer.UNSUPPORTED, self.why_not(act)))
            return
        if self._confirmations.under_way(act, call):
            then(ActionAnswer(Answer.REFUSED, UNDER_WAY))
            return
        provider = self._desk.provider_call(call) if call is not None else ""
        action = Action(act, self._desk.extension, call, provider, target, reason)
        seen = self._confirmations.asked(act, call)

        def answered(answer: ActionAnswer) -> None:
            seen(answer)
            then(answer)

        # The switchboard answers from its own thread; the worker's side hears it on ours.
        self._switchboard.perform(action, lambda answer: self._inbox.post(partial(answered, answer)))
