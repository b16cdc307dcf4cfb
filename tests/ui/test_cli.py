"""The frame of the command line: finding commands, sentences, exit codes, and no Qt where none is wanted."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import ui
from console.domain.text import BadInput, NightdeskError
from ui import commands
from ui.arguments import has_option, leaves
from ui.cli import build_parser, command_names, main
from ui.exits import MEANING, Exit, help_text

ROOT = Path(__file__).resolve().parents[2]
HEADLESS = {"watch", "db", "people", "rota", "witness", "serve", "join", "doctor", "pop", "links"}


def _command(monkeypatch: pytest.MonkeyPatch, error: BaseException | None = None, code: int = 0) -> None:
    """Put a command called ``probe`` in place of all others."""
    probe = ModuleType("ui.commands.probe")

    def add(subparsers: commands.Subparsers) -> None:
        parser = subparsers.add_parser("probe", help="a probe")
        parser.add_argument("--count", type=int, default=0)
        inner = parser.add_subparsers(required=False)
        inner.add_parser("deep", help="a probe below")

    def run(args: argparse.Namespace) -> int:
        if error is not None:
            raise error
        print(json.dumps({"database": args.database}))
        return code

    probe.add, probe.run = add, run  # type: ignore[attr-defined]  # a module made for the test
    monkeypatch.setitem(sys.modules, "ui.commands.probe", probe)
    # A patch: commands are found by the files that are there.
    monkeypatch.setattr("ui.cli.command_names", lambda: ["probe"])


def test_a_command_gets_its_arguments_and_its_code_comes_back(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(monkeypatch, code=4)
    assert main(["probe", "deep", "--database", "night.db"]) == 4
    assert json.loads(capsys.readouterr().out) == {"database": "night.db"}


@pytest.mark.parametrize(
    ("error", "code"),
    [(NightdeskError("The record is away.  Nothing was lost."), 5), (BadInput("No such file."), 2)],
)
def test_an_error_of_ours_is_its_sentence_and_its_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: NightdeskError, code: int
) -> None:
    _command(monkeypatch, error)
    assert main(["probe", "deep"]) == code
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err == f"nightdesk: {error}\n"


@pytest.mark.expects_log
def test_a_fault_is_a_sentence_and_its_place_is_in_the_log(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_home: Path
) -> None:
    _command(monkeypatch, ZeroDivisionError("about 07700 900123"))
    assert main(["probe", "deep"]) == Exit.FAULT
    said = capsys.readouterr().err
    log_file = own_home / "logs" / "nightdesk.log"
    assert "ZeroDivisionError" in said
    assert str(log_file) in said
    assert "Traceback" not in said
    assert "900123" not in said
    line = json.loads(log_file.read_text(encoding="utf-8"))
    assert line["level"] == "critical"
    assert "test_cli.py" in line["error"]
    assert "900123" not in line["error"]


@pytest.mark.expects_log
def test_a_log_that_is_not_there_is_not_named(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], own_home: Path
) -> None:
    own_home.write_text("a file where the folder should be", encoding="utf-8")
    _command(monkeypatch, ZeroDivisionError())
    assert main(["probe", "deep"]) == Exit.FAULT
    said = capsys.readouterr().err
    assert "It could not be written to the log" in said
    assert str(own_home) not in said


@pytest.mark.expects_log
def test_a_file_the_computer_refuses_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _command(monkeypatch, PermissionError(13, "Permission denied", "night.txt"))
    assert main(["probe", "deep"]) == Exit.REFUSED
    assert "nightdesk: night.txt cannot be used: Permission denied." in capsys.readouterr().err


def test_a_home_of_nobody_is_a_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("NIGHTDESK_HOME", "~nosuchuser/x")
    assert main(["people", "find", "x"]) == Exit.USAGE
    assert "there is no such user" in capsys.readouterr().err


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("output", "said"),
    [
        (">&-", "the output is closed"),
        (">/dev/full", "something could not be written or printed: No space left on device"),
    ],
)
def test_an_output_that_takes_nothing(own_home: Path, output: str, said: str) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m ui people columns people {output}', sys.executable],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_HOME": str(own_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == Exit.REFUSED
    assert done.stderr.startswith(f"nightdesk: {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.needs("linux")
@pytest.mark.parametrize("words", ["people import people /nowhere.csv", "nosuch"])
def test_with_a_closed_stderr_a_refusal_is_not_printed_among_what_another_program_reads(
    own_home: Path, words: str
) -> None:
    done = subprocess.run(
        ["sh", "-c", f'"$0" -m ui {words} 2>&-', sys.executable],
        cwd=ROOT,
        env={**os.environ, "NIGHTDESK_HOME": str(own_home)},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (Exit.USAGE, "")


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["db", "init", "--plain", "--database", "/proc/x.db"], Exit.REFUSED),
        (["db", "init", "--plain", "--database", "/etc/passwd/x.db"], Exit.REFUSED),
        (["people", "invent", "5", "--database", "/proc/nope/x.db"], Exit.REFUSED),
        (["people", "invent", "5", "--database", "~nosuchuser/x.db"], Exit.USAGE),
    ],
)
def test_places_where_no_record_can_be(capsys: pytest.CaptureFixture[str], words: list[str], code: Exit) -> None:
    assert main(words) == code
    assert "Nothing was" in capsys.readouterr().err


def test_stopping_by_keyboard_is_no_fault(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    _command(monkeypatch, KeyboardInterrupt())
    assert main(["probe", "deep"]) == Exit.STOPPED
    assert capsys.readouterr().err == "nightdesk: stopped from the keyboard\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["probe", "deep", "--database", "postgresql://nd:hunter2@h/x"], "password may not stand"),
        (["probe", "deep", "--database", "http://[::1"], "a [ is never closed"),
        (["probe", "deep", "--databas", "x"], "unrecognized arguments"),
        (["probes"], "invalid choice: 'probes'"),
        (["probe", "--count", "many"], "invalid int value"),
    ],
)
def test_bad_usage_is_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: list[str], sentence: str
) -> None:
    _command(monkeypatch)
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == Exit.USAGE
    said = capsys.readouterr().err
    assert sentence in said
    assert "hunter2" not in said


def test_a_command_that_asks_for_more_leaves_nothing_behind(own_home: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--version"])
    assert stopped.value.code == 0
    assert not own_home.exists()


def test_help_tells_every_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([])
    assert stopped.value.code == 0
    said = capsys.readouterr().out
    assert help_text() in said
    assert set(MEANING) == set(Exit)
    for name in command_names():
        assert f"\n    {name} " in said or f"\n    {name}\n" in said


def test_every_command_has_help_and_a_database() -> None:
    modules = [import_module(f"ui.commands.{name}") for name in command_names()]
    parser = build_parser(modules)
    for leaf in leaves(parser):
        assert has_option(leaf, "--database"), leaf.prog
        for action in leaf._actions:
            assert action.help, f"{leaf.prog} {action.option_strings or action.dest} has no help"


@pytest.mark.parametrize("words", [[], ["--help"], *([name, "--help"] for name in command_names() if name in HEADLESS)])
def test_headless_commands_import_no_qt(words: list[str], own_home: Path) -> None:
    script = (
        "import sys\n"
        "from ui.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "except SystemExit as stopped:\n    assert not stopped.code, stopped.code\n"
        "heavy = {'PySide6', 'shiboken6', 'sqlalchemy', 'alembic', 'keyring', 'pyttsx3'}\n"
        "print('IMPORTED', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", script, *words],
        cwd="/",
        env={**os.environ, "NIGHTDESK_HOME": str(own_home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "IMPORTED []"


@pytest.mark.needs("posix")
def test_a_reader_that_goes_away_is_no_traceback(own_home: Path) -> None:
    script = (
        "import sys\nfrom ui import cli\n"
        "class Loud:\n"
        "    @staticmethod\n    def add(s): s.add_parser('loud')\n"
        "    @staticmethod\n    def run(args):\n        for _ in range(100000): print('x' * 80)\n        return 0\n"
        "sys.modules['ui.commands.loud'] = Loud\n"
        "cli.command_names = lambda: ['loud']\n"
        "sys.exit(cli.main(['loud']))\n"
    )
    environment = {**os.environ, "NIGHTDESK_HOME": str(own_home)}
    with subprocess.Popen(
        [sys.executable, "-c", script], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as loud:
        assert loud.stdout is not None
        assert loud.stderr is not None
        loud.stdout.readline()
        loud.stdout.close()
        said = loud.stderr.read()
        assert loud.wait(30) == Exit.READER_GONE
    assert said == b""


def test_the_version_is_the_projects() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'\nversion = "{ui.__version__}"\n' in project


def test_the_guide_tells_the_same_exit_codes() -> None:
    guide = (ROOT / "docs" / "running" / "README.md").read_text(encoding="utf-8")
    for code in Exit:
        assert f"| {int(code)} | {MEANING[code]} |" in guide


@pytest.mark.parametrize("words", [["watch"], ["bench"], ["demo"], ["people", "columns"]])
def test_the_help_of_database_is_true_of_the_command(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([*words, "--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "--database" in told
    assert "nightdesk.db in NIGHTDESK_HOME" not in told
    assert ("refused here" if words == ["demo"] else "changes nothing here") in told
