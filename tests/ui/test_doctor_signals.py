"""The doctor on signals read aloud: which device, which there are, why not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.helpers.sound_card import DEVICE, SoundCard
from ui.bootstrap.doctor.checking import Finding, State
from ui.bootstrap.doctor.ear import signals
from ui.settings import Settings

pytestmark = pytest.mark.needs("posix")


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundCard:
    return SoundCard(tmp_path, monkeypatch)


def _found(card: SoundCard, device: str = DEVICE, telephone: str = "", *, wanted: bool = True) -> Finding:
    settings = Settings(signals_aloud=wanted, speech_device=device, telephone_device=telephone)
    (found,) = signals(settings, card.ear(device, telephone))
    assert card.played() == [], "the doctor says nothing aloud"
    return found


def test_not_wanted_is_not_asked_and_names_what_could_be_chosen(card: SoundCard) -> None:
    found = _found(card, "", wanted=False)
    assert found.state is State.NOT_ASKED
    assert f"devices to choose from: {DEVICE}, plughw:CARD=PCH,DEV=0" in found.means
    assert found.facts["wanted"] is False


def test_a_device_that_is_there_is_well(card: SoundCard) -> None:
    found = _found(card)
    assert found.state is State.WELL
    assert found.means == f"signals are read to {DEVICE}; never while its worker is on a call"
    assert found.facts["able"] is True
    assert f"{DEVICE} (USB Headset, USB Audio)" in str(found.facts["devices"])


@pytest.mark.parametrize(("telephone", "said"), [("handset", "a handset"), ("plughw:CARD=PCH,DEV=0", "PCH")])
def test_a_telephone_on_another_device_is_named(card: SoundCard, telephone: str, said: str) -> None:
    assert f"calls go through {said}, so they are read during a call too" in _found(card, telephone=telephone).means


def test_an_open_microphone_is_said(card: SoundCard) -> None:
    card.stream("pcm0c", "state: RUNNING\n")
    assert _found(card).means.endswith("its microphone is open now, so nothing would be read")


@pytest.mark.parametrize(("device", "said"), [("", "choose a device"), ("plughw:CARD=Gone,DEV=0", "is not there")])
def test_a_device_that_cannot_be_used_is_not_well_and_says_what_to_do(card: SoundCard, device: str, said: str) -> None:
    found = _found(card, device)
    assert found.state is State.NOT_WELL
    assert said in found.means
    assert found.do == (
        f"set `speech_device` to one of: {DEVICE}, plughw:CARD=PCH,DEV=0, sysdefault:CARD=Headset, "
        "hw:CARD=Headset,DEV=0"
    )
    assert found.facts["able"] is False


def test_where_there_is_no_device_at_all_none_is_offered(card: SoundCard) -> None:
    card.plug_in("null\n")
    assert _found(card).do == ""
    assert "there is no device to choose" in _found(card, wanted=False).means
