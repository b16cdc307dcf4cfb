"""What a record can prove of a signal's or a line's being seen by one moment, and what it cannot.

An answer has its time.  Marks of what was seen are kept as they stood in the end only: that somebody saw a line is
known by them, when is not.  When a line was delivered is kept nowhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from console.domain.notes import NoteLine
from console.domain.record import StreamRef
from console.domain.replay_reach import Worker
from console.domain.signals import Signal
from console.domain.words import clock_words

SENT = "sent by this worker"
KEPT = "on this worker's computer only, at that moment"
ANSWERED = "answered by this worker, so seen by then"
SOME_TIME = "seen at some time, which is not recorded"
NO_MARK = "on this console; no mark that it was seen"


@dataclass(frozen=True, slots=True)
class SignalSeen:
    """A signal that stood on the console, and what is known of its being seen."""

    signal: Signal
    words: str


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line between the two that stood on the console, and what is known of its being seen."""

    line: NoteLine
    words: str


@dataclass(frozen=True, slots=True)
class Marks:
    """For one worker's view: who was there, and how far each of them had ever seen each stream."""

    worker: Worker
    names: Mapping[str, str]
    seen: Mapping[tuple[str, StreamRef], int]

    def signal(self, one: Signal, stream: StreamRef) -> SignalSeen:
        """Return a signal with what is known of it."""
        if one.by == self.worker.key and one.answers:
            each = _listed(f"{self.names.get(by.by, by.by)} at {clock_words(by.at)}" for by in one.answers)
            return SignalSeen(one, f"{SENT}; answered by {each}, so seen by then")
        if one.answer_of(self.worker.key) is not None:
            return SignalSeen(one, ANSWERED)
        return SignalSeen(one, self._words(one.by, one.seq, stream))

    def line(self, one: NoteLine) -> LineSeen:
        """Return a line with what is known of it."""
        return LineSeen(one, self._words(one.author, one.seq, one.stream))

    def _words(self, by: str, seq: int, stream: StreamRef) -> str:
        if by == self.worker.key:
            return f"{SENT}; {self._by_others(seq, stream)}"
        mark = self.seen.get((self.worker.key, stream), 0)
        return f"on this console; {SOME_TIME}" if mark >= seq > 0 else NO_MARK

    def _by_others(self, seq: int, stream: StreamRef) -> str:
        if not seq:
            return KEPT
        others = sorted(
            self.names.get(who, who)
            for (who, where), mark in self.seen.items()
            if who != self.worker.key and where == stream and mark >= seq
        )
        return SOME_TIME.replace("seen", f"seen by {_listed(others)}", 1) if others else "no mark that anybody saw it"


def _listed(names: Iterable[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
