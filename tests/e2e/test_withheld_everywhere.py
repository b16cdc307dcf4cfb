"""The number of ``withheld_pai`` is nowhere: not on a window, not in a log, journal, record or file of a real console.

The recorded bytes are played to the handler's console, the second worker's, the duty manager's board and to
``nightdesk watch``, each a process of its own; the call rings, is answered and noted, and ends.  Then everything that
was written or shown is searched, the journals also with their keys.  A caller who withholds nothing follows on the same
lines: the same search finds that number wherever a number may stand.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from db.engine import connect
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.withheld_callers import ASTERISK, FREESWITCH, AnyLines, Caller, Side, Watching

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = [pytest.mark.timeout(180), pytest.mark.needs("posix")]

WITHHELD = ("02079460140", "2079460140", "7946 0140", "946014")
"""The number as it came, as the world dials it, as a screen would write it, and a part of all three."""
ALLOWED = ("02079460123", "2079460123", "7946 0123")
"""The same of the caller who withholds nothing."""
LINE = "Hampshire adults"
"""What that caller dialled."""
NOTE = "would not say who they are"
PRINTED, BODIES = "what watch prints", "the record's bodies"
SHOWS = {PRINTED, "Priya Raman's window", "Priya Raman's window, read aloud", "Priya Raman's rows"}


def through(office: Office, lines: AnyLines, caller: Caller, shown: str, line: str = "") -> None:
    """Let a recorded call ring in every window, be answered, noted and over.

    ``shown`` is its number on the bar, ``line`` what the board calls the line where it knows it.
    """
    priya, tom, helen = office.consoles
    lines.play(caller.ringing)

    def bar() -> dict[str, str]:
        return next((row for row in priya.rows() if row["row"] == "CallBarRow"), {})

    until(bar, lambda row: shown in row.get("number", ""), 10, f"the call bar says {shown}")
    tom.until("calls", lambda one: one["waiting"])
    helen.until("board", lambda one: one["waiting"]["count"] == 1)
    lines.play(caller.talking)
    priya.until("calls", lambda one: one["current"] and one["contact"] != "None")
    priya.until("note", lambda one: not one["read_only"])
    priya.note(NOTE)
    until(lambda: str(helen.ever()), lambda rows: line in rows, 10, f"the board says {line}")
    lines.play(caller.over)
    priya.until("calls", lambda one: not one["current"])
    for console in office.consoles:
        console.until("link", lambda one: one["waiting"] == 0)


def everything_shown(console: DrivenConsole) -> dict[str, str]:
    """Return what this window holds, would tell a screen reader, and ever drew, and what the process said."""
    name = console.spec.name
    return {
        f"{name}'s window": console.words(),
        f"{name}'s window, read aloud": "\n".join(console.probe("heard")),
        f"{name}'s window, its title": console.probe("title"),
        f"{name}'s rows": str(console.ever()),
        f"{name}'s stderr": console.said(),
    }


def everything_kept(office: Office) -> dict[str, str]:
    """Return what stands in every file of the office, raw, and in the record's bodies."""
    files = [file for file in office.folder.rglob("*") if file.is_file()]
    found = {str(file.relative_to(office.folder)): file.read_bytes().decode("latin-1") for file in files}
    return {**found, BODIES: str(office.bodies())}


def journals(console: DrivenConsole) -> dict[str, str]:
    """Return what stands in this console's journals, read with their keys."""
    keys = json.loads((console.home / "secrets.json").read_text(encoding="utf-8"))
    files = (console.home / "journals").glob("*.journal")
    return {f"{file}, opened": dumped(file, keys[f"journal:{file.stem}"]) for file in files}


def dumped(file: Path, key: str) -> str:
    """Return every row of a journal."""
    connection = connect(file, base64.b64decode(key))
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return str([connection.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables])
    finally:
        connection.close()


@pytest.mark.parametrize("side", [ASTERISK, FREESWITCH], ids=lambda side: side.key)
def test_a_withheld_number_is_nowhere(office: Office, side: Side) -> None:
    with side.lines() as lines:
        watching = Watching(side, lines, office.folder / "watch")
        for desk in (office.priya, office.tom, office.helen):
            desk(**{side.spec: lines.line()}).until("calls", lambda one: not one["away"])
        helen = office.consoles[-1]
        for caller in side.withheld:
            assert WITHHELD[0].encode() in caller.ringing, "the switchboard did tell us the number"
            through(office, lines, caller, "Number withheld")
        through(office, lines, side.allowed, "020 7946 0123", LINE)
        helen.press("wall")
        printed, complained = watching.said(len(side.withheld) + 1)
        told = {PRINTED: printed, "what watch complains of": complained}
        for console in office.consoles:
            told |= everything_shown(console)
        told |= everything_kept(office)
        for console in office.consoles:
            console.close()
            told |= journals(console)
        told |= {f"{name}, when all is over": text for name, text in everything_kept(office).items()}
    assert places(told, WITHHELD) == set()
    found = places(told, ALLOWED)
    assert found >= SHOWS, "what a window shows and what is printed is found by such a search"
    assert {"nightdesk.db-wal", "nightdesk.db, when all is over", BODIES} <= found, (
        "and what is in the record and its log of writes"
    )
    assert any(name.endswith("opened") for name in found), "and what is in a journal"
    assert {name for name in places(told, (NOTE,)) if name.endswith("opened")}, "the handler's own among them"
    assert {f"{console.spec.name}'s rows" for console in office.consoles} <= places(told, (LINE,)), "each drew the call"


def places(told: Mapping[str, str], wanted: Iterable[str]) -> set[str]:
    """Return the names of the texts in which one of the numbers stands."""
    return {name for name, text in told.items() if any(one in text for one in wanted)}
