"""A sound card called Headset: the ``aplay`` that finds it and plays to it, and what the kernel tells of it."""

from __future__ import annotations

import os
import time
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from console.machine.ear import Ear

DEVICE = "plughw:CARD=Headset,DEV=0"
LISTED = """null
    Discard all samples (playback) or generate zero samples (capture)
default
    Default ALSA Output (currently PulseAudio Sound Server)
default:CARD=Headset
    USB Headset, USB Audio
    Default Audio Device
sysdefault:CARD=Headset
    USB Headset, USB Audio
    Default Audio Device
hw:CARD=Headset,DEV=0
    USB Headset, USB Audio
    Direct hardware device without any conversions
plughw:CARD=Headset,DEV=0
    USB Headset, USB Audio
    Hardware device with all software conversions
plughw:CARD=PCH,DEV=0
    HDA Intel PCH, ALC257 Analog
    Hardware device with all software conversions
"""
_APLAY = """#!/bin/sh
cd '{folder}' || exit 9
if [ "$1" = -L ]; then cat listed; exit; fi
for words; do :; done
cp "$words" last.wav
echo "start $$ $*" >> played
if [ -e refuse ]; then exit 1; fi
while [ -e hold ]; do sleep 0.02; done
echo "end $$" >> played
"""


def until(true: Callable[[], object]) -> None:
    """Wait until something is so, as long as anybody could."""
    deadline = time.monotonic() + 20
    while not true():
        assert time.monotonic() < deadline, "waited 20 s in vain"
        time.sleep(0.005)


class SoundCard:
    """Below ``folder``: a player on the path, and the kernel's tree of streams."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._folder = folder / "card"
        self._folder.mkdir()
        self.asound = folder / "asound"
        self.temporary = folder / "temporary"
        self.temporary.mkdir()
        player = self._folder / "aplay"
        player.write_text(_APLAY.format(folder=self._folder), encoding="utf-8")
        player.chmod(0o755)
        self.plug_in()
        for card in ("Headset", "PCH"):
            for stream in ("pcm0p", "pcm0c"):
                self.stream(stream, "closed\n", card)
        monkeypatch.setenv("PATH", f"{self._folder}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("TMPDIR", str(self.temporary))
        monkeypatch.setattr("tempfile.tempdir", None)

    def ear(self, device: str = DEVICE, telephone: str = "", platform: str = "linux") -> Ear:
        """Return a chosen device, on a computer that has a voice."""
        return Ear(device, telephone, asound=self.asound, platform=platform, which=lambda name: name)

    def stream(self, stream: str, status: str, card: str = "Headset") -> None:
        """Let the kernel tell of a stream."""
        place = self.asound / card / stream / "sub0"
        place.mkdir(parents=True, exist_ok=True)
        (place / "status").write_text(status, encoding="utf-8")

    def plug_in(self, listed: str = LISTED) -> None:
        """Let the system list these devices."""
        (self._folder / "listed").write_text(listed, encoding="utf-8")

    def hold(self) -> None:
        """Let phrases last until :meth:`let_go`."""
        (self._folder / "hold").touch()

    def let_go(self) -> None:
        """Let what is being played end."""
        (self._folder / "hold").unlink()

    def refuse(self, *, now: bool = True) -> None:
        """Let the device take nothing, as one that another program holds; or take it again."""
        if now:
            (self._folder / "refuse").touch()
        else:
            (self._folder / "refuse").unlink()

    def played(self, kind: str = "start") -> list[str]:
        """Return the starts, or ends, of what was played."""
        file = self._folder / "played"
        lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
        return [line for line in lines if line.startswith(kind)]

    def plays(self) -> bool:
        """Say whether the process that played last still runs; one that ended and was not asked for does not."""
        stat = Path("/proc", self.played()[-1].split()[1], "stat")
        return stat.exists() and stat.read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX"

    def seconds(self) -> float:
        """Return how long the words played last are."""
        with wave.open(str(self._folder / "last.wav")) as sound:
            return float(sound.getnframes() / sound.getframerate())

    def left(self) -> list[Path]:
        """Return what speech has left in the temporary folder."""
        return list(self.temporary.glob("nd-speech-*"))
