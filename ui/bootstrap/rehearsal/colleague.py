"""A colleague that the script plays: a worker's real services without a window, and what it is still to do."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from console.domain.text import NightdeskError
from telephony_adapters.simulator.rehearsal import Line, Seat
from ui.bootstrap.desk import Place
from ui.bootstrap.no_window import NoWindow
from ui.bootstrap.rehearsal.colleague_acts import ACTS, NotYet
from ui.bootstrap.rehearsal.habits import look_and_take
from ui.bootstrap.seating import Seated, Seating, SignIn
from ui.desktop.demo.cannot import CannotPlay
from ui.desktop.desk import Desk

log = logging.getLogger(__name__)
PATIENCE = 15.0
"""Seconds an act waits for what it needs: a call that rings, an incident that was just opened."""
STATION = "rehearsal"


@dataclass(slots=True)
class _Waiting:
    line: Line
    since: float


class Colleague:
    """One played desk.  ``told`` hears each, with why it could not be done or nothing."""

    def __init__(self, seat: Seat, place: Place, end: Callable[[], None], told: Callable[[Line, str], None]) -> None:
        self.seat = seat
        self._place = place
        self._end = end
        self._told = told
        self._seated: Seated | None = None
        self._waiting: list[_Waiting] = []
        self._over = False

    @property
    def desk(self) -> Desk | None:
        """Return its services once it has signed in."""
        return self._seated.seat.desk if self._seated is not None else None

    @property
    def quiet(self) -> bool:
        """Say whether it has done everything and all of that is shared."""
        return not self._waiting and (self.desk is None or self.desk.recorder.idle)

    def begin(self, refused: Callable[[str], None]) -> None:
        """Sign in; ``refused`` hears the sentence where that is not possible."""

        def then(answer: Seated | str) -> None:
            if isinstance(answer, str):
                refused(answer)
            else:
                self._seated = answer

        seat = self.seat
        Seating(self._place, SignIn(seat.name, seat.role, seat.extension, STATION), NoWindow(), then).begin()

    def do(self, line: Line) -> None:
        """Do this line when its turn comes."""
        self._waiting.append(_Waiting(line, self._place.clock.monotonic()))
        self.go_on()

    def go_on(self) -> None:
        """Do what can be done by now, in order, and what is done unasked; what must wait keeps nothing else back."""
        self._waiting = [one for one in self._waiting if not self._done(one)]
        if self.desk is not None and not self._over:
            look_and_take(self.desk)

    def give_up(self) -> None:
        """Do nothing more: what could not be done until now is told."""
        self._over = True
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._done(one, patient=False)

    def _done(self, waiting: _Waiting, *, patient: bool = True) -> bool:
        line, desk = waiting.line, self.desk
        try:
            if desk is None:
                raise NotYet(f"{self.seat.name} has not signed in")
            ACTS[line.verb](desk, line.arguments)
        except (NotYet, NightdeskError) as not_yet:
            if patient and self._place.clock.monotonic() - waiting.since < PATIENCE:
                return False
            self._told(line, str(not_yet))
        except CannotPlay as cannot:
            self._told(line, str(cannot))
        except Exception as fault:
            # A script must not end a trainee's rehearsal; the fault is told and stands in the log.
            log.exception("a line of a rehearsal failed")
            self._told(line, f"a fault of our own ({type(fault).__name__})")
        else:
            self._told(line, "")
        return True

    def close(self) -> None:
        """Let go of everything, in order."""
        self._place.switchboard.stop()
        if self._seated is not None:
            seat = self._seated.seat
            seat.desk.shift.asking.cancel()
            seat.desk.recorder.stop()
            self._place.runner.keep(seat.journal.close, lambda _: None)
        self._end()
