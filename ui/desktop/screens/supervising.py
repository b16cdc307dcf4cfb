"""Hearing a colleague's call from a screen: which call, how, and what is asked before it is kept from view."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from uuid import UUID

from console.domain.ids import read_id
from console.domain.incidents import IncidentState
from console.domain.supervision import Manner
from console.ports.switchboard import ActionAnswer, Answer
from console.services.supervising import NO_REASON
from ui.desktop.desk import Desk
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.night_forms import SUPERVISE, TITLES
from ui.desktop.screens.notice import Says
from ui.desktop.widgets.faces import Choice

NO_CALL = "There is no call to listen to."
CHOOSE_A_CALL = "Choose a live call first: {key} leads to them, the arrow keys choose. Nothing was dialled."
RINGS_YOU = "Your telephone rings: lift it to hear the call, and hang up when you are done."
_SHOWN, _HIDDEN = "shown", "hidden"
_WORDS: Mapping[Manner, str] = {
    Manner.LISTEN: "Listen in: nobody hears you",
    Manner.WHISPER: "Whisper: your colleague hears you, the caller does not",
    Manner.BARGE: "Join the call: both hear you",
}


def manners(desk: Desk) -> tuple[Choice, ...]:
    """Return in which manners this worker may hear a call now."""
    return tuple(Choice(manner.value, _WORDS[manner]) for manner in desk.supervising.offered())


def keeping_from_view(desk: Desk) -> tuple[FieldRow, ...]:
    """Return the fields that keep it from whoever is heard; none where this service does not do that."""
    if not desk.supervising.silent:
        return ()
    choices = (Choice(_SHOWN, "They see that you listen"), Choice(_HIDDEN, "They do not see it; write why"))
    why = "It stands in the record with your name."
    return (
        FieldRow("view", "On their screen", Kind.CHOICE, _SHOWN, choices),
        FieldRow("why", "Why it is not shown", help=why),
    )


def supervise_form(desk: Desk, error: str = "") -> FormRow:
    """Return the form that asks how this worker would hear the call."""
    how = manners(desk)
    field = FieldRow("what", "How", Kind.CHOICE, how[0].key if how else "", how, needed=True)
    intro = "Your telephone rings: lift it, and hang up when you are done. They see that you listen, and it is kept."
    return FormRow(
        SUPERVISE, TITLES[SUPERVISE], (SectionRow("", (field, *keeping_from_view(desk))),), intro, "Ring me in", error
    )


def read_manner(values: Mapping[str, str]) -> Manner | None:
    """Return the manner that was chosen, None where something else was."""
    return next((manner for manner in Manner if manner.value == values.get("what")), None)


def listen(desk: Desk, found: tuple[UUID, str] | None, say: Says) -> None:
    """Listen to a call at once.  Raises ``NightdeskError``."""
    if found is None:
        say(NO_CALL)
    else:
        desk.supervising.ask(Manner.LISTEN, *found, _told(desk, found[0], say))


def _told(desk: Desk, call: UUID, say: Says) -> Callable[[ActionAnswer], None]:
    """Return what says that the telephone must be lifted, until it was or there is nothing more to hear."""

    def done() -> bool:
        found = desk.calls.call(call)
        return found is None or not found.live or desk.supervising.hears(found)

    def told(answer: ActionAnswer) -> None:
        if answer.answer is Answer.ACCEPTED:
            say(answer.sentence or RINGS_YOU, done)
        elif answer.sentence:
            say(answer.sentence)

    return told


def hear(desk: Desk, found: tuple[UUID, str] | None, values: Mapping[str, str], say: Says) -> str:
    """Do what a filled form says; return what is missing, or nothing.  Raises ``NightdeskError``."""
    manner = read_manner(values)
    if manner is None:
        return "Choose how you would hear the call. Nothing was dialled yet."
    if found is None:
        return NO_CALL
    hidden, why = values.get("view") == _HIDDEN, values.get("why", "").strip()
    if hidden and not why:
        return NO_REASON
    desk.supervising.ask(manner, *found, _told(desk, found[0], say), shown=not hidden, reason=why if hidden else "")
    return ""


def call_of_row(desk: Desk, key: str) -> tuple[UUID, str] | None:
    """Return the live call of a row of the board, and the telephone it is on; None where nobody else talks."""
    wanted = read_id(key.rpartition(" ")[2])
    call = next((one for one in desk.calls.live() if one.id == wanted), None)
    others = sorted(call.talking - {desk.calls.extension}) if call is not None else []
    return (call.id, others[0]) if call is not None and others else None


def call_to_hear(desk: Desk, incident: IncidentState | None) -> tuple[UUID, str] | None:
    """Return the call that a colleague leads, and the extension it is on; None where there is none to listen to."""
    contact = desk.folds.contact(incident.contact) if incident is not None and incident.contact else None
    lead = incident.lead if incident is not None else None
    holder = desk.shift.shift().worker(lead.worker) if lead else None
    if contact is None or holder is None or not desk.caller_on_line(contact) or holder.worker == desk.who.worker:
        return None
    return contact.calls[-1], holder.extension
