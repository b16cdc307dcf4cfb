"""The command ``nightdesk``: finds the command asked for, runs it, and turns errors into sentences."""

from __future__ import annotations

import argparse
import io
import logging
import os
import pkgutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import TextIO

import ui
from console.domain.text import NightdeskError
from console.machine.logging import log_to
from console.machine.paths import home
from ui import commands
from ui.arguments import Reader, add_database, has_option, leaves
from ui.exits import Exit, help_text
from ui.started import as_started, started

log = logging.getLogger(__name__)

_ABOUT = "Nightdesk: a call-handling console for out-of-hours social work teams."
_END = f"""\
settings, journal and logs live in NIGHTDESK_HOME; `nightdesk COMMAND --help` explains a command.

{help_text()}
"""


def command_names() -> list[str]:
    """Return the commands that exist: one for each module of ui.commands."""
    return sorted(module.name for module in pkgutil.iter_modules(commands.__path__) if module.name[0] != "_")


def _modules(words: Sequence[str]) -> list[ModuleType]:
    """Return the module of the command asked for, or all of them where help is wanted."""
    names = command_names()
    first = words[0] if words else ""
    wanted = [first] if first in names else names
    return [import_module(f"{commands.__name__}.{name}") for name in wanted]


def build_parser(modules: Sequence[ModuleType]) -> argparse.ArgumentParser:
    """Return the parser of these commands; each is given ``--database`` where it has none."""
    parser = argparse.ArgumentParser(
        prog=started(),
        description=_ABOUT,
        epilog=as_started(_END),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action="version", version=f"nightdesk {ui.__version__}")
    branches = parser.add_subparsers(metavar="COMMAND", required=True, title="commands", parser_class=Reader)
    for module in modules:
        before = set(branches.choices)
        module.add(branches)
        for name in set(branches.choices) - before:
            _finish(branches.choices[name], module)
    return parser


def _finish(parser: argparse.ArgumentParser, module: ModuleType) -> None:
    parser.set_defaults(run=module.run)
    for leaf in leaves(parser):
        leaf.allow_abbrev = False
        leaf.description = as_started(leaf.description or "") or None
        for option in leaf._actions:
            option.help = as_started(option.help or "") or None
        if not has_option(leaf, "--database"):
            add_database(leaf)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run ``nightdesk ARGUMENTS`` and return its exit code; never a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    _never_fail_to_print()
    try:
        logs = home(os.environ).logs
    except NightdeskError as error:
        return _say(str(error), error.exit_code)
    with log_to(logs) as log_file:
        try:
            args = build_parser(_modules(words)).parse_args(words or ["--help"])
            return _printed(int(args.run(args)))
        except NightdeskError as error:
            return _say(str(error), error.exit_code)
        except KeyboardInterrupt:
            return _say("stopped from the keyboard", Exit.STOPPED)
        except BrokenPipeError:
            return _reader_gone()
        except OSError as error:
            log.error("the computer refused a file", exc_info=error)  # noqa: TRY400 - one line, as for a fault
            return _refused(error)
        except Exception as error:
            log.critical("a fault inside Nightdesk", exc_info=error)
            return _say(_fault(error, log_file), Exit.FAULT)


def _fault(error: Exception, log_file: Path) -> str:
    said = f"something went wrong inside Nightdesk ({type(error).__name__}).  What was already saved is safe.  "
    if not log_file.is_file():
        return f"{said}It could not be written to the log; please tell whoever looks after Nightdesk what you did."
    return f"{said}Where it happened is written in {log_file}; please send that file to whoever looks after Nightdesk."


def _printed(code: int) -> int:
    """Return the code of a finished command; another where what it printed went nowhere."""
    # Without a console Windows gives no output at all, and windows need none.
    if _output() is None and os.name == "posix":
        return _say("the output is closed, so nothing could be printed.  What was asked for was done.", Exit.REFUSED)
    if (output := _output()) is not None:
        output.flush()
    return code


def _output() -> TextIO | None:
    return sys.stdout


def _errors() -> TextIO | None:
    return sys.stderr


def _refused(error: OSError) -> int:
    """Say what the computer would not do, and with which file; an output has no name."""
    what = f"{error.filename} cannot be used" if error.filename else "something could not be written or printed"
    try:
        if (output := _output()) is not None:
            output.flush()
    except OSError:
        # Python would try once more at its end, and fail with other words.
        _print_nowhere()
    sentence = f"{what}: {error.strerror or error}.  What was already saved is safe."
    return _say(sentence, Exit.REFUSED)


def _say(sentence: str, code: int) -> int:
    print(f"nightdesk: {as_started(sentence)}", file=sys.stderr)
    return int(code)


def _never_fail_to_print() -> None:
    """Let a terminal that lacks a letter show its code instead of failing; a closed stderr takes words to nowhere.

    print() and argparse would write them on stdout otherwise, among what another program reads.
    """
    if _errors() is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115  until the program ends
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _reader_gone() -> int:
    """End quietly when `| head` has read enough, also when Python flushes at exit."""
    _print_nowhere()
    return Exit.READER_GONE


def _print_nowhere() -> None:
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
