"""Whether what a plug-in says is a fact of calls at all: its type, and the types of everything in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from typing import Any, get_args, get_type_hints

from console.domain.call_events import CallEvent

TEXT_CAP = 1_000
"""Longest text in a fact, in characters: a sentence, or the longest id of a provider."""
CALLS_CAP = 20_000
"""Most calls in one snapshot."""
_Check = Callable[[object], bool]


def _text(value: object) -> bool:
    return isinstance(value, str) and len(value) <= TEXT_CAP


def _text_or_none(value: object) -> bool:
    return value is None or _text(value)


def _moment(value: object) -> bool:
    return isinstance(value, datetime) and value.utcoffset() is not None


def _calls(value: object) -> bool:
    return isinstance(value, frozenset) and len(value) <= CALLS_CAP and all(map(_text, value))


def _flag(value: object) -> bool:
    return isinstance(value, bool)


_CHECKS: dict[Any, _Check] = {
    str: _text,
    str | None: _text_or_none,
    datetime: _moment,
    frozenset[str]: _calls,
    frozenset[str] | None: lambda value: value is None or _calls(value),
    bool: _flag,
}


def _check(hint: Any) -> _Check:  # noqa: ANN401  whatever a field is declared as
    if isinstance(hint, type) and issubclass(hint, Enum):
        return lambda value: isinstance(value, hint)
    return _CHECKS[hint]


_SHAPES: dict[type, tuple[tuple[str, _Check], ...]] = {
    kind: tuple((name, _check(hint)) for name, hint in get_type_hints(kind).items()) for kind in get_args(CallEvent)
}


def is_fact(said: object) -> bool:
    """Say whether ``said`` is one of the facts an adapter may report, sound in every part."""
    shape = _SHAPES.get(type(said))
    return shape is not None and all(check(getattr(said, name, None)) for name, check in shape)
