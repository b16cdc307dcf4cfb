"""A caller whom one of ours gave to somebody who never answered: an unanswered call like any other.

The record's account of it; :mod:`console.domain.call_folds` makes the same of what a switchboard tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from console.domain.calls import FETCHED, Handed, TransferKind
from console.domain.items import Item
from console.domain.reading import choice, moment, text
from console.domain.record import Kind
from console.domain.text import NUMBER_CAP, safe_line

_MOVES = frozenset({Kind.CALL_ANSWERED, Kind.CALL_JOINED, Kind.CALL_TRANSFERRED})


def handed_of(items: Iterable[Item]) -> Handed | None:
    """Return the newest change of hands after which nobody had the caller, of the items of one call in any order."""
    handed, has = None, ""
    for item in sorted((one for one in items if one.kind in _MOVES and one.readable), key=happened_at):
        if item.kind is Kind.CALL_TRANSFERRED:
            handed = _handed(item, has)
        else:
            handed, has = None, text(item.content, "extension")
    return handed


def _handed(item: Item, has: str) -> Handed | None:
    """``has`` is who had the caller: whoever takes a caller over may be told of before the change of hands is."""
    taker = safe_line(text(item.content, "taker"), NUMBER_CAP)
    giver = text(item.content, "giver") or (has if has != taker else "")
    fetched = choice(item.content, "kind", TransferKind.REDIRECT) in FETCHED
    return None if fetched or (has and has != giver) else Handed(giver, taker, happened_at(item))


def happened_at(item: Item) -> datetime:
    """Return when a fact of a call was: by the switchboard, where it gave a time."""
    return moment(item.content, "at") or item.made_at
