"""A caller's number as drawn."""

from __future__ import annotations

from console.domain.calls import Caller, Presentation
from console.domain.search import shown_number


def number_words(caller: Caller) -> str:
    """Return the number as drawn; withheld, unavailable and not yet known are states of their own."""
    if not caller.settled:
        return "Number not yet known"
    if caller.presentation is Presentation.WITHHELD:
        return "Number withheld"
    if caller.presentation is Presentation.UNAVAILABLE or not caller.number:
        return "No number sent"
    return shown_number(caller.e164) if caller.e164 else caller.number
