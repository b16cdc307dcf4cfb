"""Where the person is now, as folds: every place that was said, what was taken back and why, and what stands of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType

from console.domain.fact_sheet import WHERE
from console.domain.items import Item
from console.domain.locations import LOCATION_SOURCE_WORDS, NEVER_CURRENT, Place, source_of
from console.domain.reading import identities, moment, text
from console.domain.record import Kind
from console.domain.registers import Register, made_register, replaced_by

NOT_THERE: Mapping[str, str] = MappingProxyType(
    {
        "moved": "they have moved on",
        "looked": "somebody looked there",
        "misheard": "heard or written wrongly",
        "untrue": "it was not true",
    }
)
"""Why a place is taken back: one choice, for whoever has no hand free to write a reason."""


TAKEN_BACK = "not there"
"""Begins what stands for the source of the empty value that a place leaves which was taken back."""


def fold_places(items: Iterable[Item]) -> tuple[Place, ...]:
    """Return every place that was ever said, in the order of when it was, each with what took it back.

    An entry without words that corrects one takes it back; an older console goes on showing it.  Who takes back first
    is remembered, whatever order the entries come in.
    """
    listed = [item for item in items if item.kind is Kind.INCIDENT_LOCATION and item.readable]
    ends: dict[object, Item] = {}
    for item in listed:
        if _takes_back(item):
            ends.setdefault(item.corrects, item)
    found = [_place(item) for item in listed if text(item.content, "text")]
    return tuple(sorted((_ended(one, ends.get(one.entry)) for one in found), key=lambda one: one.at))


def _place(item: Item) -> Place:
    body = item.content
    settles = bool(identities(body, "settles"))
    return Place(
        text(body, "text"), source_of(text(body, "source")), _when(item), item.author, item.id, item.seq, settles
    )


def _takes_back(item: Item) -> bool:
    return item.corrects is not None and not text(item.content, "text")


def _ended(place: Place, end: Item | None) -> Place:
    if end is None:
        return place
    why = text(end.content, "reason")
    return replace(place, ended=end.id, ended_at=end.made_at, ended_by=end.author, why=why)


def fold_where(items: Iterable[Item]) -> Register | None:
    """Return where the person is now as a register of texts; None where nobody has said.

    A place that can never be where they are now (a record address) is not in it, and ends none that is.
    Places of an older console have no slot: each is typed over all before it.  One that was taken back leaves an empty
    value, which stands only where no place does.
    """
    said = [item for item in items if item.kind is Kind.INCIDENT_LOCATION and _value(item) is not None]
    plain = max((item for item in said if item.slot != WHERE), key=_when, default=None)
    left = [item for item in said if plain is None or _stands_beside(item, plain)]
    made, whole = made_register(WHERE, left, _value), made_register(WHERE, said, _value)
    if made is None or whole is None:
        return made
    heads = tuple(one for one in made.heads if one.value) or made.heads
    return Register(WHERE, heads, whole.versions, whole.history)


def _when(item: Item) -> datetime:
    """Return when it was said, which may be before it was written."""
    return moment(item.content, "at") or item.made_at


def _stands_beside(item: Item, plain: Item) -> bool:
    return item is plain or plain.id in replaced_by((item,)) or (item.slot == WHERE and _when(item) >= _when(plain))


def _value(item: Item) -> tuple[str, str] | None:
    if not item.readable:
        return None
    source, said = source_of(text(item.content, "source")), text(item.content, "text")
    if _takes_back(item):
        return "", f"{TAKEN_BACK}: {text(item.content, 'reason')}".rstrip(": ")
    if not said or source in NEVER_CURRENT:
        return None
    return said, LOCATION_SOURCE_WORDS[source]
