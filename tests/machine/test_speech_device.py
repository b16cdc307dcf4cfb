"""Signals to one chosen device through the real helper and real words: where they go, when not, and what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.machine.ear import Ear
from console.machine.speech import HelperSpeaker
from console.machine.speech_device import device_speaker, gate
from tests.helpers.sound_card import DEVICE, LISTED, SoundCard, until

pytestmark = pytest.mark.needs("linux", "espeak")
PHRASES = ("Get police", "Caller gone", "I am at risk")
RUNNING = "state: RUNNING\nowner_pid   : 4711\n"
Start = Callable[[Ear], HelperSpeaker]


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundCard:
    return SoundCard(tmp_path, monkeypatch)


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def start(told: list[str]) -> Iterator[Start]:
    made: list[HelperSpeaker] = []

    def one(ear: Ear) -> HelperSpeaker:
        made.append(device_speaker(ear, PHRASES, told.append))
        return made[-1]

    yield one
    for speaker in made:
        speaker.close()


def test_the_words_are_played_to_the_chosen_device_and_to_no_other(card: SoundCard, start: Start) -> None:
    start(card.ear()).say("Get police")
    until(lambda: card.played("end"))
    assert [line.split(" ", 2)[2].split(" /")[0] for line in card.played()] == [f"-q -D {DEVICE}"]
    assert card.seconds() > 0.4
    until(lambda: not card.left())


def test_hush_ends_the_player_at_once_and_wipes_the_words(card: SoundCard, start: Start) -> None:
    card.hold()
    speaker = start(card.ear())
    speaker.say("I am at risk")
    until(card.played)
    words = Path(card.played()[0].rsplit(" ", 1)[1])
    assert words.exists()
    assert card.plays()
    speaker.hush()
    until(lambda: not card.left())
    assert not words.exists()
    assert card.played("end") == []
    until(lambda: not card.plays())


def test_a_microphone_that_opens_in_mid_phrase_ends_it(card: SoundCard, start: Start) -> None:
    card.hold()
    start(card.ear()).say("Get police")
    until(card.played)
    card.stream("pcm0c", RUNNING)
    until(lambda: not card.left())
    assert card.played("end") == []


def test_nothing_is_said_while_a_microphone_of_the_card_is_open_and_nothing_later(
    card: SoundCard, start: Start
) -> None:
    card.stream("pcm0c", RUNNING)
    speaker = start(card.ear())
    speaker.say("Get police")
    until(lambda: not speaker.is_busy())
    card.stream("pcm0c", "closed\n")
    speaker.say("Caller gone")
    until(lambda: card.played("end"))
    assert len(card.played()) == 1


def test_a_device_that_has_gone_is_silence_and_one_sentence_until_it_is_back(
    card: SoundCard, start: Start, told: list[str]
) -> None:
    card.plug_in("plughw:CARD=PCH,DEV=0\n    HDA Intel PCH\n")
    speaker = start(card.ear())
    until(lambda: told)
    for phrase in PHRASES:
        speaker.say(phrase)
        until(lambda: not speaker.is_busy())
    assert card.played() == []
    assert told == [
        f"Signals are not read aloud: the chosen device {DEVICE} is not there.  Plug it in, or choose another.  "
        "Signals stand on the screen as ever."
    ]
    card.plug_in(LISTED)
    speaker.say("Get police")
    until(lambda: card.played("end"))


@pytest.mark.expects_log
def test_a_device_that_another_program_holds_is_said_once_until_it_takes_words_again(
    card: SoundCard, start: Start, told: list[str]
) -> None:
    card.refuse()
    speaker = start(card.ear())
    for phrase in PHRASES:
        speaker.say(phrase)
        until(lambda: not speaker.is_busy())
    assert len(card.played()) == 3
    assert len(told) == 1
    assert "did not take it" in told[0]
    card.refuse(now=False)
    speaker.say("Get police")
    until(lambda: card.played("end"))
    assert len(told) == 1


def test_without_a_chosen_device_nothing_is_read_and_the_console_says_so(
    card: SoundCard, start: Start, told: list[str]
) -> None:
    speaker = start(card.ear(""))
    speaker.say("Get police")
    until(lambda: not speaker.is_busy())
    assert card.played() == []
    assert len(told) == 1
    assert "choose a device" in told[0]


def test_a_phrase_with_a_figure_does_not_pass_even_where_it_is_on_the_list() -> None:
    through = gate(["Get police", "Ring 07700 900412", "Room 4", "x" * 61])
    assert through("Get police")
    assert not any(map(through, ("Ring 07700 900412", "Room 4", "x" * 61, "")))
