"""The sentence on a screen's notice, and when it goes by itself."""

from __future__ import annotations

from console.services.call_acts import TELEPHONES_AWAY
from console.services.link_state import Link
from console.services.sending import REFUSED_WHILE_AWAY
from console.services.shift_desk import SIGNED_IN_HERE
from ui.desktop.desk import Desk


class Notice:
    """Holds the sentence until it is read; one that is only about an absence goes when that is over."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._text = ""
        self._of_record = self._of_phones = False

    def say(self, sentence: str) -> None:
        """Put ``sentence`` in the place of what stood there; empty takes it away."""
        phones = self._desk.calls.state().phones
        of_record = (REFUSED_WHILE_AWAY, SIGNED_IN_HERE, self._desk.away_words())
        self._text = sentence
        self._of_record = not self._together() and sentence in of_record
        self._of_phones = phones.away and sentence in (TELEPHONES_AWAY, phones.sentence)

    def text(self) -> str:
        """Return what the notice says now."""
        record_back = self._of_record and self._together()
        phones_back = self._of_phones and not self._desk.calls.state().phones.away
        if record_back or phones_back:
            self.say("")
        return self._text

    def _together(self) -> bool:
        return self._desk.ledger.link.link is Link.TOGETHER
