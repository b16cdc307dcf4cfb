"""What was written in forms and not sent yet: it waits, per form and subject, until it is sent or discarded."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Protocol

from ui.desktop.forms.rows import NEVER_KEPT, FormRow

_NOTHING: Mapping[str, str] = MappingProxyType({})


class Half(Protocol):
    """Where what is written stays.  Nothing secret does, and nothing of a form that saves as one types."""

    def of(self, form: FormRow) -> Mapping[str, str]:
        """Return what was written in ``form`` about its subject, by field."""

    def put(self, form: FormRow, values: Mapping[str, str]) -> None:
        """Keep what is written in ``form`` now; called after every key."""

    def forget(self, form: FormRow) -> None:
        """Forget what was written in ``form``: it was sent, or discarded."""


class HalfFilled:
    """Implements :class:`Half` while the program runs: for forms before anybody has signed in."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Mapping[str, str]] = {}

    def of(self, form: FormRow) -> Mapping[str, str]:
        """Return what was written in ``form`` about its subject, by field."""
        return self._kept.get((form.key, form.subject), _NOTHING)

    def put(self, form: FormRow, values: Mapping[str, str]) -> None:
        """Keep what is written in ``form`` now."""
        self._kept[form.key, form.subject] = without_secrets(form, values)

    def forget(self, form: FormRow) -> None:
        """Forget what was written in ``form``."""
        self._kept.pop((form.key, form.subject), None)


def without_secrets(form: FormRow, values: Mapping[str, str]) -> Mapping[str, str]:
    """Return ``values`` without those of fields of which nothing stays."""
    secret = {field.key for field in form.fields() if field.kind in NEVER_KEPT}
    return {key: value for key, value in values.items() if key not in secret}
