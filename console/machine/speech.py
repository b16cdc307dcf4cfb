"""Speech: one short helper process for each phrase, silent wherever it cannot speak.

Why a process: pyttsx3 2.99 can neither wait nor be interrupted, and leaves the words in a WAV file
(platform-facts.md 1.5).  Killing a group takes 1.3 ms and is silence at once; the helper's private
temporary folder is wiped afterwards; the words travel on its stdin, where no list of processes
shows them.
"""

from __future__ import annotations

import logging
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from console.machine.platform import end_group, start_alone
from console.ports.speaker import Speaker

log = logging.getLogger(__name__)

LONGEST_S = 30.0
"""No phrase of ours is longer; a helper that hangs is ended."""
LOOK_S = 0.05
"""Seconds between two looks whether what is being spoken must stop."""
HELPER = (sys.executable, "-P", "-m", "console.machine.speech_helper")
NOT_PLAYED = 6
"""How the helper ends where the chosen device did not take the words."""

PHRASES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"Call waiting, {line}",
        r"Call waiting, {line}, {wait}",
        r"Second call waiting, {line}",
        r"{count} calls waiting",
        r"{count} calls waiting, longest {wait}",
        r"Help without an owner",
        r"Help without an owner, {line}",
        r"Help is asked for",
        r"Colleague asks for a second worker",
        r"The shared record is away",
        r"The shared record is back",
        r"The telephones are away",
        r"The telephones are back",
        r"Speech test",
    )
    for pattern in (
        pattern.format(line=r"[A-Z][A-Za-z' -]{1,30}", wait=r"\d{1,2} (?:minutes?|seconds?)", count=r"\d{1,3}"),
    )
)
"""Everything Nightdesk may say aloud: a line and a wait, never a person's name, number or risk."""


def may_say(phrase: str) -> bool:
    """Say whether ``phrase`` is one of ours."""
    return any(pattern.fullmatch(phrase) for pattern in PHRASES)


def _nothing() -> str:
    return ""


def _never() -> bool:
    return False


def _unheard(_: str) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Terms:
    """On which terms a speaker speaks; all but ``may`` are asked on the speaker's own thread.

    ``may`` is the gate: whatever it refuses is neither spoken nor logged.  ``why_not`` says in a sentence why nothing
    can be heard just now, and ``tell`` hears that sentence, once until it changes.  ``hushed`` says that nothing may
    sound at this moment; it is asked before a phrase and all the while it lasts.  ``refused`` is told where the helper
    ended with ``NOT_PLAYED``.
    """

    may: Callable[[str], bool] = may_say
    why_not: Callable[[], str] = _nothing
    hushed: Callable[[], bool] = _never
    tell: Callable[[str], None] = _unheard
    refused: str = ""


USUAL = Terms()


class SilentSpeaker:
    """Implements :class:`console.ports.speaker.Speaker` where there is no voice, and in tests."""

    def __init__(self, terms: Terms = USUAL) -> None:
        """``said`` is what would have been heard."""
        self.said: list[str] = []
        self._terms = terms
        self._closed = False

    def say(self, phrase: str) -> None:
        """Note the phrase."""
        if self._terms.may(phrase) and not self._closed:
            self.said.append(phrase)

    def hush(self) -> None:
        """Be as silent as before."""

    def close(self) -> None:
        """Note nothing more: there is no helper to end."""
        self._closed = True


class HelperSpeaker:
    """Implements :class:`console.ports.speaker.Speaker` with helper processes on a thread of its own."""

    def __init__(self, command: Sequence[str] | None = None, terms: Terms = USUAL) -> None:
        """``command`` reads a phrase on stdin and speaks it; ours unless another is given."""
        self._command = list(command or HELPER)
        self._terms = terms
        self._wake = threading.Condition()
        self._next = ""
        self._playing: subprocess.Popen[bytes] | None = None
        self._closed = self._told = self._refused = False
        self._why = ""
        self._thread = threading.Thread(target=self._work, name="speech", daemon=True)
        self._thread.start()

    def say(self, phrase: str) -> None:
        """Speak ``phrase``; whatever is being spoken stops."""
        if not self._terms.may(phrase):
            log.warning("a phrase that is not on the list was not spoken")
            return
        with self._wake:
            self._next = phrase
            self._end_playing()
            self._wake.notify()

    def hush(self) -> None:
        """Be silent at once."""
        with self._wake:
            self._next = ""
            self._end_playing()

    def is_busy(self) -> bool:
        """Say whether a phrase is being spoken, or is about to be."""
        with self._wake:
            return not self._closed and (bool(self._next) or self._playing is not None)

    def close(self) -> None:
        """End the helper and the thread."""
        with self._wake:
            self._closed, self._next = True, ""
            self._end_playing()
            self._wake.notify()
        self._thread.join(2.0)

    def _end_playing(self) -> None:
        if self._playing is not None:
            end_group(self._playing)

    def _work(self) -> None:
        # Said before the first phrase: whoever relies on hearing must know that they will not.
        self._can_be_heard()
        while phrase := self._wait_for_phrase():
            if not self._can_be_heard() or self._terms.hushed():
                self._drop(phrase)
                continue
            with tempfile.TemporaryDirectory(prefix="nd-speech-", ignore_cleanup_errors=True) as folder:
                self._speak(phrase, folder)

    def _can_be_heard(self) -> bool:
        why = self._terms.why_not()
        if why and why != self._why:
            self._terms.tell(why)
        self._why = why
        return not why

    def _wait_for_phrase(self) -> str:
        """Return the next phrase, or nothing when the speaker is closed."""
        with self._wake:
            self._wake.wait_for(lambda: self._closed or self._next)
            return "" if self._closed else self._next

    def _drop(self, phrase: str) -> None:
        with self._wake:
            self._next = "" if self._next == phrase else self._next

    def _speak(self, phrase: str, folder: str) -> None:
        """Start a helper and wait until it has spoken or was ended."""
        with self._wake:
            # A newer phrase, or a hush, may have come while the folder was made.
            if self._closed or self._next != phrase:
                return
            self._next = ""
            process = self._playing = self._start(folder)
        if process is not None:
            self._feed(process, phrase)
        with self._wake:
            self._playing = None

    def _start(self, folder: str) -> subprocess.Popen[bytes] | None:
        environment = {**os.environ, "TMPDIR": folder, "TEMP": folder, "TMP": folder}
        try:
            return start_alone(self._command, environment)
        except OSError as error:
            self._tell_once(type(error).__name__)
            return None

    def _feed(self, process: subprocess.Popen[bytes], phrase: str) -> None:
        end, words = time.monotonic() + LONGEST_S, phrase.encode()
        while process.returncode is None:
            try:
                process.communicate(words or None, timeout=LOOK_S)
            except subprocess.TimeoutExpired:
                words = b""
                if time.monotonic() > end or self._terms.hushed():
                    end_group(process)
                    process.wait()
        if process.returncode > 0:
            self._tell_once(f"the helper ended with {process.returncode}")
        if process.returncode >= 0:
            self._took(process.returncode != NOT_PLAYED)

    def _took(self, took: bool) -> None:
        """Say that the device did not take the words, once until it does."""
        if not took and not self._refused:
            self._terms.tell(self._terms.refused)
        self._refused = not took

    def _tell_once(self, why: str) -> None:
        if not self._told:
            log.warning("speech does not work here: %s", why)
        self._told = True


def why_silent(platform: str = sys.platform, which: Callable[[str], str | None] = shutil.which) -> str:
    """Return why this computer cannot speak, in a sentence, or nothing when it can."""
    if platform != "linux":
        return ""
    if not (which("espeak-ng") or which("espeak")):
        return "There is no voice on this computer.  To hear waiting calls, install espeak-ng."
    if not which("aplay"):
        return "There is a voice, but no way to play it.  To hear waiting calls, install alsa-utils."
    return ""


def try_voice(command: Sequence[str] | None = None, seconds: float = 10.0) -> str:
    """Start the helper in silence; return why it could not speak, in a sentence, or nothing where it could."""
    asked = list(command or (*HELPER, "--check"))
    try:
        done = subprocess.run(asked, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        return f"The voice did not start within {seconds:g} seconds."
    except OSError as error:
        return f"The voice cannot be started ({type(error).__name__})."
    return "" if done.returncode == 0 else f"The voice does not start (its helper ended with {done.returncode})."


def make_speaker(wanted: bool) -> tuple[Speaker, str]:
    """Return a speaker, and why it is silent though speech was wanted."""
    why = why_silent() if wanted else ""
    return (HelperSpeaker(), "") if wanted and not why else (SilentSpeaker(), why)
