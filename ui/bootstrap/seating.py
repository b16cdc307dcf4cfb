"""Signing in: journal, services, shift, telephones, in that order; and going again in the tested order."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from console.domain.record import Identity, Role, worker_key
from console.domain.text import NightdeskError, safe_line
from console.ports.clock import Timer
from console.ports.journal import Journal
from console.services.intake import Intake
from console.services.link_state import Link
from console.services.offline import LET_IN_HERE, opened_here
from console.services.recorder import Restored
from console.services.shift_desk import BEGUN_WITHOUT
from console.services.unsent_watch import UnsentWatch
from console.services.writing import Outcome
from ui.bootstrap.desk import Place, Seat, build_seat
from ui.bootstrap.sitting import sit_down
from ui.desktop.desk import WindowActs

log = logging.getLogger(__name__)
BEFORE_SHIFT = timedelta(hours=24)
"""How far before the shift reading starts: what the evening before left open is seen."""
PATIENCE = 8.0
"""Seconds to wait for the shared record to say anything, or nothing, before the worker may begin."""
_ANSWERED = frozenset({Link.TOGETHER, Link.AWAY})
"""With the record away a worker signs in on this computer only; the shift desk says so."""


@dataclass(frozen=True, slots=True)
class SignIn:
    """What the sign-in form says."""

    name: str
    role: Role
    extension: str
    station: str
    passphrase: str = ""
    """Opens the journal where this computer has no keyring; empty: the keyring's key, or memory only."""
    worker: str = ""
    """The worker's key as the server of a team's record says it; empty: made of the name, in a file without log-ins."""
    away: bool = False
    """This computer let the worker in, because a team's record did not answer."""

    def identity(self) -> Identity:
        """Return who this is."""
        return Identity(self.worker or worker_key(self.name), safe_line(self.name), self.role, self.station)


@dataclass(frozen=True, slots=True)
class Seated:
    """A worker at work; ``sentence`` is for the notice, empty when there is nothing to say."""

    seat: Seat
    sentence: str = ""


class Seating:
    """Brings one worker to a desk.  ``then`` hears a :class:`Seated` or the sentence of a refusal."""

    def __init__(self, place: Place, wanted: SignIn, window: WindowActs, then: Callable[[Seated | str], None]) -> None:
        self._place = place
        self._wanted = wanted
        self._window = window
        self._then = then
        self._seat: Seat | None = None
        self._restored = Restored()
        self._asked = False
        self._given = False
        self._patience: Timer | None = None

    def begin(self) -> None:
        """Open the journal; everything else follows from its answer."""
        who = self._wanted.identity()
        if not who.worker:
            self._then("Write your name. Nothing was changed.")
            return
        shelf = self._place.shelf_for(self._wanted.passphrase)
        self._place.runner.keep(lambda: shelf.open(who.worker, who.name), self._opened, self._no_journal)

    def _no_journal(self, problem: Exception) -> None:
        if isinstance(problem, NightdeskError):
            self._then(str(problem))
            return
        log.error("the journal could not be opened: %s", type(problem).__name__)
        self._then("The journal on this computer could not be opened. Nothing was changed; ask the technician.")

    def _opened(self, journal: Journal) -> None:
        who = self._wanted.identity()
        seat = build_seat(self._place, who, journal, self._wanted.extension.strip(), self._window)
        self._seat = seat
        if self._wanted.away:
            # In the journal before anything of it is read, and sent before anything else.
            seat.desk.recorder.record(opened_here(seat.desk.recorder, self._place.calendar, self._place.clock.now()))
        seat.desk.ledger.subscribe(lambda _: self._moved())
        self._patience = self._place.alarm.after(PATIENCE, self._impatient)
        since = self._place.calendar.stretch(self._place.clock.now()).start - BEFORE_SHIFT
        seat.desk.recorder.start(since, self._learned)

    def _learned(self, restored: Restored) -> None:
        self._restored = restored
        if self._seat is not None:
            self._seat.desk.half_filled.take_up(restored.half_filled)
        self._moved()

    def _moved(self) -> None:
        seat = self._seat
        link = seat.desk.ledger.link if seat is not None else None
        if seat is None or link is None or self._asked or link.link not in _ANSWERED:
            return
        if link.link is Link.TOGETHER and link.behind:
            return  # who holds the extension is known only once everything was read
        self._asked = True
        seat.desk.shift.sign_in(self._wanted.extension, self._signed_in)

    def _signed_in(self, outcome: Outcome) -> None:
        seat = self._seat
        if seat is None:
            return
        if not outcome.won and not self._given:
            self._seat = None
            unseat(self._place, seat)
            self._end_patience()
            self._then(outcome.sentence)
            return
        if self._given:
            if not outcome.won:
                # Somebody else holds that telephone: its calls must not be looked up here.
                seat.desk.calls.give_up_extension()
                self._window.say(f"{outcome.sentence} You work without a telephone until you sign in again.")
            return
        said = LET_IN_HERE if self._wanted.away else outcome.sentence
        self._give(seat, " ".join(part for part in (said, self._restored.sentence) if part))

    def _impatient(self) -> None:
        """The shared record does not answer: begin all the same, and sign in when it is back."""
        if self._seat is not None and not self._given:
            self._give(self._seat, LET_IN_HERE if self._wanted.away else BEGUN_WITHOUT)

    def _give(self, seat: Seat, sentence: str) -> None:
        self._given = True
        self._end_patience()
        desk, placed = seat.desk, self._place.clock.placed
        sit_down(self._place, desk.calls.extension, self._window)
        self._place.switchboard.start(Intake(self._place.inbox, lambda event: desk.calls.hear(placed(event))))
        UnsentWatch(desk.strays, desk.ledger, desk.shift, desk.who.station, self._place.alarm).look()
        self._then(Seated(seat, sentence))

    def _end_patience(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None


def unseat(place: Place, seat: Seat) -> None:
    """Let go of a desk that never came to work: hear nothing more, close its journal on its own thread."""
    seat.desk.shift.asking.cancel()
    seat.desk.recorder.stop()
    place.runner.keep(seat.journal.close, lambda _: None)
