"""Taking what somebody asks for or what nobody has: a summons, a request, a record, a seat; answering a signal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from console.domain.ids import read_id
from console.domain.incidents import IncidentState
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.screens.coordinator.on_screen import PairOnScreen
from ui.desktop.screens.coordinator.presenter import REPLY

IN_HAND = "in hand"
"""What Enter answers to a signal."""


def take(
    desk: Desk, screen: PairOnScreen, key: str, then: Callable[[Outcome], None], say: Callable[[str], None]
) -> None:
    """Take what stands behind a row, or show it where this worker is in it; ``then`` hears who won, ``say`` why it
    cannot be taken at all."""
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
    if screen.choose(taken):
        return  # one's own beside the one on screen: there is nothing to take, only to show
    owner = screen.owner(taken)
    if owner and owner != desk.who.worker:
        name = desk.ledger.name_of(owner)
        say(f"{name} has this. Nothing was taken; ask {name} to hand it over, or tell the duty manager.")
    elif kind == "contact":
        desk.contacts.take(taken, then)
    else:
        desk.pair.join_as_coordinator(taken, partial(_joined, screen, taken, then))


def _joined(screen: PairOnScreen, incident: UUID, then: Callable[[Outcome], None], outcome: Outcome) -> None:
    if outcome.won:
        screen.choose(incident)
    then(outcome)


def answer_signal(desk: Desk, incident: IncidentState | None, signal: UUID, act: str) -> None:
    """Answer with the words that stood on the quick reply's button, else that it is in hand."""
    words = act.removeprefix(REPLY) if act.startswith(REPLY) else IN_HAND
    sent = desk.folds.signals_of_incident(incident).signals if incident is not None else ()
    found = next((one for one in sent if one.entry == signal), None)
    if found is not None and found.stream is not None:
        desk.pair.answer(found.stream, signal, words)
