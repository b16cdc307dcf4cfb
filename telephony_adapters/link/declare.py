"""How an adapter declares its settings, and those that every one of them has."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from console.domain.calls import Unmarked
from console.domain.lines import DialPlan
from console.domain.text import BadInput

_PORTS = range(1, 65_536)


def setting(
    default: Any,  # noqa: ANN401  as dataclasses.field
    text: str,
    *,
    secret: bool = False,
    sent: bool = True,
    address: bool = False,
    needed: bool = False,
) -> Any:  # noqa: ANN401  a field, of whatever type its default has
    """Declare a setting: its default, its help, and whether its value is kept in the keyring alone.

    ``address`` says that it leads to where a secret is sent, ``sent`` of a secret that it is sent at all; ``needed``
    that nothing can be tried or kept while it is empty.
    """
    metadata = {"help": text, "secret": secret, "sent": sent, "address": address, "needed": needed}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What holds for the whole site, and so for each of its switchboards."""

    unmarked_numbers: Unmarked = setting(
        Unmarked.HIDE, "numbers whose presentation the switchboard will not tell: hide or show"
    )
    outside_prefix: str = setting("9", "digit dialled before an outside number (empty: none)")
    withhold_prefix: str = setting("141", "digits dialled to withhold our own number")
    internal_digits: int = setting(4, "how many digits an extension has")
    area_code: str = setting("", "area code to add to local numbers, such as 01632")

    def plan(self) -> DialPlan:
        """Return how this site dials."""
        return DialPlan(self.outside_prefix, self.withhold_prefix, self.internal_digits, self.area_code)


def wrong_address(host: str, port: int, what: str) -> str:
    """Say what is wrong with an address, empty where nothing is; ``what`` it must be that of: ``the Asterisk``."""
    if not host.strip():
        return f"host is empty; it must be the name or address of {what}"
    if port not in _PORTS:
        return f"port is {port}; it may be from {_PORTS[0]} to {_PORTS[-1]}"
    return ""


def refuse(wrong: str) -> None:
    """Raise :class:`BadInput` with the sentence about ``wrong``, unless it is empty."""
    if wrong:
        raise BadInput(
            f"The settings of the switchboard cannot be used: {wrong}. Nothing was started, and calls still ring on "
            "the telephones. Correct the setting and start again."
        )
