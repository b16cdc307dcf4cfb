"""What a person sets about a FreeSWITCH: where it is, who we are, how it dials."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from console.domain.calls import Unmarked
from console.domain.lines import DialPlan
from console.domain.text import BadInput
from telephony_adapters.freeswitch_esl.desk import Reading

_PORTS = range(1, 65_536)
_WORD = re.compile(r"[\w.:-]*")
_DIGITS = re.compile(r"[0-9*#]*")


class HoldBy(StrEnum):
    """Who holds a call that a console holds."""

    PHONE = "phone"
    SWITCHBOARD = "switchboard"


def _setting(default: Any, text: str, *, secret: bool = False) -> Any:  # noqa: ANN401  as dataclasses.field
    return field(default=default, metadata={"help": text, "secret": secret})


@dataclass(frozen=True, slots=True)
class EslSettings:
    """The settings page and the command line are made from these fields."""

    host: str = _setting("127.0.0.1", "name or address of the FreeSWITCH")
    port: int = _setting(8021, "port of its event socket")
    user: str = _setting("", "user@domain of an account made for Nightdesk (empty: the event socket's own password)")
    secret: str = _setting("", "the password of the event socket, or of that account", secret=True)
    tls: bool = _setting(False, "true: speak TLS; FreeSWITCH itself does not, a tunnel in front of it can")
    tls_ca: str = _setting("", "file of the authority that signed the certificate (empty: this computer's own)")
    staff_endpoints: str = _setting(r"\d{2,6}", "pattern that the users of your own telephones match in full")
    outside_profiles: str = _setting(r"external.*", "pattern that SIP profiles without telephones of yours match")
    domain: str = _setting("", "domain of your own telephones (empty: the switchboard's default)")
    dialplan: str = _setting("XML", "name of the dial plan")
    dial_context: str = _setting("default", "dial plan context in which your telephones dial")
    park_number: str = _setting("", "number that parks a caller who is sent to it (empty: no parking from the screen)")
    hold_by: HoldBy = _setting(
        HoldBy.PHONE, "phone: the telephone is asked to hold; switchboard: for telephones that cannot be asked"
    )
    line_variable: str = _setting("", "channel variable that holds the line dialled, where the dial plan sets one")
    unmarked_numbers: Unmarked = _setting(
        Unmarked.HIDE, "numbers whose presentation the switchboard will not tell: hide or show"
    )
    outside_prefix: str = _setting("9", "digit dialled before an outside number (empty: none)")
    withhold_prefix: str = _setting("141", "digits dialled to withhold our own number")
    internal_digits: int = _setting(4, "how many digits an extension has")
    area_code: str = _setting("", "area code to add to local numbers, such as 01632")

    def plan(self) -> DialPlan:
        """Return how this site dials."""
        return DialPlan(self.outside_prefix, self.withhold_prefix, self.internal_digits, self.area_code)

    def reading(self) -> Reading:
        """Return how to read its messages."""
        return Reading(
            self.plan(), self.staff_endpoints, self.outside_profiles, self.unmarked_numbers, self.line_variable
        )


def checked(settings: EslSettings) -> EslSettings:
    """Return the settings where a connection can be made of them.  Raises :class:`BadInput`."""
    wrong = _wrong(settings)
    if wrong:
        raise BadInput(
            f"The settings of the switchboard cannot be used: {wrong}. Nothing was started, and calls still ring on "
            "the telephones. Correct the setting and start again."
        )
    return settings


def _wrong(settings: EslSettings) -> str:
    if not settings.host.strip():
        return "host is empty; it must be the name or address of the FreeSWITCH"
    if settings.port not in _PORTS:
        return f"port is {settings.port}; it may be from {_PORTS[0]} to {_PORTS[-1]}"
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
    if any(not char.isprintable() or char == " " for char in settings.user):
        return "user may not hold spaces"
    if any(ord(char) < 32 for char in settings.secret):
        return "secret holds a line break"
    return ""
