"""What was before this call: the chosen person's needs, contacts, family and work; or what is known of the line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from console.domain.calendar import local
from console.domain.people import Candidate, PersonRecord, Relation, age_on
from console.domain.relationships import relation_words
from console.domain.words import day_words, since_words
from console.services.call_looks import LookState
from console.services.opened_record import Reading
from ui.desktop.people_words import forbidden, plan_words
from ui.desktop.screens.handler.inputs import HandlerInputs
from ui.desktop.screens.handler.lists import contact_row, need_row, person_rows, said_below
from ui.desktop.screens.handler.person_sheet import professional_rows, relation_rows
from ui.desktop.screens.handler.rows import ListRow
from ui.desktop.widgets.rows import Row, heading, pair, quiet, sentence
from ui.desktop.words import counted

MOST_CONTACTS = 5


def history(given: HandlerInputs) -> ListRow:
    """Return what was before this call: the chosen person's contacts, or what is known of the line."""
    # Who has the caller of a pair does not leave the line: for them it stands last.
    script, last = tuple(_script(given)), given.pair
    if given.contact is None and given.own_line is None:
        return ListRow("Before this call", (*script, quiet("none", "Opens with a call.")))
    if given.record is not None:
        people = given.candidates.people if given.candidates else ()
        rows = tuple(of_person(given.record, people, given.today))
    else:
        rows = tuple(_of_line(given))
    return ListRow("Before this call", (*rows, *script) if last else (*script, *rows))


def _script(given: HandlerInputs) -> Iterable[Row]:
    """Yield what is said to a caller who waits while nobody is free: there where the call is offered."""
    board = given.board
    if board is None or not board.night.guard.nobody_for_next or given.resting() or not given.calls.waiting:
        return
    yield heading("script", "Say to the caller who waits")
    yield replace(sentence("script-words", board.limits.night.script), rule=True, bottom=6)


def _needs(record: PersonRecord, today: date) -> Iterable[Row]:
    """Yield what is needed to speak with a person and to get to them, before anything of the past.

    Then whom they must not meet, and their plan.
    """
    foreign = record.language if record.language.casefold() != "english" else ""
    label, speaks = ("Interpreter", record.language or "Needed") if record.interpreter else ("Speaks", foreign)
    access = record.addresses[0].access.replace("\n", ". ") if record.addresses else ""
    needs = [(label, speaks), ("What helps", record.communication), ("Getting in", access)]
    rows = [need_row(f"n {name}", name, text[:1].upper() + text[1:]) for name, text in needs if text]
    rows += [_kept_from(one) for one in forbidden(record.relations, today)]
    plan = plan_words(record.plan, record.plan_as_at, record.plan_source, today)
    rows += [said_below("n plan", plan.what, f"{plan.as_at[:1].upper()}{plan.as_at[1:]}.")] if plan is not None else []
    yield from rows[:-1]
    yield from (replace(row, rule=True, bottom=6) for row in rows[-1:])


def _kept_from(one: Relation) -> Row:
    """Return somebody whom this person may not meet, or not alone."""
    rule = "No contact" if one.contact_rule == "none" else "Contact supervised"
    below = f"{relation_words(one.kind)}, order {one.order_ref}" if one.order_ref else relation_words(one.kind)
    return said_below(f"n {one.person} {one.kind}", f"{rule}: {one.name}", f"{below[:1].upper()}{below[1:]}.")


def of_person(record: PersonRecord, people: Sequence[Candidate], today: date) -> Iterable[Row]:
    """Yield what is known of the chosen person; ``people`` are the others whom the number may mean."""
    yield from _needs(record, today)
    for at, one in enumerate(record.history[:MOST_CONTACTS]):
        yield contact_row(f"h{at}", day_words(one.on), one.text)
    if not record.history:
        yield quiet("h-none", "No contact before this one.", rule=True, bottom=6)
    else:
        newest = max(one.on for one in record.history)
        since = since_words(newest, today).removesuffix(" ago")
        yield quiet("h-gap", f"No contact since, {since}.", rule=True, bottom=6)
    yield from _others(record, people, today)
    yield from relation_rows(record.relations, today)
    yield heading("work", "Open work")
    for at, one in enumerate(record.open_work):
        yield contact_row(f"w{at}", day_words(one.on), one.text)
    if not record.open_work:
        yield quiet("w-none", "None before this call.")
    yield from professional_rows(record)


def _others(record: PersonRecord, people: Sequence[Candidate], today: date) -> Iterable[Row]:
    others = [one for one in people if one.person != record.person and not one.restricted]
    if others:
        yield heading("others", "Others on this number")
    for one in others[:4]:
        relation = next((found for found in record.relations if found.person == one.person), None)
        age = f" ({age_on(one.born, one.deceased_on or today)}y)" if one.born else ""
        more = f", {relation_words(relation.kind)}{age}" if relation and not relation.restricted else age
        more += f", died {day_words(one.deceased_on)}" if one.deceased_on else ""
        yield from person_rows(f"p {one.person}", f"{one.given} {one.family}", more, f"{one.reason.rstrip('.')}.")


def _of_line(given: HandlerInputs) -> Iterable[Row]:
    shut = "Opens when a person is chosen. Until then only what is known of the line is shown."
    if given.reading is not Reading.NOBODY:
        shut = "The record of this person is not read yet. Until then only what is known of the line is shown."
    yield quiet("shut", shut, rule=True, bottom=6)
    line = given.candidates.line if given.candidates else None
    yield heading("line", "This line")
    if line is None:
        waiting = given.looked.state is LookState.ASKING
        yield quiet("l-none", "Looking it up." if waiting else "Nothing is known of this line.")
        return
    people = counted(line.people, "person", "people")
    yield pair("l1", "Kind", f"{(line.place or line.kind).capitalize()}, {people}")
    last = f", last {day_words(local(line.last_call).date())}" if line.last_call else ""
    yield pair("l2", "Calls before", f"{line.calls_before}{last}")
    yield pair("l3", "Safe to ring", line.safe_to_call.capitalize())
