"""What the settings of every switchboard on the network have in common, said once."""

from __future__ import annotations

from dataclasses import field
from typing import Any, Protocol

from console.domain.calls import Unmarked
from console.domain.lines import DialPlan
from console.domain.text import BadInput

_PORTS = range(1, 65_536)


class Dials(Protocol):
    """Settings that say how a site dials."""

    @property
    def outside_prefix(self) -> str:
        """Return the digit dialled before an outside number."""

    @property
    def withhold_prefix(self) -> str:
        """Return the digits that withhold our own number."""

    @property
    def internal_digits(self) -> int:
        """Return how many digits an extension has."""

    @property
    def area_code(self) -> str:
        """Return the area code of local numbers."""


def setting(default: Any, text: str, *, secret: bool = False) -> Any:  # noqa: ANN401  as dataclasses.field
    """Return a field of a settings dataclass; ``text`` explains it on the command line and the settings page."""
    return field(default=default, metadata={"help": text, "secret": secret})


def unmarked_numbers() -> Any:  # noqa: ANN401
    """Return the field of that name."""
    return setting(Unmarked.HIDE, "numbers whose presentation the switchboard will not tell: hide or show")


def outside_prefix() -> Any:  # noqa: ANN401
    """Return the field of that name."""
    return setting("9", "digit dialled before an outside number (empty: none)")


def withhold_prefix() -> Any:  # noqa: ANN401
    """Return the field of that name."""
    return setting("141", "digits dialled to withhold our own number")


def internal_digits() -> Any:  # noqa: ANN401
    """Return the field of that name."""
    return setting(4, "how many digits an extension has")


def area_code() -> Any:  # noqa: ANN401
    """Return the field of that name."""
    return setting("", "area code to add to local numbers, such as 01632")


def plan_of(dials: Dials) -> DialPlan:
    """Return how a site dials."""
    return DialPlan(dials.outside_prefix, dials.withhold_prefix, dials.internal_digits, dials.area_code)


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
