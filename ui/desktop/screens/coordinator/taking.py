"""Taking what somebody asks for or what nobody has: a summons, a request, a record, a seat; answering a signal."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from console.domain.ids import read_id
from console.domain.incidents import IncidentState
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.coordinator.on_screen import PairOnScreen


def take(
    desk: Desk, screen: PairOnScreen, key: str, then: Callable[[Outcome], None], say: Callable[[str], None]
) -> None:
    """Take what stands behind a row; ``then`` hears who won, ``say`` why it cannot be taken at all."""
    summons = next((one for one in desk.pair.waiting_summons() if str(one.entry) == key), None)
    if summons is not None:
        desk.pair.accept(summons, then)
        return
    kind, _, identity = key.rpartition(" ")
    taken = read_id(identity)
    if taken is None:
        say("There is nothing here to take.")
        return
    if kind not in ("contact", "incident"):
        desk.helps.take(taken, then)
        return
    owner = screen.owner(taken)
    if owner and owner != desk.who.worker:
        name = desk.ledger.name_of(owner)
        say(f"{name} has this. Nothing was taken; ask {name} to hand it over, or tell the duty manager.")
    elif kind == "contact":
        desk.contacts.take(taken, then)
    else:
        desk.pair.join_as_coordinator(taken, then)


def answer_signal(desk: Desk, incident: IncidentState | None, signal: UUID) -> None:
    """Say of a signal of the incident that it is in hand."""
    signals = desk.folds.signals_of_incident(incident).signals if incident is not None else ()
    if incident is not None and any(one.entry == signal for one in signals):
        desk.pair.answer(desk.stream_of_signal(signal, incident), signal, "in hand")
