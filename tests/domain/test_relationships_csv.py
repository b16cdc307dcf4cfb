"""One row of the file of relationships: what is taken, and every reason to refuse it."""

from __future__ import annotations

from datetime import date

import pytest

from console.domain.file_phones import Noted
from console.domain.file_ties import joined
from console.domain.people_csv import Refused, RowRefused
from console.domain.relationships import RELATIONSHIPS
from console.domain.relationships_csv import FileRelationship, read_relationship_row

TODAY = date(2026, 12, 1)
ROW = {"case_system_id": "448 001", "other_case_system_id": "448 002", "other_is": "mother"}


def test_every_kind_has_another_side_that_is_a_kind() -> None:
    assert set(RELATIONSHIPS.values()) <= set(RELATIONSHIPS)


def test_a_full_row() -> None:
    more = {
        "parental_responsibility": "Yes", "contact_rule": "supervised", "order_ref": "PO26-117", "next_of_kin": "y",
        "ended_on": "1/11/2026",
    }  # fmt: skip
    row = read_relationship_row({**ROW, **more}, 7, TODAY)
    assert (row.kind, row.back, row.parental_responsibility, row.next_of_kin) == ("mother", "child", True, True)
    assert (row.contact_rule, row.order_ref, row.until) == ("supervised", "PO26-117", date(2026, 11, 1))
    assert row.looked_for == ("448001", "448002")


def test_the_other_side_may_be_said() -> None:
    assert read_relationship_row({**ROW, "other_is": "carer", "person_is": "child"}, 7, TODAY).back == "child"
    assert read_relationship_row(ROW, 7, TODAY).parental_responsibility is None, "not known is not no"


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"case_system_id": ""}, "case_system_id is empty"),
        ({"other_case_system_id": " "}, "other_case_system_id is empty"),
        ({"other_is": ""}, "other_is is empty"),
        ({"other_is": "mum"}, "other_is: 'mum' is not one of mother"),
        ({"person_is": "kid"}, "person_is: 'kid' is not one of"),
        ({"parental_responsibility": "shared"}, "parental_responsibility: 'shared' is not one of yes"),
        ({"contact_rule": "never"}, "contact_rule: 'never' is not one of none, supervised, allowed"),
        ({"next_of_kin": "maybe"}, "next_of_kin: 'maybe' is neither yes nor no"),
        ({"ended_on": "31/02/2026"}, "31/2/2026 is not a day"),
        ({"ended_on": "1/1/2030"}, "still to come"),
        ({"order_ref": "x" * 90}, "order_ref is 90 characters long"),
        ({"other_case_system_id": "448 001"}, "are the same person"),
    ],
)
def test_a_row_is_refused_with_its_reason(cells: dict[str, str], said: str) -> None:
    with pytest.raises(RowRefused, match=".") as refused:
        read_relationship_row({**ROW, **cells}, 7, TODAY)
    assert said in str(refused.value)


# --- the rows of a file together ----------------------------------------------------------------


def row(line: int, who: str, other: str, kind: str, **more: str) -> FileRelationship:
    cells = {"case_system_id": who, "other_case_system_id": other, "other_is": kind, **more}
    return read_relationship_row(cells, line, TODAY)


def put_together(*rows: FileRelationship) -> tuple[list[FileRelationship], list[Refused], list[Noted]]:
    refused: list[Refused] = []
    noted: list[Noted] = []
    return joined(rows, refused.append, noted.append), refused, noted


def test_of_two_rules_the_stricter_one_stands_and_is_said() -> None:
    for one, other, kept in (("allowed", "none", "none"), ("supervised", "allowed", "supervised")):
        rows, refused, noted = put_together(
            row(2, "A", "B", "father", contact_rule=one), row(3, "B", "A", "child", contact_rule=other)
        )
        assert [found.contact_rule for found in rows] == [kept, kept]
        words = f"contact_rule says '{other}', an earlier row of the same two '{one}'; '{kept}' is kept"
        assert (refused, noted) == ([], [Noted(3, words)])


def test_two_ends_are_said_and_the_later_one_kept() -> None:
    rows, _, noted = put_together(
        row(2, "A", "B", "wife", ended_on="1/10/2026"), row(3, "B", "A", "husband", ended_on="1/9/2026")
    )
    assert [found.until for found in rows] == [date(2026, 10, 1)] * 2
    assert [one.line for one in noted] == [3]


def test_rows_that_name_two_orders_are_refused_and_no_other() -> None:
    rows, refused, _ = put_together(
        row(2, "A", "B", "father", order_ref="PO26-117"),
        row(3, "A", "C", "mother", order_ref="PO26-3"),
        row(4, "B", "A", "child", order_ref="PO26-118"),
    )
    assert [found.line for found in rows] == [3]
    assert refused == [
        Refused(2, "order_ref is 'PO26-117', and line 4 has 'PO26-118' for the same two"),
        Refused(4, "order_ref is 'PO26-118', and line 2 has 'PO26-117' for the same two"),
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("father", "child"), ("brother", "sister"), ("wife", "wife"), ("special_guardian", "child"), ("carer", "child")],
)
def test_what_the_other_sides_row_says_is_what_the_person_is(one: str, other: str) -> None:
    said = {"person_is": other} if (one, other) == ("carer", "child") else {}
    for rows in (
        (row(2, "A", "B", one, **said), row(3, "B", "A", other, order_ref="X")),
        (row(2, "B", "A", other, order_ref="X"), row(3, "A", "B", one, **said)),
    ):
        found = {(one.person, one.kind, one.back, one.order_ref) for one in put_together(*rows)[0]}
        assert found == {("A", one, other, "X"), ("B", other, one, "X")}


def test_two_ties_of_the_same_two_are_two() -> None:
    rows, _, _ = put_together(row(2, "A", "B", "mother", order_ref="X"), row(3, "B", "A", "neighbour", order_ref="Y"))
    assert [(found.back, found.order_ref) for found in rows] == [("child", "X"), ("neighbour", "Y")]


def test_two_ties_with_one_other_side_share_what_holds_for_both() -> None:
    rows, _, _ = put_together(
        row(2, "A", "B", "father", contact_rule="none"), row(3, "A", "B", "carer", person_is="child"),
        row(4, "B", "A", "child"),
    )  # fmt: skip
    assert [found.contact_rule for found in rows] == ["none"] * 3
