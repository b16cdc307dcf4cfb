"""The simulated switchboard at work: one thread plays the script and carries out what consoles ask.

Everything that changes the exchange happens on that thread, so every console hears the same
facts in the same order.  Consoles and controls only leave a request and wake it.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from console.domain.call_events import LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import Action, ActionAnswer, Answer
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.simulator import mapping
from telephony_adapters.simulator.desk import Desk
from telephony_adapters.simulator.exchange import Exchange
from telephony_adapters.simulator.live import Facts
from telephony_adapters.simulator.night import Night
from telephony_adapters.simulator.playhead import Playhead
from telephony_adapters.simulator.settings import Times
from telephony_adapters.simulator.steps import Happening, Script, Step, SwitchboardBack, SwitchboardLost
from telephony_adapters.simulator.timing import ScriptClock

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
    0 leaves starting it to a control.  ``people`` says whether somebody plays the desk lines, so
    that lines marked ``otherwise`` are left out.
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
        self._clock = clock or ComputerClock()
        self._times = times
        self._waits_for = waits_for
        self._opened_at = self._clock.now()
        lines = tuple(h for h in script.happenings if earlier or h.at >= script.opens)
        self.night = Night(lines, script.opens, self._clock, speed)
        boot = f"sim-{self._opened_at:%Y%m%dT%H%M%S%f}" if times is Times.NOW else "sim"
        self.exchange = Exchange(boot, dict(script.phones))
        self._guard = threading.Lock()
        self._desks: tuple[Desk, ...] = ()
        self._listeners: tuple[Listener, ...] = ()
        self._lost = False
        self._thread: threading.Thread | None = None

    def attach(self) -> Desk:
        """Return a switchboard for one more console; its ``stop`` leaves the others alone."""
        return Desk(self)

    def start(self) -> None:
        """Start the thread; harmless when it runs.  One that was closed stays closed."""
        with self._guard:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="nd-simulator", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """End the thread within 2 s; nothing is reported after it returns."""
        self.night.end()
        with self._guard:
            thread, desks = self._thread, self._desks
        if thread is not None and thread is not threading.current_thread():
            thread.join(2.0)
        for desk in desks:
            desk.silence()

    def join(self, desk: Desk) -> None:
        """Count a console in and tell it how things are (called by :class:`Desk`)."""
        self.night.request(lambda: self._welcome(desk))
        self.start()

    def leave(self, desk: Desk) -> None:
        """Forget a console (called by :class:`Desk`)."""
        with self._guard:
            self._desks = tuple(d for d in self._desks if d is not desk)

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Carry out a console's request on the switchboard's own thread (called by :class:`Desk`)."""
        if self.night.ended:
            then(NO_WORD)
        else:
            self.night.request(lambda: self._carry_out(action, then))

    def do(self, step: Step) -> None:
        """Let the telephones do something now that stands in no script; callable from any thread."""
        self.night.request(lambda: self._play(Happening(self.night.position(), "telephones", "", (), 0, step)))

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` on the switchboard's thread for every line, just before it is played."""
        with self._guard:
            self._listeners = (*self._listeners, listener)

    def take_away(self, away: bool) -> None:
        """Take the telephones away or bring them back, soon."""
        self.night.request(lambda: self._set_lost(away))

    @property
    def lost(self) -> bool:
        """Say whether the telephones are taken away."""
        return self._lost

    def script_clock(self) -> ScriptClock:
        """Return a clock that tells the script's time, for consoles that should live in its night."""
        return ScriptClock(self.night.position)

    def _run(self) -> None:
        while not self.night.ended:
            work = self.night.next_work(self._play)
            if work is not None:
                work()

    def _play(self, happening: Happening) -> None:
        for listener in self._listeners:
            listener(happening)
        step = happening.step
        if step is None or (happening.otherwise and self.people):
            return
        if isinstance(step, SwitchboardLost | SwitchboardBack):
            self._set_lost(isinstance(step, SwitchboardLost))
            return
        self._tell(mapping.play(self.exchange, step, self._stamp(happening.at)))

    def _carry_out(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        if self._lost:
            then(NO_WORD)
            return
        position = self.night.position()
        done = mapping.perform(self.exchange, action, self._stamp(position))
        if done.later is not None:
            what = type(done.later).__name__
            self.night.insert(Happening(position + OUTSIDE_ANSWERS_AFTER, "telephones", what, (), 0, done.later))
        then(done.answer)
        self._tell(done.facts)

    def _stamp(self, at: datetime) -> datetime:
        if self._times is Times.SCRIPT:
            return at
        if at < self.script.opens:
            return self._opened_at - (self.script.opens - at)
        return self._clock.now()

    def _tell(self, facts: Facts) -> None:
        if self._lost:
            return
        for desk in self._desks:
            desk.tell(facts)

    def _welcome(self, desk: Desk) -> None:
        with self._guard:
            self._desks = (*self._desks, desk)
            enough = 0 < self._waits_for <= len(self._desks)
        self.greet(desk)
        if enough and not self.night.begun:
            self.night.move(Playhead.play)

    def greet(self, desk: Desk) -> None:
        """Tell a console how things are, on the switchboard's own thread (called by :class:`Desk`)."""
        at = self._stamp(self.night.position())
        desk.tell([LinkChanged(at, LinkState.CONNECTING)])
        if self._lost:
            desk.tell([LinkChanged(at, LinkState.LOST, AWAY)])
            return
        connected = LinkChanged(at, LinkState.CONNECTED, boot=self.exchange.boot)
        desk.tell([connected, *self.exchange.snapshot(at, desk.known)])

    def _set_lost(self, lost: bool) -> None:
        if lost is self._lost:
            return
        if lost:
            self._tell([LinkChanged(self._stamp(self.night.position()), LinkState.LOST, AWAY)])
        self._lost = lost
        if not lost:
            for desk in self._desks:
                self.greet(desk)
