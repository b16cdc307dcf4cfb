"""Calls put together from what telephones do, and the facts that come of it; the clock is an argument.

Telephones that begin to ring together for the same caller ring for one call, and so does one that rings on
where another has just given up.  Whoever still rings a moment after somebody answered rings for another
caller of the same number, who becomes a call of their own: a caller may be counted late, never lost.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    EmergencyDialled,
    HoldChanged,
    LegEnd,
    LegEnded,
    NumberLearned,
    PartyJoined,
)
from console.domain.calls import Direction, Presentation
from console.domain.lines import NumberKind, emergency_number, read_number
from telephony_adapters.sip_dialog import outcomes
from telephony_adapters.sip_dialog.callers import Reading, Shown, shown
from telephony_adapters.sip_dialog.document import Dialog
from telephony_adapters.sip_dialog.parts import PATIENCE, STORY_CAP, Part, Phase, Visit, company, rung_by

APART = timedelta(seconds=2)
"""A telephone that still rings so long after somebody answered rings for another caller."""
SETTLE = timedelta(seconds=2)
"""So long it takes to know what a telephone that only is in use is for: another may ring because of it."""
BETWEEN = 200
"""Most callers who are between two telephones; more are nobody's night, and the oldest are let go of."""
_OUTSIDE = "outside"
_NAMES = 20_000
"""Most names of calls and of parts in them that are remembered, so that none is given twice."""
_LONG_ID = 16
"""An id as long as this names one dialog for ever; a shorter one is used again for the next."""


class Visits:
    """The calls of one telephone system."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._facts: list[CallEvent] = []
        self._legs: dict[str, None] = {}
        self._keys: dict[str, None] = {}
        self._pending: deque[Part] = deque()
        self.open: list[Visit] = []

    def take(self) -> list[CallEvent]:
        """Return the facts not yet taken."""
        facts, self._facts = self._facts, []
        return facts

    def new_leg(self, extension: str, identity: str, at: datetime) -> str:
        """Return a name for a telephone's part in a call that no other part ever had or will have."""
        leg = f"{extension}/{identity}"
        if len(identity) < _LONG_ID:
            leg = f"{leg}~{_moment(at)}"
        return _unused(leg, at, self._legs)

    def ring(self, part: Part, dialog: Dialog, at: datetime, placed: Part | None) -> None:
        """A telephone rings; ``placed`` is the part of a telephone of ours that had it rung."""
        who = shown(dialog.remote, self._reading)
        if placed is not None:
            visit = self._placed_visit(part, placed, at)
        else:
            visit = company(self.open, part, dialog.call_id, who, at) or self._inbound(part, dialog, who, at)
        self._alert(visit, part, at)

    def learn(self, part: Part, dialog: Dialog, at: datetime) -> None:
        """A telephone that rings is told who it is that rings, where it was not told at first."""
        visit, who = part.visit, shown(dialog.remote, self._reading)
        if visit is not None and visit.direction is Direction.INBOUND and visit.caller is None and who is not None:
            visit.caller = who
            self._name(visit, at)

    def dial(self, part: Part, dialog: Dialog, at: datetime) -> None:
        """A telephone of ours rings somebody."""
        far = shown(dialog.remote, Reading(self._reading.plan))
        dialled = far.number if far is not None else ""
        rung = rung_by(self.open, part.extension, dialled)
        if rung is not None:
            self._keep_silent(rung, part)
            return
        inside = read_number(dialled, self._reading.plan).kind is NumberKind.EXTENSION
        visit = self._begin(part, dialog.call_id, Direction.INTERNAL if inside else Direction.OUTBOUND, at, dialled)
        visit.parts.append(part)
        number = emergency_number(dialled, self._reading.plan)
        if number:
            self._say(visit, EmergencyDialled(visit.key, at, number, part.extension))

    def wonder(self, part: Part) -> None:
        """A telephone is in use, and nothing says what for: that shows in a moment."""
        self._pending.append(part)

    def answer(self, part: Part, at: datetime) -> None:
        """A telephone that rang is answered, or the one it rang is."""
        visit, dialling = part.visit, part.phase is Phase.DIALS
        part.phase = Phase.TALKS
        if visit is None or part in visit.silent:
            return
        others = any(one.talks for one in visit.parts if one is not part)
        if others and visit.may_part:
            # One call is answered once: this telephone rang for another caller of the same number.
            visit = self._apart(visit, part, at)
        visit.answered, visit.quiet = visit.answered or at, None
        self._name_at_last(visit, at)
        if any(one.talks for one in visit.parts if one is not part):
            self._say(visit, PartyJoined(visit.key, at, part.extension, stamped=False))
            return
        self._say(visit, Answered(visit.key, at, part.leg, self._taker(visit, part, dialling=dialling)))

    def hold(self, part: Part, at: datetime, *, held: bool) -> None:
        """A telephone holds the other side, or takes it back."""
        part.held = held
        if part.visit is not None and not part.visit.over and part not in part.visit.silent:
            self._say(part.visit, HoldChanged(part.visit.key, at, part.extension, held, stamped=False))

    def leave(self, part: Part, last: Dialog | None, at: datetime) -> None:
        """A telephone is out of a call; ``last`` is the notification that said so, None where it was only left out."""
        visit = part.visit
        if visit is None or part in visit.silent:
            self.drop(part)
            return
        outcomes.note(visit, part, last)
        visit.parts.remove(part)
        self._say(visit, LegEnded(visit.key, at, part.leg, part.extension, outcomes.leg_end(visit, part, last)))
        if part.talks and visit.may_part and not any(one.talks for one in visit.parts):
            for other in visit.ringing:
                self._apart(visit, other, at)
            self._end(visit, at)
        elif not visit.parts:
            self._quiet(visit, at)

    def drop(self, part: Part) -> None:
        """Forget a part and tell nobody."""
        if part in self._pending:
            self._pending.remove(part)
        visit, part.visit = part.visit, None
        if visit is not None:
            visit.parts = [one for one in visit.parts if one is not part]
            visit.silent = [one for one in visit.silent if one is not part]

    def drop_empty(self) -> None:
        """Forget the calls that no telephone is in, and tell nobody: a snapshot does not list them."""
        for visit in self.open:
            visit.over = not visit.parts
        self.open = [visit for visit in self.open if visit.parts]

    def tick(self, at: datetime, *, settle: timedelta = SETTLE) -> None:
        """Say what only time can tell; call it often."""
        for visit in tuple(self.open):
            if visit.quiet is not None and at - visit.quiet > PATIENCE:
                self._end(visit, visit.quiet)
            elif visit.answered is not None and visit.may_part and at - visit.answered > APART:
                for part in visit.ringing:
                    self._apart(visit, part, at)
        while self._pending and at - self._pending[0].since >= settle:
            self._in_use(self._pending.popleft())

    # --- putting together ---------------------------------------------------------------------

    def _inbound(self, part: Part, dialog: Dialog, who: Shown | None, at: datetime) -> Visit:
        called = dialog.local.user if dialog.local is not None else ""
        is_line = read_number(called, self._reading.plan).kind is NumberKind.E164
        visit = self._begin(part, dialog.call_id, Direction.INBOUND, at, called if is_line else "", who)
        self._name(visit, at)
        return visit

    def _placed_visit(self, part: Part, placed: Part, at: datetime) -> Visit:
        visit = placed.visit
        if visit is None or visit.over:
            self.drop(placed)
            visit = self._begin(placed, "", Direction.INTERNAL, at, part.extension)
        self._keep_silent(visit, placed)
        return visit

    def _keep_silent(self, visit: Visit, placed: Part) -> None:
        self.drop(placed)
        placed.visit = visit
        visit.silent.append(placed)

    def _in_use(self, part: Part) -> None:
        """Take a telephone that is in use, and rang for nobody, for one that rings out."""
        rung = rung_by(self.open, part.extension)
        if rung is not None:
            self._keep_silent(rung, part)
            return
        visit = self._begin(part, "", Direction.OUTBOUND, part.since)
        visit.parts.append(part)
        visit.answered = part.since
        self._say(visit, Answered(visit.key, part.since, part.leg, _OUTSIDE))
        if part.held:
            self.hold(part, part.since, held=True)

    def _apart(self, visit: Visit, part: Part, at: datetime) -> Visit:
        """Make a telephone's part in a call a call of its own, which began when it began to ring."""
        self._say(visit, LegEnded(visit.key, at, part.leg, part.extension, LegEnd.UNKNOWN))
        self.drop(part)
        part.leg = self.new_leg(part.extension, part.id, at)
        own = self._begin(part, "", Direction.INBOUND, part.since, visit.dialled, visit.caller)
        self._name(own, part.since)
        self._alert(own, part, part.since)
        return own

    # --- telling ------------------------------------------------------------------------------

    def _begin(
        self,
        part: Part,
        call_id: str,
        direction: Direction,
        at: datetime,
        dialled: str = "",
        who: Shown | None = None,
    ) -> Visit:
        placed_by = "" if direction is Direction.INBOUND else part.extension
        key = _unused(call_id or part.leg, at, self._keys)
        visit = Visit(key, direction, at, who, dialled, placed_by, call_id)
        part.visit = visit
        self.open.append(visit)
        self._say(visit, CallBegan(visit.key, at, direction, dialled, placed_by, assumed=True))
        return visit

    def _alert(self, visit: Visit, part: Part, at: datetime) -> None:
        part.visit = visit
        visit.parts.append(part)
        visit.rang, visit.quiet = at, None
        self._say(visit, Alerting(visit.key, at, part.leg, part.extension))

    def _name(self, visit: Visit, at: datetime) -> None:
        who = visit.caller
        if who is not None:
            self._say(visit, NumberLearned(visit.key, at, who.number, who.name, who.presentation, settled=True))

    def _name_at_last(self, visit: Visit, at: datetime) -> None:
        """Nobody will say any more who it is: what tells of a call that was answered names no caller."""
        if visit.caller is None and visit.direction is Direction.INBOUND:
            visit.caller = Shown("", "", Presentation.UNKNOWN, ("", ""))
            self._name(visit, at)

    def _taker(self, visit: Visit, part: Part, *, dialling: bool) -> str:
        if not dialling:
            return part.extension
        return visit.dialled if visit.direction is Direction.INTERNAL else _OUTSIDE

    def _quiet(self, visit: Visit, at: datetime) -> None:
        if not visit.may_part:
            self._end(visit, at)
            return
        visit.quiet = at
        between = [one for one in self.open if one.quiet is not None]
        for one in between[:-BETWEEN]:
            self._end(one, at)

    def _end(self, visit: Visit, at: datetime) -> None:
        if visit.over:
            return
        visit.over = True
        self.open.remove(visit)
        self._say(visit, CallEnded(visit.key, at, outcomes.outcome(visit), visit.ended_by))

    def _say(self, visit: Visit, fact: CallEvent) -> None:
        if len(visit.story) < STORY_CAP:
            visit.story.append(fact)
        self._facts.append(fact)


def _moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _unused(name: str, at: datetime, used: dict[str, None]) -> str:
    """Return ``name``, or where it was given before one like it, and remember it."""
    name = f"{name}~{_moment(at)}" if name in used else name
    while name in used:
        name += "+"
    used[name] = None
    if len(used) > _NAMES:
        del used[next(iter(used))]
    return name
