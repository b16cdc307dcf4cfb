"""What a person sets about a telephone system that is watched: where it is, who we are, which telephones."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from console.domain.dialling import wrong_prefixes
from telephony_adapters.link.declare import SiteSettings, refuse, setting, wrong_address
from telephony_adapters.link.secure import wrong_trust
from telephony_adapters.sip_dialog.callers import Reading

MOST = 500
"""Most telephones one connection watches."""
_NAME = re.compile(r"[\w.+~-]{1,64}", re.ASCII)
_DOMAIN = re.compile(r"(?:[\w.-]{1,128}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{1,5})?", re.ASCII)
_GAP = re.compile(r"[\s,;]+")
_USUAL_PORT = 5060


class Transport(StrEnum):
    """By what the two speak."""

    UDP = "udp"
    TCP = "tcp"
    TLS = "tls"


@dataclass(frozen=True, slots=True)
class SipSettings(SiteSettings):
    """The settings page and the command line are made from these fields."""

    host: str = setting("127.0.0.1", "name or address of the telephone system", address=True, needed=True)
    port: int = setting(_USUAL_PORT, "port on which it speaks SIP (5061 is usual with TLS)", address=True)
    transport: Transport = setting(
        Transport.UDP, "how SIP travels: udp, tcp or tls (its certificate is checked)", address=True
    )
    user: str = setting("", "the account made for Nightdesk, as a telephone has one", needed=True)
    secret: str = setting("", "the password of that account", secret=True)
    extensions: str = setting("", "the telephones to watch, such as 1001 1002 1003", needed=True)
    domain: str = setting("", "domain of account and telephones (empty: host and port)")
    tls_ca: str = setting("", "file of the authority that signed its certificate (empty: this computer's own)")
    tls_fingerprint: str = setting("", "SHA-256 of its certificate in hex, where no authority vouches for it")

    @property
    def tls(self) -> bool:
        """Say whether to speak TLS."""
        return self.transport is Transport.TLS

    @property
    def watched(self) -> tuple[str, ...]:
        """Return the telephones to watch, each once."""
        return tuple(dict.fromkeys(one for one in _GAP.split(self.extensions) if one))

    @property
    def home(self) -> str:
        """Return the domain as it stands in addresses."""
        if self.domain:
            return self.domain
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _USUAL_PORT else f"{host}:{self.port}"

    def reading(self) -> Reading:
        """Return how to read its notifications."""
        return Reading(self.plan(), self.unmarked_numbers)


def checked(settings: SipSettings) -> SipSettings:
    """Return the settings where a connection can be made of them.  Raises :class:`~console.domain.text.BadInput`."""
    refuse(_wrong(settings))
    return settings


def _wrong(settings: SipSettings) -> str:
    wrong = wrong_address(settings.host, settings.port, "the telephone system") or wrong_trust(settings)
    wrong = wrong or wrong_prefixes(settings.outside_prefix, settings.withhold_prefix)
    if wrong:
        return wrong
    if not _NAME.fullmatch(settings.user):
        return "user must be the name of an account: letters, digits, dots, hyphens and underlines"
    if not settings.watched:
        return "extensions is empty; name the telephones to watch, such as 1001 1002 1003"
    if len(settings.watched) > MOST or not all(map(_NAME.fullmatch, settings.watched)):
        return f"extensions may name up to {MOST} telephones, each of letters, digits, dots, hyphens and underlines"
    if not _DOMAIN.fullmatch(settings.home):
        return "domain (or host, where there is none) is not written as a name or an address is"
    return ""
