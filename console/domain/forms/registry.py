"""Every contact type this program knows: one file each, one line here."""

from __future__ import annotations

from console.domain.forms import (
    child_protection,
    information,
    plan_review,
    silent,
    suicidal_caller,
    welfare_visit,
    wrong_number,
)
from console.domain.forms.spec import Choice, FieldKind, FieldSpec, FormSpec, always

FORMS: tuple[FormSpec, ...] = (
    suicidal_caller.FORM,
    child_protection.FORM,
    welfare_visit.FORM,
    information.FORM,
    silent.FORM,
    wrong_number.FORM,
    plan_review.FORM,
)

TYPE = FieldSpec(
    "type",
    "Kind of call",
    FieldKind.CHOICE,
    tuple(Choice(form.key, form.title) for form in FORMS),
    always,
    why="It decides what is asked, and who decides.",
)
"""The field that chooses the form; it stands before every form's own fields."""


def form_of(key: str) -> FormSpec | None:
    """Return the form of a contact type, or None while none is chosen or it is not known here."""
    return next((form for form in FORMS if form.key == key), None)


def title_of(key: str) -> str:
    """Return a type in words; a type of another version is shown as it is written."""
    form = form_of(key)
    return form.title if form is not None else key.replace("_", " ").capitalize() or "No kind chosen"
