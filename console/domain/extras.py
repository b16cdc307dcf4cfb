"""Parts of Nightdesk that are installed only where they are wanted."""

from __future__ import annotations

from console.domain.text import NightdeskError


class NotInstalled(NightdeskError):
    """An extra is missing; nothing was started and nothing opened."""


def not_installed(extra: str, missing: str) -> NotInstalled:
    """Return the sentence for the extra called ``extra``, of which ``missing`` was not found."""
    message = (
        f"This needs Nightdesk's extra [{extra}] ({missing} not found).  Nothing was started.  "
        f"Install it with: pip install 'nightdesk[{extra}]'; start.py brings everything."
    )
    return NotInstalled(message)
