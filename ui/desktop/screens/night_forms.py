"""The forms of the night's capacity, for every screen: what came of a ring, a pause, a handover, a live call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from console.domain.call_outs import ANSWERS, CallOut
from console.domain.capacity import NightRules
from console.domain.incidents import IncidentRole, IncidentState
from console.domain.loads import Load
from console.domain.recovery import ReliefAnswer
from console.domain.words import clock_words
from console.services.seat_acts import LiveWork
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.night_words import load_words, present_rows, seats_held
from ui.desktop.widgets.faces import Choice

CALLED_OUT, TAKE_FIVE, HAND_OVER, LIVE_CALL = "called_out", "take_five", "hand_over", "live_call"
MISSED, TAKE_CALL = "missed", "take_call"
SUPERVISE = "supervise"
TITLES: Mapping[str, str] = {
    CALLED_OUT: "What came of the ring",
    TAKE_FIVE: "Take five",
    HAND_OVER: "Hand over",
    LIVE_CALL: "This call",
    MISSED: "Calls that reached nobody",
    TAKE_CALL: "Take this call",
    SUPERVISE: "Listen in",
}
AGAIN = "again"
WATCH, ASSIGN, LEAD, SECOND = "watch", "assign", "lead", "coordinator"
_SEATS = {IncidentRole.LEAD: "The lead: who has the caller", IncidentRole.COORDINATOR: "The second worker's seat"}
_MINUTES = (5, 10, 15, 30)


def called_out_form(made: CallOut, error: str = "") -> FormRow:
    """Return the form that says what came of a ring to the on-call manager."""
    choices = tuple(Choice(state.value, words) for state, words in ANSWERS.items())
    field = FieldRow("answer", "What came of it", Kind.CHOICE, choices=(*choices, Choice(AGAIN, "Ring again")))
    rung = f"{made.name or 'The on-call manager'} was rung {clock_words(made.last_at)}."
    return _form(CALLED_OUT, (field,), f"{rung} Every screen shows what you say here.", "Say so", error)


def take_five_form(rules: NightRules, offered: bool, error: str = "") -> FormRow:
    """Return the form that begins a recovery; of a debrief only that it was offered, and the answer, is kept."""
    usual = int(rules.take_five.total_seconds()) // 60
    minutes = tuple(Choice(str(one), f"{one} minutes") for one in sorted({*_MINUTES, usual}))
    answers = (
        Choice(ReliefAnswer.TAKEN.value, "Take five"),
        Choice(ReliefAnswer.TAKEN_WITH_DEBRIEF.value, "Take five, and a debrief please"),
        Choice(ReliefAnswer.DEBRIEF_ONLY.value, "A debrief, no pause"),
        Choice(ReliefAnswer.DECLINED.value, "Neither: I go on"),
    )
    fields = (
        FieldRow(
            "what", "What you would like", Kind.CHOICE, ReliefAnswer.TAKEN.value, answers if offered else answers[:1]
        ),
        FieldRow("minutes", "For how long", Kind.CHOICE, str(usual), minutes),
    )
    intro = (
        "No call, no summons and no work comes to you meanwhile, unless you say “I can come” with the same key. "
        "F12 ends it sooner. It is not idle time."
    )
    more = " Of a debrief nothing is kept but the offer and your answer." if offered else ""
    return _form(TAKE_FIVE, fields, intro + more, "Say so", error)


def hand_over_form(incident: IncidentState, worker: str, *, manager: bool, error: str = "") -> FormRow:
    """Return the form that gives a seat to somebody present: one's own; a manager gives anybody's."""
    own = incident.member(worker)
    seats = [role for role in seats_held(incident) if manager or (own is not None and own.role is role)]
    chosen = own.role if own is not None and own.role in seats else seats[0] if len(seats) == 1 else None
    people = tuple(Choice(key, words) for key, words in present_rows(incident))
    fields = (
        FieldRow(
            "seat", "Which seat", Kind.CHOICE, chosen.value if chosen else "",
            tuple(Choice(role.value, _SEATS[role]) for role in seats), needed=True,
        ),
        FieldRow("to", "To whom", Kind.CHOICE, choices=people, needed=True, help="Everybody who is in this incident."),
    )  # fmt: skip
    intro = "Whoever had the seat stays: in the seat the other leaves, or watching. Both are told."
    return _form(HAND_OVER, fields, intro, "Hand over", error)


def live_call_form(
    subject: str,
    title: str,
    work: LiveWork,
    loads: Iterable[Load],
    now: datetime,
    *,
    at_once: bool,
    error: str = "",
    manners: tuple[Choice, ...] = (),
    more: tuple[FieldRow, ...] = (),
) -> FormRow:
    """Return what a manager can do about a live call; the least loaded first among whom to name.

    ``manners`` are those in which they may hear it, ``more`` the fields that go with them.
    """
    whats = [Choice(WATCH, "Join it, to watch and help")] if work.incident is not None else []
    whats += [
        Choice(ASSIGN, "Name a second worker"),
        Choice(LEAD, "Take it over as lead"),
        Choice(SECOND, "Take it over as second worker"),
        *manners,
    ]
    people = tuple(Choice(one.worker.worker, _load_choice(one, now)) for one in loads)
    told = "They are in it at once, and told." if at_once else "They are asked first, alone, and join with one key."
    fields = (
        FieldRow("what", "What to do", Kind.CHOICE, whats[0].key, tuple(whats)),
        FieldRow(
            "who", "Second worker", Kind.CHOICE, choices=people,
            placeholder="Only to name one" if people else "Nobody is free to be named", help=told,
        ),
        *(more if manners else ()),
    )  # fmt: skip
    intro = "Whoever has a seat that you take stays in the incident to watch, and is told."
    return FormRow(LIVE_CALL, title, (SectionRow("", fields),), intro, "Do it", error, subject=subject)


def _load_choice(load: Load, now: datetime) -> str:
    return f"{load.worker.name}: {load_words(load, now) or 'free'}"


def _form(key: str, fields: tuple[FieldRow, ...], intro: str, send: str, error: str) -> FormRow:
    return FormRow(key, TITLES[key], (SectionRow("", fields),), intro, send, error)
