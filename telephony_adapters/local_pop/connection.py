"""A console that listens to programs at its own desk: one thread, two doors, and no telephone that obeys it."""

from __future__ import annotations

import logging
import secrets
from collections import deque
from collections.abc import Callable
from pathlib import Path
from threading import Event, Lock, Thread

from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import (
    TOO_MUCH,
    Action,
    ActionAnswer,
    Answer,
    Capabilities,
    Sink,
    SinkFull,
    Sitting,
)
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.link.line import REQUESTS, Then, backoff
from telephony_adapters.link.telling import Teller
from telephony_adapters.link.wire import Waker
from telephony_adapters.local_pop import run_file
from telephony_adapters.local_pop.doors import Doors
from telephony_adapters.local_pop.mapping import CAPABILITIES, Calls
from telephony_adapters.local_pop.reception import Reception
from telephony_adapters.local_pop.settings import PopSettings, checked

log = logging.getLogger(__name__)
WAIT_S = 0.5
_STOP_S = 2.0
_AWAY = "Nothing listens to your telephone program now; nothing was changed."
_ELSEWHERE = "Another Nightdesk of this account hears your telephone program already: its console takes the calls."


class PopSwitchboard:
    """What programs at this desk tell (implements ``Switchboard`` and ``AtOneDesk``)."""

    def __init__(self, settings: PopSettings, clock: Clock | None = None) -> None:
        self._settings = settings
        self._clock = clock or ComputerClock()
        self._calls = Calls(
            settings.ring_ends_s, settings.talk_ends_min * 60, settings.extension, ends_told=settings.ends_are_told
        )
        self._reception = Reception(settings, self._calls, self._clock)
        self._boot = secrets.token_hex(8)
        self._teller = Teller()
        self._requests: deque[tuple[Action, Then]] = deque()
        self._lock = Lock()
        self._stopping = Event()
        self._listening = False
        self._waker = Waker()
        self._thread: Thread | None = None
        self._attempt = 0

    def capabilities(self) -> Capabilities:
        """Return that it takes the worker's word, and does nothing to a telephone."""
        return CAPABILITIES

    def sit_down(self, sitting: Sitting) -> None:
        """Take whose desk this is; before ``start``."""
        self._calls.sit_down(sitting)

    def start(self, sink: Sink) -> None:
        """Listen, and go on listening.  Call it once."""
        self._teller.open(sink)
        self._thread = Thread(target=self._run, name="local-pop", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; no fact comes after it."""
        self._stopping.set()
        self._waker.wake()
        if self._thread is not None:
            self._thread.join(_STOP_S)
        else:
            self._waker.close()
        self._teller.close()
        self._refuse_all()

    def perform(self, action: Action, then: Callable[[ActionAnswer], None]) -> None:
        """Take the worker's word; ``then`` comes from this adapter's thread, or at once where nothing listens."""
        with self._lock:
            room = self._listening and len(self._requests) < REQUESTS and not self._stopping.is_set()
            if room:
                self._requests.append((action, then))
        if room:
            self._waker.wake()
        elif action.act in CAPABILITIES.acts:
            then(ActionAnswer(Answer.REFUSED, _AWAY))
        else:
            then(ActionAnswer(Answer.UNSUPPORTED, CAPABILITIES.why_not[action.act]))

    # --- the thread ---------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._tell(LinkChanged(self._clock.now(), LinkState.CONNECTING))
            pause = self._one_stand()
            with self._lock:
                self._listening = False
            self._refuse_all()
            if self._stopping.wait(pause):
                break
        self._waker.close()

    def _one_stand(self) -> float:
        """Listen until told to end, or until it cannot go on; return how long to wait before the next try."""
        doors, running = Doors(self._waker), None
        try:
            running = self._reception.open(doors)
            if running is None:
                return self._lost(_ELSEWHERE)
            self._begin()
            while not self._stopping.is_set():
                self._one_look(doors)
        except OSError as error:
            return self._lost(_cannot_listen(error))
        except SinkFull:
            return self._lost(TOO_MUCH)
        except Exception as error:
            log.exception("a fault while listening to programs at this desk")
            return self._lost(f"Listening to your telephone program was given up ({type(error).__name__}).")
        finally:
            doors.close()
            if running is not None and self._settings.run_file:
                run_file.remove(Path(self._settings.run_file), running)
            if doors.turned_away:
                log.warning("%d messages of other programs were not taken", doors.turned_away)
        return 0.0

    def _begin(self) -> None:
        at = self._clock.now()
        with self._lock:
            self._listening = True
        self._tell(LinkChanged(at, LinkState.CONNECTED, boot=self._boot))
        for fact in self._calls.all_anew(at):
            self._tell(fact)
        self._attempt = 0
        self._teller.well_again()

    def _one_look(self, doors: Doors) -> None:
        doors.look(WAIT_S, self._clock.monotonic)
        self._calls.tick(self._clock.monotonic(), self._clock.now())
        self._carry_out()
        for fact in self._calls.take_facts():
            self._tell(fact)

    def _carry_out(self) -> None:
        while True:
            with self._lock:
                if not self._requests:
                    return
                action, then = self._requests.popleft()
            self._answer(then, self._calls.act(action, self._clock.monotonic(), self._clock.now()))

    # --- telling ------------------------------------------------------------------------------

    def _answer(self, then: Then, answered: ActionAnswer) -> None:
        try:
            then(answered)
        except Exception as error:
            log.error("the taker of an answer failed (%s)", type(error).__name__)

    def _refuse_all(self) -> None:
        with self._lock:
            waiting = list(self._requests)
            self._requests.clear()
        for _, then in waiting:
            self._answer(then, ActionAnswer(Answer.REFUSED, _AWAY))

    def _tell(self, fact: CallEvent) -> None:
        if not self._stopping.is_set():
            self._teller.tell(fact)

    def _lost(self, sentence: str) -> float:
        self._teller.warn_once(sentence)
        full = f"{sentence} Calls still ring on the telephones; Nightdesk tries again by itself."
        self._tell(LinkChanged(self._clock.now(), LinkState.LOST, full))
        self._attempt += 1
        return backoff(self._attempt - 1)


def connect(settings: object, clock: Clock | None = None) -> PopSwitchboard:
    """Return a switchboard for these :class:`PopSettings`; nothing listens before ``start``.

    Raises :class:`console.domain.text.BadInput` for settings that cannot be used.
    """
    chosen = settings if isinstance(settings, PopSettings) else PopSettings()
    return PopSwitchboard(checked(chosen), clock)


def _cannot_listen(error: OSError) -> str:
    why = error.strerror or type(error).__name__
    return f"Nightdesk cannot listen to your telephone program on this computer ({why})."
