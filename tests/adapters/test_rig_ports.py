"""Where the telephones of the rig listen: a port that only looks free is what made them start up to three times."""

from __future__ import annotations

import socket

import pytest

from tests.helpers.pbx.configuration import PORTS, free_port


def test_a_port_is_given_only_where_a_telephone_finds_all_that_it_takes() -> None:
    port = free_port()
    assert port in PORTS
    for kind, held in ((socket.SOCK_DGRAM, port), (socket.SOCK_STREAM, port), (socket.SOCK_STREAM, port + 1)):
        with socket.socket(socket.AF_INET, kind) as other:
            other.bind(("127.0.0.1", held))
            if kind == socket.SOCK_STREAM:
                other.listen()
            with pytest.raises(OSError, match="no port is free"):
                free_port(among=range(port, port + 1))
    assert free_port(among=range(port, port + 1)) == port
