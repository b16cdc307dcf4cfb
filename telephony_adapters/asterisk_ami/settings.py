"""What a person sets about an Asterisk: where it is, who we are, how it dials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from console.domain.dialling import no_emergency_keys, wrong_prefixes
from telephony_adapters.asterisk_ami.desk import Reading
from telephony_adapters.link.declare import SiteSettings, refuse, setting, wrong_address
from telephony_adapters.link.secure import wrong_trust


class Login(StrEnum):
    """How the password travels when there is no TLS."""

    CHALLENGE = "challenge"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class AmiSettings(SiteSettings):
    """The settings page and the command line are made from these fields."""

    host: str = setting("127.0.0.1", "name or address of the Asterisk", address=True, needed=True)
    port: int = setting(5038, "port of its manager interface (5039 is usual with TLS)", address=True)
    user: str = setting("", "the manager account made for Nightdesk", needed=True)
    secret: str = setting("", "the password of that account", secret=True)
    tls: bool = setting(False, "true: speak TLS, and check the switchboard's certificate")
    tls_ca: str = setting("", "file of the authority that signed its certificate (empty: this computer's own)")
    tls_fingerprint: str = setting("", "SHA-256 of its own certificate in hex, where no authority vouches for it")
    login: Login = setting(Login.CHALLENGE, "challenge: the password never travels; plain: for accounts that need it")
    staff_endpoints: str = setting(r"\d{2,6}", "pattern that the endpoints of your own telephones match in full")
    technology: str = setting("PJSIP", "channel technology of your own telephones")
    dial_context: str = setting("from-internal", "dial plan context in which your telephones dial")
    parking_context: str = setting(
        "parkedcalls", "dial plan context of the parking places, where the switchboard names no car park"
    )
    three_together_code: str = setting("*3", "code that keeps all three in an attended transfer (features.conf)")
    phone_events: bool = setting(False, "true: telephones were tried, and heed the events talk and hold")
    line_variable: str = setting("", "channel variable that holds the line dialled, where the dial plan sets one")

    def reading(self, *, ask: bool) -> Reading:
        """Return how to read its messages; ``ask`` is True on a live connection."""
        return Reading(self.plan(), self.staff_endpoints, self.unmarked_numbers, self.line_variable, ask)


def checked(settings: AmiSettings) -> AmiSettings:
    """Return the settings where a connection can be made of them.  Raises :class:`~console.domain.text.BadInput`."""
    refuse(_wrong(settings))
    return settings


def _wrong(settings: AmiSettings) -> str:
    wrong = wrong_address(settings.host, settings.port, "the Asterisk") or wrong_trust(settings)
    wrong = wrong or wrong_prefixes(settings.outside_prefix, settings.withhold_prefix)
    if wrong:
        return wrong
    if not re.fullmatch(r"[0-9*#A-D]{1,8}", settings.three_together_code):
        return "three_together_code may hold digits, * and # only"
    if no_emergency_keys(settings.three_together_code, settings.plan()):
        return "three_together_code is an emergency number"
    if settings.phone_events and settings.technology != "PJSIP":
        return f"phone_events needs telephones by PJSIP, and technology is {settings.technology}"
    try:
        re.compile(settings.staff_endpoints)
    except re.error as error:
        return f"staff_endpoints is no pattern ({error})"
    return ""
