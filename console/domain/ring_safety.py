"""Whether a number may be rung back, by what was written of it: freely, by a rule that is read first, or never.

The words come from forms, the council's file and the rota, in everybody's own style.  What is not understood is a
rule: it stands before whoever rings, who asks once more (peers.md 7, 12).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from uuid import UUID

from console.domain.lines import emergency_number, to_e164
from console.domain.people import Candidates, Line, Marker, PersonRecord


class Safety(IntEnum):
    """From the least to the most careful."""

    FREELY = 0
    RULE = 1
    NEVER = 2


NOT_ASKED = frozenset({"", "not asked", "not known", "unknown"})
"""Words that say that nobody knows; case and signs between words do not count."""
_FREELY = NOT_ASKED | {"yes", "y", "safe", "any hour", "any time", "always"}
_NEVER_FIRST = frozenset({"no", "n", "none", "never", "nobody", "don't", "dont"})
_NO_NEVER = re.compile(r"(no longer|no (restrictions?|problems?|rules?)|n a)\b")
"""Beginnings with "no" that forbid nothing by themselves."""
_NEVER = re.compile(
    r"\b(not safe|no longer safe|unsafe|isn't safe|danger(ous)?|not (to )?be (rung|called|phoned|contacted)"
    r"|not to (ring|call|phone))\b"
)
_NEVER_BEGINS = re.compile(r"do not\b")
_NUMBER = re.compile(r"\+?\d[\d ()-]{2,}")
_HOUR = re.compile(r"\b\d{1,2}[:.]\d{2}\b|\b\d{1,2} ?[ap]m\b", re.IGNORECASE)


def said_of(words: str) -> Safety:
    """Return what ``words`` about ringing a number allow; whatever is not understood is a rule to be read."""
    plain = _plain(words)
    if plain in _FREELY:
        return Safety.RULE if words.strip() and not plain else Safety.FREELY
    if _NEVER.search(plain) or _NEVER_BEGINS.match(plain):
        return Safety.NEVER
    begins = plain.split(" ", 1)[0]
    return Safety.NEVER if begins in _NEVER_FIRST and not _NO_NEVER.match(plain) else Safety.RULE


def is_unasked(words: str) -> bool:
    """Say whether nobody knows whether the number is safe to ring."""
    return _plain(words) in NOT_ASKED


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[\w']+", words.casefold().replace("\u2019", "'")))


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that somebody stated in words: E.164, empty with ``why_not`` where none may be rung."""

    e164: str
    safety: Safety
    why_not: str = ""


def stated_number(stated: str) -> Stated:
    """Return the one number in what was stated as safe to ring, and what the words around it allow."""
    if said_of(stated) is Safety.NEVER:
        return Stated("", Safety.NEVER, f"The caller said it is not safe to ring ({stated}). Nothing was rung.")
    runs = [run.strip() for run in _NUMBER.findall(_HOUR.sub(" ", stated))]
    if any(emergency_number(run) for run in runs):
        words = "The console never rings an emergency number. Use your handset."
        return Stated("", Safety.NEVER, words)
    found = list(dict.fromkeys(number for number in map(to_e164, runs) if number))
    if len(found) > 1:
        words = "Several numbers stand in the safe number. Leave the safe one on the fact sheet; nothing was rung."
        return Stated("", Safety.RULE, words)
    if not found:
        words = "The safe number cannot be rung from here. Correct it on the fact sheet, or use your handset."
        return Stated("", Safety.RULE, words)
    rest = stated
    for run in runs:
        rest = rest.replace(run, " ")
    return Stated(found[0], said_of(_plain(rest)))


@dataclass(frozen=True, slots=True)
class NumberKnown:
    """What the record says before a number is rung.

    ``markers`` are those of whoever was chosen; ``rules`` are sentences to be read first.  ``reading``: not all of it
    is here yet.  ``unread`` says in a sentence what could not be read; empty where everything was.
    """

    lines: tuple[Line, ...] = ()
    markers: tuple[Marker, ...] = ()
    rules: tuple[str, ...] = ()
    reading: bool = False
    unread: str = ""

    def words_of(self, e164: str) -> str:
        """Return what is written of ringing a number: the most careful words, where two places differ."""
        said = (line.safe_to_call.strip() for line in self.lines if line.e164 == e164)
        return max(said, key=said_of, default="")


NOTHING_KNOWN = NumberKnown()
"""Everything was read, and nothing is known of the number."""


def number_known(
    e164: str, chosen: UUID | None, record: PersonRecord | None, found: Candidates | None, today: date
) -> NumberKnown:
    """Return what is known of ``e164`` from the opened record of who was chosen and from the number's look-up.

    A marker of anybody else on the line, or of the relative whose number it is, is a rule: chosen is not confirmed,
    and it may be they who answer.  So is somebody there of whom nothing is shown.
    """
    others = [one for one in found.people if one.person != chosen] if found is not None else []
    relatives = [one for one in record.relations if any(line.e164 == e164 for line in one.lines)] if record else []
    marked = any(forbids(one, today) for other in others for one in other.markers)
    hidden = any(one.restricted for one in others) or (found is not None and found.total > len(found.people))
    rules = (
        "A marker of somebody else on this number says do not ring back." if marked else "",
        "Not everybody who may be on this number is shown." if hidden else "",
        "A marker says not to ring back the relative whose number this is."
        if any(one.do_not_ring for one in relatives)
        else "",
    )
    lines = [line for one in relatives for line in one.lines]
    lines += record.lines if record is not None else ()
    lines += (found.line,) if found is not None and found.line is not None else ()
    markers = record.markers if record is not None else ()
    return NumberKnown(tuple(lines), markers, tuple(one for one in rules if one))


DO_NOT_CALL_BACK = "do_not_call_back"


def forbids(marker: Marker, today: date) -> bool:
    """Say whether a marker in force says that somebody must not be rung back."""
    return marker.kind == DO_NOT_CALL_BACK and not marker.out_of_date(today)
