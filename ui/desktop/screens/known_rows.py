"""What two people know, as rows for both screens: clashes, proposals, promises, the line that dropped."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from console.domain.calls import Handed
from console.domain.drops import RING_WORDS, Drop, RingOutcome
from console.domain.hooks import HOOK_WORDS, Due, Hook, HookSort, in_order
from console.domain.incidents import IncidentState
from console.domain.notes import NoteLine
from console.domain.places import TAKEN_BACK
from console.domain.proposals import Proposal
from console.domain.registers import Register, Written
from console.domain.ring_back import RingingBack
from console.domain.search import shown_number
from console.domain.words import clock_words, span_words
from ui.desktop.shortcuts import Act, key_of
from ui.desktop.words import due_words, second_words

NameOf = Callable[[str], str]
MOST_WORDS = 60
"""Characters of the last words, and of a place, that are shown; the note and the facts have them all."""


@dataclass(frozen=True, slots=True)
class DropNow:
    """A drop as it stands: what it is, whether it may be rung back, the last words, and who rings now."""

    drop: Drop
    armed: RingingBack
    last: NoteLine | None = None
    rings_again: bool = False
    place: Proposal | None = None
    """Where the note says they are, while nobody has accepted it."""


@dataclass(frozen=True, slots=True)
class DropRow:
    """The line dropped.  ``lines`` are whole sentences; ``why_not`` is why ringing back is refused, else empty.

    ``unsaid``: nobody knows that it dropped, only that the call is over.
    """

    title: str
    lines: tuple[str, ...]
    why_not: str = ""
    unsaid: bool = False


@dataclass(frozen=True, slots=True)
class GlanceRow:
    """One thing at the edge of the handler's view.  ``chip`` is amber where something is due, else empty."""

    text: str = ""
    chip: str = ""
    quiet: bool = True


@dataclass(frozen=True, slots=True)
class HookRow:
    """One line of hooks and promises.  ``due`` in words, ``late`` and ``soon`` draw it as a chip."""

    key: str
    sort: str
    text: str
    due: str = ""
    pressing: bool = False


def value_words(one: Written, name_of: NameOf) -> str:
    """Return ``“Drowsy”, heard on the line, Priya 22:21``: a value with how it is known, who wrote it and when."""
    said = f"“{one.value}”" if one.value else "" if one.source.startswith(TAKEN_BACK) else "emptied"
    return ", ".join(part for part in (said, one.source, f"{name_of(one.author)} {clock_words(one.at)}") if part)


def both_words(register: Register, name_of: NameOf) -> str:
    """Return the values that stand, each with author and time."""
    return "; ".join(value_words(one, name_of) for one in register.heads)


def before_words(register: Register, name_of: NameOf) -> str:
    """Return what stood there before, newest first; empty where nothing did."""
    heads = {one.entry for one in register.heads}
    gone = [value_words(one, name_of) for one in reversed(register.history) if one.entry not in heads]
    return "; ".join(gone)


def clashes(incident: IncidentState) -> tuple[tuple[str, str, Register], ...]:
    """Return key, label and register of everything two people differ in, where they are now first."""
    where = incident.where_said
    found = [("where", "Where now", where)] if where is not None and where.clash else []
    return (*found, *((fact.key, fact.label, fact.register) for fact in incident.facts if fact.clash))


# --- the line that dropped -----------------------------------------------------------------------


_OURS = key_of(Act.RANG_BACK)
_UNSAID = "The telephone system does not say who ended it."
_LOG = f"{key_of(Act.RANG_BACK)} logs what came of it."


def drop_row(
    found: DropNow | None, incident: IncidentState | None, now: datetime, name_of: NameOf, ours: str = _OURS
) -> DropRow | None:
    """Return what both screens say of a line that is gone; ``ours`` is their key to say that one of us ended it."""
    if found is None or incident is None:
        return None
    unsaid = found.drop.unsaid
    title = "The call ended" if unsaid else "LINE DROPPED"
    title = f"{title} {second_words(found.drop.at)}, {span_words(now - found.drop.at)} ago"
    again = ("The same line rings now; answered here, Ctrl+T makes it this incident.",) if found.rings_again else ()
    lines = (
        *again,
        *((f"{_UNSAID} {ours} says that it was one of us.",) if unsaid else ()),
        *((_not_taken(found.drop.handed),) if found.drop.handed is not None else ()),
        _last_words(found.last),
        _last_place(found.place, incident, now),
        _number(found),
        _tried(incident, name_of),
    )
    # What is looked up for a moment is no refusal: pressed meanwhile, it rings when the answer is here.
    return DropRow(title, lines, "" if found.armed.pending else found.armed.why_not, unsaid)


def _not_taken(handed: Handed) -> str:
    return f"Transferred to {handed.taker}, not answered." if handed.taker else "Transferred, not answered."


def _last_words(last: NoteLine | None) -> str:
    if last is None:
        return "Last words: none were written."
    return f"Last words {clock_words(last.at)}: {_ended(_cut(last.text))}"


def _cut(text: str) -> str:
    return shortened(text, MOST_WORDS)


def shortened(text: str, most: int) -> str:
    """Return ``text``, or its first words with dots where it is longer than ``most`` characters."""
    if len(text) <= most:
        return text
    return f"{text[:most].rpartition(' ')[0] or text[:most]} ..."


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith(".") else f"{sentence}."


def _last_place(noted: Proposal | None, incident: IncidentState, now: datetime) -> str:
    stands = incident.places_now
    words = [f"{_cut(one.text)} ({one.source_words}, {span_words(now - one.at)} ago)" for one in stands]
    if noted is not None:
        # It may be the newest that anybody knows: said as what it is, and never left out.
        words.append(f"{_cut(noted.text)} (in the note, {span_words(now - noted.at)} ago, not accepted)")
    if not words:
        return "Where: not known. A record address is not where they are now."
    return f"Where: {' or '.join(words)}."


def _number(found: DropNow) -> str:
    state = _cut(found.armed.state[:1].upper() + found.armed.state[1:])
    shown = f"{shown_number(found.armed.number)}. " if found.armed.number else ""
    return f"Number: {shown}{state}."


def _tried(incident: IncidentState, name_of: NameOf) -> str:
    tried = tuple(one for one in incident.ring_backs if one.outcome is not RingOutcome.OURS)
    if not tried:
        return "Not rung back yet. The incident stays open."
    newest = tried[-1]
    more = f". {_cut(newest.words).removesuffix('.')}" if newest.words else ""
    count = sum(1 for one in tried if one.outcome.value in ("rung", "failed")) or 1
    times = "once" if count == 1 else f"{count} times"
    by = name_of(newest.by)
    return f"Rung back {times}, {RING_WORDS[newest.outcome]} {clock_words(newest.at)} ({by}){more}. {_LOG}"


# --- hooks and promises --------------------------------------------------------------------------


def hook_rows(hooks: Iterable[Hook], now: datetime) -> tuple[HookRow, ...]:
    """Return what holds now, what is late first."""
    return tuple(_hook_row(one, now) for one in in_order(hooks, now))


def _hook_row(one: Hook, now: datetime) -> HookRow:
    to = f"{one.to}: " if one.to else ""
    beside = f" (also written: {'; '.join(one.others)})" if one.others else ""
    due, pressing = _due(one, now)
    return HookRow(str(one.id), HOOK_WORDS[one.sort], f"{to}{one.text}{beside}", due, pressing)


def _due(one: Hook, now: datetime) -> tuple[str, bool]:
    if one.due is None:
        return "", False
    match one.due_at(now):
        case Due.LATE:
            return f"late {span_words(now - one.due)}", True
        case Due.SOON:
            return f"in {span_words(one.due - now)}", True
        case _:
            return due_words(one.due, now), False


def glance(incident: IncidentState | None, now: datetime, name_of: NameOf) -> GlanceRow:
    """Return the one thing the handler should see without looking for it."""
    if incident is None or not incident.live:
        return GlanceRow("Promises, and what calms, stand here.")
    held = in_order(incident.hooks, now)
    late = [one for one in held if one.due_at(now) is Due.LATE]
    soon = [one for one in held if one.due_at(now) is Due.SOON]
    differ = clashes(incident)
    if not late and differ:
        _, label, register = differ[0]
        return GlanceRow(
            f"{label}: {both_words(register, name_of)}", f"Two stand {key_of(Act.FACT_SHEET)}", quiet=False
        )
    if late or soon:
        row = _hook_row((late or soon)[0], now)
        more = f" (and {len(late) - 1} more)" if len(late) > 1 else ""
        return GlanceRow(f"{row.sort} {row.text}{more}", row.due, quiet=False)
    words = [f"{HOOK_WORDS[one.sort]}: {one.text}" for one in held if one.sort in (HookSort.INFLAMES, HookSort.CALMS)]
    timed = [one for one in held if one.due is not None]
    if timed:
        row = _hook_row(timed[0], now)
        words.insert(0, f"{row.sort} {row.text}, {row.due}")
    if words:
        return GlanceRow(". ".join(words[:3]), quiet=False)
    return GlanceRow(f"Nothing promised. {key_of(Act.HOOK)} adds what calms, inflames or was promised.")
