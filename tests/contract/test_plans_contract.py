"""Plans for repeated calls, on every store: who reads and writes them, and which calls of a line are counted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from console.domain.ids import new_id
from console.domain.items import item_of_stored
from console.domain.people import MOST_RECENT, Line
from console.domain.plans import PersonPlan, fold_plan
from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef
from console.domain.repeat_calls import about_line, review_id
from console.ports.store import Look, Verdict
from db.people_cards import line_of
from db.postgres.people import PackedPeople
from tests.helpers.record_parts import MANAGER, PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]

NUMBER = "+441632960118"
WORDS = {
    "helps": "Name the day's plan back to her.",
    "limits": "Fifteen minutes.",
    "owner": "Adults' team north",
    "review_on": "2027-03-01",
    "agreed_by": "K Orme",
}


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, clock: HandClock, make_record: MakeRecord) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


def known(store: Store, clock: HandClock) -> StreamRef:
    """Let Tom learn of a person; return her stream."""
    person = StreamRef(StreamKind.PERSON, new_id(clock.now()))
    body = {"family": "Orme", "given": "Kayleigh", "born": "", "ref": "", "e164": ""}
    wrote(store, Pen(TOM, clock).write(Kind.PERSON_CREATED, person, body), TOM)
    return person


def wrote(store: Store, entry: Entry, who: Identity) -> None:
    """Append one entry that is taken."""
    (receipt,) = store.append(who, [entry])
    assert receipt.verdict is Verdict.STORED, receipt.reason


def plan_of(store: Store, who: Identity, person: StreamRef) -> PersonPlan:
    """Return the plan as a worker reads it."""
    found = fold_plan(item_of_stored(one) for one in store.stream(who, person))
    assert found is not None
    return found


def test_that_a_plan_stands_is_seen_by_all_and_its_words_by_whoever_opened_the_record(
    store: Store, clock: HandClock
) -> None:
    person = known(store, clock)
    helen = Pen(MANAGER, clock)
    wrote(store, helen.write(Kind.PERSON_PLAN, person, WORDS, slot="plan"), MANAGER)
    before = plan_of(store, PRIYA, person)
    assert (before.standing, before.words) == (True, None)
    store.open(PRIYA, store.ask_open(PRIYA, person.id, "second worker on this call"))
    words = plan_of(store, PRIYA, person).words
    assert words is not None
    assert (words.helps, words.limits, words.owner) == (WORDS["helps"], WORDS["limits"], WORDS["owner"])
    wrote(store, helen.write(Kind.PERSON_PLAN_ENDED, person, {"words": "No longer rings"}, slot="plan"), MANAGER)
    assert not plan_of(store, PRIYA, person).standing
    assert not plan_of(store, TOM, person).standing


def test_a_plan_is_set_by_a_manager_and_an_answer_given_by_any_worker(store: Store, clock: HandClock) -> None:
    person = known(store, clock)
    priya = Pen(PRIYA, clock)
    (refused,) = store.append(PRIYA, [priya.write(Kind.PERSON_PLAN, person, WORDS, slot="plan")])
    assert refused.verdict is Verdict.REFUSED
    contact, begun = priya.contact()
    wrote(store, begun, PRIYA)
    body = {"person": str(person.id), "plan": "", "answer": "not_at_risk"}
    wrote(store, priya.write(Kind.CONTACT_RISK_ASKED, contact, body, slot=f"risk_asked:{person.id}"), PRIYA)


def rings(store: Store, clock: HandClock, number: str = NUMBER, presentation: str = "allowed") -> UUID:
    """Let a call come in that shows a number; return it."""
    pen = Pen(TOM, clock)
    call = StreamRef(StreamKind.CALL, pen.id())
    body = {"presentation": presentation, "e164": number if presentation == "allowed" else "", "number": "", "name": ""}
    wrote(store, pen.write(Kind.CALL_NUMBER, call, body), TOM)
    return call.id


def line(store: Store, call: UUID) -> Line | None:
    """Return what the look-up for a ringing call says of its line."""
    question = Look("call", call=call, e164=NUMBER)
    return store.look(PRIYA, store.ask_look(PRIYA, question)).line


def test_the_look_up_of_a_call_says_when_its_line_rang_before(store: Store, clock: HandClock) -> None:
    times, calls = [], []
    for _ in range(3):
        times.append(clock.now())
        calls.append(rings(store, clock))
        clock.move(days=2)
    found = line(store, calls[-1])
    assert found is not None
    assert found.recent == (times[1], times[0])
    assert found.calls_before == 2


def test_a_withheld_number_is_no_line_and_is_never_counted(store: Store, clock: HandClock) -> None:
    first = rings(store, clock, presentation="withheld")
    rings(store, clock, presentation="withheld")
    assert line(store, first) is None


def test_no_more_calls_are_told_than_a_rule_may_count(store: Store, clock: HandClock) -> None:
    calls = []
    for _ in range(MOST_RECENT + 3):
        calls.append(rings(store, clock))
        clock.move(minutes=1)
    found = line(store, calls[-1])
    assert found is not None
    assert len(found.recent) == MOST_RECENT
    assert found.recent[0] - found.recent[-1] == timedelta(minutes=MOST_RECENT - 1)


def test_of_two_consoles_that_open_the_same_review_one_is_told_that_it_stands(store: Store, clock: HandClock) -> None:
    review = StreamRef(StreamKind.CONTACT, review_id(about_line(NUMBER), 0))
    body = {"ref": "7K3M-Q2XA-5", "channel": "review"}
    verdicts = []
    for who in (PRIYA, TOM):
        opening = Pen(who, clock).write(Kind.CONTACT_OPENED, review, body, slot="review", expects=Expects(None))
        (receipt,) = store.append(who, [opening])
        verdicts.append(receipt.verdict)
    assert verdicts == [Verdict.STORED, Verdict.MOVED]
    nobody = Pen(PRIYA, clock).write(Kind.CONTACT_TAKEN, review, {"worker": "", "from": PRIYA.worker}, slot="owner")
    wrote(store, nobody, PRIYA)
    # By envelopes alone: whoever has not taken it may know that it stands, and not about whom.
    assert [one.envelope.kind for one in store.stream(MANAGER, review)] == [Kind.CONTACT_OPENED, Kind.CONTACT_TAKEN]
    assert all(one.body is None for one in store.stream(MANAGER, review))
    take = Pen(MANAGER, clock).write(
        Kind.CONTACT_TAKEN, review, {"worker": MANAGER.worker}, slot="owner", expects=Expects(nobody.id)
    )
    wrote(store, take, MANAGER)
    assert all(one.body is not None for one in store.stream(MANAGER, review))


def test_an_older_server_that_tells_no_times_is_read_all_the_same() -> None:
    answer = {"lines": [{"e164": NUMBER, "line": None, "untils": [], "calls": [2, 1_764_626_400_000_000]}]}
    found = line_of(PackedPeople(answer), NUMBER, 0)
    assert found is not None
    assert (found.calls_before, found.recent) == (2, ())
