"""``nightdesk pop`` and its links as real processes, told to a real console in a real window."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.driven_console import ROOT, DrivenConsole, Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(120)
NUMBER = "01632 960123"


def pop(console: DrivenConsole, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a telephone program does, by the account of this console."""
    return run([sys.executable, "-m", "ui", "pop", *words], NIGHTDESK_HOME=str(console.home), **environment)


def run(words: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in an environment that has nothing else."""
    path = {"PATH": "/usr/bin:/bin"}
    return subprocess.run(
        words, env=path | environment, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )


def listening(office: Office) -> DrivenConsole:
    """Open a console that hears telephone programs."""
    console = office.priya(switchboard="local_pop")
    until((console.home / "pop.json").exists, bool, 20, "it listens")
    return console


def bar(console: DrivenConsole) -> dict[str, Any]:
    """Return the call bar as last drawn."""
    return next(row for row in console.rows() if row["row"] == "CallBarRow")


def test_a_call_is_told_answered_by_the_workers_word_and_ended(office: Office) -> None:
    priya = listening(office)
    told = pop(priya, NUMBER, "--line", "hampshire-children", "--id", "c-1", "--name=Jo Caller")
    assert (told.returncode, told.stdout, told.stderr) == (0, "The call is on the screen.\n", "")
    until(lambda: bar(priya), lambda row: row["state"] == "RINGING", 20, "it rings")
    ringing = bar(priya)
    assert (ringing["line"], ringing["number"]) == ("Hampshire children", NUMBER)
    assert "Answer on your telephone; F9 only says that you did" in ringing["detail"]
    priya.until_shown("I have answered")
    priya.press("answer")
    priya.until("calls", lambda one: one["current"] and one["contact"] != "None")
    until(lambda: bar(priya), lambda row: row["state"] == "ON CALL, AS TOLD", 20, "on the call")
    priya.until_shown("It has ended")
    again = pop(priya, NUMBER, "--id", "c-1", "--event", "answered")
    assert (again.returncode, again.stdout) == (0, "That was known already; nothing was changed.\n")
    ended = pop(priya, "--id", "c-1", "--event", "ended", "--by", "caller")
    assert (ended.returncode, ended.stdout) == (0, "The call has ended on the screen.\n")
    priya.until("calls", lambda one: not one["current"])
    ((_, _, seen),) = until(lambda: office.bodies("call.seen"), bool, 20, "the call in the record")
    assert (seen["dialled"], seen["assumed"]) == ("01632960002", True)
    ((_, _, over),) = until(lambda: office.bodies("call.ended"), bool, 20, "the end in the record")
    assert over == {"outcome": "answered", "ended_by": "caller"}
    assert len(until(lambda: office.bodies("contact.opened"), bool, 20, "the contact in the record")) == 1
    logs = "".join(file.read_text(encoding="utf-8") for file in (priya.home / "logs").rglob("*") if file.is_file())
    assert not any(words in logs for words in ("960123", "Jo Caller"))


@pytest.mark.needs("linux")
def test_a_link_fills_the_slot_and_one_to_a_number_only_shows_it(office: Office) -> None:
    priya = listening(office)
    (priya.home / "settings.toml").write_text("[switchboards.local_pop]\ntelephone_links = true\n", encoding="utf-8")
    words = handler_of_links(priya, office.folder)
    opened = run([one.replace("%u", "nightdesk://pop?number=%2B441632960123&event=answered") for one in words])
    assert (opened.returncode, opened.stdout) == (0, "The call is on the screen.\n")
    priya.until("calls", lambda one: one["current"] and one["contact"] != "None")
    shown = run([one.replace("%u", "tel:01632960124") for one in words])
    assert (shown.returncode, "Nothing was dialled" in shown.stdout) == (0, True)
    priya.until_shown("A link asks for 01632 960124 to be rung.")
    emergency = run([one.replace("%u", "tel:9999") for one in words])
    assert (emergency.returncode, "on your handset" in emergency.stderr) == (5, True)


def handler_of_links(console: DrivenConsole, folder: Path) -> list[str]:
    """Register the links as a person does; return the words that a desktop runs for one."""
    home = {"NIGHTDESK_HOME": str(console.home), "XDG_DATA_HOME": str(folder / "data")}
    done = run([sys.executable, "-m", "ui", "links", "--install"], **home)
    assert done.returncode == 0, done.stderr
    assert "nightdesk:, tel:, callto:" in done.stdout
    lines = (folder / "data" / "applications" / "nightdesk-links.desktop").read_text(encoding="utf-8").splitlines()
    assert "MimeType=x-scheme-handler/nightdesk;x-scheme-handler/tel;x-scheme-handler/callto;" in lines
    (line,) = [line.removeprefix("Exec=") for line in lines if line.startswith("Exec=")]
    words = shlex.split(line.replace("\\\\", "\\"))
    assert words[-1] == "%u"
    return words


def test_what_is_wrong_is_said_with_its_code_and_without_a_console_nothing_is_handed_over(office: Office) -> None:
    office.expects_warnings = True
    priya = listening(office)
    for words, code, said in (
        ((NUMBER, "--line", "hampshire-childern"), 2, "There is no such line here"),
        (("%CallerNumber%",), 2, "number must be a telephone number"),
        (("nightdesk://dial?number=1",), 5, "A link of Nightdesk begins with"),
        (("tel:01632960123",), 5, "telephone_links is false"),
        (("--id", "never", "--event", "ended"), 5, "knows no such call"),
        ((), 2, "A call needs a number or an id"),
    ):
        refused = pop(priya, *words)
        assert (refused.returncode, refused.stdout) == (code, ""), refused.stderr
        assert said in refused.stderr
        assert NUMBER not in refused.stderr
    assert office.bodies("call.%") == []
    priya.close()
    gone = pop(priya, NUMBER)
    assert (gone.returncode, "No console of yours hears telephone programs now" in gone.stderr) == (5, True)
