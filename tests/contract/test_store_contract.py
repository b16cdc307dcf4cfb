"""One behaviour, every store: what ``append`` answers, who reads what, and what is remembered."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from console.domain.record import (
    BODY_CAP,
    GENESIS,
    SCHEMA_VERSION,
    START,
    Cursor,
    Expects,
    Identity,
    Kind,
    SeenMark,
    StreamKind,
    StreamRef,
    chain_digest,
    encode_body,
)
from console.ports.store import Card, CardOrder, CardQuery, OtherHistory, Verdict
from console.services.strays import on_behalf
from tests.helpers.record_parts import (
    ADMIN,
    ADVISER,
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


@pytest.fixture
def priya(clock: HandClock) -> Pen:
    return Pen(PRIYA, clock)


@pytest.fixture
def tom(clock: HandClock) -> Pen:
    return Pen(TOM, clock)


def verdicts(store: Store, pen: Pen, *entries: object) -> list[Verdict]:
    return [receipt.verdict for receipt in store.append(pen.who, entries)]  # type: ignore[arg-type]  # entries of the pen


# --- append ----------------------------------------------------------------------------------


def test_seqs_are_gapless_and_the_chain_can_be_computed_by_anybody(store: Store, priya: Pen, clock: HandClock) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened, priya.note(ref, "overdose 2145, 40 tabs")])
    clock.move(seconds=3)
    store.append(PRIYA, [priya.note(ref, "unknown drug")])

    envelopes = store.envelopes(0)
    digest = GENESIS
    for place, (envelope, entry) in enumerate(zip(envelopes, priya.written, strict=True), start=1):
        assert (envelope.seq, envelope.id) == (place, entry.id)
        digest = chain_digest(digest, place, entry, envelope.stored_at)
        assert envelope.digest == digest
    assert store.heartbeat().head == Cursor(3, digest)
    assert envelopes[2].stored_at == clock.now()


def test_the_receipt_carries_place_time_and_digest(store: Store, priya: Pen, clock: HandClock) -> None:
    _, opened = priya.contact()
    (receipt,) = store.append(PRIYA, [opened])
    (envelope,) = store.envelopes(0)
    assert (receipt.seq, receipt.stored_at, receipt.digest) == (1, clock.now(), envelope.digest)


def test_what_was_stored_comes_back_byte_for_byte(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    entry = replace(
        priya.write(Kind.CONTACT_FIELD, ref, {"value": "Zoë \u202e 🐕"}, slot="field:x", replaces=opened.id),
        corrects=opened.id,
        on_behalf_of="tom.ashdown",
    )
    store.append(PRIYA, [opened, entry])
    (stored,) = store.news(PRIYA, 1)
    assert stored.body == entry.body
    at = stored.envelope
    assert (at.slot, at.replaces, at.corrects, at.on_behalf_of) == ("field:x", opened.id, opened.id, "tom.ashdown")
    assert (at.made_at, at.station, at.role) == (entry.made_at, entry.station, entry.role)


def test_the_same_entry_twice_is_already_there_at_its_old_place(store: Store, priya: Pen, clock: HandClock) -> None:
    ref, opened = priya.contact()
    note = priya.note(ref, "heard")
    first = store.append(PRIYA, [opened, note])
    clock.move(minutes=5)
    again = store.append(PRIYA, [note, opened, priya.note(ref, "new")])
    assert [receipt.verdict for receipt in again] == [Verdict.ALREADY, Verdict.ALREADY, Verdict.STORED]
    assert [receipt.seq for receipt in again] == [2, 1, 3]
    assert again[0].digest == first[1].digest
    assert again[0].stored_at == first[1].stored_at


def test_the_same_entry_twice_in_one_batch_is_stored_once(store: Store, priya: Pen) -> None:
    _, opened = priya.contact()
    assert verdicts(store, priya, opened, opened) == [Verdict.STORED, Verdict.ALREADY]
    assert store.heartbeat().head.seq == 1


def test_a_fact_seen_by_two_consoles_is_one_entry(store: Store, priya: Pen, clock: HandClock) -> None:
    ref = StreamRef(StreamKind.CALL, priya.id())
    fact = priya.write(Kind.CALL_ANSWERED, ref, {"extension": "201"})
    store.append(PRIYA, [fact])
    clock.move(milliseconds=40)
    seen_by_tom = replace(fact, author=TOM.worker, role=TOM.role, station=TOM.station, made_at=clock.now())
    (receipt,) = store.append(TOM, [seen_by_tom])
    assert (receipt.verdict, receipt.seq) == (Verdict.ALREADY, 1)


def test_other_bytes_under_a_known_id_are_kept_as_disputed_once(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    note = priya.note(ref, "first words")
    store.append(PRIYA, [opened, note])
    other = replace(note, body=encode_body({"line": "x", "text": "second words"}))
    assert verdicts(store, priya, other) == [Verdict.DIFFERS]
    assert verdicts(store, priya, other) == [Verdict.DIFFERS]

    stream = store.stream(PRIYA, ref)
    assert [stored.envelope.kind for stored in stream] == [Kind.CONTACT_OPENED, Kind.CONTACT_NOTE, Kind.SEEN_OUTSIDE]
    assert stream[1].body == note.body
    assert stream[2].content()["id"] == str(note.id)
    assert stream[2].content()["body"]["text"] == "second words"
    assert store.verify().first_bad == 0


def test_an_exclusive_act_is_won_once(store: Store, priya: Pen, tom: Pen, clock: HandClock) -> None:
    call = StreamRef(StreamKind.CALL, priya.id())
    hers = priya.write(Kind.CALL_CLAIMED, call, {"extension": "201"}, slot="claim", expects=Expects(None))
    his = tom.write(Kind.CALL_CLAIMED, call, {"extension": "202"}, slot="claim", expects=Expects(None))
    won = clock.now()
    assert verdicts(store, priya, hers) == [Verdict.STORED]
    clock.move(seconds=1)
    (lost,) = store.append(TOM, [his])
    assert (lost.verdict, lost.head, lost.won_by, lost.won_at) == (Verdict.MOVED, hers.id, PRIYA.worker, won)
    assert store.heartbeat().head.seq == 1
    # Offered again, the winner's own act is simply there; decided on the new head, Tom's is taken.
    assert verdicts(store, priya, hers) == [Verdict.ALREADY]
    taken_over = tom.write(Kind.CALL_CLAIMED, call, {"extension": "202"}, slot="claim", expects=Expects(hers.id))
    assert verdicts(store, tom, taken_over) == [Verdict.STORED]


def test_an_act_that_expects_a_head_that_never_was_is_moved(store: Store, priya: Pen) -> None:
    call = StreamRef(StreamKind.CALL, priya.id())
    act = priya.write(Kind.CALL_CLAIMED, call, slot="claim", expects=Expects(priya.id()))
    (receipt,) = store.append(PRIYA, [act])
    assert (receipt.verdict, receipt.head, receipt.won_by) == (Verdict.MOVED, None, "")


def test_one_batch_may_move_one_slot_several_times(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    first = priya.write(Kind.CONTACT_TAKEN, ref, {"worker": "a"}, slot="owner", expects=Expects(None))
    second = priya.write(Kind.CONTACT_TAKEN, ref, {"worker": "b"}, slot="owner", expects=Expects(first.id))
    late = priya.write(Kind.CONTACT_TAKEN, ref, {"worker": "c"}, slot="owner", expects=Expects(first.id))
    assert verdicts(store, priya, opened, first, second, late) == [*[Verdict.STORED] * 3, Verdict.MOVED]


def test_a_field_typed_over_an_older_head_stands_beside_it(store: Store, priya: Pen, tom: Pen) -> None:
    ref, opened = priya.contact()
    base = priya.field(ref, "where", "home")
    store.append(PRIYA, [opened, base])
    store.append(PRIYA, [priya.field(ref, "where", "reservoir", replaces=base.id)])
    assert verdicts(store, tom, tom.field(ref, "where", "car park", replaces=base.id)) == [Verdict.STORED]
    assert [item.replaces for item in store.envelopes(2)] == [base.id, base.id]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        ({"author": "tom.ashdown"}, "another author"),
        ({"body": "not json"}, "not written as"),
        ({"body": '["a list"]'}, "not written as"),
        ({"body": '{"text":"Zo\u00eb"}'}, "not written as"),
        ({"body": '{"text":"\ud800"}'}, "not written as"),
        ({"body": "[" * 150_000}, "not written as"),
        ({"body": '{"text":"' + "x" * BODY_CAP + '"}'}, "too long"),
        ({"station": "desk\n1"}, "not written as"),
        ({"slot": "x" * 121}, "not written as"),
        ({"expects": Expects(None)}, "not written as"),
    ],
)
def test_a_bad_entry_is_refused_in_words_and_holds_up_nobody(
    store: Store, priya: Pen, spoil: dict[str, object], words: str
) -> None:
    ref, opened = priya.contact()
    bad = replace(priya.note(ref, "x"), **spoil)  # type: ignore[arg-type]  # each case spoils one field
    receipts = store.append(PRIYA, [opened, bad, priya.note(ref, "after it")])
    assert [receipt.verdict for receipt in receipts] == [Verdict.STORED, Verdict.REFUSED, Verdict.STORED]
    assert words in receipts[1].reason
    assert "kept on this computer" in receipts[1].reason
    assert store.heartbeat().head.seq == 2


@pytest.mark.parametrize(
    ("who", "kind", "verdict"),
    [
        (ADVISER, Kind.CONTACT_NOTE, Verdict.STORED),
        (ADVISER, Kind.INCIDENT_SWAPPED, Verdict.REFUSED),
        (TOM, Kind.INCIDENT_SWAPPED, Verdict.STORED),
        (TOM, Kind.SEEN_OUTSIDE, Verdict.REFUSED),
        (ADMIN, Kind.CONTACT_NOTE, Verdict.REFUSED),
        (WITNESS, Kind.CALL_QUEUED, Verdict.STORED),
        (WITNESS, Kind.SHIFT_WATCH, Verdict.STORED),
        (WITNESS, Kind.SHIFT_ALERT, Verdict.REFUSED),
        (TOM, Kind.SHIFT_WATCH, Verdict.REFUSED),
        (WITNESS, Kind.CALL_CLAIMED, Verdict.REFUSED),
        (WITNESS, Kind.CONTACT_NOTE, Verdict.REFUSED),
    ],
)
def test_each_role_writes_what_it_may(
    store: Store, clock: HandClock, who: Identity, kind: Kind, verdict: Verdict
) -> None:
    pen = Pen(who, clock)
    about = kind.value.partition(".")[0]
    stream = StreamKind(about) if about in set(StreamKind) else StreamKind.CONTACT
    slot, expects = ("roles", Expects(None)) if kind is Kind.INCIDENT_SWAPPED else ("", None)
    entry = pen.write(kind, StreamRef(stream, pen.id()), slot=slot, expects=expects)
    assert verdicts(store, pen, entry) == [verdict]


def test_a_fact_of_a_call_closes_no_contact_and_says_nothing_of_a_shift(store: Store, priya: Pen) -> None:
    """Whoever may write facts of calls, a witness above all, could otherwise end work that is open."""
    ref, opened = priya.contact()
    store.append(PRIYA, [opened])
    pen = Pen(WITNESS, priya.clock)
    shift = StreamRef(StreamKind.SHIFT, pen.id())
    forged = [pen.write(Kind.CALL_ENDED, ref, {"outcome": "answered"}), pen.write(Kind.CALL_SEEN, shift)]
    forged.append(pen.write(Kind.SHIFT_WATCH, StreamRef(StreamKind.CALL, pen.id())))
    assert verdicts(store, pen, *forged) == [Verdict.REFUSED] * 3
    assert store.open_streams([StreamKind.CONTACT]) == (ref,)


@pytest.mark.parametrize(
    ("who", "decision", "verdict"),
    [
        (TOM, "threshold", Verdict.REFUSED),
        (PRIYA, "threshold", Verdict.STORED),
        (PRIYA, "decline_service", Verdict.REFUSED),
        (MANAGER, "decline_service", Verdict.STORED),
        (TOM, "share_information", Verdict.STORED),
    ],
)
def test_a_decision_needs_the_role_that_may_take_it(
    store: Store, clock: HandClock, who: Identity, decision: str, verdict: Verdict
) -> None:
    pen = Pen(who, clock)
    ref, opened = pen.contact()
    store.append(who, [opened])
    assert verdicts(store, pen, pen.write(Kind.CONTACT_DECISION, ref, {"kind": decision})) == [verdict]


def test_eight_writers_leave_no_hole(store: Store, clock: HandClock) -> None:
    def work(number: int) -> None:
        pen = Pen(replace(PRIYA, worker=f"worker.{number}"), clock)
        ref, opened = pen.contact()
        store.append(pen.who, [opened])
        for turn in range(5):
            store.append(pen.who, [pen.note(ref, str(turn)), pen.note(ref, "and")])

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [envelope.seq for envelope in store.envelopes(0)] == list(range(1, 8 * 11 + 1))
    report = store.verify()
    assert (report.entries, report.first_bad) == (88, 0)


# --- who reads what --------------------------------------------------------------------------


def reads(store: Store, who: Identity, ref: StreamRef) -> list[bool]:
    return [stored.body is not None for stored in store.stream(who, ref)]


def test_envelopes_are_for_everybody_and_words_of_a_contact_for_its_members(store: Store, priya: Pen, tom: Pen) -> None:
    ref, opened = priya.contact()
    note = priya.note(ref, "she is alone")
    store.append(PRIYA, [opened, note])
    assert reads(store, PRIYA, ref) == [True, True]
    assert reads(store, TOM, ref) == [False, False]
    assert reads(store, ADMIN, ref) == [False, False]
    assert store.bodies(TOM, [note.id]) == {}
    assert store.bodies(PRIYA, [note.id, tom.id()]) == {note.id: note.body}
    store.append(PRIYA, [priya.write(Kind.CONTACT_TAKEN, ref, {"worker": TOM.worker}, slot="owner")])
    assert reads(store, TOM, ref) == [True, True, True]


def test_words_of_calls_and_of_the_shift_are_for_every_shift_role(store: Store, priya: Pen) -> None:
    ref = StreamRef(StreamKind.CALL, priya.id())
    store.append(PRIYA, [priya.write(Kind.CALL_SEEN, ref, {"dialled": "+441632960001"})])
    assert reads(store, TOM, ref) == [True]
    assert reads(store, ADMIN, ref) == [False]
    assert [stored.body for stored in store.news(WITNESS, 0)] == [None]
    assert store.bodies(WITNESS, [store.envelopes(0)[0].id]) == {}


def test_members_of_an_incident_read_what_it_links_until_they_leave(store: Store, priya: Pen) -> None:
    contact, opened = priya.contact()
    incident = StreamRef(StreamKind.INCIDENT, priya.id())
    store.append(
        PRIYA,
        [
            opened,
            priya.write(Kind.INCIDENT_OPENED, incident, {"contact": str(contact.id), "call": ""}),
            priya.write(Kind.INCIDENT_JOINED, incident, {"worker": TOM.worker, "role": "observer"}),
        ],
    )
    assert reads(store, TOM, contact) == [True]
    assert reads(store, TOM, incident) == [True, True]
    assert reads(store, ADVISER, contact) == [False]
    store.append(PRIYA, [priya.write(Kind.INCIDENT_LEFT, incident, {"worker": TOM.worker})])
    assert reads(store, TOM, contact) == [False]


def test_a_contact_linked_later_is_read_too(store: Store, priya: Pen, tom: Pen) -> None:
    contact, opened = priya.contact()
    incident = StreamRef(StreamKind.INCIDENT, tom.id())
    store.append(TOM, [tom.write(Kind.INCIDENT_OPENED, incident)])
    store.append(PRIYA, [opened])
    assert reads(store, TOM, contact) == [False]
    store.append(PRIYA, [priya.write(Kind.INCIDENT_LINKED, incident, {"stream": str(contact)})])
    assert reads(store, TOM, contact) == [True]


def test_an_author_reads_own_words_and_no_others(store: Store, priya: Pen, tom: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened])
    store.append(TOM, [tom.note(ref, "police 6 min")])
    assert reads(store, TOM, ref) == [False, True]


def test_words_delivered_for_a_colleague_are_the_colleagues_own(store: Store, priya: Pen, tom: Pen) -> None:
    ref, opened = priya.contact()
    delivered = [on_behalf(one, TOM, PRIYA.worker) for one in (opened, priya.note(ref, "overdose 2145"))]
    store.append(TOM, delivered)
    assert reads(store, PRIYA, ref) == [True, True], "she reads what she wrote"
    assert reads(store, TOM, ref) == [True, True], "he had it in his hands"
    store.append(PRIYA, [priya.note(ref, "rang back")])
    assert reads(store, PRIYA, ref) == [True, True, True]
    assert reads(store, TOM, ref) == [True, True, False], "delivering is not working on it"
    store.append(ADVISER, [replace(Pen(ADVISER, HandClock()).note(ref, "he rang"), on_behalf_of=TOM.worker)])
    assert [reads(store, who, ref)[-1] for who in (PRIYA, TOM, ADVISER, MANAGER)] == [True, True, True, False]
    assert store.verify().what == ""


# --- reading on ------------------------------------------------------------------------------


def test_news_come_in_order_after_a_seq_and_in_pages(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened, *(priya.note(ref, str(n)) for n in range(9))])
    assert [stored.envelope.seq for stored in store.news(PRIYA, 4)] == [5, 6, 7, 8, 9, 10]
    assert [stored.envelope.seq for stored in store.news(PRIYA, 4, limit=2)] == [5, 6]
    assert store.news(PRIYA, 10) == ()


def test_streams_open_and_close_by_their_entries(store: Store, priya: Pen) -> None:
    first, opened = priya.contact()
    second, opened_too = priya.contact()
    incident = StreamRef(StreamKind.INCIDENT, priya.id())
    store.append(PRIYA, [opened, opened_too, priya.write(Kind.INCIDENT_OPENED, incident)])
    assert store.open_streams([StreamKind.CONTACT]) == (first, second)
    store.append(PRIYA, [priya.write(Kind.CONTACT_COMPLETED, first), priya.write(Kind.CONTACT_KEPT, second)])
    assert store.open_streams([StreamKind.CONTACT, StreamKind.INCIDENT]) == (second, incident)
    store.append(PRIYA, [priya.write(Kind.INCIDENT_STOOD_DOWN, incident)])
    assert store.open_streams([StreamKind.INCIDENT]) == ()


def test_a_request_for_help_is_open_until_its_state_ends_it(store: Store, priya: Pen) -> None:
    ref = StreamRef(StreamKind.HELP, priya.id())
    store.append(PRIYA, [priya.write(Kind.HELP_DRAFTED, ref)])
    for state, is_open in (("sent", True), ("declined", True), ("failed", True), ("completed", False)):
        store.append(PRIYA, [priya.write(Kind.HELP_CHANGED, ref, {"state": state}, slot="state")])
        assert (ref in store.open_streams([StreamKind.HELP])) is is_open


def test_seq_at_names_where_a_night_begins(store: Store, priya: Pen, clock: HandClock) -> None:
    ref, opened = priya.contact()
    evening = clock.now()
    store.append(PRIYA, [opened])
    clock.move(hours=1)
    store.append(PRIYA, [priya.note(ref, "an hour later")])
    assert store.seq_at(evening) == 0
    assert store.seq_at(evening + timedelta(minutes=1)) == 1
    assert store.seq_at(clock.now() + timedelta(days=1)) == 2


# --- heartbeat -------------------------------------------------------------------------------


def test_a_heartbeat_says_head_time_schema_and_that_our_history_is_its_history(
    store: Store, priya: Pen, clock: HandClock
) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened, priya.note(ref, "a"), priya.note(ref, "b")])
    cursors = [Cursor(at.seq, at.digest) for at in store.envelopes(0)]
    beat = store.heartbeat(cursors[1])
    assert (beat.head, beat.server_time, beat.schema) == (cursors[2], clock.now(), SCHEMA_VERSION)
    assert [store.heartbeat(cursor).rewind_to for cursor in (None, START, *cursors)] == [None] * 5


def test_a_history_that_is_not_ours_is_told_where_both_agree(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened, priya.note(ref, "a"), priya.note(ref, "b")])
    one, two, three = (Cursor(at.seq, at.digest) for at in store.envelopes(0))
    beyond, other = Cursor(4, "f" * 64), Cursor(3, "e" * 64)
    # With one cursor alone nothing is known to be agreed but the beginning.
    assert store.heartbeat(beyond).rewind_to == 0
    assert store.heartbeat(other).rewind_to == 0
    assert store.beat((beyond, three, two, one)).rewind_to == 3
    assert store.beat((other, Cursor(2, "d" * 64), one)).rewind_to == 1
    assert store.beat((two, one)).rewind_to is None


# --- seen ------------------------------------------------------------------------------------


def test_a_seen_mark_moves_on_and_never_back(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened, priya.note(ref, "a")])
    store.mark_seen(TOM, [SeenMark(TOM.worker, ref, 2)])
    store.mark_seen(TOM, [SeenMark(TOM.worker, ref, 1)])
    store.mark_seen(PRIYA, [SeenMark(PRIYA.worker, ref, 1)])
    assert store.seen([ref]) == (SeenMark(PRIYA.worker, ref, 1), SeenMark(TOM.worker, ref, 2))


def test_a_seen_mark_is_only_ever_ones_own(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened])
    store.mark_seen(TOM, [SeenMark(PRIYA.worker, ref, 1)])
    assert store.seen([ref]) == (SeenMark(TOM.worker, ref, 1),)


def test_a_seen_mark_beyond_the_head_is_of_a_history_that_is_no_more_and_sees_nothing(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened])
    store.mark_seen(TOM, [SeenMark(TOM.worker, ref, 1)])
    store.mark_seen(TOM, [SeenMark(TOM.worker, ref, 2)])
    store.append(PRIYA, [priya.note(ref, "stored again under that number")])
    assert store.seen([ref]) == (SeenMark(TOM.worker, ref, 1),)


def test_seen_marks_are_for_the_streams_asked(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened])
    signals = StreamRef(StreamKind.SIGNALS, ref.id)
    store.mark_seen(TOM, [SeenMark(TOM.worker, signals, 1)])
    assert store.seen([ref]) == ()
    assert store.seen([ref, signals]) == (SeenMark(TOM.worker, signals, 1),)


# --- cards -----------------------------------------------------------------------------------


def card(ref: StreamRef, line: str = "Crisis team informed", reducers: int = 3, upto: int = 0) -> Card:
    return Card(ref, line, reducers, {"ref": "7K3M-Q2XA-5", "words": "never in a list"}, upto)


def test_a_card_shows_only_what_lists_may_show(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened], [card(ref)])
    (shown,) = store.cards(TOM, CardQuery(CardOrder.OPEN))
    assert (shown.stream, shown.line, shown.details) == (ref, "Crisis team informed", {"ref": "7K3M-Q2XA-5"})
    assert (shown.stale, shown.upto, shown.opened_at) == (False, 1, opened.made_at)
    assert store.cards(ADMIN, CardQuery(CardOrder.OPEN)) == ()


def test_a_card_grows_stale_and_fresh_again(store: Store, priya: Pen, tom: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened], [card(ref)])
    store.append(TOM, [tom.note(ref, "b")])
    (shown,) = store.cards(PRIYA, CardQuery(CardOrder.OPEN))
    assert shown.stale
    store.append(PRIYA, [priya.note(ref, "c")], [card(ref, "did not know of b", upto=1)])
    (shown,) = store.cards(PRIYA, CardQuery(CardOrder.OPEN))
    assert (shown.line, shown.stale) == ("did not know of b", True)
    store.append(PRIYA, [], [card(ref, "all folded", upto=3)])
    (shown,) = store.cards(PRIYA, CardQuery(CardOrder.OPEN))
    assert (shown.line, shown.stale) == ("all folded", False)


def test_a_card_of_older_reducers_or_of_a_stranger_changes_nothing(store: Store, priya: Pen) -> None:
    ref, opened = priya.contact()
    store.append(PRIYA, [opened], [card(ref, "right", reducers=3)])
    store.append(PRIYA, [], [card(ref, "older", reducers=2, upto=1)])
    store.append(TOM, [], [card(ref, "not his to fold", upto=1)])
    (shown,) = store.cards(PRIYA, CardQuery(CardOrder.OPEN))
    assert shown.line == "right"


def test_lists_of_cards(store: Store, priya: Pen) -> None:
    person = priya.id()
    first, opened = priya.contact()
    second, opened_too = priya.contact()
    about = priya.write(Kind.CONTACT_SUBJECT_ADDED, first, {"person": str(person), "how": "search"})
    store.append(PRIYA, [opened, opened_too, about, priya.write(Kind.CONTACT_COMPLETED, first)])

    def listed(order: CardOrder, limit: int = 50) -> list[StreamRef]:
        return [found.stream for found in store.cards(TOM, CardQuery(order, person=person, limit=limit))]

    assert listed(CardOrder.OPEN) == [second]
    assert listed(CardOrder.RECENT) == [first, second]
    assert listed(CardOrder.RECENT, limit=1) == [first]
    assert listed(CardOrder.OF_PERSON) == [first]
    store.append(PRIYA, [priya.write(Kind.CONTACT_WRONG_PERSON, first, {"person": str(person)})])
    assert listed(CardOrder.OF_PERSON) == []


def test_close_is_harmless_twice(store: Store) -> None:
    store.close()
    store.close()


def test_nothing_is_written_after_a_place_that_the_record_does_not_hold(store: Store, priya: Pen) -> None:
    ref, first = priya.contact()
    second = priya.note(ref, "two")
    (stored,) = store.append(PRIYA, [first], after=START)
    one = Cursor(stored.seq, stored.digest)
    for elsewhere in (Cursor(1, "d" * 64), Cursor(2, stored.digest)):
        with pytest.raises(OtherHistory):
            store.append(PRIYA, [second], after=elsewhere)
    assert store.heartbeat().head == one
    assert store.append(PRIYA, [second], after=one)[0].verdict is Verdict.STORED
    assert store.append(PRIYA, [second], after=one)[0].verdict is Verdict.ALREADY
