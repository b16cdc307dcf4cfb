"""What the handler's view asks for; the presenter answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from ui.desktop.shortcuts import Act


class HandlerActs(Protocol):
    """All acts of the screen.  None may block; what came of them arrives as new rows."""

    def do(self, act: Act) -> None:
        """Do an act that needs nothing said: answer, hold, a signal, end, offer, keep ..."""

    def choose_candidate(self, index: int) -> None:
        """Choose the candidate with this number (1 to 9); nothing is opened before it is confirmed."""

    def find(self, text: str) -> None:
        """Search people for ``text`` (name, number, date of birth or reference) at once."""

    def find_typed(self, text: str) -> None:
        """Tell what stands in the search's box after a key; it is searched for at a pause."""

    def find_closed(self) -> None:
        """Tell that the search was put away: nobody it found is shown to the next caller's record."""

    def choose_found(self, key: str) -> bool:
        """Take the person with this row key out of the search's answers; say whether that was done."""

    def open_relative(self, key: str) -> None:
        """Open the record of somebody tied to the person on screen, by the row's key; it goes on the access log."""

    def sheet_closed(self) -> None:
        """Tell that the sheet was put away: the relative's record is let go."""

    def ring_row(self, key: str) -> None:
        """Ring whoever stands behind this row of the directory."""

    def number_typed(self, typed: str) -> None:
        """Tell what stands in the directory's box: a number, or nothing; what is known of it comes as new rows."""

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Tell that the number of an agency is "right" or "wrong" tonight, with a word about it."""

    def new_line_id(self) -> UUID:
        """Return the id for a line just begun."""

    def note_changed(self, record: str, line_id: UUID, text: str) -> None:
        """Tell the whole text so far of a line of ``record``'s note; empty text means the line was taken out."""

    def note_wants_record(self, text: str) -> None:
        """Tell what stands in the note while no record is on screen; it goes into the one that comes next."""

    def note_has_record(self) -> None:
        """Tell that those words stand in a record's note now."""

    def note_line_ended(self, line_id: UUID) -> None:
        """Tell that the user left the line, by Enter or by moving on."""

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Tell a new value of one field of ``record``: the one that was on screen when it was written."""

    def prompt_toggled(self, record: str, key: str, on: bool) -> None:
        """Tell that a prompt of ``record`` was asked, or was not after all."""

    def message(self, text: str) -> bool:
        """Send one line to the partner; False where it was not taken, and then the words must stay."""

    def form_opened(self, key: str) -> None:
        """Tell that the user opened the panel ``key``; its form may now be made."""

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Hand over a filled panel: confirm, transfer, ask_help, log_news, new_person, sign_out ..."""

    def send_request(self, key: str) -> None:
        """Say that the drafted request with this row key has been asked for now."""

    def open_unfinished(self, key: str) -> None:
        """Open the unfinished record with this row key."""

    def refused(self, sentence: str) -> None:
        """Tell that the view refused something, in words for the notice."""

    def notice_read(self) -> None:
        """Tell that the user read the notice."""

    def clock_text(self) -> str:
        """Return the time now as it is put into a note: ``22:17``."""
