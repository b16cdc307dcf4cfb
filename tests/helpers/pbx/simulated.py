"""The simulator under a clock that only a test moves, and an ear that remembers what it heard."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from console.domain.call_events import CallEvent
from console.ports.switchboard import Act, Action, ActionAnswer, Switchboard
from telephony_adapters.simulator import Script, SimulatedSwitchboard, SimulatorControl, load
from telephony_adapters.simulator.desk import Desk

TODAY = datetime(2027, 1, 14, 12, 0, tzinfo=UTC)
"""A real time far from any script's, so that the two cannot be mixed up unseen."""
SOON = 5.0
"""Seconds a test waits for another thread before it says that nothing came."""
E = TypeVar("E")


@dataclass(slots=True)
class SteppedClock:
    """A clock that stands until a test moves it."""

    seconds: float = 0.0

    def now(self) -> datetime:
        """Return the time."""
        return TODAY + timedelta(seconds=self.seconds)

    def monotonic(self) -> float:
        """Return the steady count."""
        return self.seconds


@dataclass
class Ear:
    """A sink that remembers."""

    heard: list[CallEvent] = field(default_factory=list)
    _news: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, event: CallEvent) -> None:
        """Hear one fact."""
        with self._news:
            self.heard.append(event)
            self._news.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        """Return what was heard of one kind."""
        with self._news:
            return [event for event in self.heard if isinstance(event, kind)]

    def wait_for(self, wanted: Callable[[CallEvent], bool], seconds: float = SOON) -> CallEvent:
        """Return the first fact that fits, heard already or soon."""
        with self._news:
            self._news.wait_for(lambda: any(map(wanted, self.heard)), seconds)
            found = [event for event in self.heard if wanted(event)]
        assert found, f"nothing fitted among {[type(e).__name__ for e in self.heard]}"
        return found[0]

    def said(self) -> list[str]:
        """Return the facts in short: ``Answered c1 1001``."""
        with self._news:
            return [short(event) for event in self.heard]

    def forget(self) -> None:
        """Forget everything."""
        with self._news:
            self.heard.clear()


def short(event: CallEvent) -> str:
    """Return a fact in a few words, without times, legs and the run's name."""
    shown = ("call", "extension", "held", "reason", "outcome", "ended_by", "state", "giver", "taker", "paused")
    words = [str(getattr(event, name)).split("/")[-1] for name in shown if hasattr(event, name)]
    return " ".join([type(event).__name__, *words]).strip()


class Answers:
    """Collects the answers to requests."""

    def __init__(self) -> None:
        """Begin with none."""
        self._got: list[ActionAnswer] = []
        self._there = threading.Event()

    def __call__(self, answer: ActionAnswer) -> None:
        """Take one."""
        self._got.append(answer)
        self._there.set()

    def one(self) -> ActionAnswer:
        """Return the only answer, waiting for it."""
        assert self._there.wait(SOON), "no answer came"
        assert len(self._got) == 1
        return self._got[0]


def ask(
    desk: Switchboard, act: Act, extension: str, call: str = "", *, target: str = "", reason: str = ""
) -> ActionAnswer:
    """Ask a switchboard for something and return its answer."""
    answers = Answers()
    desk.perform(Action(act, extension, provider_call=call, target=target, reason=reason), answers)
    return answers.one()


@dataclass
class Rehearsal:
    """A simulated switchboard whose time a test moves."""

    switchboard: SimulatedSwitchboard
    clock: SteppedClock
    control: SimulatorControl

    def connect(self) -> tuple[Desk, Ear]:
        """Return one more console and its ear."""
        desk, ear = self.switchboard.attach(), Ear()
        desk.start(ear)
        self.settle()
        return desk, ear

    def run(self, seconds: float) -> None:
        """Let time pass and everything due in it happen."""
        self.clock.seconds += seconds
        self.settle()

    def settle(self) -> None:
        """Return when nothing is due any more."""
        self._sync()
        while not self.switchboard.night.idle():
            self._sync()
        # The last line has been taken up; this waits until it has also been played.
        self._sync()

    def _sync(self) -> None:
        done = threading.Event()
        self.switchboard.night.request(done.set)
        assert done.wait(SOON), "the simulator's thread has stopped"


@contextmanager
def rehearsal(script: Script | str, **options: Any) -> Iterator[Rehearsal]:
    """Play ``script`` (or one of ours by name) under a stepped clock; ends its thread."""
    clock = SteppedClock()
    found = script if isinstance(script, Script) else load(script)
    switchboard = SimulatedSwitchboard(found, clock, **options)
    try:
        yield Rehearsal(switchboard, clock, SimulatorControl(switchboard))
    finally:
        switchboard.close()
