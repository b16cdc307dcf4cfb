"""What the board's view asks for; the presenter answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ui.desktop.shortcuts import Act


class BoardActs(Protocol):
    """All acts of the screen.  None may block; what came of them arrives as new rows."""

    def do(self, act: Act) -> None:
        """Do an act: call out, wall mode, light or dark, export the night."""

    def row(self, of: str, key: str, act: str) -> None:
        """Do ``act`` (take, observe, dial, read) on the row ``key`` of the list ``of``.

        Of ``replay``: the acts of ``replay_presenter``.
        """

    def number_typed(self, typed: str) -> None:
        """Tell what stands in the directory's box: a number, or nothing; what is known of it comes as new rows."""

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Tell that the number of an agency is "right" or "wrong" tonight, with a word about it."""

    def form_opened(self, key: str, subject: str) -> None:
        """Tell that the user opened the form ``key``."""

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Hand over a filled form: sign_out."""
