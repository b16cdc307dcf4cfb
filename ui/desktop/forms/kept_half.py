"""What is written in forms and not sent stays in the worker's journal."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from console.services.half_filled import HalfFilledPanels
from ui.desktop.forms.half_filled import without_secrets
from ui.desktop.forms.rows import SEEN, FieldRow, FormRow, Kind
from ui.desktop.shortcuts import Screen

_NOTHING: Mapping[str, str] = MappingProxyType({})


class KeptHalf:
    """Implements ``Half`` in the worker's journal: what is written outlives the program."""

    def __init__(self, panels: HalfFilledPanels, screen: Screen) -> None:
        self._panels = panels
        self._screen = screen

    def of(self, form: FormRow) -> Mapping[str, str]:
        """Return what was written in ``form`` about its subject, by field."""
        words = self._panels.of(form.key, form.subject)
        return words.values if words is not None else _NOTHING

    def put(self, form: FormRow, values: Mapping[str, str]) -> None:
        """Keep what is written in ``form`` now; where all of it was taken out again there is nothing to keep."""
        written = without_secrets(form, values)
        if not any(value for key, value in written.items() if key != SEEN):
            self.forget(form)
            return
        where = (form.key, form.subject)
        self._panels.put(where, written, title=form.title, screen=self._screen.value, said=said_in(form, written))

    def forget(self, form: FormRow) -> None:
        """Forget what was written in ``form``."""
        self._panels.forget(form.key, form.subject)


def said_in(form: FormRow, values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return label and answer of every field that holds something, in words."""
    fields = (field for field in form.fields() if field.kind is not Kind.SAID)
    return tuple((field.label, _in_words(field, values[field.key])) for field in fields if values.get(field.key))


def _in_words(field: FieldRow, value: str) -> str:
    labels = {one.key: one.label for one in field.choices}
    match field.kind:
        case Kind.CHOICE:
            return labels.get(value, value)
        case Kind.TICKS:
            return ", ".join(labels.get(key, key) for key in value.split(","))
        case _:
            return value
