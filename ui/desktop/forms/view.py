"""A whole form: its sections in a list at the left, the chosen section's fields in two columns."""

from __future__ import annotations

from PySide6.QtCore import Qt

from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.long_fields import any_control
from ui.desktop.forms.rows import FormRow, SectionRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Line, Row


class FormBox(FlatForm):
    """A form of any number of sections."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, any_control)
        self._sections = RowView(look, "Sections")
        self._sections.current_key_changed.connect(self._choose)
        self._row.insertWidget(0, self._sections)

    def show_section(self, at: int) -> None:
        """Show section ``at`` and put the focus on its first field."""
        self._sections.choose(str(at))
        self._choose(str(at))
        self.focus_first()

    def _show_sections(self, form: FormRow) -> None:
        self._sections.setVisible(len(form.sections) > 1)
        self._sections.setFixedWidth(self._look.px(190))
        self._sections.show_rows([_section_row(at, section) for at, section in enumerate(form.sections)])

    def _leave(self) -> None:
        if self._sections.isVisible() and any(box.control.hasFocus() for box in self._fields.boxes):
            self.flush()
            # Keys still on their way must not land in a field of the next subject.
            self._sections.setFocus(Qt.FocusReason.OtherFocusReason)
        super()._leave()

    def _choose(self, key: str) -> None:
        at = int(key) if key.isdigit() else 0
        if at == self._section or at >= len(self._form.sections):
            return
        self._kept.update({box.row.key: box.value() for box in self._fields.boxes})
        self._section = at
        self._show_section()


def _section_row(at: int, section: SectionRow) -> Row:
    missing = sum(1 for field in section.fields if field.missing or (field.needed and not field.value))
    count = f"{missing} to fill in" if missing else "complete"
    cells = (
        Cell(left=8, text=section.heading, weight=Weight.MEDIUM),
        Cell(right=8, text=str(missing) if missing else "", size=Type.CAPTION, weight=Weight.SEMIBOLD),
    )
    return Row(str(at), (Line(cells, 28),), f"{section.heading}, {count}", acts=("open",))
