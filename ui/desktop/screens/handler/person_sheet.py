"""One person's record on one sheet: plan, risks, family, numbers, places, contacts, and who works with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from console.domain.people import Address, PersonRecord, Relation, age_on
from console.domain.search import shown_number
from console.domain.words import day_words, since_words
from console.services.opened_record import Reading
from ui.desktop.people_words import (
    died_words,
    line_words,
    plan_words,
    relation_head,
    relation_note,
    relation_order,
)
from ui.desktop.screens.handler.lists import contact_row, need_row, relative_row
from ui.desktop.screens.handler.risk_rows import marker_detail
from ui.desktop.screens.handler.rows import ListRow
from ui.desktop.widgets.rows import Row, heading, quiet, sentence
from ui.desktop.words import counted

RELATIVE = "relative"
"""The act of a row about somebody tied to a person: open that record."""
RESTRICTED = "A restricted record"
_MOST = 12
_NOT_HERE = {
    Reading.OPENING: "This record is being opened.",
    Reading.FAILED: "This record could not be read. It is asked for again.",
    Reading.REFUSED: "This record was not opened. Ask the duty manager.",
}


def person_sheet(record: PersonRecord | None, reading: Reading, today: date, plan: tuple[Row, ...] = ()) -> ListRow:
    """Return the sheet of a person, or how far the opening of their record has come.

    ``plan`` are the rows of their plan for repeated calls.
    """
    if record is None:
        return ListRow("Person", (sentence("none", _NOT_HERE.get(reading, "Nobody is chosen yet.")),))
    return ListRow(record.display_name(), tuple(_rows(record, today, plan)), "opened: on the access log")


def _rows(record: PersonRecord, today: date, plan: tuple[Row, ...]) -> Iterator[Row]:
    yield from _identity(record, today)
    yield from plan
    signs = [marker_detail(one, today) for one in record.markers]
    yield heading("markers", counted(len(signs), "risk marker", "risk markers") if signs else "Risk markers")
    yield from signs or [quiet("no-markers", "No markers known.")]
    yield from relation_rows(record.relations, today)
    yield from _numbers(record)
    yield from _places(record, today)
    yield from professional_rows(record)
    yield heading("contacts", "Contacts before")
    for at, one in enumerate(record.history[:_MOST]):
        yield contact_row(f"h{at}", day_words(one.on), one.text)
    if not record.history:
        yield quiet("no-contacts", "No contact before.")


def _identity(record: PersonRecord, today: date) -> Iterator[Row]:
    end = record.deceased_on or today
    born = f"{day_words(record.born)} ({age_on(record.born, end)}y)" if record.born else "Not known"
    if record.born is None and record.claimed_age is not None:
        born = f"Not known; says they are {record.claimed_age}"
    yield need_row("born", "Born", f"{born}, {record.gender or 'gender not known'}")
    yield need_row("ref", "Reference", record.reference or "None")
    if record.deceased_on is not None:
        yield need_row("died", "Died", died_words(record.deceased_on).removeprefix("Died "))
    if record.known_as:
        yield need_row("known-as", "Known as", "; ".join(record.known_as))
    yield from plan_rows(record, today)


def plan_rows(record: PersonRecord, today: date) -> Iterator[Row]:
    """Yield the plan with its day and source, where one is known of."""
    plan = plan_words(record.plan, record.plan_as_at, record.plan_source, today)
    if plan is not None:
        yield need_row("n Plan", "Plan", plan.all())


def relation_rows(ties: Iterable[Relation], today: date) -> Iterator[Row]:
    """Yield relatives with what stands between the two; Enter opens one that is not restricted."""
    ordered = relation_order(ties, today)
    if not ordered:
        return
    yield heading("family", f"Family and carers, {len(ordered)}")
    for at, one in enumerate(ordered):
        if one.restricted:
            yield quiet(f"x{at}", f"{RESTRICTED}: call the duty manager.", rule=True, bottom=6)
        else:
            yield relation_row(one, today)


def relation_row(one: Relation, today: date) -> Row:
    """Return one relative."""
    key = f"r {one.person} {one.kind}"
    return relative_row(key, one.name, relation_head(one, today), relation_note(one), RELATIVE)


def relative_of(key: str) -> str:
    """Return the person behind the key of a relative's row."""
    return key.split(" ")[1] if key.startswith("r ") else ""


def _numbers(record: PersonRecord) -> Iterator[Row]:
    yield heading("numbers", "Numbers")
    for line in record.lines:
        shared = f", {line.place}" if line.place else ""
        used = f", used by {line.people} people" if line.people > 1 else ""
        yield need_row(f"l {line.e164}", line.kind.capitalize(), f"{line_words(line)}{shared}{used}")
    if not record.lines:
        yield quiet("no-numbers", "No number known.")


def _places(record: PersonRecord, today: date) -> Iterator[Row]:
    yield heading("places", "Places")
    for at, one in enumerate(record.addresses):
        yield need_row(f"a{at}", one.kind.replace("_", " ").capitalize(), _place(one, today))
    if not record.addresses:
        yield quiet("no-places", "No address on record.")


def _place(one: Address, today: date) -> str:
    since = f", as at {since_words(one.as_at, today)}" if one.as_at else ""
    until = f", until {day_words(one.until)}" if one.until else ""
    access = f" Getting in: {one.access}." if one.access else ""
    if one.do_not_disclose:
        return f"{one.one_line()}."
    # A record address is never where the caller is now (domain.md 4.4).
    return f"Record address {one.one_line()}{since}{until}: ask where they are now.{access}"


def professional_rows(record: PersonRecord) -> Iterator[Row]:
    """Yield who works with a person."""
    if record.professionals:
        yield heading("professionals", "Who works with them")
    for one in record.professionals:
        number = f", {shown_number(one.number)}" if one.number else ""
        yield need_row(f"w {one.role}", one.role, f"{one.name}{number}")
