"""What of the signals may be read aloud, to whom, and in which words: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from console.domain.incidents import IncidentRole, IncidentState, Member
from console.domain.signal_set import SHIPPED, Reach, read_signals
from console.domain.signals import Signal, SignalAnswer
from console.domain.spoken_signals import ANSWERED, STRANGE, answer_phrase, for_the_ear, signal_phrase, signal_phrases

AT = datetime(2026, 12, 1, 22, 15, tzinfo=UTC)
OWN = read_signals(
    {"dog_loose": {"words": "Dog in the room", "key": "Shift+F7"}, "get_police": {"words": "Police now"}},
    {"on_it": {"words": "I ring them", "for": "dog_loose"}},
)


def signal(number: int = 1, **more: object) -> Signal:
    made = Signal(UUID(int=number), "get_police", AT, "priya", "tom", number)
    return replace(made, **more)  # type: ignore[arg-type]  # names are Signal's own


def incident(**roles: IncidentRole) -> IncidentState:
    members = tuple(Member(who, who, role, AT, UUID(int=9)) for who, role in roles.items())
    return IncidentState(UUID(int=7), opened_at=AT, members=members)


PAIR = incident(priya=IncidentRole.LEAD, tom=IncidentRole.COORDINATOR, helen=IncidentRole.MANAGER)


def heard(one: Signal, worker: str, at: IncidentState | None = PAIR, *, manager: bool = False) -> list[str]:
    return [said.phrase for said in for_the_ear((one,), worker, at, SHIPPED, manager=manager)]


def test_the_list_is_made_from_the_set_and_holds_whatever_may_be_said() -> None:
    phrases = signal_phrases(OWN)
    assert {"Police now", "Dog in the room", "I am at risk", "Answer: I ring them", STRANGE, ANSWERED} <= phrases
    assert "Get police" not in phrases
    assert not any(sign.isdigit() for phrase in phrases for sign in phrase)
    said = {signal_phrase(one.key, OWN) for one in OWN.signals} | {answer_phrase(one.words, OWN) for one in OWN.replies}
    assert said <= phrases


@pytest.mark.parametrize(
    ("key", "phrase"),
    [("get_police", "Police now"), ("dog_loose", "Dog in the room"), ("i_am_at_risk", "I am at risk"), ("x", STRANGE)],
)
def test_a_signal_is_said_in_our_own_words_whatever_came_with_it(key: str, phrase: str) -> None:
    one = signal(kind=key, said="Mrs Hale has a knife")
    assert [said.phrase for said in for_the_ear((one,), "tom", PAIR, OWN, manager=False)] == [phrase]


@pytest.mark.parametrize(
    ("answer", "phrase"),
    [
        ("Asking now", "Answer: Asking now"),
        ("Police on the way", "Answer: news of police"),
        ("Police 6 min", "Answer: news of police"),
        ("Ambulance declined, escalated", "Answer: news of ambulance"),
        ("Mrs Hale says he is in the car", ANSWERED),
        ("Policeman Hale rang", ANSWERED),
        ("in hand", ANSWERED),
    ],
)
def test_an_answer_is_said_by_its_kind_and_never_by_what_was_filled_in_or_typed(answer: str, phrase: str) -> None:
    assert answer_phrase(answer, SHIPPED) == phrase
    assert phrase in signal_phrases(SHIPPED)


def test_the_second_worker_hears_and_the_lead_never_does() -> None:
    assert heard(signal(), "tom") == ["Get police"]
    asked = signal(kind="ask_location", by="tom", to="priya")
    assert heard(asked, "priya") == []
    answered = replace(asked, answers=(SignalAnswer("Asking now", "priya", asked.at, UUID(int=5), 5),))
    assert heard(answered, "tom") == ["Answer: Asking now"]
    assert heard(replace(signal(), answers=(SignalAnswer("Get on", "tom", AT, UUID(int=5), 5),)), "priya") == []


def test_after_a_swap_the_other_one_hears() -> None:
    swapped = incident(priya=IncidentRole.COORDINATOR, tom=IncidentRole.LEAD)
    one = signal(by="tom", to="priya")
    assert heard(one, "priya", swapped) == ["Get police"]
    assert heard(signal(), "tom", swapped) == []


def test_a_manager_hears_what_is_for_managers_and_nothing_else() -> None:
    for_managers = signal(kind="manager_please", reach=Reach.MANAGERS)
    assert heard(for_managers, "helen", manager=True) == ["Manager please"]
    assert heard(for_managers, "helen", None, manager=True) == ["Manager please"]
    assert heard(signal(), "helen", manager=True) == []
    assert heard(signal(to="", reach=Reach.EVERYBODY), "helen", manager=True) == []


def test_nobody_else_hears_anything_nor_does_anybody_hear_themselves() -> None:
    watching = incident(priya=IncidentRole.LEAD, tom=IncidentRole.COORDINATOR, grace=IncidentRole.OBSERVER)
    for one in (signal(to=""), signal(reach=Reach.EVERYBODY), signal(reach=Reach.MANAGERS)):
        assert heard(one, "grace", watching) == []
        assert heard(one, "zoe") == []
    assert heard(signal(by="tom", to="priya"), "tom") == []


def test_a_seat_in_an_incident_that_was_stood_down_hears_nothing() -> None:
    assert heard(signal(), "tom", replace(PAIR, stood_down_at=AT)) == []
