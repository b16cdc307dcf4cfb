"""Giving a caller to somebody else: what is asked of the switchboard when, and what is refused before it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import Alerting, HoldChanged, LegEnd, LegEnded, Parked
from console.domain.calls import Asked
from console.domain.lines import USUAL
from console.ports.switchboard import Act, ActionAnswer
from console.services.act_confirmations import SOON
from console.services.call_acts import CallActs
from console.services.passing_on import PassingOn
from console.services.refusing import Refused
from tests.helpers.night_room import PRIYA, TOM, Console, Room


class Pair:
    """Priya has a caller on the line; Tom's telephone is 1002."""

    def __init__(self) -> None:
        self.room = Room()
        self.priya: Console = self.room.console(PRIYA, "1001")
        self.tom: Console = self.room.console(TOM, "1002")
        self.answers: list[ActionAnswer] = []
        self.passing = PassingOn(self.priya.desk, self.priya.acts, USUAL)
        self.toms = PassingOn(self.tom.desk, self.tom.acts, USUAL)
        self.room.rings("c1", "07700900412", "01632960001", "1001")
        self.room.answers("c1", "1001")

    @property
    def acts(self) -> CallActs:
        """Priya's other acts."""
        return self.priya.acts

    def asked(self, console: Console | None = None) -> list[tuple[Act, str]]:
        """Return what a console asked of the switchboard, with its target; not what being ready or away asks."""
        made = (console or self.priya).switchboard.asked
        return [(one.act, one.target) for one in made if one.act not in (Act.PAUSE, Act.UNPAUSE)]

    def asks(self, *, answered: bool) -> None:
        """Let the caller wait and 1002 be asked."""
        now = self.room.clock.now()
        self.room.hears(HoldChanged("c1", now, "1001", True))
        self.room.hears(Alerting("c1", now, "c1/1002", "1002"))
        if answered:
            self.room.hears(LegEnded("c1", now, "c1/1002", "1002", LegEnd.HUNG_UP))

    def parks(self) -> None:
        """Let the caller be parked."""
        self.room.hears(Parked("c1", self.room.clock.now(), True, "701"))


@pytest.fixture
def pair() -> Iterator[Pair]:
    made = Pair()
    yield made
    made.room.close()


def test_a_colleague_is_asked_first_or_given_the_caller_at_once(pair: Pair) -> None:
    pair.passing.ask_first(" 1002 ", pair.answers.append)
    pair.room.advance(SOON + 1)
    pair.passing.give_at_once("01632 960162", pair.answers.append)
    assert pair.asked() == [(Act.START_ATTENDED, "1002"), (Act.BLIND_TRANSFER, "01632 960162")]


@pytest.mark.parametrize("number", ["999", "112", "18000", "9 999", "+44 999"])
def test_no_caller_is_led_to_an_emergency_number(pair: Pair, number: str) -> None:
    for give in (pair.passing.ask_first, pair.passing.give_at_once):
        with pytest.raises(Refused, match="handset"):
            give(number, pair.answers.append)
    assert pair.asked() == []


@pytest.mark.parametrize(("target", "why"), [("", "Choose a colleague"), ("  ", "Choose"), ("1001", "your own")])
def test_somebody_else_must_be_named(pair: Pair, target: str, why: str) -> None:
    with pytest.raises(Refused, match=why):
        pair.passing.ask_first(target, pair.answers.append)
    assert pair.asked() == []


def test_what_can_be_done_with_whoever_is_asked_follows_the_call_and_no_memory_of_ours(pair: Pair) -> None:
    for step in (pair.passing.give_over, pair.passing.all_together, pair.passing.take_back):
        with pytest.raises(Refused, match="Nobody is being asked"):
            step(pair.answers.append)
    pair.asks(answered=False)
    assert pair.passing.asked() == Asked("1002")
    for step in (pair.passing.give_over, pair.passing.all_together):
        with pytest.raises(Refused, match="1002 has not answered"):
            step(pair.answers.append)
    pair.room.hears(LegEnded("c1", pair.room.clock.now(), "c1/1002", "1002", LegEnd.HUNG_UP))
    for step in (pair.passing.give_over, pair.passing.all_together, pair.passing.take_back):
        step(pair.answers.append)
        pair.room.advance(SOON + 1)
    assert [act for act, _ in pair.asked()] == [Act.COMPLETE_ATTENDED, Act.CONFERENCE, Act.CANCEL_ATTENDED]


def test_while_a_colleague_is_asked_nobody_else_is_and_nothing_ends(pair: Pair) -> None:
    pair.asks(answered=True)
    with pytest.raises(Refused, match="asking 1002 already"):
        pair.passing.ask_first("1003", pair.answers.append)
    with pytest.raises(Refused, match="asking 1002 already"):
        pair.passing.park(pair.answers.append)
    with pytest.raises(Refused, match="leave them with 1002"):
        pair.acts.end(pair.answers.append)
    assert pair.asked() == []
    pair.acts.hold_or_resume(pair.answers.append)
    assert pair.asked() == [(Act.CANCEL_ATTENDED, "")], "the key that takes a caller back does so here too"


def test_a_parked_caller_is_seen_and_fetched_from_every_desk(pair: Pair) -> None:
    with pytest.raises(Refused, match="not parked"):
        pair.toms.fetch(pair.answers.append)
    pair.parks()
    for console in (pair.priya, pair.tom):
        (slot,) = console.desk.state().parked
        assert (slot.call.parked_at, console.desk.state().current) == ("701", None)
    pair.toms.fetch(pair.answers.append)
    assert pair.asked(pair.tom) == [(Act.RETRIEVE, "")]
    assert pair.tom.switchboard.asked[-1].extension == "1002", "at the telephone of whoever fetches"


def test_nobody_fetches_while_they_talk_or_what_is_gone(pair: Pair) -> None:
    pair.parks()
    parked = pair.tom.desk.state().parked[0].call.id
    pair.room.rings("c2", "01632960741", "01632960001", "1002")
    pair.room.answers("c2", "1002")
    with pytest.raises(Refused, match="on a call"):
        pair.toms.fetch(pair.answers.append)
    pair.room.ends("c2")
    pair.room.ends("c1")
    with pytest.raises(Refused, match="not parked any more"):
        pair.toms.fetch(pair.answers.append, parked)
    assert pair.asked(pair.tom) == []


def test_keys_go_on_the_line_and_into_nothing_that_is_kept(pair: Pair) -> None:
    pair.passing.press("1 # 42*", pair.answers.append)
    assert pair.asked() == [(Act.DTMF, "1#42*")]
    for wrong in ("", "one", "1;2", "1" * 33):
        with pytest.raises(Refused, match="Only 0 to 9"):
            pair.passing.press(wrong, pair.answers.append)
    kept = str(pair.room.store.news(PRIYA, 0))
    assert "call.answered" in kept
    assert "#42" not in kept, "the record holds no keys"


@pytest.mark.parametrize("keys", ["999", "1 1 2", "18000#", "9999"])
def test_no_emergency_number_is_pressed_in_a_call_and_the_reason_is_said(pair: Pair, keys: str) -> None:
    with pytest.raises(Refused, match="may be dialled, or reach nobody. Nothing was sent"):
        pair.passing.press(keys, pair.answers.append)
    assert pair.asked() == []
    pair.passing.press("1999", pair.answers.append)
    assert pair.asked() == [(Act.DTMF, "1999")], "only where it is the whole of the keys"


def test_without_a_call_there_is_nobody_to_give_away(pair: Pair) -> None:
    for give in (pair.toms.ask_first, pair.toms.give_at_once, pair.toms.press):
        with pytest.raises(Refused, match="not on a call"):
            give("1001", pair.answers.append)
    with pytest.raises(Refused, match="not on a call"):
        pair.toms.park(pair.answers.append)
