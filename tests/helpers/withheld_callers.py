"""Recorded callers who withhold their number, and one who does not, on lines to whoever wants to hear them.

Two switchboards show such a number in two ways: an Asterisk sends it with no mark at all (a live console asks), or with
its variables; a FreeSWITCH sends it with its mark, in every event of the call.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from telephony_adapters.asterisk_ami.presentation import BOTH_MARK, NUMBER_MARK
from telephony_adapters.freeswitch_esl.protocol import Message
from tests.helpers import ami_streams, esl_streams, fake_asterisk, fake_freeswitch, watched
from tests.helpers.driven_console import PATIENCE, ROOT
from tests.helpers.fake_asterisk import FakeAsterisk
from tests.helpers.fake_freeswitch import FakeFreeSwitch
from tests.helpers.lines import Lines
from tests.helpers.recordings import Recording

M = TypeVar("M")
PLAIN = Recording("asterisk-22", "withheld_pai")
"""Its bytes hold the number with no mark at all: a live console asks."""
MARKED = Recording("asterisk-22-channelvars", "withheld_pai")
ALLOWED_MARKED = Recording("asterisk-22-channelvars", "q_answered")
ASKED = {NUMBER_MARK: "prohib_not_screened", BOTH_MARK: "prohib_not_screened", "REDIRECTING(from-num)": ""}


@dataclass(frozen=True, slots=True)
class Caller:
    """A recorded call, as the bytes that come until it is answered, until somebody rings off, and after."""

    ringing: bytes
    talking: bytes
    over: bytes


def caller(
    messages: Sequence[M],
    written: Callable[[Sequence[M]], bytes],
    answered: Callable[[M], bool],
    over: Callable[[M], bool],
) -> Caller:
    """Cut a recording before the first message that is ``answered``, and before the first after it that is ``over``."""
    first = next(i for i, message in enumerate(messages) if answered(message))
    last = next(i for i, message in enumerate(messages) if i > first and over(message))
    return Caller(written(messages[:first]), written(messages[first:last]), written(messages[last:]))


def _freeswitch(name: str) -> Caller:
    def says(event: str, direction: str) -> Callable[[Message], bool]:
        # A queue answers its callers before any telephone does, and hangs up on the telephones that lost.
        return lambda message: (message.event, message.get("Call-Direction")) == (event, direction)

    messages = esl_streams.messages_of(esl_streams.recorded(name))
    answered, over = says("CHANNEL_ANSWER", "outbound"), says("CHANNEL_HANGUP", "inbound")
    return caller(messages, esl_streams.as_bytes, answered, over)


def _asterisk(recording: Recording) -> Caller:
    messages = ami_streams.messages_of(recording)
    return caller(
        messages, watched.as_bytes, lambda one: one.event == "BridgeEnter", lambda one: one.event == "HangupRequest"
    )


@dataclass(frozen=True, slots=True)
class Side:
    """A switchboard, and who rings on it."""

    key: str
    """Of its adapter."""
    spec: str
    """The word under which a driven console is told of it."""
    withheld: tuple[Caller, ...]
    allowed: Caller
    lines: Callable[[], AnyLines]


AnyLines = Lines[FakeAsterisk] | Lines[FakeFreeSwitch]
FREESWITCH = Side(
    "freeswitch_esl",
    "esl",
    (_freeswitch("withheld_pai"),),
    _freeswitch("q_answered"),
    lambda: Lines(lambda port: FakeFreeSwitch(port=port), fake_freeswitch.ACCOUNT, fake_freeswitch.ASKED_LAST),
)
ASTERISK = Side(
    "asterisk_ami",
    "ami",
    (_asterisk(PLAIN), _asterisk(MARKED)),
    _asterisk(ALLOWED_MARKED),
    lambda: Lines(_asked, {"user": fake_asterisk.USER, "secret": fake_asterisk.SECRET}, "QueueStatus"),
)


def _asked(port: int) -> FakeAsterisk:
    return FakeAsterisk(fake_asterisk.Manner(variables=ASKED), port)


class Watching:
    """``nightdesk watch --calls`` as a process of its own, on a line of its own."""

    def __init__(self, side: Side, lines: AnyLines, folder: Path) -> None:
        folder.mkdir()
        told = lines.line()
        secret = folder / "secret"
        secret.write_text(str(told.pop("secret")), encoding="utf-8")
        words = [word for name, value in told.items() for word in (f"--{name}", str(value))]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "ui", "watch", "--adapter", side.key, "--calls", *words]
            + ["--secret-file", str(secret)],
            cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "NIGHTDESK_HOME": str(folder / "home"), "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        lines.heard()

    def said(self, calls: int) -> tuple[str, str]:
        """Wait until it has printed so many calls, end it, and return what it printed and what it complained of."""
        assert self.process.stdout is not None
        printed = "".join(self.process.stdout.readline() for _ in range(calls))
        self.process.send_signal(signal.SIGINT)
        rest, errors = self.process.communicate(timeout=PATIENCE)
        return printed + rest, errors
