"""Identifiers: time-ordered ids made where things happen, ids made from facts, short references."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from datetime import datetime
from uuid import UUID

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CHECK = _CROCKFORD + "*~$=U"
FACTS = uuid.uuid5(uuid.NAMESPACE_URL, "https://nightdesk.example/facts")
"""Namespace of ids made from facts that several consoles see (architecture.md 2)."""


def read_id(text: str) -> UUID | None:
    """Return the id that ``text`` writes, or None: what a screen hands back may be the row of a remark."""
    try:
        return UUID(text)
    except ValueError:
        return None


def new_id(now: datetime, entropy: bytes | None = None) -> UUID:
    """Return a UUIDv7 for ``now`` (aware, any zone).

    A UUIDv7 is an id, never an order (reliability.md 2.5).  ``entropy`` is 10 bytes, for tests
    and for reproducible invented people; without it the system's random source is used.
    """
    milliseconds = int(now.timestamp() * 1000)
    random = entropy if entropy is not None else secrets.token_bytes(10)
    value = (milliseconds & (2**48 - 1)) << 80 | int.from_bytes(random[:10], "big")
    value = value & ~(0xF << 76) | 0x7 << 76
    value = value & ~(0x3 << 62) | 0x2 << 62
    return UUID(int=value)


def fact_id(switchboard: UUID, *parts: str) -> UUID:
    """Return the same id on every console for the same fact of the same switchboard.

    ``switchboard`` is its row in the shared record; ``parts`` are the provider's own ids and the
    fact's name, so that all consoles that saw it write one entry (architecture.md 2).
    """
    return uuid.uuid5(FACTS, "\n".join((str(switchboard), *parts)))


def short_reference(identity: UUID) -> str:
    """Return 8 Crockford characters and a check character, such as ``7K3M-Q2XA-5``.

    Made from the id alone, so police and handover have one at once, also with the database away.
    """
    number = int.from_bytes(hashlib.sha256(identity.bytes).digest()[:5], "big")
    digits = "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(35, -1, -5))
    return f"{digits[:4]}-{digits[4:]}-{_CHECK[number % 37]}"


def is_short_reference(text: str) -> bool:
    """Say whether ``text``, typed in any case and with or without dashes, checks out."""
    compact = text.strip().upper().replace("-", "").replace(" ", "")
    compact = compact[:-1].translate(str.maketrans("OIL", "011")) + compact[-1:]
    if len(compact) != 9 or any(c not in _CROCKFORD for c in compact[:8]):
        return False
    number = 0
    for char in compact[:8]:
        number = number * 32 + _CROCKFORD.index(char)
    return _CHECK[number % 37] == compact[8]
