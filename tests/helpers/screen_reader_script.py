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


class Reader:
    """Listens, and does what it is told."""

    def __init__(self, program: str) -> None:
        self._program = program
        self._heard: list[dict[str, str]] = []
        self._changes = 0
        pyatspi.Registry.registerEventListener(self._announced, "object:announcement")
        pyatspi.Registry.registerEventListener(self._focused, "object:state-changed:focused")
        # A program tells of changes only while somebody listens for them, and names are kept until told of.
        pyatspi.Registry.registerEventListener(self._changed, "object:property-change", "object:state-changed", *_TOLD)

    # --- what is heard ------------------------------------------------------------------------

    def _announced(self, event: Node) -> None:
        self._heard.append({"event": "announcement", "text": str(event.any_data)})

    def _focused(self, event: Node) -> None:
        if event.detail1:
            self._heard.append({"event": "focus", "text": self._name(event.source)})

    def _changed(self, event: Node) -> None:
        """Let pyatspi bring its own memory up to date, as Orca does."""
        self._changes += 1

    def changes(self) -> int:
        """Return of how many changes on the screen it was told."""
        return self._changes

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

    def _all(self, role: str, name: str) -> list[Node]:
        return [one for one, _ in self._walk(self._window()) if one.getRoleName() == role and name in self._name(one)]

    def _of(self, role: str, name: str) -> Node:
        found = self._all(role, name)
        if not found:
            raise LookupError(f"no {role} called {name}, only {self._names(role)}")
        return found[0]

    def _names(self, role: str) -> list[str]:
        return [self._name(one) for one in self._all(role, "")]

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

    def said(self, role: str) -> list[str]:
        """Return what everything of a role says: its name, and its description after it."""
        return [f"{self._name(one)}. {one.description}" for one in self._all(role, "")]

    def text(self, role: str, name: str) -> str:
        """Return what stands in a field."""
        return self._text(self._of(role, name))

    # --- what is done -------------------------------------------------------------------------

    def _act(self, node: Node, wanted: str) -> None:
        action = node.queryAction()
        offered = [str(action.getName(at)) for at in range(action.nActions)]
        if wanted not in offered or not action.doAction(offered.index(wanted)):
            raise LookupError(f"{self._name(node)} does not do {wanted}, only {offered}")

    def press(self, name: str, about: str = "") -> None:
        """Press a button by its own action, with neither mouse nor key; ``about`` stands in its description."""
        found = [one for one in self._all("push button", name) if about in str(one.description)]
        if not found:
            raise LookupError(f"no button {name} about {about!r}; {self._names('push button')}")
        exact = [one for one in found if self._name(one) == name]
        self._act((exact or found)[0], "Press")

    def go(self, role: str, name: str) -> None:
        """Give something the focus by its own action."""
        self._act(self._of(role, name), "SetFocus")

    def tick(self, name: str) -> None:
        """Tick a box."""
        self._act(self._of("check box", name), "Toggle")

    def write(self, name: str, text: str) -> None:
        """Put a text into a field, as dictation does."""
        field = self._of("text", name)
        if not field.getState().contains(pyatspi.STATE_EDITABLE):
            raise LookupError(f"{name} cannot be written")
        field.queryEditableText().setTextContents(text)

    def select(self, name: str, words: str) -> str:
        """Select the row of a list that says ``words``; return all it says."""
        rows = self._of("list", name)
        for at in range(rows.childCount):
            said = self._name(rows.getChildAtIndex(at))
            if words in said:
                rows.querySelection().selectChild(at)
                return said
        raise LookupError(f"no row of {name} says {words}: {self.rows(name)}")

    def rows(self, name: str) -> list[str]:
        """Return what the rows of a list say."""
        rows = self._of("list", name)
        return [self._name(rows.getChildAtIndex(at)) for at in range(rows.childCount)]

    def open_list(self, name: str) -> None:
        """Open a box of choices; its description begins with what it is called (its name is its value)."""
        self._act(self._box(name), "Press")

    def choose(self, name: str, label: str) -> None:
        """Select a choice in the list of a box that is open."""
        for rows, _ in self._walk(self._box(name)):
            for at in range(rows.childCount if rows.getRoleName() == "list" else 0):
                if self._name(rows.getChildAtIndex(at)) == label:
                    rows.querySelection().selectChild(at)
                    return
        raise LookupError(f"{name} does not offer {label}, or is not open")

    def value(self, name: str) -> str:
        """Return what is chosen in a box."""
        return self._name(self._box(name))

    def _box(self, name: str) -> Node:
        for one, _ in self._walk(self._window()):
            if one.getRoleName() == "combo box" and str(one.description).startswith(name):
                return one
        raise LookupError(f"no box of choices is called {name}")


def obey(reader: Reader, line: str) -> None:
    """Do one command and answer it."""
    words = json.loads(line)
    does: dict[str, Callable[..., object]] = {
        "heard": reader.heard,
        "changes": reader.changes,
        "tree": reader.tree,
        "said": reader.said,
        "text": reader.text,
        "press": reader.press,
        "go": reader.go,
        "tick": reader.tick,
        "write": reader.write,
        "select": reader.select,
        "rows": reader.rows,
        "open_list": reader.open_list,
        "choose": reader.choose,
        "value": reader.value,
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
