"""What was told of calls becomes facts: one telephone's calls, with times as arguments.

Whoever tells us may tell twice, late, or never again.  A call is assumed as long as it lasts; one of which no more is
told ends by itself, and nobody says how (telephony.md 3.1).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    HoldChanged,
    LegEnd,
    LegEnded,
    NumberLearned,
    QueueJoined,
    SnapshotTaken,
)
from console.domain.calls import CallOutcome, Direction, Presentation
from console.ports.switchboard import Act, Action, ActionAnswer, Answer, Capabilities, Sitting
from telephony_adapters.local_pop.message import BadPop, Event, Pop

LIVE_AT_MOST = 100
ENDED_AT_MOST = 500
"""Ids of calls that have ended."""
LATE_S = 5.0
"""So many seconds after its end a word about a call is late, and begins no other."""
FACTS_AT_MOST = 60
BY_WORD = frozenset({Act.ANSWER, Act.HOLD, Act.RESUME, Act.HANG_UP, Act.UNPAUSE})
_BY_HAND = "This telephone is not connected to Nightdesk: do it on the telephone itself. Nothing was done."
_NOT_DIALLED = (
    "This telephone is not connected to Nightdesk, which cannot dial on it. Ring the number by hand; "
    "nothing was dialled."
)
_NOT_PAUSED = "This telephone is not connected to Nightdesk: say it in your telephone program as well."
_WHY_NOT = {
    **dict.fromkeys(Act, _BY_HAND),
    Act.ORIGINATE: _NOT_DIALLED,
    Act.PAUSE: _NOT_PAUSED,
}
CAPABILITIES = Capabilities(BY_WORD, {act: _WHY_NOT[act] for act in Act if act not in BY_WORD}, by_word=True)
_GONE = "No such call is known any more; nothing was changed."
_ACCEPTED = ActionAnswer(Answer.ACCEPTED)

ON_SCREEN = "The call is on the screen."
NUMBER_HIDDEN = "Its number is not shown: unmarked_numbers is hide, and nothing was said of it."
NO_EXTENSION = "No extension was given at the sign-in, so no record opens by itself."
KNOWN = "That was known already; nothing was changed."
ENDED = "The call has ended on the screen."
OVER = "That call had ended before; nothing was changed."
NOT_KNOWN = "The console knows no such call; nothing was changed."
TOO_MANY = "More calls are told of at once than one telephone has; nothing was changed."
ALONE = Sitting("", {}, lambda _: None)


class NotNow(Exception):
    """What was told is right and cannot be taken now; the text is the sentence."""


@dataclass(slots=True)
class Told:
    """One live call: its facts so far, in order, and who rings or talks.

    ``call`` is the id under which it is reported, ``identity`` the sender's (empty where it has none), ``same`` what
    its number is known again by.  ``news`` is a steady count.
    """

    call: str
    identity: str
    same: str
    news: float
    facts: list[CallEvent] = field(default_factory=list)
    known_by: str | None = None
    """The number, or that it is withheld; empty while there is neither, None while nothing was said of it."""
    ringing: set[str] = field(default_factory=set)
    talking: str = ""
    answered: bool = False
    held: bool = False
    left: dict[str, int] = field(default_factory=dict)
    """How often each telephone has gone out of the call."""


class Calls:
    """The calls of one desk, and the facts that reading brought."""

    def __init__(self, ring_ends_s: float, talk_ends_s: float, extension: str = "", *, ends_told: bool = True) -> None:
        self._ring_ends = ring_ends_s
        self._talk_ends = talk_ends_s
        self._extension = extension
        self._ends_told = ends_told
        self._sitting = ALONE
        self._live: dict[str, Told] = {}
        self._ended: dict[str, float] = {}
        self._facts: list[CallEvent] = []

    def sit_down(self, sitting: Sitting) -> None:
        """Take whose desk this is."""
        self._sitting = sitting

    @property
    def sitting(self) -> Sitting:
        """Return whose desk this is."""
        return self._sitting

    @property
    def extension(self) -> str:
        """Return the telephone at this desk, empty where nobody said."""
        return self._extension or self._sitting.extension

    def take_facts(self) -> list[CallEvent]:
        """Return what must be reported now."""
        facts, self._facts = self._facts, []
        return facts

    def all_anew(self, at: datetime) -> Iterable[CallEvent]:
        """Return a list of the calls there are, then all that was told of them: for a console that must begin again."""
        self._facts = []
        yield SnapshotTaken(at, frozenset(self._live))
        for told in self._live.values():
            yield from told.facts

    # --- what programs tell -------------------------------------------------------------------

    def take(self, pop: Pop, now: float, at: datetime) -> str:
        """Take one message; return what came of it, in words.  Raises :class:`BadPop`, :class:`NotNow`."""
        line = self._line(pop.line)
        told = self._find(pop)
        if told is None and pop.identity and now - self._ended.get(pop.identity, -LATE_S) < LATE_S:
            return OVER
        if pop.event is Event.ENDED:
            if told is None:
                raise NotNow(NOT_KNOWN)
            self._end(told, now, at, *self._how_it_ended(told, pop.by))
            return ENDED
        is_new = told is None
        told = told or self._begin(pop, line, now, at)
        told.news = now
        self._learn(told, pop, at)
        extension = pop.extension or self.extension
        rings = pop.event is Event.RINGING
        changed = self._ring(told, extension, at) if rings else self._answer(told, extension, now, at)
        return self._said(pop, extension) if is_new or changed else KNOWN

    def _line(self, line: str) -> str:
        """Return the number dialled: of a line by its key, or as it was sent."""
        lines: Mapping[str, str] = self._sitting.lines
        if not any(map(str.isalpha, line)):
            return line
        if line not in lines:
            known = ", ".join(sorted(lines)) or "none"
            raise BadPop(f"There is no such line here; known are: {known}. Nothing was changed.")
        return lines[line]

    def _find(self, pop: Pop) -> Told | None:
        """Return the live call that a message is about.

        Without an id it is the newest of those without one that has the same number; a number that rings while its
        first call is talked on is a call of its own.
        """
        like = [one for one in self._live.values() if one.identity == pop.identity]
        if not pop.identity:
            rings = pop.event is Event.RINGING
            like = [one for one in like if one.same == pop.same and not (rings and one.answered)]
        return like[-1] if like else None

    def _begin(self, pop: Pop, line: str, now: float, at: datetime) -> Told:
        if len(self._live) >= LIVE_AT_MOST:
            raise NotNow(TOO_MANY)
        # An id that comes again later is another call: some programs count from one.
        fresh = bool(pop.identity) and pop.identity not in self._ended
        call = pop.identity if fresh else f"{pop.identity}~{uuid.uuid4()}".removeprefix("~")
        told = self._live[call] = Told(call, pop.identity, pop.same, now)
        self._say(told, CallBegan(call, at, Direction.INBOUND, line, assumed=True))
        if pop.queue:
            self._say(told, QueueJoined(call, at, pop.queue))
        return told

    def _learn(self, told: Told, pop: Pop, at: datetime) -> None:
        """Say whose call it is, at first and where a later message has the number that was lacking.

        Withheld wins, whenever it is said, until the call ends: the number said before is told to nobody any more.
        """
        withheld = pop.presentation is Presentation.WITHHELD
        now_withheld = withheld and told.known_by != pop.presentation.value
        if now_withheld:
            said = [fact for fact in told.facts if isinstance(fact, NumberLearned)]
            told.facts = [fact for fact in told.facts if fact not in said]
            self._facts = [fact for fact in self._facts if fact not in said]
        if told.known_by is None or now_withheld or (pop.number and not told.known_by):
            told.known_by = pop.number or (pop.presentation.value if withheld else "")
            caller = NumberLearned(
                told.call, at, pop.number, pop.name, pop.presentation, settled=True, diverted_from=pop.diverted_from
            )
            self._say(told, caller)

    def _said(self, pop: Pop, extension: str) -> str:
        remarks = NUMBER_HIDDEN if pop.hidden else "", "" if extension else NO_EXTENSION
        return " ".join(filter(None, (ON_SCREEN, *remarks)))

    def _ring(self, told: Told, extension: str, at: datetime) -> bool:
        if told.answered or not extension or extension in told.ringing:
            return False
        told.ringing.add(extension)
        self._say(told, Alerting(told.call, at, _leg(told, extension), extension))
        return True

    def _answer(self, told: Told, extension: str, now: float, at: datetime) -> bool:
        if not extension or told.talking == extension:
            return False
        for before in [one for one in self._live.values() if one.talking == extension]:
            self._put_by(before, now, at)
        self._ring(told, extension, at)
        for other in sorted(told.ringing - {extension}):
            self._leave(told, other, LegEnd.ANSWERED_ELSEWHERE, at)
        if told.talking:
            # Nothing says how it changed hands: the one before is out of it.
            self._leave(told, told.talking, LegEnd.UNKNOWN, at)
        told.ringing.clear()
        told.talking, told.answered, told.held = extension, True, False
        self._say(told, Answered(told.call, at, _leg(told, extension), extension))
        return True

    def _leave(self, told: Told, extension: str, why: LegEnd, at: datetime) -> None:
        self._say(told, LegEnded(told.call, at, _leg(told, extension), extension, why))
        # Whoever comes back to the call does so on another leg: one that ended stays ended.
        told.left[extension] = told.left.get(extension, 0) + 1

    def _put_by(self, told: Told, now: float, at: datetime) -> None:
        """A telephone talks in one call: the one before is held, or over where no end is ever told."""
        if not self._ends_told:
            self._end(told, now, at, CallOutcome.UNKNOWN, "unknown")
        elif not told.held:
            self._hold(told, at, held=True)

    def _hold(self, told: Told, at: datetime, *, held: bool) -> None:
        told.held = held
        self._say(told, HoldChanged(told.call, at, told.talking, held, stamped=False))

    def _how_it_ended(self, told: Told, by: str) -> tuple[CallOutcome, str]:
        ended_by = {"caller": "caller", "us": told.talking or self.extension}.get(by) or "unknown"
        if told.answered:
            return CallOutcome.ANSWERED, ended_by
        # Who rings off unheard is gone; without that word it may as well have been taken elsewhere.
        return (CallOutcome.ABANDONED if by == "caller" else CallOutcome.UNKNOWN), ended_by

    def _end(self, told: Told, now: float, at: datetime, outcome: CallOutcome, by: str) -> None:
        self._say(told, CallEnded(told.call, at, outcome, by))
        del self._live[told.call]
        if told.identity:
            self._ended.pop(told.identity, None)
            self._ended[told.identity] = now
        while len(self._ended) > ENDED_AT_MOST:
            del self._ended[next(iter(self._ended))]

    def _say(self, told: Told, fact: CallEvent) -> None:
        self._facts.append(fact)
        if len(told.facts) < FACTS_AT_MOST:
            told.facts.append(fact)

    # --- what the worker says -----------------------------------------------------------------

    def act(self, action: Action, now: float, at: datetime) -> ActionAnswer:
        """Take the worker's word for what was done on the telephone; nothing is done to it."""
        if action.act not in BY_WORD:
            return ActionAnswer(Answer.UNSUPPORTED, CAPABILITIES.why_not[action.act])
        if action.act is Act.UNPAUSE:
            # Nothing here was ever paused.
            return _ACCEPTED
        told = self._live.get(action.provider_call)
        own = action.extension
        if told is None or not own or not _fits(action.act, told, own):
            return ActionAnswer(Answer.REFUSED, _GONE)
        told.news = now
        match action.act:
            case Act.ANSWER:
                self._answer(told, own, now, at)
            case Act.HANG_UP:
                self._end(told, now, at, CallOutcome.ANSWERED, own)
            case _:
                self._hold(told, at, held=action.act is Act.HOLD)
        return _ACCEPTED

    # --- silence ------------------------------------------------------------------------------

    def tick(self, now: float, at: datetime) -> None:
        """End the calls of which no more was told for as long as the settings say: nobody knows how they ended."""
        for told in tuple(self._live.values()):
            if now - told.news >= (self._talk_ends if told.answered else self._ring_ends):
                self._end(told, now, at, CallOutcome.UNKNOWN, "unknown")


def _fits(act: Act, told: Told, own: str) -> bool:
    """Say whether somebody at this telephone can have done that."""
    if act is Act.ANSWER:
        return told.talking != own
    return told.talking == own and (act is Act.HANG_UP or told.held is (act is Act.RESUME))


def _leg(told: Told, extension: str) -> str:
    return f"{told.call}/{extension}/{told.left.get(extension, 0)}"
