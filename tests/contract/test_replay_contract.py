"""The doors of a replay: who may, what is written down first, and what every store gives and leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.record import Entry, Identity, Kind, Role, SeenMark, StreamKind, StreamRef
from console.domain.rights import REPLAYERS
from console.ports.store import NoTicket, Verdict
from tests.helpers.record_parts import (
    ADMIN,
    ADVISER,
    AUDITOR,
    MANAGER,
    PRIYA,
    STORES,
    TOM,
    WITNESS,
    HandClock,
    MakeRecord,
    Pen,
    Store,
)

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


@dataclass
class Night:
    """One incident with everything around it, and one that has nothing to do with it."""

    person: UUID
    contact: StreamRef
    incident: StreamRef
    other: StreamRef
    words: dict[UUID, str]


@pytest.fixture
def night(store: Store, clock: HandClock) -> Night:
    pen, words = Pen(PRIYA, clock), {}

    def put(entry: Entry) -> Entry:
        (receipt,) = store.append(PRIYA, [entry])
        assert receipt.verdict is Verdict.STORED
        words[entry.id] = entry.body
        clock.move(seconds=1)
        return entry

    person = StreamRef(StreamKind.PERSON, pen.id())
    put(pen.write(Kind.PERSON_CREATED, person, {"family": "Fenn", "given": "Marcus", "ref": "", "e164": ""}))
    shift, call = StreamRef(StreamKind.SHIFT, pen.id()), StreamRef(StreamKind.CALL, pen.id())
    signed = {
        "worker": PRIYA.worker,
        "name": PRIYA.name,
        "role": PRIYA.role.value,
        "extension": "",
        "station": "desk-1",
    }
    put(pen.write(Kind.SHIFT_SIGNED_IN, shift, signed))
    put(pen.write(Kind.CALL_SEEN, call, {"provider_call": "1", "direction": "inbound", "dialled": ""}))
    contact, opened = pen.contact()
    put(opened)
    put(pen.write(Kind.CONTACT_SUBJECT_ADDED, contact, {"person": str(person.id), "how": "chosen"}))
    put(pen.note(contact, "in the car by the reservoir"))
    incident, helped = StreamRef(StreamKind.INCIDENT, pen.id()), StreamRef(StreamKind.HELP, pen.id())
    about = {"ref": "X", "contact": str(contact.id), "call": str(call.id), "risk": "p1"}
    put(pen.write(Kind.INCIDENT_OPENED, incident, about))
    put(pen.write(Kind.SIGNAL_SENT, StreamRef(StreamKind.SIGNALS, incident.id), {"signal": "ask_location"}))
    put(pen.write(Kind.HELP_DRAFTED, helped, {"incident": str(incident.id), "kind": "police", "words": "by the water"}))
    kept = dict(words)
    kept.pop(opened.id, None)
    elsewhere, other = pen.contact()
    put(other)
    put(pen.note(elsewhere, "another family"))
    put(pen.write(Kind.HELP_DRAFTED, StreamRef(StreamKind.HELP, pen.id()), {"contact": str(elsewhere.id)}))
    return Night(person.id, contact, incident, elsewhere, {opened.id: opened.body, **kept})


def test_everything_of_the_incident_comes_in_order_and_nothing_else(store: Store, night: Night) -> None:
    for who in (MANAGER, AUDITOR):
        found = store.replay(who, store.ask_replay(who, night.incident.id, "review"))
        assert found.incident == night.incident.id
        assert {one.envelope.id: one.body for one in found.entries} == night.words
        seqs = [one.envelope.seq for one in found.entries]
        assert seqs == sorted(seqs)
        told = store.envelopes(0)
        assert [one.envelope for one in found.entries] == [one for one in told if one.id in night.words]


def test_asking_is_written_down_and_names_the_incident(store: Store, night: Night) -> None:
    before = store.verify().accesses
    store.ask_replay(MANAGER, night.incident.id, "review")
    found = store.verify()
    assert (found.accesses, found.what) == (before + 1, "")


@pytest.mark.parametrize("who", [PRIYA, TOM, ADVISER, ADMIN, WITNESS], ids=lambda who: str(who.role))
def test_only_managers_and_auditors_replay(store: Store, night: Night, who: Identity) -> None:
    before = store.verify().accesses
    assert who.role not in REPLAYERS
    with pytest.raises(NoTicket, match="managers and auditors"):
        store.ask_replay(who, night.incident.id, "review")
    assert store.verify().accesses == before


def test_a_replay_needs_a_reason_and_an_incident_that_is_there(store: Store, night: Night) -> None:
    with pytest.raises(NoTicket, match="needs a reason"):
        store.ask_replay(MANAGER, night.incident.id, "  ")
    with pytest.raises(NoTicket, match="no such incident"):
        store.ask_replay(MANAGER, night.contact.id, "review")


def test_a_ticket_for_a_replay_is_good_once_by_its_worker_and_for_two_minutes(
    store: Store, night: Night, clock: HandClock
) -> None:
    ticket = store.ask_replay(MANAGER, night.incident.id, "review")
    with pytest.raises(NoTicket, match="fresh ticket"):
        store.replay(AUDITOR, ticket)
    opening = store.ask_open(MANAGER, night.person, "review")
    with pytest.raises(NoTicket, match="fresh ticket"):
        store.replay(MANAGER, opening)
    store.replay(MANAGER, ticket)
    with pytest.raises(NoTicket, match="fresh ticket"):
        store.replay(MANAGER, ticket)
    late = store.ask_replay(MANAGER, night.incident.id, "review")
    clock.move(minutes=2, seconds=1)
    with pytest.raises(NoTicket, match="fresh ticket"):
        store.replay(MANAGER, late)


def test_who_opened_whose_record_comes_along_without_reasons(store: Store, night: Night, clock: HandClock) -> None:
    store.ask_open(TOM, night.person, "words that are nobody's business here")
    stranger = Pen(TOM, clock).id()
    store.ask_open(TOM, stranger, "another case")
    store.ask_replay(AUDITOR, night.incident.id, "somebody else's review")
    found = store.replay(MANAGER, store.ask_replay(MANAGER, night.incident.id, "review"))
    assert [(one.worker, one.action, one.person, one.at) for one in found.looks] == [
        (TOM.worker, "opened", night.person, clock.now())
    ]


def test_how_far_each_worker_ever_saw_comes_along(store: Store, night: Night) -> None:
    upto = store.heartbeat().head.seq
    store.mark_seen(TOM, [SeenMark(TOM.worker, night.incident, upto), SeenMark(TOM.worker, night.other, upto)])
    found = store.replay(MANAGER, store.ask_replay(MANAGER, night.incident.id, "review"))
    assert found.seen == (SeenMark(TOM.worker, night.incident, upto),)


def test_of_somebody_restricted_meanwhile_the_cases_words_are_left_out(store: Store, night: Night) -> None:
    hides = Pen(MANAGER, HandClock()).write(
        Kind.PERSON_RESTRICTED, StreamRef(StreamKind.PERSON, night.person), {"reason": "staff relative"}
    )
    assert store.append(MANAGER, [hides])[0].verdict is Verdict.STORED
    found = store.replay(AUDITOR, store.ask_replay(AUDITOR, night.incident.id, "review"))
    read = {one.envelope.stream.kind for one in found.entries if one.body is not None}
    unread = {one.envelope.stream.kind for one in found.entries if one.body is None}
    assert unread == {StreamKind.PERSON, StreamKind.CONTACT, StreamKind.INCIDENT}
    assert read == {StreamKind.CALL, StreamKind.SHIFT, StreamKind.SIGNALS, StreamKind.HELP}
    assert len(found.entries) == len(night.words) + 1


def test_the_roles_of_the_rule_are_the_servers_own() -> None:
    text = resources.files("db.postgres").joinpath("sql/12_replay.sql").read_text(encoding="utf-8")
    named = {role for role in Role if f"'{role.value}'" in text}
    assert named == REPLAYERS
