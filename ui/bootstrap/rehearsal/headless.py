"""A rehearsal without windows of its own: trainees come with their consoles, or the script plays every desk."""

from __future__ import annotations

import json
import logging
import os
from dataclasses import dataclass, field

from console.domain.calendar import local
from console.domain.rehearsal_review import Review
from console.domain.rehearsal_words import review_lines, review_values
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.loop import Loop
from console.machine.paths import home
from console.machine.platform import when_told_to_end
from telephony_adapters.simulator.rehearsal import load_rehearsal
from ui.bootstrap.rehearsal.folder import fresh_folder
from ui.bootstrap.rehearsal.options import RehearseOptions, Say, by_hand, joining, keep_review, played
from ui.bootstrap.rehearsal.room import Engine, Room
from ui.desktop.rehearsal.standing import Voice
from ui.exits import Exit

log = logging.getLogger(__name__)
LOOK = 0.1


class NotSeated(NightdeskError):
    """A colleague of the script could not sign in."""


def rehearse_headless(options: RehearseOptions, say: Say) -> int:
    """Rehearse; return the exit code.  Raises ``NightdeskError``, ``BadScript`` before anything is made."""
    script = load_rehearsal(options.script)
    hands = by_hand(script, options)
    clock, loop = SystemClock(), Loop()
    folder = fresh_folder(home(os.environ), clock.now())
    room = Room(script, folder, Engine(loop, loop, clock, _unhandled), hands, options.speed)
    try:
        return _Run(options, room, loop, say).run()
    finally:
        room.close()


def _unhandled(problem: Exception) -> None:
    log.error("something failed and nobody took it: %s", type(problem).__name__)


@dataclass(slots=True)
class _Run:
    """From the first sign-in to the review."""

    options: RehearseOptions
    room: Room
    loop: Loop
    say: Say
    reviewed: list[Review] = field(default_factory=list)

    def run(self) -> int:
        director = self.room.director
        director.hearers.voice = self._voice
        director.hearers.told = self._told
        director.hearers.ended = self._ended
        # First: whoever reads how to join may end it in the same moment.
        when_told_to_end(lambda _: self.loop.post(director.finish))
        self._tell_how_to_join()
        self.room.begin(self._refused)
        self.loop.after(LOOK, self._begin_when_ready)
        self.loop.run()
        return self._say_review()

    def _refused(self, sentence: str) -> None:
        raise NotSeated(f"A colleague of the script could not sign in: {sentence}  Nothing was played.")

    def _begin_when_ready(self) -> None:
        if self.room.seated:
            self.room.director.begin()
        else:
            self.loop.after(LOOK, self._begin_when_ready)

    def _ended(self, review: Review) -> None:
        self.reviewed.append(review)
        self.loop.stop()

    # --- saying -------------------------------------------------------------------------------

    def _tell_how_to_join(self) -> None:
        facts = joining(self.room, self.room.director.by_hand)
        if self.options.json:
            self.say(json.dumps(facts, ensure_ascii=False))
            return
        self.say(f"Rehearsal: {self.room.script.title}")
        for text in self.room.script.brief(self.room.director.by_hand):
            self.say(text)
        for seat, command in facts["join"].items():
            self.say(f"{self.room.script.seats[seat].name} comes in with:\n  {command}")
        if facts["join"]:
            self.say("It begins when everybody who trains has signed in.  Ctrl+C ends it and gives the review.")

    def _voice(self, voice: Voice) -> None:
        if not self.options.json:
            self.say(f"{local(voice.at):%H:%M:%S}  {voice.seat} hears {voice.who}: {voice.words}")

    def _told(self, words: str, why: str) -> None:
        if not self.options.json:
            self.say(f"{'could not' if why else 'done     '} {words}{f': {why}' if why else ''}")

    def _say_review(self) -> int:
        about = played(self.room.script, self.room.director.by_hand, self.options.speed)
        for review in self.reviewed:
            keep_review(self.room.folder, review, about)
            if self.options.json:
                self.say(json.dumps(review_values(review, about), ensure_ascii=False))
            else:
                self.say("\n" + "\n".join(review_lines(review, about)))
                self.say(f"\nKept in {self.room.folder.review}")
        failed = self.options.unattended and self.room.failed
        return Exit.CHECK_FAILED if failed else Exit.OK
