"""Where the person is: every place with its source and time; a record address is never "now".

A mobile caller gives us no location, and an address on file says where somebody once lived
(domain.md 4.4): it is shown, with its age, and never called current.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class LocationSource(StrEnum):
    """domain.md 4.4."""

    CALLER_STATED = "caller_stated"
    WHAT3WORDS = "what3words"
    LANDLINE_ADDRESS = "landline_address"
    THIRD_PARTY = "third_party"
    INFERRED = "inferred"
    VERIFIED_RECORD = "verified_record"
    UNKNOWN = "unknown"


LOCATION_SOURCE_WORDS: dict[LocationSource, str] = {
    LocationSource.CALLER_STATED: "caller stated",
    LocationSource.WHAT3WORDS: "what3words, read back",
    LocationSource.LANDLINE_ADDRESS: "address of the line",
    LocationSource.THIRD_PARTY: "told by somebody else",
    LocationSource.INFERRED: "inferred",
    LocationSource.VERIFIED_RECORD: "record address",
    LocationSource.UNKNOWN: "source not known",
}
"""Words beside a place on screen."""

NEVER_CURRENT = frozenset({LocationSource.VERIFIED_RECORD, LocationSource.UNKNOWN})
"""Sources that say where somebody may be found, not where somebody is."""


@dataclass(frozen=True, slots=True)
class Place:
    """One location as somebody recorded it; ``at`` is when it was said, not when it was typed.

    ``ended`` is the entry that took it back, None while nobody did; ``why`` is why.
    """

    text: str
    source: LocationSource
    at: datetime
    by: str
    entry: UUID
    seq: int
    settles: bool = False
    """It was chosen where two places stood."""
    ended: UUID | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    why: str = ""

    @property
    def may_be_current(self) -> bool:
        """Say whether this is a kind of place where the person can be now."""
        return self.source not in NEVER_CURRENT

    @property
    def source_words(self) -> str:
        """Return the source in words."""
        return LOCATION_SOURCE_WORDS[self.source]


def source_of(text: str) -> LocationSource:
    """Read a source; anything not known becomes ``unknown``, which is never current."""
    try:
        return LocationSource(text)
    except ValueError:
        return LocationSource.UNKNOWN


def place_source(source: str) -> LocationSource:
    """Return the kind of source a place has, by how it is known; a case record never says where somebody is now."""
    if source == "case_record":
        return LocationSource.VERIFIED_RECORD
    known = {one.value for one in LOCATION_SOURCE_WORDS}
    return LocationSource(source) if source in known else LocationSource.INFERRED
