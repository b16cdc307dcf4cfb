"""Two consoles in the middle of an incident in which every panel can be half filled, one after the other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.helpers.driven_console import DrivenConsole, Office


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: the key that opens it, what is entered (choices by their label), and what its fields then hold."""

    key: str
    act: str
    title: str
    entered: Mapping[str, str]
    held: Mapping[str, str]

    def __str__(self) -> str:
        """Return the name of a parametrised test."""
        return self.key


def _written(key: str, title: str, **values: str) -> Panel:
    return Panel(key, key, title, values, values)


HANDLER = (
    Panel(
        "confirm", "confirm", "Confirm identity: FENN, Marcus",
        {"name": "", "born": ""}, {"name": "yes", "born": "yes"},
    ),
    _written("new_person", "New person", family="Orme", given="Kay", address="the boathouse, far side"),
    _written("wrong_person", "This was the wrong person", reason="She says she is his sister"),
    Panel(
        "ask_help", "ask_help", "Ask for help",
        {"kind": "Ambulance", "words": "he fell, head wound", "nobody": ""},
        {"kind": "ambulance", "words": "he fell, head wound", "nobody": "yes"},
    ),
    Panel(
        "log_news", "log_news", "Log news",
        {"state": "Information passed on", "text": "They know of the dog"},
        {"state": "update", "text": "They know of the dog"},
    ),
    Panel(
        "risk_now", "risk_now", "Risk now",
        {"rank": "Within the hour", "words": "knife in the kitchen"},
        {"rank": "p2_harm_tonight", "words": "knife in the kitchen"},
    ),
    _written("stand_down", "Stand down", reason="He is home and his mother agrees"),
    Panel("sign_out", "sign_out", "Sign out", {"taker": "Tom Adeyemi"}, {"taker": "tom.adeyemi"}),
)  # fmt: skip
COORDINATOR = (
    Panel(
        "ask_help", "ask_help", "Ask for help",
        {"kind": "Ambulance", "words": "two hurt, not one"}, {"kind": "ambulance", "words": "two hurt, not one"},
    ),
    Panel(
        "log_news", "log_news", "Log news",
        {"state": "Information passed on", "reference": "L 4471"}, {"state": "update", "reference": "L 4471"},
    ),
    Panel(
        "fact", "", "State a fact",
        {"text": "under the iron bridge", "source": "caller stated"},
        {"key": "where", "text": "under the iron bridge", "source": "caller_stated"},
    ),
    _written("risk_now", "Risk now", words="the knife is gone"),
    _written("stand_down", "Stand down", reason="Both are with the crew"),
    Panel("sign_out", "sign_out", "Sign out", {"taker": "Priya Raman"}, {"taker": "priya.raman"}),
)  # fmt: skip
"""Transfer is none of them: without a caller on the line there is nobody to transfer, and it is that caller's alone."""
HANDLER_LINE, COORDINATOR_LINE = "ask him for the flat's number", "crew asks which stair"


def begin(office: Office) -> tuple[DrivenConsole, DrivenConsole]:
    """Let Priya have a record with a person, and Tom be second in its incident with one request drafted."""
    priya, tom = office.priya(home="one desk"), office.tom(home="another desk")
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    priya.note("alone by the water")
    priya.press("find")
    priya.type("Fenn Marcus")
    priya.row("People found", "FENN, Marcus")
    priya.until("on_screen", lambda one: one["subjects"])
    priya.press("need_second")
    tom.until("summons", bool)
    tom.press("take")
    tom.until("incidents", _is_in)
    tom.form("ask_help", kind="Police")
    for console in (priya, tom):
        console.until("helps", lambda found: found and found[0]["incident"])
    return priya, tom


def _is_in(incidents: list[dict[str, Any]]) -> bool:
    """Say whether Tom is in the one incident: only then are his panels about it."""
    return any(one["worker"] == "tom.adeyemi" for found in incidents for one in found["members"])


def open_panel(console: DrivenConsole, panel: Panel) -> dict[str, object]:
    """Open a panel as a worker does; return what stands in it."""
    if panel.act:
        console.press(panel.act)
    else:
        console.row("Facts", "Where now")
    return dict(console.until("form", lambda one: one.get("key") == panel.key))


def half_fill(console: DrivenConsole, panel: Panel) -> None:
    """Open a panel, fill it, and leave it with Esc."""
    open_panel(console, panel)
    console.patiently("fill", values=dict(panel.entered))
    console.ask("key", name="Escape")


def begin_line(console: DrivenConsole, text: str) -> None:
    """Begin a line to the partner, and leave it."""
    console.press("message")
    console.type(text)


def all_kept(console: DrivenConsole, count: int) -> None:
    """Wait until so many panels are in the journal, as they stand."""
    console.until("half_filled", lambda found: len(found) == count and all(one["kept"] for one in found))


def come_back(office: Office) -> tuple[DrivenConsole, DrivenConsole]:
    """Sign both workers in again, Priya with her record on screen."""
    priya, tom = office.priya(home="one desk"), office.tom(home="another desk")
    open_record(priya)
    tom.until("incidents", _is_in)
    tom.until("helps", bool)
    return priya, tom


def open_record(priya: DrivenConsole) -> None:
    """Open the one unfinished record from the list."""
    priya.press("unfinished")
    priya.row("My unfinished records", "to fill in")
    priya.until("on_screen", lambda one: one and one["subjects"])
    priya.until("helps", bool)
