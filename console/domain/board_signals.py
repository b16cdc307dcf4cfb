"""The signals that stand on the board: what is for managers, and whatever somebody alone with a caller signals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from console.domain.board import ManagerSignal
from console.domain.record import StreamKind
from console.domain.signal_set import Reach, SignalKind
from console.domain.signals import Signal, Summons
from console.domain.work_cards import WorkCard


def managers_signals(
    waiting: Iterable[Signal], cards: Iterable[WorkCard], summons: Iterable[Summons], name_of: Callable[[str], str]
) -> tuple[ManagerSignal, ...]:
    """Return them, the gravest first and then the oldest.

    Read from cards and calls for a second worker, which every role may: no manager need be in the incident.  What was
    about work that is over is left out: there is nobody to come to any more.
    """
    known = {card.id: card for card in cards}
    joined = {one.contact: one.incident for one in summons if one.contact is not None and one.incident is not None}
    rows = []
    for one in sorted(waiting, key=lambda one: (one.kind != SignalKind.I_AM_AT_RISK, one.at)):
        card = known.get(one.stream.id) if one.stream is not None else None
        if card is None:
            continue
        alone = not _paired(card, known, joined)
        if alone or one.reach is Reach.MANAGERS:
            rows.append(ManagerSignal(one, name_of(one.by), card.line, alone))
    return tuple(rows)


def _paired(card: WorkCard, known: Mapping[UUID, WorkCard], joined: Mapping[UUID, UUID]) -> bool:
    """Say whether two work it: by the incident's card, or by the one that stands around a contact's."""
    if card.kind == StreamKind.INCIDENT.value:
        return bool(card.owner and card.coordinator)
    incident = joined.get(card.id)
    if incident is not None:
        # Whoever accepted is on the way in, also while the incident is not listed yet.
        around = known.get(incident)
        return around is None or bool(around.owner and around.coordinator)
    same = (one for one in known.values() if one.kind == StreamKind.INCIDENT.value and one.call is not None)
    return any(one.call == card.call and one.owner and one.coordinator for one in same)
