"""What no test may do unnoticed: reach the network, or make our own log warn."""

from __future__ import annotations

import ipaddress
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch


class NetworkRefused(Exception):
    """A test tried to leave this computer."""


def is_local(host: object) -> bool:
    """Say whether ``host`` (a name, an address, or None for "any") stays on this computer."""
    if host in (None, "", "localhost", "<broadcast>"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return text == "localhost" or text == socket.gethostname()
    return address.is_loopback or address.is_unspecified


def _refuse(what: str, host: object) -> None:
    message = f"a test tried to {what} {host!r}; tests stay on this computer"
    raise NetworkRefused(message)


def _check(sock: socket.socket, address: Any) -> None:
    if sock.family in (socket.AF_INET, socket.AF_INET6) and not is_local(address[0]):
        _refuse("reach", address[0])


@contextmanager
def network_closed() -> Iterator[None]:
    """Refuse every connection, datagram and name look-up that leaves the loopback interface."""
    real_connect, real_connect_ex = socket.socket.connect, socket.socket.connect_ex
    real_sendto, real_getaddrinfo = socket.socket.sendto, socket.getaddrinfo

    def connect(self: socket.socket, address: Any) -> None:
        _check(self, address)
        real_connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        _check(self, address)
        return real_connect_ex(self, address)

    def sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        _check(self, rest[-1])
        return real_sendto(self, data, *rest)

    def getaddrinfo(host: Any, *rest: Any, **more: Any) -> Any:
        if not is_local(host):
            _refuse("look up", host)
        return real_getaddrinfo(host, *rest, **more)

    # A patch, because the guard must hold for libraries that import socket themselves.
    with (
        patch.object(socket.socket, "connect", connect),
        patch.object(socket.socket, "connect_ex", connect_ex),
        patch.object(socket.socket, "sendto", sendto),
        patch.object(socket, "getaddrinfo", getaddrinfo),
    ):
        yield


class WarningCatcher(logging.Handler):
    """Keeps every record at WARNING or above, from any thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep ``record``."""
        self.records.append(record)

    def said(self) -> str:
        """Return what was logged, one line a record, with the logger's name and level."""
        return "\n".join(f"{r.levelname} {r.name}: {r.getMessage()}" for r in self.records)


@contextmanager
def listening_to_logs() -> Iterator[WarningCatcher]:
    """Hear every warning that reaches the root logger while the block runs."""
    catcher = WarningCatcher()
    root = logging.getLogger()
    root.addHandler(catcher)
    try:
        yield catcher
    finally:
        root.removeHandler(catcher)
