"""A button at the call that the telephone system cannot do is grey and says why; it keeps its place."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.dialling import EMERGENCY_SENTENCE
from console.ports.switchboard import Act as PhoneAct
from tests.helpers.night_screens import Night
from ui.desktop.screens.handler.passing_forms import NO_EMERGENCY, NOT_THERE
from ui.desktop.screens.known_forms import FACT
from ui.desktop.shortcuts import Act
from ui.desktop.widgets.faces import ButtonFace

PLACES = [Act.HOLD, Act.NEED_SECOND, Act.TRANSFER, Act.END]
CANNOT = "This telephone system cannot do that."


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    yield made
    made.room.close()


def faces(night: Night) -> dict[Act, ButtonFace]:
    """Return the buttons of the call bar."""
    return {one.act: one.face for one in night.h.call.buttons}


def test_telephones_that_are_only_watched_offer_nothing_but_the_second_worker(night: Night) -> None:
    night.priya.switchboard.acts = frozenset()
    night.answered()
    drawn = faces(night)
    assert list(drawn) == PLACES
    assert [act for act, face in drawn.items() if face.enabled] == [Act.NEED_SECOND]
    assert {drawn[act].why for act in (Act.HOLD, Act.TRANSFER, Act.END)} == {CANNOT}


def test_one_way_to_give_a_caller_over_is_enough_for_the_button(night: Night) -> None:
    night.priya.switchboard.acts = frozenset({PhoneAct.BLIND_TRANSFER, PhoneAct.HANG_UP})
    night.answered()
    assert [act for act, face in faces(night).items() if face.enabled] == [Act.NEED_SECOND, Act.TRANSFER, Act.END]


def test_the_key_of_a_grey_button_says_why(night: Night) -> None:
    night.priya.switchboard.acts = frozenset()
    night.answered()
    night.handler.do(Act.HOLD)
    assert night.h.notice == CANNOT


@pytest.mark.parametrize("acts", [frozenset(), frozenset(PhoneAct)])
def test_an_emergency_number_is_refused_with_the_place_also_where_nothing_can_be_transferred(
    night: Night, acts: frozenset[PhoneAct]
) -> None:
    night.priya.switchboard.acts = acts
    night.answered()
    night.paired()
    night.handler.form_opened("fact_sheet")
    sheet = next(one for one in night.h.forms if one.key == "fact_sheet")
    night.handler.field_changed(sheet.subject, f"{FACT}where", "By the reservoir", "")
    night.room.settle()
    night.handler.form_opened("transfer")
    night.handler.form_sent("transfer", {"target": "999"})
    drawn = night.h
    assert drawn.notice == f"{EMERGENCY_SENTENCE} They are at: By the reservoir."
    assert next(one for one in drawn.forms if one.key == "transfer").error == NO_EMERGENCY


def test_where_nothing_can_be_transferred_the_panel_says_so_and_stays(night: Night) -> None:
    night.priya.switchboard.acts = frozenset()
    night.answered()
    night.handler.form_opened("transfer")
    night.handler.form_sent("transfer", {"target": "1002"})
    assert next(one for one in night.h.forms if one.key == "transfer").error == NOT_THERE
    assert ("close_panel",) not in night.window.asked
