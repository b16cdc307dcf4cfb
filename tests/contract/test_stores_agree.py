"""Whatever is written, the memory store and the SQLite store answer the same, byte for byte."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import UUID

from hypothesis import given, settings
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
from tests.helpers.record_parts import ADMIN, ADVISER, MANAGER, PRIYA, TOM, HandClock, Store, make_store

IDS = [UUID(int=number) for number in range(1, 7)]
WORKERS = [PRIYA, TOM, ADVISER, MANAGER, ADMIN]
STREAMS = [
    StreamRef(kind, IDS[place])
    for kind in (StreamKind.CONTACT, StreamKind.INCIDENT, StreamKind.CALL, StreamKind.HELP, StreamKind.SIGNALS)
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


@settings(max_examples=40)
@given(batches=st.lists(st.tuples(st.lists(entries(), min_size=1, max_size=6), st.booleans()), max_size=6))
def test_memory_and_sqlite_agree(batches: list[tuple[list[tuple[Identity, Entry]], bool]]) -> None:
    clock = HandClock()
    with tempfile.TemporaryDirectory() as folder:
        memory, file = (make_store(name, Path(folder), clock) for name in ("memory", "sqlite"))
        try:
            for batch, marks in batches:
                clock.move(seconds=1)
                who = batch[0][0]
                offered = [entry for _, entry in batch]
                refs = {entry.stream for entry in offered}
                cards = [Card(ref, "a line", 1, {"ref": "x"}, 3) for ref in sorted(refs)]
                seen = [SeenMark(who.worker, ref, len(offered)) for ref in sorted(refs)] if marks else []
                answers = [store.append(who, offered, cards) for store in (memory, file)]
                assert answers[0] == answers[1]
                for store in (memory, file):
                    store.mark_seen(who, seen)
            assert everything(memory) == everything(file)
            assert file.verify().first_bad == 0
        finally:
            memory.close()
            file.close()
