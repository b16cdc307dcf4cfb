"""What somebody said of a call that reached nobody: the one word that takes it off every list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from console.domain.items import Item
from console.domain.reading import text
from console.domain.record import Kind
from console.domain.text import safe_line

WORDS_CAP = 200


class Reviewed(StrEnum):
    """What became of a missed call."""

    RANG_BACK = "rang_back"
    NO_ANSWER = "no_answer"
    CAME_AGAIN = "came_again"
    NOBODY_TO_RING = "nobody_to_ring"
    NOTHING_NEEDED = "nothing_needed"
    OTHER = "other"


REVIEW_WORDS: Mapping[Reviewed, str] = {
    Reviewed.RANG_BACK: "Rung back and spoken with",
    Reviewed.NO_ANSWER: "Rung back, nobody answered",
    Reviewed.CAME_AGAIN: "They rang again and were answered",
    Reviewed.NOBODY_TO_RING: "No number to ring: withheld or unknown",
    Reviewed.NOTHING_NEEDED: "Nothing to do",
    Reviewed.OTHER: "Something else: write it",
}
NEEDS_WORDS = frozenset({Reviewed.NOTHING_NEEDED, Reviewed.OTHER})
"""What is said of it needs a reason: nobody rang back, so somebody says why not."""


@dataclass(frozen=True, slots=True)
class Review:
    """One review.  ``what`` is None where a newer version said what this one has no word for."""

    by: str
    at: datetime
    what: Reviewed | None
    words: str = ""


def review_of(items: Iterable[Item]) -> Review | None:
    """Return the review that stands among the items of one call."""
    found = [item for item in items if item.kind is Kind.CALL_REVIEWED and item.readable]
    if not found:
        return None
    item, said = found[-1], text(found[-1].content, "what")
    what = Reviewed(said) if said in set(Reviewed) else None
    return Review(item.author, item.stored_at or item.made_at, what, safe_line(text(item.content, "words"), WORDS_CAP))
