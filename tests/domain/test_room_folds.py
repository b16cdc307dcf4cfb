"""Signals, the shift, calls of the record, cover and the relay card, each from hand-made entries."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from console.domain.authorities import Service, read_cover
from console.domain.call_aliases import without_aliases
from console.domain.call_log import fold_call
from console.domain.contacts import fold_contact
from console.domain.help_kinds import HelpKind, HelpState
from console.domain.help_requests import HelpRequest
from console.domain.incidents import fold_incident
from console.domain.record import Kind, Role, StreamKind, read_role
from console.domain.relay_card import RelaySources, relay_card
from console.domain.shifts import WorkerState, fold_shift, role_words
from console.domain.signals import SignalKind, answer_lines, fold_signals
from console.domain.text import BadInput
from console.domain.timeline import timeline
from tests.helpers.items import Stream
from tests.helpers.night_room import example_cover


def test_the_first_acceptance_of_a_summons_stands() -> None:
    stream = Stream(StreamKind.SIGNALS)
    asked = stream.write(Kind.SUMMONS_SENT, {"contact": uuid4(), "line": "Hampshire adults", "name": "Priya Raman"})
    for worker in ("tom", "grace"):
        body = {"worker": worker, "name": worker.title(), "incident": uuid4()}
        stream.write(Kind.SUMMONS_ACCEPTED, body, slot=f"summons:{asked}", author=worker, seconds=5)
    summons = fold_signals(stream.items).summons[0]
    assert (summons.accepted_by, summons.accepter_name) == ("tom", "Tom")
    assert summons.waited(stream.at) == timedelta(seconds=5)
    assert not summons.open


def test_a_withdrawn_summons_waits_for_nobody() -> None:
    stream = Stream(StreamKind.SIGNALS)
    asked = stream.write(Kind.SUMMONS_SENT, {"contact": uuid4()})
    assert fold_signals(stream.items).open_summons is not None
    stream.write(Kind.SIGNAL_ANSWERED, {"of": asked, "text": "withdrawn"})
    assert fold_signals(stream.items).open_summons is None


@pytest.mark.parametrize("kind", list(SignalKind))
def test_all_eight_signals_are_heard_and_answered(kind: SignalKind) -> None:
    stream = Stream(StreamKind.SIGNALS)
    sent = stream.write(Kind.SIGNAL_SENT, {"signal": kind.value, "to": "tom"})
    stream.write(Kind.SIGNAL_ANSWERED, {"of": sent, "text": "SC-7731"}, author="tom")
    (signal,) = fold_signals(stream.items).signals
    assert (signal.answered, signal.answers[-1].by) == ("SC-7731", "tom")
    assert signal.words


def test_two_answers_to_one_signal_both_stand_with_who_gave_them_and_when() -> None:
    stream = Stream(StreamKind.SIGNALS)
    sent = stream.write(Kind.SIGNAL_SENT, {"signal": "i_am_at_risk", "to": "tom"})
    stream.write(Kind.SIGNAL_ANSWERED, {"of": sent, "text": "Police 6 min"}, author="tom")
    stream.write(Kind.SIGNAL_ANSWERED, {"of": sent, "text": "Helen Marsh is coming"}, author="helen", seconds=61)
    state = fold_signals(stream.items)
    (signal,) = state.signals
    assert [(one.words, one.by) for one in signal.answers] == [
        ("Police 6 min", "tom"),
        ("Helen Marsh is coming", "helen"),
    ]
    assert (signal.answered, signal.waits) == ("Helen Marsh is coming", False)
    assert answer_lines(signal, str.title) == (
        "Helen Marsh is coming (Helen 22:11)",
        "Police 6 min (Tom 22:10)",
    )
    told = [(line.by, line.text) for line in timeline(None, (), state)]
    assert told[1:] == [
        ("tom", "I am at risk: Police 6 min"),
        ("helen", "I am at risk: Helen Marsh is coming"),
    ]


def test_a_line_says_to_whom_it_is_and_a_corrected_one_has_its_newest_text() -> None:
    stream = Stream(StreamKind.SIGNALS)
    line = uuid4()
    stream.write(Kind.MESSAGE_SENT, {"line": line, "text": "Police 9 min", "to": "priya"}, author="tom")
    stream.write(Kind.MESSAGE_SENT, {"line": line, "text": "Police 6 min", "to": "priya"}, author="tom")
    stream.write(Kind.MESSAGE_SENT, {"line": uuid4(), "text": "for Grace", "to": "grace"}, author="tom")
    lines = fold_signals(stream.items).messages
    assert [(one.text, one.to) for one in lines] == [("Police 6 min", "priya"), ("for Grace", "grace")]


def test_a_clock_that_stands_behind_loses_no_acceptance_no_answer_and_no_newest_text() -> None:
    stream = Stream(StreamKind.SIGNALS)
    line = uuid4()
    asked = stream.write(Kind.SUMMONS_SENT, {"contact": uuid4(), "name": "Priya Raman"})
    sent = stream.write(Kind.SIGNAL_SENT, {"signal": SignalKind.GET_POLICE.value, "to": "tom"})
    stream.write(Kind.MESSAGE_SENT, {"line": line, "text": "Police 8 min", "to": "priya"}, author="tom")
    # From here on each entry is shared after those above, from a clock ten seconds behind theirs.
    stream.write(Kind.MESSAGE_SENT, {"line": line, "text": "Police 6 min", "to": "priya"}, author="tom", seconds=-10)
    stream.write(Kind.SIGNAL_ANSWERED, {"of": sent, "text": "in hand"}, author="tom")
    body = {"worker": "tom", "name": "Tom", "incident": uuid4()}
    stream.write(Kind.SUMMONS_ACCEPTED, body, slot=f"summons:{asked}", author="tom")
    stream.write(
        Kind.MESSAGE_SENT, {"line": uuid4(), "text": "At the door", "to": "priya"}, author="grace", seconds=-10
    )
    state = fold_signals(stream.items)
    assert state.open_summons is None
    assert state.summons[0].accepter_name == "Tom"
    assert [one.answered for one in state.signals] == ["in hand"]
    assert [one.text for one in state.messages] == ["Police 6 min", "At the door"]


def test_what_is_kept_only_comes_after_what_is_shared_whatever_the_clocks_say() -> None:
    stream = Stream(StreamKind.SIGNALS)
    mine = stream.write(Kind.SIGNAL_SENT, {"signal": SignalKind.ASK_LOCATION.value}, kept=True)
    theirs = stream.write(Kind.SIGNAL_SENT, {"signal": SignalKind.KEEP_TALKING.value}, author="tom", seconds=30)
    assert [one.entry for one in fold_signals(stream.items).signals] == [theirs, mine]


def test_a_shift_knows_who_is_where_and_a_move_ends_the_old_place() -> None:
    stream = Stream(StreamKind.SHIFT)
    for extension in ("1001", "1002"):
        body = {"worker": "priya", "name": "Priya", "role": "service_adviser", "extension": extension}
        stream.write(Kind.SHIFT_SIGNED_IN, body, slot=f"extension:{extension}")
    state = fold_shift(stream.items)
    assert [(one.worker, one.extension, one.role) for one in state.workers] == [("priya", "1002", Role.SERVICE_ADVISER)]
    assert state.holder("1001") is None
    stream.write(Kind.SHIFT_STATE, {"worker": "priya", "state": "visit", "reason": "alone"}, slot="worker:priya")
    worker = fold_shift(stream.items).worker("priya")
    assert worker is not None
    assert (worker.state, worker.reason, worker.since) == (WorkerState.VISIT, "alone", stream.at)
    assert fold_shift(stream.items).free() == ()


def test_who_signed_in_while_the_record_was_away_takes_no_extension_that_another_had_claimed() -> None:
    stream = Stream(StreamKind.SHIFT)
    stream.write(Kind.SHIFT_SIGNED_IN, {"worker": "priya", "extension": "1001"}, slot="extension:1001")
    body = {"worker": "tom", "extension": "1001", "unclaimed": True}
    stream.write(Kind.SHIFT_SIGNED_IN, body, slot="extension:1001", author="tom")
    state = fold_shift(stream.items)
    assert {one.worker: one.extension for one in state.workers} == {"priya": "1001", "tom": ""}


def test_unsent_stations_are_listed_until_they_are_empty() -> None:
    stream = Stream(StreamKind.SHIFT)
    stream.write(Kind.SHIFT_UNSENT, {"station": "desk-3", "count": 4}, slot="station:desk-3")
    assert [(one.station, one.count) for one in fold_shift(stream.items).unsent] == [("desk-3", 4)]
    stream.write(Kind.SHIFT_UNSENT, {"station": "desk-3", "count": 0}, slot="station:desk-3")
    assert fold_shift(stream.items).unsent == ()


def test_facts_of_a_call_make_one_account_in_any_order() -> None:
    stream = Stream(StreamKind.CALL)
    stream.write(Kind.CALL_ANSWERED, {"extension": "1001"}, seconds=14)
    answered = stream.at
    stream.write(Kind.CALL_ENDED, {"outcome": "answered", "ended_by": "caller"}, seconds=60)
    stream.write(Kind.CALL_SEEN, {"direction": "inbound", "dialled": "01632960001"}, seconds=-74)
    began = stream.at
    call = fold_call(stream.items)
    assert call is not None
    assert (call.began, call.answered_at, call.answered_by) == (began, answered, ("1001",))
    assert call.wait == timedelta(seconds=14)
    assert not call.abandoned


def test_a_call_that_turned_out_to_be_another_is_counted_once() -> None:
    one, two = Stream(StreamKind.CALL), Stream(StreamKind.CALL)
    two.write(Kind.CALL_SEEN, {"direction": "inbound"})
    one.write(Kind.CALL_SEEN, {"direction": "inbound"})
    one.write(Kind.CALL_ALIAS, {"other": str(two.ref.id)})
    calls = [found for found in (fold_call(one.items), fold_call(two.items)) if found is not None]
    assert [call.id for call in without_aliases(calls)] == [one.ref.id]


def test_cover_is_a_matrix_and_not_a_list_of_councils() -> None:
    cover = example_cover()
    assert cover.covers("southampton", Service.ADULTS)
    assert not cover.covers("southampton", Service.CHILDREN)
    assert not cover.covers("isle_of_wight", Service.ADULTS)
    assert cover.covers("isle_of_wight", Service.BOTH)
    assert cover.label("01632 960001") == "Hampshire adults"
    assert cover.label("+441632960004") == "Portsmouth children"
    assert cover.label("01632 960999", "oohs") == "oohs"
    assert cover.label("") == "Line not known"


@pytest.mark.parametrize(
    "text",
    [
        "authority = 3",
        "[[line]]\nnumber='1'\nauthority='nowhere'\nservice='adults'",
        "not toml",
        "[[authority]]\nkey='a'",
    ],
)
def test_a_broken_cover_file_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadInput, match="cover file"):
        read_cover(text)


def incident_stream(contact: UUID) -> Stream:
    """Return an opened incident around a contact."""
    stream = Stream(StreamKind.INCIDENT)
    stream.write(Kind.INCIDENT_OPENED, {"ref": "X", "contact": contact, "risk": "p1_life_now"})
    return stream


def test_the_relay_card_says_every_gap_and_both_of_two_answers() -> None:
    contact = Stream(StreamKind.CONTACT)
    contact.write(Kind.CONTACT_OPENED, {"ref": "Y"})
    contact.field("type", "suicidal_caller")
    stream = incident_stream(contact.ref.id)
    incident, note = fold_incident(stream.items), fold_contact(contact.items)
    assert incident is not None
    card = relay_card(RelaySources(incident, note, ring_back="01632 960100"), stream.at)
    assert [item.key for item in card.missing] == [
        "place",
        "access",
        "happening",
        "state",
        "taken",
        "hazards",
        "name",
    ]
    assert all(item.ask for item in card.missing)
    assert "MISSING: where exactly" in card.text()
    assert "01632 960100, our desk. We are a third party" in card.text()
    for author, words in (("priya", "a silver car"), ("tom", "a blue car")):
        body = {"key": "access", "text": words, "source": "caller stated"}
        stream.write(Kind.INCIDENT_FACT, body, slot="fact:access", author=author)
    incident = fold_incident(stream.items)
    assert incident is not None
    card = relay_card(RelaySources(incident, note), stream.at)
    assert next(item.text for item in card.items if item.key == "access") == "a silver car or a blue car"
    assert [item.number for item in card.items if item.number] == [str(count) for count in range(1, 11)]


@pytest.mark.parametrize(
    ("state", "reference", "said"),
    [
        (HelpState.SENT, "", "Ambulance asked, no reference yet"),
        (HelpState.ACKNOWLEDGED, "SC-7731", "Ambulance SC-7731"),
        (HelpState.ACCEPTED, "SC-7731", "Ambulance accepted, SC-7731"),
        (HelpState.DECLINED, "", "Ambulance declined"),
        (HelpState.ON_SCENE, "", "Ambulance on scene"),
        (HelpState.FAILED, "SC-7731", "Ambulance failed, SC-7731"),
        (HelpState.CANCELLED, "", "Nobody yet"),
    ],
)
def test_the_next_agency_hears_what_came_of_the_others(state: HelpState, reference: str, said: str) -> None:
    stream = incident_stream(uuid4())
    incident = fold_incident(stream.items)
    assert incident is not None
    asked = HelpRequest(uuid4(), HelpKind.AMBULANCE, state=state, reference=reference, sent_at=stream.at)
    card = relay_card(RelaySources(incident, helps=(asked,)), stream.at)
    assert next(item.text for item in card.items if item.key == "others") == said


def test_a_colleague_in_a_role_of_a_newer_version_is_on_the_board_by_its_name() -> None:
    stream = Stream(StreamKind.SHIFT)
    body = {"worker": "ines.roche", "name": "Ines Roche", "role": "crisis_navigator", "extension": "1009"}
    stream.write(Kind.SHIFT_SIGNED_IN, body, author="ines.roche")
    (found,) = fold_shift(stream.items).workers
    assert (found.role.value, role_words(found.role)) == ("crisis_navigator", "Crisis navigator")
    assert role_words(read_role("x" * 200 + "\x1b")) == "X" + "x" * 38 + "\u2026"
