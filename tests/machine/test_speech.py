"""Speech through real helper processes: fixed phrases, silence at once, nothing left behind."""

from __future__ import annotations

import os
import sys
import threading
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.machine.speech import HelperSpeaker, SilentSpeaker, make_speaker, may_say, why_silent

HELPER = """
import os, sys, tempfile, time
out = open(sys.argv[1], "a")
phrase = sys.stdin.read()
left = tempfile.NamedTemporaryFile(suffix=".wav", delete=False)
print(f"start {os.getpid()} {left.name} {phrase}", file=out, flush=True)
time.sleep(float(sys.argv[2]))
while len(sys.argv) > 3 and not os.path.exists(sys.argv[3]):
    time.sleep(0.005)
print(f"end {os.getpid()}", file=out, flush=True)
"""


class Heard:
    """Speakers whose helper writes down what it would say, and what it wrote."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "heard"
        self.speakers: list[HelperSpeaker] = []

    def speaker(self, seconds: float = 0.0, until: Path | None = None) -> HelperSpeaker:
        """Return one whose phrases last so long, or until a file is there."""
        more = [str(until)] if until else []
        speaker = HelperSpeaker([sys.executable, "-c", HELPER, str(self.file), str(seconds), *more])
        self.speakers.append(speaker)
        return speaker

    def lines(self, kind: str = "") -> list[str]:
        said = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        return [line for line in said if line.startswith(kind)]


@pytest.fixture
def heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Heard]:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    heard = Heard(tmp_path)
    yield heard
    for speaker in heard.speakers:
        speaker.close()


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline, "waited 10 s in vain"
        time.sleep(0.005)


@pytest.mark.parametrize(
    "phrase",
    [
        "Call waiting, Southampton",
        "Call waiting, Isle of Wight, 2 minutes",
        "3 calls waiting, longest 1 minute",
        "Help without an owner",
        "Help without an owner, Hampshire adults",
    ],
)
def test_line_and_wait_may_be_said(phrase: str) -> None:
    assert may_say(phrase)


@pytest.mark.parametrize(
    "phrase",
    [
        "",
        "Priya Raman",
        "Call waiting, 01632 960123",
        "High risk of suicide",
        "Call waiting, Southampton\nMrs Hale",
        "x",
    ],
)
def test_nothing_else_may_be_said(phrase: str) -> None:
    assert not may_say(phrase)


@pytest.mark.expects_log
def test_a_phrase_not_on_the_list_is_not_spoken_nor_logged(heard: Heard, caplog: pytest.LogCaptureFixture) -> None:
    speaker = heard.speaker()
    speaker.say("Mrs Hale is waiting")
    speaker.say("Speech test")
    _until(lambda: heard.lines("end"))
    assert [line.split(" ", 3)[3] for line in heard.lines("start")] == ["Speech test"]
    assert "Hale" not in caplog.text


def test_a_phrase_is_spoken_without_waiting(heard: Heard, tmp_path: Path) -> None:
    enough = tmp_path / "enough"
    speaker = heard.speaker(until=enough)
    speaker.say("Call waiting, Southampton")
    assert heard.lines("end") == [], "it says more than anybody could wait for"
    enough.touch()
    _until(lambda: heard.lines("end"))
    assert heard.lines("start")[0].endswith(" Call waiting, Southampton")


def test_the_phrase_is_not_in_the_list_of_processes(heard: Heard) -> None:
    speaker = heard.speaker(seconds=5)
    speaker.say("Call waiting, Southampton")
    _until(lambda: heard.lines("start"))
    pid = heard.lines("start")[0].split()[1]
    shown = Path("/proc", pid, "cmdline")
    if shown.exists():
        assert b"Southampton" not in shown.read_bytes()
    speaker.hush()


def test_hush_is_silence_at_once(heard: Heard) -> None:
    speaker = heard.speaker(seconds=30)
    speaker.say("Call waiting, Southampton")
    _until(lambda: heard.lines("start"))
    before = time.perf_counter()
    speaker.hush()
    assert time.perf_counter() - before < 10
    _until(lambda: speaker._playing is None)
    assert heard.lines("end") == []


def test_a_newer_phrase_replaces_the_older(heard: Heard) -> None:
    speaker = heard.speaker(seconds=30)
    speaker.say("Call waiting, Southampton")
    _until(lambda: len(heard.lines("start")) == 1)
    speaker.say("2 calls waiting")
    _until(lambda: len(heard.lines("start")) == 2)
    assert heard.lines("start")[1].endswith(" 2 calls waiting")
    assert heard.lines("end") == []


def test_of_many_phrases_at_once_the_last_is_spoken(heard: Heard) -> None:
    speaker = heard.speaker()
    for count in range(2, 60):
        speaker.say(f"{count} calls waiting")
    _until(lambda: any("59 calls" in line for line in heard.lines("start")))
    _until(lambda: speaker._playing is None)
    assert heard.lines("start")[-1].endswith(" 59 calls waiting")


def test_the_words_of_an_interrupted_helper_are_wiped(heard: Heard) -> None:
    speaker = heard.speaker(seconds=30)
    speaker.say("Call waiting, Southampton")
    _until(lambda: heard.lines("start"))
    left = Path(heard.lines("start")[0].split()[2])
    assert left.exists()
    assert left.parent.parent == heard.file.parent
    speaker.hush()
    _until(lambda: not left.parent.exists())


def test_closing_ends_helper_and_thread(heard: Heard) -> None:
    before = threading.active_count()
    speaker = heard.speaker(seconds=30)
    speaker.say("Call waiting, Southampton")
    _until(lambda: heard.lines("start"))
    pid = int(heard.lines("start")[0].split()[1])
    speaker.close()
    assert threading.active_count() == before
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    speaker.say("Speech test")
    speaker.close()


@pytest.mark.expects_log
def test_a_broken_helper_is_logged_once_and_never_raised(caplog: pytest.LogCaptureFixture) -> None:
    for command in ([sys.executable, "-c", "raise SystemExit(7)"], ["/no/such/helper"]):
        caplog.clear()
        speaker = HelperSpeaker(command)
        for _ in range(3):
            speaker.say("Speech test")
            _until(lambda: not speaker._next and speaker._playing is None)  # noqa: B023  called in this round only
        _until(lambda: caplog.records)
        speaker.close()
        assert len(caplog.records) == 1, caplog.text
        assert "speech does not work here" in caplog.text


FAKE_APLAY = """#!/bin/sh
cp "$1" "{folder}/copy.wav"
sleep {seconds}
"""


@pytest.mark.needs("linux", "espeak")
def test_the_real_helper_speaks_the_words_and_can_be_interrupted(
    heard: Heard, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "aplay").write_text(FAKE_APLAY.format(folder=tmp_path, seconds=20), encoding="utf-8")
    (tmp_path / "aplay").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    speaker = HelperSpeaker()
    heard.speakers.append(speaker)
    speaker.say("Call waiting, Southampton")
    copy = tmp_path / "copy.wav"
    _until(lambda: copy.exists() and copy.stat().st_size > 10_000)
    with wave.open(str(copy)) as sound:
        assert sound.getnframes() / sound.getframerate() > 0.8
    speaker.hush()
    _until(lambda: not list(tmp_path.glob("nd-speech-*")))


def test_why_silent_names_the_missing_part() -> None:
    assert "espeak-ng" in why_silent("linux", lambda _: None)
    assert "alsa-utils" in why_silent("linux", lambda name: None if name == "aplay" else "/usr/bin/" + name)
    assert why_silent("linux", lambda name: "/usr/bin/" + name) == ""
    assert why_silent("win32", lambda _: None) == ""


def test_a_speaker_nobody_wants_is_silent_and_says_nothing() -> None:
    speaker, why = make_speaker(wanted=False)
    assert isinstance(speaker, SilentSpeaker)
    assert why == ""
    speaker.say("Speech test")
    speaker.say("Mrs Hale")
    speaker.hush()
    speaker.close()
    assert speaker.said == ["Speech test"]
