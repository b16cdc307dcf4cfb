"""Whether a headless witness watches: by its own word in the shift's stream, and when that was last heard."""

from __future__ import annotations

from datetime import datetime, timedelta

from console.domain.bank_holidays import england
from console.domain.calendar import Calendar, shift_stream
from console.domain.items import item_of_stored
from console.domain.record import Identity, Role
from console.domain.shifts import fold_shift
from console.domain.watches import SILENT_AFTER, Watch, WatchState
from console.domain.words import clock_words, weekday_clock
from console.machine.clock import SystemClock
from console.ports.store import Store
from ui.bootstrap.doctor.checking import Facts, Finding, State

_SEE = "see docs/running/witness.md"


def watched(store: Store, role: Role, switchboard: str, worker: str = "doctor") -> Finding:
    """Say who watches; ``switchboard`` is the row by which this computer names facts, empty where it has none."""
    now = SystemClock().now()
    who = Identity(worker, "Doctor", role, "doctor")
    return finding(_heard(store, who, now), switchboard, now)


def _heard(store: Store, who: Identity, now: datetime) -> tuple[Watch, ...]:
    """Return the witnesses of this shift, or of the one before where none has spoken in this one yet."""
    calendar = Calendar(england())
    stretch = calendar.stretch(now)
    for one in (stretch, calendar.stretch(stretch.start - timedelta(hours=1))):
        found = fold_shift(map(item_of_stored, store.stream(who, shift_stream(one)))).watches
        if found:
            return found
    return ()


def finding(watches: tuple[Watch, ...], switchboard: str, now: datetime) -> Finding:
    """Return what is known, the worst of several witnesses first."""
    if not watches:
        means = "no witness was heard in this shift or the last: calls are written down only while a console runs"
        return Finding("witness", State.NOT_ASKED, means, f"if there should be one, start it; {_SEE}")
    others = [one for one in watches if switchboard and one.switchboard and one.switchboard != switchboard]
    worst = sorted(watches, key=lambda one: (one.alive(now), one.at))[0]
    facts: Facts = {"station": worst.station, "state": worst.state.value, "last_heard": worst.at.isoformat()}
    if others:
        means = (
            f"the witness at {others[0].station} names the switchboard otherwise than this computer does: each call "
            "would be written down twice"
        )
        return Finding("witness", State.NOT_WELL, means, "give all computers the same `switchboard_name`", facts)
    said = f"the witness at {worst.station} was last heard {_when(worst.at, now)}"
    if worst.alive(now):
        return Finding("witness", State.WELL, f"{said}, and hears the telephones", facts=facts)
    if worst.state is WatchState.ENDED:
        return Finding("witness", State.NOT_WELL, f"{said}, when it ended", f"start it again; {_SEE}", facts)
    if now - worst.at >= SILENT_AFTER:
        do = "look whether it runs, and whether it reaches the record"
        return Finding("witness", State.NOT_WELL, f"{said}, and should have spoken since", do, facts)
    return Finding("witness", State.NOT_WELL, f"{said}: it does not hear the telephones", "look at its log", facts)


def _when(at: datetime, now: datetime) -> str:
    return clock_words(at) if now - at < timedelta(hours=20) else weekday_clock(at)
