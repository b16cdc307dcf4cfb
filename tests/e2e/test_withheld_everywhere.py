"""The number of ``withheld_pai`` is nowhere: not on a window, not in a log, journal, record or file of a real console.

The recorded bytes are played to a console of its own process and home; the call rings, is answered and noted, and ends.
Then everything that the console wrote or showed is searched, the journal also with its key.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from db.engine import connect
from telephony_adapters.asterisk_ami.presentation import BOTH_MARK, NUMBER_MARK
from tests.helpers.ami_streams import messages_of
from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.fake_asterisk import SECRET, USER, FakeAsterisk, Manner
from tests.helpers.recordings import Recording
from tests.helpers.watched import as_bytes

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(120)

WITHHELD = ("02079460140", "2079460140", "7946 0140", "946014")
"""The number as it came, as the world dials it, as a screen would write it, and a part of all three."""
PLAIN = Recording("asterisk-22", "withheld_pai")
"""Its bytes hold the number with no mark at all: a live console asks."""
MARKED = Recording("asterisk-22-channelvars", "withheld_pai")
ASKED = {NUMBER_MARK: "prohib_not_screened", BOTH_MARK: "prohib_not_screened", "REDIRECTING(from-num)": ""}
NOTE = "would not say who they are"


@pytest.fixture
def switchboard() -> Iterator[FakeAsterisk]:
    """A switchboard that says what the real one said."""
    with FakeAsterisk(Manner(variables=ASKED)) as pbx:
        yield pbx


def through(console: DrivenConsole, pbx: FakeAsterisk, recording: Recording) -> None:
    """Let the recorded call ring, be answered, noted and over."""
    messages = messages_of(recording)
    bridged = next(i for i, message in enumerate(messages) if message.event == "BridgeEnter")
    over = next(i for i, message in enumerate(messages) if i > bridged and message.event == "HangupRequest")
    assert WITHHELD[0].encode() in as_bytes(messages[:bridged]), "the switchboard did tell us the number"
    pbx.play(as_bytes(messages[:bridged]))

    def bar() -> dict[str, str]:
        return next((row for row in console.rows() if row["row"] == "CallBarRow"), {})

    until(bar, lambda row: row.get("number") == "Number withheld", 10, "the call bar says that it is withheld")
    pbx.play(as_bytes(messages[bridged:over]))
    console.until("calls", lambda one: one["current"] and one["contact"] != "None")
    console.until("note", lambda one: not one["read_only"])
    console.note(NOTE)
    pbx.play(as_bytes(messages[over:]))
    console.until("calls", lambda one: not one["current"])
    console.until("link", lambda one: one["waiting"] == 0)


def everything_kept(office: Office, console: DrivenConsole) -> dict[str, str]:
    """Return what stands in every file of the office, raw, and in the journals, read with their keys."""
    files = [file for file in office.folder.rglob("*") if file.is_file()]
    found = {str(file): file.read_bytes().decode("latin-1") for file in files}
    keys = json.loads((console.home / "secrets.json").read_text(encoding="utf-8"))
    for file in (console.home / "journals").glob("*.journal"):
        found[f"{file}, opened"] = dumped(file, keys[f"journal:{file.stem}"])
    found["the record's bodies"] = str(office.bodies())
    return found


def dumped(file: Path, key: str) -> str:
    """Return every row of a journal."""
    connection = connect(file, base64.b64decode(key))
    try:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        return str([connection.execute(f"SELECT * FROM {table}").fetchall() for (table,) in tables])
    finally:
        connection.close()


def test_a_withheld_number_is_nowhere(office: Office, switchboard: FakeAsterisk) -> None:
    settings = {"host": "127.0.0.1", "port": switchboard.port, "user": USER, "secret": SECRET}
    console = office.priya(ami=settings)
    console.until("calls", lambda one: not one["away"])
    for recording in (PLAIN, MARKED):
        through(console, switchboard, recording)
    shown = {"the window": console.words(), "every row ever drawn": str(console.ever()), "stderr": console.said()}
    console.close()
    kept = everything_kept(office, console)
    assert any(NOTE in text for text in kept.values()), "what was written is found by such a search"
    assert any(NOTE in text for name, text in kept.items() if name.endswith("opened"))
    told = {name: [one for one in WITHHELD if one in text] for name, text in {**shown, **kept}.items()}
    assert {name: found for name, found in told.items() if found} == {}
