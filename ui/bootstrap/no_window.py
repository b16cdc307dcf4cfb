"""A worker's services without a window: for desks that a script plays."""

from __future__ import annotations

import logging
from uuid import UUID

log = logging.getLogger(__name__)


class NoWindow:
    """Implements ``WindowActs`` for a seat without a window."""

    def go_to(self, screen: str) -> None:
        """There is no screen."""

    def open_record(self, contact: UUID) -> None:
        """There is no screen."""

    def open_unfinished(self) -> None:
        """There is no screen."""

    def leave_call(self) -> None:
        """There is no screen."""

    def change_theme(self) -> None:
        """There is no theme."""

    def say(self, sentence: str) -> None:
        """Log that there was something to say; never the words."""
        log.info("a desk without a window had something to say")

    def open_panel(self, screen: str, key: str, title: str, subject: str = "") -> None:
        """There is no panel."""

    def close_panel(self) -> None:
        """There is no panel."""

    def wall(self) -> None:
        """There is no wall."""

    def print_text(self, title: str, text: str) -> None:
        """Nothing is printed."""

    def signed_out(self) -> None:
        """Nobody was signed in."""
