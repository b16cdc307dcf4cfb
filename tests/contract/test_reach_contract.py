"""Who may open case words to somebody: whoever reads them already, was called, or is a manager; in every store.

Each act is tried as somebody would who has a log-in and no console: the entry alone, at the door.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from console.domain.record import Entry, Expects, Identity, Kind, StreamKind, StreamRef
from console.ports.store import Verdict
from tests.helpers.record_parts import ADVISER, MANAGER, PRIYA, STORES, TOM, HandClock, MakeRecord, Pen, Store

pytest_plugins = ["tests.helpers.record_fixtures", "tests.helpers.postgres_fixtures"]
NOBODY_YET = Expects(None)


@pytest.fixture(scope="module")
def clock() -> HandClock:
    return HandClock()


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path, make_record: MakeRecord, clock: HandClock) -> Iterator[Store]:
    made = make_record(request.param, tmp_path, clock)
    yield made
    made.close()


class Case:
    """Priya's contact with her words in it, and somebody who has nothing to do with it."""

    def __init__(self, store: Store, clock: HandClock) -> None:
        self.store = store
        self.clock = clock
        priya = self.pen(PRIYA)
        self.contact, opened = priya.contact()
        self.words = priya.note(self.contact, "40 paracetamol")
        assert self.put(PRIYA, opened, self.words) == {Verdict.STORED}

    def pen(self, who: Identity) -> Pen:
        """Return what somebody writes entries with."""
        return Pen(who, self.clock)

    def put(self, who: Identity, *entries: Entry) -> set[Verdict]:
        """Offer entries in somebody's name; return the verdicts."""
        return {one.verdict for one in self.store.append(who, entries)}

    def read_by(self, who: Identity) -> bool:
        """Say whether somebody is given the words."""
        return self.words.id in self.store.bodies(who, [self.words.id])

    def incident(self, who: Identity, about: StreamRef | None = None, verdict: Verdict = Verdict.STORED) -> StreamRef:
        """Open an incident around the contact in somebody's name."""
        incident = StreamRef(StreamKind.INCIDENT, uuid4())
        body = {"ref": "X", "contact": str((about or self.contact).id), "call": ""}
        (answer,) = self.store.append(who, [self.pen(who).write(Kind.INCIDENT_OPENED, incident, body)])
        assert (answer.verdict, bool(answer.reason)) == (verdict, verdict is Verdict.REFUSED)
        return incident

    def summons(self, by: Identity) -> UUID:
        """Call for a second worker in somebody's name."""
        signals = StreamRef(StreamKind.SIGNALS, self.contact.id)
        asked = self.pen(by).write(Kind.SUMMONS_SENT, signals, {"contact": str(self.contact.id)})
        assert self.put(by, asked) == {Verdict.STORED}
        return asked.id

    def accept(self, who: Identity, summons: UUID, expects: Expects | None = NOBODY_YET) -> Verdict:
        """Accept a call for a second worker."""
        signals, body = StreamRef(StreamKind.SIGNALS, self.contact.id), {"worker": who.worker}
        entry = self.pen(who).write(
            Kind.SUMMONS_ACCEPTED, signals, body, slot=f"summons:{summons}", expects=expects
        )  # fmt: skip
        (verdict,) = self.put(who, entry)
        return verdict


@pytest.fixture
def case(store: Store, clock: HandClock) -> Case:
    return Case(store, clock)


# --- what opens nothing --------------------------------------------------------------------------


def names_it_in_an_incident(case: Case) -> None:
    """Open an incident of one's own around it."""
    case.incident(ADVISER, verdict=Verdict.REFUSED)


def links_it(case: Case) -> None:
    """Bring it into an incident of one's own."""
    own = StreamRef(StreamKind.INCIDENT, uuid4())
    pen = case.pen(ADVISER)
    linked = pen.write(Kind.INCIDENT_LINKED, own, {"stream": str(case.contact)})
    (_, refused) = case.store.append(ADVISER, [pen.write(Kind.INCIDENT_OPENED, own, {"ref": "X"}), linked])
    assert "does not read that record" in refused.reason


def opens_it_again(case: Case) -> None:
    """Open what is open."""
    again = case.pen(ADVISER).write(Kind.CONTACT_OPENED, case.contact, {"ref": "7K3M-Q2XA-5"})
    assert case.put(ADVISER, again) == {Verdict.REFUSED}


def takes_it(case: Case) -> None:
    """Make it one's own, as if nobody had it."""
    body = {"worker": ADVISER.worker, "from": ""}
    entry = case.pen(ADVISER).write(Kind.CONTACT_TAKEN, case.contact, body, slot="owner", expects=NOBODY_YET)
    assert case.put(ADVISER, entry) == {Verdict.REFUSED}


def puts_it_down_and_takes_it(case: Case) -> None:
    """Say oneself that nobody has it, and then take it."""
    pen = case.pen(ADVISER)
    down = pen.write(Kind.CONTACT_TAKEN, case.contact, {"worker": ""}, slot="owner")
    body = {"worker": ADVISER.worker}
    taken = pen.write(Kind.CONTACT_TAKEN, case.contact, body, slot="owner", expects=Expects(down.id))
    assert case.put(ADVISER, down, taken) == {Verdict.REFUSED, Verdict.MOVED}


def makes_it_about_somebody_opened(case: Case) -> None:
    """Open somebody's record with a reason, and say that the contact is about them."""
    pen, person = case.pen(ADVISER), StreamRef(StreamKind.PERSON, uuid4())
    made = {"family": "Harker", "given": "Beverley", "ref": "8P4Q-R7TX-C"}
    assert case.put(ADVISER, pen.write(Kind.PERSON_CREATED, person, made)) == {Verdict.STORED}
    case.store.ask_open(ADVISER, person.id, "she rang")
    case.put(ADVISER, pen.write(Kind.CONTACT_SUBJECT_ADDED, case.contact, {"person": str(person.id)}))


def joins_the_contact(case: Case) -> None:
    """Join what is no incident."""
    body = {"worker": ADVISER.worker, "role": "observer"}
    entry = case.pen(ADVISER).write(Kind.INCIDENT_JOINED, case.contact, body)
    assert case.put(ADVISER, entry) == {Verdict.REFUSED}


def calls_and_answers_alone(case: Case) -> None:
    """Call for a second worker where one has no caller, and accept it oneself."""
    assert case.accept(ADVISER, case.summons(ADVISER)) is Verdict.STORED
    case.incident(ADVISER, verdict=Verdict.REFUSED)


def accepts_over_the_winner(case: Case) -> None:
    """Accept what Tom has accepted, decided on his acceptance, or on nothing."""
    summons = case.summons(PRIYA)
    assert case.accept(TOM, summons) is Verdict.STORED
    signals = StreamRef(StreamKind.SIGNALS, case.contact.id)
    toms = next(one.envelope.id for one in case.store.stream(TOM, signals) if one.envelope.author == TOM.worker)
    assert {case.accept(ADVISER, summons, one) for one in (None, Expects(toms))} == {Verdict.REFUSED}
    assert case.accept(ADVISER, summons) is Verdict.MOVED
    case.incident(ADVISER, verdict=Verdict.REFUSED)


WAYS = (
    names_it_in_an_incident, links_it, opens_it_again, takes_it, puts_it_down_and_takes_it,
    makes_it_about_somebody_opened, joins_the_contact, calls_and_answers_alone, accepts_over_the_winner,
)  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_nobody_comes_to_a_strangers_words_by_writing(case: Case, way: Callable[[Case], None]) -> None:
    way(case)
    assert not case.read_by(ADVISER)
    assert case.read_by(PRIYA)
    assert case.store.verify().what == ""


def test_nobody_comes_to_what_will_be_written_of_a_person_by_linking_them_first(case: Case) -> None:
    plan, person = case.pen(MANAGER), StreamRef(StreamKind.PERSON, uuid4())
    own = StreamRef(StreamKind.INCIDENT, uuid4())
    linked = case.pen(ADVISER).write(Kind.INCIDENT_LINKED, own, {"stream": str(person)})
    assert case.put(ADVISER, linked) == {Verdict.REFUSED}
    limits = plan.write(Kind.PERSON_PLAN, person, {"limits": "two calls a night"}, slot="plan")
    assert case.put(MANAGER, limits) == {Verdict.STORED}
    assert case.store.bodies(ADVISER, [limits.id]) == {}


# --- what honest consoles do ---------------------------------------------------------------------


def test_who_was_called_opens_the_incident_and_reads_what_the_caller_said(case: Case) -> None:
    assert case.accept(TOM, case.summons(PRIYA)) is Verdict.STORED
    assert not case.read_by(TOM)
    case.incident(TOM)
    assert case.read_by(TOM)


def test_who_is_called_with_a_name_by_a_manager_opens_it_too(case: Case) -> None:
    assert case.accept(TOM, case.summons(MANAGER)) is Verdict.STORED
    case.incident(TOM)
    assert case.read_by(TOM)


def test_a_manager_who_takes_over_opens_it(case: Case) -> None:
    case.incident(MANAGER)
    assert case.read_by(MANAGER)


def test_who_reads_a_contact_brings_it_into_an_incident_and_names_who_it_is_about(case: Case) -> None:
    incident, priya = case.incident(PRIYA), case.pen(PRIYA)
    joined = {"worker": TOM.worker, "role": "coordinator"}
    case.put(PRIYA, priya.write(Kind.INCIDENT_JOINED, incident, joined, slot="roles", expects=NOBODY_YET))
    assert case.read_by(TOM)
    tom, person = case.pen(TOM), StreamRef(StreamKind.PERSON, uuid4())
    made = {"family": "Harker", "given": "Beverley", "ref": "8P4Q-R7TX-C"}
    about = tom.write(Kind.CONTACT_SUBJECT_ADDED, case.contact, {"person": str(person.id)})
    assert case.put(TOM, tom.write(Kind.PERSON_CREATED, person, made), about) == {Verdict.STORED}
    assert not case.read_by(ADVISER)
    case.store.ask_open(ADVISER, person.id, "she rings again")
    assert case.read_by(ADVISER), "a look with a reason, on the access log"


def test_a_record_that_was_put_down_for_anybody_is_taken_by_anybody_once(case: Case) -> None:
    down = case.pen(PRIYA).write(Kind.CONTACT_TAKEN, case.contact, {"worker": ""}, slot="owner")
    case.put(PRIYA, down)
    body = {"worker": TOM.worker, "from": ""}
    blind = case.pen(TOM).write(Kind.CONTACT_TAKEN, case.contact, body, slot="other", expects=NOBODY_YET)
    assert case.put(TOM, blind) == {Verdict.REFUSED}, "not decided on its being put down"
    assert not case.read_by(TOM)
    taken = case.pen(TOM).write(Kind.CONTACT_TAKEN, case.contact, body, slot="owner", expects=Expects(down.id))
    assert case.put(TOM, taken) == {Verdict.STORED}
    assert case.read_by(TOM)


def test_an_opening_that_arrives_before_its_contact_holds_when_that_comes(case: Case) -> None:
    priya = case.pen(PRIYA)
    later, opened = priya.contact()
    incident = case.incident(PRIYA, later)
    words = priya.note(later, "on the bridge")
    joined = priya.write(Kind.INCIDENT_JOINED, incident, {"worker": TOM.worker, "role": "observer"})
    assert case.put(PRIYA, opened, words, joined) == {Verdict.STORED}
    assert words.id in case.store.bodies(TOM, [words.id])


def test_words_delivered_for_a_colleague_open_to_the_colleague_and_not_to_who_delivers_them(case: Case) -> None:
    for_priya = case.pen(TOM).write(
        Kind.INCIDENT_OPENED, StreamRef(StreamKind.INCIDENT, uuid4()), {"contact": str(case.contact.id)}
    )
    assert case.put(TOM, replace(for_priya, on_behalf_of=PRIYA.worker)) == {Verdict.STORED}
    assert not case.read_by(TOM)


# --- acts that one of several may win ------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "slot"),
    [
        (Kind.INCIDENT_JOINED, "roles"),
        (Kind.INCIDENT_JOINED, ""),
        (Kind.INCIDENT_JOINED, "role:coordinator"),
        (Kind.INCIDENT_LEFT, "roles"),
        (Kind.INCIDENT_SWAPPED, "roles"),
        (Kind.INCIDENT_SWAPPED, ""),
        (Kind.INCIDENT_NOTE, "roles"),
    ],
)
def test_a_seat_changes_only_over_the_seats_that_were_seen(case: Case, kind: Kind, slot: str) -> None:
    incident = case.incident(PRIYA)
    body = {"worker": TOM.worker, "role": "coordinator", "lead": TOM.worker}
    (refused,) = case.store.append(TOM, [case.pen(TOM).write(kind, incident, body, slot=slot)])
    assert (refused.verdict, "not written as Nightdesk writes" in refused.reason) == (Verdict.REFUSED, True)


def test_only_who_was_offered_a_pause_answers_the_offer(case: Case) -> None:
    shift, slot = StreamRef(StreamKind.SHIFT, uuid4()), f"relief:{PRIYA.worker}"
    body = {"worker": PRIYA.worker, "about": str(uuid4()), "answer": "declined"}
    answer = case.pen(TOM).write(Kind.SHIFT_RELIEF, shift, body, slot=slot)
    (refused,) = case.store.append(TOM, [answer])
    assert refused.verdict is Verdict.REFUSED
    assert "Only the worker who was offered a pause" in refused.reason
    assert case.put(TOM, replace(answer, id=uuid4(), on_behalf_of=PRIYA.worker)) == {Verdict.STORED}
    own = case.pen(PRIYA).write(Kind.SHIFT_RELIEF, shift, body, slot=slot)
    assert case.put(PRIYA, own) == {Verdict.STORED}
