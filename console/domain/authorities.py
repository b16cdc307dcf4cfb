"""Which authority's which service is covered, and which dialled line means which: data, not code.

Cover is a matrix of authority and service, not a list of councils, and authorities will change
(domain.md 0.6, 0.10): so no council is named here; a service keeps its own cover in a file.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from console.domain.lines import USUAL, DialPlan, to_e164
from console.domain.text import BadInput, safe_line


class Service(StrEnum):
    """domain.md 8.1."""

    CHILDREN = "children"
    ADULTS = "adults"
    AMHP = "amhp"
    BOTH = "both"


UNKNOWN = "unknown"
OUT_OF_AREA = "out_of_area"


@dataclass(frozen=True, slots=True)
class Authority:
    """One council: a stable key and the words on screen."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ServiceLine:
    """One dialled number: ``label`` such as "Hampshire adults" is made of the two others."""

    number: str
    e164: str
    authority: str
    service: Service
    label: str

    @property
    def key(self) -> str:
        """Return its name for commands and other programs: ``isle-of-wight-children``."""
        return f"{self.authority}-{self.service.value}".replace("_", "-").lower()


@dataclass(frozen=True, slots=True)
class Destination:
    """A team that a handover can go to."""

    key: str
    name: str
    service: Service = Service.BOTH


@dataclass(frozen=True, slots=True)
class Cover:
    """What this service covers.  ``ring_back`` is our own number, to be given to others."""

    authorities: tuple[Authority, ...]
    covered: frozenset[tuple[str, Service]]
    lines: tuple[ServiceLine, ...]
    destinations: tuple[Destination, ...] = ()
    ring_back: str = ""
    plan: DialPlan = USUAL

    def line(self, dialled: str) -> ServiceLine | None:
        """Return the line that was dialled, or None where it is not one of ours."""
        same = next((one for one in self.lines if one.number == dialled), None)
        if same is not None or not dialled:
            return same
        e164 = to_e164(dialled, self.plan)
        return next((one for one in self.lines if e164 and one.e164 == e164), None)

    def label(self, dialled: str, queue: str = "") -> str:
        """Return the line in words; the queue or the number itself where nothing better is known."""
        found = self.line(dialled)
        return found.label if found is not None else queue or dialled or "Line not known"

    def covers(self, authority: str, service: Service) -> bool:
        """Say whether this cell of the matrix is ours; a call outside it is made safe and passed on."""
        wanted = {service, Service.BOTH} if service is not Service.BOTH else {Service.CHILDREN, Service.ADULTS}
        return any((authority, one) in self.covered for one in wanted)

    def name(self, authority: str) -> str:
        """Return an authority's words."""
        known = {one.key: one.name for one in self.authorities}
        return known.get(authority) or {UNKNOWN: "Not known", OUT_OF_AREA: "Out of area"}.get(authority, authority)


def read_cover(text: str, plan: DialPlan = USUAL) -> Cover:
    """Read a service's cover from TOML; raises :class:`BadInput` with a sentence.

    Tables: ``[[authority]] key, name, services``; ``[[line]] number, authority, service``;
    ``[[destination]] key, name, service``; ``ring_back``.
    """
    try:
        data = tomllib.loads(text)
        return _cover(data, plan)
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise BadInput(
            f"The cover file cannot be used ({safe_line(str(problem), 120)}).  Nothing was changed.  "
            "Correct it and start again; the example that comes with the program shows its form."
        ) from problem


def _cover(data: Mapping[str, Any], plan: DialPlan) -> Cover:
    authorities = tuple(Authority(one["key"], safe_line(one["name"])) for one in data.get("authority", ()))
    names = {one.key: one.name for one in authorities}
    covered = frozenset(
        (one["key"], Service(service)) for one in data.get("authority", ()) for service in one.get("services", ())
    )
    lines = tuple(_line(one, names, plan) for one in data.get("line", ()))
    destinations = tuple(
        Destination(one["key"], safe_line(one["name"]), Service(one.get("service", "both")))
        for one in data.get("destination", ())
    )
    return Cover(authorities, covered, lines, destinations, safe_line(data.get("ring_back", "")), plan)


def _line(one: Mapping[str, Any], names: Mapping[str, str], plan: DialPlan) -> ServiceLine:
    service = Service(one["service"])
    authority = one["authority"]
    if authority not in names:
        raise ValueError(f"line {one['number']} names the authority {authority}, which is not listed")
    number = "".join(str(one["number"]).split())
    return ServiceLine(number, to_e164(number, plan), authority, service, f"{names[authority]} {service.value}")


def authority_choices(authorities: Iterable[Authority]) -> tuple[Authority, ...]:
    """Return the authorities with the two that are always there."""
    return (*authorities, Authority(UNKNOWN, "Not known"), Authority(OUT_OF_AREA, "Out of area"))
