"""The doors ``look`` and ``open``: the audit row first, a ticket once, by the same worker, for two minutes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from console.domain.record import Kind, StreamKind, StreamRef
from console.ports.store import Look, NoTicket, Ticket, Verdict
from tests.helpers.postgres import NEWEST, OLDEST
from tests.helpers.record_parts import (
    ADMIN,
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

MARCUS = "+447700900412"


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


@pytest.fixture
def marcus(store: Store, clock: HandClock) -> StreamRef:
    """A person learned at night, with a number."""
    pen = Pen(PRIYA, clock)
    ref = StreamRef(StreamKind.PERSON, pen.id())
    body = {"family": "Fenn", "given": "Marcus", "e164": MARCUS, "ref": "", "born": "1992-03-04"}
    created = pen.write(Kind.PERSON_CREATED, ref, body)
    line = pen.write(Kind.PERSON_LINE, ref, {"e164": MARCUS, "confirmed": True})
    assert {receipt.verdict for receipt in store.append(PRIYA, [created, line])} == {Verdict.STORED}
    return ref


def look_for(number: str, clock: HandClock) -> Look:
    return Look("ringing", call=Pen(PRIYA, clock).id(), e164=number)


def test_a_person_learned_at_night_is_found_by_number_and_opened(
    store: Store, marcus: StreamRef, clock: HandClock
) -> None:
    found = store.look(TOM, store.ask_look(TOM, look_for(MARCUS, clock)))
    assert [person.person for person in found.people] == [marcus.id]
    record = store.open(TOM, store.ask_open(TOM, marcus.id, "call answered"))
    assert (record.person, record.family, record.given) == (marcus.id, "Fenn", "Marcus")
    assert store.verify().accesses == 2


def test_a_ticket_is_good_once(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    ticket = store.ask_look(PRIYA, look_for(MARCUS, clock))
    store.look(PRIYA, ticket)
    with pytest.raises(NoTicket, match="fresh ticket"):
        store.look(PRIYA, ticket)


def test_a_ticket_is_good_for_its_worker_and_its_action_only(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    listed = store.ask_look(PRIYA, look_for(MARCUS, clock))
    opened = store.ask_open(PRIYA, marcus.id, "call answered")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.look(TOM, listed),
        lambda: store.open(TOM, opened),
        lambda: store.open(PRIYA, listed),
        lambda: store.look(PRIYA, opened),
        lambda: store.open(PRIYA, Ticket(listed.id, "opened")),
        lambda: store.open(PRIYA, Ticket(marcus.id, "opened")),
    )
    for attempt in attempts:
        with pytest.raises(NoTicket, match="fresh ticket"):
            attempt()
    # Wrong tries use nothing up.
    store.look(PRIYA, listed)
    store.open(PRIYA, opened)


def test_a_ticket_is_good_for_two_minutes(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    late = store.ask_open(PRIYA, marcus.id, "call answered")
    clock.move(minutes=1, seconds=59)
    store.open(PRIYA, store.ask_open(PRIYA, marcus.id, "call answered"))
    clock.move(seconds=2)
    with pytest.raises(NoTicket):
        store.open(PRIYA, late)


def test_a_search_and_an_opening_need_a_reason_in_words(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.ask_look(PRIYA, Look("  ", words="Fenn")),
        lambda: store.ask_open(PRIYA, marcus.id, ""),
    )
    for attempt in attempts:
        with pytest.raises(NoTicket, match="reason"):
            attempt()
    store.ask_look(PRIYA, replace(look_for(MARCUS, clock), reason=""))
    assert store.verify().accesses == 1


def test_roles_outside_the_shift_do_not_look(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    for who in (ADMIN, WITNESS):
        with pytest.raises(NoTicket, match="does not look people up"):
            store.ask_look(who, look_for(MARCUS, clock))
        with pytest.raises(NoTicket, match="does not look people up"):
            store.ask_open(who, marcus.id, "curious")


def test_an_opened_record_lets_its_reader_see_that_persons_contacts_for_a_shift(
    store: Store, marcus: StreamRef, clock: HandClock
) -> None:
    pen = Pen(PRIYA, clock)
    ref, opened = pen.contact()
    added = pen.write(Kind.CONTACT_SUBJECT_ADDED, ref, {"person": str(marcus.id), "how": "number"})
    store.append(PRIYA, [opened, added])
    assert store.bodies(TOM, [opened.id]) == {}
    store.look(TOM, store.ask_look(TOM, look_for(MARCUS, clock)))
    assert store.bodies(TOM, [opened.id]) == {}, "being listed is not being opened"
    store.ask_open(TOM, marcus.id, "asked by the coordinator")
    assert store.bodies(TOM, [opened.id]) == {opened.id: opened.body}
    clock.move(hours=12)
    assert store.bodies(TOM, [opened.id]) == {}


def test_a_record_restricted_tonight_shows_that_it_exists_and_is_not_opened(
    store: Store, marcus: StreamRef, clock: HandClock, request: pytest.FixtureRequest
) -> None:
    before = store.ask_open(TOM, marcus.id, "call answered")
    pen = Pen(MANAGER, clock)
    (receipt,) = store.append(MANAGER, [pen.write(Kind.PERSON_RESTRICTED, marcus, {"reason": "staff relative"})])
    assert receipt.verdict is Verdict.STORED

    (found,) = store.look(PRIYA, store.ask_look(PRIYA, look_for(MARCUS, clock))).people
    assert (found.restricted, found.family, found.given, found.born, found.markers) == (True, "", "", None, ())
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.ask_open(PRIYA, marcus.id, "call answered"),
        lambda: store.open(TOM, before),
    )
    for attempt in attempts:
        with pytest.raises(NoTicket, match="is restricted and was not opened") as refused:
            attempt()
        said = str(refused.value)
        assert ("one file" in said) == (request.node.callspec.params["store"] not in (NEWEST, OLDEST)), said
        assert ("This version opens no restricted record" in said) == ("one file" not in said)
        assert "PostgreSQL" not in said, "it opens none either"
        assert said.endswith("Ask the duty manager or the day service.")
    assert all(stored.body is None for stored in store.stream(PRIYA, marcus)), "not even its author"
    assert store.verify().accesses == 3


def test_an_opening_from_the_cache_comes_onto_the_access_log(store: Store, marcus: StreamRef, clock: HandClock) -> None:
    pen = Pen(TOM, clock)
    body = {"person": str(marcus.id), "reason": "answered while away", "at": clock.now()}
    entry = pen.write(Kind.ACCESS_OFFLINE, marcus, body)
    store.append(TOM, [entry])
    store.append(TOM, [entry])
    assert store.verify().accesses == 1


def test_an_administrator_who_came_in_while_the_record_was_away_is_audited(store: Store, clock: HandClock) -> None:
    pen = Pen(ADMIN, clock)
    entry = pen.write(Kind.ACCESS_OFFLINE, StreamRef(StreamKind.SHIFT, pen.id()), {"reason": "came in while away"})
    assert [one.verdict for one in store.append(ADMIN, [entry])] == [Verdict.STORED]
    assert store.verify().accesses == 1


def test_a_person_that_does_not_fit_is_refused_and_nothing_of_it_stays(store: Store, clock: HandClock) -> None:
    pen = Pen(PRIYA, clock)
    ref = StreamRef(StreamKind.PERSON, pen.id())
    nobody = pen.write(Kind.PERSON_LINE, ref, {"e164": MARCUS, "confirmed": True})
    contact, opened = pen.contact()
    receipts = store.append(PRIYA, [nobody, opened])
    assert [receipt.verdict for receipt in receipts] == [Verdict.REFUSED, Verdict.STORED]
    assert "kept on this computer" in receipts[0].reason
    assert store.open_streams([StreamKind.PERSON, StreamKind.CONTACT]) == (contact,)


def test_agencies_are_a_list(store: Store) -> None:
    assert store.agencies(PRIYA) == ()
