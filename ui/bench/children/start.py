"""``nightdesk console`` from its very start, as it is started by hand; only its first painting is watched."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from typing import Any

from ui.bench.child import first_wish, listen
from ui.bench.children.first_paint import FirstPaint
from ui.cli import main
from ui.desktop.dialogs import sign_in
from ui.desktop.forms.rows import FormRow
from ui.desktop.theme.look import Look


class _Watched(sign_in.SignInWindow):
    """The first window of the console, with our eye on it."""

    def __init__(self, look: Look, form: FormRow, sent: Callable[[Mapping[str, str]], None]) -> None:
        super().__init__(look, form, sent)
        self._eye = FirstPaint(self)


def run() -> int:
    """Run the command until the bench closes it."""
    wish = first_wish()
    os.environ["NIGHTDESK_HOME"] = wish["home"]
    # The command takes the window's class from its module when it begins.
    sign_in.SignInWindow = _Watched  # type: ignore[misc]
    listen(_hear)
    return main(["console", "--database", wish["record"]])


def _hear(message: dict[str, Any]) -> None:
    if message["do"] == "close":
        # At once: it stands at the sign-in, and nothing was begun.
        os._exit(0)
