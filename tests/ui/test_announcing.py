"""What a screen reader is told of the second worker's screen and of the board: what matters, once, and no history."""

from __future__ import annotations

from dataclasses import replace

from console.domain.people import Rank
from tests.helpers.board_rows import board_at_22_17_58
from tests.helpers.coordinator_rows import coordinator_at_22_17_58
from ui.desktop.screens.board.announcing import announcements as of_the_board
from ui.desktop.screens.board.rows import ListRow
from ui.desktop.screens.coordinator.announcing import announcements
from ui.desktop.screens.coordinator.rows import CoordinatorRows, LineRow, SignalRow, WorkRow
from ui.desktop.screens.known_rows import DropRow

SIGNAL = SignalRow("s9", "22:18:01", "Get police", "", done=False)
HEARD = LineRow("l9", "22:18", "he is crying", "", by="Priya")
OWN = LineRow("l8", "22:18", "Ask location", "sent", signal=True)


def calm() -> CoordinatorRows:
    """Return a screen of a pair with nothing said yet."""
    return replace(coordinator_at_22_17_58(), signals=(), lines=(), incident="i1", notice="", drop=None)


def test_a_signal_and_a_line_are_told_once_the_oldest_first() -> None:
    before, later = calm(), replace(SIGNAL, key="s10", signal="I am at risk")
    now = replace(before, signals=(later, SIGNAL), lines=(HEARD,))
    assert announcements(before, now) == ("Signal: Get police", "Signal: I am at risk", "Priya: he is crying")
    assert announcements(now, now) == ()


def test_a_line_that_was_corrected_is_told_again() -> None:
    before = replace(calm(), lines=(HEARD,))
    assert announcements(before, replace(before, lines=(replace(HEARD, text="he stopped"),))) == ("Priya: he stopped",)


def test_what_nobody_saw_is_told_when_it_comes_to_that() -> None:
    before = replace(calm(), lines=(OWN,), signals=(replace(SIGNAL, done=True, answer="in hand"),))
    late = replace(OWN, state="not seen: signal by hand", trouble=True)
    answer = replace(before.signals[0], state="not seen: signal by hand", trouble=True)
    now = replace(before, lines=(late,), signals=(answer,))
    assert announcements(before, now) == (
        "in hand: not seen: signal by hand",
        "Ask location: not seen: signal by hand",
    )
    assert announcements(now, now) == ()


def test_whoever_asks_for_a_second_worker_is_told_with_what_is_known() -> None:
    asked = WorkRow("s1", Rank.NOW, "Priya Raman, Hampshire adults", "", "asked 00:03")
    before = calm()
    told = ("Second worker asked for: Priya Raman, Hampshire adults",)
    assert announcements(before, replace(before, summons=(asked,))) == told


def test_of_a_pair_just_joined_only_what_waits_is_told() -> None:
    alone = replace(calm(), incident="", head=None)
    joined = replace(
        calm(), signals=(SIGNAL, replace(SIGNAL, key="s8", signal="Manager please", done=True)), lines=(HEARD,)
    )
    assert announcements(alone, joined) == ("Signal: Get police",)


def test_a_notice_and_a_line_that_dropped_are_told_whole() -> None:
    before = calm()
    now = replace(
        before, notice="It was not sent.", drop=DropRow("LINE DROPPED 22:24:00", ("Where: the car.", "Number: safe."))
    )
    assert announcements(before, now) == ("LINE DROPPED 22:24:00. Where: the car. Number: safe.", "It was not sent.")
    assert announcements(None, now) == ("LINE DROPPED 22:24:00. Where: the car. Number: safe.",)


def test_the_board_tells_who_needs_a_manager_and_what_is_said() -> None:
    before = board_at_22_17_58()
    asked = ListRow("signal s1", "Manager please", "", "00:02", Rank.NOW, "Priya, Hampshire adults", act="coming")
    now = replace(before, requests=replace(before.requests, rows=(asked, *before.requests.rows)), notice="It was rung.")
    assert of_the_board(before, now) == ("Signal: Manager please. Priya, Hampshire adults", "It was rung.")
    assert of_the_board(now, replace(now, requests=replace(now.requests, rows=(replace(asked, value="00:03"),)))) == ()
    assert of_the_board(None, now) == ()
