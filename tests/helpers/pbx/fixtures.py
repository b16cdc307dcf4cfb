"""``live_asterisk``: a real Asterisk with real telephones and callers, for any test that asks for it.

In a test module: ``pytest_plugins = ["tests.helpers.pbx.fixtures"]`` and
``@pytest.mark.needs("asterisk", "sipp")``.  One switchboard serves the whole run; between two tests
every call is ended.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from telephony_adapters.asterisk_ami import AmiSettings
from tests.helpers.pbx.asterisk import Asterisk
from tests.helpers.pbx.callers import Caller, Callers, Privacy
from tests.helpers.pbx.configuration import LINE
from tests.helpers.pbx.phones import Phone, Phones


@dataclass
class LiveAsterisk:
    """A switchboard, the telephones on the desks, and the world outside."""

    pbx: Asterisk
    phones: Phones
    callers: Callers

    def phone(self, extension: str) -> Phone:
        """Return a telephone: 1001 and 1002 are in the queue, 1003 and 1004 are not."""
        return self.phones[extension]

    def call_in(
        self, number: str, did: str = LINE, privacy: Privacy = Privacy.SHOWN, name: str = "", more: str = ""
    ) -> Caller:
        """Let somebody outside ring ``did``."""
        return self.callers.call_in(number, did, privacy, name, more)

    def settings(self) -> AmiSettings:
        """Return what a console must be told to connect."""
        plan = self.pbx.plan
        return AmiSettings(host="127.0.0.1", port=plan.ami_port, user=plan.ami_user, secret=plan.ami_secret)

    def quiet(self, seconds: float = 10.0) -> None:
        """End every call and wait until no channel is left."""
        self.callers.hang_up_all()
        self.phones.quiet()
        deadline = time.monotonic() + seconds
        while (left := self.pbx.channels()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, f"{left} channels were left behind"


@pytest.fixture(scope="session")
def asterisk_of_the_run() -> Iterator[LiveAsterisk]:
    """The switchboard, started once."""
    with Asterisk() as pbx, Phones(pbx.plan) as phones:
        callers = Callers(pbx.plan)
        try:
            yield LiveAsterisk(pbx, phones, callers)
        finally:
            callers.close()


@pytest.fixture
def live_asterisk(asterisk_of_the_run: LiveAsterisk) -> Iterator[LiveAsterisk]:
    """The switchboard, quiet before and after."""
    asterisk_of_the_run.quiet()
    yield asterisk_of_the_run
    asterisk_of_the_run.quiet()
