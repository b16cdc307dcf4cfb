"""Tell them: which changes of fact an agency does not know of yet, whatever the clocks say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.domain.fact_sheet import WHERE
from console.domain.help_kinds import HelpKind, HelpState
from console.domain.help_requests import HelpRequest, fold_help
from console.domain.help_telling import (
    card_marks,
    count_untold,
    standing,
    tell_words,
    untold,
)
from console.domain.help_told import told_words
from console.domain.incidents import IncidentState, fold_incident
from console.domain.people import Rank
from console.domain.record import Kind, StreamKind
from tests.helpers.items import Stream


class Case:
    """An incident and one request in it, written entry by entry."""

    def __init__(self, kind: HelpKind = HelpKind.POLICE_ATTEND) -> None:
        self.about = Stream(StreamKind.INCIDENT)
        self.about.write(Kind.INCIDENT_OPENED, {"risk": Rank.HOUR.value})
        self.asked = Stream(StreamKind.HELP)
        self.asked.write(Kind.HELP_DRAFTED, {"incident": self.about.ref.id, "kind": kind.value, "rank": "p1_life_now"})

    @property
    def incident(self) -> IncidentState:
        """Return the incident."""
        found = fold_incident(self.about.items)
        assert found is not None
        return found

    @property
    def request(self) -> HelpRequest:
        """Return the request."""
        found = fold_help(self.asked.items)
        assert found is not None
        return found

    def hazard(self, text: str) -> UUID:
        """State a hazard."""
        return self.about.write(Kind.INCIDENT_HAZARD, {"text": text, "source": "caller stated"})

    def fact(self, key: str, text: str, replaces: UUID | None = None, **how: Any) -> UUID:
        """State a fact."""
        body = {"key": key, "text": text, "source": "caller stated"}
        return self.about.write(Kind.INCIDENT_FACT, body, slot=f"fact:{key}", replaces=replaces, **how)

    def place(self, text: str, source: str = "caller_stated") -> UUID:
        """State a place."""
        return self.about.write(Kind.INCIDENT_LOCATION, {"text": text, "source": source})

    def place_over(
        self,
        text: str,
        over: UUID | None = None,
        *,
        author: str = "priya.raman",
        settles: Sequence[str] = (),
        seconds: float = 1.0,
    ) -> UUID:
        """State a place as a console does that knows of two: ``over`` one head, or settling several."""
        body = {"text": text, "source": "caller_stated", **({"settles": settles} if settles else {})}
        return self.about.write(Kind.INCIDENT_LOCATION, body, slot=WHERE, replaces=over, author=author, seconds=seconds)

    def not_there(self, place: UUID) -> UUID:
        """Take a place back."""
        body = {"text": "", "source": "", "reason": "they have moved on"}
        return self.about.write(Kind.INCIDENT_LOCATION, body, slot=WHERE, replaces=place, corrects=place)

    def risk(self, rank: Rank) -> UUID:
        """Say how great the risk is."""
        return self.about.write(Kind.INCIDENT_RISK, {"rank": rank.value, "words": ""}, slot="risk")

    def send(self) -> None:
        """Ask, with what stands now."""
        known = [str(one.entry) for one in standing(self.incident)]
        body = {"state": "sent", "knew": known, "risk": self.incident.risk.value}
        self.asked.write(Kind.HELP_CHANGED, body, slot="state")

    def moves(self, state: HelpState, **body: str) -> None:
        """Log a state."""
        self.asked.write(Kind.HELP_CHANGED, {"state": state.value, **body}, slot="state")

    def tell(self, *entries: UUID) -> None:
        """Say what was passed on."""
        body = {"entries": [str(one) for one in entries], "to": "PC Marlow", "risk": self.incident.risk.value}
        self.asked.write(Kind.HELP_PASSED, body)

    @property
    def words(self) -> list[str]:
        """Return what is to be told."""
        return [one.words for one in untold(self.request, self.incident)]


def test_what_was_known_at_the_sending_is_not_told_again_and_what_came_after_is() -> None:
    case = Case()
    case.hazard("Needles in the bag")
    assert case.words == [], "nothing is to be told to whom nothing was asked of"
    case.send()
    assert case.words == []
    dog = case.hazard("A dog in the car")
    assert case.words == ["A dog in the car"]
    case.tell(dog)
    assert case.words == []
    assert case.request.passed[-1].to == "PC Marlow"
    assert case.request.name == "PC Marlow"


@pytest.mark.parametrize("key", ["weapons", "children", "state", "means", "hazards", "animals"])
def test_a_corrected_fact_is_a_change_again(key: str) -> None:
    case = Case()
    case.send()
    first = case.fact(key, "one")
    case.tell(first)
    case.fact(key, "two", replaces=first)
    assert [words.rpartition(": ")[2] for words in case.words] == ["two"]


def test_what_was_withdrawn_is_told_to_whoever_was_told_of_it_and_to_nobody_asked_since() -> None:
    case = Case()
    knife, dog = case.fact("weapons", "A knife"), case.hazard("A dog in the car")
    case.send()
    none = case.fact("weapons", "", replaces=knife)
    gone = case.about.write(Kind.INCIDENT_HAZARD, {"text": "", "source": ""}, corrects=dog)
    assert case.words == ["No longer so: Weapons: A knife", "No longer so: A dog in the car"]
    case.tell(none, gone)
    assert case.words == []
    assert count_untold(case.request, card_marks(case.incident).split(), Rank.HOUR) == 0
    case.fact("weapons", "A knife again", replaces=none)
    assert case.words == ["Weapons: A knife again"]

    later = Case()
    later.fact("weapons", "", replaces=later.fact("weapons", "A knife"))
    later.send()
    assert later.words == [], "whoever is asked now hears only what stands"


def test_where_two_differ_both_are_told() -> None:
    case = Case()
    case.send()
    base = case.fact("state", "Awake")
    case.tell(base)
    case.fact("state", "Drowsy", replaces=base)
    case.fact("state", "Asleep", replaces=base, author="tom.adeyemi")
    assert case.words == ["State: Drowsy", "State: Asleep"]


def test_names_and_what_calms_are_nobodys_business_out_there() -> None:
    case = Case()
    case.send()
    case.fact("name", "Marcus")
    case.fact("family", "Wife not told")
    assert case.words == []


def test_what_was_taken_is_the_ambulances_business_and_not_the_polices() -> None:
    police, ambulance = Case(), Case(HelpKind.AMBULANCE)
    for case in (police, ambulance):
        case.send()
        case.fact("taken", "40 tablets")
    assert (police.words, ambulance.words) == ([], ["Taken: 40 tablets"])


def test_a_record_address_is_no_change_of_place_and_the_same_place_said_again_is_none() -> None:
    case = Case()
    case.place("By the reservoir")
    case.send()
    case.place("9 Larch Court", "verified_record")
    case.place("By the reservoir")
    assert case.words == []
    case.place("On the weir")
    case.place("By the reservoir")
    assert case.words == ["Where now: By the reservoir"], "back where he was is news to whoever was sent on"


def test_where_two_places_stand_whoever_was_sent_to_one_is_told_of_both_and_of_the_one_that_is_chosen() -> None:
    case = Case()
    bridge = case.place_over("On the railway bridge")
    case.send()
    assert case.words == []
    reservoir = case.place_over("By the reservoir", author="tom.adeyemi", seconds=-10)
    assert case.words == ["Where now, one of 2 places said: By the reservoir"], "written earlier, it came later"
    case.tell(reservoir)
    assert case.words == []
    assert count_untold(case.request, card_marks(case.incident).split(), Rank.HOUR) == 0
    chosen = case.place_over("On the railway bridge", bridge, settles=[str(bridge), str(reservoir)], seconds=20)
    assert case.words == ["Where now: On the railway bridge"], "they still reckon with two"
    case.tell(chosen)
    case.place_over("On the railway bridge", chosen)
    assert case.words == []


def test_that_they_are_not_there_is_told_to_whoever_was_told_that_they_are_and_to_nobody_else() -> None:
    case = Case()
    reservoir = case.place_over("By the reservoir")
    case.send()
    gone = case.not_there(reservoir)
    assert case.words == ["No longer at: By the reservoir, they have moved on"]
    case.tell(gone)
    assert case.words == []
    assert told_words(case.request.passed[-1], case.incident) == "Told: No longer at: By the reservoir"
    case.place_over("By the reservoir", reservoir)
    assert case.words == ["Where now: By the reservoir"], "they were told otherwise in between"

    untold_place = Case()
    untold_place.send()
    place = untold_place.place_over("On the bridge")
    assert untold_place.words == ["Where now: On the bridge"]
    untold_place.not_there(place)
    assert untold_place.words == [], "nobody ever told them of the bridge"
    asked_after = Case()
    asked_after.not_there(asked_after.place_over("At the weir"))
    asked_after.send()
    assert asked_after.words == []


def test_the_same_place_written_by_two_at_once_is_one_place() -> None:
    case = Case()
    case.send()
    case.place_over("By the reservoir")
    case.place_over("By the reservoir", author="tom.adeyemi")
    assert case.words == ["Where now: By the reservoir"]


def test_only_a_risk_that_rises_is_told() -> None:
    case = Case()
    case.send()
    case.risk(Rank.SHIFT)
    assert case.words == []
    head = case.risk(Rank.NOW)
    assert case.words == ["Risk raised: life at risk now"]
    case.tell(head)
    assert case.words == []


@pytest.mark.parametrize("state", [HelpState.CANCELLED, HelpState.REACHED])
def test_a_request_that_is_over_marks_nothing(state: HelpState) -> None:
    case = Case()
    case.send()
    case.moves(state, text="Found by a neighbour")
    case.hazard("A dog")
    assert (case.request.open, case.words) == (False, [])


def test_a_refusal_is_told_of_what_changed_because_that_may_change_it() -> None:
    case = Case()
    case.send()
    case.moves(HelpState.DECLINED, text="No immediate risk")
    case.fact("weapons", "A knife")
    assert case.words == ["Weapons: A knife"]
    case.asked.write(
        Kind.HELP_CHANGED,
        {"state": "escalated", "text": "Inspector", "knew": [str(one.entry) for one in standing(case.incident)]},
        slot="state",
    )
    assert case.words == []


def test_a_clock_two_hours_behind_hides_no_change() -> None:
    case = Case()
    case.send()
    case.about.at = case.asked.at.replace(hour=20)
    case.hazard("A dog")
    assert case.words == ["A dog"]


def test_a_request_sent_by_an_older_console_goes_by_its_clock() -> None:
    case = Case()
    case.hazard("Needles")
    case.asked.at = case.about.at
    case.moves(HelpState.SENT)
    case.about.at = case.asked.at
    dog = case.hazard("A dog")
    assert case.words == ["A dog"]
    case.tell(dog)
    assert case.words == []


def test_the_words_of_a_row_say_what_and_when() -> None:
    case = Case()
    case.send()
    case.hazard("A dog in the car")
    at = untold(case.request, case.incident)
    assert tell_words(at) == "Tell them: A dog in the car (22:10)"
    assert tell_words(()) == ""


KEYS = st.sampled_from(["state", "weapons", "taken", "name", "access"])
ACTS = st.lists(
    st.one_of(
        st.tuples(st.just("hazard"), st.text(min_size=1, max_size=5)),
        st.tuples(st.just("place"), st.sampled_from(["here", "there"])),
        st.tuples(st.just("gone"), st.just("")),
        st.tuples(KEYS, st.text(min_size=1, max_size=5)),
        st.tuples(st.just("risk"), st.sampled_from([Rank.NOW, Rank.HOUR, Rank.SHIFT])),
        st.tuples(st.just("send"), st.just("")),
        st.tuples(st.just("tell"), st.just("")),
    ),
    max_size=14,
)


@given(ACTS, st.sampled_from([HelpKind.AMBULANCE, HelpKind.POLICE_ATTEND]))
def test_lists_count_what_the_pairs_screens_say_and_telling_all_leaves_nothing(
    acts: list[tuple[str, str]], kind: HelpKind
) -> None:
    case = Case(kind)
    for act, words in acts:
        if act == "hazard":
            case.hazard(words)
        elif act == "place":
            case.place(words)
        elif act == "gone":
            for place in case.incident.where_stands:
                case.not_there(place.entry)
        elif act == "risk":
            case.risk(Rank(words))
        elif act == "send":
            if case.request.sent_at is None:
                case.send()
        elif act == "tell":
            case.tell(*(one.entry for one in untold(case.request, case.incident)))
            assert case.words == []
        else:
            known = case.incident.fact(act)
            case.fact(act, words, replaces=known.register.head if known is not None else None)
        marks = card_marks(case.incident).split()
        assert count_untold(case.request, marks, case.incident.risk) == len(case.words)
        assert len(card_marks(case.incident)) <= 200, "no list's card is cut off in a mark"
