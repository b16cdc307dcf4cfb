"""The sync core: a pure state machine.  What happened goes in, what to do comes out.

No I/O, no clock, no threads: the same class runs in the console and in the seeded simulator that
loses, delays, repeats and reorders everything.  Its promises are reliability.md 2.8, I1 to I7.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from console.domain.record import START, Cursor
from console.ports.feed import Arrived, Beat, FeedAway, FeedNews, SeenMoved
from console.services.following import Following
from console.services.link_state import Link, LinkState
from console.services.link_watch import At, LinkWatch
from console.services.sending import Sending
from console.services.sync_words import (
    Accept,
    Answered,
    AppendFailed,
    Live,
    Misplaced,
    Offered,
    Opened,
    OwnEvent,
    Probe,
    Probed,
    ReadFrom,
    Remembered,
    Reopen,
    Said,
    SeenBy,
    SyncAction,
    SyncEvent,
    Tick,
)

ASK_AGAIN = 1.0
"""Seconds before the same question is asked again."""


class Sync:
    """One console's side of sharing.  :meth:`take` is its door; it never raises on what comes in."""

    def __init__(self) -> None:
        self._out: list[SyncAction] = []
        self._following = Following()
        self._sending = Sending(self._out, self._following.read_to)
        self._watch = LinkWatch()
        self._state = LinkState()
        self._asked: tuple[Cursor, float] | None = None
        self._probed: tuple[Cursor, float] | None = None
        self._lagging: Cursor | None = None

    @property
    def state(self) -> LinkState:
        """Return the state of the link as last said."""
        return self._state

    @property
    def cursor(self) -> Cursor | None:
        """Return how far the shared record has been read, or None before it was opened."""
        return self._following.cursor

    @property
    def idle(self) -> bool:
        """Say whether nothing of ours waits or is on its way."""
        return self._sending.idle

    def take(self, event: SyncEvent, at: At) -> tuple[SyncAction, ...]:
        """Take one event and return what to do, in order."""
        self._out.clear()
        if isinstance(event, Arrived | SeenMoved | Beat | FeedAway):
            self._heard(event, at)
        else:
            self._own(event, at)
        self._watch.settle(at)
        if self._watch.link in (Link.AWAY, Link.OTHER_VERSION):
            self._sending.refuse_exclusives()
        if self._watch.may_write:
            self._sending.send(at.steady, self._following.cursor)
        self._say()
        return tuple(self._out)

    def forget_acknowledged(self, before: datetime) -> None:
        """Let go of own acknowledged entries made before a moment (48 h)."""
        self._sending.forget(before)

    def _own(self, event: OwnEvent, at: At) -> None:
        match event:
            case Offered():
                self._sending.offer(event)
            case Remembered():
                self._sending.remember(event.kept)
                self._probe(self._sending.unproven, at)
            case Answered():
                self._watch.wrote()
                if self._sending.answered(event, self._following.contradicts, at.steady):
                    self._probe_history(at)
            case Probed():
                self._probed_at(event, at)
            case AppendFailed() | Misplaced():
                self._failed(event, at)
            case Opened():
                self._opened(event.cursor, at)
            case Live():
                self._sending.live(event.streams)
            case Tick():
                self._tick(at)
            case _:
                assert_never(event)

    def _heard(self, news: FeedNews, at: At) -> None:
        match news:
            case Arrived():
                self._arrived(news, at)
            case SeenMoved():
                self._out.append(SeenBy(news.marks))
            case Beat():
                self._beat(news, at)
            case FeedAway():
                self._watch.lost_reading(news.sentence)
            case _:
                assert_never(news)

    def _failed(self, event: AppendFailed | Misplaced, at: At) -> None:
        if isinstance(event, Misplaced):
            if self._sending.misplaced(event.number, at.steady):
                self._probe(self._sending.unproven, at)
                self._probe_history(at)
        elif not event.away:
            self._sending.broke(event, at.steady, heard=self._watch.can_read)
        elif self._sending.away(event, at.steady):
            self._watch.lost_writing(event.sentence)

    def _opened(self, cursor: Cursor, at: At) -> None:
        if self._following.cursor is None:
            self._following.open_at(cursor)
            self._read_from(at, again=True)

    def _arrived(self, news: Arrived, at: At) -> None:
        reading = self._following.read(news.entries)
        if reading.accepted:
            self._out.append(Accept(tuple(reading.accepted)))
            for stored in reading.accepted:
                self._sending.arrived(stored)
        if reading.hole:
            self._read_from(at)
        if reading.doubt:
            self._probe_history(at)

    def _read_from(self, at: At, *, again: bool = False) -> None:
        cursor = self._following.cursor
        if cursor is not None and (again or not _recent(self._asked, cursor, at)):
            self._asked = (cursor, at.steady)
            self._out.append(ReadFrom(cursor))

    def _probe(self, history: tuple[Cursor, ...], at: At) -> None:
        if history and not _recent(self._probed, history[0], at):
            self._probed = (history[0], at.steady)
            self._out.append(Probe(history))

    def _probe_history(self, at: At) -> None:
        if self._following.cursor is not None:
            self._probe(self._following.history(self._following.cursor.seq), at)

    def _probed_at(self, event: Probed, at: At) -> None:
        if event.asked in self._sending.unproven[:1]:
            self._sending.prove(event.agreed)
        elif not self._following.is_ours(event.asked):
            return  # an answer about a history we have left
        elif event.agreed < event.asked.seq:
            self._go_back(event.agreed, at)
        elif self._following.confirmed(event.asked, event.then):
            self._read_from(at, again=True)

    def _beat(self, beat: Beat, at: At) -> None:
        if self._watch.beat(beat, at):
            self._sending.hurry()
        if self._sending.idle:
            self._watch.nothing_to_write()
        self._probe(self._sending.unproven, at)
        to = beat.heartbeat.rewind_to
        if to is None:
            self._agreed(beat, at)
        elif not self._following.is_ours(beat.sent):
            self._read_from(at)  # the feed is somewhere we are not: bring it back to us
        elif 0 < to < beat.sent.seq and self._following.knows(to):
            self._go_back(to, at)
        else:
            # Asked with one cursor, the server can only say "not there": find the place ourselves.
            self._probe(self._following.history(beat.sent.seq), at)

    def _agreed(self, beat: Beat, at: At) -> None:
        """Ask again when two beats in a row find us behind at the same place: something was lost."""
        self._sending.head_is(beat.heartbeat.head.seq)
        cursor = self._following.cursor
        if cursor is None or beat.heartbeat.head.seq <= cursor.seq:
            self._lagging = None
        elif self._lagging == cursor:
            self._read_from(at)
        else:
            self._lagging = cursor

    def _go_back(self, to: int, at: At) -> None:
        self._sending.go_back(to)
        if self._following.go_back(to) is None:
            self._out.append(Reopen(self._following.began))
        else:
            self._read_from(at, again=True)

    def _tick(self, at: At) -> None:
        if self._following.suspect:
            self._probe_history(at)

    def _say(self) -> None:
        watch, cursor = self._watch, self._following.cursor
        state = replace(
            self._state,
            link=watch.link,
            since=watch.since,
            sentence=watch.sentence,
            waiting=self._sending.waiting,
            head=cursor or START,
            behind=max(0, watch.head - cursor.seq) if cursor is not None else 0,
            offset=round(watch.offset, 1),
            altered_at=self._following.altered_at,
            missing=self._following.missing,
        )
        if state != self._state:
            self._state = state
            self._out.append(Said(state))


def _recent(last: tuple[Cursor, float] | None, cursor: Cursor, at: At) -> bool:
    return last is not None and last[0] == cursor and at.steady - last[1] < ASK_AGAIN
