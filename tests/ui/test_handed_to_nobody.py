"""A caller transferred to somebody who does not answer: whoever transferred them is told, and they are missed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.call_events import Alerting, Answered, LegEnd, LegEnded, Transferred
from console.domain.calls import CallOutcome, TransferKind
from console.ports.switchboard import Act as PhoneAct
from console.services.handed_watch import HandedWatch
from tests.helpers.night_room import GRACE
from tests.helpers.night_screens import Night
from ui.desktop.screens.night_forms import MISSED
from ui.desktop.screens.ring_acts import missed_form
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def gives(night: Night, taker: str) -> None:
    """Let Priya transfer the caller she has, and let go."""
    for console in (night.priya, night.tom):
        names = console.shift.shift
        watch = HandedWatch(console.desk, lambda at, names=names: names().name_at(at), console.told.append)  # type: ignore[misc]
        console.desk.subscribe(watch.calls_changed)
    now = night.room.clock.now()
    night.room.hears(
        Transferred("c1", now, TransferKind.BLIND, "1001", taker),
        LegEnded("c1", now, "c1-1001", "1001", LegEnd.HUNG_UP),
    )


def cut_off(night: Night, taker: str) -> None:
    """Let Priya transfer the caller to a telephone that is not there."""
    gives(night, taker)
    night.room.ends("c1", CallOutcome.ANSWERED, "system")
    night.room.advance(2)


def test_whoever_transferred_them_reads_it_at_once_and_has_the_way_back(night: Night) -> None:
    night.answered()
    cut_off(night, "1009")
    assert night.priya.told == [
        "1009 did not answer: the caller you transferred there is gone.  "
        "Ring them back; they stand among the missed calls."
    ]
    assert night.h.call.detail == "07700 900412 was not answered at 1009, Shift+F9 rings back."
    assert night.tom.told == []
    assert night.tom.desk.state().rang_off is None, "nobody else is told of what they did not do"


def test_a_colleague_who_did_not_answer_is_named(night: Night) -> None:
    night.answered()
    gives(night, "1002")
    now = night.room.clock.now()
    night.room.hears(Alerting("c1", now, "c1-given", "1002"), LegEnded("c1", now, "c1-given", "1002", LegEnd.NO_ANSWER))
    night.room.ends("c1", CallOutcome.ANSWERED, "caller")
    assert night.priya.told[0].startswith("Tom Adeyemi (1002) did not answer: ")


def test_they_are_missed_on_every_console_with_who_gave_them_to_whom(night: Night) -> None:
    night.answered()
    cut_off(night, "1009")
    (missed,) = night.priya.night.missed.now()
    assert night.tom.night.missed.now() == night.tom.board.now().missed == (missed,)
    now = night.room.clock.now()
    named = missed_form([missed], lambda _: "Hampshire adults", now, sat=lambda *_: "Priya Raman")
    (choice,) = named.fields()[0].choices
    assert choice.label.endswith(", waited 00:14, transferred to 1009 by Priya Raman, not answered")
    (nameless,) = missed_form([missed], lambda _: "Hampshire adults", now).fields()[0].choices
    assert nameless.label.endswith(", transferred to 1009 by 1001, not answered")


def in_the_panel(night: Night) -> str:
    """Return how Tom's panel of missed calls words the one there is."""
    night.coordinator.form_opened(MISSED, "")
    form = next(one for one in night.c.forms if one.key == MISSED)
    return form.fields()[0].choices[0].label


def test_only_who_sat_there_at_the_time_is_named_in_the_panel(night: Night) -> None:
    night.answered()
    cut_off(night, "1009")
    assert ", transferred to 1009 by Priya Raman, not answered" in in_the_panel(night)
    night.priya.shift.sign_out("tom.adeyemi")
    night.room.advance(2)
    night.room.console(GRACE, "1001")
    night.room.advance(2)
    assert ", transferred to 1009 by 1001, not answered" in in_the_panel(night)


def test_in_an_incident_the_line_has_dropped(night: Night) -> None:
    night.answered()
    night.paired()
    cut_off(night, "1009")
    for drop in (night.h.drop, night.c.drop):
        assert drop is not None
        assert drop.title.startswith("LINE DROPPED ")
        assert "Transferred to 1009, not answered." in drop.lines


def test_whoever_is_answered_there_is_not_missed_and_nobody_is_told(night: Night) -> None:
    night.answered()
    gives(night, "1002")
    night.room.hears(Answered("c1", night.room.clock.now(), "c1-1002b", "1002"))
    night.room.ends("c1", by="caller")
    night.room.advance(2)
    assert night.priya.told == []
    assert night.priya.night.missed.now() == ()
    assert night.priya.desk.state().rang_off is None


def test_while_they_still_ring_there_nobody_rings_them_back(night: Night) -> None:
    night.answered()
    night.priya.contacts.set_field(night.priya.contact, "type", "suicidal_caller")
    night.room.advance(20)
    gives(night, "1002")
    assert night.h.call.detail == "Calls do not ring here."
    night.handler.do(Act.RING_BACK)
    night.room.settle()
    assert "still waits to be answered" in night.h.notice
    assert PhoneAct.ORIGINATE not in [one.act for one in night.priya.switchboard.asked]
