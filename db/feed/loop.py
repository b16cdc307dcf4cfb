"""The thread of every feed: subscribe, read from the cursor, beat every 2 s, come back when lost.

A :class:`Source` says how one store is watched and read; the order of things is the same for all.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Protocol

from console.domain.record import START, Cursor, Stored
from console.domain.text import NightdeskError
from console.ports.clock import Clock
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews, SeenMoved
from console.ports.store import Heartbeat
from db.seen import SeenNews

log = logging.getLogger(__name__)

CALM = 0.05
HURRIED = 0.01
"""Seconds between two looks at the store: in quiet, and while a call is live."""
BEAT_EVERY = 2.0
AGAIN_AFTER = 0.5
"""Seconds before a lost store is tried again."""
READ_AT_ONCE = 500
_PASSED_CAP = 5_000
_STOP_WITHIN = 3.0

_FAULT = (
    "The shared record could not be read because of a fault inside Nightdesk.  Nothing is lost; what you write waits "
    "on this computer.  Please close Nightdesk and start it again, and send its log to the technician."
)


class Bell(Protocol):
    """A subscription: it rings when the store may have moved."""

    def rang(self) -> bool:
        """Say whether something may be new; raises where the store cannot be watched."""

    def close(self) -> None:
        """End the subscription."""


class Source(Protocol):
    """One store as its feed sees it; every call ends by itself and raises where the store is away."""

    def subscribe(self, wake: Callable[[], None]) -> Bell:
        """Begin to watch; ``wake`` may be called from any thread to end a wait early."""

    def news(self, after: int, limit: int) -> tuple[Stored, ...]:
        """Return what is new, with the bodies this worker may read."""

    def beat(self, history: Sequence[Cursor]) -> Heartbeat:
        """Return the heartbeat."""

    def first_tick(self, after: int) -> int:
        """Return the tick from which marks beyond seq ``after`` will be told."""

    def seen_since(self, tick: int) -> SeenNews:
        """Return what other workers have seen since ``tick``."""

    def close(self) -> None:
        """Let go of what was opened for the feed."""


class FeedLoop:
    """The port ``Feed`` over any :class:`Source`."""

    def __init__(self, source: Source, clock: Clock) -> None:
        self._source = source
        self._clock = clock
        self._lock = threading.Lock()
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._asked: Cursor | None = None
        self._interval = CALM
        self._thread: threading.Thread | None = None

    def start(self, after: Cursor, sink: Callable[[FeedNews], None]) -> None:
        """Begin to watch and to read after ``after``; ``sink`` is called from the feed's thread."""
        if self._thread is not None:
            message = "a feed is started once"
            raise RuntimeError(message)
        self._asked = after
        watch = _Watch(self, self._source, self._clock, sink)
        self._thread = threading.Thread(target=watch.run, name="feed", daemon=True)
        self._thread.start()

    def read_from(self, cursor: Cursor) -> None:
        """Go to ``cursor`` and read from there."""
        with self._lock:
            self._asked = cursor
        self._woken.set()

    def hurry(self, live: bool) -> None:
        """Watch more closely while a call is live."""
        self._interval = HURRIED if live else CALM
        self._woken.set()

    def stop(self) -> None:
        """End the thread."""
        self._stopping.set()
        self._woken.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join(_STOP_WITHIN)

    @property
    def stopping(self) -> bool:
        """Say whether the thread should end."""
        return self._stopping.is_set()

    def wake(self) -> None:
        """End the present wait."""
        self._woken.set()

    def wait(self, seconds: float | None = None) -> None:
        """Wait for the next look, or until woken; ``seconds`` is a longer pause that only the end breaks."""
        if seconds is not None:
            self._stopping.wait(seconds)
            return
        self._woken.wait(self._interval)
        self._woken.clear()

    def take_asked(self) -> Cursor | None:
        """Return the cursor asked for since the last look."""
        with self._lock:
            asked, self._asked = self._asked, None
        return asked


class _Watch:
    """What the thread knows; nobody else touches it."""

    def __init__(self, loop: FeedLoop, source: Source, clock: Clock, sink: Callable[[FeedNews], None]) -> None:
        self._loop = loop
        self._source = source
        self._clock = clock
        self._sink = sink
        self._cursor = START
        self._passed: dict[int, str] = {}
        self._tick: int | None = None
        self._rewound = False
        self._away = ""
        self._beaten = 0.0

    def run(self) -> None:
        """Watch until stopped; a lost store is said once for each reason and tried again for ever."""
        while not self._loop.stopping:
            try:
                self._watch()
            except NightdeskError as error:
                self._lost(str(error))
            except Exception as error:
                # A thread that died would leave the worker looking at an old record.
                log.error("the feed met a fault of our own: %s", type(error).__name__)  # noqa: TRY400  a traceback may hold words
                self._lost(_FAULT)
            self._loop.wait(AGAIN_AFTER)
        self._source.close()

    def _lost(self, sentence: str) -> None:
        if self._loop.stopping or sentence == self._away:
            return
        if not self._away:
            log.info("the shared record is away")
        # Another reason is told too: a cut line looks like a server away, until it says that the log-in has ended.
        self._away = sentence
        self._sink(FeedAway(sentence))

    def _watch(self) -> None:
        bell = self._source.subscribe(self._loop.wake)
        try:
            self._move_to_asked()
            self._beat()
            self._read()
            while not self._loop.stopping:
                self._loop.wait()
                self._look(bell)
        finally:
            bell.close()

    def _look(self, bell: Bell) -> None:
        rang = bell.rang()
        if self._move_to_asked() or rang:
            self._read()
        if time.monotonic() - self._beaten >= BEAT_EVERY:
            self._beat()

    def _move_to_asked(self) -> bool:
        asked = self._loop.take_asked()
        if asked is None:
            return False
        if asked.seq < self._cursor.seq:
            # The record may have gone back, and its ticks with it: new marks would stand behind ours.
            self._tick = None
        self._cursor = asked
        self._passed = {seq: digest for seq, digest in self._passed.items() if seq < asked.seq}
        self._passed[asked.seq] = asked.digest
        self._rewound = False
        return True

    def _beat(self) -> None:
        asked = self._clock.now()
        heartbeat = self._source.beat((self._cursor,))
        if heartbeat.rewind_to is not None:
            heartbeat = self._source.beat(self._history())
        self._beaten = time.monotonic()
        if self._away:
            self._away = ""
            log.info("the shared record is back")
        self._rewound = heartbeat.rewind_to is not None
        self._sink(Beat(self._cursor, heartbeat, asked, self._clock.now()))
        if heartbeat.head.seq > self._cursor.seq:
            self._read()

    def _history(self) -> tuple[Cursor, ...]:
        return tuple(Cursor(seq, self._passed[seq]) for seq in sorted(self._passed, reverse=True))

    def _read(self) -> None:
        """Deliver what is new, in order and without holes; nothing while our history is in doubt."""
        if self._tick is None:
            self._tick = self._source.first_tick(self._cursor.seq)
        while not self._rewound and not self._loop.stopping:
            entries = self._source.news(self._cursor.seq, READ_AT_ONCE)
            if not entries:
                break
            self._deliver(entries)
            if len(entries) < READ_AT_ONCE:
                break
        self._read_seen()

    def _deliver(self, entries: tuple[Stored, ...]) -> None:
        for stored in entries:
            self._passed[stored.envelope.seq] = stored.envelope.digest
        last = entries[-1].envelope
        self._cursor = Cursor(last.seq, last.digest)
        for seq in list(self._passed)[: max(0, len(self._passed) - _PASSED_CAP)]:
            del self._passed[seq]
        self._sink(Arrived(entries))

    def _read_seen(self) -> None:
        found = self._source.seen_since(self._tick or 0)
        self._tick = found.tick
        if found.marks:
            self._sink(SeenMoved(found.marks))
