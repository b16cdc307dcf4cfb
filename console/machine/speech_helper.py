"""The helper process: speaks the phrase it reads on stdin, then ends.  Started by speech.py only.

pyttsx3's ``runAndWait`` returns before the speech on Linux, and dropping the engine while it
speaks raises in its C callback: so wait for "finished-utterance" with the engine in hand.
"""

from __future__ import annotations

import sys
import threading

import pyttsx3

_LONGEST_S = 30.0


CHECK = "--check"


def main() -> int:
    """Speak; 0 when the whole phrase was spoken, 3 when the engine did not say so in time."""
    if CHECK in sys.argv:
        # The engine starts and knows a voice: as far as one can look in silence.
        return 0 if pyttsx3.init().getProperty("voices") else 4
    phrase = sys.stdin.read()
    spoken = threading.Event()
    engine = pyttsx3.init()
    engine.connect("finished-utterance", lambda name, completed: spoken.set())
    engine.say(phrase)
    engine.runAndWait()
    return 0 if spoken.wait(_LONGEST_S) else 3


if __name__ == "__main__":
    sys.exit(main())
