"""What the screens say of the night's capacity: loads, who is present, the call-out, the held queue.  No caller."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from console.domain.board import BoardState
from console.domain.board_emergencies import EmergencyCall
from console.domain.call_outs import CallOut, CallOutReason, CallOutState
from console.domain.incidents import PAIR, IncidentRole, IncidentState
from console.domain.loads import Load
from console.domain.night import NightState
from console.domain.seat_words import SEAT_WORDS
from console.domain.signal_set import SignalKind
from console.domain.signals import Signal, Summons
from console.domain.words import clock_words, span_words
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.widgets.faces import HealthRow, Mark
from ui.desktop.words import counted

MOST_NAMED = 3


def first_name(name: str) -> str:
    """Return the first word of a name."""
    return name.split(" ", 1)[0]


# --- loads ---------------------------------------------------------------------------------------


def load_words(load: Load, now: datetime) -> str:
    """Return a worker's load: ``2 incidents since 22:14, red call over 12 min ago``; empty where there is none."""
    parts = []
    if load.incidents:
        parts.append(counted(load.incidents, "incident", "incidents"))
    elif load.talking:
        parts.append("a call")
    if parts and load.since is not None:
        parts[0] += f" since {clock_words(load.since)}"
    parts += [red] if (red := red_words(load, now)) else []
    return ", ".join(parts)


def red_words(load: Load, now: datetime) -> str:
    """Return that somebody has just had a red call, and how long ago it was over."""
    if load.red_over is None or not load.just_red(now):
        return ""
    minutes = int((now - load.red_over).total_seconds()) // 60
    return f"red call over {minutes} min ago" if minutes else "red call just over"


def short_red(load: Load, now: datetime) -> str:
    """Return the same for a narrow column: ``red 12 min``."""
    minutes = int((now - load.red_over).total_seconds()) // 60 if load.red_over is not None else 0
    return f"red {minutes} min"


def asked_words(night: NightState, summons: Summons, worker: str, now: datetime) -> str:
    """Return to whom else a call for a second worker goes, with what each has behind them, the freest first."""
    others = [one for one in night.can_come(now) if one.worker.worker not in (worker, summons.asked_by)]
    own = next((one for one in night.loads if one.worker.worker == worker), None)
    mine = red_words(own, now) if own is not None else ""
    parts = [f"You: {mine}."] if mine else []
    if others:
        parts.append(f"Also asked: {', '.join(_named(one, now) for one in others[:MOST_NAMED])}.")
    return " ".join(parts)


def is_at_risk(signalled: Iterable[Signal]) -> bool:
    """Say whether somebody has signalled that they are at risk themselves."""
    return any(one.kind == SignalKind.I_AM_AT_RISK for one in signalled)


def asker_words(summons: Summons, signalled: Iterable[Signal]) -> str:
    """Return who asks for a second worker, and what else they have signalled that nobody answered."""
    listed = tuple(signalled)
    name = f"{summons.asker_name} is at risk" if is_at_risk(listed) else summons.asker_name
    words = dict.fromkeys(one.words for one in listed if one.kind != SignalKind.I_AM_AT_RISK)
    return f"{name}: {', '.join(words)}" if words else name


def shown_to_words(night: NightState, asker: str, now: datetime) -> str:
    """Return to whom the asker's call for a second worker is shown."""
    listed = [one for one in night.can_come(now) if one.worker.worker != asker]
    if not listed:
        return "Nobody is free."
    more = f" and {len(listed) - MOST_NAMED} more" if len(listed) > MOST_NAMED else ""
    return f"Shown to {', '.join(_named(one, now) for one in listed[:MOST_NAMED])}{more}."


def _named(load: Load, now: datetime) -> str:
    said = red_words(load, now)
    return f"{first_name(load.worker.name)} ({said})" if said else first_name(load.worker.name)


# --- who is present ------------------------------------------------------------------------------


def others_present(incident: IncidentState | None) -> str:
    """Return who is there besides the two: ``Helen manager, 37 watch``; empty for nobody."""
    if incident is None:
        return ""
    managers = [first_name(one.name) for one in incident.present if one.role is IncidentRole.MANAGER]
    watching = [first_name(one.name) for one in incident.present if one.role is IncidentRole.OBSERVER]
    parts = [f"{name} manager" for name in managers[:MOST_NAMED]]
    if len(managers) > MOST_NAMED:
        parts.append(f"{len(managers) - MOST_NAMED} more managers")
    if len(watching) == 1:
        parts.append(f"{watching[0]} watches")
    elif watching:
        parts.append(f"{len(watching)} watch")
    return ", ".join(parts)


def present_rows(incident: IncidentState) -> tuple[tuple[str, str], ...]:
    """Return everybody present, the two first, then managers, then who watches: key, and name with role."""
    order = (IncidentRole.LEAD, IncidentRole.COORDINATOR, IncidentRole.MANAGER, IncidentRole.OBSERVER)
    listed = sorted(incident.present, key=lambda one: (order.index(one.role), one.name))
    return tuple((one.worker, f"{one.name}, {SEAT_WORDS[one.role]}") for one in listed)


def seats_held(incident: IncidentState) -> Iterable[IncidentRole]:
    """Yield the seats that somebody has, the lead first."""
    return (role for role in (IncidentRole.LEAD, IncidentRole.COORDINATOR) if role in PAIR and incident.holder(role))


# --- called out, and held ------------------------------------------------------------------------


def call_out_words(made: CallOut) -> str:
    """Return how a call-out stands, without a key."""
    name = first_name(made.name) or "On-call manager"
    if made.state is CallOutState.ARMED:
        return "Asked for by a colleague" if made.why is CallOutReason.BY_HAND else ""
    if made.state is CallOutState.RUNG:
        return f"{name} rung {clock_words(made.last_at)}, no word yet"
    said = {
        CallOutState.COMING: "is coming",
        CallOutState.CANNOT: "cannot come",
        CallOutState.NO_ANSWER: "did not answer",
        CallOutState.FAILED: "not rung: nothing was dialled",
    }
    return f"{name} {said[made.state]}, {clock_words(made.last_at)}"


def emergency_words(one: EmergencyCall, *, named: bool) -> str:
    """Return ``999 rung by Tom since 22:17`` or, where nobody sits there, the extension; on a wall no name."""
    sits = first_name(one.name) if named else ""
    who = sits or (f"extension {one.extension}" if one.extension else "a telephone")
    since = f" since {clock_words(one.since)}" if one.since is not None else ""
    if one.over is not None:
        since = f", over {clock_words(one.over)}"
    return f"{one.number} {'spoken with' if one.answered else 'rung'} by {who}{since}"


_NOT_COMING = {CallOutState.CANNOT: "cannot come", CallOutState.FAILED: "was not rung"}


def ring_health(words: str) -> tuple[HealthRow, ...]:
    """Return what rings at a screen that has no call bar; nothing for no words."""
    return (HealthRow(words, trouble=True, mark=Mark.CLOCK),) if words else ()


def night_health(board: BoardState | None, *, named: bool = True) -> tuple[HealthRow, ...]:
    """Return what every screen's status row says: the held queue, and the call-out with its key.

    Not ``named``: for a wall, where visitors read it too.
    """
    if board is None:
        return ()
    rows, night, key = [], board.night, key_of(Act.CALL_OUT)
    # What works gives way where there is no room; that somebody rings 999 never does.
    rows += [HealthRow(emergency_words(one, named=named), trouble=True, mark=Mark.CLOCK) for one in board.emergencies]
    if board.missed:
        words = counted(len(board.missed), "missed call", "missed calls")
        rows.append(HealthRow(f"{words} {key_of(Act.MISSED)}", trouble=True))
    if night.queue.held:
        since = f" since {clock_words(night.queue.since)}" if night.queue.since else ""
        rows.append(HealthRow(f"Queue held{since}", trouble=True))
    made = night.call_out
    if made is None:
        return tuple(rows)
    name = first_name(made.name) if named and made.name else "On-call manager"
    if made.state is CallOutState.RUNG:
        rows.append(HealthRow(f"{name} rung {clock_words(made.last_at)}: {key} says the answer", trouble=True))
    elif made.state is CallOutState.COMING:
        rows.append(HealthRow(f"{name} is coming", mark=Mark.TICK))
    elif made.state is CallOutState.ARMED:
        rows.append(HealthRow(f"{_need(board)}: call out {key}", trouble=True))
    else:
        said = _NOT_COMING.get(made.state, "did not answer")
        rows.append(HealthRow(f"{name} {said}: again {key}", trouble=True))
    return tuple(rows)


def _need(board: BoardState) -> str:
    guard, made = board.night.guard, board.night.call_out
    if guard.nobody_for_next:
        wait = f" {span_words(board.at - guard.oldest_since)}" if guard.oldest_since else ""
        return f"0 free, {guard.waiting} waiting{wait}"
    if made is not None and made.why is CallOutReason.NO_SECOND:
        return "No second worker came"
    return "Asked for by hand"
