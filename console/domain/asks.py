"""What a console without a way to the switchboard asks of a witness, and what became of it (decision 0042).

One request is one slot of the shift's stream.  It is asked where nothing stands, and taken, or withdrawn, where only
the asking stands: whoever comes second is refused by the record.  So it is done once or not at all, and where the taker
dies nobody knows which.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import flag, identity, text
from console.domain.record import Kind, Role, StreamRef

SLOT = "ask:"
"""Slots of requests; behind it stands the request's id."""
WORTH = 6.0
"""Seconds after which a request is not carried out any more, whenever it came to whoever could."""


class AskState(StrEnum):
    """How far a request has come; from ``ACCEPTED`` on as the switchboard's own word."""

    ASKED = "asked"
    WITHDRAWN = "withdrawn"
    TAKEN = "taken"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    UNSUPPORTED = "unsupported"
    NO_ANSWER = "no answer"

    @property
    def over(self) -> bool:
        """Say whether nothing more comes of it."""
        return self not in (AskState.ASKED, AskState.TAKEN)


@dataclass(frozen=True, slots=True)
class Ask:
    """One request.  ``head`` is the newest entry of its slot; ``worker`` asked, for their telephone ``extension``."""

    id: UUID
    stream: StreamRef
    head: UUID
    worker: str
    role: Role
    extension: str
    act: str
    call: UUID | None
    target: str
    reason: str
    asked_at: datetime
    stored_at: datetime | None
    state: AskState = AskState.ASKED
    sentence: str = ""

    def fresh(self, now: datetime) -> bool:
        """Say whether it is still worth doing: neither its clock nor the record's says that it is too late."""
        return all((now - at).total_seconds() <= WORTH for at in (self.asked_at, self.stored_at) if at is not None)


def ask_slot(ask: UUID) -> str:
    """Return the slot of a request."""
    return f"{SLOT}{ask}"


def fold_ask(items: Iterable[Item]) -> Ask | None:
    """Return what the shared entries of one request's slot make, in order; None where its asking cannot be read."""
    made: Ask | None = None
    for item in items:
        if item.kind is Kind.SHIFT_ASKED and made is None and item.readable and not flag(item.content, "withdrawn"):
            made = _asked(item)
        elif made is not None:
            made = replace(made, head=item.id, state=_state(item), sentence=text(item.content, "sentence"))
    return made


def _asked(item: Item) -> Ask | None:
    try:
        ask = UUID(item.slot.removeprefix(SLOT))
    except ValueError:
        return None
    body = item.content
    return Ask(
        ask, item.stream, item.id, item.author, item.role, text(body, "extension"), text(body, "act"),
        identity(body, "call"), text(body, "target"), text(body, "reason"), item.made_at, item.stored_at,
    )  # fmt: skip


def _state(item: Item) -> AskState:
    """Return what an entry after the asking says; what cannot be read says that somebody has it."""
    if item.kind is Kind.SHIFT_ASKED:
        return AskState.WITHDRAWN
    try:
        return AskState(text(item.content, "state", AskState.TAKEN))
    except ValueError:
        return AskState.NO_ANSWER
