"""Times and durations in the words of the screens, the same under every regional setting.

Days are ``01-Dec-2026``, times of day 24-hour in Europe/London, and a night shift shows the
weekday everywhere (screens.md 2.1).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from console.domain.calendar import local

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day_words(day: date) -> str:
    """Return ``01-Dec-2026``."""
    return f"{day.day:02d}-{_MONTHS[day.month - 1]}-{day.year}"


def full_words(moment: datetime) -> str:
    """Return ``Tue 01-Dec-2026 22:14`` in London's time."""
    here = local(moment)
    return f"{_DAYS[here.weekday()]} {day_words(here.date())} {here:%H:%M}"


def clock_words(moment: datetime) -> str:
    """Return ``22:14`` in London's time."""
    return f"{local(moment):%H:%M}"


def second_words(moment: datetime) -> str:
    """Return ``22:17:58`` in London's time."""
    return f"{local(moment):%H:%M:%S}"


def weekday_clock(moment: datetime) -> str:
    """Return ``Tue 22:14`` in London's time."""
    here = local(moment)
    return f"{_DAYS[here.weekday()]} {here:%H:%M}"


def span_words(span: timedelta) -> str:
    """Return ``03:39`` (minutes and seconds) or ``1:03:39``; never negative."""
    seconds = max(0, int(span.total_seconds()))
    hours, rest = divmod(seconds, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"


def since_words(day: date, today: date) -> str:
    """Return how long ago a day was, as ``14 months ago``, ``3 days ago`` or ``today``."""
    days = (today - day).days
    if days <= 0:
        return "today"
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months >= 24:
        return f"{months // 12} years ago"
    if months >= 2:
        return f"{months} months ago"
    return "1 day ago" if days == 1 else f"{days} days ago"
