"""What tests of ringing out share: what a number is said to be, and what a telephone was told to ring."""

from __future__ import annotations

from datetime import date

from sqlalchemy import update

from console.ports.switchboard import Act
from db.people_schema import line
from tests.helpers.night_room import Console
from tests.helpers.night_screens import NUMBER, Night
from tests.helpers.night_windows import Windows

RINGS = f"+44{NUMBER[1:]}"
"""The caller's number as it is dialled."""


def written(night: Night, safe_to_call: str) -> None:
    """Let the council's file know two people on the caller's number, and say of it whether it may be rung."""
    night.knows("Marcus", date(1992, 2, 19))
    night.knows("Lena", date(1993, 8, 7))
    file_says(night, safe_to_call)


def file_says(night: Night | Windows, safe_to_call: str) -> None:
    """Let the council's file say of the caller's number, which it must know, whether it may be rung."""
    with night.room.store.people_room().use() as connection:
        connection.execute(update(line).where(line.c.e164 == RINGS).values(safe_to_call=safe_to_call))


def rung(console: Console) -> list[str]:
    """Return the numbers a console's telephone was told to ring."""
    return [one.target for one in console.switchboard.asked if one.act is Act.ORIGINATE]
