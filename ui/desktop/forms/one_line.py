"""A line that is written beside a list and sent by Enter: what is begun and not sent stays, as in a panel."""

from __future__ import annotations

from PySide6.QtCore import QObject

from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.rows import TEXT, FormRow, line_form
from ui.desktop.widgets.fields import LineField


class KeptLine(QObject):
    """Keeps what stands in ``field`` with the record or incident it was begun for, and puts it there again."""

    def __init__(self, field: LineField, half: Half, key: str, title: str) -> None:
        super().__init__(field)
        self._field = field
        self._half = half
        self._key = key
        self._title = title
        self._subject: str | None = None
        field.textEdited.connect(self._edited)

    def go_to(self, subject: str) -> None:
        """Show what was begun for ``subject``; nothing of another stays in sight."""
        if subject != self._subject:
            self._subject = subject
            self._field.setText(self._half.of(self._form()).get(TEXT, ""))

    def sent(self) -> None:
        """Empty the line: it was sent."""
        self._field.fill("")
        self._field.clear()
        self._half.forget(self._form())

    def _edited(self, _text: str) -> None:
        # What the field holds, not what was typed: more than it takes was refused whole.
        self._half.put(self._form(), {TEXT: self._field.text()})

    def _form(self) -> FormRow:
        return line_form(self._key, self._title, self._subject or "")
