"""Port of the computer's keyring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from console.domain.text import NightdeskError


class SecretsUnavailable(NightdeskError):
    """The keyring cannot be used; the text says why and what to do.  Nothing was changed."""


@dataclass(frozen=True, slots=True)
class KeyringState:
    """``backend`` is its class name for `doctor`; ``usable`` is False for weak or absent ones.

    ``sentence`` says why, what to do, and what can be done without; ``why`` is its first part alone.
    """

    backend: str
    usable: bool
    sentence: str = ""
    why: str = ""


class Secrets(Protocol):
    """Short secrets by name.  May block up to its limit (3 s): never call it on the GUI thread."""

    def state(self) -> KeyringState:
        """Return which keyring this is and whether it may be used."""

    def get(self, name: str) -> str | None:
        """Return the secret, or None where there is none.  Raises :class:`SecretsUnavailable`."""

    def put(self, name: str, secret: str) -> None:
        """Store and read back.  Raises :class:`SecretsUnavailable`."""

    def forget(self, name: str) -> None:
        """Remove it; harmless when absent.  Raises :class:`SecretsUnavailable`."""
