"""A caller who reached nobody is rung from their row, by the same rule and claim as any caller who is rung back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest

from console.domain.call_events import Answered, CallBegan
from console.domain.calls import CallOutcome, Direction
from console.ports.manual import HeldRunner
from console.services.access import Access
from console.services.known import known
from console.services.line_drops import DropParts
from console.services.ring_safety import RingSafety
from tests.helpers.night_screens import LINE, NUMBER, Night
from tests.helpers.rung_out import RINGS, rung, written
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.room.rings("c1", NUMBER, LINE, "1001", "1002")
    made.room.advance(8)
    made.room.ends("c1", CallOutcome.ABANDONED)
    made.handler.do(Act.NO_CALL)
    yield made
    made.room.close()


def ring(night: Night, acts: HandlerDesk | None = None) -> None:
    """Let the handler choose in the panel that the oldest is rung now."""
    acts = acts or night.handler
    (first, *_) = night.priya.night.missed.now()
    acts.form_opened("missed")
    acts.form_sent("missed", {"call": str(first.call.id), "what": "ring", "words": ""})


def panel(night: Night) -> FormRow | None:
    """Return the panel as the handler has it before them."""
    return next((one for one in night.h.forms if one.key == "missed"), None)


def test_a_missed_caller_is_rung_and_what_is_said_goes_into_a_record_of_their_own(night: Night) -> None:
    before = night.record()
    ring(night)
    assert rung(night.priya) == [RINGS]
    assert night.h.notice == "07700 900412 is rung from your telephone."
    now = night.room.clock.now()
    night.room.hears(
        CallBegan("out", now, Direction.OUTBOUND, f"9{NUMBER}", placed_by="1001"),
        Answered("out", now, "out-far", "outside"),
    )
    assert night.h.notice == ""
    assert night.record() not in ("", before)
    night.write(uuid4(), "safe now")
    night.room.advance(2)
    record = next(one for one in night.priya.contacts.unfinished() if str(one.id) == night.record())
    assert [one.text for one in record.notes] == ["safe now"]
    (missed,) = night.priya.night.missed.now()
    assert record.calls[0] == missed.call.id
    assert missed.rung_at is not None, "it stays until somebody says what became of it"


def test_a_missed_caller_is_not_rung_on_a_line_that_is_not_safe(night: Night) -> None:
    written(night, "no")
    ring(night)
    ring(night)
    assert rung(night.priya) == []
    found = panel(night)
    assert found is not None
    assert "It is not safe to ring this number (no)" in found.error


def test_a_rule_is_read_in_the_panel_and_sent_once_more_it_rings(night: Night) -> None:
    written(night, "only before 18:00")
    ring(night)
    assert rung(night.priya) == []
    found = panel(night)
    assert found is not None
    assert "only before 18:00" in found.error
    assert [field.value for field in found.sections[0].fields[1:2]] == ["ring"]
    ring(night)
    assert rung(night.priya) == [RINGS]


def test_what_is_found_after_the_panel_closed_is_said_and_the_panel_opens_on_that_call_again(night: Night) -> None:
    written(night, "only before 18:00")
    held, priya = HeldRunner(), night.priya
    safety = RingSafety(Access(night.room.store, held, priya.who), night.room.clock)
    parts = DropParts(priya.recorder, priya.folds, priya.desk, priya.acts, priya.contacts, priya.incidents, safety)
    acts, rows = HandlerDesk(replace(night.handler_desk, known=known(parts, night.room.clock))), list[HandlerRows]()
    acts.show_on(rows.append)
    ring(night, acts)
    held.run_all()
    acts.draw()
    assert rung(priya) == []
    assert "only before 18:00" in rows[-1].notice
    acts.form_opened("missed")
    (form,) = rows[-1].forms
    call, what = form.sections[0].fields[:2]
    acts.form_sent("missed", {"call": call.value, "what": what.value, "words": ""})
    assert rung(priya) == [RINGS]


def test_of_two_who_ring_the_same_missed_caller_from_the_panel_one_does(night: Night) -> None:
    (missed,) = night.tom.night.missed.now()
    night.coordinator.form_opened("missed", "")
    night.coordinator.form_sent("missed", {"call": str(missed.call.id), "what": "ring", "words": ""})
    night.room.advance(1)
    ring(night)
    assert (rung(night.tom), rung(night.priya)) == ([RINGS], [])
    found = panel(night)
    assert found is not None
    assert "Tom Adeyemi is ringing back since" in found.error


def test_a_caller_who_rings_again_now_is_answered_and_not_rung(night: Night) -> None:
    night.room.rings("c2", NUMBER, LINE, "1002")
    ring(night)
    assert rung(night.priya) == []
    found = panel(night)
    assert found is not None
    assert "rings again" in found.error


def test_who_has_no_telephone_here_is_told_to_ring_by_hand(night: Night) -> None:
    (missed,) = night.helen.night.missed.now()
    night.board.form_opened("missed", "")
    night.board.form_sent("missed", {"call": str(missed.call.id), "what": "ring", "words": ""})
    assert rung(night.helen) == []
    assert "Ring them by hand" in str(night.b)
