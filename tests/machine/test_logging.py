"""What reaches a log, and what never may."""

from __future__ import annotations

import json
import logging
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.machine.logging import LARGEST_LOG, LONGEST_TEXT, LinkLog, log_to, redact

log = logging.getLogger("tests.machine.logging")


def _lines(path: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("dialled 01632 960123 twice", "dialled <number> twice"),
        ("from +44 (0)7700 900-456, gone", "from <number>, gone"),
        ("from +441632960123", "from <number>"),
        ("sip:07700900456@pbx.example", "sip:<address>"),
        ("born 14/03/1987 and 1.2.2001", "born <date> and <date>"),
        ("postgresql://nd:hunter2@db.example/x", "postgresql://<redacted>@db.example/x"),
        ("Secret: hunter2 sent", "Secret: <redacted> sent"),
        ("password=hunter2", "password=<redacted>"),
        ("mail p.raman@council.example now", "mail <address> now"),
    ],
)
def test_the_table_takes_out(said: str, kept: str) -> None:
    assert redact(said) == kept


@pytest.mark.parametrize(
    "said",
    [
        "stored 50 entries up to seq 123456",
        "extension 1001 on line 4, 127.0.0.1:5038 after 1.25 s",
        "schema 3, code 5, 12 of 40 lines",
        "entry 0193a1b2-7c3d-7e4f-8a9b-0c1d2e3f4a5b refused",
    ],
)
def test_the_table_leaves_what_a_technician_needs(said: str) -> None:
    assert redact(said) == said


@given(
    st.sampled_from(
        ["01632 960{:03d}", "07700900{:03d}", "+44 7700 900{:03d}", "020-7946-0{:03d}", "(01632) 960{:03d}"]
    ),
    st.integers(0, 999),
)
def test_no_number_for_drama_stays_however_it_is_written(form: str, last: int) -> None:
    number = form.format(last)
    digits = "".join(c for c in redact(f"rang {number} at once") if c.isdigit())
    assert digits == ""


@pytest.mark.parametrize("hostile", ["x" * 5_000_000, "1" * 5_000_000, "a@" * 500_000, "07700 900456 " * 100_000])
def test_megabytes_are_cut_before_they_cost_anything(hostile: str) -> None:
    # The time this program itself needed: what others do on this computer is not its fault.
    started = time.process_time()
    kept = redact(hostile)
    assert time.process_time() - started < 0.5
    assert len(kept) < LONGEST_TEXT + 100
    assert "900456" not in kept


def test_a_number_at_the_cut_does_not_stay() -> None:
    for shift in range(20):
        kept = redact("." * (LONGEST_TEXT - shift) + " 07700 900456" + "." * 50)
        assert not any(c.isdigit() for c in kept)


def test_a_log_line_is_json_and_redacted(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs") as path:
        log.info("connected to %s", "01632 960001")
        try:
            raise ValueError("bad number 07700 900456")
        except ValueError:
            log.info("gave up", exc_info=True)
    first, second = _lines(path)
    assert first["text"] == "connected to <number>"
    assert first["level"] == "info"
    assert first["from"] == log.name
    assert first["at"].endswith("+00:00")
    assert second["error"].startswith("ValueError at ")
    assert "bad number" not in second["error"], "an exception's words may quote a person"
    assert "test_logging.py" in second["error"]


@pytest.mark.needs("posix")
def test_a_log_is_for_this_account_only(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs") as path:
        log.info("here")
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700


def test_nothing_is_made_before_the_first_record(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs"):
        log.debug("below the level")
    assert not (tmp_path / "logs").exists()


def test_the_root_logger_is_left_as_it_was(tmp_path: Path) -> None:
    root = logging.getLogger()
    before = (list(root.handlers), root.level)
    with log_to(tmp_path / "logs"):
        assert len(root.handlers) == len(before[0]) + 1
    assert (root.handlers, root.level) == before


def test_a_place_that_cannot_be_written_stops_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "logs").write_text("a file where a folder should be", encoding="utf-8")
    with log_to(tmp_path / "logs"):
        log.info("goes nowhere")
    assert capfd.readouterr() == ("", "")


def test_a_log_does_not_grow_for_ever(tmp_path: Path) -> None:
    with log_to(tmp_path / "logs") as path:
        for _ in range(LARGEST_LOG // LONGEST_TEXT + 10):
            log.info("%s", "x " * (LONGEST_TEXT // 2))
    assert path.stat().st_size <= LARGEST_LOG
    assert (path.parent / "nightdesk.log.1").exists()


@pytest.mark.expects_log
def test_a_lost_line_is_logged_once_and_its_return_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    link = LinkLog(log, "the switchboard")
    link.back()
    for _ in range(5):
        link.lost("no answer")
    for _ in range(3):
        link.back()
    link.lost("refused")
    assert [(r.levelname, r.getMessage()) for r in caplog.records] == [
        ("WARNING", "lost the switchboard: no answer"),
        ("INFO", "the switchboard is back"),
        ("WARNING", "lost the switchboard: refused"),
    ]
