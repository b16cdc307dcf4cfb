"""Bank holidays of England: a table for the years at hand, the ``holidays`` package for all others.

The package is right and heavy: asking it for one country loads 250 (15 MB, a fifth of a second, in
every console).  A test compares the table with it.  Without the subdivision Easter Monday and the
August holiday are missing (domain.md 3).
"""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date
from types import MappingProxyType

DAYS: Mapping[int, str] = MappingProxyType(
    {
        2024: "01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26",
        2025: "01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26",
        2026: "01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-26 12-28",
        2027: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
        2028: "01-01 01-03 04-14 04-17 05-01 05-29 08-28 12-25 12-26",
        2029: "01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26",
        2030: "01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26",
        2031: "01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26",
        2032: "01-01 03-26 03-29 05-03 05-31 08-30 12-25 12-26 12-27 12-28",
        2033: "01-01 01-03 04-15 04-18 05-02 05-30 08-29 12-25 12-26 12-27",
        2034: "01-01 01-02 04-07 04-10 05-01 05-29 08-28 12-25 12-26",
        2035: "01-01 03-23 03-26 05-07 05-28 08-27 12-25 12-26",
        2036: "01-01 04-11 04-14 05-05 05-26 08-25 12-25 12-26",
    }
)
"""Year: its bank holidays as month-day."""


class _England(Container[date]):
    """Says of a day whether it is a bank holiday; the package is loaded for a year beyond the table."""

    def __init__(self) -> None:
        self._beyond: Container[date] | None = None

    def __contains__(self, day: object) -> bool:
        if not isinstance(day, date):
            return False
        known = DAYS.get(day.year)
        if known is not None:
            return f"{day:%m-%d}" in known.split()
        if self._beyond is None:
            self._beyond = england_by_package()
        return date(day.year, day.month, day.day) in self._beyond


def england() -> Container[date]:
    """Return the bank holidays of England of every year."""
    return _England()


def england_by_package() -> Container[date]:
    """Return the same, from the package alone."""
    from holidays import country_holidays  # noqa: PLC0415 - see above: most consoles never need it

    return country_holidays("GB", subdiv="ENG")
