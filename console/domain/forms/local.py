"""Forms with a service's own answers put in: its authorities, and the teams it hands over to."""

from __future__ import annotations

from dataclasses import replace

from console.domain.authorities import Cover, authority_choices
from console.domain.forms.registry import FORMS
from console.domain.forms.spec import Choice, FieldSpec, FormSpec


def local_forms(cover: Cover) -> tuple[FormSpec, ...]:
    """Return every form with the answers of this service."""
    return tuple(local_form(form, cover) for form in FORMS)


def local_form(form: FormSpec, cover: Cover) -> FormSpec:
    """Return one form with the answers of this service."""
    answers = {
        "authority": tuple(Choice(one.key, one.name) for one in authority_choices(cover.authorities)),
        "handover_to": tuple(Choice(one.key, one.name) for one in cover.destinations),
    }
    return replace(form, fields=tuple(_local(one, answers.get(one.key, ())) for one in form.fields))


def _local(field: FieldSpec, choices: tuple[Choice, ...]) -> FieldSpec:
    return replace(field, choices=choices) if choices else field
