"""One behaviour of every ``Speaker``: the silent one, and the real helper over a sound card of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from console.domain.signal_set import SHIPPED
from console.domain.spoken_signals import signal_phrases
from console.machine.speech import HelperSpeaker, SilentSpeaker, Terms
from console.machine.speech_device import device_speaker, gate
from console.ports.speaker import Speaker
from tests.helpers.sound_card import SoundCard, until

PHRASES = signal_phrases(SHIPPED)


class Rig(Protocol):
    """A speaker, and how many phrases it has spoken to their end."""

    speaker: Speaker

    def spoken(self, count: int) -> None:
        """Wait until so many were spoken, and see that it is no more."""


class Silent:
    """The speaker where there is no voice."""

    def __init__(self) -> None:
        self.silent = SilentSpeaker(Terms(gate(PHRASES)))
        self.speaker: Speaker = self.silent

    def spoken(self, count: int) -> None:
        """Count what would have been heard."""
        assert len(self.silent.said) == count


class Real:
    """The helper with espeak, and a player of the test."""

    def __init__(self, card: SoundCard) -> None:
        self._card = card
        self.real: HelperSpeaker = device_speaker(card.ear(), PHRASES, lambda _: None)
        self.speaker: Speaker = self.real

    def spoken(self, count: int) -> None:
        """Count what the player has played."""
        until(lambda: len(self._card.played("end")) >= count and not self.real.is_busy())
        assert len(self._card.played("end")) == count


@pytest.fixture(params=["silent", pytest.param("real", marks=pytest.mark.needs("linux", "espeak"))])
def rig(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Rig]:
    made = Silent() if request.param == "silent" else Real(SoundCard(tmp_path, monkeypatch))
    yield made
    made.speaker.close()


def test_what_is_on_the_list_is_said(rig: Rig) -> None:
    rig.speaker.say("Get police")
    rig.spoken(1)
    rig.speaker.say("Caller gone")
    rig.spoken(2)


@pytest.mark.expects_log
@pytest.mark.parametrize("phrase", ["", "Mrs Hale", "Get police, Mrs Hale", "Call waiting, Hampshire adults", "12"])
def test_what_is_not_on_the_list_is_not_said(rig: Rig, phrase: str, caplog: pytest.LogCaptureFixture) -> None:
    rig.speaker.say(phrase)
    rig.spoken(0)
    assert "Hale" not in caplog.text


def test_hush_is_harmless_and_leaves_the_voice(rig: Rig) -> None:
    rig.speaker.hush()
    rig.speaker.hush()
    rig.speaker.say("Get police")
    rig.spoken(1)


def test_after_closing_nothing_is_said(rig: Rig) -> None:
    rig.speaker.close()
    rig.speaker.say("Get police")
    rig.speaker.hush()
    rig.speaker.close()
    rig.spoken(0)
