"""One worker's recovery: offered after a red call, taken by one key, over by itself or sooner (domain.md 1.2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from console.domain.call_changes import CallChange, ChangeKind
from console.domain.capacity import NightRules
from console.domain.contacts import ContactState
from console.domain.ids import FACTS
from console.domain.record import Kind, StreamKind, iso
from console.domain.recovery import Relief, ReliefAnswer, due, red_calls
from console.domain.shifts import WorkerState
from console.ports.clock import Alarm, Clock, Timer
from console.services.folds import Folds
from console.services.incident_record import IncidentRecord
from console.services.ledger import ChangeSet
from console.services.link_state import Link
from console.services.refusing import Refused
from console.services.shift_desk import ShiftDesk
from console.services.writing import Recording

OFFER = (
    "That was a red call.  You may take five now (Shift+F12), and a debrief is offered; only the offer is kept.  "
    "Nothing comes to you meanwhile."
)
_WATCHED = frozenset({StreamKind.INCIDENT, StreamKind.CONTACT, StreamKind.CALL, StreamKind.SHIFT})


class Recovery:
    """Offers a pause, begins and ends it; ``tell`` puts a sentence where the worker reads it."""

    def __init__(
        self,
        recording: Recording,
        folds: Folds,
        shift: ShiftDesk,
        incidents: IncidentRecord,
        clock: Clock,
        alarm: Alarm,
        rules: NightRules,
        tell: Callable[[str], None],
        talks: Callable[[], bool],
    ) -> None:
        """``talks`` says whether this worker has a caller on the line."""
        self._recording = recording
        self._folds = folds
        self._shift = shift
        self._incidents = incidents
        self._clock = clock
        self._alarm = alarm
        self._rules = rules
        self._tell = tell
        self._talks = talks
        self._ends: tuple[datetime, Timer] | None = None

    @property
    def worker(self) -> str:
        """Return whose recovery it is."""
        return self._recording.who.worker

    def offer(self) -> Relief | None:
        """Return the offer that can still be taken."""
        now = self._clock.now()
        mine = self._shift.shift().reliefs.get(self.worker, ())
        found = [one for one in mine if one.stands(now, self._rules.offered_for)]
        return found[-1] if found else None

    def resting(self) -> bool:
        """Say whether this worker is in recovery now."""
        me = self._shift.me()
        return me is not None and me.recovering(self._clock.now())

    # --- what is seen -------------------------------------------------------------------------

    def record_changed(self, changes: ChangeSet) -> None:
        """Offer what is due and follow the recovery's end; give :meth:`Ledger.subscribe` this."""
        if any(ref.kind in _WATCHED for ref in changes.streams):
            self._look()

    def calls_changed(self, changes: tuple[CallChange, ...]) -> None:
        """Look again when a call is over; give :meth:`CallDesk.subscribe` this."""
        if any(change.kind is ChangeKind.ENDED for change in changes):
            self._look()

    def _look(self) -> None:
        self._follow_end()
        link = self._folds.ledger.link
        if self._shift.me() is None or (link.link is Link.TOGETHER and link.behind):
            return
        now, listed = self._clock.now(), self._folds.incidents()
        if self._talks() or any(one.live and one.holds_seat(self.worker) for one in listed):
            return  # still at it, on the line or in another incident: the offer comes with the end of that
        contacts = self._folds.contacts()
        red = red_calls(self.worker, listed, contacts, self._ended(contacts))
        reliefs = self._shift.shift().reliefs.get(self.worker, ())
        found = due(red, reliefs, now, self._rules.offered_for)
        if found is not None:
            self._offer(found.about, found.over)

    def _ended(self, contacts: Iterable[ContactState]) -> Mapping[UUID, datetime]:
        """Return when the calls of contacts ended; not of all calls, of which a storm has thousands."""
        log = (self._folds.call(call) for contact in contacts for call in contact.calls)
        return {one.id: one.ended_at for one in log if one is not None and one.ended_at is not None}

    def _offer(self, about: UUID, over: datetime) -> None:
        identity = uuid5(FACTS, f"relief\n{self.worker}\n{about}")
        if self._folds.ledger.holds(identity):
            return
        body = {"worker": self.worker, "about": about, "over": iso(over), "answer": ReliefAnswer.OFFERED.value}
        self._recording.record(
            self._recording.entry(
                Kind.SHIFT_RELIEF, self._shift.stream, body, slot=f"relief:{self.worker}", identity=identity
            )
        )
        self._tell(OFFER)

    # --- what is done -------------------------------------------------------------------------

    def take(self, *, debrief: bool, minutes: int | None = None) -> None:
        """Begin a recovery of ``minutes`` (the usual where None); refused to whoever has a caller or a seat."""
        if self._talks():
            raise Refused("You have a caller on the line.  Nothing was changed; take five when the call is over.")
        if any(one.live and one.holds_seat(self.worker) for one in self._folds.incidents()):
            raise Refused("You still have a seat in a live incident.  Hand it over first; then take five.")
        length = timedelta(minutes=minutes) if minutes else self._rules.take_five
        self._answer(ReliefAnswer.TAKEN_WITH_DEBRIEF if debrief else ReliefAnswer.TAKEN)
        self._shift.say(WorkerState.TAKE_FIVE, until=self._clock.now() + length)
        self._follow_end()

    def only_debrief(self) -> None:
        """Want the debrief and no pause."""
        self._answer(ReliefAnswer.DEBRIEF_ONLY)

    def decline(self) -> None:
        """Want neither; it may be asked for later by the same key."""
        self._answer(ReliefAnswer.DECLINED)

    def can_come(self, willing: bool) -> None:
        """Say "I can come": in recovery, and yet to be asked for a second worker; or take that back."""
        me = self._shift.me()
        if me is None or not me.recovering(self._clock.now()):
            raise Refused("You are not in recovery.  Nothing was changed.")
        self._shift.say(WorkerState.TAKE_FIVE, me.reason, until=me.until, can_come=willing)

    def _answer(self, answer: ReliefAnswer) -> None:
        offered = self.offer()
        if offered is None or offered.about is None:
            return
        body = {"worker": self.worker, "about": offered.about, "answer": answer.value}
        slot, stream = f"relief:{self.worker}", self._shift.stream
        head = self._folds.ledger.head(stream, slot)
        self._recording.record(self._recording.entry(Kind.SHIFT_RELIEF, stream, body, slot=slot, replaces=head))
        known = self._folds.incident(offered.about)
        if known is not None and known.opened_at is not None:
            wanted = answer in (ReliefAnswer.TAKEN_WITH_DEBRIEF, ReliefAnswer.DEBRIEF_ONLY)
            self._incidents.debrief(known.id, self.worker, accepted=wanted)

    def _follow_end(self) -> None:
        """Be ready again by itself at the end; one timer, also after a start in the middle of a recovery."""
        me = self._shift.me()
        until = me.until if me is not None and me.state is WorkerState.TAKE_FIVE else None
        if self._ends is not None and self._ends[0] == until:
            return
        if self._ends is not None:
            self._ends[1].cancel()
            self._ends = None
        if until is not None:
            left = max(0.0, (until - self._clock.now()).total_seconds())
            self._ends = until, self._alarm.after(left, self._over)

    def _over(self) -> None:
        self._ends = None
        me = self._shift.me()
        if me is not None and me.state is WorkerState.TAKE_FIVE and not me.recovering(self._clock.now()):
            self._shift.say(WorkerState.AVAILABLE)
            self._tell("Your time out is over: you are ready again.  F12 if you need longer.")
