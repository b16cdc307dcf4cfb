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


_NOBODY_LOGS_IN = (
    "No secret is known here for the account on the telephone system, so nobody logged in. Calls still ring on the "
    "telephones; nothing is lost. Type it in `nightdesk telephones`, which keeps it in this account's keyring; where "
    "there is none, a variable gives it at each start (docs/running/telephones.md)."
)


def require_secret(secret: str) -> None:
    """Raise :class:`LogInRefused` where there is none: an empty one is no wrong password, and is not sent as one."""
    if not secret:
        raise LogInRefused(_NOBODY_LOGS_IN)
