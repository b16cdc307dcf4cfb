"""One chosen output device, as the second worker's headset: is it there, and is its microphone open.

Straight to a sound card of ALSA, never through a sound server: a server sends what it plays to another device when
the chosen one goes away, and what was meant for one ear is heard in the room (decision 0034).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ASOUND = Path("/proc/asound")
"""Where Linux tells of each sound card which of its streams are open, whoever opened them."""
HANDSET = "handset"
"""What the setting ``telephone_device`` says of a telephone that is no sound device of this computer."""
LIST_SECONDS = 2.0
_STRAIGHT = ("plughw", "sysdefault", "front", "dmix", "hw")
"""Names that lead to one card and to no other; ``default:CARD=...`` may lead to a sound server."""
_NAME = re.compile(r"(?P<by>[a-z]+):CARD=(?P<card>[A-Za-z0-9_-]{1,31})(?:,DEV=\d{1,3})?")
_KEPT = "  Signals stand on the screen as ever."
Which = Callable[[str], str | None]


@dataclass(frozen=True, slots=True)
class Output:
    """One device that may be chosen: its name as ALSA has it, and what its card says of itself."""

    name: str
    says: str


def card_of(device: str) -> str:
    """Return the card that a device's name leads to straight; empty where it may lead to any."""
    found = _NAME.fullmatch(device)
    return found["card"] if found is not None and found["by"] in _STRAIGHT else ""


def read_outputs(listed: str) -> tuple[Output, ...]:
    """Return the devices of what ``aplay -L`` prints that lead to one card: names at the margin, words below them."""
    found: list[Output] = []
    for line in listed.splitlines():
        if line.strip() and not line[0].isspace():
            found.append(Output(line.split()[0], ""))
        elif found and not found[-1].says:
            found[-1] = Output(found[-1].name, line.strip())
    return tuple(one for one in found if card_of(one.name))


def outputs(environment: Mapping[str, str] | None = None) -> tuple[Output, ...]:
    """Ask the system which output devices there are; none where it does not say so in time."""
    try:
        done = subprocess.run(
            ["aplay", "-L"],  # noqa: S607 - whichever the path finds, as the helper that plays
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LIST_SECONDS,
            check=False,
            env=dict(os.environ if environment is None else environment),
        )
    except (OSError, subprocess.TimeoutExpired):
        return ()
    return read_outputs(done.stdout.decode("utf-8", "replace")) if done.returncode == 0 else ()


class Ear:
    """The device called ``device``; nothing is cached, since headsets come and go."""

    def __init__(
        self, device: str, telephone: str = "", *, asound: Path = ASOUND, platform: str = sys.platform,
        which: Which = shutil.which,
    ) -> None:  # fmt: skip
        """``telephone`` is the device of this worker's telephone calls; empty where it was not said."""
        self.device = device.strip()
        self._telephone = telephone.strip()
        self._asound = asound
        self._platform = platform
        self._which = which

    def why_not(self) -> str:
        """Return why nothing can be read to this device, in a sentence, or nothing where it can; takes a moment."""
        why = self._why_not_here() or self._why_not_it()
        return f"Signals are not read aloud: {why}{_KEPT}" if why else ""

    def _why_not_here(self) -> str:
        if self._platform != "linux":
            return "which device speaks can be chosen on Linux alone, and without a choice nothing is read."
        if not (self._which("espeak-ng") or self._which("espeak")):
            return "there is no voice on this computer; install espeak-ng."
        if not self._which("aplay"):
            return "there is no program that plays to a chosen device; install alsa-utils."
        return ""

    def _why_not_it(self) -> str:
        if not self.device:
            return "choose a device, `speech_device` in the settings; `nightdesk doctor` names those there are."
        if not card_of(self.device):
            return (
                f"`speech_device` must name one sound card, as plughw:CARD=Headset,DEV=0 does; {self.device[:60]} may "
                "lead to any.  `nightdesk doctor` names those there are."
            )
        if self.device not in {one.name for one in outputs()}:
            return f"the chosen device {self.device} is not there.  Plug it in, or choose another."
        if not self._tells():
            return f"this computer does not tell whether the microphone of {self.device} is open."
        return ""

    def is_open(self) -> bool:
        """Say whether a microphone of the same card is open, in whichever program, or that cannot be found out."""
        if not self._tells():
            return True
        return any(_open(status) for status in self._streams("c"))

    def shares_telephone(self) -> bool:
        """Say whether telephone calls go through the same card; also where that is not known."""
        if self._telephone == HANDSET:
            return False
        card = card_of(self._telephone)
        return not card or card == card_of(self.device) or not (self._asound / card).is_dir()

    def _tells(self) -> bool:
        """A kernel that tells of the card's output tells of its microphones too, where it has any."""
        return bool(self._streams("p"))

    def _streams(self, way: str) -> list[Path]:
        card = card_of(self.device)
        try:
            return list((self._asound / card).glob(f"pcm*{way}/sub*/status")) if card else []
        except OSError:
            return []


def _open(status: Path) -> bool:
    """Whatever is not said to be closed is open: prepared and paused streams can run within a blink."""
    try:
        return status.read_text(encoding="utf-8", errors="replace").strip() != "closed"
    except OSError:
        return True
