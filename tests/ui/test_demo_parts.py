"""The demo's parts one by one: what is printed, the time of the evening, the strip, the record taken away."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QRect, QSize
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.record import Identity, Role
from console.machine.clock import SystemClock
from console.ports.store import Look as Question
from console.ports.store import StoreAway
from db.opening import create_store
from db.sqlite import SqliteStore
from telephony_adapters.simulator import Happening
from ui.bootstrap.demo import DemoOptions
from ui.bootstrap.demo_parts import CountedRunner, HeldRecord
from ui.cli import build_parser, main
from ui.commands import demo as command
from ui.desktop.demo.hands import CannotPlay
from ui.desktop.demo.news import kind_of, news_fields
from ui.desktop.demo.places import places
from ui.desktop.demo.script_lines import words_of
from ui.desktop.demo.strip import SPEEDS, ControlStrip, StripedBar
from ui.desktop.demo.telling import Telling
from ui.desktop.demo.times import EveningAlarm, EveningClock
from ui.desktop.runtime.application import dress, has_screen
from ui.desktop.shortcuts import Screen
from ui.exits import Exit

AT = datetime(2026, 12, 1, 22, 15, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("state", "words", "fields"),
    [
        ("accepted", "Category 2, SC-7731", {"grade": "2", "reference": "SC-7731"}),
        ("accepted", "Log 1187 of 01/12/26", {"reference": "Log 1187 of 01/12/26"}),
        ("en_route", "Said 6 min, checking both car parks", {"minutes": "6", "text": "checking both car parks"}),
        ("accepted", "J Okafor, will ring at 23:30", {"name": "J Okafor", "text": "will ring at 23:30"}),
        ("en_route", "Upgraded to category 1, drowsy", {"grade": "1", "text": "Upgraded to category 1, drowsy"}),
        ("on_scene", "With him", {"text": "With him"}),
    ],
)
def test_what_an_agency_said_falls_into_the_fields_of_the_form(state: str, words: str, fields: dict[str, str]) -> None:
    assert news_fields(state, words) == {"state": state, **fields}


def test_an_agency_nobody_knows_is_said() -> None:
    assert kind_of("police").value == "police_attend"
    with pytest.raises(CannotPlay, match="coastwatch"):
        kind_of("coastwatch")


def test_a_line_is_printed_with_londons_time_and_its_words() -> None:
    line = Happening(AT, "priya", "types", ("name Marcus",), 12)
    assert words_of(line) == '22:15:09 priya types "name Marcus"'


def test_a_failed_check_counts_and_stands_in_the_report(tmp_path: Path) -> None:
    said: list[str] = []
    telling = Telling(said.append)
    telling.act(AT, "priya types")
    telling.check(AT, "check one")
    telling.check(AT, "check two", "it is not so")
    telling.act(AT, "priya asks", result="yours")
    assert [line.split()[0] for line in said] == ["done", "held", "FAILED", "yours"]
    assert telling.summary() == "1 of 2 checks held, 2 acts played"
    assert [one.words for one in telling.failed] == ["check two"]
    telling.write(tmp_path / "r.json", {"script": "x"})
    report = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    assert (report["ok"], report["script"], report["told"][2]["why"]) == (False, "x", "it is not so")


# --- time ------------------------------------------------------------------------------------------


def test_a_long_wait_is_the_evenings_and_a_short_one_the_computers(qtbot: QtBot) -> None:
    position = [AT]
    alarm = EveningAlarm(EveningClock(lambda: position[0], SystemClock()), lambda: 1.0)
    rung: list[str] = []
    alarm.after(120.0, lambda: rung.append("wrap-up"))
    alarm.after(0.02, lambda: rung.append("pause"))
    assert not alarm.quiet
    qtbot.waitUntil(lambda: rung == ["pause"])
    assert alarm.quiet
    position[0] = AT + timedelta(seconds=119)
    qtbot.wait(120)
    assert rung == ["pause"]
    position[0] = AT + timedelta(seconds=120)
    qtbot.waitUntil(lambda: rung == ["pause", "wrap-up"])
    alarm.stop()


def test_a_cancelled_wait_never_rings(qtbot: QtBot) -> None:
    position = [AT]
    alarm = EveningAlarm(EveningClock(lambda: position[0], SystemClock()), lambda: 100.0)
    rung: list[str] = []
    for seconds in (0.05, 60.0):
        alarm.after(seconds, lambda: rung.append("rung")).cancel()
    position[0] = AT + timedelta(hours=1)
    qtbot.wait(150)
    assert rung == []
    assert alarm.quiet
    alarm.stop()


# --- the strip -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class FakeState:
    """Where a rehearsal would be."""

    position: datetime = AT
    speed: float = 1.0
    running: bool = True
    phones_away: bool = False
    coming: Happening | None = None


@dataclass
class FakeControl:
    """A handle that only changes its state."""

    now: FakeState = field(default_factory=FakeState)
    jumped: int = 0

    def play(self) -> None:
        """Go on."""
        self.now = replace(self.now, running=True)

    def pause(self) -> None:
        """Stand."""
        self.now = replace(self.now, running=False)

    def speed(self, times: float) -> None:
        """Change speed."""
        self.now = replace(self.now, speed=times)

    def next(self) -> None:
        """Jump."""
        self.jumped += 1

    def take_phones_away(self) -> None:
        """Take away."""
        self.now = replace(self.now, phones_away=True)

    def bring_phones_back(self) -> None:
        """Bring back."""
        self.now = replace(self.now, phones_away=False)

    def hold(self) -> None:
        """Wait for nobody."""

    def release(self) -> None:
        """Wait for nobody."""

    def state(self) -> FakeState:
        """Return the state."""
        return self.now


@dataclass
class FakeRecord:
    """A record to take away."""

    away: bool = False

    def take(self) -> None:
        """Take it."""
        self.away = True

    def give_back(self) -> None:
        """Give it."""
        self.away = False


@pytest.fixture
def strip(qtbot: QtBot, qapp: QApplication) -> ControlStrip:
    coming = Happening(AT, "priya", "types", ("name Marcus",), 12)
    made = ControlStrip(dress(qapp, dark=False), FakeControl(FakeState(coming=coming)), FakeRecord(), "A script")
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_strip_pauses_speeds_jumps_and_says_what_comes(strip: ControlStrip) -> None:
    control = strip._control
    assert isinstance(control, FakeControl)
    strip.pause.click()
    assert not control.now.running
    assert strip.pause.text() == "Play"
    strip.pause.click()
    assert control.now.running
    strip.next.click()
    assert control.jumped == 1
    seen = []
    for _ in SPEEDS:
        strip.speed.click()
        seen.append(control.now.speed)
    assert seen == [*SPEEDS[1:], SPEEDS[0]]
    assert 'Next: 22:15:09 priya types "name Marcus"' in strip._coming.text()


def test_what_is_taken_away_can_be_brought_back(strip: ControlStrip) -> None:
    record, control = strip._record, strip._control
    assert isinstance(control, FakeControl)
    strip.database.click()
    strip.telephones.click()
    assert record.away
    assert control.now.phones_away
    assert (strip.database.text(), strip.telephones.text()) == ("Bring the database back", "Bring the telephones back")
    strip.database.click()
    strip.telephones.click()
    assert not record.away
    assert not control.now.phones_away


def test_the_bar_is_striped_and_says_demo(qtbot: QtBot, qapp: QApplication) -> None:
    bar = StripedBar(dress(qapp, dark=False))
    qtbot.addWidget(bar)
    bar.resize(900, 30)
    picture = bar.grab().toImage()
    colours = {picture.pixelColor(x, 2).name() for x in range(0, 900, 3)}
    assert len(colours) >= 2
    assert bar.accessibleName().startswith("DEMO")


def test_closing_the_strip_ends_the_demo(strip: ControlStrip, qtbot: QtBot) -> None:
    with qtbot.waitSignal(strip.closed):
        strip.close()


# --- the record taken away -------------------------------------------------------------------------


def test_a_record_taken_away_refuses_writes_and_comes_back_whole(tmp_path: Path, qtbot: QtBot) -> None:
    store = create_store(str(tmp_path / "d.db"), key=None, clock=SystemClock(), invented=True)
    assert isinstance(store, SqliteStore)
    who = Identity("priya.raman", "Priya Raman", Role.SERVICE_ADVISER, "demo")
    held = HeldRecord(store.database.another(0.3))
    impatient = SqliteStore(store.database.another(0.3), SystemClock(), store._people)
    impatient.ask_look(who, Question("a test", None, "+447700900412"))
    held.take()
    qtbot.wait(200)
    with pytest.raises(StoreAway):
        impatient.ask_look(who, Question("a test", None, "+447700900412"))
    assert held.away
    held.give_back()
    qtbot.wait(100)
    impatient.ask_look(who, Question("a test", None, "+447700900412"))
    held.close()
    assert impatient.verify().first_bad == 0
    impatient.close()
    store.close()


class OneByOne:
    """A runner whose work comes back when a test says so."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def read(self, work, then, failed=None) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 - as the port
        """Keep the work."""

        def run() -> None:
            try:
                result = work()
            except ValueError as problem:
                failed(problem)
            else:
                then(result)

        self.waiting.append(run)

    write = keep = read


def test_a_counted_runner_knows_what_is_under_way_also_after_a_failure() -> None:
    inner, unhandled = OneByOne(), []  # type: ignore[var-annotated]  # a list of whatever failed
    runner = CountedRunner(inner, unhandled.append)
    heard: list[int] = []
    runner.read(lambda: 7, heard.append)
    runner.write(lambda: int("seven"), heard.append)
    assert not runner.quiet
    for back in inner.waiting:
        back()
    assert runner.quiet
    assert heard == [7]
    assert len(unhandled) == 1


# --- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "platform", "seen"),
    [
        ({}, "linux", False),
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({"DISPLAY": ":0", "QT_QPA_PLATFORM": "offscreen"}, "linux", False),
        ({}, "win32", True),
        ({}, "darwin", True),
    ],
)
def test_a_screen_is_known_from_the_environment(environment: dict[str, str], platform: str, seen: bool) -> None:
    assert has_screen(environment, platform) is seen


def test_it_ends_by_itself_unseen_or_when_a_report_is_wanted() -> None:
    assert DemoOptions().steps
    assert DemoOptions().ends
    assert not DemoOptions(seen=True).ends
    assert not DemoOptions(seen=True, speed=5).ends
    assert DemoOptions(seen=True, speed=5, report=Path("r.json")).ends
    assert not DemoOptions(speed=5).steps


def test_a_real_record_is_never_opened(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "real.db"
    assert main(["demo", "--database", str(file)]) == Exit.USAGE
    assert "invented record of its own" in capsys.readouterr().err
    assert not file.exists()


def test_an_unknown_script_and_a_missing_folder_are_said_before_anything_opens(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--script", str(tmp_path / "none.txt")]) == Exit.USAGE
    assert main(["demo", "--report", str(tmp_path / "no" / "r.json")]) == Exit.USAGE
    said = capsys.readouterr().err
    assert "none.txt" in said
    assert "folder" in said


@pytest.mark.needs("linux")
@pytest.mark.parametrize(
    "words",
    [
        ["--pictures", "/etc/passwd"],
        ["--pictures", "/proc/x"],
        ["--pictures", "/proc"],
        ["--report", "/etc"],
        ["--report", "/proc/x"],
        ["--report", "/dev/full"],
        ["--script", "/dev/zero"],
    ],
)
def test_places_that_cannot_be_written_or_read_are_said_before_anything_opens(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", *words]) == Exit.USAGE
    assert words[1].rpartition("/")[2] in capsys.readouterr().err


def test_a_report_is_tried_and_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "r.json"
    kept.write_text("of yesterday", encoding="utf-8")
    for report in (kept, tmp_path / "new.json"):
        assert main(["demo", "--script", "none.txt", "--report", str(report)]) == Exit.USAGE
        assert "none.txt" in capsys.readouterr().err
    assert [(path.name, path.read_text(encoding="utf-8")) for path in tmp_path.iterdir()] == [
        ("r.json", "of yesterday")
    ]


@pytest.mark.parametrize("text", ["0", "-1", "fast", "99999"])
def test_a_speed_must_be_one(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser: argparse.ArgumentParser = build_parser([command])
    with pytest.raises(SystemExit):
        parser.parse_args(["demo", "--speed", text])
    assert "is not a speed" in capsys.readouterr().err


@pytest.mark.parametrize("size", [(1920, 1080), (1920, 1040), (2560, 1440), (3840, 2160)])
def test_the_windows_of_the_demo_show_the_note_and_the_second_workers_screen_whole(size: tuple[int, int]) -> None:
    room, strip = QRect(0, 0, *size), QSize(750, 105)
    found = places(room, strip)
    handler, second = found.windows[Screen.HANDLER], found.windows[Screen.COORDINATOR]
    assert room.contains(handler)
    assert room.contains(second)
    covered = handler.intersected(second)
    assert covered.width() <= handler.width() // 3
    assert covered.height() <= handler.height() // 2
    assert not found.strip.intersects(second)
    assert not found.strip.intersects(handler)
    assert not found.strip.intersects(found.windows[Screen.BOARD])


def test_on_a_small_screen_every_window_can_still_be_reached() -> None:
    room = QRect(0, 0, 1366, 768)
    found = places(room, QSize(750, 105))
    assert all(room.intersects(place) for place in found.windows.values())
    assert room.contains(found.strip)
    assert len({place.topLeft().toTuple() for place in found.windows.values()}) == 3
