"""Times, ages and dates as the screens say them: Europe/London with the weekday (screens.md 2.1)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from console.domain.calendar import local

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date) -> str:
    """Return ``01-Dec-2026``, whatever the computer's own settings are."""
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year:04d}"


def short_day(day: date) -> str:
    """Return ``01-Dec``."""
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}"


def weekday_words(moment: datetime) -> str:
    """Return ``Tue 01-Dec-2026`` of a moment, in London."""
    here = local(moment)
    return f"{_DAYS[here.weekday()]} {day_words(here.date())}"


def weekday(moment: datetime) -> str:
    """Return ``Tuesday`` of a moment, in London."""
    return ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")[local(moment).weekday()]


def clock_words(moment: datetime) -> str:
    """Return ``22:17:58`` of a moment, in London."""
    here = local(moment)
    return f"{here.hour:02d}:{here.minute:02d}:{here.second:02d}"


def minute_words(moment: datetime) -> str:
    """Return ``22:17`` of a moment, in London."""
    here = local(moment)
    return f"{here.hour:02d}:{here.minute:02d}"


def due_words(moment: datetime, now: datetime) -> str:
    """Return ``22:45``, or ``Wed 06:35`` when it is not today in London."""
    here, today = local(moment), local(now)
    same = here.date() == today.date()
    return minute_words(moment) if same else f"{_DAYS[here.weekday()]} {minute_words(moment)}"


def age_words(age: timedelta) -> str:
    """Return ``03:39``, or ``1:03:39`` from an hour on; a negative age is ``00:00``."""
    seconds = max(0, int(age.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"


def long_age_words(age: timedelta) -> str:
    """Return ``14 mo``, ``3 d``, ``2 h`` or ``03:39``: ages of facts, from years to seconds."""
    days = age.days
    if days >= 60:
        return f"{days * 12 // 365} mo"
    if days >= 2:
        return f"{days} d"
    hours = int(age.total_seconds()) // 3600
    return f"{hours} h" if hours >= 2 else age_words(age)


def old_words(age: timedelta) -> str:
    """Return ``41 s``, ``3 min`` or ``2 h``: how old a tile is."""
    seconds = max(0, int(age.total_seconds()))
    if seconds < 100:
        return f"{seconds} s"
    return f"{seconds // 60} min" if seconds < 7200 else f"{seconds // 3600} h"


def counted(count: int, one: str, many: str) -> str:
    """Return ``1 call`` or ``3 calls``."""
    return f"{count} {one if count == 1 else many}"
