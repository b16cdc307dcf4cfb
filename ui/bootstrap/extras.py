"""Parts of Nightdesk that are installed only where they are wanted."""

from __future__ import annotations

from importlib.util import find_spec

from console.domain.text import NightdeskError


class NotInstalled(NightdeskError):
    """An extra is missing; nothing was started."""


def need(extra: str, *libraries: str) -> None:
    """Raise :class:`NotInstalled` where one of ``libraries``, which come with ``extra``, is not there."""
    missing = [name for name in libraries if find_spec(name) is None]
    if missing:
        message = (
            f"This needs Nightdesk's extra [{extra}] ({' and '.join(missing)} not found).  Nothing was started.  "
            f"Install it with: pip install 'nightdesk[{extra}]'; start.py brings everything."
        )
        raise NotInstalled(message)
