"""``presses KEY``: one act of the key sheet, by its name in the script."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QWidget

from ui.desktop.demo import hands
from ui.desktop.demo.hands import CannotPlay, Doing
from ui.desktop.demo.stage import Player
from ui.desktop.shortcuts import Act

NAMES: Mapping[str, Act] = {
    "resume": Act.HOLD,
    "end_call": Act.END,
    "need_a_second": Act.NEED_SECOND,
    "join": Act.TAKE,
    "offer_to_team": Act.OFFER,
}
"""Where a script's word is not the act's own."""


def screen_of(player: Player) -> QWidget:
    """Return the screen that is shown in a player's window."""
    return player.place.window.view(player.place.window.screen_shown)


def play_press(player: Player, words: tuple[str, ...]) -> Doing:
    """Press a key once what it is meant for is on screen."""
    name = words[0]
    if name == "observe":
        yield from _observe(player)
        return
    act = NAMES.get(name) or next((one for one in Act if one.value == name), None)
    if act is None:
        raise CannotPlay(f"no key is called {name}")
    desk = player.desk
    if act is Act.TAKE:
        yield lambda: bool(desk.pair.waiting_summons())
    if act in (Act.ANSWER, Act.OFFER):
        yield lambda: bool(desk.calls.state().waiting)
    yield hands.now
    hands.press(screen_of(player), act)
    if act is Act.END:
        yield hands.now
        hands.press(screen_of(player), act)
        yield lambda: desk.calls.state().current is None
    elif act is Act.ANSWER:
        yield lambda: desk.calls.state().current is not None
    elif act is Act.TAKE:
        yield lambda: bool(desk.folds.incidents_of_worker(desk.who.worker))
    yield hands.now


def _observe(player: Player) -> Doing:
    """Join, from the board, the most urgent call that two work on."""
    calls, worker = player.board.calls.view, player.desk.who.worker

    def row() -> str:
        return next((one.key for one in calls.rows if "observe" in one.acts and "Pair since" in one.spoken), "")

    yield lambda: bool(row())
    calls.choose(row())
    calls.acted.emit(row(), "observe")
    yield lambda: bool(player.desk.folds.incidents_of_worker(worker))
