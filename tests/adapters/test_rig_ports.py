"""Where the telephones of the rig listen: a port that only looks free is what made them start up to three times."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.helpers.pbx.phones import REPOSITORY
from tests.helpers.pbx.ports import PORTS, Claims, free_port

CLAIMING = "import sys; from tests.helpers.pbx.ports import *; print(Claims(Path(sys.argv[1])).claim(int(sys.argv[2])))"


def claimed_by_another(file: Path, port: int) -> bool:
    """Say whether another process is given ``port``."""
    told = subprocess.run(
        [sys.executable, "-c", CLAIMING, str(file), str(port)], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return told.stdout == "True\n"


def test_a_port_is_given_only_where_a_telephone_finds_all_that_it_takes(tmp_path: Path) -> None:
    port, claims = free_port(), Claims(tmp_path / "ports")
    assert port in PORTS
    for kind, held in ((socket.SOCK_DGRAM, port), (socket.SOCK_STREAM, port), (socket.SOCK_STREAM, port + 1)):
        with socket.socket(socket.AF_INET, kind) as other:
            other.bind(("127.0.0.1", held))
            if kind == socket.SOCK_STREAM:
                other.listen()
            with pytest.raises(OSError, match="no port is free"):
                free_port(among=range(port, port + 1), claims=claims)
    assert free_port(among=range(port, port + 1), claims=claims) == port


def test_a_port_that_was_given_is_not_given_again_nor_its_neighbours_before_it_is_used(tmp_path: Path) -> None:
    claims = Claims(tmp_path / "ports")
    assert claims.claim(25_000)
    assert [claims.claim(port) for port in (25_000, 24_999, 25_001, 25_002)] == [False, False, False, True]


@pytest.mark.skipif(sys.platform == "win32", reason="the rig is a Linux's")
def test_a_port_that_was_given_is_given_in_no_other_run(tmp_path: Path) -> None:
    file = tmp_path / "ports"
    claims = Claims(file)
    assert claims.claim(25_000)
    assert [claimed_by_another(file, port) for port in (24_999, 25_000, 25_001)] == [False, False, False]
    assert claimed_by_another(file, 25_002)
    assert claims.claim(25_002), "whoever has ended gave it back"
