"""The simulated switchboard at work: one thread plays the script and carries out what consoles ask.

Everything that changes the exchange happens on that thread, so every console hears the same
facts in the same order.  Consoles and controls only leave a request and wake it.
"""

from __future__ import annotations

import logging
import threading
from bisect import insort
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from console.domain.call_events import LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import Action, ActionAnswer, Answer
from telephony_adapters.simulator import mapping
from telephony_adapters.simulator.desk import Desk
from telephony_adapters.simulator.exchange import Exchange, Facts
from telephony_adapters.simulator.playhead import Playhead
from telephony_adapters.simulator.settings import Times
from telephony_adapters.simulator.steps import Happening, Script, Step, SwitchboardBack, SwitchboardLost
from telephony_adapters.simulator.timing import ComputerClock, ScriptClock

_log = logging.getLogger(__name__)
OUTSIDE_ANSWERS_AFTER = timedelta(seconds=4)
"""How long an outside telephone rings when a console dials it."""
AWAY = (
    "The telephones are away. Calls go on at the handsets and notes are kept; "
    "answer on the handset until the telephones are back."
)
NO_WORD = ActionAnswer(Answer.NO_ANSWER, "The telephones are away. Use your handset.")
Listener = Callable[[Happening], None]


class SimulatedSwitchboard:
    """One script, one exchange, any number of consoles.

    ``clock`` gives the steady count that paces the script and, for ``Times.NOW``, the time that
    events carry.  ``waits_for`` consoles must be connected before the script starts by itself;
    0 leaves starting it to :meth:`play`.  ``people`` says whether somebody plays the desk lines,
    so that lines marked ``otherwise`` are left out.
    """

    def __init__(
        self,
        script: Script,
        clock: Clock | None = None,
        *,
        speed: float = 1.0,
        times: Times = Times.NOW,
        earlier: bool = True,
        waits_for: int = 1,
        people: bool = False,
    ) -> None:
        """Prepare; nothing plays yet."""
        self.script = script
        self.people = people
        self.clock = clock or ComputerClock()
        self._times = times
        self._waits_for = waits_for
        self._wake = threading.Condition()
        steady = self.clock.monotonic()
        self._head = Playhead(script.opens, steady).at_speed(steady, speed)
        self._ahead = [h for h in script.happenings if earlier or h.at >= script.opens]
        self._opened_at = self.clock.now()
        boot = f"sim-{self._opened_at:%Y%m%dT%H%M%S%f}" if times is Times.NOW else "sim"
        self.exchange = Exchange(boot, dict(script.phones))
        self._desks: tuple[Desk, ...] = ()
        self._requests: deque[Callable[[], None]] = deque()
        self._listeners: tuple[Listener, ...] = ()
        self._begun = False
        self._lost = False
        self._ending = False
        self._thread: threading.Thread | None = None

    # What consoles use

    def attach(self) -> Desk:
        """Return a switchboard for one more console; its ``stop`` leaves the others alone."""
        return Desk(self)

    def join(self, desk: Desk) -> None:
        """Count a console in and tell it how things are (called by :class:`Desk`)."""
        self.request(lambda: self._welcome(desk))
        self.start()

    def leave(self, desk: Desk) -> None:
        """Forget a console (called by :class:`Desk`)."""
        with self._wake:
            self._desks = tuple(d for d in self._desks if d is not desk)

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Carry out a console's request on the switchboard's own thread."""
        self.request(lambda: self._carry_out(action, then))

    # What controls use

    def start(self) -> None:
        """Start the thread; harmless when it runs."""
        with self._wake:
            if self._thread is None:
                self._ending = False
                self._thread = threading.Thread(target=self._run, name="nd-simulator", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread within 2 s; nothing is reported after it returns."""
        with self._wake:
            thread, self._thread = self._thread, None
            self._ending = True
            self._wake.notify_all()
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)
        for desk in self._desks:
            desk.silence()

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` on the switchboard's thread for every line, just before it is played."""
        with self._wake:
            self._listeners = (*self._listeners, listener)

    def request(self, act: Callable[[], None]) -> None:
        """Run ``act`` on the switchboard's thread, soon and in order."""
        with self._wake:
            self._requests.append(act)
            self._wake.notify_all()

    def move(self, change: Callable[[Playhead, float], Playhead]) -> None:
        """Change the playhead: pause, play, speed, jump.  The first change begins the night."""
        with self._wake:
            self._head = change(self._head, self.clock.monotonic())
            self._begun = True
            self._wake.notify_all()

    def head(self) -> Playhead:
        """Return the playhead as it is."""
        with self._wake:
            return self._head

    def position(self) -> datetime:
        """Return the script's time now, UTC."""
        with self._wake:
            return self._head.at(self.clock.monotonic())

    def script_clock(self) -> ScriptClock:
        """Return a clock that tells the script's time, for consoles that should live in its night."""
        return ScriptClock(self.position)

    def coming(self) -> Happening | None:
        """Return the next line, or None at the end."""
        with self._wake:
            return self._ahead[0] if self._ahead else None

    def idle(self) -> bool:
        """Say whether nothing is due now: the script waits for time, for a control or has ended."""
        with self._wake:
            return not self._requests and self._wait() != 0.0

    def lost(self) -> bool:
        """Say whether the telephones are taken away."""
        return self._lost

    # The thread

    def _run(self) -> None:
        while not self._ending:
            work = self._next()
            if work is not None:
                work()

    def _next(self) -> Callable[[], None] | None:
        with self._wake:
            if self._requests:
                return self._requests.popleft()
            wait = self._wait()
            if wait == 0.0:
                happening = self._ahead.pop(0)
                return lambda: self._play(happening)
            if not self._ending:
                self._wake.wait(wait)
            return None

    def _wait(self) -> float | None:
        """Return the seconds until the next line, None where only a control can bring it."""
        if not (self._begun and self._ahead):
            return None
        return self._head.seconds_until(self.clock.monotonic(), self._ahead[0].at)

    def _play(self, happening: Happening) -> None:
        for listener in self._listeners:
            listener(happening)
        step = happening.step
        if step is None or (happening.otherwise and self.people):
            return
        if isinstance(step, SwitchboardLost | SwitchboardBack):
            self.set_lost(isinstance(step, SwitchboardLost))
            return
        self._tell(mapping.play(self.exchange, step, self._stamp(happening.at)))

    def _carry_out(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        if self._lost:
            then(NO_WORD)
            return
        done = mapping.perform(self.exchange, action, self._stamp(self.position()))
        if done.later is not None:
            self._add(done.later, self.position() + OUTSIDE_ANSWERS_AFTER)
        then(done.answer)
        self._tell(done.facts)

    def _add(self, step: Step, at: datetime) -> None:
        happening = Happening(at, "telephones", type(step).__name__, (), 0, step)
        with self._wake:
            insort(self._ahead, happening, key=lambda h: h.at)

    def _stamp(self, at: datetime) -> datetime:
        if self._times is Times.SCRIPT:
            return at
        if at < self.script.opens:
            return self._opened_at - (self.script.opens - at)
        return self.clock.now()

    def _tell(self, facts: Facts) -> None:
        if self._lost:
            return
        for desk in self._desks:
            desk.tell(facts)

    def _welcome(self, desk: Desk) -> None:
        with self._wake:
            self._desks = (*self._desks, desk)
            due = not self._begun and 0 < self._waits_for <= len(self._desks)
        self._greet(desk)
        if due:
            self.move(Playhead.play)

    def _greet(self, desk: Desk) -> None:
        at = self._stamp(self.position())
        boot = self.exchange.boot
        desk.tell([LinkChanged(at, LinkState.CONNECTING)])
        if self._lost:
            desk.tell([LinkChanged(at, LinkState.LOST, AWAY)])
            return
        known = desk.known
        desk.tell([LinkChanged(at, LinkState.CONNECTED, boot=boot), *self.exchange.snapshot(at, known)])

    def set_lost(self, lost: bool) -> None:
        """Take the telephones away or bring them back; only on the switchboard's thread."""
        if lost is self._lost:
            return
        at = self._stamp(self.position())
        if lost:
            self._tell([LinkChanged(at, LinkState.LOST, AWAY)])
            self._lost = True
            return
        self._lost = False
        for desk in self._desks:
            self._greet(desk)
