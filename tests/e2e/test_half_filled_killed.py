"""Panels that were half filled when the console was killed: every one is there again, and says it is not done."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest

from tests.helpers.driven_console import DrivenConsole, Office, until
from tests.helpers.half_filled_evening import (
    COORDINATOR,
    COORDINATOR_LINE,
    HANDLER,
    HANDLER_LINE,
    Panel,
    all_kept,
    begin,
    begin_line,
    come_back,
    half_fill,
    open_panel,
    open_record,
)

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(180)

KEPT = re.compile(r"Half-filled, kept on this computer, (\w{3} )?\d\d:\d\d")
ASK_HELP = next(one for one in HANDLER if one.key == "ask_help")


@contextmanager
def an_office(folder: Path, record: Path) -> Iterator[Office]:
    database = folder / "nightdesk.db"
    shutil.copy(record, database)
    office = Office(folder, database)
    try:
        yield office
        office.check()
    finally:
        office.close()


@pytest.fixture(scope="module")
def back(
    tmp_path_factory: pytest.TempPathFactory, invented_record: Path
) -> Iterator[tuple[DrivenConsole, DrivenConsole]]:
    """Every panel of both screens half filled, both consoles killed, both workers signed in again; made once.

    The tests that share it open panels and put them away, and change nothing in them.
    """
    with an_office(tmp_path_factory.mktemp("half filled"), invented_record) as office:
        priya, tom = begin(office)
        for console, panels, line in ((priya, HANDLER, HANDLER_LINE), (tom, COORDINATOR, COORDINATOR_LINE)):
            for panel in panels:
                half_fill(console, panel)
            begin_line(console, line)
            all_kept(console, len(panels) + 1)
        priya.kill()
        tom.kill()
        yield come_back(office)


def is_of(panel: Panel, form: dict[str, object]) -> bool:
    return form.get("key") == panel.key


def check(form: dict[str, object], panel: Panel) -> None:
    """What was entered stands in the panel, and beside it that it is kept and not done."""
    values = form["values"]
    assert isinstance(values, dict)
    assert {key: values[key] for key in panel.held} == panel.held
    assert KEPT.fullmatch(str(form["kept"])), form["kept"]


@pytest.mark.parametrize("panel", HANDLER, ids=str)
def test_a_panel_of_the_handler_is_there_after_a_kill(back: tuple[DrivenConsole, DrivenConsole], panel: Panel) -> None:
    priya, _ = back
    try:
        check(open_panel(priya, panel), panel)
    finally:
        priya.ask("key", name="Escape")


@pytest.mark.parametrize("panel", HANDLER, ids=str)
def test_the_list_of_what_is_unfinished_leads_to_it(back: tuple[DrivenConsole, DrivenConsole], panel: Panel) -> None:
    priya, _ = back
    priya.press("unfinished")
    spoken = priya.row("My unfinished records", f"Half-filled: {panel.title}")
    assert "kept on this computer" in spoken
    try:
        check(priya.until("form", partial(is_of, panel)), panel)
    finally:
        priya.ask("key", name="Escape")


@pytest.mark.parametrize("panel", COORDINATOR, ids=str)
def test_a_panel_of_the_second_worker_is_there_after_a_kill(
    back: tuple[DrivenConsole, DrivenConsole], panel: Panel
) -> None:
    _, tom = back
    try:
        check(open_panel(tom, panel), panel)
    finally:
        tom.ask("key", name="Escape")


def test_lines_begun_to_the_partner_stand_in_their_boxes(back: tuple[DrivenConsole, DrivenConsole]) -> None:
    priya, tom = back
    for console, line in ((priya, HANDLER_LINE), (tom, COORDINATOR_LINE)):
        words = console.words()
        assert line in words
        assert re.search(r"Not sent, kept here (\w{3} )?\d\d:\d\d", words)


def test_the_worker_is_told_at_sign_in(back: tuple[DrivenConsole, DrivenConsole]) -> None:
    priya, _ = back
    count = len(HANDLER) + 1
    said = f"{count} panels are half filled as you left them, and not sent (Ctrl+U)."
    assert any(said in str(row.get("notice", "")) for row in priya.ever()), said


def test_the_second_workers_panels_open_from_the_list_too(back: tuple[DrivenConsole, DrivenConsole]) -> None:
    _, tom = back
    for panel in COORDINATOR[:3]:
        tom.press("unfinished")
        tom.row("My unfinished records", "Half-filled: " + panel.title)
        check(tom.until("form", partial(is_of, panel)), panel)
        assert tom.probe("screen") == "coordinator"
        tom.ask("key", name="Escape")


# --- one panel, from the first key to its end ----------------------------------------------------


def requests(office: Office) -> list[str]:
    return [body["words"] for _, _, body in office.bodies("help.drafted")]


def notes(office: Office) -> list[str]:
    return [body["text"] for _, _, body in office.bodies("contact.note")]


def test_what_was_sent_never_comes_back_over_its_entry(office: Office) -> None:
    priya, _ = begin(office)
    half_fill(priya, ASK_HELP)
    all_kept(priya, 1)
    priya.kill()
    priya = office.priya(home="one desk")
    open_record(priya)
    check(open_panel(priya, ASK_HELP), ASK_HELP)
    priya.press("finish")
    until(lambda: requests(office), lambda found: len(found) == 2, 15, "the request is drafted")
    priya.kill()
    priya = office.priya(home="one desk")
    open_record(priya)
    assert priya.probe("half_filled") == []
    form = open_panel(priya, ASK_HELP)
    assert form["kept"] == ""
    assert requests(office)[1:] == ["he fell, head wound"]


def test_a_panel_is_discarded_by_two_presses_and_stays_away(office: Office) -> None:
    priya, _ = begin(office)
    half_fill(priya, ASK_HELP)
    all_kept(priya, 1)
    open_panel(priya, ASK_HELP)
    priya.patiently("click", words="Discard")
    assert priya.probe("form")["values"]["words"] == "he fell, head wound"
    priya.patiently("click", words="Again to discard")
    priya.until("half_filled", lambda found: not found)
    # The journal takes it away in its own thread; the next thing kept comes after it.
    priya.note("after it")
    # Tom may have seen it before we looked.
    until(lambda: priya.probe("note")["kept"][-2:], {"shared", "seen"}.intersection, 15, "the note is shared")
    priya.kill()
    priya = office.priya(home="one desk")
    open_record(priya)
    assert priya.probe("half_filled") == []


def test_what_is_typed_while_the_record_is_away_is_there_after_a_kill(office: Office) -> None:
    priya, _ = begin(office)
    with office.frozen():
        half_fill(priya, ASK_HELP)
        all_kept(priya, 1)
        priya.kill()
    priya = office.priya(home="one desk")
    open_record(priya)
    check(open_panel(priya, ASK_HELP), ASK_HELP)


def test_another_worker_sees_that_something_waits_and_reads_none_of_it(office: Office) -> None:
    priya, tom = begin(office)
    half_fill(priya, ASK_HELP)
    all_kept(priya, 1)
    priya.until("link", lambda one: one["waiting"] == 0)
    priya.kill()
    tom.close()
    tom = office.tom(home="one desk", screen="handler")
    tom.until_shown("1 half-filled panel of Priya Raman waits on this computer, for Priya Raman alone.")
    tom.press("unfinished")
    tom.row("My unfinished records", "half-filled panel of Priya Raman")
    tom.until_shown("Nothing was opened.")
    assert "head wound" not in tom.words()
    assert tom.probe("half_filled") == []
    tom.close()
    priya = office.priya(home="one desk")
    open_record(priya)
    check(open_panel(priya, ASK_HELP), ASK_HELP)


def test_words_typed_while_it_rings_are_there_after_a_kill(office: Office) -> None:
    control = office.telephones("script_a")
    priya = office.priya(home="one desk")
    control.jump(office.opens + timedelta(seconds=20))
    priya.until("calls", lambda one: one["alerting"])
    priya.press("note")
    priya.type("out of breath, water behind")
    priya.until("half_filled", lambda found: [one["panel"] for one in found if one["kept"]] == ["note"])
    priya.kill()
    priya = office.priya(home="one desk")
    priya.until("note", lambda one: "out of breath, water behind" in one["lines"])
    priya.until("half_filled", lambda found: not found, 30)
    until(lambda: notes(office), lambda found: found == ["out of breath, water behind"], 15, "in a record, once")
