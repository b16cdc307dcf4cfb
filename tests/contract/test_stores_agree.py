"""Whatever is written, every store answers the same as the one in memory, byte for byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
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
from console.ports.store import Card, CardOrder, CardQuery
from db.postgres.cluster import Cluster
from tests.helpers import postgres
from tests.helpers.record_parts import ADMIN, ADVISER, MANAGER, PRIYA, TOM, HandClock, Store, make_store
from tests.helpers.team_record import team_store

pytest_plugins = ["tests.helpers.postgres_fixtures"]

IDS = [UUID(int=number) for number in range(1, 7)]
WORKERS = [PRIYA, TOM, ADVISER, MANAGER, ADMIN]
STREAMS = [
    StreamRef(kind, IDS[place])
    for kind in (
        *(StreamKind.CONTACT, StreamKind.INCIDENT, StreamKind.CALL, StreamKind.HELP, StreamKind.AGENCY),
        StreamKind.SIGNALS,
    )
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
    Kind.SUMMONS_SENT,
    Kind.SUMMONS_ACCEPTED,
    Kind.SEEN_OUTSIDE,
]
SLOTS = ["", "owner", "field:x", "roles", f"summons:{UUID(int=100)}", f"summons:{UUID(int=101)}"]
BODIES = st.fixed_dictionaries(
    {},
    optional={
        "person": st.sampled_from([str(one) for one in IDS]),
        "worker": st.sampled_from([who.worker for who in WORKERS]),
        "stream": st.sampled_from([str(ref) for ref in STREAMS] + ["nonsense"]),
        "contact": st.sampled_from([str(one) for one in IDS]),
        "state": st.sampled_from(["sent", "completed", "cancelled"]),
        "role": st.sampled_from(["lead", "coordinator", "observer"]),
        "text": st.text(max_size=5),
    },
)


@st.composite
def entries(draw: st.DrawFn) -> tuple[Identity, Entry]:
    """Return a worker and an entry that worker may offer; ids, slots and streams often meet."""
    who = draw(st.sampled_from(WORKERS))
    slot = draw(st.sampled_from(SLOTS))
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
        assert answers[0] == answers[1]
        for store in stores:
            store.mark_seen(who, seen)
    assert everything(stores[0]) == everything(stores[1])
    assert stores[1].verify().first_bad == 0


def second_versions() -> Batches:
    """Return a batch with second versions in its midst, in every way that a text can be hard to write, and again."""
    ref = StreamRef(StreamKind.CONTACT, IDS[0])

    def note(number: int, body: str, slot: str = "", **more: Any) -> tuple[Identity, Entry]:
        at = more.pop("made_at", datetime(2026, 12, 1, 22, 10, 7, 3, tzinfo=UTC))
        kind = Kind.CONTACT_FIELD if slot else Kind.CONTACT_NOTE
        given = {"slot": slot, "replaces": UUID(int=100), **more}
        return PRIYA, Entry(UUID(int=number), ref, kind, PRIYA.worker, PRIYA.role, PRIYA.station, at, body, **given)

    odd_slot = 'field:"\\ü\u4e2d\U0001f600'
    batch = [
        (PRIYA, Entry(UUID(int=99), ref, Kind.CONTACT_OPENED, PRIYA.worker, PRIYA.role, "", HandClock().now(), "{}")),
        note(100, '{"text":"one"}'),
        note(100, '{"text":"another", "line":1, "line":2}'),
        note(101, "{}", odd_slot),
        note(101, '{"value":"\\u00fc"}', odd_slot, expects=Expects(None), on_behalf_of=TOM.worker),
        note(100, '{"text":"a third"}', made_at=datetime(9999, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC)),
        note(102, '{"text":"the last"}'),
    ]
    return [(batch, False), (batch[1:], True), ([batch[5]], False)]


@pytest.mark.parametrize("kind", postgres.KINDS)
def test_second_versions_take_their_place_in_the_midst_of_a_batch_in_every_store(
    postgres_of_the_run: Callable[[str], Cluster], kind: str, tmp_path: Path
) -> None:
    clock = HandClock()
    cluster = postgres_of_the_run(kind)
    memory, file, team = make_store("memory", tmp_path, clock), make_store("sqlite", tmp_path, clock), None
    try:
        check((memory, file), clock, second_versions())
        assert [one.kind for one in file.envelopes(0)].count(Kind.SEEN_OUTSIDE) == 3
        clock.at = HandClock().now()
        again, team = make_store("memory", tmp_path, clock), team_store(cluster, clock)
        check((again, team), clock, second_versions())
        assert [one.kind for one in team.envelopes(0)] == [one.kind for one in file.envelopes(0)]
    finally:
        memory.close()
        file.close()
        if team is not None:
            team.close()


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
