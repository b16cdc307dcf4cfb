"""A pair with all hands full at real windows: help asked for, promises, unanswered signals, a caller who waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType

from PySide6.QtWidgets import QApplication

from console.domain.board import BoardLimits
from console.domain.call_events import SupervisionBegan
from console.domain.capacity import NightRules
from console.domain.locations import LocationSource
from console.domain.people import NewPerson
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerState
from console.domain.signal_set import SHIPPED, Lasts, Reach, Sender, SignalSet, SignalSpec
from tests.helpers.night_windows import Sitting, Windows
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.shortcuts import Act, Screen

ADDED = SignalSet(
    (
        *SHIPPED.signals,
        SignalSpec("dog", "Dog in the room", "Shift+F7", Reach.MANAGERS, Sender.ANY, Lasts.MOMENTARY),
        SignalSpec("interpreter", "Interpreter needed", "Shift+F11"),
        SignalSpec("slow", "Slow down please now", "Ctrl+Shift+F7", by=Sender.COORDINATOR, lasts=Lasts.MOMENTARY),
    ),
    SHIPPED.replies,
)
"""A service that has put a signal on each of the free keys."""
LONG_LINE = "Police are six minutes away; they ask whether the gate by the club is open"
NOTE = ("“I've taken them all.”", "overdose 2145, 40 tabs, unknown drug", "in the car by the reservoir")


class BusyPair(Windows):
    """Priya and Tom with Marcus Fenn on the line; :meth:`crowd` brings everything at once."""

    def __init__(self, *, signals: SignalSet = SHIPPED, zoom: float = 1.0) -> None:
        rules = NightRules(script="Please hold: we ring you back.")
        super().__init__(BoardLimits(night=rules), signals=signals, zoom=zoom)
        person = NewPerson("Fenn", "Marcus", date(1992, 2, 19), gender="", e164="+447700900412")
        self.priya.console.people.create(None, person)
        self.room.settle()
        incident = self.paired().id
        for text in NOTE:
            self.priya.console.note(self.priya.console.contact, text)
        facts = self.tom.console.incidents
        facts.place(incident, "In the car, by the reservoir, the second car park", LocationSource.CALLER_STATED)
        facts.fact(incident, "state", "Awake, talking, words clear", "caller stated")
        self.ask("ambulance", send=True)
        self.ask("crisis_team")
        self.form("hook", sort="promise", text="Ring his brother before anybody tells his wife", to="Marcus", due="2")
        self.settle(20)

    @property
    def coordinator(self) -> CoordinatorDesk:
        """Return what stands behind Tom's screen."""
        acts = self.tom.window.acts(Screen.COORDINATOR)
        assert isinstance(acts, CoordinatorDesk)
        return acts

    @property
    def handler(self) -> HandlerDesk:
        """Return what stands behind Priya's screen."""
        acts = self.priya.window.acts(Screen.HANDLER)
        assert isinstance(acts, HandlerDesk)
        return acts

    def form(self, key: str, **values: str) -> None:
        """Let Tom send a form."""
        self.coordinator.form_opened(key, "")
        self.coordinator.form_sent(key, values)
        self.room.settle()

    def ask(self, kind: str, *, send: bool = False) -> None:
        """Let Tom draft a request, and send it at once or not."""
        self.form("ask_help", kind=kind, words="The second car park, behind the locked gate", rank="p1_life_now")
        if send:
            self.tom.settle()
            self.tom.press(Act.FINISH)

    def settle(self, seconds: float = 1) -> None:
        """Let time pass and every window draw."""
        self.room.advance(seconds)
        for one in (self.priya, self.tom, self.helen):
            one.settle()

    def sized(self, width: int, height: int) -> None:
        """Give every window this size."""
        for one in (self.priya, self.tom, self.helen):
            one.window.resize(width, height)
        for _ in range(3):
            QApplication.processEvents()

    def signal_all(self) -> None:
        """Let Priya signal everything there is, and nobody answer."""
        for act in (Act.GET_POLICE, Act.GET_AMBULANCE, Act.MANAGER, Act.CALLER_GONE, Act.AT_RISK):
            self.priya.press(act)
        self.settle(3)

    def clash(self) -> None:
        """Let both write another state and another place."""
        self.handler.form_opened("fact_sheet")
        self.coordinator.form_opened("fact_sheet", "")
        self.settle()
        subject = next(form.subject for form in _forms(self.tom) if form.key == "fact_sheet")
        for key, one, other in (("state", "Drowsy, words run together", "Awake"), ("where", "In the car", "At home")):
            self.handler.field_changed(subject, f"fact:{key}", one, "")
            self.coordinator.field_changed(subject, f"fact:{key}", other, "")
        self.settle()

    def crowd(self) -> None:
        """Let nine more requests be drafted, four more be present, everything be signalled and a caller wait."""
        stream, pen = StreamRef(StreamKind.INCIDENT, self.incident.id), self.tom.console.recorder
        for number in range(4):
            body = {"worker": f"watcher.{number}", "name": f"Bartholomew Featherstone {number}", "role": "observer"}
            pen.record(pen.entry(Kind.INCIDENT_JOINED, stream, body, slot="role:observer"))
        for kind in ("aa", "welfare_check", "social_worker", "interpreter", "placement", "fire", "amhp", "legal"):
            self.ask(kind)
        self.signal_all()
        self.second_call()
        self.tom.console.pair.say(self.incident.id, LONG_LINE)
        self.settle(5)

    def dropped(self) -> None:
        """Let the line drop with every signal unanswered."""
        self.signal_all()
        self.room.ends("c1", by="caller")
        self.settle(3)

    def heard(self) -> None:
        """Let the second worker listen to the call."""
        self.room.hears(SupervisionBegan("c1", self.room.clock.now(), self.tom.console.extension))
        self.settle()

    def held(self) -> None:
        """Let a caller wait and Helen hold the queue."""
        self.second_call()
        self.helen.press(Act.HOLD_QUEUE)
        self.settle()

    def second_call(self) -> None:
        """Let a caller wait with nobody free."""
        self.grace.shift.say(WorkerState.VISIT)
        self.room.rings("c2", "01632960741", "01632960004")
        self.settle(3)


STATES: Mapping[str, Callable[[BusyPair], None]] = MappingProxyType(
    {
        "signals": BusyPair.signal_all,
        "clash": BusyPair.clash,
        "held": BusyPair.held,
        "dropped": BusyPair.dropped,
        "crowd": BusyPair.crowd,
        "heard": BusyPair.heard,
    }
)
"""What can come to a pair, one at a time."""


def _forms(one: Sitting) -> tuple[FormRow, ...]:
    rows = one.view._rows
    assert rows is not None
    return rows.forms
