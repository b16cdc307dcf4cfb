"""What the second worker's screen does and refuses, over real services: nothing assumed, nothing taken silently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.night_screens import Night
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.lists import fact_row
from ui.desktop.screens.coordinator.rows import FactRow


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def opened(night: Night, key: str, subject: str) -> FormRow:
    """Open a form on the coordinator's screen and return it."""
    night.coordinator.form_opened(key, subject)
    return next(form for form in night.c.forms if form.key == key)


def values(form: FormRow) -> dict[str, str]:
    """Return what stands in a form."""
    return {field.key: field.value for field in form.fields()}


def state(night: Night, key: str, text: str, source: str = "caller_stated") -> None:
    """State a fact by the form."""
    night.coordinator.form_opened("fact", "")
    night.coordinator.form_sent("fact", {"key": key, "text": text, "source": source})


# --- facts ---------------------------------------------------------------------------------------


def test_enter_on_a_row_of_facts_opens_that_fact_and_nothing_else(night: Night) -> None:
    night.answered()
    night.paired()
    state(night, "hazard", "A dog in the yard")
    state(night, "state", "Awake")
    rows = {row.key: row for row in night.c.facts}

    assert values(opened(night, "fact", "hazard 0"))["key"] == "hazard"
    assert values(opened(night, "fact", "state")) == {"key": "state", "text": "Awake", "source": ""}
    assert values(opened(night, "fact", "where"))["key"] == "where"
    assert all(fact_row(row).acts == ("fact",) for row in rows.values())


def test_what_comes_from_the_record_is_not_corrected_here() -> None:
    relation = FactRow("relation 1", "Wife", "Lena (33y)", "case record", "", fixed=True)

    assert fact_row(relation).acts == ()


@pytest.mark.parametrize(("subject", "key"), [("ask 1 place", "where"), ("ask 2 access", "access")])
def test_ask_on_the_relay_card_opens_the_fact_that_is_missing(night: Night, subject: str, key: str) -> None:
    night.answered()
    night.paired()

    assert values(opened(night, "fact", subject))["key"] == key


@pytest.mark.parametrize("left_out", ["key", "source"])
def test_a_fact_says_what_it_is_and_how_we_know_or_is_refused(night: Night, left_out: str) -> None:
    night.answered()
    night.paired()
    assert values(opened(night, "fact", "")) == {"key": "", "text": "", "source": ""}
    filled = {"key": "state", "text": "Asleep", "source": "inferred"} | {left_out: ""}
    night.coordinator.form_sent("fact", filled)

    assert "nothing was recorded yet" in night.c.notice
    assert not any(row.key == "state" for row in night.c.facts)
