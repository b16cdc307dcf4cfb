"""The states of a ringing telephone, each reached at three real windows, with the words that it must show.

One table for the pictures of the documentation (``make_pictures``) and for the test that the words are there, whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from console.domain.call_events import HoldChanged, LinkChanged, LinkState
from console.domain.calls import CallOutcome
from console.domain.people import NewPerson
from console.ports.switchboard import Act as PhoneAct
from tests.helpers.cut_words import cut_words
from tests.helpers.night_windows import LINE, NUMBER, Sitting, Windows, focused
from tests.helpers.plain_words import words_on
from ui.desktop.shortcuts import Act, Screen
from ui.desktop.theme.apply import choose

SMALL, LARGE = (1280, 640), (1920, 1080)
HANDLER, COORDINATOR, BOARD = Screen.HANDLER.value, Screen.COORDINATOR.value, Screen.BOARD.value
OTHER_LINE, OTHER_NUMBER = "01632960004", "01632960741"


@dataclass(frozen=True, slots=True)
class Scene:
    """One state: how it is reached, the words of it by screen, and in which sizes (px) its pictures are kept."""

    name: str
    reach: Callable[[Windows], None]
    shows: Mapping[str, tuple[str, ...]]
    sizes: tuple[tuple[int, int], ...] = (SMALL,)


def _known(night: Windows) -> None:
    """Let the record know a person on the caller's number, and only a handset answer."""
    person = NewPerson("Fenn", "Marcus", date(1991, 5, 14), gender="", e164=f"+44{NUMBER[1:]}")
    night.priya.console.people.create(None, person)
    for one in (night.priya, night.tom):
        one.console.switchboard.acts = frozenset(PhoneAct) - {PhoneAct.ANSWER}
    night.room.settle()


def _ringing(night: Windows) -> None:
    _known(night)
    night.room.rings("c1", NUMBER, LINE, "1001", "1002")
    night.room.advance(23)


def _claimed(night: Windows) -> None:
    _ringing(night)
    night.tom.press(Act.ANSWER)
    night.room.advance(9)


_NOTES = (
    "He is in the car, the engine is off. Says he took nothing yet.",
    "Will stay on the line. Does not want his brother rung.",
)


def _second_call(night: Windows) -> None:
    night.paired()
    night.priya.window.activateWindow()
    night.priya.press(Act.NOTE)
    for line in _NOTES:
        QTest.keyClicks(focused(), line)
        QTest.keyClick(focused(), Qt.Key.Key_Return)
    night.room.advance(4)
    night.room.rings("c2", "", OTHER_LINE, "1001", "1002")
    night.room.advance(26)


def _first_held(night: Windows) -> None:
    _second_call(night)
    night.room.hears(HoldChanged("c1", night.room.clock.now(), "1001", True))
    night.room.answers("c2", "1001")
    night.room.advance(71)


def _held_and_waiting(night: Windows) -> None:
    _first_held(night)
    night.room.rings("c3", OTHER_NUMBER, LINE, "1001", "1002")
    night.room.advance(12)


def _phones_away(night: Windows) -> None:
    _second_call(night)
    words = "The telephone system does not answer. Calls still ring: answer on the handset."
    night.room.hears(LinkChanged(night.room.clock.now(), LinkState.LOST, words))
    night.room.advance(41)


def _missed(night: Windows) -> None:
    for call, number, line, waited in (("m1", NUMBER, LINE, 48), ("m2", "", OTHER_LINE, 31)):
        night.room.rings(call, number, line, "1001", "1002")
        night.room.advance(waited)
        night.room.ends(call, CallOutcome.ABANDONED)
        night.room.advance(20)
    for one in sittings(night).values():
        one.press(Act.MISSED)


_BOTH_LINES = ("22:14 Hampshire adults, 07700 900412, waited 00:48", "number withheld, waited 00:31")

SCENES = (
    Scene(
        "ringing", _ringing,
        {
            HANDLER: ("RINGING", "07700 900412", "FENN", "I have it, lift the handset"),
            COORDINATOR: ("1 waiting 00:23, Hampshire adults rings here: F9",),
            BOARD: ("over 00:20", "Not answered"),
        },
        (SMALL, LARGE),
    ),
    Scene(
        "claimed", _claimed,
        {
            HANDLER: ("Tom Adeyemi has had it since 22:14", "Take it"),
            COORDINATOR: ("you have it: lift the handset",),
            BOARD: ("Tom Adeyemi has it", "The handset is not lifted yet"),
        },
    ),
    Scene(
        "second_call", _second_call,
        {
            HANDLER: ("ON CALL", "WAITING 00:26", "Number withheld", "Hold this and answer"),
            COORDINATOR: ("1 waiting 00:26", "LIFE AT RISK NOW"),
            BOARD: ("Priya Raman with Tom Adeyemi", "Not answered"),
        },
    ),
    Scene(
        "first_held", _first_held,
        {
            HANDLER: ("ON CALL", "Number withheld", "ON HOLD 01:11", "07700 900412", "Hold this and take back"),
            COORDINATOR: ("LIFE AT RISK NOW",),
            BOARD: ("Priya Raman",),
        },
        (),
    ),
    Scene(
        "held_and_waiting", _held_and_waiting,
        {
            HANDLER: ("07700 900412 on hold 01:23", "WAITING 00:12", "01632 960741", "1 on hold"),
            COORDINATOR: ("1 waiting 00:12",),
            BOARD: ("Not answered",),
        },
        (),
    ),
    Scene(
        "phones_away", _phones_away,
        {
            HANDLER: ("Phones away 00:41: answer on the handset", "the telephones do not answer", "may be gone"),
            COORDINATOR: ("Phones away 00:41", "1 waiting as of 22:14", "Priya on the line as of"),
            BOARD: ("Phones away 00:41", "41 s old", "As last heard from the telephones"),
        },
    ),
    Scene(
        "missed", _missed,
        {screen: ("2 missed calls Ctrl+Shift+M", *_BOTH_LINES) for screen in (HANDLER, COORDINATOR, BOARD)},
        (SMALL, LARGE),
    ),
)  # fmt: skip


def sittings(night: Windows) -> Mapping[str, Sitting]:
    """Return who sits at which screen."""
    return MappingProxyType({HANDLER: night.priya, COORDINATOR: night.tom, BOARD: night.helen})


def dressed(night: Windows, size: tuple[int, int], *, dark: bool) -> Iterator[tuple[str, Sitting]]:
    """Yield every screen in this size (px) and theme, drawn."""
    for screen, one in sittings(night).items():
        one.window.resize(*size)
        one.window.wear(choose(dark=dark, high_contrast=False))
        # Layouts and lists measure themselves in turns of their own.
        for _ in range(2):
            one.window.acts(one.window.screen_shown).draw()
            QApplication.processEvents()
        yield screen, one


def lacking(scene: Scene, screen: str, one: Sitting) -> list[str]:
    """Return what this screen does not show of the scene, and what it cuts; empty when all is well."""
    said = "\n".join(words_on(one.window))
    missing = [f"{scene.name}, {screen}: not shown: {words}" for words in scene.shows[screen] if words not in said]
    return missing + [f"{scene.name}, {screen}: cut: {words}" for words in cut_words(one.window)]
