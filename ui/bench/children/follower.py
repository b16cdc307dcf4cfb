"""A console without its window: the real store and feed of one log-in, listening and reading as a console does."""

from __future__ import annotations

import threading
from functools import partial
from typing import Any

from console.domain.record import START
from console.machine.clock import SystemClock
from console.ports.feed import Arrived, Beat, FeedNews
from ui.bench.child import first_wish, listen, say
from ui.bench.children.opened import open_of, who_of


class _Following:
    """How far one feed has come; told from the feed's thread."""

    def __init__(self) -> None:
        self._here = False
        self._seq = 0

    def hear(self, news: FeedNews) -> None:
        """Say ``following`` at the first beat; count what arrives."""
        if isinstance(news, Arrived):
            self._seq = news.entries[-1].envelope.seq
        elif isinstance(news, Beat) and not self._here:
            self._here = True
            say("following")

    def tell(self) -> None:
        """Say how far it has read."""
        say("followed", seq=self._seq)


def run() -> int:
    """Follow the record until the bench closes us."""
    wish, clock = first_wish(), SystemClock()
    store = open_of(wish, clock)
    following, ended = _Following(), threading.Event()
    feed = store.feed(who_of(wish), clock)
    feed.start(START, following.hear)
    listen(partial(_do, following, ended))
    ended.wait()
    feed.stop()
    store.close()
    return 0


def _do(following: _Following, ended: threading.Event, message: dict[str, Any]) -> None:
    if message["do"] == "close":
        ended.set()
    else:
        following.tell()
