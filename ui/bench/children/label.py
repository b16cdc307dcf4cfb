"""The limit of a painted ring: bytes from a socket to one Qt label, and nothing between them."""

from __future__ import annotations

import socket
import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel

from ui.bench.child import first_wish, listen, say
from ui.bench.children.painted import Painting


class _Bridge(QObject):
    """``arrived`` carries the text; ``ended`` closes the window."""

    arrived = Signal(str)
    ended = Signal()


def _read(link: socket.socket, bridge: _Bridge) -> None:
    while data := link.recv(65_536):
        bridge.arrived.emit(data.decode("ascii").strip())


def run() -> int:
    """Show each text that comes from the bench's socket, and say when it was painted."""
    wish = first_wish()
    application = QApplication([])
    label = QLabel("no call")
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.resize(1366, 690)
    painting = Painting(label)
    painting.watch((label,), lambda: label.text() != "no call", lambda at: say("painted", at=at, text=label.text()))
    bridge = _Bridge()
    bridge.arrived.connect(label.setText)
    bridge.ended.connect(application.quit)
    label.show()
    link = socket.create_connection(("127.0.0.1", int(wish["port"])))
    threading.Thread(target=_read, args=(link, bridge), name="socket", daemon=True).start()
    listen(lambda message: bridge.ended.emit() if message["do"] == "close" else None)
    say("ready")
    return application.exec()
