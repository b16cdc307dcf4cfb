"""A voice for one chosen device alone, which says nothing but a fixed list of phrases."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable

from console.machine.ear import Ear
from console.machine.speech import HelperSpeaker, Terms

HELPER = (sys.executable, "-P", "-m", "console.machine.speech_device_helper")
_PLAIN = re.compile(r"[^\W\d_][^\W\d_'’ :,-]*(?:[ :,'’-]+[^\W\d_][^\W\d_'’ :,-]*)*")
_LONGEST = 60
_REFUSED = (
    "A signal was not read aloud: the chosen device did not take it.  Another program may hold it; let go of the "
    "device there, or choose another.  Signals stand on the screen as ever."
)


def gate(phrases: Iterable[str]) -> Callable[[str], bool]:
    """Return what lets through these phrases and no others; one with a figure, or too long, not even then."""
    return frozenset(one for one in phrases if len(one) <= _LONGEST and _PLAIN.fullmatch(one)).__contains__


def device_terms(ear: Ear, phrases: Iterable[str], tell: Callable[[str], None]) -> Terms:
    """Return the terms of speaking to ``ear``: ``phrases`` only, never while its microphone is open.

    ``tell`` hears in a sentence, on the speaker's thread, why nothing is read.
    """
    return Terms(gate(phrases), ear.why_not, ear.is_open, tell, _REFUSED)


def device_speaker(ear: Ear, phrases: Iterable[str], tell: Callable[[str], None]) -> HelperSpeaker:
    """Return a speaker for one device; where that cannot be reached it is silent, and never tries another."""
    return HelperSpeaker((*HELPER, ear.device), device_terms(ear, phrases, tell))
