"""The queue on hold: callers wait, and no telephone of ours rings for them, until a manager lets it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from console.domain.items import Item
from console.domain.reading import flag, text
from console.domain.record import Kind

SLOT = "queue"
REASON = "Queue held"
"""Why a telephone is paused meanwhile, as the switchboard is told: it is nobody's break."""


@dataclass(frozen=True, slots=True)
class QueueHold:
    """Whether the queue is held, since when, by whom (a worker key) and why."""

    held: bool = False
    since: datetime | None = None
    by: str = ""
    reason: str = ""


def queue_of(item: Item) -> QueueHold:
    """Return what one entry says of the queue; what any worker may write never holds it."""
    freed = item.kind is Kind.SHIFT_QUEUE_FREED
    held = flag(item.content, "held") and not freed
    return QueueHold(held, item.made_at, item.author, text(item.content, "reason") if held or freed else "")
