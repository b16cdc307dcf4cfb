"""Questions as workers type them, each with the person it means, drawn from an invented population.

Made from the rows of the population alone, before and apart from the code that answers: the short forms and
spellings here are this file's own, from common use.  Where several people would fit as well, the question says
more of the one it means, as a worker would ask the caller: the year of birth, then the street.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

from console.domain.invent_chance import Chance
from console.domain.names import fold
from db.engine import Driver
from ui.bench.people import open_existing

NICKNAMES: dict[str, tuple[str, ...]] = {
    "Abigail": ("Abi", "Abby"), "Alexander": ("Alex", "Sandy"), "Alexandra": ("Alex",), "Alfie": ("Alfred",),
    "Andrew": ("Andy", "Drew"), "Anthony": ("Tony",), "Barbara": ("Barb", "Babs"), "Benjamin": ("Ben",),
    "Bethany": ("Beth",), "Beverley": ("Bev",), "Cameron": ("Cam",), "Catherine": ("Cath", "Cathy", "Kate"),
    "Charles": ("Charlie", "Chas"), "Charlotte": ("Lottie",), "Christine": ("Chris", "Tina"),
    "Christopher": ("Chris", "Kit"), "Daniel": ("Dan", "Danny"), "Deborah": ("Deb", "Debbie"),
    "Dorothy": ("Dot", "Dolly"), "Edward": ("Ted", "Eddie"), "Elizabeth": ("Liz", "Betty", "Beth", "Libby"),
    "Frances": ("Fran",), "Francis": ("Frank",), "Geoffrey": ("Geoff",), "Gillian": ("Gill",), "Gregory": ("Greg",),
    "Harold": ("Harry",), "Isabel": ("Bella",), "Jacqueline": ("Jackie",), "James": ("Jim", "Jimmy"),
    "Janet": ("Jan",), "Jennifer": ("Jen", "Jenny"), "Jessica": ("Jess",), "Jonathan": ("Jon",), "Joseph": ("Joe",),
    "Joshua": ("Josh",), "Judith": ("Judy",), "Katherine": ("Kath", "Kathy", "Kate"), "Kathleen": ("Kath", "Kathy"),
    "Kenneth": ("Ken",), "Lawrence": ("Larry",), "Leonard": ("Len",), "Margaret": ("Maggie", "Peggy", "Meg"),
    "Matthew": ("Matt",), "Matilda": ("Tilly",), "Michael": ("Mick", "Mike"), "Michelle": ("Shelley",),
    "Nathan": ("Nat",), "Nicholas": ("Nick",), "Nicola": ("Nicky",), "Oliver": ("Ollie",), "Pamela": ("Pam",),
    "Patricia": ("Pat", "Trish"), "Patrick": ("Paddy", "Pat"), "Penelope": ("Penny",), "Peter": ("Pete",),
    "Philip": ("Phil",), "Raymond": ("Ray",), "Rebecca": ("Becky",), "Reginald": ("Reg",), "Richard": ("Dick", "Rick"),
    "Robert": ("Bob", "Rob"), "Ronald": ("Ron",), "Rosemary": ("Rosie",), "Samantha": ("Sam",), "Samuel": ("Sam",),
    "Sandra": ("Sandy",), "Sebastian": ("Seb",), "Sidney": ("Sid",), "Stanley": ("Stan",), "Stephanie": ("Steph",),
    "Stephen": ("Steve",), "Susan": ("Sue",), "Terence": ("Terry",), "Theo": ("Theodore",), "Thomas": ("Tom",),
    "Timothy": ("Tim",), "Valerie": ("Val",), "Victoria": ("Vicky",), "Vincent": ("Vince",), "Walter": ("Walt",),
    "William": ("Bill", "Will"), "Yusuf": ("Joseph",), "Zachary": ("Zac",),
}  # fmt: skip
"""What people are called who are written down so."""
SPELLINGS: dict[str, tuple[str, ...]] = {
    "Stephen": ("Steven",), "Steven": ("Stephen",), "Geoffrey": ("Jeffrey",), "Catherine": ("Katherine", "Kathryn"),
    "Katherine": ("Catherine",), "Mohammed": ("Muhammad", "Mohamed"), "Muhammad": ("Mohammed",),
    "Philip": ("Phillip",), "Sean": ("Shaun",), "Shaun": ("Sean",), "Seán": ("Shaun",), "Claire": ("Clare",),
    "Rachel": ("Rachael",), "Anne": ("Ann",), "Sarah": ("Sara",), "Elizabeth": ("Elisabeth",), "Isabel": ("Isobel",),
    "Lesley": ("Leslie",), "Lillian": ("Lilian",), "Ahmed": ("Ahmad",), "Hussain": ("Hussein",), "Ayesha": ("Aisha",),
    "Teresa": ("Theresa",), "Tracey": ("Tracy",), "Smith": ("Smyth", "Smythe"), "Clark": ("Clarke",),
    "Thompson": ("Thomson",), "Phillips": ("Philips",), "Stephens": ("Stevens",), "Stevens": ("Stephens",),
    "Davies": ("Davis",), "Reynolds": ("Reynold",), "Pearce": ("Pierce",), "MacDonald": ("McDonald",),
    "McKenzie": ("MacKenzie",), "Read": ("Reid",), "Brown": ("Browne",), "Green": ("Greene",), "Siobhán": ("Shevaun",),
    "Niamh": ("Neve",), "Aoife": ("Eefa",), "Chaudhry": ("Choudhury",), "Rahman": ("Rehman",), "Taylor": ("Tayler",),
    "Lloyd": ("Loyd",), "Moore": ("More",), "Harris": ("Harries",), "Lewis": ("Louis",), "Connolly": ("Connelly",),
    "Reilly": ("Riley",), "Callaghan": ("Callahan",), "Doherty": ("Docherty",), "Qureshi": ("Quraishi",),
}  # fmt: skip
"""How else the same name is spelled, not all of them one letter away."""
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


class Somebody(NamedTuple):
    """One person of the population with what a question may say of them."""

    id: UUID
    family: str
    given: str
    born: date
    reference: str
    lines: tuple[str, ...]
    postcode: str
    number: str | None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is typed, whom it means, and what kind of question it is."""

    kind: str
    typed: str
    person: UUID


class Population:
    """The people of a record in a file, read past its doors: only those a search may show whole."""

    def __init__(self, file: Path, seed: int) -> None:
        store = open_existing(file)
        self._bare: Driver = store.database.bare()
        self._store = store
        self.chance = Chance(seed)
        self._count = int(self._row("SELECT count(*) FROM person")[0])

    def close(self) -> None:
        """Let go of the file."""
        self._bare.close()
        self._store.close()

    def _row(self, query: str, *values: object) -> Any:
        return self._bare.execute(query, values).fetchone()

    def anybody(self) -> Iterator[Somebody]:
        """Yield people at random, without end, each with a home that may be told and no restriction."""
        # The two people of the script are older than all others: between them and those lies nobody.
        (first,), (last,) = (
            self._row(f"SELECT id FROM person ORDER BY id {way} LIMIT 1 OFFSET {past}")
            for way, past in (("ASC", 2), ("DESC", 0))
        )
        low, high = int(first, 16) >> 72, int(last, 16) >> 72
        while True:
            start = f"{low + int(self.chance.random() * (high - low)):014x}"
            found = self._row(
                "SELECT p.id, p.family, p.given, p.born, p.reference, a.lines, a.postcode, "
                "(SELECT e164 FROM person_on_line WHERE person = p.id AND until IS NULL ORDER BY e164 LIMIT 1) "
                "FROM person p CROSS JOIN person_address l ON l.person = p.id AND l.until IS NULL "
                "CROSS JOIN address a ON a.id = l.address "
                "WHERE p.id >= ? AND p.born IS NOT NULL AND NOT p.restricted AND NOT l.do_not_disclose "
                "AND NOT EXISTS (SELECT 1 FROM marker m WHERE m.subject_id = p.id "
                "AND m.kind = 'do_not_disclose_address') ORDER BY p.id LIMIT 1",
                start,
            )
            if found:
                identity, family, given, born, reference, lines, postcode, number = found
                yield Somebody(UUID(identity), family, given, date.fromisoformat(born), reference,
                               tuple(lines.split("\n")), postcode, number)  # fmt: skip

    def as_many(self, who: Somebody, *, year: bool = False, street: bool = False, given: bool = True) -> int:
        """Return how many people share the family name, and the given name, the year and the street where asked."""
        query = "SELECT count(DISTINCT p.id) FROM person_name n JOIN person p ON p.id = n.person "
        wanted, values = ["n.family = ?"], [fold(who.family)]
        if given:
            wanted.append("n.given = ?")
            values.append(fold(who.given))
        if year:
            wanted.append("p.born BETWEEN ? AND ?")
            values += [f"{who.born.year}-01-01", f"{who.born.year}-12-31"]
        if street:
            query += "JOIN person_address l ON l.person = p.id JOIN address a ON a.id = l.address "
            wanted.append("a.lines LIKE ?")
            values.append(f"%{street_of(who)}%")
        return int(self._row(f"{query} WHERE {' AND '.join(wanted)}", *values)[0])


def street_of(who: Somebody) -> str:
    """Return the name of the street, without number and way: ``Oak`` of ``12 Oak Lane``."""
    return who.lines[0].split()[1]


def told_apart(people: Population, who: Somebody, typed: str) -> str:
    """Add the year of birth, then the street, until the whole of it fits one person as it stands in the record."""
    if people.as_many(who) == 1:
        return typed
    if people.as_many(who, year=True) == 1:
        return f"{typed} {who.born.year}"
    return f"{typed} {who.born.year} {street_of(who).lower()}"


def one_edit(word: str, chance: Chance) -> str:
    """Return a word with one letter put in, left out, changed or swapped with the next, anywhere in it."""
    place = chance.below(len(word))
    letter = chance.pick(_LETTERS.replace(word[place], ""))
    ways: tuple[Callable[[], str], ...] = (
        lambda: word[:place] + letter + word[place:],
        lambda: word[:place] + word[place + 1 :],
        lambda: word[:place] + letter + word[place + 1 :],
        lambda: word[: max(place - 1, 0)] + word[max(place - 1, 0) : place + 1][::-1] + word[place + 1 :],
    )
    made = chance.pick(ways)()
    return made if made != word else one_edit(word, chance)


@dataclass
class Maker:
    """Makes questions of each kind."""

    people: Population
    chance: Chance = field(init=False)

    def __post_init__(self) -> None:
        self.chance = self.people.chance

    def misspelt_family(self, who: Somebody) -> str | None:
        """Kath Hraker 1961."""
        name = fold(who.family)
        if not len(name) >= 4 or " " in name:
            return None
        return self._with_year(who, f"{fold(who.given)} {one_edit(name, self.chance)}")

    def misspelt_given(self, who: Somebody) -> str | None:
        """Katehrine Harker 1961."""
        name = fold(who.given)
        if len(name) < 4 or " " in name:
            return None
        return self._with_year(who, f"{one_edit(name, self.chance)} {fold(who.family)}")

    def partial(self, who: Somebody) -> str | None:
        """Kath hark 1961."""
        family, given = fold(who.family), fold(who.given)
        if len(family) < 5 or len(given) < 5:
            return None
        typed = f"{given[: self.chance.between(3, 4)]} {family[: self.chance.between(3, 4)]}"
        return f"{typed} {who.born.year} {street_of(who).lower()}"

    def nickname(self, who: Somebody) -> str | None:
        """Kath Harker."""
        known = NICKNAMES.get(who.given)
        return told_apart(self.people, who, f"{self.chance.pick(known)} {who.family}") if known else None

    def spelling(self, who: Somebody) -> str | None:
        """Steven Smyth."""
        given, family = SPELLINGS.get(who.given), SPELLINGS.get(who.family)
        if not given and not family:
            return None
        one = self.chance.pick(given) if given else who.given
        other = self.chance.pick(family) if family else who.family
        return told_apart(self.people, who, f"{one} {other}")

    def order(self, who: Somebody) -> str | None:
        """HARKER Kath; the second half of a double name; O Brien."""
        family = who.family.split("-")[-1] if "-" in who.family else who.family.replace("O'", "O ")
        if "-" in who.family or "'" in who.family or self.chance.happens(0.1):
            return f"{family.upper()}, {who.given} {who.born.year} {street_of(who)}"
        return None

    def born_and_name(self, who: Somebody) -> str | None:
        """Kath 3/5/61."""
        day = who.born
        ways = (f"{day.day}/{day.month}/{day:%y}", f"{day:%d.%m.%Y}", f"{day.day} {day:%b %Y}", f"{day:%d%m%Y}")
        name = self.chance.pick((who.family, who.given, f"{who.given[:3]} {who.family[:4]}"))
        written = self.chance.pick(ways if day.year > 1930 else ways[1:])
        return f"{name.lower()} {written}" if self.chance.happens(0.5) else f"{written} {name}"

    def address(self, who: Somebody) -> str | None:
        """Bev Harker 12 Quay; 12 Quay Lane Netherbourne Harker."""
        number, street, way = who.lines[0].split()
        name = self.chance.pick((who.given, who.family))
        ways = (
            f"{who.given} {who.family} {number} {street}",
            f"{number} {street} {way} {who.lines[1]} {name}",
            f"{name} {number} {street[:4]} {who.postcode.split()[0]}",
        )
        return self.chance.pick(ways).lower()

    def postcode(self, who: Somebody) -> str | None:
        """SO23 9 Harker Kath."""
        part = self.chance.pick((who.postcode, who.postcode[: who.postcode.index(" ") + 2], who.postcode.split()[0]))
        return f"{part.lower()} {who.family} {who.given}"

    def reference(self, who: Somebody) -> str | None:
        """448 210; ref 448210."""
        if not who.reference:
            return None
        bare = who.reference.replace(" ", "")
        return self.chance.pick((who.reference, bare, f"ref {who.reference}", f"{who.family} {bare}"))

    def number(self, who: Somebody) -> str | None:
        """01632 960123 Kath."""
        if not who.number:
            return None
        national = f"0{who.number[3:]}"
        code, rest = national[:5], national[5:]
        ways = (national, who.number, f"{code} {rest}", f"{code} {rest[:3]} {rest[3:]}")
        return f"{self.chance.pick(ways)} {who.given}"

    def _with_year(self, who: Somebody, typed: str) -> str:
        if self.people.as_many(who, year=True) == 1:
            return f"{typed} {who.born.year}"
        return f"{typed} {who.born.year} {street_of(who).lower()}"


KINDS = (
    "misspelt_family", "misspelt_given", "partial", "nickname", "spelling", "order", "born_and_name", "address",
    "postcode", "reference", "number",
)  # fmt: skip


def questions(file: Path, count: int, seed: int) -> list[Asked]:
    """Return ``count`` questions, as many of each kind as of any other, the same for the same seed."""
    people = Population(file, seed)
    try:
        maker, anybody = Maker(people), people.anybody()
        return [_one(maker, anybody, kind) for kind in islice(cycle(KINDS), count)]
    finally:
        people.close()


def _one(maker: Maker, anybody: Iterator[Somebody], kind: str) -> Asked:
    for who in anybody:
        typed = getattr(maker, kind)(who)
        if typed:
            return Asked(kind, typed, who.id)
    raise AssertionError("there is no end of anybody")
