"""A rehearsal as frozen values: seats, scenes that wait for a deed, lines, aims."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from console.domain.record import worker_key
from console.domain.rehearsal import Sought
from console.domain.rehearsal_review import Aim
from console.domain.roles import Role
from telephony_adapters.simulator.rehearsal.people import Invented
from telephony_adapters.simulator.steps import Phone, Script, Step

TELEPHONES, NARRATOR = "telephones", "script"
ENDS = "ends"
HEARS = "hears"


@dataclass(frozen=True, slots=True)
class Seat:
    """A desk of the rehearsal; ``screen`` is handler, coordinator or board.  Whoever does not train is played."""

    key: str
    name: str
    extension: str
    role: Role
    screen: str

    @property
    def worker(self) -> str:
        """Return the key by which the record knows who sits there."""
        return worker_key(self.name)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a scene, ``after`` seconds of the script from the scene's beginning.

    ``actor`` is a seat's key, ``telephones`` (``step`` is set) or ``script``.
    """

    after: float
    actor: str
    verb: str
    arguments: tuple[str, ...]
    number: int
    step: Step | None = None

    @property
    def words(self) -> str:
        """Return the line as it is told: ``tom says "With you."``."""
        said = " ".join(f'"{word}"' if " " in word or not word else word for word in self.arguments)
        return f"{self.actor} {said if self.step is not None else f'{self.verb} {said}'}".rstrip()


@dataclass(frozen=True, slots=True)
class Scene:
    """What follows on a deed.

    ``when`` None begins with the rehearsal.  ``or_after`` seconds of the script after the scene above
    began it begins all the same; None: only by the deed, or when somebody lets it go on.
    """

    when: Sought | None
    or_after: float | None
    lines: tuple[Line, ...]
    number: int

    @property
    def words(self) -> str:
        """Return what it waits for."""
        return self.when.said if self.when is not None else "the beginning"


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """A whole script.  ``trainee`` is the desk trained first, ``second`` the other one of the pair."""

    title: str
    briefs: Mapping[str, tuple[str, ...]]
    """By seat; under the empty name for whoever has none of their own."""
    seats: Mapping[str, Seat]
    trainee: str
    second: str
    scenes: tuple[Scene, ...]
    aims: tuple[Aim, ...] = ()
    people: tuple[Invented, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    phones: Mapping[str, Phone] = field(default_factory=dict)
    telephones: Script | None = None
    """The exchange before anything happens: its lines and telephones, nothing to be played by itself."""

    def brief(self, hands: frozenset[str]) -> tuple[str, ...]:
        """Return what those who train at the seats ``hands`` read before it begins; two read the usual one."""
        usual = self.briefs.get("", ())
        return self.briefs.get(next(iter(hands)), usual) if len(hands) == 1 else usual
