"""Acts on the record on screen: its fields, the decision, keeping, finishing, beginning by hand."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from console.domain.contacts import DECISION_PART, ContactState
from console.domain.forms.spec import many
from console.services.contact_record import DecisionDraft
from console.services.drafts import NOTE
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import TEXT
from ui.desktop.screens.handler.on_screen import OnScreen, brings_record
from ui.desktop.screens.handler.presenter import CHOOSE, decided
from ui.desktop.screens.handler.rows import MORNING
from ui.desktop.screens.notice import Says
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.words import counted


class RecordActs:
    """Knows which record is on screen; writes through the services."""

    def __init__(self, desk: Desk, screen: OnScreen, say: Says) -> None:
        self._desk = desk
        self._screen = screen
        self._say = say

    def do(self, act: Act) -> bool:
        """Do ``act`` if it is about the record; say whether it was."""
        if act is Act.NO_CALL:
            self.begin_by_hand()
        elif act is Act.KEEP:
            self.keep()
        elif act is Act.FINISH:
            self.finish()
        else:
            return False
        return True

    def begin_by_hand(self) -> bool:
        """Start a record without a call, or that of somebody this worker has rung now; say whether it has that call."""
        state = self._desk.calls.state()
        out = state.current or state.calling
        of_call = out is not None and out.contact is None and out.call.placed_by(self._desk.calls.extension)
        if of_call and out is not None:
            contact = self._desk.contacts.open(out.call.id)
            self._desk.calls.opened(out.call.id, contact)
        else:
            contact = self._desk.contacts.open(channel="phone" if self._desk.calls.phones.away else "other")
        self._screen.show(contact)
        return of_call

    def begin_for_the_note(self, text: str) -> None:
        """Start a record for what is typed with none on screen, unless a call rings here: that brings its own.

        Until it stands in a record's note, it is kept as what stands in a panel is.
        """
        if not text.strip():
            self._desk.half_filled.forget(NOTE, "")
            return
        where, said = (NOTE, ""), (("Note", text),)
        self._desk.half_filled.put(where, {TEXT: text}, title="Note", screen=Screen.HANDLER.value, said=said)
        rings = brings_record(self._desk, self._screen.own_line(self._desk.calls.state()))
        if self._screen.contact_id is None and not rings:
            whose = "of this call" if self.begin_by_hand() else "without a call"
            self._say(f"A record {whose} has begun with what you typed. Ctrl+Shift+Enter keeps it for later.")

    def keep(self) -> None:
        """Put the record aside, on my unfinished list; possible at any time."""
        contact = self._screen.contact()
        if contact is None:
            self._say("There is no record on screen to keep.")
            return
        self._desk.notes.flush_all()
        self._desk.contacts.keep(contact.id)
        if self._desk.calls.state().current is None:
            self._screen.show(None)
        self._say(f"Record {contact.ref} is kept on your unfinished list (Ctrl+U).")

    def finish(self) -> None:
        """Complete the record, or say what is missing; what is typed is kept either way."""
        contact = self._screen.contact()
        if contact is None:
            self._say("There is no record on screen to finish.")
            return
        self._desk.notes.flush_all()
        missing = self._desk.contacts.complete(contact.id)
        if missing:
            self._screen.asked_to_finish = True
            first = ", ".join(one.label for one in missing[:4])
            more = f" and {len(missing) - 4} more" if len(missing) > 4 else ""
            words = counted(len(missing), "thing is", "things are")
            where = "opens the record" if contact.type else "goes to Kind of call"
            said = f"{words} missing: {first}{more}. Ctrl+4 {where}; Ctrl+Shift+Enter keeps it for later."
            self._say(said, lambda: not self._desk.contacts.missing(contact.id))
            return
        self._desk.window.close_panel()
        if self._desk.calls.state().current is None:
            self._screen.show(None)
        self._say(f"Record {contact.ref} is complete.")

    def field(self, record: UUID, name: str, value: str, over: str | None = None) -> None:
        """Write one field of ``record``; the handover is an entry of its own, and a decision once it is whole."""
        contact = self._desk.folds.contact(record)
        if contact is None:
            return
        if name == MORNING:
            to = contact.handover.to if contact.handover else ()
            self._desk.contacts.hand_over(contact.id, value == "yes", to)
        elif name == "handover_to":
            self._desk.contacts.set_field(contact.id, name, value)
            self._desk.contacts.hand_over(contact.id, bool(value), many(value))
        elif name.startswith(CHOOSE):
            self._desk.contacts.choose(contact.id, name.removeprefix(CHOOSE), value)
        else:
            self._put(contact, name, value, None if over is None else over.split(","))
        if name.removeprefix(CHOOSE).startswith(DECISION_PART):
            self._decide(record)

    def _put(self, contact: ContactState, name: str, value: str, over: Collection[str] | None) -> None:
        """Write a field; where two values stand and the worker saw both, what is put here settles it."""
        found = contact.fields.get(name)
        unseen = found is not None and over is not None and found.unseen(over, self._desk.who.worker)
        if found is not None and found.clash and not unseen:
            self._desk.contacts.choose(contact.id, name, value)
            return
        wrong = self._desk.contacts.set_field(contact.id, name, value, over)
        if wrong:
            self._say(wrong)

    def _decide(self, record: UUID) -> None:
        """A decision is written once it says its kind, what and why; a later change supersedes it, none is lost."""
        contact = self._desk.folds.contact(record)
        if contact is None:
            return
        made = contact.decisions[-1] if contact.decisions else None
        now = decided(made, contact.half_decision)
        whole = all(now.get(part, "").strip() for part in ("kind", "what", "why"))
        if whole and now != decided(made, {}):
            draft = DecisionDraft(now["kind"], now["what"], now["why"], consulted=now.get("consulted", ""))
            self._desk.contacts.decide(contact.id, draft)
