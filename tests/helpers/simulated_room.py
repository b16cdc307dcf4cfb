"""Ten pairs at their consoles for seeded hands: each with a way of its own to the record, which can be cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from console.domain.incidents import IncidentState
from console.domain.record import Identity, Role
from console.ports.manual import ManualAlarm, ManualTimer
from console.ports.store import Store, StoreAway
from tests.helpers.night_room import Console, Room
from tests.helpers.record_parts import make_store
from tests.helpers.seated import seat
from ui.desktop.desk import Desk
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows

LINE = "01632960001"
ROLES = (Role.SERVICE_ADVISER, Role.SUPPORT_WORKER, Role.SOCIAL_WORKER_CHILDREN, Role.SOCIAL_WORKER_ADULTS)


class Way:
    """One console's way to the shared record; while it is cut every question ends in :class:`StoreAway`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.cut = False

    def __getattr__(self, name: str) -> Any:
        """Return a door of the record that opens only while there is a way."""
        return partial(self._through, getattr(self._store, name))

    def _through(self, door: Callable[..., Any], *given: Any, **more: Any) -> Any:
        if self.cut:
            message = "The shared record is away."
            raise StoreAway(message)
        return door(*given, **more)


class MortalAlarm:
    """The timers of one console: none of them goes off after it was killed."""

    def __init__(self, alarm: ManualAlarm) -> None:
        self._alarm = alarm
        self.dead = False

    def after(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` once."""
        return self._alarm.after(seconds, partial(self._unless_dead, act))

    def every(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` again and again."""
        return self._alarm.every(seconds, partial(self._unless_dead, act))

    def advance(self, seconds: float) -> None:
        """Let time pass for everybody."""
        self._alarm.advance(seconds)

    def slower(self) -> SlowAlarm:
        """Return the same timers for what needs not be done each second of an hour by each of twenty consoles."""
        return SlowAlarm(self)

    def _unless_dead(self, act: Callable[[], None]) -> None:
        if not self.dead:
            act()


@dataclass(frozen=True)
class SlowAlarm:
    """Timers that go off again and again more seldom than they are asked to."""

    alarm: MortalAlarm

    def after(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` once."""
        return self.alarm.after(seconds, act)

    def every(self, seconds: float, act: Callable[[], None]) -> ManualTimer:
        """Run ``act`` again and again, twenty times as seldom."""
        return self.alarm.every(20 * seconds, act)


@dataclass
class Hand:
    """One worker: the console under their hands, and what they remember of what they did."""

    who: Identity
    extension: str
    way: Way
    console: Console
    desk: Desk
    alarm: MortalAlarm
    handler: HandlerDesk
    coordinator: CoordinatorDesk
    drawn: dict[str, Any] = field(default_factory=dict)
    lines: dict[UUID, UUID] = field(default_factory=dict)
    """By record: the line of its note that is under the hands."""
    typed: dict[UUID, str] = field(default_factory=dict)
    looked: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By field: the entries whose values stood there when this worker last looked."""

    def incident(self, identity: UUID) -> IncidentState | None:
        """Return an incident as this console has it."""
        return self.console.folds.incident(identity)

    def handler_rows(self) -> HandlerRows:
        """Look at the handler's screen once."""
        return cast("HandlerRows", self._rows("handler", self.handler))

    def coordinator_rows(self) -> CoordinatorRows:
        """Look at the coordinator's screen once."""
        return cast("CoordinatorRows", self._rows("coordinator", self.coordinator))

    def _rows(self, name: str, screen: HandlerDesk | CoordinatorDesk) -> object:
        screen.resume()
        screen.pause()
        return self.drawn[name]


class Hall(Room):
    """A room of many consoles, each with its own way to one record."""

    def __init__(self, kind: str, folder: Path | None = None) -> None:
        """``kind`` is ``memory`` or ``sqlite``, then with a folder."""
        super().__init__()
        self._time = self.alarm
        if kind != "memory":
            assert folder is not None
            self.record: Store = make_store(kind, folder, cast("Any", self.clock))
        else:
            self.record = self.store
        self.hands: list[Hand] = []

    def sit_down(self, who: Identity, extension: str, before: Hand | None = None) -> Hand:
        """Start a console for a worker, on the journal that ``before`` left."""
        way = before.way if before is not None else Way(self.record)
        alarm = MortalAlarm(self._time)
        self.shared, self.store = cast("Store", way), cast("Any", way)
        self.alarm = cast("ManualAlarm", alarm)
        console = self.console(who, extension)
        # Nobody looks at the board here; made each second by each console it would be nine tenths of the work.
        console.board._parts = replace(console.board._parts, alarm=alarm.slower())
        desk, _ = seat(self, console)
        self.alarm = self._time
        handler, coordinator = HandlerDesk(desk), CoordinatorDesk(desk)
        drawn: dict[str, Any] = {}
        handler.show_on(partial(drawn.__setitem__, "handler"))
        coordinator.show_on(partial(drawn.__setitem__, "coordinator"))
        handler.pause()
        coordinator.pause()
        made = Hand(who, extension, way, console, desk, alarm, handler, coordinator, drawn)
        if before is None:
            self.hands.append(made)
            return made
        made.typed = before.typed
        self.hands[self.hands.index(before)] = made
        return made

    def kill(self, hand: Hand) -> Hand:
        """Let a console die where it stands, and start it again."""
        hand.alarm.dead = True
        self.consoles.remove(hand.console)
        hand.console.recorder.stop()
        return self.sit_down(hand.who, hand.extension, hand)

    def close(self) -> None:
        """End every console and the record."""
        for console in self.consoles:
            console.recorder.stop()
        self.record.close()


def worker(number: int, role: Role) -> Identity:
    """Return an invented worker."""
    return Identity(f"hand.{number:02}", f"Hand {number:02}", role, f"desk-{number}")
