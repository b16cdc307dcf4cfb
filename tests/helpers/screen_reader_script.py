"""What a screen reader hears and does, through AT-SPI; run by Debian's own Python, which has pyatspi.

Each line in is ``{"do", ...}``, each line out ``{"ok"}`` or ``{"error"}``.  Events are kept in the order
they came: announcements with their text, and what took the focus.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pyatspi
from gi.repository import GLib  # type: ignore[import-not-found]  # Debian's own Python has it

Node = Any
"""An accessible of pyatspi, which has no types."""
DEEPEST = 40
_TOLD = ("object:children-changed", "object:text-changed", "object:visible-data-changed")


def _noted(event: Node) -> None:
    """Let pyatspi bring its own memory up to date, as Orca does."""


class Reader:
    """Listens, and does what it is told."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._heard: list[dict[str, str]] = []
        pyatspi.Registry.registerEventListener(self._announced, "object:announcement")
        pyatspi.Registry.registerEventListener(self._focused, "object:state-changed:focused")
        # A program tells of changes only while somebody listens for them, and names are kept until told of.
        pyatspi.Registry.registerEventListener(_noted, "object:property-change", "object:state-changed", *_TOLD)

    # --- what is heard ------------------------------------------------------------------------

    def _announced(self, event: Node) -> None:
        self._heard.append({"event": "announcement", "text": str(event.any_data)})

    def _focused(self, event: Node) -> None:
        if event.detail1:
            self._heard.append({"event": "focus", "text": self._name(event.source)})

    def heard(self) -> list[dict[str, str]]:
        """Return every event since the beginning."""
        return self._heard

    # --- what is there ------------------------------------------------------------------------

    def _name(self, node: Node) -> str:
        try:
            return str(node.name)
        except Exception:
            return ""

    def _window(self) -> Node:
        # The first answer of the desktop is empty; it must be asked twice (platform-facts.md 1.3).
        desktop = pyatspi.Registry.getDesktop(0)
        found = [one for one in desktop if one is not None and self._program in self._name(one).lower()]
        if not found:
            names = [self._name(one) for one in desktop]
            raise LookupError(f"no program called {self._program} on the desktop, only {names}")
        for frame in found[0]:
            if frame is not None and frame.childCount:
                return frame
        raise LookupError("the program shows no window")

    def _walk(self, node: Node, depth: int = 0) -> Iterator[tuple[Node, int]]:
        """Yield what is showing; what lies in a hidden panel or list is not."""
        yield node, depth
        if depth < DEEPEST:
            for child in node:
                if child is not None and child.getState().contains(pyatspi.STATE_SHOWING):
                    yield from self._walk(child, depth + 1)

    def _of(self, role: str, name: str) -> Node:
        found = [one for one, _ in self._walk(self._window()) if one.getRoleName() == role and name in self._name(one)]
        if not found:
            raise LookupError(f"no {role} called {name}")
        return found[0]

    def tree(self) -> list[dict[str, Any]]:
        """Return everything that is showing, from the top."""
        return [self._told(node, depth) for node, depth in self._walk(self._window())]

    def _told(self, node: Node, depth: int) -> dict[str, Any]:
        states = node.getState()
        return {
            "depth": depth,
            "role": node.getRoleName(),
            "name": self._name(node),
            "description": str(node.description),
            "focusable": states.contains(pyatspi.STATE_FOCUSABLE),
            "focused": states.contains(pyatspi.STATE_FOCUSED),
            "enabled": states.contains(pyatspi.STATE_ENABLED),
            "text": self._text(node),
        }

    def _text(self, node: Node) -> str:
        try:
            return str(node.queryText().getText(0, -1))
        except NotImplementedError:
            return ""

    def text(self, role: str, name: str) -> str:
        """Return what stands in a field."""
        return self._text(self._of(role, name))

    # --- what is done -------------------------------------------------------------------------

    def _act(self, node: Node, wanted: str) -> None:
        action = node.queryAction()
        offered = [str(action.getName(at)) for at in range(action.nActions)]
        if wanted not in offered or not action.doAction(offered.index(wanted)):
            raise LookupError(f"{self._name(node)} does not do {wanted}, only {offered}")

    def press(self, name: str) -> None:
        """Press a button by its own action, with neither mouse nor key."""
        self._act(self._of("push button", name), "Press")


def obey(reader: Reader, line: str) -> None:
    """Do one command and answer it."""
    words = json.loads(line)
    does: dict[str, Callable[..., object]] = {
        "heard": reader.heard,
        "tree": reader.tree,
        "text": reader.text,
        "press": reader.press,
    }
    try:
        answer: dict[str, object] = {"ok": does[words.pop("do")](**words)}
    except Exception as error:
        answer = {"error": f"{type(error).__name__}: {error}"}
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Serve until the other end closes."""
    reader = Reader(sys.argv[1])
    pyatspi.Registry.getDesktop(0)
    time.sleep(1)

    def ready(source: Any, condition: int) -> bool:  # noqa: ANN401  GLib has no types
        line = sys.stdin.readline()
        if not line:
            pyatspi.Registry.stop()
            return False
        obey(reader, line)
        return True

    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IO_IN | GLib.IO_HUP, ready)
    sys.stdout.write(json.dumps({"ok": "ready"}) + "\n")
    sys.stdout.flush()
    pyatspi.Registry.start()


if __name__ == "__main__":
    main()
