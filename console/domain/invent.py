"""An invented population: people, homes, lines and history that look like a council's and are nobody's.

The same count and seed give the same people on every machine, and a smaller count gives the first
of a larger one's.  All numbers are from the ranges kept for drama (``invent_lines`` says how a
million people share them).  The first two people are always Marcus and Lena Fenn of script A.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from console.domain import invent_words as words
from console.domain.invent_chance import Chance
from console.domain.invent_homes import HOMES, PLACE_WORDS, PLACES, Door, Member, members, ties
from console.domain.invent_lines import MOST_SHARED, Numbers, kind_of
from console.domain.invent_people import SOURCE, Maker, history, marker, markers
from console.domain.invent_script import directory, fenns
from console.domain.people import PlanStatus
from console.domain.people_rows import AddressRow, Batch, LineRow, LivesRow, OnLineRow, PersonRow, name_rows
from console.domain.record import micros

AS_OF = date(2026, 12, 1)
"""The day on which the population stands unless another is asked for: that of script A."""
BATCH = 2000
"""About how many people are handed on at a time."""
PLACE_EVERY = 250
"""A shared place (a children's home, a refuge) comes after about this many doors."""

SHARED_LINES: tuple[tuple[str, str], ...] = (
    ("+441632960210", "Hospital switchboard, north"),
    ("+441632960211", "Hospital switchboard, south"),
    ("+441632960212", "Emergency department desk"),
    ("+441632960213", "Mental health ward"),
    ("+441632960214", "Maternity ward"),
    ("+441632960220", "Custody suite, north"),
    ("+441632960221", "Custody suite, south"),
    ("+441632960222", "Custody suite, coast"),
    ("+441632960230", "Probation hostel"),
    ("+441632960231", "Day centre"),
)
"""Lines that many people have rung from; nobody lives there."""


def invent(count: int, seed: int, as_of: date = AS_OF) -> Iterator[Batch]:
    """Yield ``count`` people, with all that belongs to them, in batches to be written in order."""
    yield directory()
    if count > 0:
        yield fenns(count)
    made = min(count, 2)
    town = _Town(seed, as_of)
    while made < count:
        batch = town.walk(min(BATCH, count - made))
        made += len(batch.people)
        yield batch


class _Town:
    """Goes from door to door; what is found is added to the batch in hand."""

    def __init__(self, seed: int, as_of: date) -> None:
        self.chance = Chance(seed)
        self.maker = Maker(self.chance, as_of)
        self.numbers = Numbers(self.chance)
        self.rows = Batch()
        for number, place in SHARED_LINES:
            self._line(number, "shared", place)

    def walk(self, room: int) -> Batch:
        """Return the people behind the next doors: at least one, at most ``room``."""
        while len(self.rows.people) < room:
            self._door(room - len(self.rows.people))
        full, self.rows = self.rows, Batch()
        return full

    def _door(self, room: int) -> None:
        place = self.chance.below(PLACE_EVERY) == 0
        door = self.chance.weighted(PLACES if place else HOMES)
        authority = self.chance.weighted(words.SHARES)
        address = self._address(authority)
        named = self._named(door, members(door, self.chance)[:room], authority)
        number, theirs = self._home_line(door, len(named))
        hidden = door is Door.REFUGE or self.chance.happens(0.004)
        for member, person in named:
            self._resident(door, member, person, address, hidden)
            self._on_line(number, person, now=theirs)
            self._own_lines(member, person, number)
        self.rows.ties += ties(named, self.chance)

    def _named(self, door: Door, home: list[Member], authority: str) -> list[tuple[Member, PersonRow]]:
        alone = door in PLACE_WORDS or door is Door.SHARERS
        origin = self._origin(door)
        family = self.maker.family_name(origin)
        named = []
        for member in home:
            if alone:
                origin = self._origin(door)
                family = self.maker.family_name(origin)
            person = self.maker.person(origin, family, member.age, authority, member.gender)
            named.append((member, self._as_resident(door, member, person)))
        return named

    def _origin(self, door: Door) -> words.Origin:
        return self.chance.pick(words.UNACCOMPANIED) if door is Door.UNACCOMPANIED else self.maker.origin()

    def _as_resident(self, door: Door, member: Member, person: PersonRow) -> PersonRow:
        if door is Door.CHILDRENS_HOME:
            return person._replace(
                plan=PlanStatus.LAC_S31.value, plan_as_at=self.maker.day(6), plan_source="case system"
            )
        if door is Door.UNACCOMPANIED:
            placed = person._replace(
                plan=PlanStatus.LAC_S20.value, plan_as_at=self.maker.day(6), plan_source="case system", interpreter=True
            )
            return self.maker.claimed(placed, member.age)
        return person

    def _resident(self, door: Door, member: Member, person: PersonRow, address: UUID, hidden: bool) -> None:
        rows, maker, age = self.rows, self.maker, member.age
        rows.people.append(person)
        rows.names += name_rows(person.id, person.family, person.given, self._known_as(person))
        kind = "placement" if door in (Door.CHILDRENS_HOME, Door.UNACCOMPANIED, Door.REFUGE) else "home"
        rows.lives.append(LivesRow(person.id, address, kind, maker.day(36), None, hidden, SOURCE))
        rows.markers += markers(maker, person, age, 0.5 if door in PLACE_WORDS else 0.1)
        rows.past += history(maker, person, age, 0.8 if door in PLACE_WORDS else 0.3)
        if hidden and age >= 18:
            rows.markers.append(marker(maker, person.id, _DO_NOT_DISCLOSE))
        if age >= 18 and self.chance.happens(0.08):
            self._moved(person)

    def _known_as(self, person: PersonRow) -> tuple[str, ...]:
        if not self.chance.happens(0.06):
            return ()
        first = person.given.split()[0]
        return (f"{first[:4].rstrip('aeiou')}y",) if len(first) > 4 else (f"{first}ie",)

    def _moved(self, person: PersonRow) -> None:
        since = self.maker.day(30)
        old = self._address(person.authority)
        began = since - timedelta(days=self.chance.between(90, 2000))
        self.rows.lives.append(LivesRow(person.id, old, "home", began, since, False, SOURCE))

    def _address(self, authority: str) -> UUID:
        chance = self.chance
        town = chance.pick(words.TOWNS[authority])
        street = f"{chance.between(1, 180)} {chance.pick(words.TREES)} {chance.pick(words.WAYS)}"
        letters = "ABDEFGHJLNPQRSTUWXYZ"
        place = f"{words.POSTAL[authority]}{words.TOWNS[authority].index(town) + 1}"
        postcode = f"{place} {chance.between(1, 9)}{chance.pick(letters)}{chance.pick(letters)}"
        identity = self.maker.identity()
        key = postcode.replace(" ", "")
        self.rows.addresses.append(AddressRow(identity, f"{street}\n{town}", postcode, key, authority, ""))
        return identity

    def _home_line(self, door: Door, people: int) -> tuple[str, bool]:
        number, theirs = self.numbers.home(people)
        words_ = PLACE_WORDS.get(door, "").format(people)
        self._line(number, "shared" if words_ and theirs else kind_of(number), words_ if theirs else "")
        return number, theirs

    def _own_lines(self, member: Member, person: PersonRow, home: str) -> None:
        if member.age >= 13 and self.chance.happens(0.29):
            number, theirs = self.numbers.mobile()
            self._line(number, kind_of(number), "")
            self._on_line(number, person, now=theirs)
        if self.chance.happens(0.012):
            number, _ = self.chance.pick(SHARED_LINES)
            if self.numbers.take(number, 1, MOST_SHARED):
                self._on_line(number, person, now=True)

    def _on_line(self, number: str, person: PersonRow, *, now: bool) -> None:
        confirmed = self.maker.day(36) if self.chance.happens(0.8) else None
        until = None if now else (confirmed or self.maker.day(36)) + timedelta(days=self.chance.below(200))
        ended = None if until is None else min(until, self.maker.as_of)
        self.rows.on_lines.append(OnLineRow(number, person.id, confirmed, ended, SOURCE))

    def _line(self, number: str, kind: str, place: str) -> None:
        if not self.numbers.first_time(number):
            return
        called = self.chance.happens(0.4)
        last = micros(self._moment()) if called else None
        before = self.chance.between(1, 9) if called else 0
        self.rows.lines.append(LineRow(number, kind, place, self.chance.pick(words.SAFE), before, last))

    def _moment(self) -> datetime:
        evening = time(self.chance.between(17, 23), self.chance.below(60), tzinfo=UTC)
        return datetime.combine(self.maker.day(30), evening)


_DO_NOT_DISCLOSE = next(kind for kind in words.MARKERS if kind.kind == "do_not_disclose_address")
