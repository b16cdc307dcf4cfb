"""Which numbers the simulated switchboard knows: telephones of ours, services of three digits, and the outside."""

from __future__ import annotations

import re

from console.domain.lines import emergency_number

_SPECIAL = frozenset({"101", "105", "111", "119"})
"""Services of three digits: neither an emergency nor one of our telephones."""


def digits(number: str) -> str:
    """Return the number without spaces, brackets and dashes."""
    return re.sub(r"[\s()\-.]", "", number)


def is_extension(number: str) -> bool:
    """Say whether this is one of our telephones: two to five digits."""
    plain = digits(number)
    return bool(re.fullmatch(r"[1-8][0-9]{1,4}", plain)) and plain not in _SPECIAL and not emergency_number(plain)


def can_be_dialled(number: str) -> bool:
    """Say whether this looks like a telephone number or an extension."""
    plain = digits(number)
    return is_extension(plain) or plain in _SPECIAL or re.fullmatch(r"\+?[0-9]{7,15}", plain) is not None
