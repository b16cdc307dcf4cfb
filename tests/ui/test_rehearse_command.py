"""`nightdesk rehearse`: what is refused in a sentence, what is only read, and where a rehearsal is kept."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.domain.record import Identity, Role
from console.domain.text import BadInput
from console.machine.paths import Home
from console.ports.manual import ManualClock
from console.ports.store import Look
from telephony_adapters.simulator.rehearsal import load_rehearsal
from telephony_adapters.simulator.rehearsal.people import Invented
from tests.helpers.driven_console import ROOT
from tests.helpers.rehearsing import rehearse
from ui.bootstrap.rehearsal.folder import Folder, fresh_folder, make_record, open_record
from ui.bootstrap.rehearsal.options import RehearseOptions, by_hand
from ui.cli import main

FENNS = "+447700900412"
# Two of the invented people share it.
NOW = datetime(2026, 12, 1, 22, 14, tzinfo=UTC)


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Return the sentence of a refusal that made nothing."""
    assert main(["rehearse", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_a_record_that_is_named_is_refused_and_left_alone(
    capsys: pytest.CaptureFixture[str], own_home: Path, tmp_path: Path
) -> None:
    live = tmp_path / "nightdesk.db"
    live.write_bytes(b"real work")
    said = refused(capsys, "suicidal_caller", "--database", str(live))
    assert "least of all the record of real work" in said
    assert "leave --database out" in said
    assert live.read_bytes() == b"real work"
    assert not (own_home / "rehearsals").exists()


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((), "Name a SCRIPT: a file, or one of children_found_alone,"),
        (("suicide",), "there is no file of that name, and ours are"),
        (("nowhere/mine.txt", "--check"), "the script cannot be opened (No such file or directory)"),
        (("suicidal_caller", "--headless", "--as", "grace"), "its seats are priya, tom.  Nothing was started."),
        (("suicidal_caller", "--unattended", "--with-second"), "leave --as and --with-second out"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_made(
    capsys: pytest.CaptureFixture[str], own_home: Path, arguments: tuple[str, ...], expected: str
) -> None:
    assert expected in refused(capsys, *arguments)
    assert not (own_home / "rehearsals").exists()


def test_a_wrong_line_is_named_with_its_number(
    capsys: pytest.CaptureFixture[str], own_home: Path, tmp_path: Path
) -> None:
    script = tmp_path / "mine.txt"
    script.write_text('title "Mine"\nwhen priya dances\n', encoding="utf-8")
    assert "mine.txt, line 2: " in refused(capsys, str(script), "--unattended")
    assert not (own_home / "rehearsals").exists()


def test_ours_are_listed_and_a_script_is_only_read(capsys: pytest.CaptureFixture[str], own_home: Path) -> None:
    assert main(["rehearse", "--list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert listed[2] == "suicidal_caller         A suicidal caller, location unknown"
    assert main(["rehearse", "suicidal_caller", "--check"]) == 0
    assert "“A suicidal caller, location unknown” can be played" in capsys.readouterr().out
    assert main(["rehearse", "declined_welfare_check", "--check"]) == 0
    shared = "01632 960733: Edith Lacey and Gary Lacey; nobody else of the rehearsal's record has this number.\n"
    assert capsys.readouterr().out.endswith(shared)
    assert not (own_home / "rehearsals").exists()


def test_help_says_where_the_record_is_and_every_option(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        main(["rehearse", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert "under NIGHTDESK_HOME/rehearsals, never the record of real work" in said
    for option in ("--as", "--with-second", "--headless", "--unattended", "--check", "--list", "--speed", "--json"):
        assert option in said


def test_a_number_that_the_script_gives_to_somebody_is_theirs_alone(tmp_path: Path) -> None:
    script = load_rehearsal("suicidal_caller")
    ours = replace(script, people=(Invented("Quill", "Ada", line=FENNS), Invented("Quill", "Bo", line=FENNS)))
    clock = ManualClock(NOW)
    made = Folder(tmp_path)
    make_record(made, ours, clock)
    store = open_record(made, clock)
    try:
        who = Identity("priya", "Priya", Role.SUPPORT_WORKER, "desk")
        found = store.look(who, store.ask_look(who, Look(reason="test", e164=FENNS)))
        assert sorted(one.given for one in found.people) == ["Ada", "Bo"]
    finally:
        store.close()


@pytest.mark.parametrize("speed", ["0", "fast", "5000"])
def test_a_speed_that_is_none_is_refused(capsys: pytest.CaptureFixture[str], speed: str) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["rehearse", "suicidal_caller", "--speed", speed])
    assert "is not a speed from 0.05 to 1000" in capsys.readouterr().err


def test_without_a_screen_it_says_how_to_rehearse_all_the_same(tmp_path: Path) -> None:
    done = rehearse("suicidal_caller", home=tmp_path / "home")
    assert done.returncode == 5
    assert "There is no screen here to rehearse on." in done.stderr
    assert not (tmp_path / "home" / "rehearsals").exists()


def test_without_windows_no_qt_is_loaded() -> None:
    code = "import sys, ui.bootstrap.rehearsal.headless; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_each_rehearsal_has_a_fresh_folder(tmp_path: Path) -> None:
    first, second = fresh_folder(Home(tmp_path), NOW), fresh_folder(Home(tmp_path), NOW)
    assert first.root == tmp_path / "rehearsals" / "2026-12-01-221400"
    assert second.root == tmp_path / "rehearsals" / "2026-12-01-221400-2"


def test_a_home_that_cannot_be_written_to_is_said(tmp_path: Path) -> None:
    (tmp_path / "rehearsals").write_text("a file", encoding="utf-8")
    with pytest.raises(BadInput, match="No folder for a rehearsal can be made"):
        fresh_folder(Home(tmp_path), NOW)


def test_who_trains_is_as_the_script_says_or_as_asked() -> None:
    script = load_rehearsal("declined_welfare_check")
    assert by_hand(script, RehearseOptions("x")) == {"tom"}
    assert by_hand(script, RehearseOptions("x", seat="owen")) == {"owen"}
    assert by_hand(script, RehearseOptions("x", with_second=True)) == {"tom", "owen"}
    assert by_hand(script, RehearseOptions("x", unattended=True)) == frozenset()
