"""The lists in the handler's panels: unfinished records, what was not shared, and people found."""

from __future__ import annotations

from console.domain.act_words import act_words
from console.domain.contacts import ContactState
from console.domain.forms.checking import shown
from console.domain.forms.registry import FORMS, TYPE, title_of
from console.domain.incidents import rank_of
from console.domain.people import Candidates, Rank, age_on
from console.domain.record import Entry, Kind
from console.domain.words import day_words, weekday_clock
from console.services.drafts import NOTE, PanelWords
from ui.desktop.forms.rows import YES
from ui.desktop.people_words import died_words
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.lists import found_row, unfinished_row
from ui.desktop.screens.handler.rows import FindRow, ListRow
from ui.desktop.widgets.rows import Row, quiet
from ui.desktop.words import counted

ASIDE = "aside "
"""Begins the row key of an entry that was not shared."""
HALF = "half "
"""Begins the row key of a half-filled panel."""
TITLE_CAP = 80
"""Characters of an entry that was not shared that its row shows."""
WRITTEN_CAP = 160
"""Characters of what stands in a half-filled panel that its row shows."""


def unfinished(given: HandlerInputs) -> ListRow:
    """Return my unfinished records, and what others left unshared on this computer."""
    rows = [_unfinished(one, given) for one in given.unfinished]
    rows += [_aside(entry, reason) for entry, reason in given.aside]
    rows += [_half_filled(one, kept) for one, kept in given.half_filled if one.panel != NOTE]
    rows += [unfinished_row(key, None, words, "", what) for key, words, what in given.strays]
    return ListRow(
        "My unfinished records",
        tuple(rows) or (quiet("none", "Nothing of yours is unfinished."),),
        str(len(rows) or ""),
    )


def _half_filled(one: PanelWords, kept: str) -> Row:
    """Return a half-filled panel: what was written in it, and that it is not done."""
    written = "; ".join(label if answer == YES else answer for label, answer in one.said)
    title = f"Half-filled: {one.title}"
    return unfinished_row(
        f"{HALF}{one.line}", None, title, weekday_clock(one.typed), f"{written[:WRITTEN_CAP]}. {kept}. Enter opens it."
    )


def _aside(entry: Entry, reason: str) -> Row:
    """Return an entry that the shared record did not take: what it is with its words, why, and what Enter does."""
    title = f"Not shared: {_entry_words(entry)[:TITLE_CAP]}"
    return unfinished_row(
        f"{ASIDE}{entry.id}", None, title, weekday_clock(entry.made_at), f"{reason} Enter offers it again."
    )


_WORDS = ("text", "decision", "words", "reason")
"""Where an entry keeps what was written, in the order they are looked for."""


def _entry_words(entry: Entry) -> str:
    body = entry.content()
    if entry.kind is Kind.CONTACT_FIELD:
        return _field_words(str(body.get("field", "")), str(body.get("value", "")))
    written = next((str(body[key]) for key in _WORDS if body.get(key)), "")
    return written or act_words(entry.kind.value)


def _field_words(name: str, value: str) -> str:
    """Return a field of the record and its value as the screen has them."""
    specs = (field for form in FORMS for field in (TYPE, *form.fields))
    spec = next((one for one in specs if one.key == name), None)
    if spec is None:
        return act_words(Kind.CONTACT_FIELD.value)
    return f"{spec.label}: {shown(spec, value)}" if value else f"{spec.label}: emptied"


def _unfinished(one: ContactState, given: HandlerInputs) -> Row:
    authority = one.value("authority")
    line = f"{given.cover.name(authority)} {one.value('service')}".strip() if authority else ""
    title = ", ".join(part for part in (title_of(one.type), line) if part)
    count = given.unfinished_missing.get(one.id, 0)
    words = f"{counted(count, 'thing', 'things')} to fill in. Reference {one.ref}."
    priority = one.value("priority")
    rank = rank_of(priority, Rank.SHIFT) if priority else None
    return unfinished_row(str(one.id), rank, title, weekday_clock(one.opened_at) if one.opened_at else "", words)


def find(given: HandlerInputs) -> FindRow:
    """Return the answers of a search, each with the reason it matched."""
    search = given.search
    if search is None:
        return FindRow()
    if search.waiting:
        return FindRow((), "Looking.")
    found = search.found
    if found is None:
        return FindRow((), search.say)
    today = given.today
    rows = []
    for one in found.people:
        if one.restricted:
            rows.append(found_row(str(one.person), "Restricted record", "", "", "Call the duty manager.", ""))
            continue
        age = f" ({age_on(one.born, one.deceased_on or today)}y)" if one.born else ""
        born = f"{day_words(one.born)}{age}" if one.born else "Birth date not known"
        address = one.address.one_line() if one.address and not one.address.do_not_disclose else ""
        name = f"{one.family.upper()}, {one.given}"
        reason = f"{died_words(one.deceased_on)}. {one.reason}" if one.deceased_on else one.reason
        rows.append(found_row(str(one.person), name, born, one.reference, f"{reason}.", address))
    return FindRow(tuple(rows), search.say or _count(found))


def _count(found: Candidates) -> str:
    words = counted(found.total, "person", "people")
    if found.total > len(found.people):
        words = f"{words}, the likeliest {len(found.people)} shown"
    return f"{words}. Down to go to them, Enter to choose."
