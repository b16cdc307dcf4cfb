"""What consoles ask of an adapter, kept for its thread: only so many, and each answered once."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from threading import Lock

from console.ports.switchboard import Action, ActionAnswer, Answer

log = logging.getLogger(__name__)

AT_MOST = 100
"""Most requests kept waiting for the thread; one more is refused at once."""
Then = Callable[[ActionAnswer], None]


class Requests:
    """A queue that is shut until the adapter's thread opens it; put from any thread, taken by that one."""

    def __init__(self, wake: Callable[[], None], away: str) -> None:
        """``wake`` ends the thread's wait; ``away`` is said to whoever asks while nothing can be asked."""
        self._wake = wake
        self._away = away
        self._waiting: deque[tuple[Action, Then]] = deque()
        self._lock = Lock()
        self._open = False
        self._ended = False

    def open(self) -> None:
        """Take requests from now on; none after the end."""
        with self._lock:
            self._open = not self._ended

    def shut(self) -> None:
        """Take none any more; those that wait still do."""
        with self._lock:
            self._open = False

    def end(self) -> None:
        """Take none any more, for good; from any thread."""
        with self._lock:
            self._open, self._ended = False, True

    def put(self, action: Action, then: Then) -> None:
        """Keep a request, or answer at once that nothing can be asked."""
        with self._lock:
            room = self._open and len(self._waiting) < AT_MOST
            if room:
                self._waiting.append((action, then))
        if room:
            self._wake()
        else:
            then(ActionAnswer(Answer.REFUSED, self._away))

    def take(self) -> tuple[Action, Then] | None:
        """Return the oldest one, None where none waits."""
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def refuse_all(self) -> None:
        """Answer all that wait: nothing came of them."""
        self.shut()
        while (one := self.take()) is not None:
            answer(one[1], ActionAnswer(Answer.REFUSED, self._away))


def answer(then: Then, answered: ActionAnswer) -> None:
    """Tell whoever asked, on whose failure nothing here may end."""
    try:
        then(answered)
    except Exception as error:
        log.error("the taker of an answer failed (%s)", type(error).__name__)
