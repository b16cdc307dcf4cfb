"""The relay card as ETHANE and as SBAR, and what was read out of it: from hand-made entries."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.contacts import ContactState, Subject
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.incidents import IncidentState, fold_incident
from console.domain.record import Kind, StreamKind
from console.domain.relay_card import RelaySources
from console.domain.relay_forms import RelayForm, card_as, next_form
from console.domain.relayed import fold_said, slot_of, ticks
from console.domain.timeline import timeline
from tests.helpers.items import Stream


def opened() -> Stream:
    """Return the stream of an incident in which a life is at risk."""
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {"ref": "X", "risk": "p1_life_now"})
    return stream


def state(stream: Stream) -> IncidentState:
    """Fold it."""
    made = fold_incident(stream.items)
    assert made is not None
    return made


def asked(kind: str, *states: str) -> HelpRequest:
    """Return a request that went through ``states``."""
    stream = Stream(StreamKind.HELP)
    stream.write(Kind.HELP_DRAFTED, {"kind": kind, "rank": "p1_life_now", "words": "please come"})
    for one in states:
        stream.write(Kind.HELP_CHANGED, {"state": one, "reference": "SC-7731"}, slot="state")
    made = fold_help(stream.items)
    assert made is not None
    return made


def place(stream: Stream, text: str, source: str = "caller_stated") -> None:
    """Say where it is."""
    stream.write(Kind.INCIDENT_LOCATION, {"text": text, "source": source})


def told(stream: Stream, to: UUID, item: str, text: str) -> None:
    """Read a line out."""
    stream.write(Kind.INCIDENT_RELAYED, {"to": to, "item": item, "text": text}, slot=slot_of(to, item))


def words(form: RelayForm, sources: RelaySources) -> dict[str, str]:
    """Return a card's lines by key; a gap as MISSING."""
    assert sources.incident.opened_at is not None
    card = card_as(form, sources, sources.incident.opened_at)
    return {item.key: "MISSING" if item.missing else item.text for item in card.items}


def test_the_forms_turn_in_a_circle() -> None:
    first = RelayForm.CALL_TAKER

    assert [first := next_form(first) for _ in range(3)] == [RelayForm.ETHANE, RelayForm.SBAR, RelayForm.CALL_TAKER]


@pytest.mark.parametrize("form", RelayForm)
def test_no_form_ever_gives_an_address_on_record_as_where_somebody_is(form: RelayForm) -> None:
    stream = opened()
    place(stream, "9 Larch Court", "verified_record")

    said = words(form, RelaySources(state(stream)))

    assert said["place"] == "MISSING"
    assert "Larch Court" not in " ".join(said.values())


@pytest.mark.parametrize("form", RelayForm)
def test_each_line_of_a_form_has_a_key_of_its_own(form: RelayForm) -> None:
    card = card_as(form, RelaySources(state(opened())), opened().at)

    keys = [item.key for item in card.items]
    assert len(keys) == len(set(keys))
    assert all(item.ask for item in card.missing)


def test_ethane_has_its_letters_in_order_and_counts_nobody_by_itself() -> None:
    stream = opened()
    place(stream, "by the reservoir")
    stream.write(Kind.INCIDENT_HAZARD, {"text": "dog in the car", "source": "caller stated"})
    sources = RelaySources(
        state(stream), helps=(asked("ambulance", "sent", "on_scene"), asked("police_attend", "sent"))
    )
    card = card_as(RelayForm.ETHANE, sources, stream.at)

    assert "".join(item.number for item in card.items) == "ETHANE"
    said = words(RelayForm.ETHANE, sources)
    assert said["place"] == "by the reservoir"
    assert said["hazards"] == "dog in the car"
    assert said["services"] == "On scene: Ambulance. Asked: Police"
    assert said["number"] == "MISSING"


def test_ethane_names_the_services_that_are_wanted_and_not_asked_yet() -> None:
    none = RelaySources(state(opened()))
    wanted = RelaySources(state(opened()), helps=(asked("fire"),))

    assert words(RelayForm.ETHANE, none)["services"] == "None asked yet. Say which are needed"
    assert words(RelayForm.ETHANE, wanted)["services"] == "Needed: Fire"


def test_sbar_says_risk_and_what_is_asked_for() -> None:
    stream = opened()
    sources = RelaySources(state(stream), helps=(asked("crisis_team", "sent"),))
    said = words(RelayForm.SBAR, sources)

    assert said["risk"] == "Not said yet", "an incident opens at the highest rank, and that is nobody's finding"
    stream.write(Kind.INCIDENT_RISK, {"rank": "p1_life_now", "words": ""}, slot="risk")
    assert words(RelayForm.SBAR, RelaySources(state(stream)))["risk"].startswith("Life at risk now, since ")
    assert said["recommendation"] == "Crisis team: please come"
    assert said["happening"] == "MISSING"


def fact(stream: Stream, key: str, text: str, author: str = "priya.raman", over: UUID | None = None) -> UUID:
    """State a fact."""
    body = {"key": key, "text": text, "source": "caller stated"}
    return stream.write(Kind.INCIDENT_FACT, body, slot=f"fact:{key}", author=author, replaces=over)


def test_what_was_taken_and_when_stays_on_the_card_however_much_is_told_beside_it() -> None:
    stream = opened()
    fact(stream, "taken", "40 paracetamol")
    fact(stream, "happening", "He is in the car park")
    card = card_as(RelayForm.CALL_TAKER, RelaySources(state(stream)), stream.at)

    assert [one.text for one in card.items if one.key == "taken"] == ["40 paracetamol"]
    assert {"taken_at", "substance"} <= {one.key for one in card.missing}, "both are asked next"


def test_weapons_and_animals_are_hazards_and_a_child_alone_hides_no_gap() -> None:
    stream = opened()
    fact(stream, "children", "two, 4 and 6")
    assert words(RelayForm.CALL_TAKER, RelaySources(state(stream)))["hazards"] == "MISSING"

    fact(stream, "weapons", "a kitchen knife")
    fact(stream, "animals", "a dog in the hall")
    said = words(RelayForm.ETHANE, RelaySources(state(stream)))
    assert (said["hazards"], said["children"]) == (
        "Weapons: a kitchen knife. Animals: a dog in the hall",
        "two, 4 and 6",
    )


def test_a_fact_that_one_withdrew_and_another_changed_says_both() -> None:
    stream = opened()
    first = fact(stream, "weapons", "a knife")
    fact(stream, "weapons", "two knives", over=first)
    fact(stream, "weapons", "", "tom.adeyemi", over=first)

    assert words(RelayForm.SBAR, RelaySources(state(stream)))["hazards"] == "Weapons: two knives or no longer so"


def test_another_name_than_the_records_is_read_out_beside_it() -> None:
    stream = opened()
    chosen = Subject(uuid4(), "chosen", stream.at, "priya.raman", "FENN, Marcus")
    contact = ContactState(uuid4(), subjects=(chosen,))
    fact(stream, "name", "Marcus Fenn")
    assert words(RelayForm.CALL_TAKER, RelaySources(state(stream), contact))["name"].startswith("Marcus Fenn, born")

    fact(stream, "name", "he says Daniel", "tom.adeyemi")
    assert words(RelayForm.SBAR, RelaySources(state(stream), contact))["name"].endswith(
        "Name given: Marcus Fenn or he says Daniel"
    )


# --- what was said -------------------------------------------------------------------------------


def test_a_tick_is_about_words_and_says_when_the_line_has_changed() -> None:
    stream, ambulance, police = opened(), uuid4(), uuid4()
    told(stream, ambulance, "place", "in the car")
    said = state(stream).said

    same = ticks(said, ambulance, [("place", "in the car"), ("access", "gate")])
    other = ticks(said, ambulance, [("place", "second car park")])

    assert list(same) == ["place"]
    assert not same["place"].changed
    assert other["place"].changed
    assert other["place"].told == "in the car"
    assert ticks(said, police, [("place", "in the car")]) == {}
    assert ticks(said, None, [("place", "in the car")]) == {}


def test_a_tick_taken_back_is_none_and_stands_on_no_timeline() -> None:
    stream, ambulance = opened(), uuid4()
    told(stream, ambulance, "place", "in the car")
    assert [line.text for line in timeline(state(stream))] == ["Read out from the relay card: in the car"]
    told(stream, ambulance, "place", "")

    assert ticks(state(stream).said, ambulance, [("place", "in the car")]) == {}
    assert timeline(state(stream)) == ()


@given(st.lists(st.dictionaries(st.sampled_from(["to", "item", "text", "x"]), st.text() | st.integers() | st.none())))
def test_what_foreign_bodies_say_never_ends_the_fold(bodies: list[dict[str, object]]) -> None:
    stream = opened()
    for body in bodies:
        stream.write(Kind.INCIDENT_RELAYED, body)

    assert all(one.item for one in fold_said(stream.items))
