"""What a played colleague does unasked: sees what stands there, and as the second worker takes what is proposed."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.helpers.night_screens import Night
from ui.bootstrap.rehearsal.habits import look_and_take
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    """Two on a call, and three lines in the note that say a fact."""
    made = Night()
    made.answered()
    made.write(uuid4(), "where: second car park")
    made.paired()
    # Nobody looks at the second worker's screen: who is played has none.
    made.coordinator.pause()
    for words in ("taken: 40 tablets", "weapons: a penknife"):
        made.write(uuid4(), words)
    yield made
    made.room.close()


def known(night: Night) -> list[tuple[str, str]]:
    (incident,) = night.coordinator_desk.folds.incidents()
    return [*(("where", one.text) for one in incident.places), *((one.key, one.text) for one in incident.facts)]


def test_every_value_that_waits_is_taken_once_its_line_is_settled(night: Night) -> None:
    look_and_take(night.coordinator_desk)
    assert "weapons" not in dict(known(night)), "a line is not taken while it is being typed"
    night.room.advance(5)
    for _ in range(3):
        look_and_take(night.coordinator_desk)
        night.room.settle()
    assert sorted(known(night)) == [
        ("taken", "40 tablets"), ("weapons", "a penknife"), ("where", "second car park")
    ], "each once"  # fmt: skip


def test_whoever_has_the_call_takes_nothing(night: Night) -> None:
    night.room.advance(5)
    look_and_take(night.handler_desk)
    night.room.settle()
    assert known(night) == []


def test_a_signal_is_seen_by_a_partner_who_is_played(night: Night) -> None:
    (incident,) = night.handler_desk.folds.incidents()
    night.handler.do(Act.GET_AMBULANCE)
    night.room.advance(4)
    (sent,) = night.handler_desk.receipts.signals(incident.id)
    assert sent.seen_by == ()
    look_and_take(night.coordinator_desk)
    night.room.advance(2)
    (sent,) = night.handler_desk.receipts.signals(incident.id)
    assert sent.seen_by == (night.coordinator_desk.who.worker,)
