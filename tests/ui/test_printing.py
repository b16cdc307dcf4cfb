"""Printing through real helper processes: never holds the window, says how it went, shows no word elsewhere."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtPrintSupport import QPrinter
from pytestqt.qtbot import QtBot

from ui.desktop.print_helper import put_on
from ui.desktop.printing import FAILED, NO_PRINTER, Printing
from ui.desktop.theme.apply import choose
from ui.desktop.theme.look import Theme
from ui.desktop.window import ConsoleWindow

HELPER = """
import os, pathlib, sys, time
text = sys.stdin.buffer.read()
pathlib.Path(sys.argv[1]).write_bytes(text)
pathlib.Path(sys.argv[1] + ".pid").write_text(str(os.getpid()))
end = time.monotonic() + float(sys.argv[2])
file = pathlib.Path(sys.argv[1])
# The folder goes with its test.
while time.monotonic() < end and file.exists() and not file.with_name("printed.enough").exists():
    time.sleep(0.005)
sys.exit(int(sys.argv[3]))
"""
WORDS = "Ring the police: one adult at the address — ask for Tom\n" * 4_000
"""Far more than a pipe holds."""


class Print:
    """A printing whose helper writes down what it would print, takes ``seconds`` and ends with ``code``."""

    def __init__(self, folder: Path, seconds: float = 0.0, code: int = 0, longest_ms: int = 30_000) -> None:
        self.file = folder / "printed"
        self.said: list[str] = []
        command = [sys.executable, "-c", HELPER, str(self.file), str(seconds), str(code)]
        self.printing = Printing(self.said.append, command=command, longest_ms=longest_ms)

    def enough(self) -> None:
        """Let the helper end before its time."""
        self.file.with_name("printed.enough").touch()


@pytest.fixture
def kept() -> Iterator[list[Printing]]:
    """Printings to be closed at the end; held until their threads are gone, which must not be the last to let go.

    A program's own belongs to its window; a test's own that died on its thread would take Qt down, tests later.
    """
    found: list[Printing] = []
    yield found
    for one in found:
        one.close()
    for thread in at_work():
        thread.join(60)


def at_work() -> list[threading.Thread]:
    """Return the threads that wait for a helper."""
    return [thread for thread in threading.enumerate() if thread.name == "printing"]


def test_the_whole_text_reaches_the_printer_and_the_notice_says_so(
    qtbot: QtBot, tmp_path: Path, kept: list[Printing]
) -> None:
    one = Print(tmp_path)
    kept.append(one.printing)
    one.printing.print_text("Relay card", WORDS)
    qtbot.waitUntil(lambda: len(one.said) == 2, timeout=10_000)
    assert one.said == ["Relay card is being sent to the printer.", "Relay card was handed to the printer."]
    assert one.file.read_text(encoding="utf-8") == f"Relay card\n\n{WORDS}"


def test_a_printer_that_does_not_answer_holds_nothing_and_is_given_up(
    qtbot: QtBot, tmp_path: Path, kept: list[Printing]
) -> None:
    one = Print(tmp_path, seconds=60, longest_ms=2_500)
    kept.append(one.printing)
    ticks: list[float] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(10)
    one.printing.print_text("Relay card", WORDS)
    qtbot.waitUntil(lambda: len(one.said) == 2, timeout=30_000)
    timer.stop()
    assert one.said[1] == "The printer does not answer. Relay card may not be printed; read it from the screen."
    gaps = [later - earlier for earlier, later in zip(ticks, ticks[1:], strict=False)]
    # Had the windows waited for the printer, there would be one gap of all that time.
    assert max(gaps) < 2


def test_the_words_are_not_in_the_list_of_processes(qtbot: QtBot, tmp_path: Path, kept: list[Printing]) -> None:
    one = Print(tmp_path, seconds=60)
    kept.append(one.printing)
    one.printing.print_text("Relay card", WORDS)
    pid = tmp_path / "printed.pid"
    qtbot.waitUntil(lambda: pid.exists() and bool(pid.read_text()), timeout=10_000)
    shown = Path("/proc", pid.read_text(), "cmdline")
    if shown.exists():
        assert b"police" not in shown.read_bytes()
    one.enough()


def test_a_second_print_waits_for_the_first_and_is_told(qtbot: QtBot, tmp_path: Path, kept: list[Printing]) -> None:
    one = Print(tmp_path, seconds=60)
    kept.append(one.printing)
    one.printing.print_text("Relay card", "first")
    one.printing.print_text("The night so far", "second")
    assert one.said[-1] == (
        "The printer is still busy with Relay card. The night so far was not sent; try again in a minute."
    )
    one.enough()


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (NO_PRINTER, "No printer is set up on this computer. Read Relay card from the screen."),
        (FAILED, "Relay card could not be printed. Read it from the screen."),
    ],
)
def test_what_went_wrong_is_said(qtbot: QtBot, tmp_path: Path, kept: list[Printing], code: int, sentence: str) -> None:
    one = Print(tmp_path, code=code)
    kept.append(one.printing)
    one.printing.print_text("Relay card", "words")
    qtbot.waitUntil(lambda: len(one.said) == 2, timeout=10_000)
    assert one.said[1] == sentence


def test_a_helper_that_cannot_be_started_is_said(qtbot: QtBot, tmp_path: Path, kept: list[Printing]) -> None:
    said: list[str] = []
    printing = Printing(said.append, command=[str(tmp_path / "no such program")])
    kept.append(printing)
    for _ in range(2):
        said.clear()
        printing.print_text("Relay card", "words")
        qtbot.waitUntil(lambda: len(said) == 2, timeout=10_000)
        assert said[1] == "Relay card could not be printed. Read it from the screen."


def test_closing_waits_for_nothing_says_nothing_and_what_was_sent_is_printed(
    qtbot: QtBot, tmp_path: Path, kept: list[Printing]
) -> None:
    one = Print(tmp_path, seconds=60)
    kept.append(one.printing)
    one.printing.print_text("Relay card", "words")
    one.printing.close()
    assert at_work(), "the printer is at it still"
    one.enough()
    qtbot.waitUntil(lambda: not at_work(), timeout=10_000)
    qtbot.wait(50)
    assert one.file.read_text(encoding="utf-8") == "Relay card\n\nwords"
    assert one.said == ["Relay card is being sent to the printer."]


ENDING = """
import sys
from PySide6.QtCore import QCoreApplication
from ui.desktop.printing import Printing
app = QCoreApplication([])
printing = Printing(lambda said: None, command=sys.argv[1:])
printing.print_text("Relay card", "words")
while not __import__("pathlib").Path(sys.argv[4] + ".pid").exists():
    app.processEvents()
printing.close()
"""


def test_a_program_that_ends_while_a_printer_hangs_ends_at_once(tmp_path: Path) -> None:
    helper = HELPER + f"pathlib.Path({str(tmp_path / 'done')!r}).touch()"
    helper = helper.replace("sys.exit(int(sys.argv[3]))", "")
    command = [sys.executable, "-c", helper, str(tmp_path / "printed"), "60", "0"]
    ended = subprocess.run(
        [sys.executable, "-c", ENDING, *command], check=False, timeout=30, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert not (tmp_path / "done").exists(), "it waited for nothing"
    (tmp_path / "printed.enough").touch()
    until = time.monotonic() + 10
    while not (tmp_path / "done").exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert (tmp_path / "done").exists(), "the helper goes on by itself"


class SayingWindow(ConsoleWindow):
    """A window without a screen that keeps what its notice would say."""

    def __init__(self, theme: Theme) -> None:
        self.said: list[str] = []
        super().__init__(theme)

    def say(self, sentence: str) -> None:
        """Keep it."""
        self.said.append(sentence)


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it would print on whatever printer is there")
def test_the_window_says_that_there_is_no_printer(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real helper, where no print server can be asked."""
    monkeypatch.setenv("CUPS_SERVER", "/nowhere")
    monkeypatch.delenv("PRINTER", raising=False)
    window = SayingWindow(choose(dark=False, high_contrast=False))
    qtbot.addWidget(window)
    window.print_text("Relay card", "words")
    qtbot.waitUntil(lambda: len(window.said) == 2, timeout=30_000)
    assert window.said[1] == "No printer is set up on this computer. Read Relay card from the screen."
    window.end()


def test_the_helper_puts_plain_text_on_paper(qtbot: QtBot, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(paper))
    assert put_on(printer, "Relay card\n\nwords")
    assert paper.read_bytes().startswith(b"%PDF")


@pytest.mark.qt_log_ignore("QPainter::begin")
def test_the_helper_says_when_a_printer_takes_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    printer = QPrinter()
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "no folder" / "paper.pdf"))
    assert not put_on(printer, "words")
