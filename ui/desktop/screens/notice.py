"""The sentence on a screen's notice, and when it goes by itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Protocol, TypeVar

from console.services.call_acts import TELEPHONES_AWAY
from console.services.link_state import Link
from console.services.offline import LET_IN_HERE
from console.services.sending import REFUSED_WHILE_AWAY
from console.services.shift_desk import BEGUN_WITHOUT, SIGNED_IN_HERE
from ui.desktop.desk import Desk

_OF_RECORD = (REFUSED_WHILE_AWAY, SIGNED_IN_HERE, LET_IN_HERE, BEGUN_WITHOUT)
"""What is said of a record that is away, beside its own words."""

Answer = TypeVar("Answer")
CONFIRMED_FOR = timedelta(seconds=30)
"""How long what was done stands there where nobody reads it away."""


def _first_of(sentence: str, causes: Iterable[str]) -> str:
    """Return the cause that ``sentence`` begins with, or nothing."""
    return next((cause for cause in causes if cause and sentence.startswith(cause)), "")


class Says(Protocol):
    """Puts a sentence on the notice, as :meth:`Notice.say` does."""

    def __call__(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Say it; it goes once ``done`` says that what it asks for was done."""


class Notice:
    """Holds the sentence until it is read; what of it is only about an absence goes when that is over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text = ""
        self._of_record = self._of_phones = ""
        self._done: Callable[[], bool] | None = None
        self._sending = self._form = self._refusal = ""
        self._said = False

    def say(self, sentence: str, done: Callable[[], bool] | None = None) -> None:
        """Put ``sentence`` in the place of what stood there; empty takes it away.

        It goes by itself once ``done`` says that what it asks for was done.
        """
        self._done = done
        self._said, self._form, self._refusal = True, self._sending, sentence
        phones = self._desk.calls.state().phones
        self._text = sentence
        self._of_record = "" if self._together() else _first_of(sentence, (*_OF_RECORD, self._desk.away_words()))
        self._of_phones = _first_of(sentence, (TELEPHONES_AWAY, phones.sentence)) if phones.away else ""

    def confirm(self, sentence: str) -> None:
        """Say what was done just now; it goes by itself, for it asks for nothing and stands in the record."""
        until = self._desk.clock.now() + CONFIRMED_FOR
        self.say(sentence, lambda: self._desk.clock.now() >= until)

    @contextmanager
    def sending(self, about: str) -> Iterator[None]:
        """Take the place of what was said of ``about`` (a form, an act) before: once done, its refusal is not true."""
        around = self._sending
        before = bool(around) and self._said
        self._sending, self._said = about, False
        try:
            yield
        finally:
            self._sending = around
        if not (self._said or before) and self._form == about:
            # What came behind it by itself is about something else, and stays.
            self.say(self._text.removeprefix(self._refusal).strip())
        self._said = self._said or before

    def later(self, then: Callable[[Answer], None]) -> Callable[[Answer], None]:
        """Return ``then`` for an answer that comes later: what it says is about what is being done now."""
        about = self._sending

        def heard(answer: Answer) -> None:
            with self.sending(about):
                then(answer)

        return heard

    def with_also(self, sentence: str) -> str:
        """Return what stands there with ``sentence`` behind it, once: news that came by itself loses nothing."""
        before = self.text()
        return before if sentence in before else f"{before}  {sentence}".strip()

    def text(self) -> str:
        """Return what the notice says now."""
        if self._done is not None and self._done():
            self.say("")
        over = self._of_record if self._together() else ""
        if not self._desk.calls.state().phones.away:
            over = over or self._of_phones
        if over:
            # What was said beside it has another cause, and stays until it is read.
            self.say(self._text.removeprefix(over).strip())
        return self._text

    def _together(self) -> bool:
        return self._desk.ledger.link.link is Link.TOGETHER
