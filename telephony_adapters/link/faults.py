"""What ends a connection to a switchboard, or keeps a request from it."""

from __future__ import annotations

from console.domain.text import NightdeskError


class NotUnderstood(NightdeskError):
    """The other side does not speak a language we know; nothing was taken from it."""

    exit_code = 3


class Unsafe(NightdeskError):
    """Something asked for cannot be written to the switchboard without changing its meaning."""

    exit_code = 2


class LogInRefused(NightdeskError):
    """The switchboard does not accept the account."""


class LineDead(Exception):
    """The switchboard does not answer any more, or cannot be followed (its text says so); connect again."""


class Silent(LineDead):
    """Nobody answers at the address, where no connection tells so by itself (UDP)."""
