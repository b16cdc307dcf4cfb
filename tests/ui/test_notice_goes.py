"""A notice that is only about an absence goes when that is over; every other stays until it is read."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import LinkChanged, LinkState
from console.services.call_acts import TELEPHONES_AWAY
from console.services.offline import LET_IN_HERE
from console.services.sending import REFUSED_WHILE_AWAY
from console.services.shift_desk import BEGUN_WITHOUT, SIGNED_IN_HERE
from tests.helpers.night_room import TOM, Room
from tests.helpers.night_screens import Night
from tests.helpers.seated import seat
from ui.desktop.screens.coordinator.desk_acts import CoordinatorDesk
from ui.desktop.screens.coordinator.rows import CoordinatorRows
from ui.desktop.screens.notice import Notice
from ui.desktop.shortcuts import Act


class Screen:
    """Tom's screen in a room whose record and telephones can be taken away."""

    def __init__(self) -> None:
        self.room = Room()
        self.tom = self.room.console(TOM, "1002")
        self.desk, _ = seat(self.room, self.tom)
        self.acts = CoordinatorDesk(self.desk)
        self._drawn: list[CoordinatorRows] = []
        self.acts.show_on(self._drawn.append)

    @property
    def notice(self) -> str:
        """Return what the notice says now."""
        self.room.settle()
        self.acts.draw()
        return self._drawn[-1].notice

    def telephones(self, state: LinkState) -> None:
        """Let the line to the switchboard change."""
        self.room.hears(LinkChanged(self.room.clock.now(), state))


@pytest.fixture
def screen() -> Iterator[Screen]:
    made = Screen()
    yield made
    made.room.close()


def test_a_refusal_for_the_records_absence_goes_when_it_is_back(screen: Screen) -> None:
    for words in (REFUSED_WHILE_AWAY, SIGNED_IN_HERE, LET_IN_HERE, BEGUN_WITHOUT, ""):
        with screen.room.record_away():
            screen.room.advance(8)
            screen.acts.say(words or screen.desk.away_words())
            assert screen.notice.startswith("The shared record is away")
        screen.room.advance(8)
        assert screen.notice == ""


def test_a_refusal_for_the_telephones_absence_goes_when_they_are_back(screen: Screen) -> None:
    screen.telephones(LinkState.LOST)
    screen.acts.say(TELEPHONES_AWAY)
    assert screen.notice == TELEPHONES_AWAY
    screen.telephones(LinkState.CONNECTED)
    assert screen.notice == ""


def test_what_says_more_than_the_absence_stays(screen: Screen) -> None:
    with screen.room.record_away():
        screen.room.advance(8)
        screen.acts.say(f"{REFUSED_WHILE_AWAY} One record is still open.")
        assert screen.notice.startswith(REFUSED_WHILE_AWAY)
    screen.room.advance(8)
    assert screen.notice == "One record is still open."


def test_what_asks_for_something_goes_once_that_was_done(screen: Screen) -> None:
    answered: list[str] = []
    notice = Notice(screen.desk)
    notice.say("Answer the call first.", lambda: bool(answered))
    assert notice.text() == "Answer the call first."
    answered.append("c1")
    assert notice.text() == ""
    notice.say("Somebody else has that telephone.")
    assert notice.text() == "Somebody else has that telephone.", "it asks for nothing"


def test_news_that_comes_by_itself_stands_behind_what_stood_there_and_once(screen: Screen) -> None:
    screen.acts.say(screen.acts.notice.with_also("The device has gone."))
    assert screen.notice == "The device has gone."
    screen.acts.say("Your notes are kept in memory only.")
    for _ in range(2):
        screen.acts.say(screen.acts.notice.with_also("The device has gone."))
        assert screen.notice == "Your notes are kept in memory only.  The device has gone."
    screen.acts.say("")
    assert screen.notice == ""


def test_why_a_form_was_refused_goes_when_the_form_is_taken() -> None:
    night = Night()
    request = night.on_the_way()
    refused = {"request": request, "state": "declined", "text": ""}
    night.coordinator.form_opened("log_news", request)
    night.coordinator.form_sent("log_news", refused)
    assert night.c.notice.startswith("Write why they will not come")
    night.coordinator.form_sent("log_news", {**refused, "text": "No crew free"})
    assert night.c.notice == ""
    night.room.close()


def test_another_form_takes_a_refusal_not_away(screen: Screen) -> None:
    notice = screen.acts.notice
    with notice.sending("fact"):
        notice.say("Nothing was written.")
    with notice.sending("ask_help"):
        pass
    assert notice.text() == "Nothing was written."
    with notice.sending("fact"):
        pass
    assert notice.text() == ""


def test_what_refused_an_act_goes_when_that_act_is_done() -> None:
    night = Night()
    night.handler.do(Act.GET_POLICE)
    refused = night.h.notice
    assert refused
    night.answered()
    night.handler.do(Act.GET_POLICE)
    assert night.h.notice == ""
    night.coordinator.do(Act.SWAP)
    assert night.c.notice.startswith("There is no pair now")
    night.paired()
    assert night.c.notice.startswith("There is no pair now"), "another act takes it not away"
    night.coordinator.do(Act.SWAP)
    assert night.c.notice == ""
    night.room.close()


def test_who_has_it_goes_when_something_else_is_taken() -> None:
    night = Night()
    night.answered()
    night.coordinator.row("work", "nothing", "take")
    assert night.c.notice == "There is nothing here to take."
    night.handler.do(Act.NEED_SECOND)
    night.room.settle()
    night.coordinator.row("desk", night.c.summons[0].key, "take")
    assert night.c.notice == ""
    night.room.close()


def test_what_is_missing_goes_once_it_was_filled_in(screen: Screen) -> None:
    missing = ["kind of call"]
    notice = screen.acts.notice
    with notice.sending(Act.FINISH):
        notice.say("1 thing is missing: kind of call.", lambda: not missing)
    assert notice.text() == "1 thing is missing: kind of call."
    missing.clear()
    assert notice.text() == ""


def test_an_answer_that_comes_later_is_about_what_was_asked(screen: Screen) -> None:
    notice = screen.acts.notice
    with notice.sending(Act.SWAP):
        hear = notice.later(notice.say)
    with notice.sending(Act.TAKE):
        pass
    hear("Priya was first.")
    with notice.sending(Act.TAKE):
        pass
    assert notice.text() == "Priya was first."
    with notice.sending(Act.SWAP):
        notice.later(lambda _: None)("won")
    assert notice.text() == ""


def test_what_an_act_says_is_not_taken_away_by_its_own_answer(screen: Screen) -> None:
    notice = screen.acts.notice
    with notice.sending(Act.TAKE):
        hear = notice.later(lambda _: None)
        notice.say("Owen is asked to come as second worker.")
        hear("won")
    assert notice.text() == "Owen is asked to come as second worker."


def test_what_was_done_is_said_and_goes_by_itself(screen: Screen) -> None:
    screen.acts.notice.confirm("Ticked as told: the dog.")
    screen.room.advance(20)
    assert screen.notice == "Ticked as told: the dog."
    screen.room.advance(11)
    assert screen.notice == ""
