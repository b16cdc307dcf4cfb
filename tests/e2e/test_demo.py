"""`nightdesk demo` as a program: script A to 22:55 without a screen, its checks, its report, its exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.helpers.demo_evening import short_script

ROOT = Path(__file__).resolve().parents[2]
SIGNATURE = b"\x89PNG\r\n\x1a\n"
pytestmark = pytest.mark.timeout(400)


def demo(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    """Run the demo without a screen."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    environment |= {"NIGHTDESK_HOME": str(home)}
    command = [sys.executable, "-m", "ui", "demo", *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, text=True, capture_output=True, timeout=300, check=False
    )  # fmt: skip


def report_of(file: Path) -> dict[str, Any]:
    """Return the report as read back."""
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def test_script_a_is_played_to_its_end_and_every_check_holds(tmp_path: Path) -> None:
    done = demo("--report", str(tmp_path / "r.json"), home=tmp_path / "home")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    report = report_of(tmp_path / "r.json")
    checks = [one for one in report["told"] if one["kind"] == "check"]
    assert report["ok"] is True
    assert len(checks) >= 13
    assert {one["result"] for one in checks} == {"held"}
    acts = [one["words"] for one in report["told"] if one["kind"] == "act"]
    assert any(words.startswith("22:14:50 priya presses need_a_second") for words in acts)
    assert any(words.startswith("22:55:00 helen offers debrief") for words in acts)
    assert "checks held" in done.stdout.splitlines()[-1]
    assert not list((tmp_path / "home").rglob("*.db"))
    assert not list((tmp_path / "home").rglob("*.journal"))


def test_pictures_of_every_window_light_and_dark_are_written(tmp_path: Path) -> None:
    script = short_script(
        tmp_path,
        "22:14:41 desk tom signs_in 1002 coordinator\n22:14:42 desk helen signs_in 1004 duty_manager\n"
        "22:14:50 demo pictures pair",
    )
    done = demo("--script", str(script), "--pictures", str(tmp_path / "new" / "folder"), home=tmp_path / "home")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    pictures = sorted((tmp_path / "new" / "folder").iterdir())
    assert [file.name for file in pictures] == [
        "pair-board-dark.png",
        "pair-board.png",
        "pair-coordinator-dark.png",
        "pair-coordinator.png",
        "pair-handler-dark.png",
        "pair-handler.png",
    ]
    for file in pictures:
        data = file.read_bytes()
        assert data.startswith(SIGNATURE)
        assert int.from_bytes(data[16:20], "big") == 1366
    assert (tmp_path / "new" / "folder" / "pair-board.png").read_bytes() != pictures[0].read_bytes()


def test_a_check_that_fails_makes_the_exit_code_six(tmp_path: Path) -> None:
    script = short_script(tmp_path, "22:14:45 demo checks person_reached")
    done = demo("--script", str(script), "--report", str(tmp_path / "r.json"), home=tmp_path / "home")
    assert done.returncode == 6, done.stdout + done.stderr
    assert "FAILED 22:14:45 check person reached" in done.stdout
    assert report_of(tmp_path / "r.json")["ok"] is False
