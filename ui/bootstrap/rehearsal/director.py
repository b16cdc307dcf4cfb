"""Directs a rehearsal: feeds the script with time and the record, and has each line done that is due."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from console.domain.items import Item
from console.domain.rehearsal import Deed, Seen, Sought
from console.domain.rehearsal_review import Review, review
from console.ports.clock import Alarm, Clock, Timer
from console.ports.runner import Runner
from telephony_adapters.simulator.rehearsal import Line, Playing, Rehearsal
from telephony_adapters.simulator.rehearsal.steps import ENDS, HEARS
from telephony_adapters.simulator.steps import Step
from ui.desktop.rehearsal.standing import Standing, Voice

TICK = 0.1
"""Seconds between two looks at the record and the script."""
LONGEST = 3600.0
"""Script seconds after which a rehearsal comes to its review by itself."""
SETTLES = 5.0
"""Seconds the colleagues are given at the end to share what they wrote."""


class Played(Protocol):
    """What the director needs of a colleague."""

    @property
    def quiet(self) -> bool:
        """Say whether nothing of it is under way."""

    def do(self, line: Line) -> None:
        """Do a line."""

    def go_on(self) -> None:
        """Do what can be done by now."""

    def give_up(self) -> None:
        """Do nothing more."""


@dataclass(frozen=True, slots=True)
class Hall:
    """What a rehearsal stands in: ``ring`` lets the telephones do a step, ``more`` reads what is new."""

    colleagues: Mapping[str, Played]
    ring: Callable[[Step], None]
    more: Callable[[], tuple[Item, ...]]
    runner: Runner
    alarm: Alarm
    clock: Clock


@dataclass(slots=True)
class Hearers:
    """Who is told: of a voice, of a line that was done (with why not, or nothing), of the end with its review."""

    voice: Callable[[Voice], None] = lambda _: None
    told: Callable[[str, str], None] = lambda _line, _why: None
    ended: Callable[[Review], None] = lambda _: None


@dataclass(slots=True)
class _Time:
    """The script's seconds: they go ``speed`` times as fast as the clock, and stand while paused."""

    speed: float
    elapsed: float = 0.0
    since: float | None = None

    def move(self, steady: float) -> float:
        """Return the script's seconds by now."""
        if self.since is not None:
            self.elapsed += max(steady - self.since, 0.0) * self.speed
            self.since = steady
        return self.elapsed


class Director:
    """One run.  ``by_hand`` are the seats of those who train; :meth:`look` is called once to begin looking."""

    def __init__(
        self, script: Rehearsal, hall: Hall, by_hand: frozenset[str], *, speed: float = 1.0,
        hearers: Hearers | None = None,
    ) -> None:  # fmt: skip
        self.script = script
        self.by_hand = by_hand
        self.hearers = hearers or Hearers()
        self.voices: list[Voice] = []
        self._hall = hall
        self._playing = Playing(script)
        self._time = _Time(speed)
        self._seen = Seen()
        self._reading = False
        self._begun = False
        self._ending_since: float | None = None
        self._reviewed = False
        self._timer: Timer | None = None

    # --- what a trainer or the program does ----------------------------------------------------

    def look(self) -> None:
        """Look at the record from now on."""
        self._timer = self._hall.alarm.every(TICK, self._tick)

    def begin(self) -> None:
        """Let the script begin; harmless twice."""
        if not self._begun:
            self._begun = True
            self._time.since = self._hall.clock.monotonic()

    def pause(self) -> None:
        """Let the script stand; who trains may go on."""
        self._time.move(self._hall.clock.monotonic())
        self._time.since = None

    def go_on(self) -> None:
        """Go on after a pause."""
        if self._begun and self._time.since is None:
            self._time.since = self._hall.clock.monotonic()

    def skip(self) -> None:
        """Let the next line, or the next scene that waits, come at once."""
        if self._begun:
            self._playing.skip(self._time.move(self._hall.clock.monotonic()))

    def finish(self) -> None:
        """Come to the review: no line is played any more, and what was written is read to its end."""
        if self._ending_since is None:
            self._ending_since = self._hall.clock.monotonic()
            for colleague in self._hall.colleagues.values():
                colleague.give_up()

    def stop(self) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()

    def standing(self) -> Standing:
        """Return where it is."""
        paused = self._begun and self._time.since is None
        elapsed = self._time.move(self._hall.clock.monotonic())
        ended = self._ending_since is not None
        return Standing(self._begun, paused, ended, elapsed, self.ready)

    @property
    def ready(self) -> bool:
        """Say whether everybody who trains has signed in."""
        wanted = (self.script.seats[key].worker for key in self.by_hand)
        return all(self._seen.first(Sought(Deed.SIGNS_IN, worker)) is not None for worker in wanted)

    # --- looking ------------------------------------------------------------------------------

    def _tick(self) -> None:
        for colleague in self._hall.colleagues.values():
            colleague.go_on()
        if not self._reading:
            self._reading = True
            self._hall.runner.read(self._hall.more, self._read, self._not_read)

    def _not_read(self, _problem: Exception) -> None:
        # A record that is busy for a moment is read at the next look.
        self._reading = False

    def _read(self, items: tuple[Item, ...]) -> None:
        self._reading = False
        self._seen.add(items)
        if self._ending_since is not None:
            self._settle(items)
        elif self._begun:
            self._play()

    def _play(self) -> None:
        elapsed = self._time.move(self._hall.clock.monotonic())
        for line in self._playing.move(elapsed, self._seen):
            self._do(line)
        if self._playing.ended or elapsed > LONGEST:
            self.finish()

    def _do(self, line: Line) -> None:
        if line.step is not None:
            self._hall.ring(line.step)
            self.hearers.told(line.words, "")
        elif line.verb == HEARS:
            self._voice(line)
        elif line.verb != ENDS and line.actor not in self.by_hand:
            self._hall.colleagues[line.actor].do(line)

    def _voice(self, line: Line) -> None:
        """What is said into a played desk's telephone nobody hears: its lines say what became of it."""
        if line.actor in self.by_hand:
            voice = Voice(self._hall.clock.now(), self.script.seats[line.actor].name, *line.arguments)
            self.voices.append(voice)
            self.hearers.voice(voice)

    def _settle(self, items: tuple[Item, ...]) -> None:
        """Review once nothing more comes: everybody has shared, and a look has found nothing new."""
        if self._reviewed or self._ending_since is None:
            return
        waited = self._hall.clock.monotonic() - self._ending_since
        quiet = not items and all(one.quiet for one in self._hall.colleagues.values())
        if (quiet and waited > TICK) or waited > SETTLES:
            self.stop()
            self._reviewed = True
            self.hearers.ended(review(self._seen.items, self.script.aims, self._hall.clock.now()))
