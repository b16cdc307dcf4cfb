"""Port of speech: fixed phrases with line and wait only, never a name or a risk (screens.md 3)."""

from __future__ import annotations

from typing import Protocol


class Speaker(Protocol):
    """Says short phrases; never blocks, never raises, silent where it cannot speak."""

    def say(self, phrase: str) -> None:
        """Speak ``phrase``; a newer phrase replaces one still being spoken."""

    def hush(self) -> None:
        """Be silent at once."""

    def close(self) -> None:
        """End every helper process."""
