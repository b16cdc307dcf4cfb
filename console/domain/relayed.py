"""What was read out from the relay card, to whom and when: each line is ticked as it is said.

A tick is about words, not about a line: where the line says something else by now, whoever was told
knows the old words, and the card says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identity, text
from console.domain.record import Kind


@dataclass(frozen=True, slots=True)
class Said:
    """One line of the card as it was read out for one request for help; empty ``text``: it was not, after all."""

    to: UUID
    item: str
    text: str
    at: datetime
    by: str
    entry: UUID
    seq: int = 0


@dataclass(frozen=True, slots=True)
class Tick:
    """A line was said at ``at`` by ``by``; ``changed``: it says something else now than what they were told."""

    at: datetime
    by: str
    told: str
    changed: bool


def slot_of(to: UUID, item: str) -> str:
    """Return the slot of one line and request."""
    return f"relayed:{to}:{item}"


def fold_said(items: Iterable[Item]) -> tuple[Said, ...]:
    """Return what an incident's items say was read out: the newest of each line and request, in that order."""
    newest: dict[tuple[UUID, str], Said] = {}
    for item in items:
        made = _said(item) if item.kind is Kind.INCIDENT_RELAYED and item.readable else None
        if made is not None:
            newest.pop((made.to, made.item), None)
            newest[made.to, made.item] = made
    return tuple(newest.values())


def _said(item: Item) -> Said | None:
    body = item.content
    to, key = identity(body, "to"), text(body, "item")
    if to is None or not key:
        return None
    return Said(to, key, text(body, "text"), item.made_at, item.on_behalf_of or item.author, item.id, item.seq)


def ticks(said: Iterable[Said], to: UUID | None, lines: Iterable[tuple[str, str]]) -> dict[str, Tick]:
    """Return the ticks of a card's lines (key and words) for one request."""
    told = {one.item: one for one in said if one.to == to and one.text}
    return {
        key: Tick(told[key].at, told[key].by, told[key].text, changed=told[key].text != words)
        for key, words in lines
        if key in told
    }
