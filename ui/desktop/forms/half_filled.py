"""What was written in forms and not sent yet: it waits here, per form and subject, until it is sent."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ui.desktop.forms.rows import FormRow, Kind

_NOTHING: Mapping[str, str] = MappingProxyType({})


class HalfFilled:
    """Kept while the console runs.  Nothing secret is kept, and nothing of a form that saves as one types."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Mapping[str, str]] = {}

    def of(self, form: FormRow) -> Mapping[str, str]:
        """Return what was written in ``form`` about its subject, by field."""
        return self._kept.get((form.key, form.subject), _NOTHING)

    def put(self, form: FormRow, values: Mapping[str, str]) -> None:
        """Keep what is written in ``form`` now."""
        secret = {field.key for field in form.fields() if field.kind is Kind.SECRET}
        self._kept[form.key, form.subject] = {key: value for key, value in values.items() if key not in secret}

    def forget(self, form: FormRow) -> None:
        """Forget what was written in ``form``: it was sent."""
        self._kept.pop((form.key, form.subject), None)
