"""People as the screens meet them: candidates for a number, records, markers, agencies.

Identity is three things: a person, a line (a telephone number as a thing) and a person on a
line with the day it was last confirmed.  A number never determines a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from console.domain.ranks import Rank as Rank

MOST_RECENT = 20
"""How many calls of a line are told with their times."""


class DobCertainty(StrEnum):
    """How sure a date of birth is; a claimed age is not a date of birth."""

    KNOWN = "known"
    CLAIMED = "claimed"
    UNKNOWN = "unknown"


class PlanStatus(StrEnum):
    """domain.md 8.1, PlanStatus."""

    NONE = "none"
    CIN = "cin"
    CPP_NEGLECT = "cpp_neglect"
    CPP_PHYSICAL = "cpp_physical"
    CPP_SEXUAL = "cpp_sexual"
    CPP_EMOTIONAL = "cpp_emotional"
    LAC_S20 = "lac_s20"
    LAC_S31 = "lac_s31"
    LAC_REMAND = "lac_remand"
    CARE_LEAVER = "care_leaver"
    ADULT_PLAN = "adult_plan"


PLAN_LABELS: Mapping[PlanStatus, str] = {
    PlanStatus.NONE: "No plan",
    PlanStatus.CIN: "Child in need plan",
    PlanStatus.CPP_NEGLECT: "Child protection plan: neglect",
    PlanStatus.CPP_PHYSICAL: "Child protection plan: physical harm",
    PlanStatus.CPP_SEXUAL: "Child protection plan: sexual harm",
    PlanStatus.CPP_EMOTIONAL: "Child protection plan: emotional harm",
    PlanStatus.LAC_S20: "Looked after, section 20",
    PlanStatus.LAC_S31: "Looked after, care order",
    PlanStatus.LAC_REMAND: "Looked after, on remand",
    PlanStatus.CARE_LEAVER: "Care leaver",
    PlanStatus.ADULT_PLAN: "Adult's care and support plan",
}


class MatchKind(StrEnum):
    """Why a person is in a list of candidates."""

    NUMBER = "number"
    NAME = "name"
    BORN = "born"
    REFERENCE = "reference"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Marker:
    """A risk marker (domain.md 5).  Past ``review_on`` it is shown grey and out of date, never hidden."""

    id: UUID
    kind: str
    rank: Rank
    text: str
    source: str
    set_on: date
    set_by: str
    authorised_by: str
    review_on: date
    ends_on: date | None = None
    subject: str = "person"

    def out_of_date(self, today: date) -> bool:
        """Say whether its review day has passed, or its end."""
        return today > self.review_on or self.ended(today)

    def ended(self, today: date) -> bool:
        """Say whether it is over, whatever its review day."""
        return self.ends_on is not None and today > self.ends_on


@dataclass(frozen=True, slots=True)
class Address:
    """An address with what it was to the person and when that was known to be true."""

    id: UUID
    lines: tuple[str, ...]
    postcode: str
    kind: str = "home"
    as_at: date | None = None
    until: date | None = None
    do_not_disclose: bool = False
    access: str = ""
    """How one gets in; never a key safe's code."""

    def one_line(self) -> str:
        """Return the lines and the postcode with commas."""
        return ", ".join((*self.lines, self.postcode) if self.postcode else self.lines)


@dataclass(frozen=True, slots=True)
class Line:
    """A telephone number as a thing: what it is, where it stands, whether it is safe to ring."""

    e164: str
    kind: str = "unknown"
    place: str = ""
    safe_to_call: str = "not asked"
    people: int = 0
    calls_before: int = 0
    last_call: datetime | None = None
    recent: tuple[datetime, ...] = ()
    """When calls of this record came from it, the newest first, as many as a rule may count (:data:`MOST_RECENT`)."""


@dataclass(frozen=True, slots=True)
class Relation:
    """Another person tied to the one on screen; ``kind`` reads from the record's person."""

    person: UUID
    name: str
    kind: str
    born: date | None
    parental_responsibility: bool | None = None
    contact_rule: str = ""
    next_of_kin: bool = False
    order_ref: str = ""
    """The court order behind ``contact_rule``."""
    restricted: bool = False
    """Nothing but that there is somebody: no name, no kind, no number."""
    lines: tuple[Line, ...] = ()
    """Their numbers now, with whether each is safe to ring."""
    do_not_ring: bool = False
    """A marker in force says that they must not be rung back."""
    deceased_on: date | None = None
    until: date | None = None
    """The day the tie ended, where it has."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One person a number or a search may mean, with the reason; never *the* person.

    ``restricted`` candidates carry no name, no birth date and no marker: only that a restricted
    record exists and that the duty manager can help.
    """

    person: UUID
    family: str
    given: str
    born: date | None
    dob_certainty: DobCertainty
    gender: str
    reference: str
    match: MatchKind
    reason: str
    confirmed_on: date | None
    last_contact: date | None
    address: Address | None
    markers: tuple[Marker, ...] = ()
    restricted: bool = False
    deceased_on: date | None = None
    plan: PlanStatus = PlanStatus.NONE
    plan_as_at: date | None = None
    plan_source: str = ""


@dataclass(frozen=True, slots=True)
class Candidates:
    """The answer of the door ``look``: who it may be, and what is known of the line itself."""

    people: tuple[Candidate, ...]
    line: Line | None
    total: int
    """How many matched; ``people`` may be cut to the first few."""
    too_many: bool = False
    """More people fit than a search counts; ``people`` is empty, or the first by alphabet of one name."""


@dataclass(frozen=True, slots=True)
class PastContact:
    """One earlier contact in the history list: newest first on screen."""

    stream: UUID
    on: date
    text: str
    authority: str = ""


@dataclass(frozen=True, slots=True)
class Professional:
    """Somebody who works with a person: ``role`` is GP or Adults' team; ``number`` is E.164 or empty."""

    role: str
    name: str
    number: str = ""


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """The answer of the door ``open``: one person's record.

    ``interpreter`` is needed for ``language``; ``communication`` is what helps ("text relay").
    """

    person: UUID
    family: str
    given: str
    born: date | None
    dob_certainty: DobCertainty
    claimed_age: int | None
    gender: str
    reference: str
    authority: str
    language: str
    plan: PlanStatus
    plan_as_at: date | None
    addresses: tuple[Address, ...]
    lines: tuple[Line, ...]
    markers: tuple[Marker, ...]
    relations: tuple[Relation, ...]
    history: tuple[PastContact, ...]
    open_work: tuple[PastContact, ...]
    source: str = ""
    known_as: tuple[str, ...] = ()
    professionals: tuple[Professional, ...] = ()
    interpreter: bool = False
    communication: str = ""
    plan_source: str = ""
    deceased_on: date | None = None

    def display_name(self) -> str:
        """Return family name in capitals, then the given name: ``FENN, Marcus`` (screens.md 2.1)."""
        return display_name(self.family, self.given)


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency in the directory, with the number to ring at night and who checked it when.

    ``wrong_on`` and ``wrong_by`` are set while the newest word on the number is that it is wrong; ``note`` is what
    was written with it.
    """

    id: UUID
    name: str
    kind: str
    area: str
    number: str
    verified_on: date | None = None
    verified_by: str = ""
    wrong_on: date | None = None
    wrong_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What is learned of a person at night; every field but the family name may be unknown."""

    family: str
    given: str = ""
    born: date | None = None
    claimed_age: int | None = None
    gender: str = ""
    address: str = ""
    authority: str = "unknown"
    e164: str = ""
    known_as: tuple[str, ...] = field(default=())


def display_name(family: str, given: str) -> str:
    """Return ``FENN, Marcus``; a missing part is left out, both missing is ``Name not known``."""
    parts = [part for part in (family.upper(), given) if part]
    return ", ".join(parts) if parts else "Name not known"


def age_on(born: date, day: date) -> int:
    """Return whole years from ``born`` to ``day``; a child born on 29 February ages on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))
