"""What the second worker's screen does and refuses, over real services: nothing assumed, nothing taken silently."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.people import Rank
from console.domain.record import Kind, StreamKind, StreamRef
from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import LINE, Night
from tests.helpers.seated import seat
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.lists import fact_row, line_row
from ui.desktop.screens.coordinator.rows import CoordinatorRows, FactRow
from ui.desktop.screens.work_forms import put_back
from ui.desktop.shortcuts import Act


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


def told(night: Night, request: str) -> str:
    """Return what the agency of a request is to be told."""
    return next(row.tell for row in night.c.requests if str(row.key) == request)


# --- facts ---------------------------------------------------------------------------------------


def test_enter_on_a_row_of_facts_opens_that_fact_and_nothing_else(night: Night) -> None:
    night.answered()
    night.paired()
    state(night, "hazard", "A dog in the yard")
    state(night, "state", "Awake")
    rows = {row.key: row for row in night.c.facts}

    hazard = next(key for key in rows if key.startswith("hazard "))
    assert values(opened(night, "fact", hazard))["key"] == "hazard"
    assert values(opened(night, "fact", "state")) == {"key": "state", "text": "Awake", "source": ""}
    assert values(opened(night, "fact", "where"))["key"] == "where"
    assert all(fact_row(row).acts == ("fact",) for row in rows.values())


def test_a_hazard_is_taken_back_from_its_row_and_the_agency_is_to_be_told(night: Night) -> None:
    request = night.on_the_way()
    state(night, "hazard", "A dog in the car")
    assert "A dog in the car" in told(night, request)
    row = next(row for row in night.c.facts if row.key.startswith("hazard "))
    form = opened(night, "fact", row.key)
    choice = next(one for one in form.fields() if one.key == "gone")
    assert [one.label for one in choice.choices] == ["No longer so: A dog in the car"]
    assert not any(one.needed for one in form.fields() if one.key != "key")
    night.coordinator.form_sent("fact", values(form) | {"gone": choice.choices[0].key})

    assert not any(row.key.startswith("hazard ") for row in night.c.facts)
    assert "No longer so: A dog in the car" in told(night, request)
    assert "A dog in the car" not in " ".join(row.text for row in night.c.relay)


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
    night.tom.pair.leave(incident, night.tom.outcomes.append)
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


# --- the incident as a whole ---------------------------------------------------------------------


def test_the_incident_is_stood_down_from_the_screen_with_reason_and_debriefs(night: Night) -> None:
    night.answered()
    night.paired()
    form = opened(night, "stand_down", "")
    assert [field.label for field in form.fields()] == [
        "Why it can be stood down",
        "Debrief for Priya Raman",
        "Debrief for Tom Adeyemi",
    ]
    night.coordinator.form_sent("stand_down", {"reason": ""})
    assert night.c.notice.startswith("Say why")
    filled = {"reason": "He is with the ambulance", "debrief priya.raman": "accepted", "debrief tom.adeyemi": ""}
    night.coordinator.form_sent("stand_down", filled)
    night.room.settle()
    incident = night.priya.folds.incidents()[0]

    assert night.c.head is None
    assert incident.stood_down_reason == "He is with the ambulance"
    assert [(one.worker, one.accepted) for one in incident.debriefs] == [("priya.raman", True)]


def test_a_stand_down_that_somebody_came_before_is_refused_and_its_form_stays(night: Night) -> None:
    night.answered()
    night.paired()
    incident = night.priya.folds.incidents()[0].id
    opened(night, "stand_down", "")
    night.priya.incidents.stand_down(incident, "He is safe")  # nobody else has read it yet
    night.coordinator.form_sent("stand_down", {"reason": "Over", "debrief priya.raman": "accepted"})

    assert night.c.notice == "Not stood down: Priya Raman was first."
    over = night.priya.folds.incidents()[0]
    assert (over.stood_down_reason, over.debriefs) == ("He is safe", ())


def test_the_words_of_a_panel_that_is_refused_after_it_closed_stand_half_filled_again(night: Night) -> None:
    said: list[str] = []
    panels, where = night.coordinator_desk.half_filled, ("stand_down", "this one")
    panels.put(where, {"reason": "He is safe"}, title="Stand down", screen="coordinator", said=())
    refused = put_back(night.coordinator_desk, *where, said.append)
    panels.sent(*where, lambda: "")
    assert panels.of(*where) is None
    refused("Not stood down: Priya Raman was first.")
    words = panels.of(*where)
    assert words is not None
    assert words.values == {"reason": "He is safe"}
    assert said == ["Not stood down: Priya Raman was first.  What you wrote is half filled (Ctrl+U)."]


def test_while_the_record_is_away_the_stand_down_is_greyed_and_refused_with_its_words(night: Night) -> None:
    night.answered()
    night.paired()
    night.room.ends("c1")
    opened(night, "stand_down", "")
    night.handler.form_opened("stand_down")
    with night.room.record_away():
        night.room.advance(8)
        (button,) = [one for one in night.h.call.buttons if one.act is Act.STAND_DOWN]
        assert "waits" in button.face.why
        night.coordinator.form_sent("stand_down", {"reason": "Over", "debrief priya.raman": "accepted"})
        night.handler.form_sent("stand_down", {"reason": "Over"})
        assert night.c.notice.startswith("Not stood down: the shared record is away")
        assert night.h.forms[0].error.startswith("Not stood down: the shared record is away")
    incident = night.priya.folds.incidents()[0]
    assert incident.live
    assert incident.debriefs == ()


def test_no_incident_ends_over_an_open_request(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": "ambulance", "words": "Overdose"})
    night.coordinator.form_opened("stand_down", "")
    night.coordinator.form_sent("stand_down", {"reason": "Over", "debrief priya.raman": "declined"})

    assert night.c.notice.startswith("Not stood down: still open: Ambulance.")
    assert night.c.head is not None
    assert night.priya.folds.incidents()[0].debriefs == ()


def test_the_handler_who_leads_stands_down_after_the_call(night: Night) -> None:
    night.answered()
    night.paired()
    night.room.ends("c1")
    assert any(button.act is Act.STAND_DOWN for button in night.h.call.buttons)
    night.handler.form_opened("stand_down")
    assert night.h.forms[0].key == "stand_down"
    night.handler.form_sent("stand_down", {"reason": ""})
    assert night.h.forms[0].error.startswith("Say why")
    night.handler.form_sent("stand_down", {"reason": "He is safe"})

    assert not night.priya.folds.incidents()[0].live
    assert night.h.forms == ()
    assert not any(button.act is Act.STAND_DOWN for button in night.h.call.buttons)


def test_without_an_incident_there_is_nothing_to_stand_down(night: Night) -> None:
    night.answered()
    night.handler.form_opened("stand_down")
    night.coordinator.form_opened("stand_down", "")

    assert "no incident of yours" in night.h.notice
    assert "no pair" in night.c.notice


def test_the_risk_is_changed_by_either(night: Night) -> None:
    night.answered()
    night.paired()
    assert values(opened(night, "risk_now", ""))["rank"] == Rank.NOW.value
    night.coordinator.form_sent("risk_now", {"rank": Rank.HOUR.value, "words": "Awake, with his wife"})
    night.room.settle()
    assert night.priya.folds.incidents()[0].risk is Rank.HOUR
    assert night.record()
    night.handler.form_opened("risk_now")
    night.handler.form_sent("risk_now", {"rank": Rank.NOW.value, "words": "Has locked himself in"})

    assert night.c.head is not None
    assert night.c.head.risk == "HAS LOCKED HIMSELF IN"


# --- clashes -------------------------------------------------------------------------------------


def clashing_fact(night: Night) -> None:
    """Let both state another thing over the same."""
    incident = night.tom.folds.incidents()[0].id
    stream = StreamRef(StreamKind.INCIDENT, incident)
    for console, words in ((night.priya, "Awake"), (night.tom, "Asleep")):
        body = {"key": "state", "text": words, "source": "heard on the line", "label": "State"}
        console.recorder.record(console.recorder.entry(Kind.INCIDENT_FACT, stream, body, slot="fact:state"))
    night.room.settle()


@pytest.mark.parametrize("filled", [{"chosen": "Awake"}, {"text": "Awake", "source": "handler_heard"}])
def test_of_two_facts_that_differ_one_is_chosen_and_the_clash_is_over(night: Night, filled: dict[str, str]) -> None:
    night.answered()
    night.paired()
    clashing_fact(night)
    form = opened(night, "fact", "state")
    choice = form.fields()[0]
    assert {one.label for one in choice.choices} == {"Awake", "Asleep"}
    night.coordinator.form_sent("fact", {"key": "state", "text": "Asleep", "source": ""} | filled)
    night.room.settle()

    fact = night.priya.folds.incidents()[0].fact("state")
    assert fact is not None
    assert (fact.text, fact.clash) == ("Awake", False)


@pytest.mark.parametrize("name", ["consent", "choose:consent"])
def test_of_two_values_that_differ_one_is_chosen_on_the_handlers_screen(night: Night, name: str) -> None:
    night.answered()
    night.paired()
    night.fill("type", "suicidal_caller")
    stream = StreamRef(StreamKind.CONTACT, night.priya.contact)
    for console, value in ((night.priya, "given"), (night.tom, "not_possible")):
        body = {"field": "consent", "value": value}
        console.recorder.record(console.recorder.entry(Kind.CONTACT_FIELD, stream, body, slot="field:consent"))
    record = night.h.record
    assert record is not None
    choose = next(field for field in record.fields() if field.key == "choose:consent")
    assert {one.key for one in choose.choices} == {"given", "not_possible"}
    night.fill(name, "not_possible")
    night.room.settle()

    contact = night.tom.folds.contact(night.priya.contact)
    assert contact is not None
    assert contact.clashes == ()
    assert contact.value("consent") == "not_possible"


@pytest.mark.parametrize("chosen", ["Asleep", "Awake"])
def test_a_value_chosen_of_two_leaves_a_third_that_came_meanwhile(night: Night, chosen: str) -> None:
    night.answered()
    night.paired()
    clashing_fact(night)
    form = opened(night, "fact", "state")
    incident = night.tom.folds.incidents()[0].id
    seen = night.tom.folds.incidents()[0].fact("state")
    assert seen is not None
    stream = StreamRef(StreamKind.INCIDENT, incident)
    awake = next(head.entry for head in seen.register.heads if head.value == "Awake")
    body = {"key": "state", "text": "Not breathing", "source": "heard on the line", "label": "State"}
    recorder = night.priya.recorder
    recorder.record(recorder.entry(Kind.INCIDENT_FACT, stream, body, slot="fact:state", replaces=awake))
    night.room.settle()
    night.coordinator.form_sent("fact", {"key": "state", "chosen": chosen, "text": "", "source": "", "seen": form.seen})
    night.room.settle()

    fact = night.priya.folds.incidents()[0].fact("state")
    assert fact is not None
    assert {head.value for head in fact.register.heads} == {"Asleep", "Not breathing"}
    assert ("stands no more" in night.c.notice) == (chosen == "Awake")


def test_what_the_handler_writes_to_the_second_worker_stands_on_their_screen(night: Night) -> None:
    night.answered()
    night.paired()
    night.coordinator.message("Police 6 min")
    night.room.advance(2)
    night.handler.message("he is crying")

    said = [(row.by, row.text) for row in night.c.lines]
    assert said == [("Priya", "he is crying"), ("", "Police 6 min")]
    assert line_row(night.c.lines[0]).spoken.endswith("Priya: he is crying, just now")


def test_nobody_is_said_to_be_with_the_handler_after_the_stand_down(night: Night) -> None:
    night.answered()
    night.paired()
    assert "Tom" in str(night.h.status.who)
    night.coordinator.form_opened("stand_down", "")
    night.coordinator.form_sent("stand_down", {"reason": "He is with the ambulance"})

    rows = night.h
    assert "Tom" not in str(rows.status.who)
    assert "Tom" not in rows.partner.who
    assert rows.signals.title == "Signals"
