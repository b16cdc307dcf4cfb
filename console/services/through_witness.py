"""The telephones of a console that has no way to the switchboard: heard, and asked, through the record (decision 0042).

What calls do comes from the facts that witnesses and other consoles write; what the worker wants goes as a request that
one witness takes.  All of it on the services' thread.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from console.domain.asks import AskState, ask_slot, fold_ask
from console.domain.call_aliases import aliases_of
from console.domain.call_events import CallEvent, LinkChanged, LinkState, SnapshotTaken
from console.domain.call_retold import Retelling
from console.domain.ids import new_id
from console.domain.lines import DialPlan, emergency_number
from console.domain.record import Expects, Kind, Role, StreamKind, StreamRef
from console.domain.watches import Watch, WatchState
from console.domain.words import clock_words
from console.ports.clock import Alarm, Clock, Timer
from console.ports.switchboard import DIALS, Act, Action, ActionAnswer, Answer, Capabilities, Sink
from console.services.call_facts import CallFacts
from console.services.folds import Folds
from console.services.ledger import ChangeSet, Ledger
from console.services.link_state import Link
from console.services.witness_acts import EMERGENCY, NOT_THROUGH
from console.services.writing import Outcome, Recording

LOOK = 5.0
"""Seconds between looks whether the way is still there."""
TAKEN_WITHIN = 3.0
"""Seconds after which a request that no witness took is withdrawn."""
OLDEST = timedelta(hours=12)
"""Calls that began longer ago, and of which nobody told the end, are over."""
STILL = (
    "Calls still ring on the telephones: answer on the handset, and begin the record by hand with Ctrl+Shift+N.  Notes "
    "and signals go on."
)
NO_SEAT = "These telephones are heard through the shared record, and nobody is signed in to it here."
NOBODY_TOOK = "No witness took it, and it was withdrawn: nothing was done.  Use your telephone."
NOT_KNOWN = (
    "No confirmation from the telephone system.  It may have been done, or may still happen: look at your telephone."
)
Then = Callable[[ActionAnswer], None]


@dataclass(frozen=True, slots=True)
class Limits:
    """``silent_s``: seconds without a word of any witness after which the way is down; ``answer_s``: for an answer."""

    silent_s: float = 150.0
    answer_s: float = 12.0


@dataclass(frozen=True, slots=True)
class SeatParts:
    """What the seat lends whose telephones these are; ``shift`` is the shift that its worker is signed in to."""

    recording: Recording
    folds: Folds
    ledger: Ledger
    clock: Clock
    alarm: Alarm
    plan: DialPlan
    shift: Callable[[], StreamRef]


class NoFacts(CallFacts):
    """Writes none: what is heard here is in the record already."""

    def hear(self, event: CallEvent, changes: object, book: object, extension: str) -> UUID | None:  # noqa: ARG002  the base class needs them
        """Return our call."""
        provider = str(getattr(event, "call", ""))
        return UUID(provider) if provider else None


class ThroughWitness:
    """Implements :class:`console.ports.switchboard.Switchboard`, for whichever worker sits here."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._seat: _SeatTelephones | None = None
        self._parts: SeatParts | None = None

    def sit(self, parts: SeatParts) -> None:
        """Take the record and the telephone of whoever signs in."""
        self._parts = parts

    def capabilities(self) -> Capabilities:
        """Return what the witnesses say they carry out."""
        return self._seat.capabilities() if self._seat is not None else _none(NO_SEAT)

    def start(self, sink: Sink) -> None:
        """Tell how things are, and all that comes."""
        if self._parts is not None and self._seat is None:
            self._seat = _SeatTelephones(self._parts, self._limits, sink)
            self._seat.begin()

    def stop(self) -> None:
        """Tell nothing more."""
        seat, self._seat = self._seat, None
        if seat is not None:
            seat.end()

    def perform(self, action: Action, then: Then) -> None:
        """Ask a witness."""
        if self._seat is None:
            then(ActionAnswer(Answer.NO_ANSWER, NO_SEAT))
        else:
            self._seat.ask(action, then)


class _SeatTelephones:
    """One worker's telephones, from ``start`` to ``stop``."""

    def __init__(self, parts: SeatParts, limits: Limits, sink: Sink) -> None:
        self._parts = parts
        self._limits = limits
        self._sink: Sink | None = sink
        self._retelling = Retelling()
        self._asked: dict[UUID, _Waiting] = {}
        self._link: tuple[LinkState, str] | None = None
        self._begun = False
        self._heard_at: datetime | None = None
        self._timer: Timer | None = None
        self._leave: Callable[[], None] = _nothing

    def begin(self) -> None:
        """Follow the record."""
        self._leave = self._parts.ledger.subscribe(self._moved)
        self._timer = self._parts.alarm.every(LOOK, self._look)
        self._look()

    def end(self) -> None:
        """Let go of the record; who waits for an answer hears that none is known."""
        self._sink = None
        self._leave()
        if self._timer is not None:
            self._timer.cancel()
        for waiting in tuple(self._asked.values()):
            waiting(ActionAnswer(Answer.NO_ANSWER, NOT_KNOWN))

    # --- the way ------------------------------------------------------------------------------

    def _watches(self) -> tuple[Watch, ...]:
        """Return what each witness said last, in whichever shift: the worker's may be over, and they still here."""
        said: dict[str, Watch] = {}
        for shift in self._parts.ledger.streams(StreamKind.SHIFT):
            for one in self._parts.folds.shift(shift).watches:
                if one.station not in said or said[one.station].at <= one.at:
                    said[one.station] = one
        return tuple(said.values())

    def _alive(self) -> tuple[Watch, ...]:
        after = self._parts.clock.now() - timedelta(seconds=self._limits.silent_s)
        return tuple(one for one in self._watches() if one.state is WatchState.WATCHING and self._last(one) > after)

    def _last(self, watch: Watch) -> datetime:
        return max(watch.at, self._heard_at or watch.at)

    def _why_down(self) -> str:
        """Return why the telephones are not heard, or nothing."""
        link = self._parts.ledger.link
        if link.is_away:
            return f"The shared record is away, and the telephones are heard through it.  {STILL}"
        if link.link is not Link.TOGETHER or self._alive():
            return ""
        watches = self._watches()
        if any(one.state is WatchState.BLIND for one in watches):
            return f"The witness does not hear the telephone system.  {STILL}"
        if not watches:
            return f"No witness has been heard in this shift, and the telephones are heard through it.  {STILL}"
        last = max(map(self._last, watches))
        return f"No witness has been heard since {clock_words(last)}, and the telephones are heard through it.  {STILL}"

    def _look(self) -> None:
        why = self._why_down()
        if self._parts.ledger.link.link is Link.JOINING:
            self._say(LinkState.CONNECTING, "")
        elif why:
            self._say(LinkState.LOST, why)
        elif self._link is None or self._link[0] is not LinkState.CONNECTED:
            self._say(LinkState.CONNECTED, "")
            self._snapshot(self._parts.clock.now())

    def _say(self, state: LinkState, sentence: str) -> None:
        if self._link == (state, sentence):
            return
        self._link = state, sentence
        # The record's ids outlive every run of the switchboard: one run, as far as is seen here.
        self._tell(LinkChanged(self._parts.clock.now(), state, sentence, boot="record"))

    def _tell(self, event: CallEvent) -> None:
        if self._sink is not None:
            self._sink(event)

    # --- calls --------------------------------------------------------------------------------

    def _snapshot(self, now: datetime) -> None:
        """Tell what goes on by now; at the first time nothing of what is over."""
        known = self._parts.folds.call_log()
        live = [one for one in known if one.ended_at is None and one.began is not None and now - one.began < OLDEST]
        ids = frozenset(str(one) for one in {one.id for one in live} - aliases_of(known))
        # The record tells each thing once.  Who hears a call is better shown too long than not at all.
        self._tell(SnapshotTaken(now, ids, frozenset() if self._begun else ids, tells_hearers=False))
        for one in self._parts.ledger.streams(StreamKind.CALL):
            for event in self._retelling.events(self._parts.ledger.items(one)):
                if self._begun or str(one.id) in ids:
                    self._tell(event)
        self._begun = True

    def _moved(self, changes: ChangeSet) -> None:
        for stream in changes.news:
            if stream.kind is StreamKind.CALL:
                self._call_moved(stream)
            elif stream.kind is StreamKind.SHIFT and self._asked:
                self._answered(stream)
        if changes.link_changed or any(stream.kind is StreamKind.SHIFT for stream in changes.news):
            self._look()

    def _call_moved(self, stream: StreamRef) -> None:
        items = self._parts.ledger.items(stream)
        if not items:
            self._retelling.forget(stream.id)
            return
        if items[-1].role is Role.WITNESS and items[-1].stored_at is not None:
            self._heard_at = max(self._heard_at or items[-1].stored_at, items[-1].stored_at)
        if self._begun:
            # Also with no witness heard: what another console wrote down is as true.
            for event in self._retelling.events(items):
                self._tell(event)

    # --- requests -----------------------------------------------------------------------------

    def capabilities(self) -> Capabilities:
        """Return what any witness that is heard carries out."""
        can = {act for one in self._alive() for act in one.acts}
        acts = frozenset(act for act in Act if act.value in can)
        why = NOT_THROUGH if acts else f"No witness carries out requests here.  {STILL}"
        return Capabilities(acts, {act: why for act in Act if act not in acts})

    def ask(self, action: Action, then: Then) -> None:
        """Write the request down, and wait for what comes of it."""
        if action.act in DIALS and emergency_number(action.target, self._parts.plan):
            then(ActionAnswer(Answer.REFUSED, EMERGENCY))
            return
        can = self.capabilities()
        if action.act not in can.acts:
            then(ActionAnswer(Answer.UNSUPPORTED, can.why_not[action.act]))
            return
        ask = new_id(self._parts.clock.now())
        body = {
            "act": action.act.value, "extension": action.extension, "call": str(action.call or ""),
            "target": action.target, "reason": action.reason,
        }  # fmt: skip
        entry = self._parts.recording.entry(
            Kind.SHIFT_ASKED, self._parts.shift(), body, slot=ask_slot(ask), expects=Expects(None)
        )
        waiting = self._asked[ask] = _Waiting(then, partial(self._asked.pop, ask, None), action.extension)
        self._parts.recording.exclusive(entry, partial(self._stands, ask, entry.id, waiting))

    def _stands(self, ask: UUID, head: UUID, waiting: _Waiting, outcome: Outcome) -> None:
        if outcome.in_doubt:
            waiting(ActionAnswer(Answer.NO_ANSWER, NOT_KNOWN))
        elif not outcome.won:
            waiting(ActionAnswer(Answer.REFUSED, outcome.sentence))
        else:
            self._parts.alarm.after(TAKEN_WITHIN, partial(self._withdraw, ask, head, waiting))
            self._parts.alarm.after(
                self._limits.answer_s, partial(waiting, ActionAnswer(Answer.NO_ANSWER, NOT_KNOWN))
            )  # fmt: skip

    def _withdraw(self, ask: UUID, head: UUID, waiting: _Waiting) -> None:
        """Take it back where nobody took it: the record says which, also where a witness takes it in this moment."""
        if waiting.over or waiting.taken:
            return
        entry = self._parts.recording.entry(
            Kind.SHIFT_ASKED, self._parts.shift(), {"withdrawn": True, "extension": waiting.extension},
            slot=ask_slot(ask), expects=Expects(head),
        )  # fmt: skip

        def answered(outcome: Outcome) -> None:
            if outcome.won:
                waiting(ActionAnswer(Answer.NO_ANSWER, NOBODY_TOOK))

        self._parts.recording.exclusive(entry, answered)

    def _answered(self, stream: StreamRef) -> None:
        slots = {ask_slot(ask): waiting for ask, waiting in self._asked.items()}
        items = [item for item in self._parts.ledger.items(stream) if item.slot in slots and item.seq]
        for slot, waiting in slots.items():
            made = fold_ask(item for item in items if item.slot == slot)
            if made is None:
                continue
            waiting.taken = made.state is not AskState.ASKED
            if made.state in _ANSWERS:
                waiting(ActionAnswer(_ANSWERS[made.state], made.sentence))


class _Waiting:
    """Who asked; the first answer counts."""

    def __init__(self, then: Then, over: Callable[[], object], extension: str) -> None:
        self.extension = extension
        self._then: Then | None = then
        self._over = over
        self.taken = False

    @property
    def over(self) -> bool:
        """Say whether it was answered."""
        return self._then is None

    def __call__(self, answer: ActionAnswer) -> None:
        then, self._then = self._then, None
        if then is not None:
            self._over()
            then(answer)


_ANSWERS = {
    AskState.ACCEPTED: Answer.ACCEPTED,
    AskState.REFUSED: Answer.REFUSED,
    AskState.UNSUPPORTED: Answer.UNSUPPORTED,
    AskState.NO_ANSWER: Answer.NO_ANSWER,
}


def _none(why: str) -> Capabilities:
    return Capabilities(frozenset(), dict.fromkeys(Act, why))


def _nothing() -> None:
    """Nothing was followed yet."""
