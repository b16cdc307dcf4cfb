"""The computer's keyring, asked off the caller's thread and with a time limit (platform-facts.md 1.6)."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from console.ports.secrets import KeyringState, Secrets, SecretsUnavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

T = TypeVar("T")

SERVICE = "nightdesk"
LIMIT_S = 3.0
"""A locked keyring on a computer with a screen waits for its prompt without end."""
LONGEST = 1280
"""Characters the Windows Credential Locker takes."""
_LEAST_PRIORITY = 1
"""The keyring library recommends only backends of this priority or above."""

_SAFE = "Nothing was changed, and no secret was written anywhere else."
_INSTEAD = "Without one you work with a passphrase, or in memory only."
_GET_ONE: dict[str, str] = {
    "win32": "Sign in to Windows with this account itself, whose Credential Locker it is, and start again.",
    "darwin": "Unlock this account's login keychain (the program Keychain Access does it) and start again.",
}
_GET_ONE_ELSEWHERE = (
    "Install one and unlock it in this desktop session (on Debian and Ubuntu the package gnome-keyring, with KDE "
    "KWallet), and start again."
)

WEAK: dict[str, str] = {
    "keyring.backends.fail.Keyring": "this computer offers no keyring to this session",
    "keyring.backends.null.Keyring": "the null keyring forgets whatever it is given",
    "keyrings.alt.file.PlaintextKeyring": "the plain-text keyring would write secrets into a readable file",
}
"""Backends refused by name, and why; everything else of keyrings.alt is refused too."""


class KeyringSecrets:
    """Implements :class:`console.ports.secrets.Secrets` on the ``keyring`` library."""

    def __init__(
        self,
        service: str = SERVICE,
        limit_s: float = LIMIT_S,
        backend: KeyringBackend | None = None,
        *,
        instead: str = _INSTEAD,
    ) -> None:
        """``backend`` is the library's choice unless a test brings its own.  ``instead`` ends every refusal."""
        self._service, self._limit, self._given, self._instead = service, limit_s, backend, instead
        self._stuck: threading.Thread | None = None

    def state(self) -> KeyringState:
        """Return the backend and whether it may be used."""
        try:
            backend = self._limited(self._choose)
        except SecretsUnavailable as refusal:
            return KeyringState("not answering", usable=False, sentence=str(refusal), why=str(refusal))
        why = weakness(backend)
        if why:
            because = f"{_capital(why)}."
            return KeyringState(name_of(backend), usable=False, sentence=f"{because}  {self._what_now}", why=because)
        return KeyringState(name_of(backend), usable=True)

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        found: str | None = self._limited(lambda: self._strong().get_password(self._service, name))
        return found

    def put(self, name: str, secret: str) -> None:
        """Store the secret and read it back: a keyring that only pretends is found out."""
        if len(secret) > LONGEST:
            raise SecretsUnavailable(f"A secret may have {LONGEST} characters at most.  {_SAFE}")
        self._limited(lambda: self._strong().set_password(self._service, name, secret))
        if self.get(name) != secret:
            raise SecretsUnavailable(f"The keyring did not give back what it was given.  {self._what_now}")

    def forget(self, name: str) -> None:
        """Remove the secret; harmless when absent."""
        if self.get(name) is not None:
            self._limited(lambda: self._strong().delete_password(self._service, name))

    @property
    def _what_now(self) -> str:
        return f"{to_get_one()}  {self._instead}"

    def _choose(self) -> KeyringBackend:
        # Imported at first use: it takes 77 ms, and most commands never ask.
        chosen: KeyringBackend = self._given or import_module("keyring").get_keyring()
        return strongest(chosen)

    def _strong(self) -> KeyringBackend:
        backend = self._choose()
        why = weakness(backend)
        if why:
            raise SecretsUnavailable(f"The keyring cannot be used: {why}.  {_SAFE}  {self._what_now}")
        return backend

    def _limited(self, ask: Callable[[], T]) -> T:
        """Run ``ask`` on a thread and wait for it, but not for ever."""
        if self._stuck is not None and self._stuck.is_alive():
            raise SecretsUnavailable(self._no_answer())
        answers: list[T] = []
        errors: list[Exception] = []
        thread = threading.Thread(target=_note_result, args=(ask, answers, errors), name="keyring", daemon=True)
        thread.start()
        thread.join(self._limit)
        if thread.is_alive():
            self._stuck = thread
            raise SecretsUnavailable(self._no_answer())
        if errors:
            raise self._sentence_of(errors[0]) from errors[0]
        return answers[0]

    def _sentence_of(self, error: Exception) -> SecretsUnavailable:
        if isinstance(error, SecretsUnavailable):
            return error
        # The class only: a backend's own words may hold a name.
        kind = type(error).__name__
        return SecretsUnavailable(f"The keyring refused ({kind}); it may be locked.  {_SAFE}  {self._what_now}")

    def _no_answer(self) -> str:
        return (
            f"The keyring has not answered within {self._limit:g} seconds; perhaps it waits for its password in a "
            f"window of its own.  {_SAFE}  {self._what_now}"
        )


class SessionSecrets:
    """Secrets kept in memory until the program ends: for tests, and where there is no keyring."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self._known: dict[str, str] = {}

    def state(self) -> KeyringState:
        """Say what this is, in words for every screen."""
        return KeyringState("memory", usable=True, sentence="Secrets are kept in memory only, until Nightdesk ends.")

    def get(self, name: str) -> str | None:
        """Return the secret, or None."""
        return self._known.get(name)

    def put(self, name: str, secret: str) -> None:
        """Keep it; the same limit as a real keyring's."""
        if len(secret) > LONGEST:
            raise SecretsUnavailable(f"A secret may have {LONGEST} characters at most.  {_SAFE}")
        self._known[name] = secret

    def forget(self, name: str) -> None:
        """Remove it."""
        self._known.pop(name, None)


def to_get_one(platform: str = sys.platform) -> str:
    """Return the sentence that says how this computer comes to a keyring; every refusal of one has it."""
    return _GET_ONE.get(platform, _GET_ONE_ELSEWHERE)


def best_secrets() -> tuple[Secrets, str]:
    """Return the keyring where it is usable, else secrets in memory and the sentence that says so."""
    keyring = KeyringSecrets()
    state = keyring.state()
    return (keyring, "") if state.usable else (SessionSecrets(), state.sentence)


def name_of(backend: KeyringBackend) -> str:
    """Return the full class name, for ``doctor``."""
    return f"{type(backend).__module__}.{type(backend).__name__}"


def strongest(backend: KeyringBackend) -> KeyringBackend:
    """Return ``backend``, or of a chain its first strong member: a chain also writes to weak ones."""
    if name_of(backend) != "keyring.backends.chainer.ChainerBackend":
        return backend
    members: list[KeyringBackend] = list(getattr(backend, "backends", ()))
    return next((member for member in members if not weakness(member)), members[0] if members else backend)


def weakness(backend: KeyringBackend) -> str:
    """Return why this backend may not hold a secret, or nothing when it may."""
    name = name_of(backend)
    if name in WEAK:
        return WEAK[name]
    if name.startswith("keyrings.alt."):
        return f"{name} is not an operating system's own keyring"
    if name == "keyring.backends.chainer.ChainerBackend":
        return "no keyring of this computer is strong enough"
    if backend.priority < _LEAST_PRIORITY:
        return f"{name} is not recommended by the keyring library"
    return ""


def _note_result(ask: Callable[[], T], answers: list[T], errors: list[Exception]) -> None:
    try:
        answers.append(ask())
    except Exception as error:
        errors.append(error)


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
