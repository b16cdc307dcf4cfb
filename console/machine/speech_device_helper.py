"""The helper of a chosen device: ``python -m ... DEVICE`` plays the phrase it reads on stdin there, then ends.

A program of its own: nothing in it can speak to the usual device.  No engine on Linux can be told where to speak,
so the words are written first, then played; the player is in our process group and ends with us.  pyttsx3's
``runAndWait`` returns before the words are whole (see speech_helper.py).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pyttsx3

from console.machine.speech import LONGEST_S, NOT_PLAYED

_PLAYED, _LATE = 0, 3


def main(device: str) -> int:
    """Speak; 0 when the whole phrase was played, 3 when the words were not made in time, 6 where not played."""
    words = Path(tempfile.gettempdir()) / "words.wav"
    made = threading.Event()
    engine = pyttsx3.init()
    engine.connect("finished-utterance", lambda name, completed: made.set())
    engine.save_to_file(sys.stdin.read(), str(words))
    engine.runAndWait()
    if not made.wait(LONGEST_S) or not words.is_file():
        return _LATE
    # Whichever the path finds, the same that was asked for the list of devices.
    playing = ["aplay", "-q", "-D", device, str(words)]
    done = subprocess.run(playing, stdin=subprocess.DEVNULL, check=False)
    return NOT_PLAYED if done.returncode else _PLAYED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
