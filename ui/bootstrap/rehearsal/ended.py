"""A rehearsal's end as each console of it learns of it: by the review that lies beside its record.

Only names and a look: a console where real calls come in loads this and nothing else of rehearsals.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from console.ports.clock import Alarm, Timer
from console.ports.runner import Runner

RECORD, REVIEW = "rehearsal.db", "review.txt"
EVERY = 1.0
"""Seconds between two looks."""
ENDED = (
    "The rehearsal has ended.  Nothing in it was real: no caller waits, and no help is on its way.  Nothing you write "
    "now is reviewed; sign out when you like.  The review, in Nightdesk's folder: {review}"
)


def review_beside(record: Path) -> Path | None:
    """Return where the review of a rehearsal is or will be, by its record; None for any other record."""
    return record.with_name(REVIEW) if record.name == RECORD else None


def ended_words(review: Path) -> str:
    """Return what every console says at the end; of the path what follows Nightdesk's own folder."""
    return ENDED.format(review=Path(*review.parts[-3:]))


class EndWatch:
    """Looks for the review on a reader's thread, and has ``say`` told once that it is there."""

    def __init__(self, review: Path, runner: Runner, alarm: Alarm, say: Callable[[str], None]) -> None:
        self._review = review
        self._runner = runner
        self._say = say
        self._looking = self._told = False
        self._timer: Timer = alarm.every(EVERY, self._look)

    def _look(self) -> None:
        if not self._looking:
            self._looking = True
            self._runner.read(self._review.is_file, self._looked, self._unread)

    def _looked(self, there: bool) -> None:
        self._looking = False
        if there and not self._told:
            self._told = True
            self.stop()
            self._say(ended_words(self._review))

    def _unread(self, _problem: Exception) -> None:
        self._looking = False

    def stop(self) -> None:
        """Look no more."""
        self._timer.cancel()
