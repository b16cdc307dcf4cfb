"""No window says a key, a kind or an identifier of the program where a person reads or hears it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication

from console.domain.act_words import act_words
from console.domain.drops import RingOutcome
from console.domain.incidents import IncidentRole
from console.domain.record import Kind, StreamKind, StreamRef
from console.domain.seat_words import SEAT_WORDS
from console.domain.timeline import timeline
from console.services.link_state import Delivery
from tests.helpers.busy_pair import BusyPair
from tests.helpers.night_screens import Night
from tests.helpers.night_windows import Sitting
from tests.helpers.plain_words import jargon, words_of, words_on
from ui.desktop.screens.board.desk_acts import BoardDesk
from ui.desktop.screens.board.view import BoardView
from ui.desktop.screens.handler.panels import FORMS
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import apply, choose

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def pair(qapp: QApplication) -> Iterator[BusyPair]:
    """A pair in whose incident everything has happened at once, and a line that dropped and was tried."""
    apply(qapp, choose(dark=False, high_contrast=False))
    made = BusyPair()
    made.clash()
    made.crowd()
    made.handler.choose_candidate(1)
    made.room.ends("c1", by="caller")
    made.settle(3)
    drops = made.coordinator._desk.known.drops
    drop = drops.drop(made.incident)
    assert drop is not None
    drops.log(made.incident.id, drop, RingOutcome.NO_ANSWER, "rang out")
    made.settle(2)
    yield made
    made.end()


def test_no_window_and_no_panel_says_what_only_the_program_calls_so(pair: BusyPair) -> None:
    for one in (pair.priya, pair.tom, pair.helen):
        assert jargon(words_on(one.window)) == [], one.console.who.name
        for act in _with_panels(one):
            one.press(act)
            assert jargon(words_on(one.window)) == [], (one.console.who.name, act.value)
        one.window.close_panel()
    the_boards_lists_and_the_replay_speak_plainly(pair)


def _with_panels(one: Sitting) -> Iterator[Act]:
    known = {each.objectName() for each in one.view.shortcuts}
    opening = (*FORMS, Act.KEYS, Act.DIRECTORY, Act.FIND, Act.RISKS, Act.UNFINISHED, Act.PERSON)
    return (act for act in opening if act.value in known)


def the_boards_lists_and_the_replay_speak_plainly(pair: BusyPair) -> None:
    pair.helen.window.go_to(Screen.BOARD.value)
    board = pair.helen.view
    assert isinstance(board, BoardView)
    for line in board.tiles():
        for tile in line:
            board.panels.open_list(tile.name)
            assert jargon(words_on(pair.helen.window)) == [], tile.name
    acts = pair.helen.window.acts(pair.helen.window.screen_shown)
    assert isinstance(acts, BoardDesk)
    acts.row("replay", "", "list")
    acts.row("replay", "to see how it went", "why")
    acts.row("replay", str(pair.incident.id), "open")
    for moment in ("first", "last"):
        acts.row("replay", "", moment)
        row = acts._replays.row
        shown = (*row.workers, *row.known, *row.told, *row.asked)
        assert len(shown) > 5
        assert jargon([row.title, row.note, row.when, row.step, *words_of(shown)]) == []


def test_a_screen_that_said_a_key_would_be_found() -> None:
    said = ["incident.joined by somebody", "p1_life_now", "c1 ends", "01920000-aaaa-7000-8000-000000000000 taken"]
    assert jargon(said) == sorted(said)
    assert jargon(["None before this call.", "Police 6 min, back door.", "Ref 448 210", "e.g. by the gate"]) == []


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        (Kind.CONTACT_FIELD, {"field": "priority", "value": "p1_life_now"}, "How urgent: Now"),
        (Kind.CONTACT_FIELD, {"field": "priority", "value": ""}, "How urgent: emptied"),
        (Kind.CONTACT_FIELD, {"field": "a_newer_one", "value": "x_y"}, act_words("contact.field")),
        (Kind.CONTACT_KEPT, {}, act_words("contact.kept")),
        (Kind.CONTACT_DECISION, {"decision": "Call for help", "why": "life at risk"}, "Call for help"),
    ],
)
def test_an_entry_that_was_not_shared_is_said_as_the_screen_says_it(
    kind: Kind, body: dict[str, object], said: str
) -> None:
    night = Night()
    night.answered()
    pen = night.priya.recorder
    entry = pen.entry(kind, StreamRef(StreamKind.CONTACT, night.priya.contact), body)
    night.priya.ledger.pen.take((entry,), Delivery.KEPT)
    night.priya.ledger.pen.put_aside(entry, "The shared record did not take it.")
    row = next(row for row in night.h.unfinished.rows if row.key == f"aside {entry.id}")
    assert row.spoken.startswith(f"Not shared: {said}")
    assert jargon(words_of([row])) == []
    night.room.close()


def test_every_part_in_an_incident_has_its_words_in_the_account_of_it() -> None:
    assert set(SEAT_WORDS) == set(IncidentRole)
    night = Night()
    night.answered()
    night.paired()
    incident = night.tom.folds.incidents()[0]
    said = [line.text for line in timeline(incident)]
    assert "Tom Adeyemi: second worker" in said
    assert "Priya Raman: lead" in said
    night.room.close()
