"""The room of a rehearsal: its record, its telephones, its played colleagues and its director, built together."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

from console.domain.ids import FACTS
from console.domain.record import Identity
from console.machine.runner import LaneRunner
from console.machine.secrets import SessionSecrets
from console.ports.clock import Alarm, Clock
from console.ports.feed import Feed
from console.ports.runner import Inbox
from console.ports.switchboard import Switchboard
from db.sqlite import SqliteStore
from telephony_adapters.simulator import SimulatedSwitchboard, SimulatorControl, SimulatorServer
from telephony_adapters.simulator.rehearsal import Line, Rehearsal, Seat
from ui.bootstrap.desk import Place
from ui.bootstrap.place import INVENTED, Computer, Threads, make_place
from ui.bootstrap.rehearsal.colleague import Colleague
from ui.bootstrap.rehearsal.director import Director, Hall
from ui.bootstrap.rehearsal.folder import Folder, make_record, open_record
from ui.bootstrap.rehearsal.reading import RecordReader
from ui.settings import Settings


@dataclass(frozen=True, slots=True)
class Engine:
    """What runs things: the thread that everything of the room happens on, its timers, and who hears a fault."""

    inbox: Inbox
    alarm: Alarm
    clock: Clock
    fault: Callable[[Exception], None]


class Room:
    """Everything but the windows.  ``by_hand`` are the seats where somebody trains."""

    def __init__(
        self, script: Rehearsal, folder: Folder, engine: Engine, by_hand: frozenset[str], speed: float = 1.0
    ) -> None:
        self.script = script
        self.folder = folder
        self._engine = engine
        make_record(folder, script, engine.clock)
        if script.telephones is None:
            raise TypeError(script)
        self._board = SimulatedSwitchboard(script.telephones, engine.clock, waits_for=0, people=True)
        SimulatorControl(self._board).play()
        self._server = SimulatorServer(self._board)
        self.failed: list[str] = []
        self._runner = LaneRunner(engine.inbox, engine.fault)
        self._store = open_record(folder, engine.clock)
        played = {key: self._colleague(seat) for key, seat in script.seats.items() if key not in by_hand}
        self.colleagues = played
        hall = Hall(
            played, self._board.do, RecordReader(self._store).more, self._runner, engine.alarm, engine.clock
        )  # fmt: skip
        self.director = Director(script, hall, by_hand, speed=speed)

    @property
    def address(self) -> str:
        """Return where a console of this computer finds the rehearsal's telephones."""
        return self._server.address

    def begin(self, refused: Callable[[str], None]) -> None:
        """Let the colleagues sign in, and begin to look at the record."""
        for colleague in self.colleagues.values():
            colleague.begin(refused)
        self.director.look()

    @property
    def seated(self) -> bool:
        """Say whether everybody is at work, played or not."""
        return self.director.ready and all(one.desk is not None for one in self.colleagues.values())

    def place(self, seat: Seat, alarm: Alarm | None = None) -> tuple[Place, Callable[[], None]]:
        """Return a place at this rehearsal for one desk, and what ends its threads and its way to the record."""
        engine = self._engine
        store = open_record(self.folder, engine.clock)
        runner = LaneRunner(engine.inbox, engine.fault)
        settings = Settings(rehearsal=True, switchboard="simulator")
        computer = Computer(self.folder.home(seat.key), settings, SessionSecrets(), "", engine.clock)
        telephones: tuple[Switchboard, uuid.UUID] = (self._board.attach(), self._switchboard_id())
        work = Threads(engine.inbox, runner, alarm or engine.alarm)
        made = make_place(computer, store, partial(_feed, store, engine.clock), telephones, work)

        def end() -> None:
            runner.close()
            store.close()

        return replace(made, rehearsal=INVENTED, review=self.folder.review), end

    def _switchboard_id(self) -> uuid.UUID:
        # As a console names it that was given this address: all tell of one switchboard, or every fact is told twice.
        return uuid.uuid5(FACTS, f"simulator {self.address}")

    def _colleague(self, seat: Seat) -> Colleague:
        place, end = self.place(seat)
        return Colleague(seat, place, end, self._told)

    def _told(self, line: Line, why: str) -> None:
        if why:
            self.failed.append(f"line {line.number}: {line.words}: {why}")
        self.director.hearers.told(line.words, why)

    def close(self) -> None:
        """End everything; the folder stays."""
        self.director.stop()
        for colleague in self.colleagues.values():
            colleague.close()
        self._runner.close()
        self._store.close()
        self._server.close()


def _feed(store: SqliteStore, clock: Clock, who: Identity) -> Feed:
    return store.feed(who, clock)
