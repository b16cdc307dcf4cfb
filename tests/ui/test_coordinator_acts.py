"""What the second worker's screen does and refuses, over real services: nothing assumed, nothing taken silently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import LINE, Night
from tests.helpers.seated import seat
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.lists import fact_row
from ui.desktop.screens.coordinator.rows import CoordinatorRows, FactRow


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


# --- taking --------------------------------------------------------------------------------------


def second(night: Night) -> tuple[CoordinatorDesk, list[CoordinatorRows]]:
    """Seat Grace at a second worker's screen of her own."""
    desk, _ = seat(night.room, night.room.console(GRACE, "1003"))
    acts, drawn = CoordinatorDesk(desk), list[CoordinatorRows]()
    acts.show_on(drawn.append)
    return acts, drawn


def test_work_that_somebody_has_is_not_taken_away(night: Night) -> None:
    night.answered()
    night.room.advance(2)
    row = next(row for row in night.c.work if row.key.startswith("contact"))
    assert row.owner == "Priya Raman"
    night.coordinator.row("desk", row.key, "take")
    night.room.advance(2)

    assert night.c.notice.startswith("Priya Raman has this.")
    assert [one.owner for one in night.priya.folds.contacts()] == ["priya.raman"]


def test_a_request_that_somebody_has_is_not_taken_away(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose"})
    request = night.c.requests[0]
    acts, drawn = second(night)
    acts.row("requests", str(request.key), "take")
    acts.draw()

    assert drawn[-1].notice.startswith("Tom Adeyemi has this.")
    assert night.tom.folds.helps()[0].owner == "tom.adeyemi"


def test_two_who_take_the_same_record_at_once_do_not_both_have_it(night: Night) -> None:
    contact = night.priya.contacts.open(dialled=LINE)
    night.priya.contacts.give(contact, "")
    night.room.settle()
    night.tom.contacts.take(contact, night.tom.outcomes.append)
    night.helen.contacts.take(contact, night.helen.outcomes.append)
    night.room.settle()

    assert night.tom.won()
    assert not night.helen.won()
    assert night.helen.outcomes[-1].sentence
    assert [one.owner for one in night.priya.folds.contacts()] == ["tom.adeyemi"]


def test_a_record_is_not_taken_while_the_shared_record_is_away(night: Night) -> None:
    contact = night.priya.contacts.open(dialled=LINE)
    night.priya.contacts.give(contact, "")
    night.room.settle()
    with night.room.record_away():
        night.room.advance(8)
        night.tom.contacts.take(contact, night.tom.outcomes.append)
        assert not night.tom.won()
        assert "away" in night.tom.outcomes[-1].sentence

    assert [one.owner for one in night.priya.folds.contacts()] == [""]


def test_the_second_seat_is_taken_once(night: Night) -> None:
    night.answered()
    night.paired()
    incident = night.tom.folds.incidents()[0].id
    night.tom.pair.leave(incident)
    night.room.settle()
    grace = night.room.console(GRACE, "1003")
    night.tom.pair.join_as_coordinator(incident, night.tom.outcomes.append)
    grace.pair.join_as_coordinator(incident, grace.outcomes.append)
    night.room.settle()

    assert night.tom.won()
    assert not grace.won()
    found = night.priya.folds.incident(incident)
    assert found is not None
    assert found.coordinator is not None
    assert found.coordinator.worker == "tom.adeyemi"


def test_a_line_without_a_pair_is_not_taken_and_that_is_said(night: Night) -> None:
    assert not night.coordinator.message("police 6 min")
    assert "not sent" in night.c.notice
