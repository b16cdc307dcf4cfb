"""What a person sets about a telephone program whose calls are told to this console by hand-over."""

from __future__ import annotations

import re
from dataclasses import dataclass

from console.domain.dialling import wrong_prefixes
from console.domain.text import BadInput
from telephony_adapters.link.declare import SiteSettings, setting

SHORTEST_SECRET = 32
"""Characters; what `nightdesk links --new-secret` makes has 43."""
_PORTS = range(1024, 65_536)
_EXTENSION = re.compile(r"[0-9]{0,8}", re.ASCII)
_UNSIGNED = (
    "webhook_port is set and there is no secret to sign with (or one shorter than 32 letters); "
    "`nightdesk links --new-secret` makes one and keeps it in the keyring"
)


@dataclass(frozen=True, slots=True)
class PopSettings(SiteSettings):
    """The settings page and the command line are made from these fields."""

    extension: str = setting("", "the telephone at this computer (empty: the one given at the sign-in)")
    telephone_links: bool = setting(False, "true: links of tel: and callto: show their number, never dial")
    webhook_port: int = setting(0, "port on this computer where programs may tell of calls by signed HTTP (0: none)")
    secret: str = setting("", "the secret that signs what comes by HTTP", secret=True, sent=False)
    replay_s: int = setting(120, "seconds that a signed message may be old (10 to 900)")
    mappings: str = setting("", "folder with field mappings of your own, one TOML file for each product")
    ring_ends_s: int = setting(180, "seconds without news after which a call that rang counts as ended, not known how")
    talk_ends_min: int = setting(120, "minutes without news after which an answered call counts as ended, unknown how")
    ends_are_told: bool = setting(True, "true: your program tells of ends; else an answer ends the call before")
    run_file: str = setting("", "file in which a running console says where it listens (empty: in NIGHTDESK_HOME)")


_RANGES = {"replay_s": (10, 900), "ring_ends_s": (15, 3600), "talk_ends_min": (5, 1440)}


def checked(settings: PopSettings) -> PopSettings:
    """Return the settings where something can be listened for with them.  Raises :class:`BadInput`."""
    wrong = _wrong(settings)
    if wrong:
        raise BadInput(
            f"The settings of local_pop cannot be used: {wrong}. Nothing was started, and calls still ring on "
            "the telephones. Correct the setting and start again."
        )
    return settings


def _wrong(settings: PopSettings) -> str:
    for name, (low, high) in _RANGES.items():
        value = getattr(settings, name)
        if not low <= value <= high:
            return f"{name} is {value}; it may be from {low} to {high}"
    if not _EXTENSION.fullmatch(settings.extension):
        return "extension may hold up to 8 digits"
    if settings.webhook_port and settings.webhook_port not in _PORTS:
        return f"webhook_port is {settings.webhook_port}; it may be from {_PORTS[0]} to {_PORTS[-1]}, or 0 for none"
    if settings.webhook_port and len(settings.secret) < SHORTEST_SECRET:
        return _UNSIGNED
    return wrong_prefixes(settings.outside_prefix, settings.withhold_prefix)
