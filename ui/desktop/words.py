"""What the screens say of times and ages beyond :mod:`console.domain.words` (Europe/London, weekday)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from console.domain.calendar import local
from console.domain.words import clock_words, day_words, span_words, weekday_clock
from console.domain.words import second_words as second_words

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def short_day(day: date) -> str:
    """Return ``01-Dec``."""
    return day_words(day)[:6]


def weekday(moment: datetime) -> str:
    """Return ``Tuesday`` of a moment, in London."""
    return _DAYS[local(moment).weekday()]


def weekday_words(moment: datetime) -> str:
    """Return ``Tue 01-Dec-2026`` of a moment, in London."""
    return f"{weekday(moment)[:3]} {day_words(local(moment).date())}"


def weekday_day(day: date) -> str:
    """Return ``Tue 01-Dec-2026`` of a day."""
    return f"{_DAYS[day.weekday()][:3]} {day_words(day)}"


def due_words(moment: datetime, now: datetime) -> str:
    """Return ``22:45``, or ``Wed 06:35`` when it is not today in London."""
    same = local(moment).date() == local(now).date()
    return clock_words(moment) if same else weekday_clock(moment)


def long_age_words(age: timedelta) -> str:
    """Return ``14 mo``, ``3 d``, ``2 h`` or ``03:39``: ages of facts, from years to seconds."""
    days = age.days
    if days >= 60:
        return f"{days * 12 // 365} mo"
    if days >= 2:
        return f"{days} d"
    hours = int(age.total_seconds()) // 3600
    return f"{hours} h" if hours >= 2 else span_words(age)


def old_words(age: timedelta) -> str:
    """Return ``41 s``, ``3 min`` or ``2 h``: how old a tile is."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def titled(title: str, rehearsal: str) -> str:
    """Return a window's title: a task bar cuts its end off, so that it is a rehearsal comes first."""
    return f"{rehearsal}. {title}" if rehearsal else title


def counted(count: int, one: str, many: str) -> str:
    """Return ``1 call`` or ``3 calls``."""
    return f"{count} {one if count == 1 else many}"
