"""``python -m telephony_adapters.simulator SCRIPT``: one simulated switchboard for several consoles."""

from __future__ import annotations

import argparse
import signal
import sys
import threading

from console.domain.text import NightdeskError
from telephony_adapters.simulator import SimulatedSwitchboard, SimulatorServer, Times, load


def _arguments(given: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m telephony_adapters.simulator",
        description="Play a script to every console that connects on this computer.",
    )
    parser.add_argument("script", help="a script file, or the name of one of ours such as script_a")
    parser.add_argument("--port", type=int, default=0, help="port on 127.0.0.1 (default: a free one)")
    parser.add_argument("--speed", type=float, default=1.0, help="times faster than real time (default: 1)")
    parser.add_argument("--wait-for", type=int, default=1, help="begin when N consoles are there (default: 1)")
    parser.add_argument("--times", type=Times, choices=list(Times), default=Times.NOW, help="time of the events")
    parser.add_argument("--earlier", action="store_true", help="also tell the calls that were before it opens")
    return parser.parse_args(given)


def _serve(options: argparse.Namespace) -> None:
    switchboard = SimulatedSwitchboard(
        load(options.script),
        speed=options.speed,
        times=options.times,
        earlier=options.earlier,
        waits_for=options.wait_for,
    )
    server = SimulatorServer(switchboard, options.port)
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    sys.stdout.write(f"{server.address}\n")
    sys.stdout.flush()
    ended.wait()
    server.close()


def main(given: list[str] | None = None) -> int:
    """Serve until interrupted.  Prints the address; exit 2 for a bad script."""
    try:
        _serve(_arguments(given))
    except NightdeskError as error:
        sys.stderr.write(f"{error}\n")
        return error.exit_code
    except OSError as error:
        why = error.strerror or "refused"
        sys.stderr.write(f"The port cannot be used ({why}). Choose another one.\n")
        return 5
    return 0


if __name__ == "__main__":
    sys.exit(main())
