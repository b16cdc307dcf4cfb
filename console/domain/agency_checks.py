"""What a worker says tonight of an agency's number, laid over the directory's row.

An entry each time (``agency.checked``), so that a later import does not lose it: the newer of the two stands.
A word about another number than the directory has now says nothing of this one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from console.domain.calendar import local
from console.domain.items import Item
from console.domain.people import Agency
from console.domain.reading import flag, text
from console.domain.record import Kind, StreamKind
from console.domain.text import safe_line

SLOT = "check"
WORDS_CAP = 200


@dataclass(frozen=True, slots=True)
class AgencyCheck:
    """Somebody rang the number, or learned of it: ``good`` is that it is theirs and answered."""

    agency: UUID
    number: str
    good: bool
    words: str
    by: str
    at: datetime


def check_body(number: str, words: str, name: str, *, good: bool) -> Mapping[str, object]:
    """Return the body of an entry."""
    return {"number": number, "good": good, "words": safe_line(words, WORDS_CAP), "name": name}


def check_of(
    agency: UUID, content: Mapping[str, Any], author: str, at: datetime, known: str | None = None
) -> AgencyCheck:
    """Return what an entry's body says; what it lacks is empty.

    ``known`` is the author's name as the record has it: it stands before the one that the body says.
    """
    name = safe_line(known or text(content, "name"), 80) or author
    words = safe_line(text(content, "words"), WORDS_CAP)
    return AgencyCheck(agency, text(content, "number"), flag(content, "good"), words, name, at)


def newest_check(items: tuple[Item, ...], name_of: Callable[[str], str]) -> AgencyCheck | None:
    """Return the newest check of one agency's stream, kept ones included; ``name_of`` gives a worker's name by key."""
    found = [one for one in items if one.kind is Kind.AGENCY_CHECKED and one.stream.kind is StreamKind.AGENCY]
    last = next((one for one in reversed(found) if one.readable), None)
    if last is None:
        return None
    return check_of(last.stream.id, last.content, last.author, last.made_at, name_of(last.author))


def with_check(agency: Agency, check: AgencyCheck | None) -> Agency:
    """Return the directory's row with what was said of its number, where that is the newer word."""
    if check is None or check.number != agency.number:
        return agency
    day = local(check.at).date()
    if agency.verified_on is not None and agency.verified_on > day:
        return agency
    if check.good:
        return replace(agency, verified_on=day, verified_by=check.by, wrong_on=None, wrong_by="", note=check.words)
    return replace(agency, wrong_on=day, wrong_by=check.by, note=check.words)
