"""Links registered with a desktop, and the webhook's secret: what is written where, and nothing on other systems."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from console.machine.secrets import SessionSecrets
from telephony_adapters.local_pop.settings import SHORTEST_SECRET
from ui.bootstrap import links
from ui.bootstrap.links import FILE, NoLinks
from ui.cli import main

pytestmark = pytest.mark.needs("linux")


@pytest.fixture
def desktop(tmp_path: Path, own_home: Path) -> dict[str, str]:
    """Return the environment of a desktop that has no programs of its own."""
    return {"XDG_DATA_HOME": str(tmp_path / "data"), "NIGHTDESK_HOME": str(own_home), "PATH": str(tmp_path)}


def test_our_own_links_alone_are_registered_and_taken_away_again(desktop: dict[str, str]) -> None:
    done = links.install(desktop)
    text = done.file.read_text(encoding="utf-8")
    assert done.schemes == ("nightdesk",)
    assert "MimeType=x-scheme-handler/nightdesk;\n" in text
    assert "Terminal=false\n" in text
    assert done.by_hand[-1] == f"xdg-mime default {FILE} x-scheme-handler/nightdesk"
    assert links.remove(desktop)
    assert not done.file.exists()
    assert not links.remove(desktop)


def test_links_to_numbers_are_registered_only_where_the_settings_take_them(
    desktop: dict[str, str], own_home: Path
) -> None:
    own_home.mkdir(parents=True, exist_ok=True)
    (own_home / "settings.toml").write_text("[switchboards.local_pop]\ntelephone_links = true\n", encoding="utf-8")
    assert links.install(desktop).schemes == ("nightdesk", "tel", "callto")


def test_the_desktop_is_told_where_its_programs_are_there(desktop: dict[str, str], tmp_path: Path) -> None:
    for name in ("xdg-mime", "update-desktop-database"):
        program = tmp_path / name
        program.write_text(f'#!/bin/sh\necho "{name} $@" >> {shlex.quote(str(tmp_path / "told"))}\n')
        program.chmod(0o700)
    assert links.install(desktop).by_hand == ()
    assert f"xdg-mime default {FILE} x-scheme-handler/nightdesk" in (tmp_path / "told").read_text()


@pytest.mark.parametrize("place", ["/opt/night desk", "/opt/100%/x", '/opt/"q"', "/opt/$HOME/`x`", "/opt/back\\slash"])
def test_a_folder_of_any_name_is_one_word_of_what_is_run(place: str) -> None:
    text = links.entry(("nightdesk",), ("env", f"HERE={place}", "run"))
    (line,) = [line.removeprefix("Exec=") for line in text.splitlines() if line.startswith("Exec=")]
    # As a desktop reads it: the text's own backslashes, then words quoted as a shell quotes them, then placeholders.
    script = "printf '%s\\n' " + line.replace("\\\\", "\\")
    said = subprocess.run(["/bin/sh", "-c", script], capture_output=True, text=True, check=True).stdout
    assert said.replace("%%", "%").splitlines() == ["env", f"HERE={place}", "run", "%u"]


def test_a_secret_is_new_each_time_kept_and_long_enough() -> None:
    keyring = SessionSecrets()
    first, second = links.new_secret(keyring), links.new_secret(keyring)
    assert first != second
    assert len(second) >= SHORTEST_SECRET
    assert keyring.get("switchboard:local_pop:secret") == second


def test_the_products_there_are_examples_for_say_that_they_were_not_tested(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["links"]) == 0
    said = capsys.readouterr().out
    assert said.count("(not tested against the product)") == len(links.examples({})) >= 6


def test_each_product_is_told_what_to_write_into_it_and_a_command_runs_in_any_folder(tmp_path: Path) -> None:
    found = {one.title: one.lines for one in links.examples({"NIGHTDESK_HOME": str(tmp_path)})}
    assert all(any("/pop/" in line for line in lines) and len(lines) >= 2 for lines in found.values())
    (line,) = [line.partition(": ")[2] for line in found["3CX"] if "the program it starts" in line]
    words = shlex.split(line.replace("%CallerNumber%", "01632960123").replace("%CallerDisplayName%", "A B"))
    said = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    # No console is open: that it says so proves that it ran.
    assert (said.returncode, "No module" in said.stderr, "console" in said.stderr) == (5, False, True), said


def test_on_another_system_nothing_is_changed(desktop: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    # A patch: there is no other system here.
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(NoLinks, match="Nothing was changed"):
        links.install(desktop)
    assert not Path(desktop["XDG_DATA_HOME"]).exists()


def test_a_witness_does_not_take_the_calls_of_a_desk(own_home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ui", "witness", "--switchboard", "local_pop"],
        env={"NIGHTDESK_HOME": str(own_home), "PATH": "/usr/bin:/bin"},
        cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "hears what programs at one desk tell its console" in done.stderr
