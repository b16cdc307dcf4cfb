"""What is signalled to managers stands on the board until one of them answers, and nobody's name on the wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.people import Rank
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.shifts import WorkerState
from tests.helpers.night_screens import Night
from ui.desktop.screens.board.rows import ListRow
from ui.desktop.screens.board.wall import without_names
from ui.desktop.screens.coordinator.lists import signal_row
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ButtonFace


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def signals(night: Night) -> list[ListRow]:
    """Return the rows of the board that are signals."""
    return [row for row in night.b.requests.rows if row.key.startswith("signal ")]


def test_a_signal_to_managers_stands_first_with_who_and_how_long(night: Night) -> None:
    night.handler.do(Act.MANAGER)
    night.room.advance(12)
    night.coordinator.do(Act.AT_RISK)
    night.room.advance(2)

    rows = signals(night)
    assert [(row.words, row.below.split(",")[0]) for row in rows] == [
        ("I am at risk", "Tom Adeyemi"),
        ("Manager please", "Priya Raman"),
    ]
    assert rows[1].value > "00:12"
    assert [row.key for row in night.b.requests.rows[:2]] == [row.key for row in rows]
    assert night.b.requests.title == "2 signals to managers; requests, 0"


def test_other_signals_are_for_the_partner_alone(night: Night) -> None:
    night.handler.do(Act.GET_POLICE)
    night.coordinator.do(Act.KEEP_TALKING)

    assert signals(night) == []


def test_enter_says_that_one_is_coming_and_the_sender_reads_it(night: Night) -> None:
    night.handler.do(Act.MANAGER)
    (row,) = signals(night)
    night.board.row("requests", row.key, row.act)
    night.room.advance(2)

    assert signals(night) == []
    assert night.b.notice.startswith("Priya Raman reads that you are coming.")
    assert "Helen Marsh is coming" in str(night.h.partner)
    night.board.row("requests", row.key, row.act)
    assert night.b.notice == "That signal was answered, or its work is over."


def test_it_goes_with_the_incident_that_is_over(night: Night) -> None:
    night.handler.do(Act.MANAGER)
    assert len(signals(night)) == 1
    (incident,) = night.tom.folds.incidents()
    stream = StreamRef(StreamKind.INCIDENT, incident.id)
    night.tom.recorder.record(night.tom.recorder.entry(Kind.INCIDENT_STOOD_DOWN, stream, {"reason": "over"}))
    night.room.advance(2)

    assert signals(night) == []


def test_the_wall_says_it_without_a_name(night: Night) -> None:
    night.handler.do(Act.MANAGER)
    wall = without_names(night.b).requests

    assert [row.words for row in wall.rows] == ["Manager please"]
    assert "Raman" not in str(wall)


@pytest.fixture
def alone() -> Iterator[Night]:
    """Priya on the line by herself; Tom ready at his desk, Helen the duty manager."""
    made = Night()
    made.answered()
    yield made
    made.room.close()


def button(night: Night, act: Act) -> ButtonFace:
    """Return one of the handler's signals as its button shows it."""
    row = night.h.signals
    return next(one.face for one in (*row.buttons, row.risk) if one.act is act)


def test_where_nobody_could_come_it_is_never_delivered_whoever_holds_it(alone: Night) -> None:
    alone.tom.shift.say(WorkerState.VISIT)
    alone.helen.shift.sign_out()
    alone.room.settle()
    alone.handler.do(Act.GET_POLICE)
    shown = button(alone, Act.GET_POLICE)
    assert (shown.note, shown.why) == ("nobody has it", "nobody has this: F7, or 999")
    alone.room.advance(15)
    assert "delivered" not in str(alone.h.signals)
    assert "unseen" not in str(alone.h.signals)
    assert alone.h.partner.line == "Nobody has this yet: ring 999"
    assert alone.h.partner.second.startswith("Nobody is free.")


SIGNALS = pytest.mark.parametrize(
    ("act", "words"),
    [
        (Act.GET_POLICE, "Get police"),
        (Act.GET_AMBULANCE, "Get ambulance"),
        (Act.CALLER_GONE, "Caller gone"),
    ],
)


@SIGNALS
def test_what_somebody_alone_signals_stands_before_managers_and_everybody_free(
    alone: Night, act: Act, words: str
) -> None:
    alone.handler.do(act)
    (asked,) = alone.c.summons
    assert asked.words.startswith(f"Priya Raman: {words}")
    idle = HandlerDesk(alone.coordinator_desk)
    drawn: list[HandlerRows] = []
    idle.show_on(drawn.append)
    assert drawn[-1].slot.title == f"Priya Raman: {words}"
    assert drawn[-1].slot.chip is not None
    assert drawn[-1].slot.chip.text.startswith("SECOND ASKED")
    assert [(row.words, row.below.split(", ")[:2]) for row in signals(alone)] == [(words, ["Priya Raman", "alone"])]

    alone.coordinator.row("desk", asked.key, "take")
    alone.room.advance(2)
    assert [one.signal for one in alone.c.signals] == [words]
    assert signals(alone) == [], "it is between the two now"


def test_one_who_is_free_and_reads_it_is_named_until_they_come(alone: Night) -> None:
    alone.board.pause()
    alone.handler.do(Act.GET_POLICE)
    assert alone.c.summons
    alone.room.advance(2)
    shown = button(alone, Act.GET_POLICE)
    assert (shown.note, shown.why) == ("seen by Tom", "seen by Tom Adeyemi, not with you yet")
    alone.board.resume()
    alone.room.advance(2)
    assert button(alone, Act.GET_POLICE).why == "seen by Helen Marsh and Tom Adeyemi, not with you yet"
    alone.coordinator.row("desk", alone.c.summons[0].key, "take")
    alone.room.advance(2)
    assert button(alone, Act.GET_POLICE).note.startswith("seen 22:")


def test_who_reads_it_in_the_slot_beside_a_record_of_their_own_has_seen_it(alone: Night) -> None:
    alone.board.pause()
    alone.coordinator.pause()
    idle = HandlerDesk(alone.coordinator_desk)
    idle.show_on(lambda _: None)
    idle.do(Act.NO_CALL)
    alone.handler.do(Act.GET_POLICE)
    alone.room.settle()
    idle.draw()
    alone.room.advance(2)
    assert button(alone, Act.GET_POLICE).why == "seen by Tom Adeyemi, not with you yet"
    idle.stop()


def test_manager_please_of_somebody_alone_asks_the_room_only_where_no_manager_is_at_work(alone: Night) -> None:
    alone.handler.do(Act.MANAGER)
    assert alone.tom.pair.waiting_summons() == ()
    assert [row.words for row in signals(alone)] == ["Manager please"]

    alone.helen.shift.sign_out()
    alone.room.settle()
    alone.handler.do(Act.MANAGER)
    (asked,) = alone.c.summons
    assert asked.words.startswith("Priya Raman: Manager please")


def test_the_board_in_front_of_a_manager_is_seen_and_the_wall_is_nobodys(night: Night) -> None:
    night.handler.do(Act.MANAGER)
    night.coordinator.pause()
    assert len(signals(night)) == 1
    night.room.advance(2)
    assert button(night, Act.MANAGER).note.startswith("seen 22:")

    night.board.do(Act.WALL)
    night.handler.do(Act.AT_RISK)
    assert len(signals(night)) == 2
    night.room.advance(5)
    assert button(night, Act.AT_RISK).note.startswith("unseen")
    night.board.do(Act.WALL)
    night.room.advance(2)
    assert button(night, Act.AT_RISK).note.startswith("seen 22:")


def test_nothing_is_seen_on_a_board_that_is_left(night: Night) -> None:
    night.board.pause()
    night.coordinator.pause()
    night.handler.do(Act.MANAGER)
    night.room.advance(6)
    assert button(night, Act.MANAGER).note.startswith("unseen")
    night.board.resume()
    night.room.advance(2)
    assert button(night, Act.MANAGER).note.startswith("seen 22:")


def test_manager_please_that_no_manager_read_says_who_did(night: Night) -> None:
    night.helen.shift.sign_out()
    night.board.stop()
    night.board.pause()
    night.room.settle()
    night.handler.do(Act.MANAGER)
    assert night.c.signals
    night.room.advance(2)
    shown = button(night, Act.MANAGER)
    assert (shown.note, shown.why) == ("seen by Tom", "seen by Tom Adeyemi, not a manager")
    assert night.h.partner.second == "Manager please: seen by Tom Adeyemi, not a manager"
    assert night.coordinator.message("I ring her at home")
    partner = night.h.partner
    assert (partner.line, partner.second) == ("I ring her at home", "")


def test_two_answers_to_one_signal_both_stand_at_the_handlers_edge(night: Night) -> None:
    night.handler.do(Act.AT_RISK)
    (risk,) = night.c.signals
    (row,) = signals(night)
    night.coordinator.row("signals", risk.key, "reply Police 6 min")
    # The manager's board is a second old: Enter on what still stands there is a second answer.
    night.board.row("requests", row.key, row.act)
    night.room.advance(2)

    partner = night.h.partner
    assert (partner.who, partner.line) == ("Helen; with you Tom", "Helen Marsh is coming")
    assert partner.second == "Tom: Police 6 min"
    assert partner.second_clock == "22:14"
    face = button(night, Act.AT_RISK)
    assert face.note == "Helen Marsh is coming"
    assert face.why == "Helen Marsh is coming (Helen Marsh 22:14); Police 6 min (Tom Adeyemi 22:14)"
    (both,) = night.c.signals
    assert (both.answer, both.before) == ("Helen Marsh is coming (Helen 22:14)", "Police 6 min (you 22:14)")
    assert "Police 6 min" in signal_row(both).spoken


def test_who_is_alone_reads_the_answer_from_the_board_and_who_is_asked(alone: Night) -> None:
    alone.handler.do(Act.AT_RISK)
    (row,) = signals(alone)
    alone.board.row("requests", row.key, row.act)
    alone.room.advance(2)
    partner = alone.h.partner
    assert (partner.who, partner.line) == ("Helen", "Helen Marsh is coming")
    assert partner.second.startswith("Shown to Helen, Tom.")


def test_it_goes_to_whoever_comes_as_the_second_worker(alone: Night) -> None:
    alone.handler.do(Act.GET_POLICE)
    alone.paired()
    alone.room.advance(2)

    assert [one.signal for one in alone.c.signals] == ["Get police"]
    assert "nobody" not in str(alone.h.signals)


def test_at_risk_with_nobody_beside_is_shown_to_everybody_free_and_to_managers(alone: Night) -> None:
    alone.handler.do(Act.AT_RISK)
    (asked,) = alone.c.summons
    assert asked.words.startswith("Priya Raman is at risk")
    idle = HandlerDesk(alone.coordinator_desk)
    drawn: list[HandlerRows] = []
    idle.show_on(drawn.append)
    assert drawn[-1].slot.title == "Priya Raman is at risk"
    assert [row.words for row in signals(alone)] == ["I am at risk"]

    alone.coordinator.row("desk", asked.key, "take")
    alone.room.advance(2)
    assert [one.signal for one in alone.c.signals] == ["I am at risk"]


def test_at_risk_with_somebody_beside_asks_for_nobody_else(night: Night) -> None:
    night.handler.do(Act.AT_RISK)
    night.room.settle()
    assert night.priya.pair.waiting_summons() == ()


def test_a_second_worker_asked_for_is_no_risk_until_somebody_says_one(night: Night) -> None:
    assert night.c.head is not None
    assert (night.c.head.risk, night.c.head.asked) == ("", False)
    assert "with you since 22:14" in night.c.head.below
    assert night.h.risk.banner is not None
    assert (night.h.risk.banner.text, night.h.risk.now) == ("Tom with you since 22:14", False)

    night.fill("priority", "p1_life_now")
    assert night.h.risk.banner is not None
    assert (night.h.risk.now, night.h.risk.banner.text) == (True, "LIFE AT RISK NOW")
    head = night.c.head
    assert head is not None
    assert (head.risk, head.asked) == ("LIFE AT RISK NOW", False)


def test_a_risk_written_in_the_incident_stands_on_both_screens(night: Night) -> None:
    (incident,) = night.tom.folds.incidents()
    night.tom.incidents.risk(incident.id, Rank.NOW, "He has a knife")
    assert night.h.risk.now
    assert night.c.head is not None
    assert night.c.head.risk == "HE HAS A KNIFE"
    night.tom.incidents.risk(incident.id, Rank.HOUR, "")
    assert not night.h.risk.now
    assert night.h.risk.banner is None
