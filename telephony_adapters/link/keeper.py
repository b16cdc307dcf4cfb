"""The thread of an adapter: it tries for ever to be connected, tells what it hears, and ends when told to."""

from __future__ import annotations

import random
from collections.abc import Callable
from threading import Event, Thread

from console.domain.call_events import LinkChanged, LinkState
from console.ports.clock import Clock
from console.ports.switchboard import TOO_MUCH, Action, Sink
from telephony_adapters.link.clock import ComputerClock
from telephony_adapters.link.requests import Requests, Then
from telephony_adapters.link.telling import Teller
from telephony_adapters.link.wire import Waker

FIRST_S = 0.5
LONGEST_S = 30.0
JITTER = 0.25
CALM_S = 300.0
"""After so long the console is thought to follow again: the next flood begins with the shortest pause."""
_STOP_S = 2.0


def backoff(attempt: int, dice: Callable[[], float] = random.random) -> float:
    """Return how long to wait before attempt ``attempt`` (0, 1, ...): 0.5 s doubling to 30 s, with jitter."""
    usual = min(LONGEST_S, FIRST_S * 2 ** min(attempt, 10))
    return float(min(LONGEST_S, max(FIRST_S, usual * (1 + JITTER * (2 * dice() - 1)))))


class Keeper:
    """What every adapter with a thread of its own does; :meth:`_once` is what it does while connected.

    ``name`` is the thread's, ``away`` is said to whoever asks while nothing can be asked.
    """

    def __init__(self, name: str, away: str, clock: Clock | None = None) -> None:
        self._name = name
        self._clock = clock or ComputerClock()
        self._teller = Teller()
        self._stopping = Event()
        self._waker = Waker()
        self._requests = Requests(self._waker.wake, away)
        self._thread: Thread | None = None
        self._attempt = 0
        self._floods = 0
        self._flooded_at = 0.0

    @property
    def failures(self) -> int:
        """Return how many facts a handler failed at."""
        return self._teller.failures

    def start(self, sink: Sink) -> None:
        """Connect and keep connected.  Call it once."""
        self._teller.open(sink)
        self._thread = Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End the thread; no fact comes after it."""
        self._stopping.set()
        self._teller.close()
        self._requests.end()
        self._waker.wake()
        if self._thread is not None:
            self._thread.join(_STOP_S)
        else:
            self._waker.close()
        self._requests.refuse_all()

    def perform(self, action: Action, then: Then) -> None:
        """Ask; ``then`` comes from this adapter's thread, or at once where nothing can be asked."""
        self._requests.put(action, then)

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._teller.tell(LinkChanged(self._clock.now(), LinkState.CONNECTING))
            pause = self._once()
            self._requests.refuse_all()
            if self._stopping.wait(pause):
                break
        self._waker.close()

    def _once(self) -> float:
        """Live through one connection; return how long to wait before the next, in seconds.  Raises nothing."""
        raise NotImplementedError

    def _came_up(self) -> None:
        self._attempt = 0
        self._teller.well_again()
        self._requests.open()

    def _lost(self, sentence: str) -> float:
        self._teller.lost(sentence, self._clock.now())
        self._attempt += 1
        return backoff(self._attempt - 1)

    def _flooded(self) -> float:
        """Begin anew, after a pause that grows while the console cannot follow."""
        now = self._clock.monotonic()
        self._floods = self._floods + 1 if self._floods and now - self._flooded_at < CALM_S else 1
        self._flooded_at = now
        return max(self._lost(TOO_MUCH), backoff(self._floods - 1))
