"""What two people know, on every store: both values of a fact, a promise and an attempt come back and fold alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.call_log import fold_call
from console.domain.drops import RingOutcome
from console.domain.hooks import HookEnd
from console.domain.ids import short_reference
from console.domain.incidents import IncidentState, fold_incident
from console.domain.items import Item, item_of_stored
from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef, iso
from console.domain.ring_claims import CLAIMED, RING_SLOT
from console.ports.store import Verdict
from tests.helpers.record_parts import PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


def told(store: Store, who: Identity, incident: StreamRef) -> IncidentState:
    """Return the incident as a worker reads it from the store."""
    items: list[Item] = [item_of_stored(one) for one in store.news(who, 0) if one.envelope.stream == incident]
    found = fold_incident(items)
    assert found is not None
    return found


def test_what_both_write_at_once_comes_back_to_both_whole(store: Store, clock: HandClock) -> None:
    priya, tom = Pen(PRIYA, clock), Pen(TOM, clock)
    contact, begun = priya.contact()
    incident, call = StreamRef(StreamKind.INCIDENT, priya.id()), priya.id()
    joined = {"worker": TOM.worker, "name": TOM.name, "role": "coordinator"}
    opened = (
        begun,
        priya.write(
            Kind.INCIDENT_OPENED, incident, {"ref": short_reference(incident.id), "contact": contact.id, "call": call}
        ),
        priya.write(Kind.INCIDENT_JOINED, incident, {"worker": PRIYA.worker, "name": PRIYA.name, "role": "lead"}),
    )
    due = clock.now() + timedelta(minutes=20)
    slot, body = f"hook:{priya.id()}", {"sort": "promise", "text": "Ring his brother", "to": "Marcus", "due": iso(due)}
    first = priya.write(Kind.INCIDENT_HOOK, incident, body, slot=slot)
    both = [
        pen.write(Kind.INCIDENT_FACT, incident, {"key": "state", "text": text, "source": "x"}, slot="fact:state")
        for pen, text in ((priya, "Drowsy"), (tom, "Awake"))
    ]
    where = [
        pen.write(Kind.INCIDENT_LOCATION, incident, {"text": text, "source": "caller_stated"}, slot="where")
        for pen, text in ((priya, "In the car"), (tom, "On the bridge"))
    ]
    came = tom.write(Kind.INCIDENT_JOINED, incident, joined, slot="roles", expects=Expects(None))
    kept = tom.write(Kind.INCIDENT_HOOK, incident, body | {"done": "kept"}, slot=slot, replaces=first.id)
    tried = tom.write(Kind.INCIDENT_RING_BACK, incident, {"outcome": "no_answer", "words": "Rang out", "call": call})
    dog = priya.write(Kind.INCIDENT_HAZARD, incident, {"text": "A dog in the car", "source": "x"})
    gone = tom.write(Kind.INCIDENT_HAZARD, incident, {"text": "", "source": ""})
    gone = replace(gone, corrects=dog.id)
    left = tom.write(
        Kind.INCIDENT_LOCATION, incident, {"text": "", "source": "", "reason": "it was not true"}, slot="where",
        replaces=where[0].id,
    )  # fmt: skip
    left = replace(left, corrects=where[0].id)
    for who, entries in (
        (PRIYA, (*opened, first, both[0], where[0], dog)),
        (TOM, (came, both[1], where[1], kept, tried, gone, left)),
    ):
        assert {one.verdict for one in store.append(who, entries)} == {Verdict.STORED}

    read = [told(store, who, incident) for who in (PRIYA, TOM)]
    assert read[0] == read[1]
    for state in read:
        fact = state.fact("state")
        assert fact is not None
        assert {(head.value, head.author) for head in fact.register.heads} == {
            ("Drowsy", PRIYA.worker),
            ("Awake", TOM.worker),
        }
        assert [place.text for place in state.where_stands] == ["On the bridge"]
        (car,) = [place for place in state.places if place.ended is not None]
        assert (car.text, car.ended, car.ended_by, car.why) == ("In the car", left.id, TOM.worker, "it was not true")
        (hook,) = state.hooks
        assert (hook.text, hook.to, hook.due, hook.done) == ("Ring his brother", "Marcus", due, HookEnd.KEPT)
        (hazard,) = state.hazards_said
        assert (hazard.text, hazard.ended, hazard.ended_by) == ("A dog in the car", gone.id, TOM.worker)
        assert state.hazards == ()
        (attempt,) = state.ring_backs
        assert (attempt.outcome, attempt.words, attempt.call) == (RingOutcome.NO_ANSWER, "Rang out", call)


def test_of_two_claims_to_ring_back_made_on_the_same_head_the_record_takes_one(store: Store, clock: HandClock) -> None:
    priya, tom = Pen(PRIYA, clock), Pen(TOM, clock)
    contact, begun = priya.contact()
    incident, call = StreamRef(StreamKind.INCIDENT, priya.id()), priya.id()
    joined = {"worker": TOM.worker, "name": TOM.name, "role": "coordinator"}
    store.append(
        PRIYA,
        [
            begun,
            priya.write(Kind.INCIDENT_OPENED, incident, {"ref": short_reference(incident.id), "contact": contact.id}),
            priya.write(Kind.INCIDENT_JOINED, incident, {"worker": PRIYA.worker, "name": PRIYA.name, "role": "lead"}),
        ],
    )
    store.append(TOM, [tom.write(Kind.INCIDENT_JOINED, incident, joined, slot="roles", expects=Expects(None))])

    def claim(pen: Pen, head: Expects) -> Entry:
        body = {"outcome": CLAIMED, "call": str(call)}
        return pen.write(Kind.INCIDENT_RING_BACK, incident, body, slot=RING_SLOT, expects=head)

    first = claim(tom, Expects(None))
    (won,) = store.append(TOM, [first])
    (lost,) = store.append(PRIYA, [claim(priya, Expects(None))])
    assert (won.verdict, lost.verdict, lost.won_by) == (Verdict.STORED, Verdict.MOVED, TOM.worker)
    assert lost.won_at is not None
    for who in (PRIYA, TOM):
        state = told(store, who, incident)
        assert state.ring_claim is not None
        assert (state.ring_claim.entry, state.ring_claim.by, state.ring_backs) == (first.id, TOM.worker, ())
    (next_,) = store.append(PRIYA, [claim(priya, Expects(first.id))])
    assert next_.verdict is Verdict.STORED, "over the claim that stood there before"


def test_of_two_who_ring_one_missed_caller_back_one_is_first_and_both_hear_who(store: Store, clock: HandClock) -> None:
    priya, tom = Pen(PRIYA, clock), Pen(TOM, clock)
    call = StreamRef(StreamKind.CALL, priya.id())
    store.append(PRIYA, [priya.write(Kind.CALL_SEEN, call, {"direction": "inbound", "dialled": "01632960001"})])

    def claim(pen: Pen, head: Expects) -> Entry:
        body = {"outcome": CLAIMED, "call": str(call.id)}
        return pen.write(Kind.CALL_RING_BACK, call, body, slot=RING_SLOT, expects=head)

    first = claim(tom, Expects(None))
    (won,) = store.append(TOM, [first])
    (lost,) = store.append(PRIYA, [claim(priya, Expects(None))])
    assert (won.verdict, lost.verdict, lost.won_by) == (Verdict.STORED, Verdict.MOVED, TOM.worker)
    for who in (PRIYA, TOM):
        made = fold_call([item_of_stored(one) for one in store.news(who, 0) if one.envelope.stream == call])
        assert made is not None
        assert made.ring_claim is not None
        assert (made.ring_claim.entry, made.ring_claim.by) == (first.id, TOM.worker)
