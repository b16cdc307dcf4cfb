"""A short evening played into a real window: keys, checks, the record taken away, a person at the desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from tests.helpers.demo_evening import demo_of, short_script
from tests.helpers.plain_words import jargon, words_on
from ui.bootstrap.demo import Demo
from ui.bootstrap.demo_parts import HeldRecord
from ui.desktop.demo.stage import Player

PATIENCE = 60_000
pytestmark = pytest.mark.timeout(180)


def priya_of(demo: Demo) -> Player:
    """Return the handler."""
    return demo.stage.of("priya")


def play_out(qtbot: QtBot, demo: Demo) -> None:
    """Wait until the evening was played to its end."""
    ended: list[bool] = []
    demo.driver.finished.connect(lambda: ended.append(True))
    qtbot.waitUntil(lambda: bool(ended), timeout=PATIENCE)


def notes_of(player: Player) -> list[str]:
    """Return the shared lines of the one contact."""
    contact = player.desk.contacts.unfinished()[0]
    return [line.text for line in contact.notes]


def test_the_lines_typed_are_on_screen_and_in_the_record(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    with demo_of(qapp, tmp_path, short_script(tmp_path)) as (demo, said):
        play_out(qtbot, demo)
        priya = priya_of(demo)
        assert priya.handler.notes.editor.toPlainText().split("\n")[:2] == ["first line", "second line"]
        assert notes_of(priya) == ["first line", "second line"]
        assert priya.desk.calls.state().current is None
        assert not demo.telling.failed, said
        assert jargon(words_on(priya.place.window)) == []


def test_a_check_that_does_not_hold_is_said_and_fails(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    script = short_script(tmp_path, "22:14:45 demo checks person_reached\n22:14:46 desk priya presses the_wall")
    with demo_of(qapp, tmp_path, script) as (demo, said):
        play_out(qtbot, demo)
        assert "FAILED 22:14:45 check person reached: there is no incident" in said
        assert "FAILED 22:14:46 priya presses the_wall: no key is called the_wall" in said
    assert demo.telling.failed


def test_words_typed_while_the_record_is_away_arrive_after_it_is_back(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    script = short_script(tmp_path, '22:14:45 demo says "away"\n22:14:50 desk priya types "third line"')
    with demo_of(qapp, tmp_path, script) as (demo, said):
        demo.control.listen(lambda line: demo.held.take() if line.verb == "says" else None)
        play_out(qtbot, demo)
        priya = priya_of(demo)
        assert demo.held.away
        qtbot.waitUntil(lambda: priya.desk.ledger.link.is_away, timeout=10_000)
        assert priya.desk.ledger.link.waiting > 0
        demo.held.give_back()
        qtbot.waitUntil(lambda: not priya.desk.ledger.link.is_away, timeout=PATIENCE)
        qtbot.waitUntil(lambda: not priya.desk.ledger.link.waiting, timeout=PATIENCE)
        assert notes_of(priya) == ["first line", "second line", "third line"]
        assert isinstance(demo.held, HeldRecord)
        assert not [line for line in said if line.startswith("FAILED")]


def test_a_desk_where_a_person_types_is_left_to_the_person(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> None:
    script = short_script(tmp_path, '22:14:45 demo says "hands"\n22:14:50 desk priya types "not mine"')
    with demo_of(qapp, tmp_path, script) as (demo, said):
        priya = priya_of(demo)

        def hands() -> None:
            demo.driver.watch(priya)
            handle = priya.place.window.windowHandle()
            assert handle is not None
            QTest.keyClick(handle, Qt.Key.Key_Shift)

        demo.control.listen(lambda line: demo.inbox.post(hands) if line.verb == "says" else None)
        play_out(qtbot, demo)
        assert priya.by_hand
        assert notes_of(priya) == ["first line", "second line"]
        assert 'yours  22:14:50 priya types "not mine"' in said


def test_an_act_refused_while_the_record_is_away_is_tried_again_after(
    qtbot: QtBot, qapp: QApplication, tmp_path: Path
) -> None:
    more = (
        "22:14:41 desk tom signs_in 1002 coordinator\n22:14:42 desk priya presses need_a_second\n"
        '22:14:45 demo says "away"\n22:14:46 desk tom presses join\n22:14:50 desk tom says "With you."'
    )
    with demo_of(qapp, tmp_path, short_script(tmp_path, more)) as (demo, said):
        demo.control.listen(lambda line: demo.control.hold() if line.actor == "demo" and line.verb == "says" else None)
        tom = demo.stage.of("tom")
        qtbot.waitUntil(lambda: tom.signed_in and bool(tom.desk.pair.waiting_summons()), timeout=PATIENCE)
        demo.held.take()
        qtbot.waitUntil(lambda: tom.desk.ledger.link.is_away, timeout=PATIENCE)
        demo.control.release()
        qtbot.waitUntil(lambda: bool(demo.driver.waits_for), timeout=PATIENCE)
        assert "tom presses join" in demo.driver.waits_for
        stood, view = demo.board.night.position(), tom.coordinator
        qtbot.waitUntil(lambda: "record is away" in view.notice.text, timeout=PATIENCE)
        assert demo.board.night.position() == stood, "the script's clock waits"
        demo.held.give_back()
        qtbot.waitUntil(lambda: tom.desk.ledger.link.link.value == "together", timeout=PATIENCE)
        qtbot.waitUntil(lambda: not view.notice.text, timeout=PATIENCE)
        play_out(qtbot, demo)
        assert "done   22:14:46 tom presses join" in said
        assert 'done   22:14:50 tom says "With you."' in said
        for player in demo.stage.seated():
            assert jargon(words_on(player.place.window)) == [], player.name
        assert not [line for line in said if line.startswith("FAILED")]
