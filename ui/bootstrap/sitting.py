"""Tells a switchboard that hears one telephone only where this console stands."""

from __future__ import annotations

from functools import partial

from console.domain.authorities import Cover
from console.domain.lines import DialPlan, to_e164
from console.domain.search import shown_number
from console.ports.switchboard import AtOneDesk, Sitting
from ui.bootstrap.desk import Place
from ui.desktop.desk import WindowActs

TO_BE_RUNG = "A link asks for {number} to be rung.  Nothing was dialled: ring it on your telephone, if you want to."


def sit_down(place: Place, extension: str, window: WindowActs) -> None:
    """Say it before the switchboard is started, where it asks for it."""
    switchboard = place.switchboard
    if not isinstance(switchboard, AtOneDesk):
        return

    def ask(number: str) -> None:
        # From the switchboard's own thread; words go on the screen from ours.
        place.inbox.post(partial(window.say, TO_BE_RUNG.format(number=shown(number, place.plan))))

    switchboard.sit_down(Sitting(extension, lines_of(place.cover), ask))


def lines_of(cover: Cover) -> dict[str, str]:
    """Return the number of each of our lines by its key; of two with one key the first."""
    found: dict[str, str] = {}
    for line in cover.lines:
        found.setdefault(line.key, line.number)
    return found


def shown(number: str, plan: DialPlan) -> str:
    """Return a number as screens show it, as it was written where it has no such form."""
    e164 = to_e164(number, plan)
    return shown_number(e164) if e164 else number
