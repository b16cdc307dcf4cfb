"""A real console on a record of the bench: the same composition as ``nightdesk console``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from console.domain.record import Role
from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.machine.secrets import SessionSecrets
from ui.bench.children.opened import open_of
from ui.bootstrap.console import Console
from ui.bootstrap.place import Computer, make_place, switchboard_of, threads
from ui.bootstrap.seating import SignIn
from ui.desktop.runtime.alarm import QtAlarm
from ui.desktop.runtime.inbox import Inbox
from ui.desktop.shortcuts import Screen
from ui.desktop.theme.apply import choose
from ui.settings import Settings

Message = dict[str, Any]


class BenchSeat:
    """One console with everything it stands on.

    ``wish``: ``home`` (folder); ``record`` (a file, or a service's address with ``login`` and ``password``);
    ``name``, ``role``, ``extension``, ``screen``, ``switchboard`` (key, or empty) and ``table`` (its settings).
    """

    def __init__(self, wish: Message) -> None:
        self.wish = wish
        self.inbox = Inbox()
        self.alarm = QtAlarm()
        key = str(wish.get("switchboard", ""))
        settings = Settings(switchboard=key, switchboards={key: wish["table"]} if key else {}, rehearsal=True)
        # The bench's journals live as long as its folder, so their keys need no keyring.
        computer = Computer(Home(Path(wish["home"])), settings, SessionSecrets(), "", SystemClock())
        store = open_of(wish, computer.clock)
        work, runner = threads(self.inbox, self.alarm, _unhandled)

        def end() -> None:
            self.alarm.stop()
            runner.close()
            self.inbox.close()
            store.close()

        feed = partial(store.feed, clock=computer.clock)
        place = make_place(computer, store, feed, switchboard_of(computer), work)
        self.console = Console(place, choose(dark=False), end)

    def sign_in(self, seated: Callable[[], None]) -> None:
        """Show the window and bring the worker to the desk; a refusal ends the process."""
        wish = self.wish
        self.console.window.show()
        wanted = SignIn(wish["name"], Role(wish["role"]), wish["extension"], "bench")
        self.console.sign_in(wanted, seated, sys.exit, Screen(wish["screen"]))


def _unhandled(error: Exception) -> None:
    sys.stderr.write(f"a failure nobody took in the bench: {type(error).__name__}: {error}\n")
