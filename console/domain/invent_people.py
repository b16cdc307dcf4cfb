"""One invented person at a time: name, age, plan, markers, history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from console.domain import invent_words as words
from console.domain.ids import new_id
from console.domain.invent_chance import Chance
from console.domain.markers import months_after
from console.domain.people import DobCertainty, PlanStatus
from console.domain.people_rows import MarkerRow, PastRow, PersonRow, sort_name
from console.domain.search import fold_reference

SOURCE = "invented"
_BEGIN = datetime(2025, 1, 1, tzinfo=UTC)
"""Invented ids carry times from here on, so that they are stored in the order they are made."""
_PLANS_CHILD = (
    (PlanStatus.NONE, 88),
    (PlanStatus.CIN, 6),
    (PlanStatus.CPP_NEGLECT, 2),
    (PlanStatus.CPP_EMOTIONAL, 1),
    (PlanStatus.CPP_PHYSICAL, 1),
    (PlanStatus.LAC_S20, 1),
    (PlanStatus.LAC_S31, 1),
)
_PLANS_ADULT = ((PlanStatus.NONE, 95), (PlanStatus.ADULT_PLAN, 5))
OLD = 75


class Maker:
    """Makes people one after another; holds the chance, the day it is and the next number to give."""

    def __init__(self, chance: Chance, as_of: date) -> None:
        """Make people as they stand on ``as_of``."""
        self.chance = chance
        self.as_of = as_of
        self._made = 0
        self._origins = tuple((origin, origin.share) for origin in words.ORIGINS)

    def identity(self) -> UUID:
        """Return the next id: later than all before it, the same for the same seed."""
        self._made += 1
        return new_id(_BEGIN + timedelta(milliseconds=self._made), self.chance.entropy())

    def day(self, months: int) -> date:
        """Return a day in the last ``months`` months."""
        return self.as_of - timedelta(days=self.chance.below(months * 30) + 1)

    def origin(self) -> words.Origin:
        """Return where a family's names come from."""
        return self.chance.weighted(self._origins)

    def family_name(self, origin: words.Origin) -> str:
        """Return a family name; some are double."""
        name = self.chance.pick(origin.families)
        if self.chance.happens(0.04):
            other = self.chance.pick(origin.families)
            return name if other == name else f"{name}-{other}"
        return name

    def given_name(self, origin: words.Origin, gender: str) -> str:
        """Return a given name; a few have two."""
        names = origin.men if gender == "Male" else origin.women
        first = self.chance.pick(names)
        return f"{first} {self.chance.pick(names)}" if self.chance.happens(0.03) else first

    def person(self, origin: words.Origin, family: str, age: int, authority: str, gender: str = "") -> PersonRow:
        """Return one person of about ``age``, with a case number nine times in ten."""
        chance = self.chance
        gender = gender or ("Female" if chance.happens(0.5) else "Male")
        given = self.given_name(origin, gender)
        born = self._born(age)
        plan = chance.weighted(_PLANS_CHILD if age < 18 else _PLANS_ADULT)
        reference = self._reference()
        other = origin.language != "English" and chance.happens(0.5)
        return PersonRow(
            self.identity(),
            family,
            given,
            sort_name(family, given),
            born,
            DobCertainty.KNOWN.value,
            None,
            gender,
            reference,
            fold_reference(reference),
            authority,
            origin.language if other else "English",
            other and chance.happens(0.4),
            chance.pick(words.COMMUNICATION),
            plan.value,
            None if plan is PlanStatus.NONE else self.day(6),
            "" if plan is PlanStatus.NONE else "case system",
            self.day(24) if age >= OLD and chance.happens(0.03) else None,
            chance.happens(0.001),
            SOURCE,
        )

    def claimed(self, person: PersonRow, age: int) -> PersonRow:
        """Return ``person`` with no date of birth, only the age they gave."""
        return person._replace(born=None, dob_certainty=DobCertainty.CLAIMED.value, claimed_age=age)

    def _born(self, age: int) -> date:
        return self.as_of - timedelta(days=int(age * 365.2425) + 1 + self.chance.below(365))

    def _reference(self) -> str:
        self._made += 1
        if self.chance.happens(0.1):
            return ""
        # 448 210 and 448 211 are the Fenns'; counting starts above them.
        number = f"{450_000 + self._made}"
        return f"{number[:-3]} {number[-3:]}"


def markers(maker: Maker, person: PersonRow, age: int, share: float) -> Iterator[MarkerRow]:
    """Yield the markers of a person; about half of the old ones are past their review day."""
    if not maker.chance.happens(share):
        return
    group = "child" if age < 18 else "old" if age >= OLD else "adult"
    fitting = [kind for kind in words.MARKERS if kind.whom in ("any", group)]
    chosen = {kind.kind: kind for kind in (maker.chance.pick(fitting) for _ in range(maker.chance.between(1, 2)))}
    for kind in chosen.values():
        yield marker(maker, person.id, kind)


def marker(maker: Maker, subject: UUID, kind: words.MarkerKind, of: str = "person") -> MarkerRow:
    """Return one marker, set in the last 30 months, with its review day."""
    chance = maker.chance
    set_on = maker.day(min(30, kind.months * 2))
    return MarkerRow(
        maker.identity(),
        of,
        subject,
        kind.kind,
        kind.rank.value,
        kind.text,
        chance.pick(words.EVIDENCE),
        set_on,
        chance.pick(words.SETTERS),
        chance.pick(words.AUTHORISERS),
        months_after(set_on, kind.months),
        None,
        SOURCE,
    )


def history(maker: Maker, person: PersonRow, age: int, share: float) -> Iterator[PastRow]:
    """Yield earlier contacts of a person, in no order."""
    if not maker.chance.happens(share):
        return
    texts = words.HISTORY_CHILD if age < 18 else words.HISTORY_ADULT
    for _ in range(maker.chance.between(1, 4)):
        yield PastRow(
            maker.identity(), person.id, maker.day(36), maker.chance.pick(texts), person.authority, "case system"
        )
