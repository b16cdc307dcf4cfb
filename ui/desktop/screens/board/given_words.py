"""What the board says of a caller who was given to somebody and waits again.  No caller."""

from __future__ import annotations

from console.domain.board_given import OUTSIDE_NUMBER, Given
from console.domain.words import clock_words
from ui.desktop.screens.night_words import first_name

NOBODY_NOW = "Nobody has them now"


def what(given: Given | None) -> str:
    """Return what a caller does, and from when their clock counts."""
    if given is None or not given.again:
        return "Waiting"
    return "Waiting since given" if given.handed else "Waiting again"


def who(given: Given) -> str:
    """Return to whom they were given, or that nobody has them."""
    return f"Given to {given.to}" if given.handed and given.to else nameless(given)


def nameless(given: Given | None) -> str:
    """Return the same for a wall, which names nobody; empty where nobody is named."""
    if given is None:
        return ""
    return "Passed on" if given.handed else NOBODY_NOW


def below(given: Given, *, claimed: bool) -> str:
    """Return who gave them away and when, and where they ring: ``By Priya at 22:14; rings there``.

    ``claimed``: a colleague said that they have them.
    """
    then = "handset not lifted yet" if claimed else _rings(given)
    return f"{_by(given)}; {then}"


def _by(given: Given) -> str:
    at, by = clock_words(given.at), _short(given.by)
    if not given.handed:
        return f"{by or 'Somebody'} had them until {at}"
    return f"By {by} at {at}" if by else f"At {at}"


def _rings(given: Given) -> str:
    if not given.rings:
        return "rings nowhere now"
    if given.to in given.rings:
        return "rings there"
    if len(given.rings) > 1:
        return f"rings at {len(given.rings)} telephones"
    return f"rings at {_short(given.rings[0])}"


def _short(name: str) -> str:
    return name if name == OUTSIDE_NUMBER else first_name(name)
