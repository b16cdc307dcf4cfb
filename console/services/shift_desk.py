"""Signing in with an extension, ready and away, wrap-up, and signing out without leaving work behind.

Ready and away follow the switchboard's queue pause and lead it, both ways: what a telephone is
told by hand shows here, and what is said here is told to the telephone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.calendar import Calendar, Stretch, shift_stream
from console.domain.call_changes import CallChange, ChangeKind
from console.domain.call_events import LinkState
from console.domain.ids import fact_id
from console.domain.queue_hold import REASON as QUEUE_HELD
from console.domain.record import MANAGERS, Entry, Expects, Kind, StreamRef, iso
from console.domain.shifts import PAUSES_QUEUE, STATE_LABELS, ShiftState, WorkerOnShift, WorkerState, extension_slot
from console.ports.clock import Alarm, Clock, Timer
from console.services.asked_again import AskedAgain
from console.services.call_facts import Wait
from console.services.folds import Folds
from console.services.handing_over import Holding, give_seats, hand_over, holding_of
from console.services.link_state import Link
from console.services.own_telephone import OwnTelephone, Pause, Tell, no_telephone, unheard
from console.services.refusing import Refused
from console.services.seats import Seats
from console.services.telephone_held import TelephoneHeld
from console.services.writing import Outcome, Recording

WRAP_UP = timedelta(seconds=120)
"""How long wrap-up lasts unless it is lengthened or ended."""
AGAIN = 0.5
"""Seconds before a sign-in that an own one came before is asked again."""
TRIES = 20
"""How often it is asked again before the worker hears that it did not go through: ten seconds."""
BEGUN_WITHOUT = "The shared record is away. You can work; you are signed in when it is back."
"""Said where it did not answer at the sign-in, and the worker begins all the same."""
SIGNED_IN_HERE = (
    "The shared record is away: you are signed in on this computer only.  Notes and calls go on; "
    "colleagues see you, and your extension is yours, when it is back."
)


@dataclass(frozen=True, slots=True)
class ShiftParts:
    """What a shift desk is made of; ``switchboard`` is its row in the record."""

    recording: Recording
    folds: Folds
    clock: Clock
    alarm: Alarm
    calendar: Calendar
    switchboard: UUID
    wait: Wait
    wrap_up: timedelta = WRAP_UP


_NOT_READ_BACK = (
    "Another sign-in of your own came first, and has not been read back from the shared record.  You are not signed "
    "in; nothing is lost.  Close Nightdesk wherever else you are signed in, and sign in again."
)


def _unasked(_: Outcome) -> None:
    """Nobody waits for the answer: there is no seat to give, so that nothing can be refused."""


class ShiftDesk:
    """One worker's place on the shift."""

    def __init__(self, parts: ShiftParts, pause: Pause = no_telephone, tell: Tell = unheard) -> None:
        self._parts = parts
        self._telephone = OwnTelephone(parts.alarm, pause, tell, in_queues=parts.recording.who.role not in MANAGERS)
        self._seats = Seats(parts.recording, parts.folds)
        self._held = TelephoneHeld(parts.folds, parts.recording.who.worker)
        self._stretch: Stretch = parts.calendar.stretch(parts.clock.now())
        # Asked for by everything that is drawn: its id is made once for each shift.
        self._stream = shift_stream(self._stretch)
        self._wrap_up: Timer | None = None
        self._wrap_up_until: datetime | None = None
        self._said: dict[str, CallChange] = {}
        self._queue_held = False
        self.asking = AskedAgain(parts.alarm, AGAIN, TRIES)
        """The sign-in that is asked again; whoever gives up this seat cancels it."""

    @property
    def stream(self) -> StreamRef:
        """Return the shift this worker is signed in to, or would be now."""
        return self._stream

    @property
    def stretch(self) -> Stretch:
        """Return the out-of-hours stretch of that shift."""
        return self._stretch

    @property
    def wrap_up_until(self) -> datetime | None:
        """Return when wrap-up ends by itself."""
        return self._wrap_up_until

    @property
    def telephone_refused(self) -> bool:
        """Say whether the switchboard refused what this worker's telephone was last told."""
        return self._telephone.refused

    def shift(self) -> ShiftState:
        """Return the shift as it stands."""
        return self._parts.folds.shift(self.stream)

    def me(self) -> WorkerOnShift | None:
        """Return this worker's own row, once signed in."""
        return self.shift().worker(self._parts.recording.who.worker)

    # --- coming and going ---------------------------------------------------------------------

    def sign_in(self, extension: str, then: Callable[[Outcome], None]) -> None:
        """Sign in on an extension (empty: without a telephone); refused while somebody else holds it.

        Where somebody of another shift still sat there, the outcome says who.  ``then`` is called again, not won,
        where the extension turns out to be somebody else's, or is taken later: the worker stays signed in, without
        a telephone.
        """
        self.asking.begin()
        self._ask(extension.strip(), then)

    def _ask(self, extension: str, then: Callable[[Outcome], None]) -> None:
        self._stretch = self._parts.calendar.stretch(self._parts.clock.now())
        self._stream = shift_stream(self._stretch)
        who = self._parts.recording.who
        holder = self.shift().holder(extension)
        if holder is not None and holder.worker != who.worker:
            then(Outcome(won=False, sentence=_in_use(extension, holder.name), by=holder.worker))
            return
        if self._parts.folds.ledger.link.link is Link.AWAY:
            self._sign_in_here(extension, then)
            return
        slot = extension_slot(extension, who.worker)
        expects = Expects(self._parts.folds.ledger.shared_head(self.stream, slot))
        entry = self._parts.recording.entry(
            Kind.SHIFT_SIGNED_IN, self.stream, self._sign_in_body(extension), slot=slot, expects=expects
        )
        said = self._held.held_by(extension)

        def answered(outcome: Outcome) -> None:
            if outcome.won:
                self._held.signed_in(extension, entry.stream, entry.id, then)
                outcome = replace(outcome, sentence=said or outcome.sentence)
            self._signed_in(extension, outcome, then)

        self._parts.recording.exclusive(entry, answered)

    def _sign_in_here(self, extension: str, then: Callable[[Outcome], None]) -> None:
        """With the record away a worker works all the same; the extension is claimed by nobody yet."""
        body = self._sign_in_body(extension) | {"unclaimed": True}
        slot = extension_slot(extension, self._parts.recording.who.worker)
        entry = self._parts.recording.entry(Kind.SHIFT_SIGNED_IN, self.stream, body, slot=slot)
        self._held.signed_in(extension, self.stream, entry.id, then, claimed=False)
        self._parts.recording.record(entry)
        self._signed_in(extension, Outcome(won=True, sentence=SIGNED_IN_HERE, in_doubt=True), then)

    def _sign_in_body(self, extension: str) -> dict[str, object]:
        who = self._parts.recording.who
        return {
            "worker": who.worker,
            "name": who.name,
            "role": who.role.value,
            "extension": extension,
            "station": who.station,
        }

    def _signed_in(self, extension: str, outcome: Outcome, then: Callable[[Outcome], None]) -> None:
        if outcome.won:
            self._telephone.ask(False)
        elif outcome.by == self._parts.recording.who.worker:
            # An own sign-in came between, such as one made while the record was away: asked again once it is read.
            if self.asking.again(lambda: self._ask(extension, then)):
                return
            outcome = Outcome(won=False, sentence=_NOT_READ_BACK, by=outcome.by, at=outcome.at)
        elif outcome.by:
            holder = self.shift().worker(outcome.by)
            sentence = _in_use(extension, holder.name if holder is not None else outcome.by)
            outcome = Outcome(won=False, sentence=sentence, by=outcome.by, at=outcome.at)
        then(outcome)

    def record_changed(self) -> None:
        """Follow the queue, the seats, and whose telephone this is."""
        self._follow_queue()
        self._seats.record_changed()
        self._held.record_changed(self.shift())

    def holding(self) -> Holding:
        """Return what this worker would leave behind."""
        return holding_of(self._parts.folds, self._parts.recording.who.worker)

    def sign_out(self, taker: str = "", then: Callable[[Outcome], None] = _unasked) -> None:
        """Sign out; with work in hand to a named colleague on shift, who gets all of it.

        Where nobody else is on shift it stays in this worker's name, in the list of open work.  A seat
        in a live incident is given exclusively: where it has changed meanwhile, or the record is away,
        ``then`` hears so, and this worker stays signed in.
        """
        held = self.holding()
        if held and not taker and not self.may_leave(held):
            raise Refused(
                f"You still have {held.words}.  Nothing was changed.  Name a colleague on shift who takes it, "
                "or finish it first."
            )
        if not held or not taker:
            self._sign_out((), taker, then)
            return
        to = self._taker(taker)
        give_seats(self._seats, held.incidents, to, lambda outcome: self._seats_given(outcome, to, then))

    def _seats_given(self, outcome: Outcome, taker: WorkerOnShift, then: Callable[[Outcome], None]) -> None:
        if outcome.won:
            self._sign_out(hand_over(self._parts.recording, self.holding(), taker), taker.worker, then)
        else:
            then(replace(outcome, sentence=f"{outcome.sentence}  You are still signed in."))

    def _sign_out(self, entries: tuple[Entry, ...], taker: str, then: Callable[[Outcome], None]) -> None:
        self.asking.cancel()
        worker = self._parts.recording.who.worker
        slot = extension_slot(self._held.extension, worker)
        head = self._parts.folds.ledger.head(self.stream, slot)
        body = {"worker": worker, "taker": taker}
        out = self._parts.recording.entry(Kind.SHIFT_SIGNED_OUT, self.stream, body, slot=slot, replaces=head)
        self._parts.recording.record(*entries, out)
        self._end_wrap_up()
        self._held.leave()
        self._telephone.leave(STATE_LABELS[WorkerState.OFF])
        then(Outcome(won=True, by=worker))

    def may_leave(self, held: Holding) -> bool:
        """Say whether what is held may stay in this worker's name: nobody else is here, and no incident is live."""
        me = self._parts.recording.who.worker
        return not held.incidents and all(one.worker == me for one in self.shift().workers)

    def _taker(self, taker: str) -> WorkerOnShift:
        found = self.shift().worker(taker)
        if found is None or taker == self._parts.recording.who.worker:
            raise Refused("Only a colleague who is signed in can take your work.  Nothing was changed.")
        return found

    # --- ready and away -----------------------------------------------------------------------

    def say(
        self, state: WorkerState, reason: str = "", *, until: datetime | None = None, can_come: bool = False
    ) -> None:
        """Say one's state; the telephone's queue pause follows.  The last two are a recovery's."""
        me = self.me()
        if me is None:
            raise Refused("You are not signed in.")
        if state is not WorkerState.WRAP_UP:
            self._end_wrap_up()
        if (me.state, me.reason, me.until, me.can_come) == (state, reason, until, can_come):
            return
        more = {"until": iso(until) if until is not None else "", "can_come": can_come}
        rests = state is WorkerState.TAKE_FIVE
        self._parts.recording.record(self._state_entry(me, state, reason, more if rests else {}))
        if (state in PAUSES_QUEUE) != (me.state in PAUSES_QUEUE) or state in PAUSES_QUEUE:
            self._telephone.ask(*self._pause_of(state, reason))

    def _pause_of(self, state: WorkerState, reason: str) -> tuple[bool, str]:
        """Return what this telephone is to be told: a queue that is held rings nowhere."""
        if state in PAUSES_QUEUE:
            return True, reason or STATE_LABELS[state]
        held = self.shift().queue.held
        return held, QUEUE_HELD if held else reason or STATE_LABELS[state]

    def _follow_queue(self) -> None:
        """Tell this worker's telephone that the queue was held, or let go; who is away hears nothing new."""
        held, me = self.shift().queue.held, self.me()
        if held == self._queue_held or me is None:
            return
        self._queue_held = held
        if me.state not in PAUSES_QUEUE:
            self._telephone.ask(*self._pause_of(me.state, me.reason))

    def toggle_ready(self) -> None:
        """Go away, or be ready again; F12."""
        me = self.me()
        ready = me is not None and me.state is WorkerState.AVAILABLE
        self.say(WorkerState.BREAK if ready else WorkerState.AVAILABLE)

    def wrap_up(self) -> None:
        """Begin wrap-up, or lengthen it: it ends by itself so long from now as this service sets."""
        seconds = self._parts.wrap_up.total_seconds()
        self.say(WorkerState.WRAP_UP)
        if self._wrap_up is not None:
            self._wrap_up.cancel()
        self._wrap_up_until = self._parts.clock.now() + timedelta(seconds=seconds)
        self._wrap_up = self._parts.alarm.after(seconds, self._wrapped_up)

    def _wrapped_up(self) -> None:
        me = self.me()
        self._end_wrap_up()
        if me is not None and me.state is WorkerState.WRAP_UP:
            self.say(WorkerState.AVAILABLE)

    def _end_wrap_up(self) -> None:
        if self._wrap_up is not None:
            self._wrap_up.cancel()
        self._wrap_up = None
        self._wrap_up_until = None

    def _state_entry(self, worker: WorkerOnShift, state: WorkerState, reason: str, more: Mapping[str, object]) -> Entry:
        body = {"worker": worker.worker, "state": state.value, "reason": reason, **more}
        slot = f"worker:{worker.worker}"
        return self._parts.recording.entry(Kind.SHIFT_STATE, self.stream, body, slot=slot, replaces=worker.state_head)

    # --- what the telephones say --------------------------------------------------------------

    def hear(self, changes: tuple[CallChange, ...]) -> None:
        """Follow the telephones: a pause set on a telephone is that worker's state."""
        for change in changes:
            if change.link is not None:
                self._telephone.link(connected=change.link is LinkState.CONNECTED)
                self._take_up_telephone()
            if change.kind is ChangeKind.AGENT and change.paused is not None:
                self._agent(change, change.paused)

    def _take_up_telephone(self) -> None:
        me = self.me()
        if me is not None:
            self._telephone.take_up(*self._pause_of(me.state, me.reason))

    def _agent(self, change: CallChange, paused: bool) -> None:
        self._said[change.extension] = change
        if change.extension == self._held.extension:
            if not self._telephone.led:
                self._follow_pause(change, paused)
            elif (me := self.me()) is not None and paused == self._pause_of(me.state, me.reason)[0]:
                self._telephone.taken_up()  # the telephone has done as it was told
        else:
            # Somebody without a console of their own, or whose console will say it: wait and see.
            self._parts.alarm.after(self._parts.wait(), lambda: self._follow_unless_newer(change, paused))

    def _follow_unless_newer(self, change: CallChange, paused: bool) -> None:
        """A console that leads its telephone contradicts what that telephone said first."""
        if self._said.get(change.extension) is change:
            self._follow_pause(change, paused)

    def _follow_pause(self, change: CallChange, paused: bool) -> None:
        worker = self.shift().holder(change.extension)
        if worker is None or paused == (worker.state in PAUSES_QUEUE):
            return
        if paused and change.reason == QUEUE_HELD:
            return  # nobody's break: the queue is held
        state, reason = said_by_pause(change.reason) if paused else (WorkerState.AVAILABLE, "")
        body = {"worker": worker.worker, "state": state.value, "reason": reason}
        parts = ("agent", change.extension, str(paused), iso(change.at))
        identity = fact_id(self._parts.switchboard, *parts)
        slot = f"worker:{worker.worker}"
        entry = self._parts.recording.entry(
            Kind.SHIFT_STATE, self.stream, body, slot=slot, identity=identity, made_at=change.at
        )
        if not self._parts.folds.ledger.holds(identity):
            self._parts.recording.record(entry)


def said_by_pause(reason: str) -> tuple[WorkerState, str]:
    """Return the state a pause's reason means, and what of the reason is left: ``Visit, alone``."""
    head, _, rest = reason.partition(",")
    wanted = head.strip().casefold()
    for state, label in STATE_LABELS.items():
        if wanted in (label.casefold(), state.value.replace("_", " ")):
            return state, rest.strip()
    return WorkerState.BREAK, reason.strip()


def _in_use(extension: str, name: str) -> str:
    return (
        f"Extension {extension} is in use by {name}.  You are not signed in.  Choose another extension, "
        f"or ask {name} to sign out."
    )
