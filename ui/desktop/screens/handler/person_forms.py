"""The forms about people: confirm who it is, a new person, the wrong person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from console.domain.contacts import Subject
from console.domain.people import NewPerson, PersonRecord
from console.domain.search import NoSuchDay, read_day
from console.domain.words import day_words
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow

_TICKED = ("name", "born", "postcode")


def confirm_form(subject: Subject | None, record: PersonRecord | None, error: str = "") -> FormRow:
    """Return the form that confirms who it is: what the caller said without being told."""
    if subject is None:
        said = FieldRow("said", "Nobody is chosen yet", Kind.SAID, "Choose with Alt+1 to Alt+9, or find (F3).")
        return FormRow("confirm", "Confirm identity", (SectionRow("", (said,)),), send="Close", error=error)
    born = record.born if record else subject.born
    fields = [FieldRow("name", "Gave this name", Kind.TICK)]
    if born is not None:
        fields.append(FieldRow("born", f"Gave {day_words(born)} as date of birth", Kind.TICK))
    fields.append(FieldRow("postcode", "Gave the postcode on the record", Kind.TICK))
    fields.append(FieldRow("theirs", "It is their own telephone: note this number as theirs", Kind.TICK))
    intro = "Ask for a name and a date of birth, and tick what the caller said without being told."
    return FormRow(
        "confirm", f"Confirm identity: {subject.name}", (SectionRow("What did the caller say?", tuple(fields)),),
        intro, "Confirm", error,
    )  # fmt: skip


def other_person_words(opened: Subject | None, now: Subject | None) -> str:
    """Return the sentence for a form about a person who is on the record no more."""
    before, after = (one.name if one else "nobody" for one in (opened, now))
    return (
        f"This was opened for {before}; on the record now is {after}. Nothing was changed. "
        "Close this (Esc) and open it again."
    )


def other_person_form(key: str, opened: Subject | None, now: Subject | None) -> FormRow:
    """Return what stands in place of such a form: it asks nothing more."""
    said = FieldRow("said", "Another person is on the record", Kind.SAID, other_person_words(opened, now))
    title = "Confirm identity" if key == "confirm" else "This was the wrong person"
    return FormRow(key, title, (SectionRow("", (said,)),), send="Close")


def confirmed_by(values: Mapping[str, str]) -> str:
    """Return what the identity was confirmed with: ``name``, ``name, born and postcode``, or nothing."""
    said = [key for key in _TICKED if values.get(key) == "yes"]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}" if said else ""


def new_person_form(error: str = "") -> FormRow:
    """Return the form for a person not known here; every field but one name may stay empty."""
    fields = (
        FieldRow("family", "Family name"),
        FieldRow("given", "Given name"),
        FieldRow("born", "Date of birth", help="Day first, such as 19-Feb-1992."),
        FieldRow("claimed_age", "Age claimed, if no date of birth"),
        FieldRow("gender", "Gender, as stated"),
        FieldRow("address", "Address, as stated"),
        FieldRow("theirs", "It is their own telephone", Kind.TICK),
    )
    intro = "Find first (F3): the person may be known under another spelling."
    return FormRow("new_person", "New person", (SectionRow("", fields),), intro, "Add person", error)


def new_person(values: Mapping[str, str], authority: str, e164: str, today: date) -> NewPerson | str:
    """Return the person a filled form describes, or the sentence that says what is wrong."""
    written = values.get("born", "").strip()
    try:
        born = read_day(written, today) if written else None
    except NoSuchDay as wrong:
        return str(wrong)
    if written and born is None:
        return f"{written} is not a date we can read. Write the day first, such as 19-Feb-1992."
    claimed = values.get("claimed_age", "").strip()
    if claimed and not claimed.isdecimal():
        return "An age is a whole number of years, such as 15."
    return NewPerson(
        family=values.get("family", "").strip(),
        given=values.get("given", "").strip(),
        born=born,
        claimed_age=int(claimed) if claimed else None,
        gender=values.get("gender", "").strip(),
        address=values.get("address", "").strip(),
        authority=authority or "unknown",
        e164=e164 if values.get("theirs") == "yes" else "",
    )


def wrong_person_form(subject: Subject | None, error: str = "") -> FormRow:
    """Return the form that says this was the wrong person; nothing is deleted by it."""
    name = subject.name if subject else "nobody"
    reason = FieldRow("reason", "How it came to light", Kind.LONG, needed=True)
    intro = (
        f"The contact is moved off {name}. Everything written stays. Whoever relied on it is told, "
        "and every request already sent carries the correction."
    )
    return FormRow(
        "wrong_person", "This was the wrong person", (SectionRow("", (reason,)),), intro, "Wrong person", error
    )
