"""Signing out, for every screen: with work in hand only to a named colleague who gets all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from console.domain.text import NightdeskError
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.widgets.faces import Choice


class SigningOut:
    """Makes the form and does what it asks."""

    def __init__(self, desk: Desk, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._say = say
        self._open = False
        self._error = ""
        self._asked = False

    def opened(self) -> None:
        """Take note that the user opened the form."""
        self._open, self._error = True, ""

    def forms(self) -> tuple[FormRow, ...]:
        """Return the form while it is wanted."""
        return (self._form(),) if self._open else ()

    def sent(self, values: Mapping[str, str]) -> None:
        """Sign out, to the named taker where there is work in hand; once, until that is answered."""
        if self._asked:
            return
        self._desk.notes.flush_all()
        self._asked = True
        try:
            self._desk.shift.sign_out(values.get("taker", ""), self._answered)
        except NightdeskError as refused:
            self._asked = False
            self._error = str(refused)

    def _answered(self, outcome: Outcome) -> None:
        self._asked = False
        if outcome.won:
            self._open = False
            self._desk.window.signed_out()
        else:
            self._error = outcome.sentence
            self._say(outcome.sentence)

    def _form(self) -> FormRow:
        held = self._desk.shift.holding()
        me = self._desk.who.worker
        colleagues = tuple(Choice(one.worker, one.name) for one in self._desk.shift.shift().workers if one.worker != me)
        if not held:
            intro = "Nothing of yours is unfinished."
            return FormRow("sign_out", "Sign out", (SectionRow("", (_SAID,)),), intro, "Sign out", self._error)
        if self._desk.shift.may_leave(held):
            intro = f"You still have {held.words}, and nobody else is signed in. It stays in your name, as open work."
            said = (SectionRow("", (_SAID,)),)
            return FormRow("sign_out", "Sign out", said, intro, "Leave it and sign out", self._error)
        field = FieldRow("taker", "Who takes it", Kind.CHOICE, choices=colleagues, needed=True)
        intro = f"You still have {held.words}. A colleague on shift must take it before you go."
        return FormRow(
            "sign_out", "Sign out", (SectionRow("", (field,)),), intro, "Hand over and sign out", self._error
        )


_SAID = FieldRow("said", "Everything you typed is kept", Kind.SAID, "What is not shared yet is shared first.")
