"""What a form still misses, and whether one value can be right.  Keeping is possible at any time."""

from __future__ import annotations

from dataclasses import dataclass

from console.domain.contacts import Decision
from console.domain.forms.spec import DecisionSpec, FieldKind, FieldSpec, FormSpec, Values, joined, many
from console.domain.record import from_iso


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing to fill in: ``key`` is a field's, or ``decision`` / ``decision:<kind>``."""

    key: str
    label: str
    why: str = ""


def missing(form: FormSpec, values: Values, decisions: tuple[Decision, ...] = ()) -> tuple[Missing, ...]:
    """Return what must be filled in before this contact can be *complete*, in the form's order."""
    fields = [
        Missing(one.key, one.label, one.why)
        for one in form.fields
        if one.required(values) and not is_filled(one, values.get(one.key, ""))
    ]
    wanted = [one for one in form.decisions if one.required(values) and not _decided(one, decisions)]
    return (*fields, *(Missing(_decision_key(one), one.label, one.why) for one in wanted))


def _decision_key(wanted: DecisionSpec) -> str:
    return f"decision:{wanted.kind}" if wanted.kind else "decision"


def _decided(wanted: DecisionSpec, decisions: tuple[Decision, ...]) -> bool:
    return any(
        (not wanted.kind or made.kind == wanted.kind)
        and made.decision.strip()
        and made.rationale.strip()
        and made.role in wanted.deciders
        and (made.consulted.strip() or not wanted.consult)
        for made in decisions
    )


def is_filled(field: FieldSpec, value: str) -> bool:
    """Say whether ``value`` answers ``field``: "Not known" is an answer, an impossible value is not."""
    return bool(value.strip()) and not problem(field, value)


def problem(field: FieldSpec, value: str) -> str:
    """Return what is wrong with a value and how to put it right, or an empty string."""
    if not value.strip():
        return ""
    match field.kind:
        case FieldKind.CHOICE | FieldKind.YES_NO_UNKNOWN:
            known = not field.options or value in _keys(field)
            return "" if known else f"{field.label}: choose one of the answers in the list."
        case FieldKind.MANY:
            known = not field.options or set(many(value)) <= _keys(field)
            return "" if known else f"{field.label}: choose from the answers in the list."
        case FieldKind.NUMBER | FieldKind.MINUTES:
            return "" if value.strip().isdecimal() else f"{field.label}: write a whole number, such as 40."
        case FieldKind.WHEN:
            return "" if _is_time(value) else f"{field.label}: write a day and a time, such as 01-Dec-2026 21:45."
        case _:
            return ""


def _keys(field: FieldSpec) -> set[str]:
    return {choice.key for choice in field.options}


def _is_time(value: str) -> bool:
    try:
        from_iso(value)
    except ValueError:
        return False
    return True


def answer(field: FieldSpec, written: str) -> str:
    """Return the key that ``written`` means for a choice, or the text itself for what is typed."""
    if not field.options:
        return written
    if field.kind is FieldKind.MANY:
        return joined(tuple(_one(field, part) for part in many(written)))
    return _one(field, written)


def _one(field: FieldSpec, written: str) -> str:
    wanted = written.strip().casefold()
    for choice in field.options:
        if wanted in {choice.key.casefold(), choice.label.casefold(), *(word.casefold() for word in choice.also)}:
            return choice.key
    return written


def shown(field: FieldSpec, value: str) -> str:
    """Return a value in the words of the screen."""
    labels = {choice.key: choice.label for choice in field.options}
    return ", ".join(labels.get(key, key) for key in many(value)) if labels else value
