"""``nightdesk watch``: what a switchboard says, as JSON for other tools (telephony.md 3.5)."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import redirect_stdout
from dataclasses import fields, replace
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, TextIO, get_type_hints
from uuid import UUID

from console.domain.call_changes import ChangeKind
from console.domain.call_events import CallEvent, LinkChanged, LinkState
from console.domain.call_reducer import CallBook
from console.domain.call_report import call_report, event_report
from console.domain.calls import Call, Direction
from console.domain.lines import DialPlan
from console.domain.text import BadInput, NightdeskError
from console.machine.clock import SystemClock
from console.machine.loop import Loop
from console.machine.paths import home
from console.ports.switchboard import AdapterSpec
from telephony_adapters.link.declare import SiteSettings
from telephony_adapters.registry import OURS, installed
from ui.arguments import UNUSED, Reader, add_database
from ui.exits import Exit
from ui.settings import Settings, fields_of, switchboard_table
from ui.settings_file import load, read_table

_HERE = UUID(int=0)
"""The switchboard's row where there is no record to have one."""
_KEPT = timedelta(minutes=10)
_NUMBER_WITHIN = 5.0
"""Seconds: Asterisk 16 tells the number of a click to dial that nobody answered after the call has ended."""
_SECRET = "NIGHTDESK_SWITCHBOARD_SECRET"  # noqa: S105  the name of a variable, not a secret
_ABOUT = """\
Print what a switchboard says, one JSON object a line: each fact as it happens, or with --calls each
human call when it has ended.  Ends with the recording, or with Ctrl-C."""


def add(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command; its connection settings come from the adapters themselves."""
    parser = subparsers.add_parser("watch", help="print what a switchboard says, as JSON", description=_ABOUT)
    known = ", ".join(installed().keys())
    parser.add_argument("--adapter", metavar="KEY", help=f"the switchboard: {known} (default: the settings)")
    parser.add_argument("--recording", type=Path, metavar="FILE", help="read this recording instead; .gz is fine")
    parser.add_argument("--calls", action="store_true", help="print whole human calls instead of single facts")
    add_database(parser, UNUSED)
    for key in OURS:
        _add_settings(parser, installed().find(key))
    if isinstance(parser, Reader):
        parser.ahead = partial(_add_plugin, parser)


def _add_plugin(parser: argparse.ArgumentParser, words: Sequence[str]) -> None:
    """Add the settings of the plug-in that is to be watched; what is merely installed is not even imported."""
    asked = argparse.ArgumentParser(add_help=False, allow_abbrev=False, exit_on_error=False)
    asked.add_argument("--adapter", nargs="?")
    key = asked.parse_known_args(words)[0].adapter or _usual()
    registry = installed()
    if key in set(registry.keys()) - set(OURS):
        _add_settings(parser, registry.find(key))


def _usual() -> str:
    """Return the switchboard of the settings; settings that cannot be read are said when they are needed."""
    try:
        return load(home(os.environ).settings_file).switchboard
    except NightdeskError:
        return ""


def _add_settings(parser: argparse.ArgumentParser, spec: AdapterSpec) -> None:
    group = parser.add_argument_group(f"{spec.key}: {spec.title}")
    for one in fields(spec.settings):
        secret = bool(one.metadata.get("secret"))
        option = f"--{one.name.replace('_', '-')}{'-file' if secret else ''}"
        if option in parser._option_string_actions:
            continue
        text = str(one.metadata.get("help", "")).replace("%", "%%")
        if secret:
            text += f"; in a file, or in {_SECRET}"
        group.add_argument(option, dest=f"set_{one.name}", metavar="FILE" if secret else "VALUE", help=text)


def run(args: argparse.Namespace) -> int:
    """Watch; return 0.  Raises what the command line turns into a sentence and an exit code."""
    settings = load(home(os.environ).settings_file)
    key = args.adapter or settings.switchboard
    if not key:
        raise BadInput(
            "Say which switchboard to watch: --adapter KEY (see `nightdesk watch --help`).  Nothing was started."
        )
    spec = installed().find(key)
    chosen = _settings(spec, args, switchboard_table(settings, key, spec.settings))
    plan = _plan(chosen, settings)
    out = _out()
    # A plug-in that prints must not write among what another program reads.
    with redirect_stdout(sys.stderr):
        if args.recording is not None:
            return _replay(spec, args.recording, chosen, plan if args.calls else None, out)
        return _live(spec, chosen, plan, out, calls=args.calls)


def _out() -> TextIO | None:
    return sys.stdout


def _plan(chosen: object, settings: Settings) -> DialPlan:
    """Return how this site dials: by the switchboard's own settings, where it has them."""
    site = {name: getattr(settings, name) for name in fields_of(SiteSettings) if name != "unmarked_numbers"}
    return (chosen if isinstance(chosen, SiteSettings) else SiteSettings(**site)).plan()


def _settings(spec: AdapterSpec, args: argparse.Namespace, table: Mapping[str, str | int | float | bool]) -> object:
    chosen: Any = read_table(spec.settings, table, f"the settings of {spec.key}")
    hints = get_type_hints(spec.settings)
    changes: dict[str, Any] = {}
    for one in fields(spec.settings):
        typed = getattr(args, f"set_{one.name}", None)
        if one.metadata.get("secret"):
            typed = _secret(typed)
        if typed is not None:
            changes[one.name] = _typed(one.name, hints[one.name], typed)
    changed: object = replace(chosen, **changes)
    return changed


def _secret(file: str | None) -> str | None:
    if file is None:
        return os.environ.get(_SECRET)
    try:
        return Path(file).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"The file of the password cannot be read ({type(error).__name__}).") from error


def _typed(name: str, kind: type, text: str) -> object:
    words = {"true": True, "yes": True, "false": False, "no": False}
    try:
        if kind is bool:
            return words[text.lower()]
        return kind(text)
    except (ValueError, KeyError) as error:
        allowed = [str(member.value) for member in kind] if issubclass(kind, Enum) else [kind.__name__]
        option = name.replace("_", "-")
        raise BadInput(f"--{option} must be {' or '.join(allowed)}.  Nothing was started.") from error


def _replay(spec: AdapterSpec, recording: Path, chosen: object, plan: DialPlan | None, out: TextIO | None) -> int:
    """Print a recording's calls, their numbers read by ``plan``; without one its facts."""
    if spec.replay is None:
        raise BadInput(f"{spec.title} has no recordings to read.  Nothing was started.")
    facts = spec.replay(recording, chosen)
    for line in _calls_of(facts, plan) if plan is not None else _facts_of(facts):
        _print(line, out)
    return Exit.OK


def _print(line: str, out: TextIO | None) -> None:
    if out is not None:
        print(line, file=out, flush=True)


def _facts_of(facts: Iterator[tuple[datetime, CallEvent]]) -> Iterator[str]:
    return (json.dumps(event_report(fact)) for _, fact in facts)


def _calls_of(facts: Iterator[tuple[datetime, CallEvent]], plan: DialPlan) -> Iterator[str]:
    book = CallBook(_HERE, plan)
    for at, fact in facts:
        book.apply(fact, at)
    return (json.dumps(call_report(call)) for call in book.calls())


class _Watch:
    """Prints what arrives on the loop's thread."""

    def __init__(self, loop: Loop, plan: DialPlan, out: TextIO | None, *, calls: bool) -> None:
        self._loop = loop
        self._out = out
        self._calls = calls
        self._clock = SystemClock()
        self._book = CallBook(_HERE, plan)
        self._unnumbered: set[UUID] = set()
        self._late: set[UUID] = set()
        self.refused: LinkChanged | None = None

    def sink(self, fact: CallEvent) -> None:
        """Take a fact on any thread."""
        self._loop.post(lambda: self._take(fact))

    def _take(self, fact: CallEvent) -> None:
        now = self._clock.now()
        if isinstance(fact, LinkChanged):
            self._link(fact)
        if not self._calls:
            _print(json.dumps(event_report(fact)), self._out)
            return
        for change in self._book.apply(fact, now):
            if change.kind is ChangeKind.BEGAN and change.late and change.call is not None:
                self._late.add(change.call)
            if change.kind is ChangeKind.ENDED and change.call is not None:
                self._ended(change.call)
        for identity in tuple(self._unnumbered):
            self._numbered(identity)
        if not self._unnumbered:
            # A switchboard whose clock is behind has calls that ended long ago, by its own word.
            self._book.forget(now - _KEPT)

    def _ended(self, identity: UUID) -> None:
        """Print a call; one whose number is told only after its end waits a moment for that."""
        call = self._book.call(identity)
        if call is not None and call.direction is Direction.OUTBOUND and not call.dialled:
            self._unnumbered.add(identity)
            self._loop.after(_NUMBER_WITHIN, lambda: self._waited(identity))
        elif call is not None:
            self._print(call)

    def _numbered(self, identity: UUID) -> None:
        call = self._book.call(identity)
        if call is not None and call.dialled:
            self._waited(identity)

    def _waited(self, identity: UUID) -> None:
        call = self._book.call(identity) if identity in self._unnumbered else None
        # Before it is printed: whoever reads it may end us at once, and it must not be printed again.
        self._unnumbered.discard(identity)
        if call is not None:
            self._print(call)

    def _print(self, call: Call) -> None:
        _print(json.dumps(call_report(call, joined_late=call.id in self._late)), self._out)
        self._late.discard(call.id)

    def finish(self) -> None:
        """Print what still waits for its number."""
        for identity in tuple(self._unnumbered):
            self._waited(identity)

    def _link(self, fact: LinkChanged) -> None:
        if fact.sentence and fact.state is not LinkState.REFUSED:
            print(f"nightdesk: {fact.sentence}", file=sys.stderr, flush=True)
        if fact.state is LinkState.REFUSED:
            self.refused = fact
            self._loop.stop()


class _Refused(NightdeskError):
    """The switchboard will not have us, and trying again would not help."""

    def __init__(self, fact: LinkChanged) -> None:
        super().__init__(fact.sentence or "The switchboard refused us.")
        self.exit_code = Exit.NOT_UNDERSTOOD if fact.foreign else Exit.REFUSED


def _live(spec: AdapterSpec, chosen: object, plan: DialPlan, out: TextIO | None, *, calls: bool) -> int:
    loop = Loop()
    watch = _Watch(loop, plan, out, calls=calls)
    switchboard = spec.connect(chosen)
    switchboard.start(watch.sink)
    try:
        loop.run()
    except KeyboardInterrupt:
        return Exit.OK
    finally:
        switchboard.stop()
        watch.finish()
    if watch.refused:
        raise _Refused(watch.refused)
    return Exit.OK
