"""``nightdesk demo``: an evening with invented people in three real windows."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from tempfile import TemporaryFile

from console.domain.text import BadInput
from ui.arguments import add_database, speed_between
from ui.commands import Subparsers
from ui.stopping import stopped_at_once

SLOWEST, FASTEST = 0.05, 10_000.0
_ABOUT = """\
Play an evening with invented people and a simulated switchboard into three real windows: a handler's, a
coordinator's and the duty manager's board.  A strip pauses it, changes its speed, and takes the database
or the telephones away.  Whoever types into a window plays that desk from then on.  Without a screen it is
played unseen: each act and each check is printed in a line, and it ends with 0 when every check held, with
6 when one did not."""


def add(subparsers: Subparsers) -> None:
    """Add the command."""
    parser = subparsers.add_parser("demo", help="show an evening with invented people", description=_ABOUT)
    parser.add_argument(
        "--speed", type=speed_between(SLOWEST, FASTEST), metavar="N", help="play N times as fast as life"
    )
    parser.add_argument("--script", default="script_a", metavar="FILE", help="a script, or the name of one of ours")
    parser.add_argument("--pictures", type=Path, metavar="DIR", help="write pictures of the windows to this folder")
    parser.add_argument("--report", type=Path, metavar="FILE", help="write each act and check to this file, as JSON")
    add_database(parser, "refused here: the demo makes an invented record of its own and opens no other")


def run(args: argparse.Namespace) -> int:
    """Play it.  Qt is loaded only now."""
    if args.database is not None:
        raise BadInput(
            "The demo makes an invented record of its own and never opens another.  Nothing was opened; "
            "leave --database out, or use `nightdesk console`."
        )
    _check_report(args.report)
    _make_folder(args.pictures)
    with stopped_at_once():
        from ui.desktop.runtime.sources import leave_sources_unread

        leave_sources_unread()
        from ui.bootstrap.demo import DemoOptions, play_demo
        from ui.desktop.runtime.application import has_screen

        options = DemoOptions(args.script, args.speed, args.pictures, args.report, seen=has_screen(os.environ))
        return play_demo(options, _say)


def _say(line: str) -> None:
    print(line, flush=True)


def _check_report(report: Path | None) -> None:
    if report is not None and not report.absolute().parent.is_dir():
        message = f"The folder of {report} is not there.  Nothing was started; make it, or name another file."
        raise BadInput(message)
    if report is not None:
        _try_to_write(report)


def _try_to_write(report: Path) -> None:
    """Refuse a report that could not be written: better now than after the evening."""
    there = os.path.lexists(report)
    if there and not report.is_file():
        # A pipe would wait for a reader for ever.
        message = f"{report} is no file a report can be written to.  Nothing was started; name another file."
        raise BadInput(message)
    try:
        with report.open("a", encoding="utf-8"):
            pass
        if not there:
            report.unlink()
    except OSError as error:
        message = f"{report} cannot be written: {error.strerror or error}.  Nothing was started; name another file."
        raise BadInput(message) from error


def _make_folder(pictures: Path | None) -> None:
    try:
        if pictures is not None:
            pictures.mkdir(parents=True, exist_ok=True)
            TemporaryFile(dir=pictures).close()
    except OSError as error:
        message = (
            f"{pictures} cannot be a folder for pictures: {error.strerror or error}.  Nothing was started; "
            "name another folder."
        )
        raise BadInput(message) from error
