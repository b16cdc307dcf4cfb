"""How content and times are written in the record: one text for one meaning, the same on every console."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from sys import intern
from typing import Any
from uuid import UUID

from console.domain.text import safe_block

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SHORT = 40
"""Letters of a word of which one copy is kept for all entries that say it; an id has 36."""


def encode_body(content: Mapping[str, Any]) -> str:
    """Return the one JSON text of ``content``: keys sorted, ASCII, no spaces.

    Strings are made safe first, so NUL and lone surrogates become visible marks (architecture.md 2).
    """
    return json.dumps(_safe(content), sort_keys=True, ensure_ascii=True, separators=(",", ":"))


def decode_body(body: str) -> Mapping[str, Any]:
    """Return the mapping of a body; an erased or foreign body gives an empty one."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return {intern(key): _shared(word) for key, word in value.items()} if isinstance(value, dict) else {}


def _shared(word: object) -> object:
    """Return a short word as the one copy there is: a night's entries say the same few keys, lines and queues."""
    return intern(word) if isinstance(word, str) and len(word) <= _SHORT else word


def _safe(value: object) -> object:
    if isinstance(value, str):
        return safe_block(value)
    if isinstance(value, Mapping):
        return {str(key): _safe(item) for key, item in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_safe(item) for item in value]
    if isinstance(value, datetime):
        return iso(value)
    if isinstance(value, UUID):
        return str(value)
    return value


def iso(moment: datetime) -> str:
    """Return an aware time as UTC ISO text with microseconds and ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def from_iso(text: str) -> datetime:
    """Read what :func:`iso` wrote."""
    return datetime.fromisoformat(text).astimezone(UTC)


def micros(moment: datetime) -> int:
    """Return whole microseconds since 1970 UTC, exactly."""
    return (moment.astimezone(UTC) - _EPOCH) // timedelta(microseconds=1)


def from_micros(count: int) -> datetime:
    """Return the aware UTC time of a count of microseconds."""
    return _EPOCH + timedelta(microseconds=count)
