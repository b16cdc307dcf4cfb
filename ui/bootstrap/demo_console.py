"""One console of the demo: everything a real one has, on the script's clock and the shared invented record."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from console.domain.call_events import CallEvent
from console.domain.calls import Call, Direction
from console.domain.people import Rank
from console.domain.record import Identity, Role
from console.domain.text import NightdeskError
from console.machine.runner import LaneRunner
from console.ports.clock import Clock
from console.ports.feed import Feed
from console.ports.journal import Journal
from console.ports.switchboard import Switchboard
from console.services.link_state import Link
from db.sqlite import SqliteStore
from ui.bootstrap.console import Console
from ui.bootstrap.demo_parts import STATION, CountedRunner
from ui.bootstrap.desk import Place, Seat, build_seat
from ui.bootstrap.no_window import NoWindow
from ui.bootstrap.place import INVENTED, Computer, Threads, make_place
from ui.bootstrap.seating import SignIn
from ui.desktop.demo.times import EveningAlarm
from ui.desktop.desk import Desk
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.look import Theme
from ui.desktop.window import ConsoleWindow

log = logging.getLogger(__name__)
SHORTEST_WAIT, LONGEST_WAIT = 0.05, 0.2
"""Seconds before a console reports what another one has perhaps reported."""


@dataclass(frozen=True, slots=True)
class House:
    """What all consoles of the demo share.  ``open_record`` gives each a connection of its own."""

    computer: Computer
    clock: Clock
    open_record: Callable[[], SqliteStore]
    attach: Callable[[], Switchboard]
    switchboard: UUID
    pace: Callable[[], float]
    fault: Callable[[Exception], None]


class Station:
    """Threads, record and telephone line of one console, without a window."""

    def __init__(self, house: House) -> None:
        self._store = house.open_record()
        self._house = house
        self.inbox = Inbox(house.fault)
        self._lanes = LaneRunner(self.inbox, house.fault)
        self.runner = CountedRunner(self._lanes, house.fault)
        self.alarm = EveningAlarm(house.clock, house.pace)
        work = Threads(self.inbox, self.runner, self.alarm)
        made = make_place(house.computer, self._store, self._feed, (house.attach(), house.switchboard), work)
        self.place: Place = replace(made, wait=_wait, rehearsal=INVENTED)

    def _feed(self, who: Identity) -> Feed:
        return self._store.feed(who, self._house.clock)

    def quiet(self) -> bool:
        """Say whether nothing is under way here."""
        return not self.inbox.waiting() and self.alarm.quiet and self.runner.quiet

    def end(self) -> None:
        """End threads and timers, and let go of the record."""
        self.alarm.stop()
        self._lanes.close()
        self.inbox.close()
        self._store.close()


def _wait() -> float:
    return random.uniform(SHORTEST_WAIT, LONGEST_WAIT)  # noqa: S311 - spreads reports, keeps no secret


def at_rest(desk: Desk) -> bool:
    """Say whether a desk has shared what it has and read what there is; an absent record is no work either."""
    link = desk.ledger.link
    return link.is_away or (link.link is Link.TOGETHER and not link.waiting and not link.behind)


class DemoConsole:
    """Implements ``Workplace``: a real console's window and shutting down, at a station of the demo."""

    def __init__(self, house: House, theme: Theme) -> None:
        self._station = Station(house)
        self._console = Console(self._station.place, theme, self._station.end)

    @property
    def window(self) -> ConsoleWindow:
        """Return its window."""
        return self._console.window

    @property
    def desk(self) -> Desk | None:
        """Return the services once somebody sits there."""
        return self._console.seat.desk if self._console.seat is not None else None

    def sign_in(self, name: str, extension: str, role: Role, screen: Screen, then: Callable[[str], None]) -> None:
        """Sign in and show the window."""

        def seated() -> None:
            self.window.setWindowTitle(f"DEMO: {name}")
            self.window.show()
            then("")

        self._console.sign_in(SignIn(name, role, extension, STATION), seated, then, screen)

    def quiet(self) -> bool:
        """Say whether nothing of it is under way."""
        return self._station.quiet() and (self.desk is None or at_rest(self.desk))

    def close(self) -> None:
        """Shut down in the tested order."""
        self._console.close()


class Colleagues:
    """The rest of the team, without windows: hears the telephones from before the windows open, and keeps
    the records of colleagues whose calls come in the evening of the script.  ``windows`` are the
    telephones that somebody plays.
    """

    def __init__(self, house: House, windows: frozenset[str], since: datetime) -> None:
        self._station = Station(house)
        self._windows = windows
        self._since = since
        self._who = Identity("demo.colleagues", "The rest of the team", Role.ASSISTANT_TEAM_MANAGER, STATION)
        self._seat: Seat | None = None
        self._recorded: set[UUID] = set()

    def begin(self, ready: Callable[[], None]) -> None:
        """Listen; ``ready`` is called once everything that happens will be heard."""
        place = self._station.place
        place.runner.keep(lambda: place.shelf.open(self._who.worker, self._who.name), lambda j: self._sit(j, ready))

    def _sit(self, journal: Journal, ready: Callable[[], None]) -> None:
        place = self._station.place
        seat = build_seat(place, self._who, journal, "", NoWindow())
        self._seat = seat
        seat.desk.calls.subscribe(lambda _: self._record(seat.desk))

        def listen() -> None:
            if seat.desk.shift.shift().workers:
                end()
                place.switchboard.start(hear)
                ready()

        def hear(event: CallEvent) -> None:
            self._station.inbox.post(lambda: seat.desk.calls.hear(event))

        # Only who has read who sits where can say whose calls and pauses they are.
        end = seat.desk.ledger.subscribe(lambda _: listen())
        seat.desk.recorder.start(place.calendar.stretch(place.clock.now()).start, lambda _: None)

    def _record(self, desk: Desk) -> None:
        """Open the record of a colleague's call once it is answered, as that colleague would."""
        for call in desk.calls.calls():
            answered = call.answered_by[-1] if call.answered_by else ""
            late = call.answered_at is not None and call.answered_at >= self._since
            if late and answered not in self._windows and call.id not in self._recorded:
                self._recorded.add(call.id)
                self._open(desk, call, answered)

    def _open(self, desk: Desk, call: Call, extension: str) -> None:
        holder = desk.shift.shift().holder(extension)
        if holder is None or call.direction is not Direction.INBOUND:
            return
        contact = desk.contacts.open(call.id, call.dialled, received=call.offered_at)
        line = desk.cover.line(call.dialled)
        children = line is not None and line.service == "children"
        desk.contacts.set_field(contact, "type", "child_protection" if children else "information")
        desk.contacts.set_field(contact, "priority", Rank.HOUR.value if children else Rank.SHIFT.value)
        desk.contacts.give(contact, holder.worker)

    def quiet(self) -> bool:
        """Say whether everything heard is written down."""
        return self._station.quiet() and (self._seat is None or at_rest(self._seat.desk))

    def close(self) -> None:
        """Hear no more."""
        self._station.place.switchboard.stop()
        if self._seat is not None:
            self._seat.desk.recorder.stop()
            self._station.place.runner.keep(self._seat.journal.close, lambda _: None)
        self._station.end()


def sentence_of(problem: Exception) -> str:
    """Return what to tell of a failure nobody took."""
    return str(problem) if isinstance(problem, NightdeskError) else type(problem).__name__
