"""The contacts of this service beside what was imported of a person: before this call, and open work."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from console.domain.calendar import local
from console.domain.people import PastContact, PersonRecord
from console.domain.repeat_calls import REVIEW_TYPE
from console.ports.store import Card


def with_contacts(record: PersonRecord | None, before: tuple[Card, ...], on_screen: UUID | None) -> PersonRecord | None:
    """Return ``record`` with the contacts ``before``, without the one on the screen.

    Closed ones are of before, open ones are work.  A review says that somebody rang often: whoever hears
    them now is told nothing of it.
    """
    if record is None or not before:
        return record
    shown = [card for card in before if card.details.get("type") != REVIEW_TYPE]
    others = [card for card in shown if card.stream.id != on_screen and card.opened_at is not None]
    past = [_past_contact(card) for card in others if card.closed_at is not None]
    work = [_past_contact(card) for card in others if card.closed_at is None]
    history = sorted((*record.history, *past), key=lambda one: one.on, reverse=True)
    return replace(record, history=tuple(history), open_work=(*record.open_work, *work))


def _past_contact(card: Card) -> PastContact:
    opened = card.opened_at
    if opened is None:
        raise ValueError("a card without its opening has no day")
    return PastContact(card.stream.id, local(opened).date(), card.line, card.details.get("authority", ""))
