"""A real Asterisk is killed in mid-call under a real console window: what the worker sees, second by second.

``python -m tests.helpers.pbx.live_kill`` plays it and prints the table (it needs what the live tests need).
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

import msgspec

from tests.helpers.driven_console import DrivenConsole, Office
from tests.helpers.invented_record import make_invented
from tests.helpers.pbx.live import LiveAsterisk, own_switchboard

LONGEST = 60.0
"""Seconds until the telephones must be back and the end of the call said."""


def bar(console: DrivenConsole) -> dict[str, str]:
    """Return the call bar as last drawn."""
    return next(row for row in console.rows() if row["row"] == "CallBarRow")


def on_a_call(office: Office, live: LiveAsterisk) -> DrivenConsole:
    """Return Priya's console with a caller on the line and a note begun."""
    priya = office.priya(ami=msgspec.to_builtins(live.settings()))
    priya.until("calls", lambda one: not one["away"])
    live.call_in("07700900412")
    live.phone("1001").wait_ringing()
    live.phone("1001").answer()
    priya.until("calls", lambda one: one["current"] and one["contact"] != "None")
    priya.until("note", lambda one: not one["read_only"])
    priya.note("said before the line went")
    return priya


def now(console: DrivenConsole) -> str:
    """Return the chip of the telephones and the call bar, in words."""
    chips = [one["text"] for one in console.rows() if one["row"] == "HealthRow" and one["text"].startswith("Phones")]
    row = bar(console)
    return f"{chips[0]} | {row['state']} {row['clock']}, {row['number']} | {row['detail']}"


def main() -> int:
    """Kill it, start it again three seconds later, and print what is read meanwhile, each change once."""
    with tempfile.TemporaryDirectory() as folder, own_switchboard() as live:
        record = Path(folder) / "nightdesk.db"
        make_invented(record)
        office = Office(Path(folder), record)
        try:
            priya = on_a_call(office, live)
            print(f"before | {now(priya)}", flush=True)
            live.pbx.kill()
            began, again, last = time.monotonic(), False, ""
            while "Ended unseen" not in last and time.monotonic() - began < LONGEST:
                since = time.monotonic() - began
                if since > 3 and not again:
                    live.pbx.start()
                    again = True
                    print(f"{since:5.1f} s | (the switchboard is started again)", flush=True)
                last = now(priya)
                print(f"{since:5.1f} s | {last}", flush=True)
                time.sleep(max(0.0, 1.0 - (time.monotonic() - began) % 1.0))
        finally:
            office.close()
    return 0 if "Ended unseen" in last else 1


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    sys.exit(main())
