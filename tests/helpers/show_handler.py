"""Draws the handler's screen in its states: ``python -m tests.helpers.show_handler FOLDER``."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

from PySide6.QtWidgets import QApplication

from tests.helpers.handler_rows import STATES
from ui.desktop.screens.handler.rows import HandlerRows
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Act
from ui.desktop.theme.apply import apply, choose

SIZES = ((1280, 640), (1366, 690), (1920, 1000))


@dataclass
class SeenActs:
    """Acts that only write down what they were asked."""

    seen: list[tuple[str, ...]] = field(default_factory=list)
    takes: bool = True

    def do(self, act: Act) -> None:
        """Write it down."""
        self.seen.append(("do", act.value))

    def choose_candidate(self, index: int) -> None:
        """Write it down."""
        self.seen.append(("choose_candidate", str(index)))

    def find(self, text: str) -> None:
        """Write it down."""
        self.seen.append(("find", text))

    def find_typed(self, text: str) -> None:
        """Write it down."""
        self.seen.append(("find_typed", text))

    def find_closed(self) -> None:
        """Write it down."""
        self.seen.append(("find_closed",))

    def choose_found(self, key: str) -> bool:
        """Write it down."""
        self.seen.append(("choose_found", key))
        return self.takes

    def open_relative(self, key: str) -> None:
        """Write it down."""
        self.seen.append(("open_relative", key))

    def sheet_closed(self) -> None:
        """Write it down."""
        self.seen.append(("sheet_closed",))

    def ring_row(self, key: str) -> None:
        """Write it down."""
        self.seen.append(("ring_row", key))

    def number_typed(self, typed: str) -> None:
        """Write it down."""
        self.seen.append(("number_typed", typed))

    def mark_number(self, key: str, how: str, words: str) -> None:
        """Write it down."""
        self.seen.append(("mark_number", key, how, words))

    def new_line_id(self) -> UUID:
        """Return a fresh id."""
        return uuid4()

    def note_changed(self, record: str, line_id: UUID, text: str) -> None:
        """Write it down."""
        self.seen.append(("note_changed", record, str(line_id), text))

    def note_wants_record(self, text: str) -> None:
        """Write it down."""
        self.seen.append(("note_wants_record", text))

    def note_has_record(self) -> None:
        """Write it down."""
        self.seen.append(("note_has_record",))

    def note_line_ended(self, line_id: UUID) -> None:
        """Write it down."""
        self.seen.append(("note_line_ended", str(line_id)))

    def field_changed(self, record: str, field: str, value: str, over: str | None = None) -> None:
        """Write it down."""
        self.seen.append(("field_changed", record, field, value))

    def prompt_toggled(self, record: str, key: str, on: bool) -> None:
        """Write it down."""
        self.seen.append(("prompt_toggled", record, key, str(on)))

    def message(self, text: str) -> bool:
        """Write it down."""
        self.seen.append(("message", text))
        return self.takes

    def form_opened(self, key: str) -> None:
        """Write it down."""
        self.seen.append(("form_opened", key))

    def form_sent(self, key: str, values: Mapping[str, str]) -> None:
        """Write it down."""
        self.seen.append(("form_sent", key, repr(sorted(values.items()))))

    def send_request(self, key: str) -> None:
        """Remember it."""
        self.seen.append(("send_request", key))

    def open_unfinished(self, key: str) -> None:
        """Write it down."""
        self.seen.append(("open_unfinished", key))

    def refused(self, sentence: str) -> None:
        """Write it down."""
        self.seen.append(("refused", sentence))

    def notice_read(self) -> None:
        """Write it down."""
        self.seen.append(("notice_read",))

    def clock_text(self) -> str:
        """Return a fixed time."""
        return "22:17"

    def named(self, name: str) -> list[tuple[str, ...]]:
        """Return what was written down under ``name``."""
        return [one for one in self.seen if one[0] == name]


def make_view(app: QApplication, rows: HandlerRows, *, dark: bool = False) -> tuple[HandlerView, SeenActs]:
    """Return a view that shows ``rows``, and what it will ask for."""
    acts = SeenActs()
    view = HandlerView(apply(app, choose(dark=dark, high_contrast=False)), acts)
    view.show_rows(rows)
    return view, acts


PANELS = (Act.RECORD, Act.FIND, Act.KEYS, Act.RISKS, Act.UNFINISHED, Act.CONFIRM)


def draw_panels(app: QApplication, folder: Path) -> None:
    """Draw every panel open over the paired screen."""
    view, _ = make_view(app, STATES["handler"])
    view.resize(1366, 690)
    view.show()
    for act in PANELS:
        view.panels.opens(act)
        app.processEvents()
        view.grab().save(str(folder / f"panel-{act.value}.png"))
    view.close()
    view.deleteLater()


def main(folder: Path) -> None:
    """Draw every state in light and the two bar states in dark, in three sizes."""
    folder.mkdir(parents=True, exist_ok=True)
    app = QApplication.instance() or QApplication([])
    if not isinstance(app, QApplication):
        raise TypeError(app)
    for name, rows in STATES.items():
        for dark in (False, True):
            if dark and name not in ("handler", "candidates", "away"):
                continue
            view, _ = make_view(app, rows, dark=dark)
            for width, height in SIZES:
                if name not in ("handler", "candidates") and width != 1366:
                    continue
                view.resize(width, height)
                view.show()
                app.processEvents()
                app.processEvents()
                view.grab().save(str(folder / f"{name}{'-dark' if dark else ''}-{width}.png"))
            view.close()
            view.deleteLater()
    draw_panels(app, folder)


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main(Path(sys.argv[1]))
