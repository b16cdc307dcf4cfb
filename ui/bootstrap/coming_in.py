"""Coming in to a team's record: by the server, or while it is away by this computer, for who came in here before."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from console.domain.text import NightdeskError
from console.machine.unlock import Known, NotUnlocked, Unlock
from console.ports.clock import Clock
from console.ports.secrets import Secrets, SecretsUnavailable
from db.team import Admitted, LogInNotTaken, RecordAway, admit, admit_away
from ui.bootstrap.team import Team

log = logging.getLogger(__name__)
_WAIT_AT_END = 5.0
"""Seconds that the end of the program waits for a verifier on its way into the keyring."""


class ComingIn:
    """Lets one worker in; blocks some seconds, never on the windows' thread.  ``days``: see :class:`Unlock`."""

    def __init__(self, team: Team, secrets: Secrets, clock: Clock, days: int) -> None:
        self._team = team
        self._clock = clock
        self._unlock = Unlock(secrets, clock, days)
        self._jobs: list[threading.Thread] = []

    def admit(self, login: str, password: str) -> Admitted:
        """Return the record as this log-in sees it; raises the sentence of what stands in the way."""
        place = self._team.target.unlock_name(login)
        try:
            admitted = admit(self._team.way(login, password), self._clock)
        except RecordAway as away:
            return self._by_this_computer(login, password, place, away)
        except LogInNotTaken:
            # The server does not take what this computer still would: changed, or ended.
            self._apart(lambda: self._forget_where_it_fits(place, password))
            raise
        roles = tuple(role.value for role in admitted.roles)
        known = Known(admitted.worker, admitted.name, roles, admitted.invented)
        self._apart(partial(self._unlock.remember, place, password, known))
        return admitted

    def end(self) -> None:
        """Wait a little for what is on its way to the keyring."""
        for job in self._jobs:
            job.join(_WAIT_AT_END)

    def _by_this_computer(self, login: str, password: str, place: str, away: RecordAway) -> Admitted:
        try:
            known = self._unlock.open(place, password)
        except SecretsUnavailable as why:
            raise NotUnlocked(f"{away}  This computer cannot let you in without it: {why}") from why

        def proved(name: str, roles: Sequence[str]) -> None:
            again = replace(known, name=name, roles=tuple(roles))
            self._apart(partial(self._unlock.remember, place, password, again))

        def refused() -> None:
            self._apart(partial(self._unlock.forget, place))

        who = (known.worker, known.name, known.roles)
        admitted = admit_away(self._team.way(login, password), self._clock, who, proved, refused)
        return replace(admitted, invented=known.invented)

    def _forget_where_it_fits(self, place: str, password: str) -> None:
        if self._unlock.takes(place, password):
            self._unlock.forget(place)

    def _apart(self, act: Callable[[], None]) -> None:
        """Do what takes half a second beside the sign-in; without a keyring nobody comes in without the record."""

        def run() -> None:
            try:
                act()
            except NightdeskError as refusal:
                log.info("what lets a worker in while the record is away could not be kept: %s", type(refusal).__name__)

        job = threading.Thread(target=run, name="nd-unlock", daemon=True)
        self._jobs.append(job)
        job.start()
