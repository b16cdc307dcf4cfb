"""Notes as folds read them: the newest text of each line, in the order the lines were begun."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from console.domain.items import Item
from console.domain.reading import identity, moment, text
from console.domain.record import Kind, StreamRef

NOTE_KINDS = frozenset({Kind.CONTACT_NOTE, Kind.INCIDENT_NOTE, Kind.MESSAGE_SENT})
"""Kinds whose body is a line with its whole text so far."""


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One line of a note.

    ``entry`` and ``seq`` belong to the newest text; ``seq`` 0 means kept on this computer only,
    and whether others have seen it is a matter of their cursors on ``stream``.
    ``author`` is whose words they are; ``delivered_by`` who shared them for the author, if another.
    """

    line: UUID
    text: str
    begun: datetime
    at: datetime
    author: str
    entry: UUID
    seq: int
    stream: StreamRef
    delivered_by: str = ""
    corrected: bool = False
    to: str = ""


def fold_notes(items: Iterable[Item], kinds: frozenset[Kind] = NOTE_KINDS) -> tuple[NoteLine, ...]:
    """Return the newest text per line and author, in the order the lines were begun; empty ones are dropped."""
    return tuple(sorted(newest_texts(items, kinds), key=lambda line: line.begun))


def newest_texts(items: Iterable[Item], kinds: frozenset[Kind]) -> tuple[NoteLine, ...]:
    """Return the newest text per line and author, in the order of the items; lines left empty are dropped."""
    lines: dict[tuple[UUID, str], NoteLine] = {}
    corrected: set[UUID] = set()
    for item in items:
        if item.kind not in kinds or not item.readable:
            continue
        if item.corrects is not None:
            corrected.add(item.corrects)
        made = _line(item)
        key = (made.line, made.author)
        # A line keeps the place it was begun at, whatever its later texts say.
        first = lines.get(key)
        lines[key] = made if first is None else replace(made, begun=first.begun)
    shown = [line for line in lines.values() if line.text.strip()]
    return tuple(replace(line, corrected=True) if line.entry in corrected else line for line in shown)


def _line(item: Item) -> NoteLine:
    author = item.on_behalf_of or item.author
    return NoteLine(
        line=identity(item.content, "line") or item.id,
        text=text(item.content, "text"),
        begun=moment(item.content, "begun") or item.made_at,
        at=item.made_at,
        author=author,
        entry=item.id,
        seq=item.seq,
        stream=item.stream,
        delivered_by=item.author if item.on_behalf_of else "",
        to=text(item.content, "to"),
    )
