"""A worker who neither sees the window nor presses a key: all goes by roles, names, states and actions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.screen_reader import ScreenReader, accessible_screen, screen_reader


@dataclass
class Told:
    """One worker, and what reads the window to them and acts for them."""

    console: DrivenConsole
    reader: ScreenReader

    # --- acting -----------------------------------------------------------------------------------

    def press(self, name: str, about: str = "") -> None:
        """Press a button by its name, once it is there; ``about`` stands in its description."""
        self.reader.patiently("press", name=name, about=about)

    def select(self, name: str, words: str) -> str:
        """Select a row of a list; return all it says."""
        return str(self.reader.patiently("select", name=name, words=words))

    def act(self, name: str, words: str, act: str) -> None:
        """Select a row of a list, and press what can be done with it."""
        self.press(act, about=self.select(name, words))

    def does(self, words: str) -> None:
        """Do what a key does, from its line on the sheet of keys."""
        self.press("Keys")
        column = until(self._column_of(words), bool, 10, f"{words!r} on the sheet of keys")
        self.act(column, words, "Do it")

    def _column_of(self, words: str) -> Callable[[], str]:
        names = [f"Keys, column {number}" for number in (1, 2, 3)]
        return lambda: next((name for name in names if any(words in row for row in self.rows(name))), "")

    def write(self, name: str, text: str) -> None:
        """Put a text into a field."""
        self.reader.patiently("write", name=name, text=text)

    def choose(self, name: str, label: str) -> None:
        """Choose in a box of choices; its name is its value on this bus."""
        self.reader.patiently("open_list", name=name)
        self.reader.patiently("choose", name=name, label=label)
        until(lambda: self.reader.ask("value", name=name), lambda now: now == label, 10, f"{name} is {label}")

    # --- reading ----------------------------------------------------------------------------------

    def hears(self, words: str) -> None:
        """Wait until an announcement says ``words``."""
        heard = lambda: self.reader.heard("announcement")  # noqa: E731
        until(heard, lambda said: any(words in one for one in said), 10, f"the announcement {words!r}")

    def rows(self, name: str) -> list[str]:
        """Return what the rows of a list say."""
        return [str(one) for one in self.reader.patiently("rows", name=name)]

    def reads_row(self, name: str, *words: str) -> str:
        """Wait until one row of a list says all of ``words``; return all it says."""
        holds: Callable[[str], bool] = lambda row: all(one in row for one in words)  # noqa: E731
        rows = until(lambda: self.rows(name), lambda found: any(map(holds, found)), 10, f"{name}: {words}")
        return next(filter(holds, rows))

    def said(self, role: str) -> list[str]:
        """Return what everything of this role says: its name, and its description after it."""
        return [str(one) for one in self.reader.patiently("said", role=role)]

    def reads(self, role: str, *words: str) -> str:
        """Wait until something of this role says all of ``words``, and return all that it says."""
        holds: Callable[[str], bool] = lambda said: all(one in said for one in words)  # noqa: E731
        all_ = until(lambda: self.said(role), lambda found: any(map(holds, found)), 10, f"a {role}: {words}")
        return next(filter(holds, all_))


@contextmanager
def by_the_tree(office: Office, opening: Callable[[], DrivenConsole]) -> Iterator[Told]:
    """Open a console on a screen and an accessibility bus of its own."""
    with ExitStack() as stack:
        environment = stack.enter_context(accessible_screen())
        office.environment = environment
        console = opening()
        office.environment = {}
        stack.callback(console.end)
        reader = stack.enter_context(screen_reader("nightdesk", environment))
        reader.tree()
        yield Told(console, reader)
