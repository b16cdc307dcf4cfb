"""A real Asterisk with real telephones and callers, for any test that asks for it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from telephony_adapters.asterisk_ami import AmiSettings
from tests.helpers.pbx.asterisk import Asterisk, asterisk_root
from tests.helpers.pbx.callers import Caller, Callers, Privacy
from tests.helpers.pbx.configuration import AUTHORITY, LARGE, LINE, MEMBERS, QUEUE, TLS_NAME, PbxPlan
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

    def asking_settings(self) -> AmiSettings:
        """Return what a console must be told to ask the telephones themselves."""
        return replace(self.settings(), user=LARGE, phone_events=True)

    def tls_settings(self) -> AmiSettings:
        """Return what a console must be told to connect by TLS, the certificate checked by its authority."""
        authority = self.pbx.outside / "keys" / AUTHORITY
        return replace(self.settings(), host=TLS_NAME, port=self.pbx.plan.tls_port, tls=True, tls_ca=str(authority))

    def register(self, seconds: float = 20.0) -> None:
        """Make every telephone known again to a switchboard that was away."""
        deadline = time.monotonic() + seconds
        while True:
            self.phones.register()
            known = self.pbx.cli("pjsip show contacts")
            missing = [e for e in self.phones.extensions if f"sip:{e}@" not in known]
            if not missing:
                return
            # A switchboard that has just started may drop what it remembered of a telephone.
            assert time.monotonic() < deadline, f"{missing} did not register again"
            time.sleep(0.3)

    def quiet(self, seconds: float = 10.0) -> None:
        """End every call, wait until no channel is left, and let every member of the queue be rung again."""
        self.callers.hang_up_all()
        self.phones.quiet()
        for extension in MEMBERS:
            # A console that went in its wrap-up left its telephone paused.
            self.pbx.cli(f"queue unpause member PJSIP/{extension} queue {QUEUE}")
        deadline = time.monotonic() + seconds
        while (left := self.pbx.channels()) and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not left, f"{left} channels were left behind"


@contextmanager
def own_switchboard(root: Path | None = None, plan: PbxPlan | None = None) -> Iterator[LiveAsterisk]:
    """A switchboard for one test alone, which may therefore break it; ``root`` is another version's chroot."""
    with Asterisk(root or asterisk_root(), plan or PbxPlan()) as pbx, Phones(pbx.plan) as phones:
        callers = Callers(pbx.plan)
        try:
            yield LiveAsterisk(pbx, phones, callers)
        finally:
            callers.close()
