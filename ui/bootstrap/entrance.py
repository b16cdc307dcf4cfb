"""The way in: the sign-in window at once, the record opened behind it, then the worker's own window.

Nothing slow is imported or opened before the first window is painted (architecture.md 5); this
module names no store and no switchboard, ``ui.bootstrap.opening`` does, on a thread of its own.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from console.domain.roles import SHIFT_ROLES, Role
from console.domain.text import NightdeskError, safe_line
from console.machine.paths import Home, home
from console.machine.platform import FileLock
from ui.bootstrap.remembered import Remembered, recall, remember
from ui.bootstrap.screen import NoScreen, refuse_deaf_display
from ui.desktop.dialogs.sign_in import SignInWindow
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.runtime.application import application, dress, has_screen
from ui.desktop.runtime.first_paint import AfterFirstPaint
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.look import Look
from ui.desktop.widgets.faces import Choice
from ui.exits import Exit
from ui.settings import Settings, Theme

if TYPE_CHECKING:
    from ui.bootstrap.opening import Opened
    from ui.bootstrap.seating import SignIn

ROLE_WORDS: Mapping[Role, str] = {
    Role.SERVICE_ADVISER: "Service adviser",
    Role.SUPPORT_WORKER: "Support worker",
    Role.SOCIAL_WORKER_CHILDREN: "Social worker, children",
    Role.SOCIAL_WORKER_ADULTS: "Social worker, adults",
    Role.AMHP: "AMHP",
    Role.ASSISTANT_TEAM_MANAGER: "Assistant team manager",
    Role.DUTY_MANAGER: "Duty manager",
    Role.ON_CALL_MANAGER: "On-call manager",
}
USUAL_ROLE: Mapping[Screen, Role] = {
    Screen.HANDLER: Role.SERVICE_ADVISER,
    Screen.COORDINATOR: Role.SUPPORT_WORKER,
    Screen.BOARD: Role.DUTY_MANAGER,
}

TO_READ = 1.0
"""Seconds after the passphrase was asked for in which a second Enter does not leave it empty."""
REHEARSAL = "REHEARSAL"
NEEDED = {"name": "your name", "role": "your role"}
PASSPHRASE = "passphrase"  # noqa: S105 - the name of a field, not a secret
_NO_KEYRING = "This computer has no keyring, so a passphrase of yours protects what you type until it is shared."
_EMPTY = "The same one each time. Empty: kept in memory only, and lost if this computer stops."


class AlreadyOpen(NightdeskError):
    """Another console of this account runs here."""


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
        look = dress(app, _dark(settings, recall(here.root)), zoom=settings.text_percent / 100)
        entrance = Entrance(options, settings, here, look, app.exit)
        entrance.begin()
        stopped = app.exec()
        return entrance.end(stopped)


def _read(file: Path) -> Settings:
    if not file.exists():
        return Settings()
    # Imported only where there is something to read: the first window waits for it.
    read: Settings = import_module("ui.settings_file").load(file)
    return read


def _settings(settings: Settings, options: ConsoleOptions) -> Settings:
    named = replace(settings, switchboard=options.switchboard) if options.switchboard else settings
    return replace(named, rehearsal=True) if options.rehearsal else named


def _dark(settings: Settings, last: Remembered) -> bool | None:
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
        self._asked_at = -TO_READ

    def begin(self) -> None:
        """Show the window and begin to open the record; returns at once."""
        if self._options.name:
            self._wanted = self._given()
            self._begin_to_open()
            return
        self._window = SignInWindow(self._look, self._form(), self._sent)
        # What the record says of itself is known only once it is open.
        self._window.show_rehearsal(REHEARSAL if self._settings.rehearsal else "")
        # Importing SQLAlchemy on another thread would take the interpreter from the one that paints.
        AfterFirstPaint(self._window, self._begin_to_open)
        self._window.show()

    def _begin_to_open(self) -> None:
        # The command turned it off until the first window is there; once seated, Rubbish takes it over.
        gc.enable()
        self._failed = False
        threading.Thread(target=self._open, name="nd-opening", daemon=True).start()

    def end(self, code: int) -> int:
        """Let go of everything; say on the way out why nobody was let in."""
        if self._opened is not None:
            self._opened.close()
        self._inbox.close()
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
            self._inbox.post(partial(self._cannot, str(refused)))
        except Exception as fault:
            self._inbox.post(partial(self._fault, fault))
        else:
            self._inbox.post(partial(self._ready, made))

    def _cannot(self, sentence: str) -> None:
        """The record cannot be opened: say so where the worker looks; signing in tries again."""
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
        missing = [words for key, words in NEEDED.items() if not values.get(key, "").strip()]
        if missing and self._window is not None:
            form = self._form(f"Write {' and '.join(missing)}. Nobody was signed in.")
            kept = tuple(replace(one, value=values.get(one.key, one.value)) for one in form.fields())
            self._window.show_form(replace(form, sections=(SectionRow("", kept),)))
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
        if self._window is not None and not opened.has_keyring and PASSPHRASE not in wanted:
            self._wanted, self._asked_at = None, time.monotonic()
            self._window.show_form(self._form(_NO_KEYRING, wanted))
            return
        # A second press while the first is on its way must not seat the worker twice.
        self._wanted, self._seating = None, True
        role = Role(wanted.get("role") or Role.SERVICE_ADVISER.value)
        name, extension = safe_line(wanted.get("name", "")), wanted.get("extension", "")
        asked: SignIn = opened.sign_in(name, role, extension, wanted.get(PASSPHRASE, ""))
        console = opened.console(self._look)
        console.sign_in(asked, partial(self._seated, asked), self._not_seated, self._options.screen)

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

    def _not_seated(self, sentence: str) -> None:
        self._seating = False
        if self._window is None:
            self._refused = sentence
            self._leave(Exit.REFUSED)
        else:
            self._window.show_form(self._form(sentence))

    def _themed(self, dark: bool) -> None:
        self._last = replace(self._last, dark=dark)
        remember(self._home.root, self._last)

    # --- the form -----------------------------------------------------------------------------

    def _given(self) -> Mapping[str, str]:
        options = self._options
        role = options.role or USUAL_ROLE[options.screen or Screen.HANDLER]
        return {"name": options.name, "role": role.value, "extension": options.extension}

    def _form(self, error: str = "", written: Mapping[str, str] | None = None) -> FormRow:
        """Return the form; ``written``: what stood in it when a passphrase turned out to be needed as well."""
        given, last = self._options, self._last
        asks = written is not None or self._asks_passphrase
        self._asks_passphrase = asks
        roles = tuple(Choice(role.value, ROLE_WORDS[role]) for role in ROLE_WORDS if role in SHIFT_ROLES)
        usual = given.role or (USUAL_ROLE[given.screen] if given.screen else None)
        fields: tuple[FieldRow, ...] = (
            FieldRow("name", "Your name", needed=True),
            FieldRow("role", "Your role", Kind.CHOICE, usual.value if usual else "", roles, needed=True),
            FieldRow("extension", "The telephone you sit at", value=given.extension or last.extension,
                     help="Its extension, such as 1001. Empty: no telephone."),
        )  # fmt: skip
        if asks:
            fields = (*fields, FieldRow(PASSPHRASE, "A passphrase for what you type here", Kind.SECRET, help=_EMPTY))
        if written is not None:
            fields = tuple(replace(one, value=written.get(one.key, one.value)) for one in fields)
        intro = "On one computer, sign-in is not authenticated: it says who writes, and proves nothing."
        return FormRow("sign_in", self._settings.service, (SectionRow("", fields),), intro, "Sign in", error)
