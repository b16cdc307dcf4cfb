"""Turns a contact type (FormSpec) and its values into a form to show; pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from console.domain.forms.checking import problem
from console.domain.forms.common import FULL, LIGHT
from console.domain.forms.spec import FieldKind, FieldSpec, FormSpec
from console.domain.ranks import Rank
from ui.desktop.forms.rows import FieldRow, FormRow, Kind, SectionRow
from ui.desktop.widgets.faces import Choice

SECTION_SIZE = 10
NOTHING = "Nothing chosen"
"""Takes a choice back; the last of the list."""
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
_COMMON = frozenset(field.key for field in (*FULL, *LIGHT))
HEADINGS = MappingProxyType(
    {
        "priority": "The call",
        "caller_name": "The caller",
        "summary": "What was said",
        "can_it_wait": "What comes of it",
        "outcome": "What comes of it",
    }
)
"""The common field a section begins with, and its heading."""


def choices_of(spec: FieldSpec, value: str = "") -> tuple[Choice, ...]:
    """Return the answers of a field as a list shows them, ranks with their shape.

    A value the list does not know (of an older form) is shown as it is and not lost.
    """
    known = tuple(Choice(one.key, one.label, Rank(one.key) if one.key in _RANKS else None) for one in spec.options)
    strange = value and spec.kind is not FieldKind.MANY and value not in {one.key for one in known}
    return (*known, Choice(value, value)) if strange else known


def with_none(choices: tuple[Choice, ...], value: str) -> tuple[Choice, ...]:
    """Return ``choices`` and, where one is chosen, the way to take it back."""
    return (*choices, Choice("", NOTHING)) if value else choices


def field_row(spec: FieldSpec, values: Mapping[str, str], missing: frozenset[str], clash: str = "") -> FieldRow:
    """Return one field; one that wants an answer from a list and has no list is typed."""
    value = values.get(spec.key, "")
    kind = KINDS[spec.kind]
    if kind in (Kind.TICKS, Kind.CHOICE) and not spec.options:
        kind = Kind.LINE
    return FieldRow(
        key=spec.key,
        label=spec.label,
        kind=kind,
        value=value,
        choices=_offered(spec, kind, value),
        needed=spec.required(values),
        missing=spec.key in missing,
        help=spec.help,
        why=spec.why,
        clash=clash,
        error=problem(spec, value),
    )


def _offered(spec: FieldSpec, kind: Kind, value: str) -> tuple[Choice, ...]:
    match kind:
        case Kind.CHOICE:
            return with_none(choices_of(spec, value), value)
        case Kind.TICKS:
            return choices_of(spec, value)
        case _:
            return ()


def sections_of(
    spec: FormSpec,
    values: Mapping[str, str],
    missing: Iterable[str] = (),
    clashes: Mapping[str, str] = MappingProxyType({}),
    elsewhere: frozenset[str] = frozenset(),
) -> tuple[SectionRow, ...]:
    """Return the fields of ``spec`` in sections of at most ten, without those shown ``elsewhere``."""
    wanted = frozenset(missing)
    parts: list[tuple[str, list[FieldRow]]] = []
    for spec_field in spec.fields:
        name = _heading(spec, spec_field.key, parts[-1][0] if parts else "")
        if not parts or name != parts[-1][0] or len(parts[-1][1]) >= SECTION_SIZE:
            parts.append((name, []))
        if spec_field.key not in elsewhere:
            clash = clashes.get(spec_field.key, "")
            parts[-1][1].append(field_row(spec_field, values, wanted, clash))
    return tuple(SectionRow(name, tuple(rows)) for name, rows in _numbered(parts) if rows)


def _heading(spec: FormSpec, key: str, now: str) -> str:
    if key not in _COMMON:
        return spec.title
    return HEADINGS.get(key, now)


def _numbered(parts: list[tuple[str, list[FieldRow]]]) -> list[tuple[str, list[FieldRow]]]:
    """Number sections that had to be cut in two, so that no two have one name."""
    names = [name for name, _ in parts]
    return [
        (f"{name} ({names[: at + 1].count(name)})" if names.count(name) > 1 else name, rows)
        for at, (name, rows) in enumerate(parts)
    ]


def record_form(
    spec: FormSpec,
    values: Mapping[str, str],
    missing: Iterable[str] = (),
    clashes: Mapping[str, str] = MappingProxyType({}),
    more: tuple[SectionRow, ...] = (),
    subject: str = "",
) -> FormRow:
    """Return the record panel: every field of the type, then ``more`` (decision, what was asked)."""
    return FormRow(
        "record",
        f"Record: {spec.title.lower()}",
        (*sections_of(spec, values, missing, clashes), *more),
        intro="The number beside a part says how much of it is still to fill in.",
        send="Finish call record",
        second="Keep for later",
        subject=subject,
    )
