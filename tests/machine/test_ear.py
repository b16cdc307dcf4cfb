"""One chosen device: what the system lists, what leads to one card alone, and whether a microphone is open."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.machine.ear import HANDSET, Ear, card_of, outputs, read_outputs
from tests.helpers.sound_card import DEVICE, LISTED, SoundCard


@pytest.fixture
def card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SoundCard:
    return SoundCard(tmp_path, monkeypatch)


def test_only_devices_that_lead_to_one_card_may_be_chosen() -> None:
    found = read_outputs(LISTED)
    assert [one.name for one in found] == [
        "sysdefault:CARD=Headset",
        "hw:CARD=Headset,DEV=0",
        DEVICE,
        "plughw:CARD=PCH,DEV=0",
    ]
    assert {one.says for one in found} == {"USB Headset, USB Audio", "HDA Intel PCH, ALC257 Analog"}


@pytest.mark.parametrize("listed", ["", "\n\n", "    words without a name\n", "plughw:CARD=../x,DEV=0\n", "\x00\n"])
def test_a_list_of_rubbish_is_a_list_of_nothing(listed: str) -> None:
    assert read_outputs(listed) == ()


@pytest.mark.parametrize(
    ("device", "card"),
    [
        (DEVICE, "Headset"),
        ("sysdefault:CARD=Headset", "Headset"),
        ("hw:1,0", ""),
        ("default", ""),
        ("default:CARD=Headset", ""),
        ("pulse", ""),
        ("pipewire", ""),
        ("null", ""),
        ("plughw:CARD=../../etc,DEV=0", ""),
        ("plughw:CARD=Headset,DEV=0 -f", ""),
        ("", ""),
    ],
)
def test_a_name_leads_to_one_card_or_to_any(device: str, card: str) -> None:
    assert card_of(device) == card


@pytest.mark.needs("posix")
def test_the_system_is_asked_which_devices_there_are(card: SoundCard) -> None:
    assert DEVICE in [one.name for one in outputs()]
    card.plug_in("null\n")
    assert outputs() == ()


def test_without_the_program_that_lists_them_there_are_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert outputs() == ()


@pytest.mark.parametrize(
    ("status", "is_open"),
    [
        ("closed\n", False),
        ("state: RUNNING\nowner_pid   : 12\n", True),
        ("state: PREPARED\n", True),
        ("state: PAUSED\n", True),
        ("", True),
    ],
)
def test_whatever_is_not_closed_is_an_open_microphone(card: SoundCard, status: str, is_open: bool) -> None:
    card.stream("pcm1c", status)
    assert card.ear().is_open() is is_open


def test_the_microphone_of_another_card_is_none_of_this_device(card: SoundCard) -> None:
    card.stream("pcm0c", "state: RUNNING\n", "PCH")
    assert not card.ear().is_open()
    assert card.ear("plughw:CARD=PCH,DEV=0").is_open()


def test_what_is_played_is_no_microphone(card: SoundCard) -> None:
    card.stream("pcm0p", "state: RUNNING\n")
    assert not card.ear().is_open()


def test_where_nothing_is_told_of_a_card_its_microphone_counts_as_open(tmp_path: Path) -> None:
    assert Ear(DEVICE, asound=tmp_path / "nowhere").is_open()
    (tmp_path / "Headset").mkdir()
    assert Ear(DEVICE, asound=tmp_path).is_open()


@pytest.mark.parametrize(
    ("telephone", "shares"),
    [
        ("", True),
        (DEVICE, True),
        ("sysdefault:CARD=Headset", True),
        ("plughw:CARD=PCH,DEV=0", False),
        ("plughw:CARD=Gone,DEV=0", True),
        ("default", True),
        ("my telephone", True),
        (HANDSET, False),
    ],
)
def test_the_telephone_is_on_the_same_card_unless_another_is_named_that_is_there(
    card: SoundCard, telephone: str, shares: bool
) -> None:
    assert card.ear(telephone=telephone).shares_telephone() is shares


@pytest.mark.needs("posix")
def test_a_device_that_is_there_is_well(card: SoundCard) -> None:
    assert card.ear().why_not() == ""


@pytest.mark.parametrize(
    ("device", "platform", "said"),
    [
        ("", "linux", "choose a device"),
        ("default", "linux", "must name one sound card"),
        ("plughw:CARD=Gone,DEV=0", "linux", "is not there"),
        (DEVICE, "win32", "on Linux alone"),
        (DEVICE, "darwin", "on Linux alone"),
    ],
)
@pytest.mark.needs("posix")
def test_why_nothing_is_read_is_a_sentence(card: SoundCard, device: str, platform: str, said: str) -> None:
    why = card.ear(device, platform=platform).why_not()
    assert why.startswith("Signals are not read aloud: ")
    assert said in why
    assert why.endswith("Signals stand on the screen as ever.")


@pytest.mark.parametrize(("missing", "said"), [("espeak", "install espeak-ng"), ("aplay", "install alsa-utils")])
def test_what_is_missing_is_named(card: SoundCard, missing: str, said: str) -> None:
    ear = Ear(DEVICE, asound=card.asound, platform="linux", which=lambda name: None if missing in name else name)
    assert said in ear.why_not()


@pytest.mark.needs("posix")
def test_a_card_of_which_nothing_is_told_is_not_used(card: SoundCard, tmp_path: Path) -> None:
    ear = Ear(DEVICE, asound=tmp_path / "nowhere", platform="linux", which=lambda name: name)
    assert "does not tell whether the microphone" in ear.why_not()
