"""Notes, prompts, fields, the help asked for, and wrap-up."""

from __future__ import annotations

from collections.abc import Iterable

from console.domain.forms.common import CONSENT, OUTCOME, PRIORITY, SOURCE
from console.domain.forms.registry import FORMS
from console.domain.forms.spec import FieldSpec, joined, many
from console.domain.help_ages import Alarm, ages
from console.domain.help_kinds import HelpState
from console.domain.help_requests import HelpRequest
from console.domain.help_telling import Change, untold
from console.domain.notes import NoteLine
from console.domain.words import clock_words, span_words
from console.services.link_state import Delivery, Progress
from ui.desktop.forms.from_spec import choices_of, with_none
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.lists import (
    request_row,
    said_row,
)
from ui.desktop.screens.handler.rows import (
    KIND,
    ChoiceRow,
    HelpRow,
    NoteLineRow,
    NotesRow,
    PromptRow,
    PromptsRow,
    WrapUpRow,
)
from ui.desktop.widgets.faces import ButtonFace, ChipRow, Choice, Kept, Mark
from ui.desktop.widgets.rows import Row, quiet, sentence
from ui.desktop.words import counted

_KEPT = {
    Delivery.TYPING: Kept.TYPING,
    Delivery.UNSAVED: Kept.UNSAVED,
    Delivery.KEPT: Kept.KEPT,
    Delivery.SHARED: Kept.SHARED,
    Delivery.SEEN: Kept.SEEN,
    Delivery.SET_ASIDE: Kept.NOT_SHARED,
}

# --- the note ------------------------------------------------------------------------------------

_NO_RECORD = "Notes begin with a call. What you type without one begins a record of its own."
_ANSWERED_SOON = "What you type now goes into the record of this call when it is answered."


def notes(given: HandlerInputs) -> NotesRow:
    """Return the lines of the note; a line still being typed stands with the others, in its place."""
    contact = given.contact
    if contact is None:
        return NotesRow("", why=_ANSWERED_SOON if given.brings_record else _NO_RECORD)
    names = {one.worker: one.name.split(" ", 1)[0] for one in given.shift.workers}
    shared = [_note_line(line, given, names) for line in contact.notes]
    known = {row.line_id for row in shared}
    typing = [
        NoteLineRow(line, text, clock_words(begun), _kept(given.line_states.get(line)))
        for line, text, begun in given.new_lines
        if line not in known
    ]
    return NotesRow(str(contact.id), (*shared, *typing))


def _note_line(line: NoteLine, given: HandlerInputs, names: dict[str, str]) -> NoteLineRow:
    mine = line.author == given.worker
    author = "" if mine else names.get(line.author, line.author)
    kept = _kept(given.line_states.get(line.line)) if mine else Kept.SHARED
    return NoteLineRow(line.line, line.text, clock_words(line.begun), kept, author)


def _kept(progress: Progress | None) -> Kept:
    return _KEPT[progress.delivery] if progress is not None else Kept.TYPING


def prompts(given: HandlerInputs) -> PromptsRow:
    """Return what is still to ask for this type of contact."""
    if given.form is None or given.contact is None:
        return PromptsRow()
    marks = given.contact.prompts
    rows = tuple(PromptRow(one.key, one.label, one.key in marks and marks[one.key].asked) for one in given.form.prompts)
    asked = sum(row.on for row in rows)
    return PromptsRow(rows, f"{asked} of {len(rows)} asked" if rows else "")


def fields(given: HandlerInputs) -> tuple[ChoiceRow, ...]:
    """Return the four fields under the note."""
    on = given.contact is not None
    kinds = tuple(Choice(form.key, form.title) for form in FORMS)
    kind = given.contact.type if given.contact else ""
    return (
        ChoiceRow(KIND, "Kind of call", kinds, kind or None, "Choose", _clash(given, "type"), on),
        _field(given, PRIORITY, "Choose"),
        _field(given, SOURCE, "Choose"),
        _field(given, CONSENT, "Not asked yet"),
    )


def _field(given: HandlerInputs, spec: FieldSpec, placeholder: str) -> ChoiceRow:
    value = given.values.get(spec.key) or (given.contact.value(spec.key) if given.contact else "")
    on = given.contact is not None
    choices = with_none(choices_of(spec), value)
    return ChoiceRow(spec.key, spec.label, choices, value or None, placeholder, _clash(given, spec.key), on)


def _clash(given: HandlerInputs, name: str) -> str:
    found = given.contact.fields.get(name) if given.contact else None
    if found is None or not found.clash:
        return ""
    return ", ".join(one.value for one in found.heads if one.value != found.value)


# --- the help ------------------------------------------------------------------------------------


def help_asked(given: HandlerInputs) -> HelpRow:
    """Return the requests for help, what was said between the two, and the line to write in."""
    rows = tuple(_request(at, one, given) for at, one in enumerate(_ordered(given.helps)))
    if not rows:
        usual = given.form.suggested_words() if given.form else "Nothing is sent by itself."
        rows = (sentence("none", "Nothing asked for yet."), *((quiet("usual", usual),) if usual else ()))
    name = given.partner_name()
    placeholder = f"One line to {name}" if name else "One line to the second worker"
    why = "" if given.contact is not None else "There is no call and no record to write about."
    return HelpRow(
        rows, "since asked" if given.helps else "", tuple(_said(given)), placeholder, why, given.message_kept
    )


def _ordered(helps: Iterable[HelpRequest]) -> tuple[HelpRequest, ...]:
    return tuple(sorted(helps, key=lambda one: (not one.open, one.rank.value, str(one.sent_at or one.drafted_at))))


_SILENT = {
    Alarm.LATE: "Late",
    Alarm.CHASE: "No news",
    Alarm.CHASE_DUE: "Chase due",
    Alarm.MANAGER: "No news",
}


def _request(at: int, one: HelpRequest, given: HandlerInputs) -> Row:
    clocks = ages(one, given.now, given.limits)
    draft = one.state is HelpState.DRAFTED
    changed = untold(one, given.incident)
    alarm = None
    if draft:
        alarm = ChipRow("Not sent", mark=Mark.CLOCK)
    elif clocks.alarm is Alarm.OPEN_RISK:
        alarm = ChipRow("Declined", mark=Mark.SQUARE)
    elif changed:
        alarm = ChipRow("Tell them", mark=Mark.SQUARE)
    elif clocks.alarm in _SILENT:
        alarm = ChipRow(_SILENT[clocks.alarm], mark=Mark.CLOCK)
    state = one.words_of_state + (f", category {one.grade}" if one.grade and one.state is HelpState.ACCEPTED else "")
    return request_row(
        str(one.id), one.rank, one.label, state, span_words(clocks.since), one.steps_done,
        _request_detail(one, given, changed), alarm=alarm, rule=at < len(given.helps) - 1, send=draft,
    )  # fmt: skip


def _request_detail(one: HelpRequest, given: HandlerInputs, changed: tuple[Change, ...]) -> str:
    if changed:
        more = f" and {len(changed) - 1} more" if len(changed) > 1 else ""
        return f"not told: {changed[-1].words}{more}"
    if one.state is HelpState.DRAFTED:
        names = {who.worker: who.name.split(" ", 1)[0] for who in given.shift.workers}
        by = "you" if one.drafted_by == given.worker else names.get(one.drafted_by, one.drafted_by)
        return f"drafted by {by}"
    if one.open_risk and one.declined_reason:
        return one.declined_reason
    if one.signed is not None:
        return f"nobody reached: {one.signed.why}"
    # The date of a reference is on the coordinator's card; here a glance must do.
    parts = [one.reference.partition(" of ")[0]]
    if one.minutes is not None and one.promised_at is not None:
        parts.append(f"{one.minutes} min said {clock_words(one.promised_at)}")
    elif one.state in (HelpState.ACCEPTED, HelpState.ACKNOWLEDGED):
        parts.append("no time given")
    return ", ".join(part for part in parts if part)


def _said(given: HandlerInputs) -> Iterable[Row]:
    names = {one.worker: one.name.split(" ", 1)[0] for one in given.shift.workers}
    said = [(one.at, one.author, one.text, str(one.line)) for one in given.signals.messages]
    said += [(one.at, one.by, one.words, str(one.entry)) for one in given.signals.signals]
    for at, author, text, key in sorted(said, reverse=True)[:12]:
        yield said_row(key, clock_words(at), "You" if author == given.worker else names.get(author, author), text)


# --- the end -------------------------------------------------------------------------------------


def wrap_up(given: HandlerInputs) -> WrapUpRow:
    """Return the last row: outcome, handover, and how much is still to fill in."""
    contact = given.contact
    on = contact is not None
    outcome = _field(given, OUTCOME, "Choose at the end")
    wanted = contact.handover if contact else None
    chosen = joined(wanted.to) if wanted and wanted.to else given.values.get("handover_to", "")
    teams = with_none(_teams(given, chosen), chosen)
    handover = ChoiceRow("handover_to", "Handover to", teams, chosen or None, "Nobody yet", "", on)
    count = len(given.missing)
    later = "it can wait" if count == 1 else "they can wait"
    missing = f"{counted(count, 'thing', 'things')} to fill in; {later}" if on and count else ""
    if on and not count:
        missing = "Nothing is missing"
    face = ButtonFace("Finish call record", enabled=on, why="" if on else "There is no record on screen.")
    return WrapUpRow(outcome, handover, bool(wanted and wanted.wanted), missing, face, on)


def _teams(given: HandlerInputs, chosen: str) -> tuple[Choice, ...]:
    names = {one.key: one.name for one in given.cover.destinations}
    found = [Choice(key, name) for key, name in names.items()]
    usual = joined(given.form.onward) if given.form else ""
    for key in dict.fromkeys((usual, chosen)):
        if key and key not in names:
            words = ", ".join(names.get(part, part) for part in many(key))
            first = words[:1] + words[1:].replace("Crisis", "crisis")
            found.insert(0, Choice(key, first))
    return tuple(found)
