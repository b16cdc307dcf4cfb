"""Hands that have only a keyboard: X key events at a real window, and eyes that read what the window shows.

Keys are those of the table of shortcuts and of the key sheet; the program is asked only what it shows, and what
a sighted worker sees has the focus.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.xvfb import Display, own_display
from ui.desktop.shortcuts import Act, Screen, shortcuts_of

MOST_STOPS = 45
_X_NAMES = {"PgDown": "Next", "PgUp": "Prior", "Ctrl": "ctrl", "Shift": "shift", "Alt": "alt"}


def x_key(shortcut: str) -> str:
    """Return a key of the table as X names it: ``Ctrl+Shift+H`` is ``ctrl+shift+h``."""
    parts = (_X_NAMES.get(part, part) for part in shortcut.split("+"))
    return "+".join(part.lower() if len(part) == 1 else part for part in parts)


@dataclass
class Keyed:
    """One worker at a keyboard."""

    console: DrivenConsole
    display: Display

    # --- the keyboard -----------------------------------------------------------------------------

    def keys(self, *names: str) -> None:
        """Press keys one after another, by the names X has for them."""
        self.display.xdotool("key", "--delay", "12", *names)

    def press(self, act: Act) -> None:
        """Press the key that the key sheet gives for ``act`` on the screen that is shown."""
        screen = Screen(self.console.probe("screen"))
        self.keys(x_key(next(one.key for one in shortcuts_of(screen) if one.act is act)))

    def type(self, text: str) -> None:
        """Type into whatever has the focus."""
        self.display.xdotool("type", "--delay", "6", text)

    def note(self, text: str) -> None:
        """F2, a line, Enter."""
        self.press(Act.NOTE)
        self.until_at("Notes")
        self.type(text)
        self.keys("Return")

    def tab_to(self, name: str) -> None:
        """Press Tab until what is called ``name`` has the focus."""
        for _ in range(MOST_STOPS):
            here = self.at()
            if here["name"] == name:
                return
            self.keys("Tab")
            until(self.at, lambda now: now != here, 5, f"Tab leaves {here['name']}")  # noqa: B023
        raise AssertionError(f"Tab never comes to {name}")

    def pick(self, name: str, label: str) -> None:
        """Go to a list of choices by Tab and choose by the first letters of ``label`` and Enter."""
        self.tab_to(name)
        self.type(label)
        self.keys("Return")
        until(self.at, lambda now: (now["name"], now["says"]) == (name, label), 5, f"{name}: {label}")

    def write(self, name: str, text: str) -> None:
        """Go to a field by Tab and write."""
        self.tab_to(name)
        self.type(text)

    def form(self, act: Act, picks: Mapping[str, str], texts: Mapping[str, str] | None = None) -> None:
        """Open a form by its key, choose and write, and send it with Ctrl+Enter."""
        self.press(act)
        self.console.until("form", bool)
        for name, label in picks.items():
            self.pick(name, label)
        for name, text in (texts or {}).items():
            self.write(name, text)
        self.press(Act.FINISH)
        self.console.until("form", lambda form: not form or form["error"])
        assert not self.console.probe("form"), self.console.probe("form")

    def to_pane(self, name: str) -> None:
        """Press F6 until a pane has the focus."""
        for _ in range(12):
            here = self.at()
            if here["name"] == name:
                return
            self.press(Act.NEXT_PANE)
            until(self.at, lambda now: now["name"] != here["name"], 5, f"F6 leaves {here['name']}")  # noqa: B023
        raise AssertionError(f"F6 never comes to {name}")

    def row(self, words: str) -> str:
        """Go to a row of the list that has the focus, by Home and the arrow keys; return what it says."""
        self.keys("Home")
        for _ in range(40):
            here = self.at()
            if words in here["says"]:
                return str(here["says"])
            self.keys("Down")
            until(self.at, lambda now: now != here, 5, f"Down leaves {here['says']!r}")  # noqa: B023
        raise AssertionError(f"no row says {words}")

    # --- the eyes ---------------------------------------------------------------------------------

    def at(self) -> dict[str, str]:
        """Return name and class of what has the focus, and what it says: the current row, the choice, the text."""
        return dict(self.console.probe("at"))

    def until_at(self, name: str) -> None:
        """Wait until what is called ``name`` has the focus."""
        until(self.at, lambda here: here["name"] == name, 10, f"the focus on {name}")

    def rows(self, kind: str) -> list[dict[str, Any]]:
        """Return the rows of one class that are drawn."""
        return [row for row in self.console.rows() if row["row"] == kind]

    def sees(self, kind: str, holds: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
        """Wait until a row of this class is drawn for which ``holds`` is true, and return it."""
        what = f"{self.console.spec.name} sees such a {kind}"
        drawn = until(partial(self.rows, kind), lambda rows: any(map(holds, rows)), 10, what)
        return next(filter(holds, drawn))

    def reads(self, words: str) -> None:
        """Wait until any text of the window holds ``words``."""
        self.console.until_shown(words)


@contextmanager
def at_a_keyboard(office: Office, opening: Callable[[], DrivenConsole]) -> Iterator[Keyed]:
    """Open a console on a screen of its own."""
    with ExitStack() as stack:
        display = stack.enter_context(own_display())
        office.environment = display.environment()
        console = opening()
        stack.callback(console.end)
        office.environment = {}
        yield Keyed(console, display)
