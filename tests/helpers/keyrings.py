"""Keyring backends that behave well or badly on purpose."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked, PasswordDeleteError


class ShelfKeyring(KeyringBackend):
    """Keeps secrets on a shelf of the test."""

    priority: float = 5

    def __init__(self) -> None:
        self.shelf: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.shelf.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.shelf[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.shelf.pop((service, username), None) is None:
            raise PasswordDeleteError("not there")


class FileKeyring(KeyringBackend):
    """Keeps secrets in the file that ND_TEST_KEYRING names, so that several programs share them."""

    priority: float = 5

    def _all(self) -> dict[str, str]:
        file = Path(os.environ["ND_TEST_KEYRING"])
        found: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
        return found

    def get_password(self, service: str, username: str) -> str | None:
        return self._all().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        found = {**self._all(), f"{service} {username}": password}
        Path(os.environ["ND_TEST_KEYRING"]).write_text(json.dumps(found), encoding="utf-8")

    def delete_password(self, service: str, username: str) -> None:
        found = self._all()
        del found[f"{service} {username}"]
        Path(os.environ["ND_TEST_KEYRING"]).write_text(json.dumps(found), encoding="utf-8")


class WeakKeyring(ShelfKeyring):
    """One the library itself does not recommend."""

    priority = 0.5


class LockedKeyring(ShelfKeyring):
    """Refuses everything; its own words hold a name."""

    def get_password(self, service: str, username: str) -> str | None:
        raise KeyringLocked("collection of Priya Raman is locked")


class ForgetfulKeyring(ShelfKeyring):
    """Pretends to keep."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep nothing."""


class PromptingKeyring(ShelfKeyring):
    """Waits for a window that nobody sees; ``asked`` counts, ``answer`` lets it go."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0
        self.answer = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        self.answer.wait(30)
        return None
