"""What a test may ask a driven console, by name: read models behind the window, and the window itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QLineEdit, QPlainTextEdit, QWidget

from console.domain.contacts import ContactState
from console.domain.timeline import timeline
from tests.helpers.driven_console_hands import Typist, open_form
from tests.helpers.driven_console_words import heard, texts
from ui.bootstrap.console import Console
from ui.desktop.desk import Desk
from ui.desktop.screens.handler.desk_acts import HandlerDesk
from ui.desktop.screens.handler.view import HandlerView
from ui.desktop.shortcuts import Screen
from ui.desktop.widgets.row_view import RowView


class Stalled(Protocol):
    """What has measured the gaps of the event loop."""

    def take(self) -> list[tuple[float, float]]:
        """Return the long gaps since the last time."""


class Driven(Protocol):
    """What probes look at."""

    console: Console
    refused: str
    left: bool
    faults: list[str]
    typists: list[Typist]
    most_windows: int
    modal: str
    stalls: Stalled
    warnings: Callable[[], str]


def desk(driver: Driven) -> Desk:
    """Return the services of who sits there."""
    if driver.console.seat is None:
        raise LookupError("nobody sits there")
    return driver.console.seat.desk


def _handler(driver: Driven) -> HandlerDesk:
    return cast("HandlerDesk", driver.console.window.acts(Screen.HANDLER))


def _view(driver: Driven) -> HandlerView:
    return cast("HandlerView", driver.console.window.view(Screen.HANDLER))


def _on_screen(driver: Driven) -> ContactState | None:
    return _handler(driver).screen.contact()


def _timeline(driver: Driven) -> list[tuple[str, str, str]]:
    folds = desk(driver).folds
    incident = folds.incidents()[-1]
    contacts = [one for one in map(folds.contact, incident.contacts) if one is not None]
    helps = folds.helps_of(incident.id, *incident.contacts)
    lines = timeline(incident, contacts, folds.signals_of_incident(incident), helps)
    return [(str(one.at), one.by, one.text) for one in lines]


def _calls(driver: Driven) -> dict[str, object]:
    state = desk(driver).calls.state()
    return {
        "current": str(state.current.call.id) if state.current else "",
        "contact": str(state.current.contact) if state.current else "",
        "waiting": [str(one.call.id) for one in state.waiting],
        "alerting": [str(one.call.id) for one in state.waiting if one.alerting],
        "held": [str(one.contact) for one in state.held],
        "away": state.phones.away,
        "extension": desk(driver).calls.extension,
        "looked": bool(_handler(driver).screen.drawn),
    }


def _form(driver: Driven) -> dict[str, object]:
    panel = open_form(driver.console.window)
    if panel is None:
        return {}
    labels = {field.key: [choice.label for choice in field.choices] or field.label for field in panel.form.fields()}
    said = {"error": panel.form.error, "intro": panel.form.intro, "kept": panel.state}
    return {"key": panel.form.key, "fields": labels, "values": dict(panel.box.values()), **said}


def _half_filled(driver: Driven) -> list[dict[str, object]]:
    """Return what is half filled, and whether these very words are in the journal."""
    panels = desk(driver).half_filled
    return [
        {"panel": one.panel, "values": dict(one.values), "kept": panels.kept(one.panel, one.subject) is not None}
        for one in panels.all()
    ]


def _note(driver: Driven) -> dict[str, object]:
    editor = _view(driver).notes.editor
    lines = editor.toPlainText().split("\n")
    return {
        "lines": lines,
        "kept": [editor.kept_of(at).value for at in range(len(lines))],
        "read_only": not editor.record,
        "focus": editor.hasFocus(),
    }


def in_the_way() -> QWidget | None:
    """Return a window that takes all keys; the list that a worker opened from a choice box is none."""
    popup = QApplication.activePopupWidget()
    opened = popup is not None and isinstance(popup.parentWidget(), QComboBox)
    return QApplication.activeModalWidget() or (None if opened else popup)


def _sent(driver: Driven) -> list[dict[str, object]]:
    """Return own signals about the newest incident with how far each has come, as the services say it."""
    services = desk(driver)
    incident = services.folds.incidents()[-1].id
    return [
        {"kind": one.signal.kind, "words": one.words, "reached": one.reached.value}
        for one in services.receipts.signals(incident, reaches=services.reaches())
    ]


def _windows(driver: Driven) -> dict[str, object]:
    shown = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    modal = in_the_way()
    focus = QApplication.focusWidget()
    return {
        "count": len(shown),
        "most": driver.most_windows,
        "modal": type(modal).__name__ if modal else driver.modal,
        "focus": focus.accessibleName() if focus else "",
    }


def _at(_driver: Driven) -> dict[str, str]:
    """Return the name of what has the focus, its class, and what it says now."""
    focus = QApplication.focusWidget()
    if focus is None:
        return {"name": "", "kind": "", "says": ""}
    says = ""
    if isinstance(focus, RowView):
        says = next((row.spoken for row in focus.rows if row.key == focus.current_key()), "")
    elif isinstance(focus, QComboBox):
        says = focus.currentText()
    elif isinstance(focus, QLineEdit):
        says = focus.text()
    elif isinstance(focus, QPlainTextEdit):
        says = focus.toPlainText()
    return {"name": focus.accessibleName(), "kind": type(focus).__name__, "says": says}


def _rich(driver: Driven) -> list[str]:
    """Return the labels that would read markup in what they show."""
    labels = driver.console.window.findChildren(QLabel)
    return [one.text()[:80] for one in labels if one.textFormat() is not Qt.TextFormat.PlainText]


PROBES: Mapping[str, Callable[[Driven], object]] = {
    "seated": lambda driver: {
        "seated": driver.console.seat is not None,
        "refused": driver.refused,
        "left": driver.left,
        "faults": driver.faults,
    },
    "screen": lambda driver: driver.console.window.screen_shown.value,
    "link": lambda driver: desk(driver).ledger.link,
    "aside": lambda driver: [reason for _, reason in desk(driver).ledger.set_aside()],
    "calls": _calls,
    "on_screen": _on_screen,
    "contacts": lambda driver: desk(driver).folds.contacts(),
    "unfinished": lambda driver: desk(driver).contacts.unfinished(),
    "incidents": lambda driver: desk(driver).folds.incidents(),
    "helps": lambda driver: desk(driver).folds.helps(),
    "summons": lambda driver: desk(driver).folds.summons(),
    "timeline": _timeline,
    "shift": lambda driver: desk(driver).shift.shift().workers,
    "me": lambda driver: desk(driver).shift.me(),
    "board": lambda driver: desk(driver).board.now(),
    "signals": lambda driver: _sent(driver),
    "missing": lambda driver: desk(driver).contacts.missing(found.id) if (found := _on_screen(driver)) else (),
    "form": _form,
    "half_filled": _half_filled,
    "note": _note,
    "windows": _windows,
    "at": _at,
    "rich": _rich,
    "texts": lambda driver: texts(driver.console.window),
    "heard": lambda driver: heard(driver.console.window),
    "title": lambda driver: driver.console.window.windowTitle(),
    "typing_done": lambda driver: all(one.done for one in driver.typists),
    "stalls": lambda driver: driver.stalls.take(),
    "dark": lambda driver: driver.console.window.theme.dark,
    "warnings": lambda driver: driver.warnings(),
}
