"""What is signalled to managers stands on the board until one of them answers, and nobody's name on the wall."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.people import Rank
from console.domain.record import Kind, StreamKind, StreamRef
from tests.helpers.night_screens import Night
from ui.desktop.screens.board.rows import ListRow
from ui.desktop.screens.board.wall import without_names
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act


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


def test_with_nobody_beside_it_is_never_delivered_whoever_holds_it(alone: Night) -> None:
    alone.handler.do(Act.GET_POLICE)
    (shown,) = (one.face for one in alone.h.signals.buttons if one.act is Act.GET_POLICE)
    assert (shown.note, shown.why) == ("nobody has it", "nobody has this: F7, or 999")
    alone.room.advance(15)
    assert "delivered" not in str(alone.h.signals)
    assert "unseen" not in str(alone.h.signals)
    assert alone.h.partner.line == "Nobody has this: F7, or 999"

    alone.handler.do(Act.NEED_SECOND)
    assert alone.h.partner.line == "Nobody has this yet: ring 999"
    assert "Tom" in alone.h.partner.second


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
    assert (night.c.head.risk, night.c.head.asked) == ("", True)
    assert night.h.risk.banner is not None
    assert (night.h.risk.banner.text, night.h.risk.now) == ("Second worker asked for", False)

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
