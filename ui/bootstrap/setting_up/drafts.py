"""What was written of a switchboard and is not kept yet: fields made from its settings, and read back into them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any, get_type_hints

from console.ports.switchboard import AdapterSpec
from ui.settings import SITE_WIDE, Settings, switchboard_table
from ui.settings_file import read_table
from ui.settings_writing import Value

YES, NO = "true", "false"
_OF_THIS_COMPUTER = ("run_file",)
"""What a console says to an adapter by itself."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One setting as a form asks it.  ``choices`` is empty where anything may be written."""

    name: str
    help: str
    value: str
    choices: tuple[str, ...] = ()
    secret: bool = False
    site: bool = False
    """True where it holds for the whole site, whatever its switchboard is."""
    needed: bool = False
    """True where nothing can be tried or kept while it is empty."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What is written for one kind of switchboard, every value as text."""

    key: str
    values: Mapping[str, str]
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Only those that were typed: one left empty stays as the keyring has it."""


def asked_of(spec: AdapterSpec, settings: Settings) -> tuple[Asked, ...]:
    """Return every setting of a kind in the order declared, with what ``settings`` say of it; no secret's value."""
    hints = get_type_hints(spec.settings)
    table = switchboard_table(settings, spec.key, spec.settings)
    shown = (one for one in fields(spec.settings) if one.name not in _OF_THIS_COMPUTER)
    return tuple(_asked(one, hints[one.name], table) for one in sorted(shown, key=lambda one: one.name in SITE_WIDE))


def _asked(one: Any, kind: Any, table: Mapping[str, Value]) -> Asked:  # noqa: ANN401  a field and a type of any dataclass
    secret = bool(one.metadata.get("secret"))
    value = "" if secret else as_text(table.get(one.name, one.default))
    site = one.name in SITE_WIDE
    needed = bool(one.metadata.get("needed"))
    help_ = str(one.metadata.get("help", ""))
    return Asked(one.name, help_, value, _choices(kind), secret=secret, site=site, needed=needed)


def lacking(spec: AdapterSpec, settings: Settings, draft: Draft) -> tuple[Asked, ...]:
    """Return what is needed of a kind and is empty in ``draft``; a secret may be in the keyring, and never counts."""
    asked = (one for one in asked_of(spec, settings) if one.needed and not one.secret)
    return tuple(one for one in asked if not draft.values.get(one.name, one.value).strip())


def _choices(kind: Any) -> tuple[str, ...]:  # noqa: ANN401  a type hint may be anything
    if kind is bool:
        return (YES, NO)
    return tuple(str(member) for member in kind) if isinstance(kind, type) and issubclass(kind, StrEnum) else ()


def as_text(value: object) -> str:
    """Return a value as it is written in a field."""
    if isinstance(value, bool):
        return YES if value else NO
    return str(value) if isinstance(value, str | int | float) else ""


def with_draft(settings: Settings, spec: AdapterSpec, draft: Draft) -> Settings:
    """Return the settings as they would be with ``draft`` kept.  Raises :class:`~ui.settings.BadSettings`."""
    written = site_values(spec, settings, draft)
    site = read_table(Settings, written, "What is written here")
    wide: dict[str, Any] = {name: getattr(site, name) for name in written}
    own = {**settings.switchboards.get(spec.key, {}), **own_values(spec, settings, draft)}
    whole = replace(settings, switchboard=spec.key, switchboards={**settings.switchboards, spec.key: own}, **wide)
    # Read once as a console reads it, so that a word that cannot be used is named before anything is tried.
    read_table(spec.settings, switchboard_table(whole, spec.key, spec.settings), "What is written here")
    return whole


def site_values(spec: AdapterSpec, settings: Settings, draft: Draft) -> dict[str, Value]:
    """Return what ``draft`` says for the whole site, and differs from ``settings``."""
    own = settings.switchboards.get(spec.key, {})
    written = {name: draft.values[name] for name in SITE_WIDE if name in draft.values and name not in own}
    hints = get_type_hints(Settings)
    typed = {name: _typed(value, hints[name]) for name, value in written.items()}
    return {name: value for name, value in typed.items() if value != getattr(settings, name)}


def own_values(spec: AdapterSpec, settings: Settings, draft: Draft) -> dict[str, Value]:
    """Return what belongs into the table of this kind: what differs from the usual, or stands there already."""
    own, hints = settings.switchboards.get(spec.key, {}), get_type_hints(spec.settings)
    found: dict[str, Value] = {}
    for one in fields(spec.settings):
        if one.name not in draft.values or (one.name in SITE_WIDE and one.name not in own):
            continue
        value = _typed(draft.values[one.name], hints[one.name])
        if one.name in own or value != one.default:
            found[one.name] = value
    return found


def _typed(text: str, kind: Any) -> Value:  # noqa: ANN401  a type hint may be anything
    """Return ``text`` as its setting wants it; where it cannot be, as it is, which its reader refuses in words."""
    clean = text.strip()
    if kind is bool:
        return {YES: True, NO: False}.get(clean, clean)
    if kind in (int, float):
        try:
            return int(clean) if kind is int else float(clean)
        except ValueError:
            return clean
    return clean


def same_address(spec: AdapterSpec, settings: Settings, draft: Draft) -> bool:
    """Say whether the draft leads to where the settings lead: a kept secret is sent nowhere else."""
    now = {one.name: one.value for one in asked_of(spec, settings)}
    return all(draft.values.get(name, now.get(name)) == now.get(name) for name in _leading(spec))


def _leading(spec: AdapterSpec) -> tuple[str, ...]:
    """Return the settings that say where secrets go: those declared so, and where none is, every one of the kind's own.

    A plug-in may call its address whatever it likes.
    """
    every = fields(spec.settings)
    if not any(one.metadata.get("secret") and one.metadata.get("sent", True) for one in every):
        return ()
    declared = tuple(one.name for one in every if one.metadata.get("address"))
    return declared or tuple(
        one.name for one in every if not one.metadata.get("secret") and one.name not in (*SITE_WIDE, *_OF_THIS_COMPUTER)
    )
