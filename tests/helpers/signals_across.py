"""Signals and lines between two console processes: delivered, seen, behind another program, and frozen."""

from __future__ import annotations

from typing import Any

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.frozen import stopped

BY_HAND = "Not seen: signal by hand"


def _row(console: DrivenConsole, kind: str) -> dict[str, Any]:
    return next(row for row in console.rows() if row["row"] == kind)


def _line(tom: DrivenConsole) -> str:
    """Return what stands beside the coordinator's newest line."""
    lines = [row for row in tom.rows() if row["row"] == "LineRow"]
    return str(lines[0]["state"]) if lines else ""


def _note_is_left_alone(console: DrivenConsole, text: str) -> None:
    note = console.probe("note")
    assert note["focus"], "a signal took the focus"
    assert note["lines"][-1] == text, "a key was eaten"


def play(office: Office) -> None:
    """Let two work together; each end says of the other what is true."""
    priya, tom = office.priya(seated=False), office.tom(seated=False)
    priya.sign_in()
    tom.sign_in()
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    priya.press("need_second")
    tom.until("summons", bool)
    tom.press("take")
    priya.until("incidents", lambda found: found and len(found[-1]["members"]) == 2)
    priya.press("note")
    priya.ask("type", text="he is in the car")

    priya.press("get_police")
    priya.until("signals", lambda sent: sent[-1]["words"].startswith("seen "))
    _note_is_left_alone(priya, "he is in the car")

    tom.ask("behind")
    priya.press("get_ambulance")
    priya.until("signals", lambda sent: sent[-1]["reached"] == "delivered" and sent[-1]["words"].endswith("not seen"))
    assert _row(priya, "PartnerRow")["line"] != BY_HAND, "somebody's console has it"
    tom.ask("in_front")
    priya.until("signals", lambda sent: sent[-1]["words"].startswith("seen "))

    with stopped(tom.process.pid):
        priya.press("caller_gone")
        priya.until("signals", lambda sent: sent[-1]["words"] == "not seen: signal by hand")
        until(lambda: _row(priya, "PartnerRow")["line"], lambda line: line == BY_HAND, 5, "it stands large")
        _note_is_left_alone(priya, "he is in the car")
    priya.until("signals", lambda sent: sent[-1]["words"].startswith("seen "))

    tom.press("reply_1")
    until(lambda: _row(priya, "PartnerRow")["line"], lambda line: line == "Ringing back", 20, "the quick reply")
    _note_is_left_alone(priya, "he is in the car")

    with stopped(priya.process.pid):
        tom.ask("message", text="Police 6 min, back door")
        until(lambda: _line(tom), lambda state: state == "not seen: signal by hand", 20, "the line by hand")
    until(lambda: _line(tom), lambda state: state.startswith("seen "), 20, "the line is seen")
    assert _row(priya, "PartnerRow")["line"] == "Police 6 min, back door"
    kinds = [body["signal"] for _, _, body in office.bodies("signals.sent")]
    assert kinds == ["get_police", "get_ambulance", "caller_gone"], "a receipt is no entry, and nothing came twice"
