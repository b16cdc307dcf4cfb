"""What a plug-in says, as facts made of nothing of its own: checked in every part, and each part made anew.

A text or a time may be an object of a class of the plug-in's, whose code would run wherever the console looks at it
later.  Here it runs for the last time, on the plug-in's thread and under no lock.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import Any, get_args, get_type_hints

from console.domain.call_events import CallEvent
from console.domain.text import safe_line

TEXT_CAP = 1_000
"""Longest text in a fact, in characters: a sentence, or the longest id of a provider."""
CALLS_CAP = 20_000
"""Most calls in one snapshot."""
YEARS = range(1970, 2200)
"""What a clock may show: with times at the edge of what can be written, no wait can be reckoned."""
_Sound = Callable[[object], object]


class _Unsound(Exception):
    """Not what a fact holds there."""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _Unsound
    plain = str.__str__(value)
    if len(plain) > TEXT_CAP:
        raise _Unsound
    return safe_line(plain, TEXT_CAP)


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _moment(value: object) -> datetime:
    offset = value.utcoffset() if isinstance(value, datetime) else None
    if not isinstance(value, datetime) or not isinstance(offset, timedelta):
        raise _Unsound
    day = value.year, value.month, value.day
    shown = datetime(*day, value.hour, value.minute, value.second, value.microsecond, tzinfo=UTC)
    moment = shown - timedelta(days=offset.days, seconds=offset.seconds, microseconds=offset.microseconds)
    if moment.year not in YEARS:
        raise _Unsound
    return moment


def _calls(value: object) -> frozenset[str]:
    if not isinstance(value, frozenset) or frozenset.__len__(value) > CALLS_CAP:
        raise _Unsound
    return frozenset(map(_text, frozenset.__iter__(value)))


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise _Unsound
    return value


_MADE_ANEW: dict[Any, _Sound] = {
    str: _text,
    str | None: _text_or_none,
    datetime: _moment,
    datetime | None: lambda value: None if value is None else _moment(value),
    frozenset[str]: _calls,
    frozenset[str] | None: lambda value: None if value is None else _calls(value),
    bool: _flag,
}


def _sound(hint: Any) -> _Sound:  # noqa: ANN401  whatever a field is declared as
    if not (isinstance(hint, type) and issubclass(hint, Enum)):
        return _MADE_ANEW[hint]

    def one_of(value: object) -> object:
        if not isinstance(value, hint):
            raise _Unsound
        return value

    return one_of


_SHAPES: dict[type, tuple[tuple[str, _Sound], ...]] = {
    kind: tuple((name, _sound(hint)) for name, hint in get_type_hints(kind).items()) for kind in get_args(CallEvent)
}


def sound_fact(said: object) -> CallEvent | None:
    """Return what was said as one of the facts an adapter may report, times in UTC; None where it is none."""
    shape = _SHAPES.get(type(said))
    if shape is None:
        return None
    try:
        made: CallEvent = type(said)(**{name: sound(getattr(said, name)) for name, sound in shape})  # type: ignore[assignment]  # its own kind
    except BaseException:  # an object of the plug-in's may raise whatever it likes
        return None
    return made


def sound_text(said: object) -> str | None:
    """Return a text as one of ours; None where it is none, or too long to be a sentence."""
    try:
        return _text(said)
    except BaseException:
        return None
