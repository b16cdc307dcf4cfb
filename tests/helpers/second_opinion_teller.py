"""Run by an interpreter that has cacofonisk: reads streams as JSON on stdin, and tells what that library makes of them.

In: ``{"22:q_answered": [{"Event": ..., ...}, ...], ...}``.  Out: by stream, the hooks it called in order, with the
channels it named: ``["on_up", "1795290104.76", "PJSIP/trunk", "PJSIP/1001"]``.  No number is told.
"""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from typing import Any

Told = list[Any]
_TOLD = ("on_b_dial", "on_up", "on_attended_transfer", "on_blonde_transfer", "on_blind_transfer", "on_hangup")


class Ear:
    """Stands where cacofonisk wants a reporter, and notes every hook."""

    def __init__(self) -> None:
        self.told: list[Told] = []

    def __getattr__(self, hook: str) -> Callable[..., None]:
        """Return what notes a hook; those that tell of no call are let pass."""

        def note(*given: Any, **named: Any) -> None:
            if hook in _TOLD:
                caller, *others = (*given, *named.values())
                self.told.append([hook, caller.linkedid, _name(caller), *map(_name, others)])

        return note


def _name(told: Any) -> Any:
    if isinstance(told, list):
        return sorted(map(_name, told))
    name = getattr(told, "name", told)
    return name if str(name).startswith("Local/") or "/" not in str(name) else str(name).rpartition("-")[0]


def main() -> None:
    """Read, tell, and say where it broke."""
    from cacofonisk.handlers import EventHandler  # noqa: PLC0415  only here, where it is installed

    logging.disable(logging.CRITICAL)
    accounts = {}
    for stream, events in json.load(sys.stdin).items():
        ear = Ear()
        handler = EventHandler(ear)
        for event in events:
            try:
                handler.on_event(event)
            except Exception as error:
                ear.told.append(["raised", type(error).__name__, event["Event"]])
        accounts[stream] = ear.told
    json.dump(accounts, sys.stdout)


if __name__ == "__main__":
    main()
