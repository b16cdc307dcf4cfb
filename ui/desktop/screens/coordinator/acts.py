"""What the coordinator's view asks for; the presenter answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from ui.desktop.shortcuts import Act


class CoordinatorActs(Protocol):
    """All acts of the screen.  None may block; what came of them arrives as new rows."""

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said: swap, hand back, ask location, ready or away ..."""

    def row(self, of: str, key: str, act: str) -> None:
        """Do ``act`` (send, take, answer, ask, dial, join) on the row ``key`` of the list ``of``."""

    def number_typed(self, typed: str) -> None:
        """Tell what stands in the directory's box: a number, or nothing; what is known of it comes as new rows."""

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Tell that the number of an agency is "right" or "wrong" tonight, with a word about it."""

    def message(self, text: str) -> bool:
        """Send one line to the partner; False where it was not taken, and then the words must stay."""

    def refused(self, sentence: str) -> None:
        """Tell that the view refused something, in words for the notice."""

    def form_opened(self, key: str, subject: str) -> None:
        """Tell that the user opened the form ``key`` about ``subject`` (a row's key, or empty)."""

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Tell a new value of one field of the fact sheet of ``record``: the one that was on screen when written."""

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Hand over a filled form: ask_help, log_news, fact, sign_out."""
