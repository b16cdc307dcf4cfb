"""What the keyring keeps of a sign-in, so that this computer can check the password of the next one by itself.

Read strictly: whatever stands there instead of what :func:`made_of` writes is none.  All but the tries is sealed with
a key that only the password gives (ADR 0024 says what that is good for, and what not).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime

from console.domain.encoding import micros

SCRYPT_N, SCRYPT_R, SCRYPT_P = 2**16, 8, 2
"""64 MiB and about half a second: what OWASP's password storage page asks of scrypt."""
_MEMORY = 160 * 1024 * 1024
_SALT, _BYTES = 16, 32
UNREADABLE = -1
"""Wrong tries, or the time of the next, where what stands there is no count."""
_LATEST = micros(datetime(9999, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Verifier:
    """In microseconds ``at``, the last good sign-in, and ``again``, when one may try again.

    ``invented``: no real night.  ``wrong`` and ``again`` change without the password, so no seal covers them.
    """

    worker: str
    name: str
    roles: tuple[str, ...]
    at: int
    salt: str
    key: str = ""
    seal: str = ""
    n: int = SCRYPT_N
    r: int = SCRYPT_R
    p: int = SCRYPT_P
    wrong: int = 0
    again: int = 0
    invented: bool = False

    def written(self) -> str:
        """Return what the keyring gets: JSON, as short as can be."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"))

    def fits(self, keys: tuple[bytes, bytes]) -> bool:
        """Say whether these are the keys of its password."""
        return hmac.compare_digest(keys[0], base64.b64decode(self.key))

    def is_sealed(self, place: str, keys: tuple[bytes, bytes]) -> bool:
        """Say whether all stands as it was written at ``place``; ``keys`` are those of its password."""
        return hmac.compare_digest(_seal(place, self, keys[1]), base64.b64decode(self.seal))


def made_of(place: str, password: str, verifier: Verifier) -> Verifier:
    """Return ``verifier`` with key and seal; computes for half a second."""
    keys = keys_of(password, verifier)
    return replace(verifier, key=as_text(keys[0]), seal=as_text(_seal(place, verifier, keys[1])))


def keys_of(password: str, verifier: Verifier) -> tuple[bytes, bytes]:
    """Return the key to compare and the key of the seal; computes for half a second."""
    both = hashlib.scrypt(
        password.encode("utf-8", "surrogatepass"),
        salt=base64.b64decode(verifier.salt),
        n=SCRYPT_N,
        r=SCRYPT_R,
        p=SCRYPT_P,
        maxmem=_MEMORY,
        dklen=2 * _BYTES,
    )
    return both[:_BYTES], both[_BYTES:]


def read_verifier(text: str) -> Verifier | None:
    """Return what :meth:`Verifier.written` wrote; None where it is anything else, or another version's."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or set(found) != {field.name for field in fields(Verifier)}:
        return None
    if not all(is_good(found[name]) for name, is_good in _GOOD.items()):
        return None
    tries = {name: found[name] if _is_count(found[name]) else UNREADABLE for name in ("wrong", "again")}
    return Verifier(**{**found, **tries, "roles": tuple(found["roles"])})


def as_text(raw: bytes) -> str:
    """Return bytes as the verifier holds them."""
    return base64.b64encode(raw).decode("ascii")


def _seal(place: str, verifier: Verifier, key: bytes) -> bytes:
    one = verifier
    sealed = [place, one.worker, one.name, one.roles, one.at, one.salt, one.n, one.r, one.p, one.invented]
    return hmac.digest(key, json.dumps(sealed).encode("ascii"), "sha256")


def _is_count(value: object) -> bool:
    return type(value) is int and 0 <= value <= _LATEST


def _is_words(value: object) -> bool:
    return isinstance(value, str) and bool(value)


def _are_roles(value: object) -> bool:
    return isinstance(value, list) and all(_is_words(one) for one in value)


def _is_number(meant: int) -> Callable[[object], bool]:
    return lambda value: type(value) is int and value == meant


def _is_raw(length: int) -> Callable[[object], bool]:
    def is_good(value: object) -> bool:
        try:
            return isinstance(value, str) and len(base64.b64decode(value, validate=True)) == length
        except ValueError:
            return False

    return is_good


_GOOD: Mapping[str, Callable[[object], bool]] = {
    "worker": _is_words,
    "name": lambda value: isinstance(value, str),
    "roles": _are_roles,
    "at": _is_count,
    "salt": _is_raw(_SALT),
    "key": _is_raw(_BYTES),
    "seal": _is_raw(_BYTES),
    "n": _is_number(SCRYPT_N),
    "r": _is_number(SCRYPT_R),
    "p": _is_number(SCRYPT_P),
    "invented": lambda value: isinstance(value, bool),
}
"""What each field must be; the tries are bounded instead."""
