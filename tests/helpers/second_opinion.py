"""What another library makes of the same streams, beside ours.

PyPI's cacofonisk (MIT) tracks calls from the manager interface too.  It is an oracle with known blind spots, for tests
alone, and brings a package called ``tests``; so it never comes into our environment.  ``second_opinion_table --fetch``
makes one of its own for it, asks it anew, and keeps what it said in :data:`KEPT`; the daily test compares that with
what we say now.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import venv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from console.domain.call_report import call_report
from tests.helpers.ami_streams import messages_of
from tests.helpers.recordings import Recording, book_of, recordings

LIBRARY = "cacofonisk==0.7.10"
KEPT = Path(__file__).parents[1] / "data" / "second_opinion.json"
TELLER = Path(__file__).with_name("second_opinion_teller.py")
Hooks = list[list[Any]]
OUTSIDE = "outside"


@dataclass(slots=True)
class Account:
    """One call, as far as both can tell of it."""

    rang: set[str] = field(default_factory=set)
    answered_by: list[str] = field(default_factory=list)
    transfers: list[tuple[str, str, str]] = field(default_factory=list)
    ended: str = ""

    def differs(self, other: Account) -> Iterator[tuple[str, object, object]]:
        """Yield every field that is not the same, with both values."""
        for name in ("rang", "answered_by", "transfers", "ended"):
            mine, theirs = getattr(self, name), getattr(other, name)
            if mine != theirs:
                yield (
                    name,
                    sorted(mine) if isinstance(mine, set) else mine,
                    (sorted(theirs) if isinstance(theirs, set) else theirs),
                )


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a recording that the two tell differently."""

    recording: str
    field: str
    ours: object
    theirs: object


def kept() -> dict[str, Hooks]:
    """Return what the library said of each recording."""
    loaded: dict[str, Hooks] = json.loads(KEPT.read_text(encoding="utf-8"))
    return loaded


def differences(recording: Recording, hooks: Hooks) -> Iterator[Difference]:
    """Yield every difference; the calls of the two are the same where they are of the same channel."""
    book, theirs = book_of(recording.facts()), _theirs(hooks)
    if len(book.calls()) != len(theirs):
        yield Difference(str(recording), "calls", len(book.calls()), len(theirs))
    for call in book.calls():
        other = next((theirs[link] for link in theirs if link in book.provider_ids(call.id)), Account())
        for name, one, two in _ours(call_report(call)).differs(other):
            yield Difference(str(recording), name, one, two)


_WORDS = {"answered": "completed", "abandoned": "given up", "busy": "busy", "no_answer": "no-answer"}


def _ours(report: Mapping[str, Any]) -> Account:
    told = [(t["kind"], t["from"], t["to"]) for t in report["transfers"]]
    ended = _WORDS.get(report["outcome"], report["outcome"])
    rang = set(report["rang"]) | ({OUTSIDE} if OUTSIDE in report["answered_by"] else set())
    return Account(rang, list(report["answered_by"]), told, ended)


def _theirs(hooks: Hooks) -> dict[str, Account]:
    calls: dict[str, Account] = {}
    outbound: set[str] = set()
    for hook, link, *told in hooks:
        call = calls.setdefault(link, Account())
        if hook == "on_b_dial":
            outbound |= {link} if _who(told[0]) != OUTSIDE and not call.rang else set()
            call.rang |= {_who(target) for target in told[1]}
        elif hook == "on_up":
            _put_through(call, told, link in outbound)
        elif hook == "on_hangup":
            call.ended = "given up" if told[1] == "cancelled" else str(told[1])
        elif hook.endswith("_transfer"):
            _handed_on(call, hook.removeprefix("on_").removesuffix("_transfer"), told)
    return calls


def _handed_on(call: Account, kind: str, told: list[Any]) -> None:
    taker = _who(told[2][0] if isinstance(told[2], list) else told[2])
    call.transfers.append((kind, _who(told[1]), taker))
    if kind == "attended" and taker != OUTSIDE and "/" not in taker:
        call.answered_by.append(taker)
    elif kind != "attended":
        call.rang.add(taker)


def _put_through(call: Account, told: list[Any], outbound: bool) -> None:
    caller, target = map(_who, told)
    taker = target if outbound or target != OUTSIDE else caller
    if call.answered_by[-1:] != [taker]:
        call.answered_by.append(taker)


def _who(channel: str) -> str:
    name = channel.removeprefix("PJSIP/")
    return OUTSIDE if name == "trunk" else name


def ask_anew() -> None:
    """Make an environment for the library, let it tell of every recording, and keep that."""
    streams = {str(one): [dict(m.headers) for m in messages_of(one) if m.event] for one in recordings()}
    with tempfile.TemporaryDirectory(prefix="nd-second-opinion-") as folder:
        venv.create(folder, with_pip=True)
        python = str(Path(folder) / ("Scripts" if os.name == "nt" else "bin") / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", LIBRARY], check=True)
        done = subprocess.run(
            [python, str(TELLER)], input=json.dumps(streams), capture_output=True, text=True, check=True, cwd=folder
        )
    told = json.loads(done.stdout)
    lines = ",\n".join(f" {json.dumps(stream)}: {json.dumps(told[stream])}" for stream in sorted(told))
    KEPT.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")
