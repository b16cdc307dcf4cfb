"""Hints say a command that whoever reads them can type: ``nightdesk``, or start.py of a clone, as it was called."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.domain.text import NightdeskError
from ui.cli import main
from ui.desktop.forms.flat import FlatForm
from ui.desktop.forms.rows import FormRow
from ui.desktop.screens.directory import NO_ROTA
from ui.desktop.theme.apply import apply, choose
from ui.desktop.widgets.labels import PlainLabel
from ui.desktop.widgets.notices import NoticeCard
from ui.exits import Exit
from ui.started import VARIABLE, as_started

CLONE = "python3 start.py"


@pytest.fixture
def clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As start.py leaves it for whatever it runs."""
    monkeypatch.setenv(VARIABLE, CLONE)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (CLONE, f"Run `{CLONE} db upgrade`, not `db upgrade`; nightdesk.db stays, and so does `nightdesk.db`."),
        (r"py C:\new\start.py", r"Run `py C:\new\start.py db upgrade`, not `db upgrade`; nightdesk.db stays, and so "
         "does `nightdesk.db`."),
        ("", "Run `nightdesk db upgrade`, not `db upgrade`; nightdesk.db stays, and so does `nightdesk.db`."),
        ("a\nb", "Run `nightdesk db upgrade`, not `db upgrade`; nightdesk.db stays, and so does `nightdesk.db`."),
    ],
)  # fmt: skip
def test_only_commands_are_said_another_way(monkeypatch: pytest.MonkeyPatch, said: str, words: str) -> None:
    monkeypatch.setenv(VARIABLE, said)
    hint = "Run `nightdesk db upgrade`, not `db upgrade`; nightdesk.db stays, and so does `nightdesk.db`."
    assert as_started(hint) == words


def test_the_command_line_says_it(clone: None, capsys: pytest.CaptureFixture[str]) -> None:  # noqa: ARG001
    assert main(["rota", "show", "--database", "there-is-none.db"]) == NightdeskError.exit_code
    assert f"`{CLONE} db init` makes one" in capsys.readouterr().err
    with pytest.raises(SystemExit) as ended:
        main(["rota", "import", "--help"])
    said = " ".join(capsys.readouterr().out.split())
    assert ended.value.code == Exit.OK
    assert said.startswith(f"usage: {CLONE} rota import")
    assert f"The columns: `{CLONE} rota columns`" in said


def test_the_windows_say_it(clone: None, qapp: QApplication, qtbot: QtBot) -> None:  # noqa: ARG001
    look = apply(qapp, choose(dark=False, high_contrast=False))
    notice, form = NoticeCard(look), FlatForm(look)
    for one in (notice, form):
        qtbot.addWidget(one)
    notice.show_text(NO_ROTA)
    form.show_form(FormRow("sign_in", "Sign in", (), send="Sign in", error=NO_ROTA))
    asked = "No rota was brought in for these days: `python3 start.py rota import` does it."
    assert notice.text == asked
    assert asked in {label.text() for label in form.findChildren(PlainLabel)}
