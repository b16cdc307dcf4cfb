"""The relay card read out line by line: ticked as it is said, to whom, and again where it changed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.domain.help_kinds import HelpKind
from console.domain.people import Rank
from console.services.help_ledger import Draft
from tests.helpers.night_screens import Night
from ui.desktop.screens.coordinator.lists import relay_row
from ui.desktop.screens.coordinator.rows import RelayRow
from ui.desktop.shortcuts import Act


@pytest.fixture
def night() -> Iterator[Night]:
    made = Night()
    made.answered()
    made.paired()
    yield made
    made.room.close()


def ask(night: Night, kind: str) -> None:
    """Open a request by the form."""
    night.coordinator.form_opened("ask_help", "")
    night.coordinator.form_sent("ask_help", {"kind": kind, "rank": Rank.NOW.value, "words": "come", "ground": ""})


def state(night: Night, key: str, text: str) -> None:
    """State a fact by the form."""
    night.coordinator.form_opened("fact", "")
    night.coordinator.form_sent("fact", {"key": key, "text": text, "source": "caller_stated"})


def row(night: Night, key: str) -> RelayRow:
    """Return one line of the card."""
    return next(one for one in night.c.relay if one.key.endswith(f" {key}"))


def read_out(night: Night, key: str) -> None:
    """Press Enter on a line."""
    night.coordinator.row("relay", row(night, key).key, relay_row(row(night, key), rank=Rank.NOW).acts[0])


def test_nothing_is_ticked_before_anybody_was_asked(night: Night) -> None:
    state(night, "access", "barrier is up")
    read_out(night, "access")

    assert "Nobody has been asked for help yet" in night.c.notice
    assert row(night, "access").said == ""
    assert night.c.relay_to == "Ask for help first, then tick what you read out"


def test_a_line_is_ticked_for_whom_it_was_said_to_and_enter_takes_it_back(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    night.room.advance(1)
    read_out(night, "access")

    assert row(night, "access").said
    assert night.c.relay_to.startswith("Reading to Ambulance: 1 of ")
    assert not night.c.relay_others
    read_out(night, "access")
    assert row(night, "access").said == ""


def test_a_line_that_changed_since_says_what_they_were_told_and_is_said_again(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    night.room.advance(1)
    read_out(night, "access")
    state(night, "access", "barrier is down")

    changed = row(night, "access")
    assert changed.told == "barrier is up"
    assert "Changed since. " in relay_row(changed, rank=Rank.NOW).spoken
    assert night.c.relay_to.endswith("1 changed since")
    read_out(night, "access")
    assert (row(night, "access").text, row(night, "access").told) == ("barrier is down", "")
    assert row(night, "access").said


def test_each_service_has_ticks_of_its_own(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    night.room.advance(1)
    read_out(night, "access")
    ask(night, "fire")
    night.room.advance(1)
    # Whoever is being read to stays so when somebody else is asked meanwhile.
    assert night.c.relay_to.startswith("Reading to Ambulance")
    night.coordinator.row("relay", "to", "to")

    assert night.c.relay_to.startswith("Reading to Fire: 0 of ")
    assert row(night, "access").said == ""
    night.coordinator.row("relay", "to", "to")
    assert row(night, "access").said


def test_what_a_partner_drafts_does_not_turn_the_card_before_the_first_tick_and_ones_own_does(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    night.room.advance(1)
    assert night.c.relay_to.startswith("Reading to Ambulance")
    incident = night.tom.folds.incidents()[0].id
    night.priya.helps.draft(Draft(HelpKind.FIRE, "smoke", Rank.NOW, incident=incident))
    night.room.advance(1)
    assert night.c.relay_to.startswith("Reading to Ambulance"), "somebody is on that line"
    assert night.c.relay_others
    ask(night, "medical")
    night.room.advance(1)
    assert not night.c.relay_to.startswith("Reading to Ambulance"), "whom one has just decided to ask"


def test_what_was_drawn_is_ticked_and_said_to_have_changed_since(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    night.room.advance(1)
    night.coordinator.stop()
    night.tom.incidents.fact(night.tom.folds.incidents()[0].id, "access", "barrier is down", "caller_stated")
    night.room.advance(1)
    assert row(night, "access").text == "barrier is up", "nothing was drawn since"
    read_out(night, "access")

    (said,) = night.tom.folds.incidents()[0].said
    assert said.text == "barrier is up"


def test_a_gap_cannot_be_said(night: Night) -> None:
    ask(night, "ambulance")
    missing = row(night, "place")

    assert relay_row(missing, rank=Rank.NOW).acts == ("ask",)
    night.coordinator.row("relay", missing.key, "said")
    assert night.c.notice.startswith("Exact place is missing: ask for it.")


def test_the_form_turns_by_its_key_and_prints_as_it_is_shown(night: Night) -> None:
    assert night.c.relay_form == "999"
    night.coordinator.do(Act.RELAY_FORM)
    assert night.c.relay_form == "ETHANE"
    assert "".join(one.number for one in night.c.relay) == "ETHANE"
    night.coordinator.do(Act.PRINT)

    printed = [asked for asked in night.beside.asked if asked[0] == "print"]
    assert str(printed[-1][2]).lstrip().startswith("E Exact location")


def test_what_was_read_out_is_there_for_the_partner_too(night: Night) -> None:
    state(night, "access", "barrier is up")
    ask(night, "ambulance")
    read_out(night, "access")
    night.room.advance(2)

    (incident,) = night.priya.folds.incidents()
    assert [(one.item, one.text) for one in incident.said] == [("access", "barrier is up")]
