"""A whole form: its sections in a list at the left, the chosen section's fields in two columns."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.half_filled import Half
from ui.desktop.forms.long_fields import any_control
from ui.desktop.forms.rows import FormRow, SectionRow
from ui.desktop.theme.look import Look
from ui.desktop.theme.scale import Type, Weight
from ui.desktop.widgets.row_view import RowView
from ui.desktop.widgets.rows import Cell, Ground, Line, Row


class Parts(RowView):
    """The list of parts: the one under the ring is shown; Enter, Space or Right goes to its fields."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Right leads to where the fields are."""
        if event.key() == Qt.Key.Key_Right and self.current_key():
            self.acted.emit(self.current_key(), "open")
        else:
            super().keyPressEvent(event)


class FormBox(FlatForm):
    """A form of any number of sections.

    Tab goes from the list to the fields of the open part and on through the parts; Shift+Tab the same way back.
    """

    def __init__(self, look: Look, half: Half | None = None) -> None:
        super().__init__(look, any_control, half)
        self._sections = Parts(look, "Sections")
        self._sections.current_key_changed.connect(self._choose)
        self._sections.acted.connect(self._into)
        self._row.insertWidget(0, self._sections)

    def show_section(self, at: int) -> None:
        """Show section ``at`` and put the focus on its first field."""
        self._open(at)
        self.focus_first()

    def turn(self, by: int) -> None:
        """Go ``by`` parts on (or back), to the first field there; at the ends nothing moves."""
        if 0 <= self._section + by < len(self._form.sections):
            self.show_section(self._section + by)

    def focus_lacking(self) -> None:
        """Open the first part with something to fill in and go to that field; with none, to the open part."""
        written = self.values()
        lacking = (
            at
            for at, section in enumerate(self._form.sections)
            if any(field.lacks(written.get(field.key, "")) for field in section.fields)
        )
        self._open(next(lacking, self._section))
        super().focus_lacking()

    def stops(self) -> tuple[QWidget, ...]:
        """Return what the Tab key visits here, in its order: the list, then the fields of the open part."""
        fields = super().stops()
        return (self._sections, *fields) if len(self._form.sections) > 1 else fields

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Past the last field of a part comes the next part, before its first field the part before."""
        fields = super().stops()
        at = self._section + (1 if forward else -1)
        edge = fields[-1 if forward else 0] if fields else None
        if edge is None or not edge.hasFocus() or not 0 <= at < len(self._form.sections):
            return super().focusNextPrevChild(forward)
        self._open(at)
        there = super().stops()
        if there:
            there[0 if forward else -1].setFocus(
                Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
            )
            self._area.ensureWidgetVisible(there[0 if forward else -1])
        return True

    def _open(self, at: int) -> None:
        """Show section ``at``; the list holds the focus meanwhile, so that it never goes to a field by chance."""
        focus = QApplication.focusWidget()
        if at != self._section and focus is not None and self._area.isAncestorOf(focus):
            self._sections.setFocus(Qt.FocusReason.OtherFocusReason)
        self._sections.choose(str(at))
        self._choose(str(at))

    def _into(self, key: str, _act: str) -> None:
        self.show_section(int(key))

    def _show_sections(self, form: FormRow) -> None:
        self._sections.setVisible(len(form.sections) > 1)
        self._sections.setFixedWidth(self._look.px(190))
        self._list_sections()

    def _list_sections(self) -> None:
        parts = enumerate(self._form.sections)
        self._sections.show_rows([_section_row(at, part, shown=at == self._section) for at, part in parts])
        self._sections.choose(str(self._section))

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
        self.flush()
        self._section = at
        self._show_section()
        self._list_sections()


def _section_row(at: int, section: SectionRow, *, shown: bool) -> Row:
    missing = sum(1 for field in section.fields if field.lacks(field.value))
    count = f"{missing} to fill in" if missing else "complete"
    cells = (
        Cell(left=8, text=section.heading, weight=Weight.BOLD if shown else Weight.MEDIUM),
        Cell(right=8, text=str(missing) if missing else "", size=Type.CAPTION, weight=Weight.SEMIBOLD),
    )
    spoken = f"{section.heading}, {count}{', shown' if shown else ''}"
    return Row(str(at), (Line(cells, 28),), spoken, ground=Ground.NEW if shown else Ground.NONE, acts=("open",))
