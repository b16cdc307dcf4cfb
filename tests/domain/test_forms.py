"""Every form as data: sound in itself, kept empty, complete only when filled; and the rules of two in full."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from console.domain.authorities import read_cover
from console.domain.contacts import Decision
from console.domain.forms.checking import answer, is_filled, missing, problem, shown
from console.domain.forms.local import local_form, local_forms
from console.domain.forms.registry import FORMS, TYPE, form_of, title_of
from console.domain.forms.spec import FieldKind, FieldSpec, FormSpec, many
from console.domain.record import Role

WHEN = "2026-12-01T22:14:05.000000Z"
each_form = pytest.mark.parametrize("form", FORMS, ids=lambda form: form.key)


def good(field: FieldSpec) -> str:
    """Return a value that fits a field."""
    if field.options:
        return field.options[0].key
    return {FieldKind.NUMBER: "40", FieldKind.MINUTES: "5", FieldKind.WHEN: WHEN}.get(field.kind, "words")


def decided(form: FormSpec) -> tuple[Decision, ...]:
    """Return every decision a form wants, by somebody who may."""
    at = datetime(2026, 12, 1, 22, 30, tzinfo=UTC)
    return tuple(
        Decision(uuid4(), one.kind, "yes", "because", "w", sorted(one.deciders)[0].value, at, consulted="Helen Marsh")
        for one in form.decisions
    )


def filled(form: FormSpec) -> dict[str, str]:
    """Return values that leave nothing missing, filling what each answer brings with it."""
    values: dict[str, str] = {}
    for _ in range(10):
        for field in form.fields:
            if field.required(values) and not values.get(field.key):
                values[field.key] = good(field)
    return values


@each_form
def test_a_form_is_sound_in_itself(form: FormSpec) -> None:
    keys = [field.key for field in form.fields]
    assert len(keys) == len(set(keys))
    assert form.version >= 1
    assert form.title
    for field in form.fields:
        assert field.label
        assert field.label[0].isupper()
        if field.kind in (FieldKind.CHOICE, FieldKind.MANY) and field.key not in ("authority", "handover_to"):
            assert field.options
        assert len({choice.key for choice in field.options}) == len(field.options)
        assert len({choice.label.casefold() for choice in field.options}) == len(field.options)
        assert not any("," in choice.key for choice in field.options), "several answers are comma-joined"
    assert len({prompt.key for prompt in form.prompts}) == len(form.prompts)


@each_form
def test_an_empty_form_says_what_is_missing_in_the_forms_order(form: FormSpec) -> None:
    lacking = [one.key for one in missing(form, {})]
    assert lacking
    order = [field.key for field in form.fields]
    fields = [key for key in lacking if key in order]
    assert fields == sorted(fields, key=order.index)


@each_form
def test_a_filled_form_misses_nothing_and_each_required_field_is_needed(form: FormSpec) -> None:
    values = filled(form)
    assert missing(form, values, decided(form)) == ()
    for field in form.fields:
        if field.required(values):
            without = {key: value for key, value in values.items() if key != field.key}
            if field.required(without):
                assert field.key in {one.key for one in missing(form, without, decided(form))}
    if form.decisions:
        assert missing(form, values)


@each_form
def test_an_impossible_value_is_as_good_as_none(form: FormSpec) -> None:
    for field in form.fields:
        if field.options or field.kind in (FieldKind.NUMBER, FieldKind.WHEN, FieldKind.MINUTES):
            assert problem(field, "perhaps; later")
            assert not is_filled(field, "perhaps; later")


@each_form
def test_what_is_shown_means_its_key_again(form: FormSpec) -> None:
    for field in form.fields:
        for choice in field.options:
            assert answer(field, choice.label.upper()) == choice.key
            assert shown(field, choice.key) == choice.label


def test_every_form_is_found_by_key_and_by_its_title() -> None:
    for form in FORMS:
        assert form_of(form.key) is form
        assert answer(TYPE, form.title) == form.key
        assert title_of(form.key) == form.title
    assert form_of("of_another_version") is None
    assert title_of("of_another_version") == "Of another version"


def test_a_suicidal_caller_wants_plan_means_started_place_and_reached() -> None:
    form = form_of("suicidal_caller")
    assert form is not None
    assert {"plan", "means", "started", "location_source", "person_reached"} <= {one.key for one in missing(form, {})}
    assert form.second
    assert len(form.prompts) == 9
    labels = {prompt.label for prompt in form.prompts}
    assert {"Suicide, directly", "Which drug", "The car: make, colour", "Gate or barrier"} <= labels
    assert form.suggested_words() == (
        "For a suicidal caller the usual requests are ambulance, police and crisis team. Nothing is sent by itself."
    )


def test_an_answer_brings_its_question_with_it() -> None:
    form = form_of("suicidal_caller")
    assert form is not None
    assert "taken" not in {one.key for one in missing(form, {"started": "no"})}
    assert "taken" in {one.key for one in missing(form, {"started": "yes"})}
    assert "not_reached_plan" in {one.key for one in missing(form, {"person_reached": "no"})}
    assert "consent_reason" in {one.key for one in missing(form, {"consent": "refused"})}
    assert "consent_reason" not in {one.key for one in missing(form, {"consent": "not_needed_risk"})}
    assert "written_referral" in {one.key for one in missing(form, {"source_code": "6"})}
    assert "written_referral" not in {one.key for one in missing(form, {"source_code": "1C"})}
    assert "subject" not in {one.key for one in missing(form, {"subject_unknown": "would not say"})}


def test_a_child_protection_concern_wants_harm_whereabouts_siblings_seen_and_threshold() -> None:
    form = form_of("child_protection")
    assert form is not None
    lacking = {one.key for one in missing(form, {})}
    assert {"harm", "child_where", "siblings", "seen", "decision:threshold"} <= lacking
    assert "child_words" in {one.key for one in missing(form, {"seen": "alone"})}
    assert form.may_decide("threshold", Role.SOCIAL_WORKER_CHILDREN)
    assert not form.may_decide("threshold", Role.SUPPORT_WORKER)
    assert not form.may_decide("threshold", Role.SOCIAL_WORKER_ADULTS)


def test_a_threshold_decided_by_the_wrong_role_or_alone_does_not_count() -> None:
    form = form_of("child_protection")
    assert form is not None
    values = filled(form)
    by_support = tuple(
        Decision(one.entry, one.kind, "met", "why", "w", Role.SUPPORT_WORKER.value, one.at, consulted="x")
        for one in decided(form)
    )
    alone = tuple(Decision(one.entry, one.kind, "met", "why", "w", one.role, one.at) for one in decided(form))
    assert [one.key for one in missing(form, values, by_support)] == ["decision:threshold"]
    assert [one.key for one in missing(form, values, alone)] == ["decision:threshold"]


def test_a_service_puts_in_its_own_authorities_and_teams() -> None:
    cover = read_cover(
        '[[authority]]\nkey="a"\nname="Aborough"\nservices=["adults"]\n[[destination]]\nkey="t"\nname="T team"\n'
    )
    form = local_form(FORMS[0], cover)
    authority, handover = form.field("authority"), form.field("handover_to")
    assert authority is not None
    assert handover is not None
    assert [choice.label for choice in authority.options] == ["Aborough", "Not known", "Out of area"]
    assert answer(handover, "t TEAM") == "t"
    assert problem(handover, "t,elsewhere")
    assert many("a, b,,c") == ("a", "b", "c")
    assert len(local_forms(cover)) == len(FORMS)
