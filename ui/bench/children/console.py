"""A console under measurement: reports what was painted and when, and does what the bench asks."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from console.domain.call_events import LinkState
from console.domain.calls import Certainty
from console.domain.people import NewPerson
from console.domain.record import StreamKind, StreamRef
from console.services.folds import incident_id
from console.services.notes import ENTRY_PAUSE
from ui.bench.child import first_wish, listen, say
from ui.bench.children.painted import Painting
from ui.bench.children.partners import Partners
from ui.bench.children.seat import BenchSeat
from ui.desktop.desk import Desk
from ui.desktop.runtime.stalls import StallMeter
from ui.desktop.screens.coordinator.view import CoordinatorView
from ui.desktop.screens.handler.candidates import CandidateCard
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.labels import PlainLabel

Message = dict[str, Any]
KEY_EVERY_MS = 15


class MeasuredConsole:
    """One worker's console with its eyes on what the bench measures."""

    def __init__(self, wish: Message) -> None:
        self._wish = wish
        self._seat = BenchSeat(wish)
        self._painting = Painting(self._seat.console.window)
        self._stalls = StallMeter()
        self._said: set[str] = set()
        self._wanted = ""
        self._keys = ""
        self._asked_to_join = False
        self._half: Partners | None = None

    def begin(self) -> None:
        """Sign in; the bench hears ``seated``, then what it asked to watch."""
        self._seat.sign_in(self._seated)
        listen(lambda message: self._seat.inbox.post(partial(self._do, message)))

    def close(self) -> None:
        """Shut down as the console does."""
        self._seat.console.close()

    # --- beginning ----------------------------------------------------------------------------

    def _seated(self) -> None:
        window = self._seat.console.window
        view = window.view(Screen(self._wish["screen"]))
        if isinstance(view, HandlerView):
            self._watch_calls(view)
        if isinstance(view, CoordinatorView):
            note = view.pair.note
            self._painting.watch((note.viewport(),), self._note_is_there, partial(self._tell_once, "note"))
        self._desk.calls.subscribe(lambda _: self._link())
        say("seated")
        self._link()

    @property
    def _desk(self) -> Desk:
        seat = self._seat.console.seat
        if seat is None:
            raise RuntimeError("the bench asked before the worker was seated")
        return seat.desk

    def _link(self) -> None:
        """Say when the telephones are there with as many calls as are wished for, and when they are gone."""
        calls = self._desk.calls
        if calls.phones.state is LinkState.LOST:
            self._said.discard("connected")
        elif calls.phones.state is LinkState.CONNECTED:
            live = sum(1 for call in calls.live() if call.certainty is Certainty.LIVE)
            if live >= int(self._wish.get("calls", 0)):
                self._tell_once("connected", time.perf_counter_ns())

    def _watch_calls(self, view: HandlerView) -> None:
        labels = view.call.findChildren(PlainLabel)
        cards = view.who.findChildren(CandidateCard)

        def rings() -> bool:
            return any(label.text() == "RINGING" for label in labels)

        def names() -> bool:
            return any(card.isVisible() and card.row.name for card in cards)

        self._painting.watch(labels, rings, partial(self._tell_once, "bar"))
        self._painting.watch(labels, lambda: not rings(), self._calm)
        self._painting.watch(cards, names, partial(self._tell_once, "candidates"))

    def _calm(self, _moment: int) -> None:
        """The call is gone from the screen: what is said once may be said again."""
        if "bar" in self._said:
            self._said -= {"bar", "candidates"}
            say("calm")

    def _tell_once(self, what: str, moment: int) -> None:
        if what not in self._said:
            self._said.add(what)
            say(what, at=moment)

    # --- what the bench asks ------------------------------------------------------------------

    def _do(self, message: Message) -> None:
        acts: dict[str, Callable[[Message], None]] = {
            # Not quit(): that asks the window, which does not close on a live incident.
            "close": lambda _: QApplication.exit(0),
            "collect": lambda _: say("collected", dead=gc.collect()),
            "meter": lambda _: self._stalls.start(),
            "read meter": lambda _: say("stall", ms=self._stalls.stop() * 1000),
            "pair": lambda _: self._pair(),
            "join": lambda _: self._join(),
            "await note": self._await_note,
            "await": lambda wanted: self._partners().wait_for(wanted),
            "await picture": lambda wanted: self._partners().wait_for_all(wanted),
            "tell": lambda wanted: self._partners().tell(wanted),
            "join now": lambda _: self._partners().join(),
            "type": self._type,
            "end line": lambda _: QTest.keyClick(self._editor(), Qt.Key.Key_Return),
        }
        acts[message["do"]](message)

    def _pair(self) -> None:
        """Begin a record by hand and call for a second worker."""
        acts = self._seat.console.window.acts(Screen.HANDLER)
        if isinstance(acts, HandlerDesk):
            acts.do(Act.NO_CALL)
            acts.do(Act.NEED_SECOND)
        desk = self._desk
        contact = max(desk.folds.contacts(), key=lambda one: one.id)
        desk.people.create(contact.id, NewPerson("Fenn", "Marcus"))
        self._asked(contact.id)

    def _asked(self, contact: UUID) -> None:
        """Say what was asked for once it is shared: what the bench writes into a record must not come before it."""
        folds = self._desk.folds
        if all(item.seq for item in folds.ledger.items(StreamRef(StreamKind.CONTACT, contact))):
            say("asked", contact=str(contact), incident=str(incident_id(folds, contact)))
        else:
            QTimer.singleShot(20, partial(self._asked, contact))

    def _partners(self) -> Partners:
        if self._half is None:
            screen = Screen(self._wish["screen"])
            self._half = Partners(self._seat.console.window, self._desk, screen, self._painting)
        return self._half

    def _join(self) -> None:
        """Take the open call for a second worker as soon as it is here."""
        desk = self._desk
        if desk.folds.incidents_of_worker(desk.who.worker):
            say("joined")
            return
        waiting = desk.pair.waiting_summons()
        if waiting and not self._asked_to_join:
            self._asked_to_join = True
            desk.pair.accept(waiting[0], lambda _: None)
        QTimer.singleShot(50, self._join)

    def _await_note(self, message: Message) -> None:
        self._wanted = message["text"]
        self._said.discard("note")
        say("awaiting")

    def _note_is_there(self) -> bool:
        view = self._seat.console.window.view(Screen.COORDINATOR)
        if not (self._wanted and isinstance(view, CoordinatorView)):
            return False
        return any(self._wanted in row.spoken for row in view.pair.note.rows)

    def _type(self, message: Message) -> None:
        self._keys = message["text"]
        self._key()

    def _key(self) -> None:
        """Type one key, as a hand does; after the last one say when the pause timer is due."""
        editor = self._editor()
        QTest.keyClicks(editor, self._keys[0])
        self._keys = self._keys[1:]
        if self._keys:
            QTimer.singleShot(KEY_EVERY_MS, self._key)
        else:
            say("typed", due=time.perf_counter_ns() + round(ENTRY_PAUSE * 1e9))

    def _editor(self) -> QWidget:
        view = self._seat.console.window.view(Screen.HANDLER)
        if not isinstance(view, HandlerView):
            raise TypeError("notes are typed on the handler's screen")
        return view.notes.editor


def run() -> int:
    """Serve the bench until it closes us."""
    wish = first_wish()
    application = QApplication([])
    apply(application, choose(dark=False))
    console = MeasuredConsole(wish)
    console.begin()
    code = application.exec()
    console.close()
    return code
