"""How this program was started, so that a hint names a command that whoever reads it can type."""

from __future__ import annotations

import os
import re

VARIABLE = "NIGHTDESK_STARTED_AS"
"""``start.py`` writes here how it was called; empty where the command ``nightdesk`` is installed."""
_USUAL = "nightdesk"
_LONGEST = 300
_HINT = re.compile(r"`nightdesk(?=[ `])")


def started() -> str:
    """Return what is typed before the words of a command: ``nightdesk``, or ``python3 start.py`` in a clone."""
    said = os.environ.get(VARIABLE, "")
    return said if said and said.isprintable() and len(said) <= _LONGEST else _USUAL


def as_started(words: str) -> str:
    """Return ``words`` with every command in backquotes as it is typed here.

    Sentences of all rooms say ``nightdesk``; only whoever shows them knows better.
    """
    # By a function: in a replacement string a path of Windows would be taken for escapes.
    return _HINT.sub(lambda _: f"`{started()}", words)
