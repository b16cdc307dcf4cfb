"""What a person sets about a FreeSWITCH: where it is, who we are, how it dials."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from console.domain.dialling import wrong_prefixes
from console.domain.lines import emergency_number
from telephony_adapters.freeswitch_esl.desk import Reading
from telephony_adapters.link.declare import SiteSettings, refuse, setting, wrong_address
from telephony_adapters.link.secure import wrong_trust

_WORD = re.compile(r"[\w.:-]*")
_DIGITS = re.compile(r"[0-9*#]*")


class HoldBy(StrEnum):
    """Who holds a call that a console holds."""

    PHONE = "phone"
    SWITCHBOARD = "switchboard"


@dataclass(frozen=True, slots=True)
class EslSettings(SiteSettings):
    """The settings page and the command line are made from these fields."""

    host: str = setting("127.0.0.1", "name or address of the FreeSWITCH", address=True, needed=True)
    port: int = setting(8021, "port of its event socket", address=True)
    user: str = setting("", "user@domain of an account made for Nightdesk (empty: the event socket's own)")
    secret: str = setting("", "the password of the event socket, or of that account", secret=True)
    tls: bool = setting(False, "true: speak TLS; FreeSWITCH itself does not, a tunnel in front of it can")
    tls_ca: str = setting("", "file of the authority that signed the certificate (empty: this computer's own)")
    tls_fingerprint: str = setting("", "SHA-256 of its own certificate in hex, where no authority vouches for it")
    staff_endpoints: str = setting(r"\d{2,6}", "pattern that the users of your own telephones match in full")
    outside_profiles: str = setting(r"external.*", "pattern that SIP profiles without telephones of yours match")
    domain: str = setting("", "domain of your own telephones (empty: the switchboard's default)")
    dialplan: str = setting("XML", "name of the dial plan")
    dial_context: str = setting("default", "dial plan context in which your telephones dial")
    park_number: str = setting("", "number that parks a caller who is sent to it (empty: no parking from the screen)")
    hold_by: HoldBy = setting(
        HoldBy.PHONE, "phone: the telephone is asked to hold; switchboard: where it cannot be asked"
    )
    line_variable: str = setting("", "channel variable that holds the line dialled, where the dial plan sets one")

    def reading(self) -> Reading:
        """Return how to read its messages."""
        return Reading(
            self.plan(), self.staff_endpoints, self.unmarked_numbers, self.line_variable, self.outside_profiles
        )


def checked(settings: EslSettings) -> EslSettings:
    """Return the settings where a connection can be made of them.  Raises :class:`~console.domain.text.BadInput`."""
    refuse(_wrong(settings))
    return settings


def _wrong(settings: EslSettings) -> str:
    wrong = wrong_address(settings.host, settings.port, "the FreeSWITCH") or wrong_trust(settings)
    wrong = wrong or wrong_prefixes(settings.outside_prefix, settings.withhold_prefix)
    if wrong:
        return wrong
    for name in ("staff_endpoints", "outside_profiles"):
        try:
            re.compile(getattr(settings, name))
        except re.error as error:
            return f"{name} is no pattern ({error})"
    return _unsafe(settings)


def _unsafe(settings: EslSettings) -> str:
    """Name a setting that would begin another command, or another argument, on the line it is written into."""
    for name in ("domain", "dialplan", "dial_context"):
        if not _WORD.fullmatch(getattr(settings, name)):
            return f"{name} may hold letters, digits, dots, colons, hyphens and underlines only"
    if not _DIGITS.fullmatch(settings.park_number):
        return "park_number may hold digits, * and # only"
    if emergency_number(settings.park_number, settings.plan()):
        return "park_number is an emergency number"
    if any(not char.isprintable() or char == " " for char in settings.user):
        return "user may not hold spaces"
    if any(ord(char) < 32 for char in settings.secret):
        return "secret holds a line break"
    return ""
