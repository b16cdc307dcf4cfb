"""What a PostgreSQL of our own is told: where it listens, what it logs, how it keeps."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

FILE = "nightdesk.conf"
"""Lies beside postgresql.conf, is read by it last, and is written anew at every start."""

LONGEST_SOCKET = 90
"""Bytes of a folder in which a Unix socket can lie: the system allows about 107 with the socket's own name."""


class Profile(StrEnum):
    """How carefully the server keeps what it has acknowledged."""

    DURABLE = "durable"
    """Everything acknowledged survives a loss of power."""
    TESTS_ONLY = "tests only"
    """Nothing is written through: quick, and no more than a test's throw-away record may be kept so."""


Setting = str | int | bool

_ALWAYS: Mapping[str, Setting] = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Our queries are short; compiling one costs more than running it.
    "jit": False,
    # A log holds no personal data: errors quote what somebody typed, details quote rows, so neither is written.
    "log_destination": "stderr",
    "logging_collector": False,
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
    "log_statement": "none",
    "log_min_duration_statement": -1,
    "log_parameter_max_length": 0,
    "log_parameter_max_length_on_error": 0,
    "log_checkpoints": False,
    "log_line_prefix": "%m [%p] ",
    "update_process_title": False,
}

_UNSAFE: Mapping[str, Setting] = {"fsync": False, "synchronous_commit": False, "full_page_writes": False}
_SAFE: Mapping[str, Setting] = {name: True for name in _UNSAFE}


def settings_text(*, port: int, sockets: str, connections: int, profile: Profile) -> str:
    """Return the file: ``sockets`` is a folder for Unix sockets or nothing for none."""
    careful = _SAFE if profile is Profile.DURABLE else _UNSAFE
    if len(sockets.encode()) > LONGEST_SOCKET:
        sockets = ""
    own: Mapping[str, Setting] = {
        "port": port,
        "unix_socket_directories": sockets,
        "max_connections": connections,
    }
    lines = [f"{name} = {_written(value)}" for name, value in {**_ALWAYS, **careful, **own}.items()]
    return "\n".join(["# Written by Nightdesk at every start; changes here are lost.", *lines, ""])


def _written(value: Setting) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return str(value)
    return "'" + value.replace("'", "''") + "'"
