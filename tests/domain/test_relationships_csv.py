"""One row of the file of relationships: what is taken, and every reason to refuse it."""

from __future__ import annotations

from datetime import date

import pytest

from console.domain.people_csv import RowRefused
from console.domain.relationships import RELATIONSHIPS
from console.domain.relationships_csv import read_relationship_row

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
