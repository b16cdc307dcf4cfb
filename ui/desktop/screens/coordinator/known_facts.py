"""What among the facts waits for the second worker: two values that stand, and what the note proposes."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.incidents import IncidentState
from console.domain.proposals import Proposal
from console.domain.words import clock_words
from ui.desktop.screens.coordinator.rows import FactRow
from ui.desktop.screens.known_rows import MOST_WORDS, NameOf, clashes, shortened, value_words

_SHORT = {"where": "Where"}


def waiting_words(rows: Iterable[FactRow]) -> str:
    """Return ``2 differ, 1 proposed`` of the facts that wait for one act; empty where none does."""
    listed = tuple(rows)
    differ = len({row.key.split(" ")[1] for row in listed if row.act == "settle"})
    accept = sum(1 for row in listed if row.act == "accept")
    words = (f"{differ} differ: Enter" if differ else "", f"{accept} proposed: Enter" if accept else "")
    return ", ".join(word for word in words if word)


def to_settle(incident: IncidentState, name_of: NameOf) -> Iterable[FactRow]:
    """Yield each value of what two people differ in, with its author and time; Enter lets it hold."""
    for key, label, register in clashes(incident):
        for head in register.heads:
            row, words = f"settle {key} {head.entry}", value_words(head, name_of)
            yield FactRow(row, _SHORT.get(key, label) + "?", words, head.source, "", act="settle", button="This holds")


def proposed(found: Iterable[Proposal], name_of: NameOf) -> Iterable[FactRow]:
    """Yield what a note proposes as a fact; Enter accepts it."""
    for one in found:
        row, words = f"accept {one.key} {one.line}", f"{one.text} ({name_of(one.by)} noted {clock_words(one.at)})"
        yield FactRow(row, _SHORT.get(one.key, one.label) + "?", words, "the note", "", act="accept", button="Accept")


def taken_back_words(incident: IncidentState, name_of: NameOf) -> str:
    """Return which place was taken back last, by whom and why; empty where none was."""
    gone = max(
        (one for one in incident.places if one.ended_at is not None), key=lambda one: str(one.ended_at), default=None
    )
    if gone is None or gone.ended_at is None:
        return ""
    why = f": {gone.why}" if gone.why else ""
    return f"Not at {shortened(gone.text, MOST_WORDS)}{why} ({name_of(gone.ended_by)} {clock_words(gone.ended_at)})."
