"""What passes between two desks under measurement: told by a worker's own keys, and watched where it is painted."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from console.domain.locations import LocationSource
from ui.bench.child import say
from ui.bench.children.painted import Painting
from ui.desktop.desk import Desk
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.row_view import RowView
from ui.desktop.window import ConsoleWindow

Message = Mapping[str, Any]


class Partners:
    """One desk's half: ``tell`` does an act of its worker, ``wait_for`` says ``painted`` when the other's is there."""

    def __init__(self, window: ConsoleWindow, desk: Desk, screen: Screen, painting: Painting) -> None:
        self._window = window
        self._desk = desk
        self._spot = ""
        self._text = ""
        self._before = 0
        self._lines = 0
        self._lists: dict[str, RowView] = {}
        view = window.view(screen)
        if isinstance(view, CoordinatorView):
            self._lists = {"signals": view.pair.signals_view, "requests": view.pair.requests}
            for spot, one in self._lists.items():
                painting.watch((one.viewport(),), partial(self._more, spot, one), self._painted)
            painting.watch((view.pair.note.viewport(),), partial(self._whole, view), self._pictured)
        if isinstance(view, HandlerView):
            for spot, holder in (("line", view.partner), ("where", view.who)):
                labels = holder.findChildren(PlainLabel)
                painting.watch(labels, partial(self._worded, spot, labels), self._painted)

    # --- what the bench asks ------------------------------------------------------------------

    def wait_for(self, message: Message) -> None:
        """Watch one spot for the next thing that comes to it."""
        self._spot, self._text = message["spot"], message["text"]
        if self._spot in self._lists:
            self._before = _count(self._lists[self._spot])
        say("awaiting")

    def wait_for_all(self, message: Message) -> None:
        """Watch for the whole note of the incident that is joined."""
        self._spot, self._text, self._lines = "picture", message["text"], int(message["lines"])
        say("awaiting")

    def tell(self, message: Message) -> None:
        """Do what the worker's key does; say when it was pressed."""
        acts: dict[str, Callable[[str], None]] = {
            "signals": lambda _: self._handler().do(Act.CALLER_GONE),
            "line": lambda text: self._say_line(text),
            "where": self._where,
            "requests": self._request,
        }
        forms: dict[str, Callable[[], None]] = {
            "where": lambda: self._second().form_opened("fact", "where"),
            "requests": lambda: self._handler().form_opened("ask_help"),
        }
        # The form is there before the key that sends it: what is measured is that key.
        forms.get(message["spot"], lambda: None)()
        pressed = time.perf_counter_ns()
        acts[message["spot"]](message["text"])
        say("told", at=pressed)

    def join(self) -> None:
        """Take the open call for a second worker; say when the key was pressed."""
        waiting = self._desk.pair.waiting_summons()
        say("pressed", at=time.perf_counter_ns())
        self._desk.pair.accept(waiting[0], lambda _: None)

    def _say_line(self, text: str) -> None:
        self._second().message(text)

    def _where(self, text: str) -> None:
        self._second().form_sent("fact", {"key": "where", "text": text, "source": LocationSource.CALLER_STATED.value})

    def _request(self, text: str) -> None:
        self._handler().form_sent("ask_help", {"kind": "other", "agency": text, "words": text, "nobody": "yes"})

    def _handler(self) -> HandlerDesk:
        acts = self._window.acts(Screen.HANDLER)
        if not isinstance(acts, HandlerDesk):
            raise TypeError("the handler's acts are not on this desk")
        return acts

    def _second(self) -> CoordinatorDesk:
        acts = self._window.acts(Screen.COORDINATOR)
        if not isinstance(acts, CoordinatorDesk):
            raise TypeError("the second worker's acts are not on this desk")
        return acts

    # --- what is seen -------------------------------------------------------------------------

    def _more(self, spot: str, rows: RowView) -> bool:
        return self._spot == spot and _count(rows) > self._before

    def _worded(self, spot: str, labels: list[PlainLabel]) -> bool:
        return self._spot == spot and any(self._text in label.text() for label in labels)

    def _whole(self, view: CoordinatorView) -> bool:
        """All lines of the note, the facts and the card: what is asked of whom is there or said to be nobody."""
        rows = view.pair.note.rows
        there = self._spot == "picture" and len(rows) >= self._lines and any(self._text in row.spoken for row in rows)
        return there and bool(view.pair.facts.rows and view.pair.relay.rows and view.pair.requests.rows)

    def _painted(self, moment: int) -> None:
        self._spot = ""
        say("painted", at=moment)

    def _pictured(self, moment: int) -> None:
        self._spot = ""
        say("picture", at=moment)


def _count(rows: RowView) -> int:
    return sum(1 for row in rows.rows if row.acts)
