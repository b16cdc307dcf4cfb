"""What a handler's note proposes as a fact: ``where: in the car, by the reservoir`` is one, typed in the note.

The handler's attention belongs to the caller: no form, no other key.  Nothing becomes a fact by itself; the
coordinator accepts it by one act, or states something else, and either ends the proposal.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from console.domain.fact_sheet import WHERE, FactField, fact_meant
from console.domain.incidents import IncidentState
from console.domain.notes import NoteLine
from console.domain.registers import Register

SETTLED = timedelta(seconds=3)
"""A line is not proposed while it is still being typed."""
MOST_WORDS = 3
"""Words before the colon; a sentence with a colon in it is no fact."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """One line of a note that says a fact: its key and label, the words after the colon, whose and when."""

    key: str
    label: str
    text: str
    line: UUID
    by: str
    at: datetime


def proposed(line: NoteLine) -> tuple[FactField, str] | None:
    """Return the fact that a line names and what it says of it, None for any other line."""
    word, colon, rest = line.text.partition(":")
    if not colon or not rest.strip() or len(word.split()) > MOST_WORDS:
        return None
    meant = fact_meant(word.strip())
    return (meant, " ".join(rest.split())) if meant is not None else None


def proposals(notes: Iterable[NoteLine], incident: IncidentState, now: datetime) -> tuple[Proposal, ...]:
    """Return what stands to be accepted: of each fact the newest line that nothing was stated after."""
    found: dict[str, Proposal] = {}
    for line in notes:
        made = proposed(line)
        # A clock that goes ahead of ours keeps nothing back.
        if made is None or timedelta() <= now - line.at < SETTLED:
            continue
        meant, said = made
        register = _register(incident, meant.key)
        if _is_dealt_with(register, line.seq, said):
            found.pop(meant.key, None)
        else:
            found[meant.key] = Proposal(meant.key, meant.label, said, line.line, line.author, line.at)
    return tuple(found.values())


def _register(incident: IncidentState, key: str) -> Register | None:
    if key == WHERE:
        return incident.where_said
    fact = incident.fact(key)
    return fact.register if fact is not None else None


def _is_dealt_with(register: Register | None, seq: int, said: str) -> bool:
    """Say whether a value came after the line, by the record's own order: two clocks have none."""
    if register is None:
        return False
    return any(one.value == said for one in register.heads) or any(
        one.seq == 0 or one.seq > seq for one in register.history
    )
