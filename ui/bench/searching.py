"""From the words in the search box to the people found, on any store: what a worker waits while typing.

The questions are made of the people on record as workers type them: a name with a letter wrong, two beginnings with a
year, a name and a day, a house, the beginning of a postcode.  Beside them stands the least that each could cost: a bare
look-up by an index, and an audit row committed.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import cycle, islice
from typing import TYPE_CHECKING

from console.domain.invent import AS_OF, invent
from console.domain.people import display_name
from console.domain.people_rows import AddressRow, Batch, PersonRow
from console.domain.record import Identity
from console.domain.search import understand
from console.ports.store import Look
from ui.bench.ground import peopled_ground
from ui.bench.people import SEED
from ui.bench.processes import BenchFault
from ui.bench.record import WHO
from ui.bench.settings import Bench
from ui.bench.table import Aim, Row, Stat, figures

if TYPE_CHECKING:
    from ui.bootstrap.opening import Record

AT_MOST = 50.0
"""Milliseconds: typing pauses for 400, and what comes within 50 of that seems to be there at once."""
_FOUND = 0.95
_FROM = 2_000
"""People of the beginning of the population from whom questions are made; the first are in every size of it."""
Typed = tuple[str, object]


def measure(bench: Bench) -> list[Row]:
    """Return the row of the search."""
    asked = typed_questions(bench.sizes.searches, bench.sizes.people)
    with peopled_ground(bench, "searching") as ground, ground.record(WHO.name, WHO.role) as store:
        bench.say(f"searching {len(asked)} times among {bench.sizes.people:,} people")
        limit = ground.lookups(ground.numbers(len(asked)))
        return searching(store, WHO, asked, limit, ground.words.looked)


def searching(store: Record, who: Identity, asked: Sequence[Typed], limit: Sequence[float], limit_is: str) -> list[Row]:
    """Return the row of the search on any store that holds the bench's invented people.

    ``limit`` are the times, in milliseconds, of what ``limit_is`` says, measured on the same store.
    """
    for typed, _ in asked:
        _ask(store, who, typed, AS_OF)
    times, found = [], 0
    for typed, person in asked:
        began = time.perf_counter_ns()
        people = _ask(store, who, typed, AS_OF)
        times.append((time.perf_counter_ns() - began) / 1e6)
        found += person in people[:5]
    if found < len(asked) * _FOUND:
        raise BenchFault(f"Only {found} of {len(asked)} people were among the first five found; nothing is claimed.")
    return [
        Row("search", "words in the box to people found", "ms", figures(times), limit_is, figures(limit),
            Aim(AT_MOST, Stat.P95), note=f"{found} of {len(asked)} among the first five"),
    ]  # fmt: skip


def _ask(store: Record, who: Identity, typed: str, today: date) -> list[object]:
    read = understand(typed, today)
    look = Look("bench", None, read.e164, read.words, read.born, read.reference)
    return [one.person for one in store.look(who, store.ask_look(who, look)).people]


def typed_questions(count: int, population: int) -> list[Typed]:
    """Return what is typed and whom it means, from the first people of the bench's population of that size."""
    people = [one for batch in invent(min(_FROM, population), SEED) for one in _at_home(batch)]
    # Behind the last door live fewer than in a greater population, and others.
    people = people[:-20] if population > _FROM else people
    if not people:
        raise BenchFault("The population begins with nobody who could be searched for; nothing is claimed.")
    some = islice(cycle(people[:: max(1, len(people) // count)]), count)
    return [(way(*one), one[0].id) for way, one in zip(cycle(_WAYS), some, strict=False)]


def _at_home(batch: Batch) -> Iterator[tuple[PersonRow, AddressRow]]:
    homes = {lives.person: lives.address for lives in batch.lives if lives.until is None and not lives.do_not_disclose}
    places = {place.id: place for place in batch.addresses if place.postcode}
    hidden = {sign.subject_id for sign in batch.markers if sign.kind == "do_not_disclose_address"}
    for person in batch.people:
        place = places.get(homes.get(person.id, person.id))
        plain = person.family.isalpha() and person.given.isalpha() and len(person.family) > 4 and len(person.given) > 4
        if place is not None and plain and person.born and not person.restricted and person.id not in hidden:
            yield person, place


def _year(person: PersonRow) -> int:
    return person.born.year if person.born is not None else 0


def _street(place: AddressRow) -> str:
    return place.lines.split()[1]


_WAYS: tuple[Callable[[PersonRow, AddressRow], str], ...] = (
    # A letter left out, two swapped, two beginnings, the day of birth, the house, the postcode's beginning.
    lambda who, at: f"{who.given} {who.family[:2]}{who.family[3:]} {_year(who)} {_street(at)}",
    lambda who, at: f"{who.given[1]}{who.given[0]}{who.given[2:]} {who.family} {_year(who)} {_street(at)}",
    lambda who, at: f"{who.given[:4]} {who.family[:4]} {_year(who)} {_street(at)}",
    lambda who, _: f"{who.family} {who.born:%d/%m/%Y}",
    lambda who, at: f"{who.given} {' '.join(at.lines.split()[:2])}",
    lambda who, at: f"{at.postcode.split()[0]} {display_name(who.family, who.given)}",
)
