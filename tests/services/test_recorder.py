"""The one way services write: kept, shared, refused, away, killed, closed."""

from __future__ import annotations

from uuid import UUID

import pytest

from console.domain.record import Entry, Expects, Kind, StreamKind, StreamRef
from console.ports.journal import KeptState
from console.services.link_state import Delivery, Link
from console.services.recorder import Drained
from console.services.writing import Outcome
from tests.helpers.desk import CALL, INCIDENT, JO, PRIYA, Desk
from tests.helpers.simulated_server import SimulatedJournal, SimulatedServer


@pytest.fixture
def server() -> SimulatedServer:
    return SimulatedServer()


@pytest.fixture
def desk(server: SimulatedServer) -> Desk:
    return Desk(server)


def claim(desk: Desk, head: UUID | None = None) -> Entry:
    """Make an exclusive act."""
    content = {"extension": "201"}
    return desk.recorder.entry(Kind.CALL_CLAIMED, CALL, content, slot="claim", expects=Expects(head))


def test_a_recorded_entry_is_kept_then_shared_with_its_seq(desk: Desk, server: SimulatedServer) -> None:
    entry = desk.note("she is on the bridge")
    desk.recorder.record(entry)
    assert server.ids() == [entry.id]
    assert desk.ledger.progress(entry.id).seq == 1
    assert desk.ledger.progress(entry.id).delivery is Delivery.SHARED
    assert desk.journal.kept[entry.id].state is KeptState.SHARED


def test_folds_show_an_entry_before_any_network(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    entry = desk.note("alone")
    desk.recorder.record(entry)
    assert [item.id for item in desk.ledger.items(INCIDENT)] == [entry.id]
    assert desk.ledger.items(INCIDENT)[0].seq == 0
    assert desk.ledger.progress(entry.id).delivery is Delivery.KEPT


def test_what_waited_goes_out_in_order_when_the_record_is_back(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 8)]
    for entry in entries:
        desk.recorder.record(entry)
    desk.wait(20)
    assert desk.ledger.link.link is Link.AWAY
    assert desk.ledger.link.waiting == 7
    server.up = True
    desk.wait(4)
    assert server.ids() == [entry.id for entry in entries]
    assert desk.ledger.link.is_away is False
    assert desk.ledger.link.waiting == 0


def test_a_journal_fault_is_never_called_kept_and_the_words_are_shared_all_the_same(
    desk: Desk, server: SimulatedServer
) -> None:
    desk.journal.faulty = True
    server.up = False
    entry = desk.note("the disk is full")
    desk.recorder.record(entry)
    assert desk.ledger.progress(entry.id).delivery is Delivery.UNSAVED
    assert "disk" in desk.ledger.link.journal_fault
    server.up = True
    desk.wait(6)
    assert server.ids() == [entry.id]
    assert desk.ledger.link.journal_fault
    desk.journal.faulty = False
    desk.wait(2)
    assert desk.ledger.link.journal_fault == ""
    assert desk.journal.kept[entry.id].state is KeptState.SHARED


def test_a_journal_that_recovers_keeps_everything_in_order(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    desk.journal.faulty = True
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 5)]
    for entry in entries:
        desk.recorder.record(entry)
    desk.journal.faulty = False
    desk.wait(2)
    assert list(desk.journal.kept) == [entry.id for entry in entries]
    assert {desk.ledger.progress(entry.id).delivery for entry in entries} == {Delivery.KEPT}


def test_a_refused_entry_stands_aside_whole_and_blocks_nobody(desk: Desk, server: SimulatedServer) -> None:
    bad, good = desk.note("not allowed"), desk.note("allowed", line=2)
    server.refuse.add(bad.id)
    desk.recorder.record(bad, good)
    assert server.ids() == [good.id]
    assert desk.ledger.progress(bad.id).delivery is Delivery.SET_ASIDE
    assert desk.ledger.progress(bad.id).reason == "This role may not write that."
    assert [entry.content()["text"] for entry, _ in desk.ledger.set_aside()] == ["not allowed"]
    assert desk.ledger.link.set_aside == 1
    assert bad.id in {item.id for item in desk.ledger.items(INCIDENT)}


def test_a_set_aside_entry_can_be_offered_again(desk: Desk, server: SimulatedServer) -> None:
    entry = desk.note("later allowed")
    server.refuse.add(entry.id)
    desk.recorder.record(entry)
    server.refuse.clear()
    desk.recorder.offer_again(entry.id)
    assert server.ids() == [entry.id]
    assert desk.ledger.set_aside() == ()
    assert desk.ledger.link.set_aside == 0


def test_the_same_id_with_other_words_is_set_aside_and_never_ticked(desk: Desk, server: SimulatedServer) -> None:
    first = desk.note("first words")
    desk.recorder.record(first)
    other = Desk(server, JO, started=False)
    content = {"line": UUID(int=1), "text": "other words"}
    second = other.recorder.entry(Kind.INCIDENT_NOTE, INCIDENT, content, identity=first.id)
    other.recorder.record(second)
    assert other.ledger.progress(second.id).delivery is Delivery.SET_ASIDE
    assert other.ledger.set_aside()[0][0].content()["text"] == "other words"
    assert len(server.log) == 1


def test_two_claims_have_one_winner_and_the_loser_hears_who(server: SimulatedServer) -> None:
    outcomes: dict[str, Outcome] = {}
    one, two = Desk(server, PRIYA), Desk(server, JO)
    one.recorder.record(signed_in(one))
    two.feed.turn()
    one.recorder.exclusive(claim(one), lambda outcome: outcomes.__setitem__("one", outcome))
    two.recorder.exclusive(claim(two), lambda outcome: outcomes.__setitem__("two", outcome))
    assert outcomes["one"].won
    assert not outcomes["two"].won
    assert outcomes["two"].by == "priya.raman"
    assert outcomes["two"].sentence == "P Raman was first."
    assert outcomes["two"].at is not None


def signed_in(desk: Desk) -> Entry:
    """Make a sign-in."""
    shift = StreamRef(StreamKind.SHIFT, UUID(int=9))
    return desk.recorder.entry(Kind.SHIFT_SIGNED_IN, shift, {"worker": desk.who.worker, "name": desk.who.name})


def test_an_exclusive_act_is_refused_in_words_while_the_record_is_away(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    desk.wait(6)
    outcomes: list[Outcome] = []
    desk.recorder.exclusive(claim(desk), outcomes.append)
    assert [outcome.won for outcome in outcomes] == [False]
    assert "away" in outcomes[0].sentence
    assert not outcomes[0].in_doubt
    server.up = True
    desk.wait(6)
    assert server.log == []


def test_an_exclusive_act_whose_answer_is_lost_is_in_doubt_and_the_feed_decides(
    desk: Desk, server: SimulatedServer
) -> None:
    outcomes: list[Outcome] = []
    entry = claim(desk)
    server.append(PRIYA, [entry])
    server.up = False
    desk.recorder.exclusive(entry, outcomes.append)
    assert [(outcome.won, outcome.in_doubt) for outcome in outcomes] == [(False, True)]
    server.up = True
    desk.wait(4)
    assert desk.ledger.shared_head(CALL, "claim") == entry.id
    assert len(outcomes) == 1
    assert desk.journal.kept[entry.id].state is KeptState.SHARED


def test_an_act_without_expects_is_no_exclusive_act(desk: Desk) -> None:
    with pytest.raises(ValueError, match="slot"):
        desk.recorder.exclusive(desk.note("x"), lambda _: None)


def test_a_killed_console_leaves_its_entries_to_the_next_one(desk: Desk, server: SimulatedServer) -> None:
    server.up = False
    entry = desk.note("before the kill")
    desk.recorder.record(entry)
    server.up = True
    again = Desk(server, journal=desk.journal)
    assert server.ids() == [entry.id]
    assert again.restored[0].waiting == 1


def test_a_refused_entry_is_still_aside_after_a_restart(desk: Desk, server: SimulatedServer) -> None:
    entry = desk.note("not allowed")
    server.refuse.add(entry.id)
    desk.recorder.record(entry)
    again = Desk(server, journal=desk.journal)
    assert again.ledger.progress(entry.id).reason == "This role may not write that."
    assert server.log == []


@pytest.mark.expects_log
def test_after_a_failover_everything_ticked_comes_back(desk: Desk, server: SimulatedServer) -> None:
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 11)]
    for entry in entries:
        desk.recorder.record(entry)
    desk.wait(2)
    server.fail_over(4)
    desk.wait(6)
    assert server.ids() == [entry.id for entry in entries]
    assert [item.seq for item in desk.ledger.items(INCIDENT)] == list(range(1, 11))
    assert desk.ledger.link.missing == 0


@pytest.mark.expects_log
def test_between_failover_and_repair_ticks_go_back_to_kept(desk: Desk, server: SimulatedServer) -> None:
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 4)]
    desk.recorder.record(*entries)
    desk.feed.turn()
    server.fail_over(1)
    server.refuse.add(entries[2].id)
    states: list[Delivery] = []
    desk.ledger.subscribe(lambda _: states.append(desk.ledger.progress(entries[2].id).delivery))
    desk.wait(2)
    assert Delivery.SET_ASIDE in states
    assert states[-1] is not Delivery.SHARED


def test_a_failover_while_the_console_was_off_is_found_at_its_start(desk: Desk, server: SimulatedServer) -> None:
    entries = [desk.note(f"line {number}", line=number) for number in range(1, 6)]
    for entry in entries:
        desk.recorder.record(entry)
    server.fail_over(3)
    again = Desk(server, journal=desk.journal)
    again.wait(4)
    assert server.ids() == [entry.id for entry in entries]


def test_draining_says_what_is_not_shared(desk: Desk, server: SimulatedServer) -> None:
    answers: list[Drained] = []
    server.up = False
    desk.recorder.record(desk.note("kept only"))
    desk.recorder.drain(answers.append)
    desk.alarm.advance(2.9)
    assert answers == []
    desk.alarm.advance(0.3)
    assert answers == [Drained(unsaved=False, unshared=1)]


def test_draining_ends_at_once_when_all_is_shared(desk: Desk) -> None:
    answers: list[Drained] = []
    desk.recorder.record(desk.note("shared"))
    desk.recorder.drain(answers.append)
    assert answers == [Drained(unsaved=False, unshared=0)]


def test_a_stopped_recorder_stops_its_feed_and_says_nothing_more(desk: Desk, server: SimulatedServer) -> None:
    desk.recorder.stop()
    assert desk.feed.stopped
    before = len(desk.changes)
    server.append(JO, [desk.note("from elsewhere")])
    desk.wait(10)
    assert len(desk.changes) == before


def test_a_fact_another_console_reported_first_is_passed_over(desk: Desk, server: SimulatedServer) -> None:
    fact = UUID(int=77)
    other = Desk(server, JO)
    other.recorder.record(other.recorder.entry(Kind.CALL_SEEN, CALL, {"provider_call": "1"}, identity=fact))
    desk.feed.turn()
    desk.recorder.record(desk.recorder.entry(Kind.CALL_SEEN, CALL, {"provider_call": "1"}, identity=fact))
    assert desk.journal.kept == {}
    assert len(server.log) == 1


def test_two_consoles_reporting_one_fact_at_once_make_one_entry(desk: Desk, server: SimulatedServer) -> None:
    fact = UUID(int=77)
    other = Desk(server, JO)
    for one in (desk, other):
        one.recorder.record(one.recorder.entry(Kind.CALL_SEEN, CALL, {"provider_call": "1"}, identity=fact))
    for one in (desk, other):
        one.feed.turn()
    assert server.ids() == [fact]
    assert desk.ledger.items(CALL) == other.ledger.items(CALL)
    assert other.ledger.link.altered_at == 0


def test_the_tick_is_shown_only_with_the_answer(server: SimulatedServer) -> None:
    desk = Desk(server)
    seen: list[tuple[Delivery, bool]] = []
    entry = desk.note("watched")
    desk.ledger.subscribe(lambda _: seen.append((desk.ledger.progress(entry.id).delivery, bool(server.log))))
    desk.recorder.record(entry)
    assert all(stored for delivery, stored in seen if delivery is Delivery.SHARED)
    assert seen[-1][0] is Delivery.SHARED


def test_a_journal_that_cannot_be_read_at_start_is_said(server: SimulatedServer) -> None:
    class Unreadable(SimulatedJournal):
        def drafts(self) -> tuple[()]:
            raise OSError

    desk = Desk(server, journal=Unreadable())
    assert desk.ledger.link.journal_fault
    assert desk.restored[0].lines == 0


def test_open_work_of_before_the_shift_is_brought_at_start(server: SimulatedServer) -> None:
    class Older(SimulatedServer):
        def open_streams(self, kinds: object) -> tuple[StreamRef, ...]:
            return (INCIDENT,)

        def seq_at(self, moment: object) -> int:
            return len(self.log)

    older = Older()
    before = Desk(older)
    before.recorder.record(before.note("from the night before"))
    desk = Desk(older, JO)
    assert [item.content["text"] for item in desk.ledger.items(INCIDENT)] == ["from the night before"]
    assert desk.ledger.is_whole(INCIDENT)
    assert desk.ledger.link.head == older.head
