"""A shift: who is signed in where, in which state, and which computers hold unsent entries."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.call_outs import CallOut, with_call_out
from console.domain.items import Item
from console.domain.queue_hold import QueueHold, queue_of
from console.domain.reading import flag, moment, text, texts, whole
from console.domain.record import MANAGERS, Kind, Role, read_role
from console.domain.recovery import Relief, with_relief
from console.domain.text import safe_line
from console.domain.watches import Watch, WatchState


class WorkerState(StrEnum):
    """domain.md 8.1.  Ringing, on a call and coordinating are seen, the others are said."""

    AVAILABLE = "available"
    RINGING = "ringing"
    ON_CALL_NOW = "on_call_now"
    COORDINATING = "coordinating"
    WRAP_UP = "wrap_up"
    VISIT = "visit"
    BREAK = "break"
    TAKE_FIVE = "take_five"
    ON_CALL_HOME = "on_call_home"
    OFF = "off"


STATE_LABELS: Mapping[WorkerState, str] = {
    WorkerState.AVAILABLE: "Ready",
    WorkerState.RINGING: "Ringing",
    WorkerState.ON_CALL_NOW: "On a call",
    WorkerState.COORDINATING: "Coordinating",
    WorkerState.WRAP_UP: "Wrap-up",
    WorkerState.VISIT: "Visit",
    WorkerState.BREAK: "Away",
    WorkerState.TAKE_FIVE: "Take five",
    WorkerState.ON_CALL_HOME: "On-call, at home",
    WorkerState.OFF: "Signed out",
}

ROLE_LABELS: Mapping[Role, str] = {
    Role.SERVICE_ADVISER: "Service adviser",
    Role.SUPPORT_WORKER: "Support worker",
    Role.SOCIAL_WORKER_CHILDREN: "Children's SW",
    Role.SOCIAL_WORKER_ADULTS: "Adults' SW",
    Role.AMHP: "AMHP",
    Role.ASSISTANT_TEAM_MANAGER: "Asst manager",
    Role.DUTY_MANAGER: "Duty manager",
    Role.ON_CALL_MANAGER: "On-call manager",
    Role.DAY_TEAM_READER: "Day team",
    Role.AUDITOR: "Auditor",
    Role.ADMINISTRATOR: "Administrator",
    Role.WITNESS: "Witness",
}

ROLE_CAP = 40
"""Longest role of a newer version shown, in characters."""


def role_words(role: Role) -> str:
    """Return a role in words; one that only a newer version knows as it is written."""
    return ROLE_LABELS.get(role) or safe_line(role.value.replace("_", " ").capitalize(), ROLE_CAP)


PAUSES_QUEUE = frozenset(
    {
        WorkerState.COORDINATING,
        WorkerState.WRAP_UP,
        WorkerState.VISIT,
        WorkerState.BREAK,
        WorkerState.TAKE_FIVE,
        WorkerState.ON_CALL_HOME,
        WorkerState.OFF,
    }
)
"""States in which the switchboard must not ring this worker from a queue."""


@dataclass(frozen=True, slots=True)
class WorkerOnShift:
    """One signed-in worker; ``extension`` is empty for somebody without a telephone here."""

    worker: str
    name: str
    role: Role
    extension: str
    station: str
    signed_in_at: datetime
    state: WorkerState = WorkerState.AVAILABLE
    reason: str = ""
    since: datetime | None = None
    state_head: UUID | None = None
    until: datetime | None = None
    """When a recovery ends by itself; None where nothing was said of that."""
    can_come: bool = False
    """In recovery, and willing to be asked all the same."""

    def recovering(self, now: datetime) -> bool:
        """Say whether this worker is in recovery: it is over by its time, also where their console says nothing."""
        return self.state is WorkerState.TAKE_FIVE and (self.until is None or now < self.until)

    def said(self, now: datetime) -> WorkerState:
        """Return the said state: ready, where a recovery is over by its time."""
        over = self.state is WorkerState.TAKE_FIVE and not self.recovering(now)
        return WorkerState.AVAILABLE if over else self.state

    @property
    def state_words(self) -> str:
        """Return the state in words; a ready manager manages."""
        if self.state is WorkerState.AVAILABLE and self.role in MANAGERS:
            return "Managing"
        return STATE_LABELS[self.state]


@dataclass(frozen=True, slots=True)
class UnsentStation:
    """A computer that holds entries which were never shared."""

    station: str
    count: int
    at: datetime
    worker: str


@dataclass(frozen=True, slots=True)
class ShiftAlert:
    """Something every screen counts."""

    words: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Sitting:
    """The newest sign-in at a telephone in one shift, whether or not its worker is still there."""

    worker: str
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ShiftState:
    """Everything a shift's stream says.  ``heads`` are the slots' heads, for exclusive acts."""

    workers: tuple[WorkerOnShift, ...] = ()
    unsent: tuple[UnsentStation, ...] = ()
    alerts: tuple[ShiftAlert, ...] = ()
    watches: tuple[Watch, ...] = ()
    heads: Mapping[str, UUID] = field(default_factory=dict)
    call_outs: tuple[CallOut, ...] = ()
    queue: QueueHold = field(default_factory=QueueHold)
    reliefs: Mapping[str, tuple[Relief, ...]] = field(default_factory=dict)
    """What was offered to each worker after red calls, oldest first."""
    sittings: Mapping[str, Sitting] = field(default_factory=dict)
    """Who sat down last, by extension; :mod:`console.domain.telephones` asks it of all shifts."""

    def worker(self, key: str) -> WorkerOnShift | None:
        """Return one signed-in worker."""
        return next((one for one in self.workers if one.worker == key), None)

    def holder(self, extension: str) -> WorkerOnShift | None:
        """Return who is signed in on an extension."""
        return next((one for one in self.workers if extension and one.extension == extension), None)

    def name_at(self, extension: str) -> str:
        """Return the name of who is signed in on an extension, empty for nobody."""
        found = self.holder(extension)
        return found.name if found is not None else ""

    def free(self) -> tuple[WorkerOnShift, ...]:
        """Return who said ready and has a telephone."""
        return tuple(one for one in self.workers if one.state is WorkerState.AVAILABLE and one.extension)

    def could_answer(self, talking: Collection[str], seated: Collection[str]) -> tuple[WorkerOnShift, ...]:
        """Return who could take a call now: ready, at none of the telephones ``talking``, not a manager.

        Nor who has a seat in a live incident (``seated``, by key), whatever they said: it has them, also after their
        own call ended.
        """
        ready = (one for one in self.free() if one.role not in MANAGERS and one.worker not in seated)
        return tuple(one for one in ready if one.extension not in talking)

    def managers_here(self) -> tuple[WorkerOnShift, ...]:
        """Return the managers at work: not who is on call at home."""
        away = (WorkerState.ON_CALL_HOME, WorkerState.OFF)
        return tuple(one for one in self.workers if one.role in MANAGERS and one.state not in away)


def extension_slot(extension: str, worker: str) -> str:
    """Return the slot of a sign-in; somebody without an extension has a slot of their own."""
    return f"extension:{extension}" if extension else f"desk:{worker}"


def fold_shift(items: Iterable[Item]) -> ShiftState:
    """Return the shift that the items of one stream make."""
    state = _Making()
    for item in items:
        if item.slot:
            state.heads[item.slot] = item.id
        step = _STEPS.get(item.kind)
        if step is not None and item.readable:
            step(state, item)
    workers = sorted(state.workers.values(), key=lambda one: (one.signed_in_at, one.worker))
    unsent = sorted((one for one in state.unsent.values() if one.count), key=lambda one: one.station)
    watches = sorted(state.watches.values(), key=lambda one: one.station)
    return ShiftState(
        tuple(workers),
        tuple(unsent),
        tuple(state.alerts),
        tuple(watches),
        state.heads,
        state.call_outs,
        state.queue,
        state.reliefs,
        state.sittings,
    )


@dataclass(slots=True)
class _Making:
    workers: dict[str, WorkerOnShift] = field(default_factory=dict)
    unsent: dict[str, UnsentStation] = field(default_factory=dict)
    alerts: list[ShiftAlert] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)
    heads: dict[str, UUID] = field(default_factory=dict)
    call_outs: tuple[CallOut, ...] = ()
    queue: QueueHold = field(default_factory=QueueHold)
    reliefs: dict[str, tuple[Relief, ...]] = field(default_factory=dict)
    sittings: dict[str, Sitting] = field(default_factory=dict)


def _signed_in(state: _Making, item: Item) -> None:
    body = item.content
    worker = text(body, "worker") or item.author
    made = WorkerOnShift(
        worker,
        text(body, "name") or worker,
        _role(text(body, "role"), item.role),
        text(body, "extension"),
        text(body, "station") or item.station,
        item.made_at,
        since=item.made_at,
    )
    held = [key for key, one in state.workers.items() if made.extension and one.extension == made.extension]
    if flag(body, "unclaimed") and any(key != worker for key in held):
        # Signed in while the record was away, on an extension that somebody else had claimed.
        made, held = replace(made, extension=""), []
    # The same worker at another desk has moved; whoever else held this extension is gone from it.
    for key in (*held, worker):
        state.workers.pop(key, None)
    state.workers[worker] = made
    if made.extension:
        state.sittings[made.extension] = Sitting(worker, made.name, item.made_at)


def _role(written: str, default: Role) -> Role:
    return read_role(written) if written else default


def _signed_out(state: _Making, item: Item) -> None:
    state.workers.pop(text(item.content, "worker") or item.author, None)


def _state(state: _Making, item: Item) -> None:
    worker = text(item.content, "worker") or item.author
    found = state.workers.get(worker)
    try:
        said = WorkerState(text(item.content, "state"))
    except ValueError:
        return
    if found is not None:
        since = found.since if found.state is said else item.made_at
        state.workers[worker] = replace(
            found,
            state=said,
            reason=text(item.content, "reason"),
            since=since,
            state_head=item.id,
            until=moment(item.content, "until"),
            can_come=flag(item.content, "can_come"),
        )


def _unsent(state: _Making, item: Item) -> None:
    station = text(item.content, "station") or item.station
    count = whole(item.content, "count") or 0
    state.unsent[station] = UnsentStation(station, count, item.made_at, item.author)


def _alert(state: _Making, item: Item) -> None:
    state.alerts.append(ShiftAlert(text(item.content, "words"), item.made_at, item.author))


def _watch(state: _Making, item: Item) -> None:
    try:
        said = WatchState(text(item.content, "state"))
    except ValueError:
        return
    station = text(item.content, "station") or item.station
    before = state.watches.get(station)
    made = Watch(station, said, item.made_at, text(item.content, "switchboard"), texts(item.content, "acts"))
    state.watches[station] = made if before is None or made.at >= before.at else before


def _call_out(state: _Making, item: Item) -> None:
    state.call_outs = with_call_out(state.call_outs, item)


def _queue(state: _Making, item: Item) -> None:
    state.queue = queue_of(item)


def _relief(state: _Making, item: Item) -> None:
    state.reliefs = with_relief(state.reliefs, item)


_Step = Callable[[_Making, Item], None]
_STEPS: Mapping[Kind, _Step] = {
    Kind.SHIFT_SIGNED_IN: _signed_in,
    Kind.SHIFT_SIGNED_OUT: _signed_out,
    Kind.SHIFT_STATE: _state,
    Kind.SHIFT_UNSENT: _unsent,
    Kind.SHIFT_ALERT: _alert,
    Kind.SHIFT_WATCH: _watch,
    Kind.SHIFT_CALL_OUT: _call_out,
    Kind.SHIFT_QUEUE: _queue,
    Kind.SHIFT_QUEUE_FREED: _queue,
    Kind.SHIFT_RELIEF: _relief,
}
