"""Whatever is written, every store answers the same as the one in memory, byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from console.domain.record import (
    Entry,
    Expects,
    Identity,
    Kind,
    SeenMark,
    StreamKind,
    StreamRef,
    encode_body,
)
from console.ports.store import Card, CardOrder, CardQuery, Verdict
from db.postgres.cluster import Cluster
from tests.helpers import postgres
from tests.helpers.record_parts import ADMIN, ADVISER, MANAGER, PRIYA, TOM, HandClock, Store, make_store
from tests.helpers.team_record import TeamStore, team_store

pytest_plugins = ["tests.helpers.postgres_fixtures"]

IDS = [UUID(int=number) for number in range(1, 7)]
WORKERS = [PRIYA, TOM, ADVISER, MANAGER, ADMIN]
STREAMS = [
    StreamRef(kind, IDS[place])
    for kind in (StreamKind.CONTACT, StreamKind.INCIDENT, StreamKind.CALL, StreamKind.HELP, StreamKind.AGENCY)
    for place in (0, 1)
]
KINDS = [
    Kind.CONTACT_OPENED,
    Kind.CONTACT_NOTE,
    Kind.CONTACT_FIELD,
    Kind.CONTACT_TAKEN,
    Kind.CONTACT_SUBJECT_ADDED,
    Kind.CONTACT_WRONG_PERSON,
    Kind.CONTACT_COMPLETED,
    Kind.INCIDENT_OPENED,
    Kind.INCIDENT_JOINED,
    Kind.INCIDENT_LEFT,
    Kind.INCIDENT_LINKED,
    Kind.INCIDENT_SWAPPED,
    Kind.INCIDENT_STOOD_DOWN,
    Kind.HELP_CHANGED,
    Kind.CALL_ENDED,
    Kind.AGENCY_CHECKED,
    Kind.SEEN_OUTSIDE,
]
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "person": st.sampled_from([str(one) for one in IDS]),
        "worker": st.sampled_from([who.worker for who in WORKERS]),
        "stream": st.sampled_from([str(ref) for ref in STREAMS] + ["nonsense"]),
        "contact": st.sampled_from([str(one) for one in IDS]),
        "state": st.sampled_from(["sent", "completed", "cancelled"]),
        "text": st.text(max_size=5),
    },
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Identity, Entry]:
    """Return a worker and an entry that worker may offer; ids, slots and streams often meet."""
    who = draw(st.sampled_from(WORKERS))
    slot = draw(st.sampled_from(["", "owner", "field:x"]))
    head = st.sampled_from([None, *(UUID(int=number) for number in range(100, 130))])
    expects = draw(st.none() | head.map(Expects)) if slot else None
    return who, Entry(
        UUID(int=draw(st.integers(100, 130))),
        draw(st.sampled_from(STREAMS)),
        draw(st.sampled_from(KINDS)),
        draw(st.sampled_from([who.worker, who.worker, who.worker, PRIYA.worker])),
        who.role,
        who.station,
        HandClock().now(),
        encode_body(draw(BODIES)),
        slot,
        expects,
        on_behalf_of=draw(st.sampled_from(["", "", *(one.worker for one in WORKERS)])),
    )


def everything(store: Store) -> list[object]:
    """Return all that can be read of a store, by everybody."""
    refs = [envelope.stream for envelope in store.envelopes(0)]
    return [
        store.envelopes(0),
        [store.news(who, 0) for who in WORKERS],
        [[store.stream(who, ref) for ref in refs] for who in WORKERS],
        store.open_streams(list(StreamKind)),
        [store.cards(who, CardQuery(order, frozenset(StreamKind), IDS[0])) for who in WORKERS for order in CardOrder],
        store.seen(STREAMS),
        store.heartbeat(),
        store.verify().what,
    ]


BATCHES = st.lists(st.tuples(st.lists(entries(), min_size=1, max_size=6), st.booleans()), max_size=6)
Batches = list[tuple[list[tuple[Identity, Entry]], bool]]


def check(stores: tuple[Store, Store], clock: HandClock, batches: Batches) -> None:
    """Write the same into both, and hold every answer and all that can be read of one to the other's."""
    for batch, marks in batches:
        clock.move(seconds=1)
        who = batch[0][0]
        # A team's server knows the roles of a log-in, and refuses others; a file takes the writer's word.
        offered = [replace(entry, role=who.role) for _, entry in batch]
        refs = {entry.stream for entry in offered}
        cards = [Card(ref, "a line", 1, {"ref": "x"}, 3) for ref in sorted(refs)]
        seen = [SeenMark(who.worker, ref, len(offered)) for ref in sorted(refs)] if marks else []
        answers = [store.append(who, offered, cards) for store in stores]
        if isinstance(stores[1], TeamStore) and any(one.verdict is Verdict.DIFFERS for one in answers[0]):
            # A server keeps a second version at the end of the batch, not in the midst of it: other seqs from here on.
            assert [one.verdict for one in answers[0]] == [one.verdict for one in answers[1]]
            return
        assert answers[0] == answers[1]
        for store in stores:
            store.mark_seen(who, seen)
    assert everything(stores[0]) == everything(stores[1])
    assert stores[1].verify().first_bad == 0


@settings(max_examples=40)
@given(batches=BATCHES)
def test_memory_and_sqlite_agree(batches: Batches) -> None:
    clock = HandClock()
    with tempfile.TemporaryDirectory() as folder:
        memory, file = (make_store(name, Path(folder), clock) for name in ("memory", "sqlite"))
        try:
            check((memory, file), clock, batches)
        finally:
            memory.close()
            file.close()


@pytest.mark.parametrize("kind", postgres.KINDS)
# Not made smaller where it fails: each try is a database of its own, and that takes minutes.
@settings(max_examples=15, phases=(Phase.explicit, Phase.generate))
@given(batches=BATCHES)
def test_memory_and_postgres_agree(postgres_of_the_run: Callable[[str], Cluster], kind: str, batches: Batches) -> None:
    clock = HandClock()
    memory, team = make_store("memory", Path(), clock), team_store(postgres_of_the_run(kind), clock)
    try:
        check((memory, team), clock, batches)
    finally:
        memory.close()
        team.close()
