"""Calls the on-call manager out: armed by the rule on whichever console sees it first, rung by one worker only."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from uuid import UUID, uuid5

from console.domain.board import BoardState
from console.domain.call_outs import SLOT, CallOut, CallOutReason, CallOutState
from console.domain.capacity import Arming, NightRules, to_arm
from console.domain.ids import FACTS
from console.domain.record import Expects, Kind, StreamRef
from console.ports.clock import Alarm, Clock
from console.services.call_facts import Wait
from console.services.folds import Folds
from console.services.link_state import Link
from console.services.seats import Then
from console.services.writing import Outcome, Recording

GOES_ON = timedelta(hours=1)
"""A further ring this soon belongs to the same call-out."""


class CallOuts:
    """One worker's hand on the call-out; ``stream`` gives the shift's."""

    def __init__(
        self,
        recording: Recording,
        folds: Folds,
        clock: Clock,
        alarm: Alarm,
        stream: Callable[[], StreamRef],
        wait: Wait,
        rules: NightRules,
    ) -> None:
        self._recording = recording
        self._folds = folds
        self._clock = clock
        self._alarm = alarm
        self._stream = stream
        self._wait = wait
        self._rules = rules
        self._arming: set[UUID] = set()
        self._again: list[Callable[[], None]] = []

    def newest(self) -> CallOut | None:
        """Return the newest call-out of the shift."""
        found = self._folds.shift(self._stream()).call_outs
        return max(found, key=lambda one: one.armed_at, default=None)

    def open(self) -> CallOut | None:
        """Return the call-out that a further ring belongs to: one that nobody comes for yet."""
        newest = self.newest()
        if newest is None or newest.coming or self._clock.now() - newest.last_at >= GOES_ON:
            return None
        return newest

    def unanswered(self) -> CallOut | None:
        """Return the call-out that was rung and of which nobody has said yet what came of it."""
        newest = self.newest()
        return newest if newest is not None and newest.state is CallOutState.RUNG else None

    # --- by rule ------------------------------------------------------------------------------

    def board_made(self, board: BoardState) -> None:
        """Arm where the rule asks for it; give :meth:`Board.watch` this."""
        shift = self._folds.shift(self._stream())
        arming = to_arm(board.night.asked, shift.call_outs, self._rules, self._clock.now())
        if arming is None:
            return
        identity = arming_id(arming)
        if identity not in self._arming and not self._folds.ledger.holds(identity):
            self._arming.add(identity)
            # Whoever is silent longest finds it written already: one entry, whoever sees it.
            self._alarm.after(self._wait(), partial(self._arm, arming, identity))

    def _arm(self, arming: Arming, identity: UUID) -> None:
        self._arming.discard(identity)
        if self._folds.ledger.holds(identity):
            return
        body = {"state": CallOutState.ARMED.value, "why": arming.why.value, "about": arming.about}
        self._recording.record(
            self._recording.entry(Kind.SHIFT_CALL_OUT, self._stream(), body, slot=SLOT, identity=identity)
        )

    # --- by hand ------------------------------------------------------------------------------

    def ring(self, name: str, then: Then) -> None:
        """Say that ``name`` is rung now, before it is done; ``then`` hears whether it is this worker who rings.

        While the record is away it is written here and shared later: a caller who waits is worth a second ring.
        """
        going_on = self.open()
        body: dict[str, object] = {"state": CallOutState.RUNG.value, "name": name}
        body |= {"of": going_on.entry} if going_on is not None else {"why": CallOutReason.BY_HAND.value}
        stream = self._stream()
        if self._folds.ledger.link.link is Link.AWAY:
            self._recording.record(self._recording.entry(Kind.SHIFT_CALL_OUT, stream, body, slot=SLOT))
            then(Outcome(won=True, in_doubt=True))
            return
        head = self._folds.ledger.shared_head(stream, SLOT)
        entry = self._recording.entry(Kind.SHIFT_CALL_OUT, stream, body, slot=SLOT, expects=Expects(head))
        self._recording.exclusive(entry, partial(self._answered, name, head, then))

    def ask(self) -> None:
        """Arm it by hand: whoever has a caller asks the others to ring."""
        going_on = self.open()
        if going_on is not None and going_on.state in (CallOutState.ARMED, CallOutState.RUNG):
            return
        body = {"state": CallOutState.ARMED.value, "why": CallOutReason.BY_HAND.value}
        self._recording.record(self._recording.entry(Kind.SHIFT_CALL_OUT, self._stream(), body, slot=SLOT))

    def _answered(self, name: str, head: UUID | None, then: Then, outcome: Outcome) -> None:
        if outcome.won or not outcome.by:
            then(outcome)
            return

        def look() -> None:
            """Once what came first is read: an arming by the rule is nobody's ring."""
            newest = self.newest()
            if self._folds.ledger.shared_head(self._stream(), SLOT) == head:
                self._again.append(look)
            elif newest is not None and newest.state is CallOutState.ARMED:
                self.ring(name, then)
            else:
                then(outcome)

        self._again.append(look)
        self.record_changed()

    def record_changed(self, _: object = None) -> None:
        """Look again at what waited for the record; for ``Ledger.subscribe``."""
        waiting, self._again = self._again, []
        for look in waiting:
            look()

    def failed(self) -> None:
        """Take this worker's last ring back: nothing was dialled, so nobody is to wait for an answer."""
        rung = self.unanswered()
        if rung is not None and rung.rung_by == self._recording.who.worker:
            self.said(CallOutState.FAILED)

    def said(self, answer: CallOutState) -> bool:
        """Write what came of the last ring; False where nobody was rung."""
        rung = self.unanswered()
        if rung is None:
            return False
        stream = self._stream()
        body = {"state": answer.value, "of": rung.entry}
        head = self._folds.ledger.head(stream, SLOT)
        self._recording.record(self._recording.entry(Kind.SHIFT_CALL_OUT, stream, body, slot=SLOT, replaces=head))
        return True


def arming_id(arming: Arming) -> UUID:
    """Return the id of an arming by rule: the same on every console, so that it is written once."""
    return uuid5(FACTS, f"call out\n{arming.why.value}\n{arming.about}")
