"""One row of the council's file of relationships: its columns, and every reason why a row is refused.

The two people are named by their case numbers and must be in the record: people are imported first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from console.domain.people_csv import Cells, Refused, RowRefused, exact_reference
from console.domain.relationships import CONTACT_RULES, RELATIONSHIPS
from console.domain.search import fold_reference

RELATIONSHIP_COLUMNS: tuple[tuple[str, str], ...] = (
    ("case_system_id", "needed; whose relationship it is, as in the file of people"),
    ("other_case_system_id", "needed; who the other is, as in the file of people"),
    ("other_is", "needed; what the other is to them: " + ", ".join(RELATIONSHIPS)),
    ("person_is", "what they are to the other; where empty by the other's row, else by the table (mother: child)"),
    ("parental_responsibility", "yes or no: whether the other has it for them; not known where empty"),
    ("contact_rule", "between the two: none, supervised or allowed; nothing said where empty"),
    ("order_ref", "the court order behind the contact rule"),
    ("next_of_kin", "yes or no: whether the other is their next of kin"),
    ("ended_on", "the day the relationship ended"),
)
"""Column and what it holds, in the order of the documentation."""
NEEDED_RELATIONSHIP_COLUMNS = ("case_system_id", "other_case_system_id", "other_is")
_YES_NO: Mapping[str, bool | None] = {"yes": True, "y": True, "no": False, "n": False}


@dataclass(frozen=True, slots=True)
class FileRelationship:
    """One row: ``other`` is the ``kind`` of ``person``, who is the ``back`` of ``other``."""

    line: int
    person: str
    other: str
    kind: str
    back: str
    parental_responsibility: bool | None
    contact_rule: str
    order_ref: str
    next_of_kin: bool
    until: date | None
    guessed: bool = False
    """``back`` is the table's, because the row did not say it."""

    @property
    def key(self) -> tuple[str, str, str]:
        """Return which relationship it is."""
        return exact_reference(self.person), exact_reference(self.other), self.kind

    @property
    def looked_for(self) -> tuple[str, str]:
        """Return the folded case numbers by which the two are looked for."""
        return fold_reference(self.person), fold_reference(self.other)

    def again(self, first: int) -> Refused:
        """Return why this row is refused where line ``first`` has brought the same relationship."""
        words = f"{self.other} as {self.kind} of {self.person} stands on line {first} already"
        return Refused(self.line, words)


def read_relationship_row(cells: Mapping[str, str], line: int, today: date) -> FileRelationship:
    """Return the relationship of one row; raises :class:`RowRefused` with every reason."""
    row = Cells(cells, today)
    known = {kind: kind for kind in RELATIONSHIPS}
    kind = row.one_of("other_is", known, "")
    if not cells.get("other_is", "").strip():
        row.wrong.append("other_is is empty")
    back = row.one_of("person_is", known, RELATIONSHIPS.get(kind, ""))
    found = FileRelationship(
        line,
        row.text("case_system_id", 40, needed=True),
        row.text("other_case_system_id", 40, needed=True),
        kind,
        back,
        row.one_of("parental_responsibility", _YES_NO, None),
        row.one_of("contact_rule", {rule: rule for rule in CONTACT_RULES}, ""),
        row.text("order_ref"),
        row.yes("next_of_kin"),
        row.day("ended_on"),
        guessed=not cells.get("person_is", "").strip(),
    )
    if found.person and exact_reference(found.person) == exact_reference(found.other):
        row.wrong.append("case_system_id and other_case_system_id are the same person")
    if row.wrong:
        raise RowRefused("; ".join(row.wrong))
    return found
