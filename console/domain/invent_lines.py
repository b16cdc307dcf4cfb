"""Which invented person is on which number, out of the numbers kept for drama.

Only the ranges of telephony.md 4.3 are used (not Northern Ireland's, not the premium one): 18,000
numbers, of which the low ones of 01632 960 and those of the scripts are kept for desks, agencies
and places.  So a million people must share.  The rule, household by household:

- a household takes the next number of a shuffled list, so the first 16,000 households have one to
  themselves; the list is then gone through again;
- a number holds at most :data:`MOST` people at a time; a household that would pass that has the
  number only as one it *had* (``until`` is set), as with numbers that are given out again;
- a mobile is one adult's, later up to three adults' (a shared or second-hand telephone);
- shared places (children's homes, hospitals, custody suites) hold as many as there are, up to
  :data:`MOST_SHARED`.

With 1,000,000 people that makes about 1,200,000 rows of people on lines, of which some 190,000
are current.
"""

from __future__ import annotations

from console.domain.invent_chance import Chance

MOST = 12
"""Most people on an ordinary number at one time."""
MOST_ON_MOBILE = 3
MOST_SHARED = 250
"""Most people on the number of a hospital or a custody suite."""

_CITIES = ("113", "114", "115", "116", "117", "118", "121", "131", "141", "151", "161")
_LANDLINES = (*(f"+44{city}4960" for city in _CITIES), "+44207946" + "0", "+44191498" + "0", "+44292018" + "0")
_OPEN_01632 = range(300, 1000)
_KEPT = frozenset(
    {
        "+447700900412",  # Marcus and Lena Fenn
        "+447700900261",  # the on-call manager
        "+447700900733",  # a care agency
        "+442079460381",  # another council's team
        "+441632960455",  # a custody suite
        "+441632960741",  # the call that waits in the pictures
    }
)
MOBILES = tuple(n for n in (f"+447700900{i:03}" for i in range(1000)) if n not in _KEPT)
LANDLINES = tuple(
    number
    for number in (
        *(f"{head}{i:03}" for head in _LANDLINES for i in range(1000)),
        *(f"+441632960{i:03}" for i in _OPEN_01632),
    )
    if number not in _KEPT
)
UK_WIDE = tuple(f"+443069990{i:03}" for i in range(100, 1000))
FREEPHONE = tuple(f"+448081570{i:03}" for i in range(100, 1000))


class Numbers:
    """Gives numbers out; remembers how many people are on each now, and which lines are new."""

    def __init__(self, chance: Chance) -> None:
        """Put the numbers in the order in which ``chance`` gives them out."""
        self._homes = chance.shuffled((*LANDLINES, *UK_WIDE, *FREEPHONE))
        self._mobiles = chance.shuffled(MOBILES)
        self._next_home = 0
        self._next_mobile = 0
        self._people: dict[str, int] = {}
        self._known: set[str] = set()

    def home(self, people: int) -> tuple[str, bool]:
        """Return a household's number and whether it has it now, with ``people`` on it."""
        number = self._homes[self._next_home % len(self._homes)]
        self._next_home += 1
        return number, self.take(number, people, MOST)

    def mobile(self) -> tuple[str, bool]:
        """Return an adult's mobile and whether it is theirs now."""
        number = self._mobiles[self._next_mobile % len(self._mobiles)]
        self._next_mobile += 1
        return number, self.take(number, 1, MOST_ON_MOBILE)

    def take(self, number: str, people: int, most: int) -> bool:
        """Put ``people`` on ``number`` if it then holds at most ``most``; say whether it did."""
        held = self._people.get(number, 0)
        fits = held + people <= most
        self._people[number] = held + people if fits else held
        return fits

    def first_time(self, number: str) -> bool:
        """Say whether ``number`` is asked about for the first time."""
        new = number not in self._known
        self._known.add(number)
        return new


def kind_of(e164: str) -> str:
    """Return ``mobile``, ``freephone``, ``UK-wide`` or ``landline`` by the number's range."""
    for head, kind in (("+447", "mobile"), ("+44808", "freephone"), ("+443", "UK-wide")):
        if e164.startswith(head):
            return kind
    return "landline"
