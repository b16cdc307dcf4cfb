"""The bench an adapter is tested on: what stands at the other end of its wire, and the one call that happens there."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from console.domain.call_events import (
    Alerting,
    Answered,
    CallBegan,
    CallEnded,
    CallEvent,
    LinkState,
    NumberLearned,
    SnapshotTaken,
)
from console.ports.switchboard import AdapterSpec, Sink, Switchboard
from telephony_adapters.contract.heard import Heard

SOON = 20.0
"""Seconds a case waits for what must come at once: two cores may serve many tests."""


class Moment(IntEnum):
    """The three bursts of the one call: a caller rings two telephones, one takes it, the caller rings off."""

    RINGS = 1
    ANSWERED = 2
    ENDED = 3


@dataclass(frozen=True, slots=True)
class Story:
    """The one call; a bench that plays a recording of another one says so here.  Numbers kept for drama only."""

    caller: str = "+442079460123"
    """As the adapter's facts make it: E.164."""
    dialled: str = "01632960001"
    queue: str = "oohs"
    rings: tuple[str, ...] = ("1001", "1002")
    taker: str = "1001"


STORY = Story()


class CannotShow(Exception):
    """Raised by an other side for what its kind of switchboard has not; the case is left out, with the reason."""


class OtherSide(Protocol):
    """A switchboard of the adapter's kind, or whatever passes for one, on this computer's loopback.

    It lets an adapter in that comes with ``settings``, answers what it asks, and says what it is told to ``send``.
    """

    @property
    def settings(self) -> object:
        """Return what reaches it: the adapter's own settings."""

    @property
    def wrong_settings(self) -> object | None:
        """Return settings that it refuses for good (another password); None where such a switchboard asks for none."""

    @property
    def story(self) -> Story:
        """Return the call that its messages tell."""

    def messages(self, moment: Moment) -> Sequence[bytes]:
        """Return one burst, each message whole, in the order the switchboard sends them."""

    def withheld(self) -> Sequence[bytes]:
        """Return the first burst as it is where the caller withholds their number, with the number where it is sent."""

    def broken(self, data: bytes) -> bytes:
        """Return ``data``, whatever it is, with the end that a message has, so that the next one begins after it."""

    def unknown(self) -> bytes:
        """Return a message that is well formed, and of a kind that no adapter has heard of."""

    def send(self, data: bytes) -> None:
        """Say it to whoever is connected."""

    def drop(self, upto: Moment) -> None:
        """Break the connection; whoever connects again finds the switchboard as it is after ``upto``."""

    def fall_silent(self) -> None:
        """From now on say nothing and answer nothing, and leave the connection as it is."""

    def refuse(self) -> None:
        """From now on refuse every request, and go on telling."""


Make = Callable[[Path], AbstractContextManager[OtherSide]]
"""Opens the other side of one adapter, given an empty folder, and ends it."""
Benches = Mapping[str, Make]
"""By the adapter's key."""


@dataclass(frozen=True, slots=True)
class Bench:
    """One adapter on the bench, with everything it said."""

    spec: AdapterSpec
    side: OtherSide
    switchboard: Switchboard
    heard: Heard

    def up(self, sink: Sink | None = None) -> None:
        """Start it and wait until its snapshot has come; ``sink`` takes the place of ``heard``."""
        self.switchboard.start(sink or self.heard)
        self.heard.wait_link(LinkState.CONNECTED)
        self.heard.wait(SnapshotTaken)

    def play(self, *moments: Moment, change: Callable[[Sequence[bytes]], Sequence[bytes]] = tuple) -> None:
        """Let bursts come one after the other, each as ``change`` makes it."""
        for moment in moments:
            for message in change(self.side.messages(moment)):
                self.side.send(message)

    def seen(self, moment: Moment) -> None:
        """Wait until everything of one burst was told, also what had to be asked for."""
        match moment:
            case Moment.RINGS:
                self.heard.wait(CallBegan, seconds=SOON)
                self.heard.wait(Alerting, len(self.side.story.rings), seconds=SOON)
                self.heard.until(lambda: any(one.settled for one in self.heard.all(NumberLearned)), "the number", SOON)
            case Moment.ANSWERED:
                self.heard.wait(Answered, seconds=SOON)
            case Moment.ENDED:
                self.heard.wait(CallEnded, seconds=SOON)

    @property
    def facts(self) -> tuple[CallEvent, ...]:
        """Return what it said so far."""
        return tuple(self.heard.facts)
