"""Opens what a console stands on, record and switchboard, and makes the console; kept out of the first paint."""

from __future__ import annotations

import logging
import socket
from contextlib import ExitStack
from dataclasses import replace
from uuid import UUID

from console.domain.record import Identity, Role
from console.domain.text import NightdeskError, safe_line
from console.machine.speech import make_speaker
from console.ports.feed import Feed
from console.ports.switchboard import Switchboard
from db.sqlite import SqliteStore
from ui.bootstrap.console import Console
from ui.bootstrap.entrance import ConsoleOptions
from ui.bootstrap.place import Computer, make_place, rehearsal_words, switchboard_of, this_computer, threads
from ui.bootstrap.record import open_or_make_record
from ui.bootstrap.seating import SignIn
from ui.bootstrap.speaking import Speaking
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.theme.look import Look
from ui.settings import Settings

log = logging.getLogger(__name__)


class Opened:
    """An open record with a switchboard chosen; :meth:`console` makes the one console of this program.

    ``rehearsal`` is what its windows say where this is no real night.
    """

    def __init__(
        self,
        computer: Computer,
        store: SqliteStore,
        telephones: tuple[Switchboard, UUID],
        ends: ExitStack,
        rehearsal: str = "",
    ) -> None:
        self._computer = computer
        self._store = store
        self._telephones = telephones
        self._ends = ends
        self.rehearsal = rehearsal
        self._console: Console | None = None
        self._speaking: Speaking | None = None

    @property
    def has_keyring(self) -> bool:
        """Say whether this computer keeps keys; where it does not, a passphrase is asked for."""
        return not self._computer.secrets_sentence

    def sign_in(self, name: str, role: Role, extension: str, passphrase: str) -> SignIn:
        """Return what the sign-in says, with this computer's name."""
        return SignIn(name, role, extension.strip(), safe_line(socket.gethostname(), 60), passphrase)

    def console(self, look: Look) -> Console:
        """Return the console; made at the first call, on the windows' thread."""
        if self._console is None:
            inbox, alarm = Inbox(self._unhandled), QtAlarm()
            work, runner = threads(inbox, alarm, self._unhandled)
            made = make_place(self._computer, self._store, self._feed, self._telephones, work)
            place = replace(made, rehearsal=self.rehearsal)
            self._ends.callback(inbox.close)
            self._ends.callback(runner.close)
            self._ends.callback(alarm.stop)
            self._console = Console(place, look.theme, self._ends.close)
        return self._console

    def at_work(self, console: Console) -> None:
        """Say what the worker should know of this computer, and begin to speak where that is wanted."""
        speaker, why_silent = make_speaker(self._computer.settings.speech)
        unkept = self._computer.secrets_sentence if console.seat and console.seat.journal.memory_only else ""
        said = "  ".join(part for part in (unkept, why_silent) if part)
        if said:
            console.window.say(said)
        if console.seat is not None and self._computer.settings.speech:
            self._speaking = Speaking(console.seat.desk, speaker)
            self._ends.callback(self._speaking.stop)
        else:
            speaker.close()

    def close(self) -> None:
        """Let go of everything that is still held."""
        if self._console is not None:
            self._console.close()
        self._ends.close()

    def _feed(self, who: Identity) -> Feed:
        return self._store.feed(who, self._computer.clock)

    def _unhandled(self, problem: Exception) -> None:
        if not isinstance(problem, NightdeskError):
            log.error("something failed and nobody took it: %s", type(problem).__name__)
        if self._console is not None:
            self._console.window.say(str(problem) if isinstance(problem, NightdeskError) else _FAULT)


_FAULT = (
    "Something went wrong inside Nightdesk.  What you typed is kept.  Go on; and tell the technician, "
    "who finds the place in the log."
)


def open_everything(settings: Settings, options: ConsoleOptions) -> Opened:
    """Open the record and choose the switchboard; callable on any thread.  Raises ``NightdeskError``."""
    computer = this_computer(settings)
    telephones = switchboard_of(computer, dict(options.overrides))
    with ExitStack() as stack:
        store = stack.enter_context(open_or_make_record(options.database, options.key_file, invented=False))
        marked = rehearsal_words(telephones[0], invented=store.is_invented())
        return Opened(computer, store, telephones, stack.pop_all(), marked)
