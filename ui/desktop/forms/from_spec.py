"""Turns a contact type (FormSpec) and its values into a form to show; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from console.domain.forms.checking import problem
from console.domain.forms.spec import FieldKind, FieldSpec, FormSpec
from console.domain.people import Rank
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.widgets.faces import Choice

SECTION_SIZE = 10
KINDS = MappingProxyType(
    {
        FieldKind.TEXT: Kind.LINE,
        FieldKind.LONG_TEXT: Kind.LONG,
        FieldKind.CHOICE: Kind.CHOICE,
        FieldKind.MANY: Kind.TICKS,
        FieldKind.YES_NO_UNKNOWN: Kind.CHOICE,
        FieldKind.WHEN: Kind.LINE,
        FieldKind.NUMBER: Kind.LINE,
        FieldKind.PERSON: Kind.LINE,
        FieldKind.MINUTES: Kind.LINE,
    }
)
_RANKS = frozenset(Rank)


def choices_of(spec: FieldSpec) -> tuple[Choice, ...]:
    """Return the answers of a field as a list shows them, ranks with their shape."""
    return tuple(Choice(one.key, one.label, Rank(one.key) if one.key in _RANKS else None) for one in spec.options)


def field_row(spec: FieldSpec, values: Mapping[str, str], missing: frozenset[str], clash: str = "") -> FieldRow:
    """Return one field; a MANY without choices is typed."""
    value = values.get(spec.key, "")
    kind = KINDS[spec.kind]
    if kind is Kind.TICKS and not spec.options:
        kind = Kind.LINE
    return FieldRow(
        key=spec.key,
        label=spec.label,
        kind=kind,
        value=value,
        choices=choices_of(spec),
        needed=spec.required(values),
        missing=spec.key in missing,
        help=spec.help,
        why=spec.why,
        clash=clash,
        error=problem(spec, value),
    )


def sections_of(
    spec: FormSpec,
    values: Mapping[str, str],
    missing: Iterable[str] = (),
    clashes: Mapping[str, str] = MappingProxyType({}),
    elsewhere: frozenset[str] = frozenset(),
) -> tuple[SectionRow, ...]:
    """Return the fields of ``spec`` in sections of at most ten, without those shown ``elsewhere``."""
    wanted = frozenset(missing)
    rows = [field_row(one, values, wanted, clashes.get(one.key, "")) for one in spec.fields if one.key not in elsewhere]
    parts = [rows[at : at + SECTION_SIZE] for at in range(0, len(rows), SECTION_SIZE)]
    return tuple(
        SectionRow(f"{spec.title} {number}" if len(parts) > 1 else spec.title, tuple(part))
        for number, part in enumerate(parts, 1)
    )


def record_form(
    spec: FormSpec,
    values: Mapping[str, str],
    missing: Iterable[str] = (),
    clashes: Mapping[str, str] = MappingProxyType({}),
    more: tuple[SectionRow, ...] = (),
) -> FormRow:
    """Return the record panel: every field of the type, then ``more`` (decision, what was asked)."""
    return FormRow(
        "record",
        f"Record: {spec.title.lower()}",
        (*sections_of(spec, values, missing, clashes), *more),
        send="Finish call record",
        second="Keep for later",
    )
