"""Who lives behind an invented door, and how they are tied to one another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from enum import StrEnum
from itertools import permutations
from typing import NamedTuple

from console.domain.invent_chance import Chance
from console.domain.people_rows import PersonRow, TieRow


class Door(StrEnum):
    """What lives behind a door."""

    ALONE = "alone"
    COUPLE = "couple"
    FAMILY = "family"
    ONE_PARENT = "one parent"
    OLD_ALONE = "old alone"
    OLD_COUPLE = "old couple"
    SHARERS = "sharers"
    THREE_GENERATIONS = "three generations"
    CHILDRENS_HOME = "children's home"
    CARE_HOME = "care home"
    REFUGE = "refuge"
    HOSTEL = "hostel"
    UNACCOMPANIED = "home for unaccompanied young people"


HOMES: tuple[tuple[Door, int], ...] = (
    (Door.ALONE, 22),
    (Door.COUPLE, 16),
    (Door.FAMILY, 24),
    (Door.ONE_PARENT, 15),
    (Door.OLD_ALONE, 10),
    (Door.OLD_COUPLE, 7),
    (Door.SHARERS, 4),
    (Door.THREE_GENERATIONS, 2),
)
PLACES: tuple[tuple[Door, int], ...] = (
    (Door.CHILDRENS_HOME, 40),
    (Door.CARE_HOME, 25),
    (Door.REFUGE, 15),
    (Door.HOSTEL, 10),
    (Door.UNACCOMPANIED, 10),
)
PLACE_WORDS = {
    Door.CHILDRENS_HOME: "Residential home: {} young people",
    Door.CARE_HOME: "Care home: {} residents",
    Door.REFUGE: "Refuge: {} people, the address must not be told",
    Door.HOSTEL: "Hostel: {} people",
    Door.UNACCOMPANIED: "Home for unaccompanied young people: {}",
}


class Part(StrEnum):
    """What somebody is in a home."""

    PARENT = "parent"
    CHILD = "child"
    GRANDPARENT = "grandparent"
    OTHER = "other"


class Member(NamedTuple):
    """Somebody of a home before they have a name."""

    part: Part
    age: int
    gender: str


def members(door: Door, chance: Chance) -> list[Member]:
    """Return who lives behind ``door``."""
    if door in PLACE_WORDS:
        return _residents(door, chance)
    if door in (Door.ALONE, Door.OLD_ALONE):
        return [Member(Part.PARENT, chance.between(*_ages(door)), _gender(chance))]
    if door is Door.SHARERS:
        return [Member(Part.OTHER, chance.between(18, 45), _gender(chance)) for _ in range(chance.between(2, 4))]
    return _family(door, chance)


def _family(door: Door, chance: Chance) -> list[Member]:
    age = chance.between(*_ages(door))
    home = _pair(age, chance)
    if door is Door.ONE_PARENT:
        home = [Member(Part.PARENT, age, "Female" if chance.happens(0.85) else "Male")]
    if door in (Door.FAMILY, Door.ONE_PARENT, Door.THREE_GENERATIONS):
        home += _children(age, chance)
    if door is Door.THREE_GENERATIONS:
        home.append(Member(Part.GRANDPARENT, age + chance.between(20, 35), _gender(chance)))
    return home


def _ages(door: Door) -> tuple[int, int]:
    if door in (Door.OLD_ALONE, Door.OLD_COUPLE):
        return 66, 94
    if door in (Door.FAMILY, Door.ONE_PARENT, Door.THREE_GENERATIONS):
        return 20, 52
    return 18, 70


def _pair(age: int, chance: Chance) -> list[Member]:
    first = "Female" if chance.happens(0.5) else "Male"
    second = first if chance.happens(0.04) else "Male" if first == "Female" else "Female"
    other = max(18, age + chance.between(-6, 6))
    return [Member(Part.PARENT, age, first), Member(Part.PARENT, other, second)]


def _children(parent: int, chance: Chance) -> list[Member]:
    oldest = min(17, parent - 17)
    count = chance.weighted(((1, 45), (2, 36), (3, 14), (4, 5)))
    return [Member(Part.CHILD, chance.between(0, oldest), _gender(chance)) for _ in range(count)]


def _residents(door: Door, chance: Chance) -> list[Member]:
    low, high, most = {
        Door.CHILDRENS_HOME: (10, 17, 6),
        Door.CARE_HOME: (74, 99, 25),
        Door.REFUGE: (18, 50, 8),
        Door.HOSTEL: (18, 60, 14),
    }.get(door, (14, 17, 5))
    count = 6 if door is Door.CHILDRENS_HOME else chance.between(most - 2, most)
    return [Member(Part.OTHER, chance.between(low, high), _gender(chance)) for _ in range(count)]


def _gender(chance: Chance) -> str:
    return "Female" if chance.happens(0.5) else "Male"


def ties(home: Sequence[tuple[Member, PersonRow]], chance: Chance) -> Iterator[TieRow]:
    """Yield the ties between those who live together, each in both directions."""
    married = chance.happens(0.6)
    absent_rule = "supervised" if chance.happens(0.01) else ""
    for (mine, person), (theirs, other) in permutations(home, 2):
        kind = _kind(mine, theirs, married=married)
        if kind:
            cares = theirs.part is Part.PARENT and mine.part is Part.CHILD
            rule = absent_rule if cares and theirs.gender == "Male" else ""
            next_of_kin = theirs.part is Part.PARENT and mine.part in (Part.PARENT, Part.CHILD)
            yield TieRow(person.id, other.id, kind, True if cares else None, rule, "", next_of_kin)


def _kind(mine: Member, theirs: Member, *, married: bool) -> str:
    """Return what ``theirs`` is to ``mine``; empty when nothing."""
    if mine.part is Part.PARENT and theirs.part is Part.PARENT and not married:
        return "partner"
    woman, man = _TIES.get((mine.part, theirs.part), ("", ""))
    return woman if theirs.gender == "Female" else man


_TIES: dict[tuple[Part, Part], tuple[str, str]] = {
    (Part.PARENT, Part.PARENT): ("wife", "husband"),
    (Part.CHILD, Part.PARENT): ("mother", "father"),
    (Part.PARENT, Part.CHILD): ("daughter", "son"),
    (Part.CHILD, Part.CHILD): ("sister", "brother"),
    (Part.CHILD, Part.GRANDPARENT): ("grandmother", "grandfather"),
    (Part.GRANDPARENT, Part.CHILD): ("granddaughter", "grandson"),
    (Part.PARENT, Part.GRANDPARENT): ("mother", "father"),
    (Part.GRANDPARENT, Part.PARENT): ("daughter", "son"),
}
"""What a woman and what a man of the second part is to the first."""
