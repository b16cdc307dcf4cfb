"""Many consoles' feeds in one process, that come back after the server was restarted; and as many bare connects."""

from __future__ import annotations

import queue
import threading
import time
from functools import partial
from typing import Any

from console.domain.record import START
from console.machine.clock import SystemClock
from console.ports.feed import Beat, FeedAway, FeedNews
from db.feed.loop import FeedLoop
from db.postgres.bare import plain
from db.postgres.feed import PostgresSource
from db.postgres.lines import Address
from db.postgres.target import Tls, read_target
from ui.bench.child import first_wish, listen, say
from ui.bench.children.opened import who_of

Message = dict[str, Any]


class _Consoles:
    """The feeds, and when each of them had the head again; their own threads tell."""

    def __init__(self, wish: Message) -> None:
        clock = SystemClock()
        keywords = read_target(wish["record"]).keywords(wish["login"], Tls())
        self.address = Address(keywords, wish["password"])
        self._feeds = [
            FeedLoop(PostgresSource(self.address, who_of(wish), clock), clock) for _ in range(int(wish["count"]))
        ]
        self._lock = threading.Lock()
        self._away: set[int] = set(range(len(self._feeds)))
        self._back: dict[int, int] = {}

    def start(self) -> None:
        """Begin to follow; ``back`` is said when all are here."""
        for number, feed in enumerate(self._feeds):
            feed.start(START, partial(self._hear, number))

    def _hear(self, number: int, news: FeedNews) -> None:
        moment = time.perf_counter_ns()
        with self._lock:
            if isinstance(news, FeedAway):
                self._away.add(number)
                if len(self._away) == len(self._feeds):
                    say("away")
            elif isinstance(news, Beat) and number in self._away:
                self._away.discard(number)
                self._back[number] = moment
                if not self._away:
                    say("back", at=sorted(self._back.values()))

    def stop(self) -> None:
        """End the feeds; at once, for each waits for its own thread."""
        ending = [threading.Thread(target=feed.stop) for feed in self._feeds]
        for one in ending:
            one.start()
        for one in ending:
            one.join()


def run() -> int:
    """Do what the bench asks until it closes us."""
    wish = first_wish()
    consoles = _Consoles(wish)
    heard: queue.SimpleQueue[Message] = queue.SimpleQueue()
    listen(heard.put)
    say("ready")
    while (message := heard.get())["do"] != "close":
        if message["do"] == "follow":
            consoles.start()
        else:
            _connect(consoles.address, int(wish["count"]))
    consoles.stop()
    return 0


def _connect(address: Address, count: int) -> None:
    """Connect so many times at once, bare, each asking one thing; say when each had its answer."""
    moments: queue.SimpleQueue[int] = queue.SimpleQueue()

    def one() -> None:
        with plain(address) as line:
            line.execute("SELECT 1")
            moments.put(time.perf_counter_ns())

    threads = [threading.Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    say("connected", at=sorted(moments.get() for _ in range(moments.qsize())))
