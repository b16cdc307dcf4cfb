"""The forms of what two people know: the fact sheet, a hook or promise, what came of ringing back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from console.domain.drops import RING_WORDS, RingOutcome
from console.domain.fact_sheet import FACT_SOURCES, SHEET_PARTS, WHERE, FactField, FactKind, fact_field
from console.domain.hooks import END_WORDS, HOOK_WORDS, TIMED, Hook, HookEnd, HookSort, due_from
from console.domain.incidents import IncidentState
from console.domain.places import NOT_THERE
from console.domain.registers import Register
from console.domain.words import clock_words
from console.services.hooks import HookDraft, Hooks
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.screens.known_rows import NameOf, before_words, both_words, shortened, value_words
from ui.desktop.widgets.faces import Choice

SHEET, HOOK, RING = "fact_sheet", "hook", "ring_back"
SHORT = 24
"""Characters of a place in the name of a field."""
FACT, CHOSEN, SOURCE, GONE = "fact:", "chosen:", "fact:source", "fact:gone:"
"""How the sheet's fields are named: a fact's value, the choice between two, how what is written now is known, and that
they are not at a place."""
NO_DUE = "That is no time. Write it as 22:40, or as minutes from now, such as 20; nothing was written yet."


def fact_sheet(incident: IncidentState, source: str, name_of: NameOf) -> FormRow:
    """Return the sheet of an incident; every field goes into the record as it is typed."""
    known = Choice(source, FACT_SOURCES.get(source, source))
    sources = tuple(Choice(key, words) for key, words in FACT_SOURCES.items() if key != "case_record")
    how = FieldRow(
        SOURCE, "How we know what you write now", Kind.CHOICE, source, sources if source in FACT_SOURCES else (known,),
        help="It goes with every value you write, until you choose another.",
    )  # fmt: skip
    parts = [SectionRow(title, _part(incident, keys, name_of)) for title, keys in _parts(incident)]
    first = SectionRow(parts[0].heading, (*parts[0].fields, how))
    intro = "Both of you write here; it is shared as you type. A record address is never where they are now."
    return FormRow(
        SHEET, "What we know", (first, *parts[1:]), intro, "Done", subject=str(incident.id), saves=True
    )  # fmt: skip


def _parts(incident: IncidentState) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the parts of the sheet; facts that are in none of them stand in the last."""
    listed = {key for _, keys in SHEET_PARTS for key in keys}
    others = tuple(fact.key for fact in incident.facts if fact.key not in listed)
    title, keys = SHEET_PARTS[-1]
    return (*SHEET_PARTS[:-1], (title, (*keys, *others)))


def _part(incident: IncidentState, keys: tuple[str, ...], name_of: NameOf) -> tuple[FieldRow, ...]:
    rows: list[FieldRow] = []
    for key in keys:
        register = incident.register(key)
        rows.append(_field(incident, key, register, name_of))
        if register is not None and register.clash:
            values = tuple(Choice(str(one.entry), value_words(one, name_of)) for one in register.heads)
            rows.append(FieldRow(f"{CHOSEN}{key}", f"{rows[-1].label}: which holds", Kind.CHOICE, "", values, True))
        rows += not_there_rows(incident) if key == WHERE else ()
    return tuple(rows)


def not_there_rows(incident: IncidentState) -> tuple[FieldRow, ...]:
    """Return one field for each place that stands: choosing why they are not there takes it back, in one act."""
    reasons = tuple(Choice(key, f"Not there: {words}") for key, words in NOT_THERE.items())
    stand = incident.where_stands
    return tuple(
        FieldRow(
            f"{GONE}{one.entry}", "They are not there" if len(stand) == 1 else f"Not at {shortened(one.text, SHORT)}",
            Kind.CHOICE, "", reasons, placeholder="It stands",
            help="It leaves the relay card; whoever was told of it is to be told.",
        )
        for one in stand
    )  # fmt: skip


def _field(incident: IncidentState, key: str, register: Register | None, name_of: NameOf) -> FieldRow:
    asked = fact_field(key) or FactField(key, _label(incident, key), "")
    kind = Kind.LONG if asked.kind is FactKind.LONG else Kind.LINE
    if register is None:
        return FieldRow(f"{FACT}{key}", asked.label, kind, help=asked.ask)
    newest = register.newest
    said = f"{newest.source[:1].upper()}{newest.source[1:]}, {name_of(newest.author)} {clock_words(newest.at)}"
    before = before_words(register, name_of)
    clash = f"Two values stand: {both_words(register, name_of)}" if register.clash else ""
    heads = ",".join(str(one.entry) for one in register.heads)
    words = f"{said}. Before: {before}" if before else said
    if clash:
        words = f"Before: {before}" if before else ""
    return FieldRow(f"{FACT}{key}", asked.label, kind, newest.value, clash=clash, help=words, heads=heads)


def _label(incident: IncidentState, key: str) -> str:
    fact = incident.fact(key)
    return fact.label if fact is not None else key


# --- hooks and promises --------------------------------------------------------------------------


def hook_form(hook: Hook | None, error: str = "") -> FormRow:
    """Return the form of one line, a new one where ``hook`` is None."""
    sorts = tuple(Choice(one.value, words) for one, words in HOOK_WORDS.items())
    due = clock_words(hook.due) if hook is not None and hook.due is not None else ""
    fields = [
        FieldRow("sort", "What it is", Kind.CHOICE, hook.sort.value if hook else "", sorts, needed=True),
        FieldRow("to", "To whom, where it was promised", value=hook.to if hook else ""),
        FieldRow("text", "In a few words", value=hook.text if hook else "", needed=True),
        FieldRow(
            "due", "By when", value=due, help="22:40, or minutes from now such as 20; a promise or deadline only."
        ),
    ]
    if hook is not None:
        ends = tuple(Choice(one.value, words) for one, words in END_WORDS.items())
        fields.insert(0, FieldRow("done", "How it ended, if it did", Kind.CHOICE, choices=ends))
    title = "Hook or promise" if hook is None else HOOK_WORDS[hook.sort]
    intro = "What calms, what inflames, what was promised: both of you see it; what is due ages on both screens."
    return FormRow(HOOK, title, (SectionRow("", tuple(fields)),), intro, "Write it", error)


def write_hook(
    hooks: Hooks, incident: UUID, hook: Hook | None, values: Mapping[str, str], now: datetime
) -> str:  # fmt: skip
    """Write a filled form over ``hook`` as it was opened; return what is missing, or nothing.

    Raises ``NightdeskError``.
    """
    if not values.get("sort"):
        return "Choose what it is; nothing was written yet."
    sort, written = HookSort(values["sort"]), values.get("due", "").strip()
    unchanged = hook is not None and hook.due is not None and written == clock_words(hook.due)
    due = hook.due if hook is not None and unchanged else due_from(written, now) if written else None
    if sort in TIMED and written and due is None:
        return NO_DUE
    draft = HookDraft(sort, values.get("text", ""), values.get("to", ""), due)
    if hook is None:
        hooks.add(incident, draft)
        return ""
    end = HookEnd(values["done"]) if values.get("done") else None
    if draft != HookDraft(hook.sort, hook.text, hook.to, hook.due):
        hooks.change(incident, hook, draft, end)
    elif end is not None:
        hooks.end(incident, hook, end)
    return ""


# --- ringing back --------------------------------------------------------------------------------


def ring_back_form(error: str = "", *, unsaid: bool = False) -> FormRow:
    """Return the form that says what came of ringing back; ``unsaid``: one of us may have ended the call."""
    outcomes = tuple(
        Choice(one.value, words[:1].upper() + words[1:])
        for one, words in RING_WORDS.items()
        if one is not RingOutcome.RUNG and (unsaid or one is not RingOutcome.OURS)
    )
    fields = (
        FieldRow("outcome", "What came of it", Kind.CHOICE, choices=outcomes, needed=True),
        FieldRow("words", "In a few words, if any"),
    )
    intro = "The incident stays open, whatever it was. Leave no message on a number that others may hear."
    return FormRow(RING, "Rung back", (SectionRow("", fields),), intro, "Log it", error)
