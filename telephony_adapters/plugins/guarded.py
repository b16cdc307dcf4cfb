"""Keeps a plug-in's switchboard from harming the console: nothing it does is waited for, raised, or believed unread.

It lives on a thread of its own from its ``connect`` on.  What it says is taken only where it is a fact; what floods, or
says nonsense, is taken off, in a sentence where the telephones' state stands.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from queue import SimpleQueue
from typing import cast

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.dialling import KEYS_SENTENCE, no_emergency_keys
from console.domain.lines import USUAL, DialPlan, emergency_number
from console.domain.text import safe_line
from console.ports.clock import Clock
from console.ports.switchboard import (
    DIALS,
    Act,
    Action,
    ActionAnswer,
    Answer,
    Capabilities,
    Sink,
    SinkFull,
    Switchboard,
)
from telephony_adapters.plugins.loading import Plugin, are_capabilities
from telephony_adapters.plugins.soundness import sound_fact, sound_text

log = logging.getLogger(__name__)
ANSWER_WITHIN = 10.0
"""Seconds a plug-in may take over the answer to a request."""
FIRST_WORD_WITHIN = 15.0
"""Seconds until it must have said anything of its connection."""
STOP_WITHIN = 2.0
NONSENSE_AT_MOST = 20
"""How often it may say what is no fact."""
LINKS_AT_MOST, LINKS_WITHIN = 60, 60.0
"""How often its connection may change in so many seconds."""
UNHEEDED_AT_MOST = 1_000
"""Facts it may say on after it was told that no more can be taken."""
REMARKS_AT_MOST, REMARK_CAP = 20, 600
"""So many of its remarks about rights and settings are shown, of so many characters each."""
_UNDONE = "Nothing was done.  Use your telephone."
_NEVER_ASKED = "This was not asked of it, and will not be."
_MAY_STILL = "What you asked may still happen."
_DOORS = ("capabilities", "start", "stop", "perform")
_EMERGENCY = "Ring it on your own handset: the console never dials an emergency number.  Nothing was dialled."
Then = Callable[[ActionAnswer], None]


class Guarded:
    """A ``Switchboard`` around a plug-in's; ``make`` connects to it, by ``plan`` its site dials, where that is told."""

    def __init__(
        self,
        make: Callable[[], object],
        plugin: Plugin,
        declared: Capabilities,
        clock: Clock,
        plan: DialPlan | None = None,
    ) -> None:
        # Its settings may say nothing of how its site dials: what goes before a number everywhere is seen through then.
        self._plans = (USUAL,) if plan is None else (USUAL, plan)
        self._make = make
        self._plugin = plugin
        self._declared = declared
        self._clock = clock
        self._life: _Life | None = None
        self._off = ""

    def capabilities(self) -> Capabilities:
        """Return what it said last it can do."""
        return self._life.can if self._life is not None else self._declared

    def start(self, sink: Sink) -> None:
        """Connect to it, on its own thread; one that was taken off stays so, in the same sentence."""
        if self._life is not None:
            return
        if self._off:
            sink(LinkChanged(self._clock.now(), LinkState.REFUSED, self._off))
            return
        self._life = _Life(self._plugin, self._declared, self._clock, sink)
        self._life.begin(self._make)

    def stop(self) -> None:
        """Let go of it: no event after this returns, whether it ends or not."""
        life, self._life = self._life, None
        if life is not None:
            life.end()
            self._off = life.off

    def perform(self, action: Action, then: Then) -> None:
        """Ask it; where it does not answer, the answer is given for it."""
        dialled = (action.extension, action.target) if action.act in DIALS else (action.extension,)
        if any(emergency_number(one, plan) for one in dialled for plan in self._plans):
            then(ActionAnswer(Answer.REFUSED, _EMERGENCY))
        elif action.act is Act.DTMF and any(no_emergency_keys(action.target, plan) for plan in self._plans):
            then(ActionAnswer(Answer.REFUSED, KEYS_SENTENCE))
        elif self._life is None:
            then(ActionAnswer(Answer.NO_ANSWER, self._off or _UNDONE))
        else:
            self._life.ask(action, then)


class _Life:
    """One connection to a plug-in, from ``start`` to ``stop``."""

    def __init__(self, plugin: Plugin, declared: Capabilities, clock: Clock, sink: Sink) -> None:
        self.can = declared
        self.off = ""
        self._plugin = plugin
        self._clock = clock
        self._sink: Sink | None = sink
        self._guard = threading.RLock()
        self._inner: Switchboard | None = None
        self._work: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        self._first_word = _later(FIRST_WORD_WITHIN, self._look_for_a_word)
        self._links: deque[float] = deque()
        self._nonsense = self._unheeded = 0
        self._missed = False

    def begin(self, make: Callable[[], object]) -> None:
        """Connect, on the plug-in's own thread."""
        self._tell(LinkChanged(self._clock.now(), LinkState.CONNECTING))
        self._work.put(lambda: self._begin(make))
        threading.Thread(target=self._run, name=f"nd-plugin-{self._plugin.key}", daemon=True).start()

    def end(self) -> None:
        """Hear nothing more, and give it a moment to end."""
        with self._guard:
            self._sink = None
            inner, self._inner = self._inner, None
        self._first_word.cancel()
        self._work.put(None)
        if inner is not None:
            self._end(inner).join(STOP_WITHIN)

    def ask(self, action: Action, then: Then) -> None:
        """Put a request to it, and answer for it where it does not."""
        once = _Once(then, self._silent())
        self._work.put(lambda: self._ask(action, once))

    # --- on the plug-in's thread --------------------------------------------------------------

    def _run(self) -> None:
        while (work := self._work.get()) is not None:
            work()

    def _begin(self, make: Callable[[], object]) -> None:
        try:
            inner = make()
            if not all(callable(getattr(inner, door, None)) for door in _DOORS):
                raise TypeError  # noqa: TRY301  one sentence for all that goes wrong here
            made = cast("Switchboard", inner)
            with self._guard:
                if self._sink is None:
                    return
                self._inner = made
            made.start(self._hear)
            self._ask_what_it_can()
        except BaseException as error:  # whatever it raises, the console goes on
            self._take_off(f"could not be started ({type(error).__name__})")

    def _ask(self, action: Action, once: _Once) -> None:
        inner = self._inner
        if inner is None:
            once(ActionAnswer(Answer.NO_ANSWER, self.off or _UNDONE))
            return
        if not once.begins():
            return
        try:
            inner.perform(action, once)
        except BaseException as error:
            log.warning("the telephony plug-in %s raised %s over a request", self._plugin.key, type(error).__name__)
            once(once.unsure)

    def _ask_what_it_can(self) -> None:
        inner = self._inner
        if inner is None:
            return
        try:
            found = inner.capabilities()
        except BaseException as error:
            self._take_off(f"could not say what it can do ({type(error).__name__})")
            return
        if are_capabilities(found):
            self.can = Capabilities(
                found.acts,
                dict(found.why_not),
                is_fake=self.can.is_fake or found.is_fake,
                by_word=found.by_word,
                remarks=tuple(safe_line(one, REMARK_CAP) for one in found.remarks[:REMARKS_AT_MOST]),
                other_side=safe_line(found.other_side, REMARK_CAP),
            )
        else:
            self._take_off("said what it can do in no form that can be read")

    # --- what it says, from whatever thread ---------------------------------------------------

    def _hear(self, said: CallEvent) -> None:
        """Take one fact.  Raises :class:`SinkFull`."""
        # Not under the lock: to look at what it says may run code of its own, for as long as that likes.
        fact = sound_fact(said)
        with self._guard:
            if self._sink is None or self.off:
                return
            if fact is None:
                self._hear_nonsense()
            elif isinstance(fact, LinkChanged):
                self._hear_link(fact)
            else:
                self._hear_fact(fact, self._sink)

    def _hear_nonsense(self) -> None:
        self._nonsense += 1
        if self._nonsense == 1:
            log.warning("the telephony plug-in %s said something that is no fact", self._plugin.key)
        if self._nonsense > NONSENSE_AT_MOST:
            self._take_off("said again and again what is no fact of a call")

    def _hear_link(self, said: LinkChanged) -> None:
        now = self._clock.monotonic()
        self._links.append(now)
        while self._links[0] < now - LINKS_WITHIN:
            self._links.popleft()
        if len(self._links) > LINKS_AT_MOST:
            self._take_off(f"changed its connection more than {LINKS_AT_MOST} times in a minute")
            return
        if said.state is LinkState.CONNECTED:
            self._missed, self._unheeded = False, 0
        self._tell(said)
        self._work.put(self._ask_what_it_can)

    def _hear_fact(self, said: CallEvent, sink: Sink) -> None:
        """Hand it on; after one that was not taken none is, until the plug-in has connected anew."""
        if not self._missed:
            try:
                sink(said)
            except SinkFull:
                self._missed = True
            else:
                return
        self._unheeded += 1
        if self._unheeded > UNHEEDED_AT_MOST:
            self._take_off("told more than this console can follow, and went on when it was told so")
            return
        raise SinkFull

    def _look_for_a_word(self) -> None:
        with self._guard:
            if not self._links and not self.off:
                self._tell(LinkChanged(self._clock.now(), LinkState.LOST, self._silent()))

    # --- ending -------------------------------------------------------------------------------

    def _take_off(self, why: str) -> None:
        """Hear nothing more of it until the console is started again, and say so where the telephones' state stands."""
        with self._guard:
            if self.off or self._sink is None:
                return
            self.off = str(self._plugin.broken(why))
            self.can = Capabilities(frozenset(), dict.fromkeys(Act, self.off), self.can.is_fake)
            log.error("the telephony plug-in %s was taken off: it %s", self._plugin.key, why)
            self._tell(LinkChanged(self._clock.now(), LinkState.REFUSED, self.off))
            inner, self._inner = self._inner, None
        if inner is not None:
            self._end(inner)

    def _end(self, inner: Switchboard) -> threading.Thread:
        def end() -> None:
            try:
                inner.stop()
            except BaseException as error:
                log.warning("the telephony plug-in %s raised %s at its end", self._plugin.key, type(error).__name__)

        thread = threading.Thread(target=end, name=f"nd-plugin-end-{self._plugin.key}", daemon=True)
        thread.start()
        return thread

    def _tell(self, link: LinkChanged) -> None:
        if self._sink is not None:
            self._sink(link)

    def _silent(self) -> str:
        return f"The switchboard plug-in {self._plugin.words} does not answer.  Look at your telephone, and use it."


class _Once:
    """Hands on the first answer; a plug-in may give two, from two threads, or none within :data:`ANSWER_WITHIN`."""

    def __init__(self, then: Then, silent: str) -> None:
        self.unsure = ActionAnswer(Answer.NO_ANSWER, f"{silent}  {_MAY_STILL}")
        self._then: Then | None = then
        self._instead = ActionAnswer(Answer.NO_ANSWER, f"{silent}  {_NEVER_ASKED}")
        self._guard = threading.Lock()
        self._timer = _later(ANSWER_WITHIN, self._too_late)

    def begins(self) -> bool:
        """Say whether it may still be asked: what was answered for the plug-in must not be done behind that answer."""
        with self._guard:
            self._instead = self.unsure
            return self._then is not None

    def __call__(self, answer: ActionAnswer) -> None:
        told = _sound_answer(answer) or self.unsure
        with self._guard:
            then, self._then = self._then, None
        self._timer.cancel()
        if then is not None:
            then(told)

    def _too_late(self) -> None:
        with self._guard:
            then, self._then = self._then, None
            instead = self._instead
        if then is not None:
            then(instead)


def _sound_answer(said: object) -> ActionAnswer | None:
    if not isinstance(said, ActionAnswer):
        return None
    answer: object = said.answer
    sentence = sound_text(said.sentence)
    return ActionAnswer(answer, sentence) if isinstance(answer, Answer) and sentence is not None else None


def _later(seconds: float, act: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, act)
    timer.daemon = True
    timer.start()
    return timer
