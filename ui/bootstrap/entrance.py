"""The way in: the sign-in window at once, the record opened behind it, then the worker's own window.

Nothing slow is imported or opened before the first window is painted (architecture.md 5); this
module names no store and no switchboard, ``ui.bootstrap.opening`` does, on a thread of its own.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.lines import emergency_number
from console.domain.roles import SHIFT_ROLES, Role
from console.domain.text import NightdeskError, safe_line
from console.machine.paths import Home, home
from console.machine.platform import FileLock
from ui.bootstrap.remembered import Remembered, recall, remember
from ui.bootstrap.screen import NoScreen, refuse_deaf_display
from ui.bootstrap.sign_in_form import (
    EXTENSION,
    LOGIN,
    MISSING,
    NAME,
    NO_KEYRING,
    NO_TELEPHONE,
    PASSPHRASE,
    PASSWORD,
    ROLE,
    USUAL_ROLE,
    SignInForms,
    role_of,
)
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.rows import FormRow
from ui.desktop.runtime.application import application, dress, has_screen
from ui.desktop.runtime.first_paint import AfterFirstPaint
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.runtime.rubbish import YOUNG
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.look import Look
from ui.exits import Exit
from ui.settings import Settings, Theme, is_team

if TYPE_CHECKING:
    from db.team import Admitted
    from ui.bootstrap.join_window import Arrived, JoinWindow
    from ui.bootstrap.opening import Opened
    from ui.bootstrap.seating import SignIn

TO_READ = 1.0
"""Seconds after the passphrase was asked for in which a second Enter does not leave it empty."""
REHEARSAL = "REHEARSAL"


class AlreadyOpen(NightdeskError):
    """Another console of this account runs here."""


class NotOpened(NightdeskError):
    """Nothing could be opened; ``rehearsal`` is what windows say all the same, where this is known to be one."""

    def __init__(self, sentence: str, rehearsal: str) -> None:
        super().__init__(sentence)
        self.rehearsal = rehearsal


@dataclass(frozen=True, slots=True)
class ConsoleOptions:
    """What the command line said; with ``name`` no sign-in window is shown."""

    database: str | None = None
    key_file: Path | None = None
    screen: Screen | None = None
    name: str = ""
    role: Role | None = None
    extension: str = ""
    switchboard: str = ""
    overrides: Mapping[str, object] = field(default_factory=dict)
    rehearsal: bool = False
    password: str = field(default="", repr=False)
    """Of a team's record, where ``name`` is given; empty: the keyring's."""
    join: str | None = field(default=None, repr=False)
    """A join line, or nothing where a window asks for it; None: this computer joins nobody."""


def run_console(options: ConsoleOptions) -> int:
    """Run one console until its window is closed; return the exit code.  Raises ``NightdeskError``."""
    here = home(os.environ)
    settings = _settings(_read(here.settings_file), options)
    seen = has_screen(os.environ)
    if not seen and "QT_QPA_PLATFORM" not in os.environ:
        raise NoScreen(
            "There is no screen here to show the console on.  Nothing was started.  "
            "Start it in a desktop session; `nightdesk demo` also plays without a screen."
        )
    with FileLock(here.locks / "console.lock") as ours:
        if not ours:
            raise AlreadyOpen(
                f"Nightdesk is already open for {here.root}.  Nothing was started.  Use its window, or close it first."
            )
        if seen:
            refuse_deaf_display(os.environ)
        app = application(seen=seen)
        look = dress(app, dark_of(settings, recall(here.root)), zoom=settings.text_percent / 100)
        entrances: list[Entrance] = []

        def enter(known: Mapping[str, str] | None = None) -> None:
            # Read again: joining wrote where the record is.
            entrance = Entrance(options, _settings(_read(here.settings_file), options), here, look, app.exit)
            entrances.append(entrance)
            entrance.begin(known)

        with _joining(options, here, look, enter) as joins:
            if not joins:
                enter()
            stopped = app.exec()
        return entrances[0].end(stopped) if entrances else stopped


@contextmanager
def _joining(
    options: ConsoleOptions, here: Home, look: Look, enter: Callable[[Mapping[str, str]], None]
) -> Iterator[bool]:
    """Show the window that joins a team first, where that was asked; say whether it was."""
    if options.join is None:
        yield False
        return
    # Imported only where somebody joins: the first window waits for it.
    windows = import_module("ui.bootstrap.join_window")

    def arrived(who: Arrived) -> None:
        # The next window first: Qt ends the program with its last one.
        enter(who.signs_in())
        window.window.close()

    window: JoinWindow = windows.JoinWindow(here, look, options.join, arrived, recall(here.root).extension)
    window.show()
    try:
        yield True
    finally:
        window.close()


def _read(file: Path) -> Settings:
    if not file.exists():
        return Settings()
    # Imported only where there is something to read: the first window waits for it.
    read: Settings = import_module("ui.settings_file").load(file)
    return read


def _settings(settings: Settings, options: ConsoleOptions) -> Settings:
    named = replace(settings, switchboard=options.switchboard) if options.switchboard else settings
    return replace(named, rehearsal=True) if options.rehearsal else named


def dark_of(settings: Settings, last: Remembered) -> bool | None:
    """Say whether windows are dark: as was chosen by hand here, else as the settings say; None: as the platform is."""
    if last.dark is not None and settings.theme is Theme.SYSTEM:
        return last.dark
    return None if settings.theme is Theme.SYSTEM else settings.theme is Theme.DARK


class Entrance:
    """Shows the sign-in window, opens the record meanwhile, and seats the worker."""

    def __init__(
        self, options: ConsoleOptions, settings: Settings, here: Home, look: Look, leave: Callable[[int], None]
    ) -> None:
        self._options = options
        self._settings = settings
        self._home = here
        self._look = look
        self._leave = leave
        self._last = recall(here.root)
        self._inbox = Inbox()
        self._window: SignInWindow | None = None
        self._wanted: Mapping[str, str] | None = None
        self._opened: Opened | None = None
        self._refused = ""
        self._failed = False
        self._seating = False
        self._asks_passphrase = False
        self._team = is_team(options.database or settings.database)
        self._admitted: Admitted | None = None
        self._attempt = 0
        self._asked_at = -TO_READ

    def begin(self, known: Mapping[str, str] | None = None) -> None:
        """Show the window and begin to open the record; returns at once.

        ``known`` is what the sign-in would ask, where this worker has just joined and said it.
        """
        # Dead cycles hold fields of forms, and those may be let go on this thread only: not by a search that some
        # other thread's work has set off.  Once seated, Rubbish takes it over.
        gc.disable()
        if self._options.name:
            self._wanted = self._given()
            self._begin_to_open()
            return
        self._window = SignInWindow(self._look, self._form("", known), self._sent)
        # What the record says of itself is known only once it is open.
        self._window.show_rehearsal(REHEARSAL if self._settings.rehearsal else "")
        self._wanted = known
        # Importing SQLAlchemy on another thread would take the interpreter from the one that paints.
        AfterFirstPaint(self._window, self._begin_to_open)
        self._window.show()

    def _begin_to_open(self) -> None:
        self._failed = False
        threading.Thread(target=self._open, name="nd-opening", daemon=True).start()

    def end(self, code: int) -> int:
        """Let go of everything; say on the way out why nobody was let in."""
        if self._opened is not None:
            self._opened.close()
        self._inbox.close()
        gc.enable()
        if self._refused:
            raise NightdeskError(self._refused)
        return code

    # --- opening, on its own thread -----------------------------------------------------------

    def _open(self) -> None:
        try:
            # Imported here: SQLAlchemy takes half a second that the first window must not wait for.
            opening = import_module("ui.bootstrap.opening")
            made: Opened = opening.open_everything(self._settings, self._options)
        except NightdeskError as refused:
            marked = refused.rehearsal if isinstance(refused, NotOpened) else ""
            self._inbox.post(partial(self._cannot, str(refused), marked))
        except Exception as fault:
            self._inbox.post(partial(self._fault, fault))
        else:
            self._inbox.post(partial(self._ready, made))

    def _cannot(self, sentence: str, marked: str) -> None:
        """Record or telephones cannot be opened: say so where the worker looks; signing in tries again."""
        if self._window is not None and marked:
            self._window.show_rehearsal(marked)
        self._failed = True
        self._wanted = None
        self._not_seated(sentence)

    def _fault(self, fault: Exception) -> None:
        self._leave(Exit.FAULT)
        raise fault

    def _ready(self, opened: Opened) -> None:
        self._opened = opened
        if self._window is not None:
            self._window.show_rehearsal(opened.rehearsal)
        self._try()

    # --- signing in ---------------------------------------------------------------------------

    def _sent(self, values: Mapping[str, str]) -> None:
        lacking = [one.key for one in self._form("", values).fields() if one.needed and not one.value.strip()]
        if lacking and self._window is not None:
            words = " and ".join(MISSING[key] for key in lacking)
            self._window.show_form(self._form(f"Write {words}. Nobody was signed in.", values))
            return
        if self._window is not None and emergency_number(values.get(EXTENSION, "")):
            self._window.show_form(self._form(NO_TELEPHONE, values))
            return
        if not values.get(PASSPHRASE, "") and time.monotonic() - self._asked_at < TO_READ:
            return  # that Enter was meant for the form before the passphrase stood in it
        self._wanted = values
        if self._failed:
            self._begin_to_open()
        self._try()

    def _try(self) -> None:
        opened, wanted = self._opened, self._wanted
        if opened is None or wanted is None or self._seating:
            return
        if self._team and self._admitted is None:
            # The password is asked of the server on a thread of its own: it may take seconds.
            self._wanted, self._seating = None, True
            threading.Thread(target=self._enter, args=(opened, wanted), name="nd-entering", daemon=True).start()
            return
        if self._window is not None and not opened.has_keyring and PASSPHRASE not in wanted:
            self._wanted, self._asks_passphrase = None, True
            self._asked_at = time.monotonic()
            self._window.show_form(self._form(NO_KEYRING, wanted))
            return
        # A second press while the first is on its way must not seat the worker twice.
        self._wanted, self._seating = None, True
        asked: SignIn = opened.sign_in(self._who(wanted), wanted.get(EXTENSION, ""), wanted.get(PASSPHRASE, ""))
        console = opened.console(self._look)
        console.sign_in(asked, partial(self._seated, asked), self._not_seated, self._options.screen)

    def _who(self, wanted: Mapping[str, str]) -> tuple[str, str, Role]:
        """Return key, name and role: of a team's record as the server says them, else as they were written."""
        role = Role(wanted.get(ROLE) or Role.SERVICE_ADVISER.value)
        if self._admitted is not None:
            return self._admitted.worker, self._admitted.name, role
        return "", safe_line(wanted.get(NAME, "")), role

    # --- a team's record: the log-in, asked of the server -------------------------------------

    def _enter(self, opened: Opened, wanted: Mapping[str, str]) -> None:
        try:
            admitted = opened.enter(wanted.get(LOGIN, ""), wanted.get(PASSWORD, ""), keyring=self._window is None)
        except NightdeskError as refused:
            self._inbox.post(partial(self._not_let_in, str(refused), wanted))
        except Exception as fault:
            self._inbox.post(partial(self._fault, fault))
        else:
            self._inbox.post(partial(self._let_in, admitted, wanted))

    def _not_let_in(self, sentence: str, wanted: Mapping[str, str]) -> None:
        self._seating = False
        self._attempt += 1
        self._not_seated(sentence, wanted)

    def _let_in(self, admitted: Admitted, wanted: Mapping[str, str]) -> None:
        self._seating = False
        self._admitted = admitted
        if self._window is not None and self._opened is not None:
            self._window.show_rehearsal(self._opened.rehearsal)
        written = {key: value for key, value in wanted.items() if key != PASSWORD}
        role = role_of(self._roles(), self._options.role, self._usual())
        if role is None and self._window is not None:
            self._window.show_form(self._form("", written))
            return
        if role is None:
            named = ", ".join(role.value for role in self._roles())
            self._not_seated(f"This log-in does not work in that role.  Nothing was opened; say --role: {named}.")
            return
        self._wanted = {**written, ROLE: role.value}
        self._try()

    def _roles(self) -> tuple[Role, ...]:
        roles = self._admitted.roles if self._admitted is not None else ()
        return tuple(role for role in roles if role in SHIFT_ROLES)

    def _seated(self, asked: SignIn) -> None:
        opened = self._opened
        if opened is None:
            return
        console = opened.console(self._look)
        self._last = Remembered(asked.extension, self._last.dark)
        remember(self._home.root, self._last)
        console.window.themed.connect(self._themed)
        console.window.left.connect(partial(self._leave, int(Exit.OK)))
        console.window.show()
        opened.at_work(console)
        if self._window is not None:
            self._window.close()

    def _not_seated(self, sentence: str, written: Mapping[str, str] | None = None) -> None:
        gc.collect(YOUNG)
        self._seating = False
        if self._window is None:
            self._refused = sentence
            self._leave(Exit.REFUSED)
        else:
            self._window.show_form(self._form(sentence, written))

    def _themed(self, dark: bool) -> None:
        self._last = replace(self._last, dark=dark)
        remember(self._home.root, self._last)

    # --- the form -----------------------------------------------------------------------------

    def _given(self) -> Mapping[str, str]:
        options = self._options
        role = options.role or USUAL_ROLE[options.screen or Screen.HANDLER]
        given = {NAME: options.name, ROLE: role.value, EXTENSION: options.extension}
        return {**given, LOGIN: options.name, PASSWORD: options.password} if self._team else given

    def _usual(self) -> Role | None:
        return USUAL_ROLE[self._options.screen] if self._options.screen else None

    def _form(self, error: str = "", written: Mapping[str, str] | None = None) -> FormRow:
        """Return the form; ``written``: what stood in it before, where it is another one now."""
        given = self._options
        forms = SignInForms(
            self._settings.service, given.role or self._usual(), given.extension or self._last.extension
        )
        if self._team and self._admitted is None:
            return forms.of_a_team(error, written, self._attempt)
        asks = self._asks_passphrase
        if self._admitted is None:
            return forms.on_one_computer(error, written, passphrase=asks)
        return forms.of_a_worker(self._admitted.name, self._roles(), error, written, passphrase=asks)
