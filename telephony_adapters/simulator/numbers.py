"""Which numbers the simulated switchboard dials, and which no program may dial (telephony.md 4.4)."""

from __future__ import annotations

import re

_EMERGENCY = {"999": "999", "112": "112", "18000": "18000"}
_OUTSIDE = ("", "9", "+44", "0044")
_SPECIAL = frozenset({"101", "105", "111", "119"})
"""Services of three digits: neither an emergency nor one of our telephones."""


def digits(number: str) -> str:
    """Return the number without spaces, brackets and dashes."""
    return re.sub(r"[\s()\-.]", "", number)


def emergency(number: str) -> str:
    """Return ``999``, ``112`` or ``18000`` where the number reaches an emergency service, else empty.

    Exact after normalising, never by prefix, also behind the 9 for an outside line.
    """
    plain = digits(number)
    for prefix in _OUTSIDE:
        if plain.startswith(prefix) and plain[len(prefix) :] in _EMERGENCY:
            return _EMERGENCY[plain[len(prefix) :]]
    return ""


def is_extension(number: str) -> bool:
    """Say whether this is one of our telephones: two to five digits."""
    plain = digits(number)
    return bool(re.fullmatch(r"[1-8][0-9]{1,4}", plain)) and plain not in _SPECIAL and not emergency(plain)


def can_be_dialled(number: str) -> bool:
    """Say whether this looks like a telephone number or an extension."""
    plain = digits(number)
    return is_extension(plain) or plain in _SPECIAL or re.fullmatch(r"\+?[0-9]{7,15}", plain) is not None
