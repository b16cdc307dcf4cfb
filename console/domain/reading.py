"""Read bodies without trusting them: a missing key or a foreign type gives an empty value.

Bodies come from other consoles, other versions and other years; a fold never raises on one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from console.domain.record import from_iso

Body = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)
MOST = 999_999_999
"""Largest whole number that is believed: everything computed from it still fits a span of time."""
YEARS = range(1900, 2200)
"""Years that are believed: a time at the edge of the calendar cannot be told in another zone."""


def text(body: Body, key: str, default: str = "") -> str:
    """Return a string, or ``default``; numbers are written out, nothing else is guessed."""
    value = body.get(key)
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return default


def texts(body: Body, key: str) -> tuple[str, ...]:
    """Return a list of strings; a single string counts as a list of one."""
    value = body.get(key)
    if isinstance(value, str):
        return (value,) if value else ()
    if isinstance(value, (list, tuple)):
        return tuple(item for item in value if isinstance(item, str))
    return ()


def whole(body: Body, key: str) -> int | None:
    """Return a whole number of at most nine digits, or None; digits in a string count."""
    value = body.get(key)
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= MOST else None
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        return int(value)
    return None


def flag(body: Body, key: str) -> bool:
    """Return True only where the body says true."""
    return body.get(key) is True


def moment(body: Body, key: str) -> datetime | None:
    """Return an aware UTC time of a year in :data:`YEARS`, or None."""
    value = body.get(key)
    if not isinstance(value, str) or not value:
        return None
    try:
        found = from_iso(value)
    except (ValueError, OverflowError):
        return None
    return found if found.year in YEARS else None


def choice(body: Body, key: str, default: E) -> E:
    """Return the member of the default's enumeration that is written, or the default."""
    try:
        return type(default)(text(body, key))
    except ValueError:
        return default


def identity(body: Body, key: str) -> UUID | None:
    """Return an id, or None."""
    return as_identity(body.get(key))


def identities(body: Body, key: str) -> tuple[UUID, ...]:
    """Return a list of ids; what is not an id is left out."""
    return tuple(found for found in map(as_identity, texts(body, key)) if found is not None)


def as_identity(value: object) -> UUID | None:
    """Return the id that ``value`` is or writes, or None."""
    if isinstance(value, UUID):
        return value
    if not isinstance(value, str):
        return None
    try:
        return UUID(value)
    except ValueError:
        return None
