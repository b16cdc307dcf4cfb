"""Who rings, as far as a lamp tells: no notification says whether a number may be shown (telephony.md 4.2).

Asterisk puts ``anonymous@anonymous.invalid`` in place of a withheld number; FreeSWITCH sends the number and
only calls its owner Anonymous, so a name that says so is believed, and the number dropped.  A number without
such a mark is let out as ``unknown``, or not at all (``unmarked_numbers``).
"""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.calls import Presentation, Unmarked
from console.domain.lines import USUAL, DialPlan, presentation_word
from telephony_adapters.sip_dialog.document import Address

_NOBODY = "anonymous.invalid"
_NO_NUMBER = "invalid"
"""What Asterisk puts in place of a number that was not sent."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How one telephone system is read: how the site dials, and what becomes of numbers without a mark."""

    plan: DialPlan = USUAL
    unmarked: Unmarked = Unmarked.SHOW


@dataclass(frozen=True, slots=True, repr=False)
class Shown:
    """A caller as they may be told.  ``same`` is equal for what may be one caller, hidden or not."""

    number: str
    name: str
    presentation: Presentation
    same: tuple[str, str]


def shown(address: Address | None, reading: Reading) -> Shown | None:
    """Return how a caller may be told; None where the notification names nobody."""
    if address is None:
        return None
    if _is_withheld(address):
        return Shown("", "", Presentation.WITHHELD, ("withheld", ""))
    named = "" if presentation_word(address.shown) is not None or address.shown == address.user else address.shown
    if address.user == _NO_NUMBER or presentation_word(address.user) is not None:
        return Shown("", named, Presentation.UNAVAILABLE, ("unavailable", named))
    same = ("number", address.user)
    if reading.unmarked is Unmarked.HIDE:
        return Shown("", "", Presentation.UNKNOWN, same)
    return Shown(address.user, named, Presentation.UNKNOWN, same)


def _is_withheld(address: Address) -> bool:
    words = (address.user, address.shown)
    return address.host == _NOBODY or any(presentation_word(word) is Presentation.WITHHELD for word in words)
