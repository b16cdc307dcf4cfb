"""The demo, put together: a temporary folder, an invented record, one rehearsed switchboard, three real windows."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar, local
from console.domain.ids import FACTS
from console.domain.invent import invent
from console.domain.rota_sample import sample_duties
from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.machine.secrets import SessionSecrets
from db.opening import create_store, open_store
from db.people_desk import add_invented
from db.rota_import import add_rota
from db.sqlite import SqliteStore
from telephony_adapters.simulator import Happening, Script, SimulatedSwitchboard, SimulatorControl, Times, load
from ui.bootstrap.demo_console import Colleagues, DemoConsole, House, sentence_of
from ui.bootstrap.demo_parts import HeldRecord, sign_in_staff
from ui.bootstrap.place import Computer
from ui.bootstrap.screen import refuse_deaf_display
from ui.desktop.demo.driver import DemoDriver
from ui.desktop.demo.pictures import USUAL, Pictures
from ui.desktop.demo.places import BEHIND, places
from ui.desktop.demo.stage import Player, Stage
from ui.desktop.demo.strip import ControlStrip
from ui.desktop.demo.telling import Telling
from ui.desktop.demo.times import EveningClock
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.application import application, dress
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.theme.look import Look
from ui.exits import Exit
from ui.settings import Settings

PEOPLE = 200
WAITS_FROM = 3.0
"""Speed above which the script stands still while somebody acts."""
JUST_BEFORE = timedelta(minutes=15)
"""Calls answered by colleagues this long before the windows open are still in hand, and have a record."""
FRAMED = 0.3
"""After which the desktop has put its frame around a new window: only then it can be moved to where it is meant."""
KEY_SECONDS = 0.045
"""How long a person takes for a key."""


@dataclass(frozen=True, slots=True)
class DemoOptions:
    """What was asked for; ``speed`` None is life's speed, or as fast as it goes where nobody sees."""

    script: str = "script_a"
    speed: float | None = None
    pictures: Path | None = None
    report: Path | None = None
    seen: bool = False
    sizes: tuple[tuple[int, int], ...] = USUAL

    @property
    def steps(self) -> bool:
        """Say whether the demo goes from line to line by itself."""
        return not self.seen and self.speed is None

    @property
    def ends(self) -> bool:
        """Say whether it ends by itself."""
        return not self.seen or (self.speed is not None and (self.report or self.pictures) is not None)


def play_demo(options: DemoOptions, say: Callable[[str], None]) -> int:
    """Play; return the exit code.  Raises ``BadScript`` before anything is opened."""
    script = load(options.script)
    if options.pictures is not None:
        options.pictures.mkdir(parents=True, exist_ok=True)
    if options.seen:
        refuse_deaf_display(os.environ)
    app = application(seen=options.seen)
    look = dress(app, None if options.seen else False)
    with tempfile.TemporaryDirectory(prefix="nightdesk-demo-", ignore_cleanup_errors=True) as folder:
        demo = Demo(options, script, Path(folder), look, say)
        # Not quit(): it asks every window first, and one with work in hand stays open.
        demo.ended = partial(app.exit, 0)
        demo.begin()
        stopped = app.exec()
        return demo.close() if not stopped else demo.stop(stopped)


class Demo:
    """One evening.  ``ended`` is called when there is nothing more to see."""

    def __init__(
        self, options: DemoOptions, script: Script, folder: Path, look: Look, say: Callable[[str], None]
    ) -> None:
        self._options = options
        self._look = look
        self._say = say
        self.ended: Callable[[], None] = lambda: None
        self.telling = Telling(say)
        self.faults: list[str] = []
        steady = SystemClock()
        self.board = SimulatedSwitchboard(
            script, steady, speed=options.speed or 1.0, times=Times.SCRIPT, waits_for=0, people=True
        )
        self.control = SimulatorControl(self.board)
        self.inbox = Inbox(self._fault)
        self._record = self._make_record(folder, script)
        self.held = HeldRecord(self._record.database.another(3.0))
        self.house = self._make_house(folder)
        windows = frozenset(line.arguments[0] for line in script.by_people() if line.verb == "signs_in")
        self.evening = Colleagues(self.house, windows, script.opens - JUST_BEFORE)
        self.stage = Stage({one.key: one for one in self._players(script)}, script.opens)
        self.pictures = Pictures(options.pictures, options.sizes)
        self.driver = DemoDriver(
            self.control, self.inbox, self.stage, self.telling, self.pictures,
            waits=self._waits, steps=options.steps, pace=self._pace if options.seen else None, ready=self.evening.quiet,
            away=self._taken,
        )  # fmt: skip
        self.strip: ControlStrip | None = None
        self._soon = QtAlarm()
        self.verified = False

    # --- making -------------------------------------------------------------------------------

    def _make_record(self, folder: Path, script: Script) -> SqliteStore:
        self._clock = EveningClock(self.board.night.position, SystemClock())
        self._file = str(folder / "demo.db")
        store = create_store(self._file, key=None, clock=self._clock, invented=True)
        if not isinstance(store, SqliteStore):
            raise TypeError(store)
        add_invented(store.database, invent(PEOPLE, 1), _nothing)
        now = self._clock.now()
        rota = sample_duties(local(now).date(), 1, Calendar(england()))
        add_rota(store.database, rota, now, invented=True)
        windows = {line.arguments[0] for line in script.by_people() if line.verb == "signs_in"}
        staff = [(phone.extension, phone.name) for phone in script.phones.values() if phone.extension not in windows]
        sign_in_staff(store, staff, Calendar(england()), self._clock)
        return store

    def _make_house(self, folder: Path) -> House:
        settings = Settings(rehearsal=True, switchboard="simulator")
        computer = Computer(Home(folder), settings, SessionSecrets(), "", self._clock)
        return House(
            computer, self._clock, self._open_record, self.board.attach, uuid.uuid5(FACTS, "the demo's switchboard"),
            self._speed, self._fault,
        )  # fmt: skip

    def _open_record(self) -> SqliteStore:
        store = open_store(self._file, key=None, clock=self._clock)
        if not isinstance(store, SqliteStore):
            raise TypeError(store)
        return store

    def _players(self, script: Script) -> list[Player]:
        names = {line.actor: line.arguments[0] for line in script.by_people() if line.verb == "signs_in"}
        phones = script.phones
        return [
            Player(key, phones[extension].name or key, DemoConsole(self.house, self._look.theme))
            for key, extension in names.items()
        ]

    # --- playing ------------------------------------------------------------------------------

    def begin(self) -> None:
        """Let the evening before happen, then the script."""
        self.control.listen(self._heard)
        self.driver.finished.connect(self._finished)
        self.driver.start()
        if self._options.seen:
            self.driver.seated.connect(lambda key: self._soon.after(FRAMED, partial(self._arrange, key)))
            self._show_strip()
        self.evening.begin(self._start)

    def _heard(self, line: Happening) -> None:
        self.driver.hear(line)

    def _start(self) -> None:
        if self._options.steps:
            self.control.pause()
        else:
            self.control.play()

    def _show_strip(self) -> None:
        title = self.board.script.title
        self.strip = ControlStrip(self._look, self.control, self.held, title, lambda: self.driver.waits_for)
        self.strip.closed.connect(self._leave)
        self.strip.show()
        self._soon.after(FRAMED, self._arrange)

    def _arrange(self, key: str = "") -> None:
        """Put the strip, and the window of whoever has just sat down, where the story is seen."""
        if self.strip is None:
            return
        found = places(self.strip.screen().availableGeometry(), self.strip.sizeHint())
        self.strip.move(found.strip.topLeft())
        seated = {player.began: player.place.window for player in self.stage.seated()}
        if key and (player := self.stage.of(key)).began in found.windows:
            place = found.windows[player.began]
            player.place.window.resize(place.size())
            player.place.window.move(place.topLeft())
        for window in (seated[screen] for screen in BEHIND if screen in seated):
            window.raise_()

    def _taken(self) -> bool:
        # Telephones that the script itself takes away come back by the script, which must not wait for them.
        phones = self.strip is not None and self.strip.telephones_taken and self.control.state().phones_away
        return self.held.away or phones

    def _leave(self) -> None:
        self.ended()

    def _finished(self) -> None:
        if self._options.ends:
            self.ended()

    def _waits(self) -> bool:
        return self._options.steps or self._speed() > WAITS_FROM

    def _speed(self) -> float:
        return 100.0 if self._options.steps else self.board.night.head().speed

    def _pace(self) -> float:
        speed = self._speed()
        return KEY_SECONDS / speed if speed <= WAITS_FROM else 0.0

    def _fault(self, problem: Exception) -> None:
        self.faults.append(sentence_of(problem))

    # --- ending -------------------------------------------------------------------------------

    def close(self) -> int:
        """Check what can only be checked at the end, shut everything down, and return the exit code."""
        self.driver.stop()
        self.held.give_back()
        if self._options.ends:
            self._last_checks()
        for player in self.stage.players.values():
            player.place.close()
        self.evening.close()
        self.board.close()
        self.held.close()
        if self._options.ends:
            self._verify()
            self._say(f"longest time the windows were held: {self.driver.longest_stall * 1000:.0f} ms")
            self._say(self.telling.summary())
        if self.strip is not None:
            self.strip.close()
        self._write_report()
        self._record.close()
        return Exit.CHECK_FAILED if self._options.ends and self.telling.failed else Exit.OK

    def stop(self, code: int) -> int:
        """Shut everything down after Ctrl+C; what was not played is no failure."""
        self._options = replace(self._options, seen=True, speed=None)
        self.close()
        return code

    def _last_checks(self) -> None:
        check = partial(self.telling.check, self._clock.now())
        modal = self.driver.modal_seen
        check("no window ever asked before work could go on", f"a {modal} was open" if modal else "")
        seated = self.stage.seated()
        aside = sum(len(player.desk.ledger.set_aside()) for player in seated)
        check("every entry was taken by the shared record", f"{aside} were set aside" if aside else "")
        waiting = sum(player.desk.ledger.link.waiting for player in seated)
        check("nothing waits on any computer", f"{waiting} entries wait" if waiting else "")
        heads = {player.desk.ledger.link.head for player in seated}
        check("all windows have read the same record", "" if len(heads) <= 1 else f"{len(heads)} different heads")
        check("nothing failed unnoticed", "; ".join(self.faults[:3]))

    def _verify(self) -> None:
        report = self._record.verify()
        why = "" if report.first_bad == 0 else f"{report.where} {report.first_bad}: {report.what}"
        words = f"the record is honest: {report.entries} entries, {report.accesses} look-ups"
        self.telling.check(self._clock.now(), words, why)

    def _write_report(self) -> None:
        if self._options.report is not None:
            more: dict[str, object] = {
                "script": self._options.script,
                "title": self.board.script.title,
                "longest_stall_ms": round(self.driver.longest_stall * 1000, 1),
                "pictures": [file.name for file in self.pictures.taken],
            }
            self.telling.write(self._options.report, more)


def _nothing(_: int) -> None:
    return None
