"""Bank holidays of England, from the ``holidays`` package.

In a module of its own because importing the package costs a tenth of a second, which the first
window need not wait for.  Without the subdivision Easter Monday and the August holiday are
missing (domain.md 3).
"""

from __future__ import annotations

from collections.abc import Container
from datetime import date

from holidays import country_holidays


def england() -> Container[date]:
    """Return the bank holidays of England of every year."""
    return country_holidays("GB", subdiv="ENG")
