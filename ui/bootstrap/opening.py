"""Opens what a console stands on, record and switchboard, and makes the console; kept out of the first paint."""

from __future__ import annotations

import logging
import socket
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import UUID

from console.domain.record import SHIFT_ROLES, Identity, Role
from console.domain.text import BadInput, NightdeskError, safe_line
from console.machine.speech import make_speaker
from console.ports.clock import Clock
from console.ports.feed import Feed
from console.ports.store import Store
from console.ports.switchboard import Switchboard
from db.team import Admitted
from ui.bootstrap.coming_in import ComingIn
from ui.bootstrap.console import Console
from ui.bootstrap.entrance import ConsoleOptions, NotOpened
from ui.bootstrap.place import INVENTED, Computer, make_place, rehearsal_words, telephones_of, this_computer, threads
from ui.bootstrap.record import open_or_make_record, open_record
from ui.bootstrap.rehearsal.ended import review_beside
from ui.bootstrap.seating import SignIn
from ui.bootstrap.signals_aloud import signals_aloud
from ui.bootstrap.speaking import Speaking
from ui.bootstrap.team import Team, team_named
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.theme.look import Look
from ui.settings import Settings

log = logging.getLogger(__name__)


class Record(Store, Protocol):
    """A shared record that a console works on."""

    def feed(self, who: Identity, clock: Clock) -> Feed:
        """Return a feed for ``who``."""


class Opened:
    """A switchboard chosen, and a record open or, of a team, its address; :meth:`console` makes the one console.

    ``rehearsal`` is what its windows say where this is no real night, ``review`` where a rehearsal's will be.
    """

    def __init__(
        self,
        computer: Computer,
        record: Record | Team,
        telephones: tuple[Switchboard, UUID],
        ends: ExitStack,
        rehearsal: str = "",
        review: Path | None = None,
    ) -> None:
        self._computer = computer
        self._record = record
        self._telephones = telephones
        self._ends = ends
        self.rehearsal = rehearsal
        self._review = review
        self._console: Console | None = None
        self._closed = False
        self._away = False
        self._speaking: Speaking | None = None
        self._inbox: Inbox | None = None

    @property
    def has_keyring(self) -> bool:
        """Say whether this computer keeps keys; where it does not, a passphrase is asked for."""
        return not self._computer.secrets_sentence

    def enter(self, typed: str, password: str, *, keyring: bool) -> Admitted:
        """Log in to a team's record, or while it is away by this computer; blocks some seconds, raises sentences.

        ``keyring``: the keyring's password serves where none was typed.  Not at a desk that many share.
        """
        team = self._record
        if not isinstance(team, Team):
            raise BadInput(_ENTERED)
        if not typed.strip():
            raise BadInput("Write your name or log-in.  Nothing was opened.")
        login = team.target.service.login(typed)
        if keyring and not password:
            password = self._computer.secrets.get(team.target.secret_name(login)) or ""
        coming = ComingIn(team, self._computer.secrets, self._computer.clock, self._computer.settings.offline_days)
        self._ends.callback(coming.end)
        admitted = coming.admit(login, password)
        if not SHIFT_ROLES.intersection(admitted.roles):
            admitted.store.close()
            raise BadInput(_AUDITOR if Role.AUDITOR in admitted.roles else _NO_SHIFT)
        self._ends.callback(admitted.store.close)
        if self._closed:
            # The window was closed while the server thought about it.
            self._ends.close()
        self._record, self._away = admitted.store, admitted.away
        self.rehearsal = rehearsal_words(self._telephones[0], invented=admitted.invented)
        return admitted

    def sign_in(self, who: tuple[str, str, Role], extension: str, passphrase: str) -> SignIn:
        """Return what the sign-in says, with this computer's name; ``who`` is the key (if known), name and role."""
        worker, name, role = who
        station = safe_line(socket.gethostname(), 60)
        return SignIn(name, role, extension.strip(), station, passphrase, worker, self._away)

    def console(self, look: Look) -> Console:
        """Return the console; made at the first call, on the windows' thread."""
        if isinstance(self._record, Team):
            raise BadInput(_NOBODY_IN)
        if self._console is None:
            record = self._record
            inbox, alarm = Inbox(self._unhandled), QtAlarm()
            self._inbox = inbox
            work, runner = threads(inbox, alarm, self._unhandled)
            feed = partial(_feed, record, self._computer.clock)
            made = make_place(self._computer, record, feed, self._telephones, work)
            place = replace(made, rehearsal=self.rehearsal, review=self._review)
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
        if console.seat is not None and self._inbox is not None and self._computer.settings.signals_aloud:
            aloud = signals_aloud(self._computer.settings, console.seat.desk, console.window, self._inbox)
            self._ends.callback(aloud.stop)

    def close(self) -> None:
        """Let go of everything that is still held."""
        self._closed = True
        if self._console is not None:
            self._console.close()
        self._ends.close()

    def _unhandled(self, problem: Exception) -> None:
        if not isinstance(problem, NightdeskError):
            log.error("something failed and nobody took it: %s", type(problem).__name__)
        if self._console is not None:
            self._console.window.say(str(problem) if isinstance(problem, NightdeskError) else _FAULT)


_FAULT = (
    "Something went wrong inside Nightdesk.  What you typed is kept.  Go on; and tell the technician, "
    "who finds the place in the log."
)


_ENTERED = "This record asks for no log-in, or somebody is signed in already.  Nothing was changed."
_NOBODY_IN = "Nobody is logged in to the team's record yet.  Nothing was opened; sign in first."
_NO_SHIFT = (
    "This log-in has no role that works a shift.  Nothing was opened; ask whoever looks after the database to run "
    "`nightdesk db worker add` with such a role."
)
_AUDITOR = (
    "An auditor works no shift, so there is no desk for you here.  Nothing was opened.  In a terminal, "
    "`nightdesk replay` with an incident's reference and your --reason shows what each worker could see, read only; "
    "that you looked is on the access log.  That record and access log are unaltered is proved by "
    "`nightdesk db verify`: ask whoever looks after the database."
)


def _feed(record: Record, clock: Clock, who: Identity) -> Feed:
    return record.feed(who, clock)


def open_everything(settings: Settings, options: ConsoleOptions) -> Opened:
    """Open the record and choose the switchboard; callable on any thread.  Raises ``NightdeskError``."""
    computer = this_computer(settings)
    team = team_named(options.database, settings)
    try:
        telephones = telephones_of(computer, dict(options.overrides))
    except NightdeskError as refusal:
        # Whose people are invented is said also where the telephones keep everybody out.
        if team is None and _is_invented(options):
            raise NotOpened(str(refusal), INVENTED) from refusal
        raise
    with ExitStack() as stack:
        if team is not None:
            marked = rehearsal_words(telephones[0], invented=False)
            return Opened(computer, team, telephones, stack.pop_all(), marked)
        store = stack.enter_context(open_or_make_record(options.database, options.key_file, invented=False))
        marked = rehearsal_words(telephones[0], invented=store.is_invented())
        review = review_beside(store.database.path)
        return Opened(computer, store, telephones, stack.pop_all(), marked, review)


def _is_invented(options: ConsoleOptions) -> bool:
    """Say whether the record's people are; False where there is none, or it cannot be opened either."""
    try:
        with open_record(options.database, options.key_file) as store:
            return store.is_invented()
    except NightdeskError:
        return False
