"""Signing out, for every screen: with work in hand only to a named colleague who gets all of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from console.domain.text import NightdeskError
from console.services.drafts import PanelWords
from console.services.writing import Outcome
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.half_words import half_words
from ui.desktop.widgets.faces import Choice
from ui.desktop.words import counted

SIGN_OUT = "sign_out"
_QUEUE, _FREE, _HELD = "queue", "free", "held"


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
        if not self._open:
            return ()
        form = self._with_queue(self._form())
        return (replace(form, intro=f"{form.intro}{self._half_filled()}", kept=half_words(self._desk, SIGN_OUT, "")),)

    def sent(self, values: Mapping[str, str]) -> None:
        """Sign out, to the named taker where there is work in hand; once, until that is answered."""
        if self._asked:
            return
        if not self._desk.night.queue.must_ask():
            self._leave(values)
        elif values.get(_QUEUE) == _FREE:
            self._asked = True
            self._desk.night.queue.turn(partial(self._freed, values))
        elif values.get(_QUEUE) == _HELD:
            self._leave(values)
        else:
            self._error = "The queue is held: choose whether you let it go first. You are still signed in."

    def _freed(self, values: Mapping[str, str], outcome: Outcome) -> None:
        self._asked = False
        if outcome.won:
            self._leave(values)
        else:
            self._error = f"{outcome.sentence} You are still signed in."
            self._say(self._error)

    def _leave(self, values: Mapping[str, str]) -> None:
        self._desk.notes.flush_all()
        self._desk.half_filled.flush()
        self._asked = True
        # Before it is done: who comes back must not find the taker of a night that is over still chosen.
        chosen = self._desk.half_filled.of(SIGN_OUT, "")
        self._desk.half_filled.forget(SIGN_OUT, "")
        try:
            self._desk.shift.sign_out(values.get("taker", ""), partial(self._answered, chosen))
        except NightdeskError as refused:
            self._asked = False
            self._error = str(refused)
            self._put_back(chosen)

    def _answered(self, chosen: PanelWords | None, outcome: Outcome) -> None:
        self._asked = False
        if outcome.won:
            self._open = False
            self._desk.window.signed_out()
        else:
            self._error = outcome.sentence
            self._put_back(chosen)
            self._say(outcome.sentence)

    def _put_back(self, chosen: PanelWords | None) -> None:
        if chosen is not None:
            self._desk.half_filled.put_back(chosen)

    def _half_filled(self) -> str:
        """Return what is said of panels that stay behind half filled."""
        count = sum(1 for one in self._desk.half_filled.all() if one.panel != SIGN_OUT)
        words = counted(count, "half-filled panel stays", "half-filled panels stay")
        return f" {words} on this computer for you." if count else ""

    def _with_queue(self, form: FormRow) -> FormRow:
        """Ask what becomes of a held queue: callers wait, and no telephone rings, until somebody lets it go."""
        queue = self._desk.night.queue
        if not queue.must_ask():
            return form
        left = queue.managers()
        who = f"{' or '.join(left)} can let it go" if left else "nobody else here is a manager"
        intro = f"The queue is held: no telephone rings for it, and {who}. {form.intro}"
        return replace(form, intro=intro, sections=(SectionRow("", (_ASK_QUEUE, *form.fields())),))

    def _form(self) -> FormRow:
        held = self._desk.shift.holding()
        me = self._desk.who.worker
        others = [one for one in self._desk.shift.shift().workers if one.worker != me]
        resting = {one.worker for one in others if one.recovering(self._desk.clock.now()) and not one.can_come}
        # Who is in recovery comes last, and is said to be: nobody is given work there unawares.
        colleagues = tuple(
            Choice(one.worker, f"{one.name}, in recovery" if one.worker in resting else one.name)
            for one in sorted(others, key=lambda one: one.worker in resting)
        )
        if not held:
            intro = "Nothing of yours is unfinished."
            return FormRow(SIGN_OUT, "Sign out", (SectionRow("", (_SAID,)),), intro, "Sign out", self._error)
        if self._desk.shift.may_leave(held):
            intro = f"You still have {held.words}, and nobody else is signed in. It stays in your name, as open work."
            said = (SectionRow("", (_SAID,)),)
            return FormRow(SIGN_OUT, "Sign out", said, intro, "Leave it and sign out", self._error)
        field = FieldRow("taker", "Who takes it", Kind.CHOICE, choices=colleagues, needed=True)
        intro = f"You still have {held.words}. A colleague on shift must take it before you go."
        return FormRow(SIGN_OUT, "Sign out", (SectionRow("", (field,)),), intro, "Hand over and sign out", self._error)


_SAID = FieldRow("said", "Everything you typed is kept", Kind.SAID, "What is not shared yet is shared first.")
_ASK_QUEUE = FieldRow(
    _QUEUE,
    "The held queue",
    Kind.CHOICE,
    choices=(Choice(_FREE, "Let it go now"), Choice(_HELD, "Leave it held")),
    needed=True,
)
