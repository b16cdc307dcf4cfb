"""What a witness does for consoles that have no way to the switchboard: takes what is asked, asks, and says what came.

Any number of witnesses may be asked; the record lets one take each request, so there is no leader to be missed
(decision 0042).  It acts for the telephone that the asker is signed in with, and for no other.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Protocol
from uuid import UUID

from console.domain.asks import SLOT, Ask, AskState, ask_slot, fold_ask
from console.domain.items import Item
from console.domain.lines import DialPlan, emergency_number
from console.domain.record import Expects, Kind, StreamKind, StreamRef
from console.ports.clock import Alarm, Clock
from console.ports.runner import Inbox
from console.ports.switchboard import DIALS, SUPERVISION, Act, Action, ActionAnswer, Answer, Capabilities
from console.services.folds import Replica
from console.services.writing import Outcome, Recording

_log = logging.getLogger(__name__)
PERFORM = 8.0
"""Seconds a switchboard may take over its word on a request."""
HOLDERS = 1_000
"""Most telephones of which is remembered who sat there."""
KEPT = timedelta(minutes=10)
"""How long it is remembered that a request was dealt with."""
THROUGH_A_WITNESS = frozenset(Act) - SUPERVISION - {Act.DTMF}
"""What may be asked.  Not supervision: that its role may, is for the supervisor's own console to be asked.  Nor keys
on the line, which may be somebody's secret: a request stands in the record."""
EMERGENCY = "Ring it on your own handset: nothing dials an emergency number for you.  Nothing was dialled."
NOT_YOURS = "That telephone is not the one you are signed in with.  Nothing was done."
NOT_THROUGH = "That cannot be asked through a witness.  Nothing was done."
NO_WORD = "No confirmation from the telephone system: it may still happen.  Look at your telephone."
_SAID = {
    Answer.ACCEPTED: AskState.ACCEPTED,
    Answer.REFUSED: AskState.REFUSED,
    Answer.UNSUPPORTED: AskState.UNSUPPORTED,
    Answer.NO_ANSWER: AskState.NO_ANSWER,
}


class Board(Protocol):
    """What is asked of a switchboard here."""

    def capabilities(self) -> Capabilities:
        """Return what it can do."""

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Ask it; ``then`` is called once, from any thread."""


@dataclass(frozen=True, slots=True)
class ActsParts:
    """What it acts with.

    ``provider_call`` gives the id by which the switchboard spoke last of a call of ours; ``recording`` is that of the
    witness's page of the day.
    """

    board: Board
    inbox: Inbox
    alarm: Alarm
    clock: Clock
    plan: DialPlan
    provider_call: Callable[[UUID], str]
    recording: Callable[[], Recording]


class WitnessActs:
    """Outlives the pages of its witness; each page hands it its ledger and its recorder."""

    def __init__(self, parts: ActsParts) -> None:
        self._parts = parts
        self._holders: dict[tuple[StreamRef, str], tuple[int, str]] = {}
        self._dealt: dict[UUID, datetime] = {}

    @property
    def acts(self) -> tuple[str, ...]:
        """Return what it carries out, as its sign of life says it."""
        return tuple(sorted(self._parts.board.capabilities().acts & THROUGH_A_WITNESS))

    @property
    def anybody(self) -> bool:
        """Say whether somebody is signed in with a telephone, so that it matters whether this is heard."""
        return any(worker for _, worker in self._holders.values())

    def record_moved(self, streams: frozenset[StreamRef], replica: Replica) -> None:
        """Look at what is new in the record."""
        for stream in streams:
            if stream.kind is StreamKind.SHIFT:
                self._look(replica.items(stream))

    def forget(self, now: datetime) -> None:
        """Let go of what was dealt with long ago, and of who sat where in shifts long over."""
        self._dealt = {ask: at for ask, at in self._dealt.items() if now - at < KEPT}
        newest = sorted(self._holders.items(), key=lambda held: held[1][0])[-HOLDERS:]
        self._holders = dict(newest)

    def _look(self, items: tuple[Item, ...]) -> None:
        asks: dict[str, list[Item]] = {}
        for item in items:
            if item.seq and item.slot.startswith(SLOT):
                asks.setdefault(item.slot, []).append(item)
            elif item.seq and item.kind in (Kind.SHIFT_SIGNED_IN, Kind.SHIFT_SIGNED_OUT):
                self._sits(item)
        for made in map(fold_ask, asks.values()):
            if made is not None and made.state is AskState.ASKED:
                self._asked(made)

    def _sits(self, item: Item) -> None:
        """Note who has a telephone: slot and author say it, which every log-in may read."""
        key = item.stream, item.slot
        if item.seq > self._holders.get(key, (0, ""))[0]:
            self._holders[key] = item.seq, item.author if item.kind is Kind.SHIFT_SIGNED_IN else ""

    def _asked(self, ask: Ask) -> None:
        now = self._parts.clock.now()
        if ask.id in self._dealt or not ask.fresh(now):
            return
        self._dealt[ask.id] = now
        recording, expects = self._parts.recording(), Expects(ask.head)
        entry = recording.entry(
            Kind.SHIFT_ASK_ANSWERED, ask.stream, {"state": AskState.TAKEN.value}, slot=ask_slot(ask.id), expects=expects
        )  # fmt: skip
        recording.exclusive(entry, partial(self._taken, ask, entry.id))

    def _taken(self, ask: Ask, taken: UUID, outcome: Outcome) -> None:
        """Do it, if it is ours to do: another may have been first, or nobody may know."""
        if not outcome.won:
            return
        refused = self._refusal(ask)
        if refused is not None:
            self._say(ask, taken, refused)
            return
        once = _Once(partial(self._say, ask, taken))
        self._parts.alarm.after(PERFORM, partial(once, ActionAnswer(Answer.NO_ANSWER, NO_WORD)))
        provider = self._parts.provider_call(ask.call) if ask.call is not None else ""
        action = Action(Act(ask.act), ask.extension, ask.call, provider, ask.target, ask.reason)
        self._parts.board.perform(action, lambda answer: self._parts.inbox.post(partial(once, answer)))

    def _refusal(self, ask: Ask) -> ActionAnswer | None:
        if ask.act not in {act.value for act in THROUGH_A_WITNESS}:
            return ActionAnswer(Answer.UNSUPPORTED, NOT_THROUGH)
        _, holder = self._holders.get((ask.stream, f"extension:{ask.extension}"), (0, ""))
        if not ask.extension or holder != ask.worker:
            return ActionAnswer(Answer.REFUSED, NOT_YOURS)
        if Act(ask.act) in DIALS and emergency_number(ask.target, self._parts.plan):
            return ActionAnswer(Answer.REFUSED, EMERGENCY)
        if ask.fresh(self._parts.clock.now()):
            return None
        return ActionAnswer(Answer.NO_ANSWER, "It came too late to be done.  Nothing was done.")

    def _say(self, ask: Ask, taken: UUID, answer: ActionAnswer) -> None:
        body = {"state": _SAID[answer.answer].value, "sentence": answer.sentence}
        _log.info("carried out a request: %s, %s", ask.act, answer.answer.value)
        recording = self._parts.recording()
        answered = recording.entry(Kind.SHIFT_ASK_ANSWERED, ask.stream, body, slot=ask_slot(ask.id), replaces=taken)
        recording.record(answered)


class _Once:
    """The first answer counts: the switchboard's, or that none came."""

    def __init__(self, then: Callable[[ActionAnswer], None]) -> None:
        self._then: Callable[[ActionAnswer], None] | None = then

    def __call__(self, answer: ActionAnswer) -> None:
        then, self._then = self._then, None
        if then is not None:
            then(answer)
