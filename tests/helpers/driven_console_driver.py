"""The child process of a driven console: a real Console in a real window that obeys lines of JSON.

``python -m tests.helpers.driven_console_driver SPEC.json``.  Each line in is ``{"id", "do", ...}``,
each line out ``{"id", "ok"}`` or ``{"id", "error"}``; keys typed by a typist are told as they fall.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import logging
import os
import sys
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from console.domain.ids import FACTS
from console.domain.record import Role
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.logging import log_to
from console.machine.paths import home
from console.machine.speech import HelperSpeaker
from console.ports.secrets import KeyringState, Secrets, SecretsUnavailable
from console.ports.switchboard import Switchboard
from db.opening import open_store
from telephony_adapters import asterisk_ami, freeswitch_esl
from tests.helpers.driven_console_hands import HANDS, Typist
from tests.helpers.driven_console_probes import PROBES, Stalled, desk, in_the_way
from tests.helpers.driven_console_words import Witness
from tests.helpers.guards import listening_to_logs
from ui.bootstrap.coming_in import ComingIn
from ui.bootstrap.console import Console
from ui.bootstrap.opening import Record
from ui.bootstrap.place import Computer, Threads, make_place, switchboard_of, threads
from ui.bootstrap.rehearsal.ended import review_beside
from ui.bootstrap.seating import SignIn
from ui.bootstrap.team import team_named
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import apply, choose
from ui.settings import Settings

_POP = "local_pop"
THROUGH = "through_witness"
"""In the place of an address: the telephones are heard through the shared record."""


@dataclass(frozen=True, slots=True)
class Spec:
    """How a console is made.

    ``switchboard`` is an address of a simulator, ``local_pop``, or :data:`THROUGH`; ``ami`` and ``esl`` are the
    settings of an Asterisk and of a FreeSWITCH.
    """

    database: str
    name: str
    role: str
    extension: str
    screen: str
    secrets: str = ""
    password: str = ""
    """Of the log-in on a team's record; only ever a test's."""
    switchboard: str = ""
    ami: dict[str, str | int | bool] = field(default_factory=dict)
    esl: dict[str, str | int | bool] = field(default_factory=dict)
    size: tuple[int, int] = (1366, 690)
    dark: bool = False


class FileSecrets:
    """A keyring in a file of the test's: several processes share it and a killed one leaves it whole."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def state(self) -> KeyringState:
        """Say that it may be used."""
        return KeyringState("test", usable=True)

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        found = self._all().get(name)
        return str(found) if found is not None else None

    def put(self, name: str, secret: str) -> None:
        """Keep it, in one step."""
        new = self._file.with_name(f"{self._file.name}.{os.getpid()}")
        new.write_text(json.dumps({**self._all(), name: secret}), encoding="utf-8")
        new.replace(self._file)

    def forget(self, name: str) -> None:
        """Remove it."""
        self._file.write_text(json.dumps({key: value for key, value in self._all().items() if key != name}))

    def _all(self) -> dict[str, Any]:
        return dict(json.loads(self._file.read_text(encoding="utf-8"))) if self._file.exists() else {}


class LockedSecrets(FileSecrets):
    """A keyring whose owner did not unlock it."""

    def get(self, name: str) -> str | None:
        """Refuse."""
        raise SecretsUnavailable("The keyring refused (KeyringLocked); it may be locked.  Nothing was changed.")

    def state(self) -> KeyringState:
        """Say that it cannot be used."""
        return KeyringState("test", usable=False, sentence="The keyring is locked.")


class Stalls:
    """Gaps between two turns of the event loop, by the clock that all processes share."""

    LONG = 0.03

    def __init__(self) -> None:
        self._last = time.monotonic()
        self._gaps: list[tuple[float, float]] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(2)
        self._timer.timeout.connect(self._beat)
        self._timer.start()

    def take(self) -> list[tuple[float, float]]:
        """Return the gaps longer than 30 ms since the last time, each with its begin and end."""
        self._beat()
        found, self._gaps = self._gaps, []
        return found

    def _beat(self) -> None:
        now = time.monotonic()
        if now - self._last > self.LONG:
            self._gaps.append((self._last, now))
        self._last = now


class Driver:
    """Holds one console and does what it is told, on the windows' thread."""

    def __init__(self, spec: Spec, warnings: Callable[[], str]) -> None:
        self.spec = spec
        self.warnings = warnings
        self.refused = ""
        self.left = False
        self.faults: list[str] = []
        self.typists: list[Typist] = []
        self.most_windows = 0
        self.speaker = HelperSpeaker()
        self.modal = ""
        self._theme = choose(dark=spec.dark)
        self._inbox = Inbox(self._fault)
        self._ends: list[Callable[[], None]] = []
        self.commands = Inbox()
        self.console: Console = self._console()
        self.console.window.left.connect(self._left)
        self.witness = Witness(self.console.window)
        self.stalls: Stalled = Stalls()
        self._watching = QTimer()
        self._watching.timeout.connect(self._watch)
        self._watching.start(15)

    def _computer(self) -> Computer:
        kinds: dict[str, Callable[[Path], Secrets]] = {"locked": LockedSecrets}
        here = home(os.environ)
        kind, _, file = self.spec.secrets.partition(":")
        secrets = kinds.get(kind, FileSecrets)(Path(file) if file else here.root / "secrets.json")
        simulator: dict[str, str | int | float | bool] = {"address": self.spec.switchboard}
        known = self.spec.switchboard
        settings = Settings(
            switchboard=known if known in (_POP, THROUGH) else "simulator" if known else "",
            rehearsal=True,
            switchboards={"simulator": simulator, _POP: {"telephone_links": True}},
        )
        return Computer(here, settings, secrets, "", SystemClock())

    def _telephones(self, computer: Computer) -> tuple[Switchboard, uuid.UUID]:
        for spec, told in ((asterisk_ami.SPEC, self.spec.ami), (freeswitch_esl.SPEC, self.spec.esl)):
            if told:
                connected = spec.connect(msgspec.convert(told, spec.settings))
                return connected, uuid.uuid5(FACTS, f"{spec.key} {told['host']}")
        return switchboard_of(computer)

    def _console(self) -> Console:
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        apply(application, self._theme)
        computer, alarm = self._computer(), QtAlarm()
        store = self._record(computer)
        work, runner = threads(self._inbox, alarm, self._fault)
        place = make_place(
            computer, store, lambda who: store.feed(who, computer.clock), self._telephones(computer),
            Threads(work.inbox, work.runner, alarm),
        )  # fmt: skip

        if team_named(self.spec.database, computer.settings) is None:
            place = replace(place, review=review_beside(Path(self.spec.database)))

        def end() -> None:
            runner.close()
            store.close()
            for one in self._ends:
                one()
            self._inbox.close()

        return Console(place, self._theme, end)

    def _record(self, computer: Computer) -> Record:
        """Open the record: a file, or a team's with this worker's own log-in."""
        self._worker, self._away = "", False
        team = team_named(self.spec.database, computer.settings)
        if team is None:
            return open_store(self.spec.database, key=None, clock=computer.clock)
        coming = ComingIn(team, computer.secrets, computer.clock, computer.settings.offline_days)
        admitted = coming.admit(team.target.service.login(self.spec.name), self.spec.password)
        self._ends.append(coming.end)
        self._worker, self._away = admitted.worker, admitted.away
        assert Role(self.spec.role) in admitted.roles
        return admitted.store

    def _fault(self, fault: Exception) -> None:
        self.faults.append(f"{type(fault).__name__}: {fault}")

    def _left(self) -> None:
        self.left = True

    def _watch(self) -> None:
        modal = in_the_way()
        if modal is not None:
            self.modal = type(modal).__name__
        shown = sum(1 for one in QApplication.topLevelWidgets() if one.isVisible())
        self.most_windows = max(self.most_windows, shown)

    # --- commands -----------------------------------------------------------------------------

    def sign_in(self, **other: str) -> None:
        """Sign in, as the spec says or otherwise."""
        self.refused = ""
        spec = self.spec
        wanted = SignIn(
            other.get("name", spec.name), Role(other.get("role", spec.role)), other.get("extension", spec.extension),
            f"desk {other.get('extension', spec.extension)}", worker=self._worker, away=self._away,
        )  # fmt: skip

        def refuse(sentence: str) -> None:
            self.refused = sentence

        self.console.sign_in(wanted, self._seated, refuse, Screen(other.get("screen", spec.screen)))

    def _seated(self) -> None:
        window = self.console.window
        window.resize(*self.spec.size)
        window.show()
        window.activateWindow()
        self.witness.start()

    def do(self, command: dict[str, Any]) -> object:
        """Do one command and return its answer."""
        words = dict(command)
        name = words.pop("do")
        words.pop("id", None)
        if name in ("sign_in", "debrief", "type_slowly", "theme", "speak"):
            self._begin(name, words)
            return None
        if name == "probe":
            return PROBES[words["name"]](self)
        if name == "rows":
            return self.witness.now(words.get("screen", ""))
        if name == "ever":
            return self.witness.ever()
        if name == "picture":
            return self.console.window.grab().save(words["file"])
        return HANDS[name](self.console.window, **words)

    def _begin(self, name: str, words: dict[str, Any]) -> None:
        if name == "sign_in":
            self.sign_in(**words)
        elif name == "type_slowly":
            self.typists.append(Typist(self.console.window, words["text"], words["every_ms"]))
        elif name == "theme":
            self.console.window.change_theme()
        elif name == "speak":
            self.speaker.say(words["text"])
        else:
            # No screen of this version has a form for it; the service is what the board would call.
            services = desk(self)
            incident = services.folds.incidents()[-1].id
            services.incidents.debrief(incident, words["worker"], accepted=words["accepted"])

    def quit(self) -> None:
        """End in the tested order."""
        self.witness.stop()
        self.speaker.close()
        self.console.close()
        QApplication.quit()


def say(message: dict[str, Any]) -> None:
    """Write one line."""
    sys.stdout.write(msgspec.json.encode(message).decode() + "\n")
    sys.stdout.flush()


def obey(driver: Driver, command: dict[str, Any]) -> None:
    """Do a command and answer it; whatever goes wrong is the answer."""
    identity = command.get("id")
    try:
        answer = None
        if command["do"] == "quit":
            driver.quit()
        else:
            answer = driver.do(command)
        say({"id": identity, "ok": answer})
    except NightdeskError as refused:
        say({"id": identity, "error": f"{type(refused).__name__}: {refused}"})
    except Exception as error:
        say({"id": identity, "error": f"{type(error).__name__}: {error}\n{traceback.format_exc(limit=-4)}"})


def listen(driver: Driver) -> None:
    """Read commands until the other end closes; then the console ends."""
    for line in sys.stdin:
        command = json.loads(line)
        driver.commands.post(partial(obey, driver, command))
    driver.commands.post(partial(obey, driver, {"do": "quit"}))


def main() -> int:
    """Build the console and serve until told to end."""
    parser = argparse.ArgumentParser()
    parser.add_argument("spec", type=Path)
    spec = msgspec.json.decode(parser.parse_args().spec.read_bytes(), type=Spec)
    faulthandler.enable()
    application = QApplication(["nightdesk"])
    application.setQuitOnLastWindowClosed(False)
    logging.getLogger().setLevel(logging.INFO)
    with log_to(home(os.environ).logs), listening_to_logs() as heard:
        driver = Driver(spec, heard.said)
        threading.Thread(target=listen, args=(driver,), name="commands", daemon=True).start()
        say({"ready": True})
        application.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
