"""Raw keys of encrypted files: 32 random bytes in the keyring, and a note of which keyring has them.

The note (``FILE.key.json``) holds no secret.  Where the key is gone the file stays untouched and
the sentence says who had the key: never a silent new journal, never plain text (reliability.md 2.2).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import secrets as random_source
from pathlib import Path

from console.domain.text import NightdeskError
from console.machine.platform import make_private, make_private_folder
from console.ports.secrets import Secrets

KEY_BYTES = 32
_SCRYPT_N, _SCRYPT_R, _SCRYPT_P = 2**15, 8, 1
_SCRYPT_MEMORY = 64 * 1024 * 1024


class KeyMissing(NightdeskError):
    """There is an encrypted file, and no key for it; the file was not touched."""


def note_of(file: Path) -> Path:
    """Return where the note of ``file``'s key lies."""
    return file.with_name(file.name + ".key.json")


def encode_key(key: bytes) -> str:
    """Return ``key`` as the keyring keeps it."""
    return base64.b64encode(key).decode("ascii")


def decode_key(secret: str) -> bytes:
    """Return the raw key; raises :class:`KeyMissing` where the keyring holds something else."""
    try:
        key = base64.b64decode(secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES:
        raise KeyMissing(
            "The keyring holds something under Nightdesk's name that is not a key.  The encrypted file was not "
            "touched.  Restore the keyring, or enter the recovery key."
        )
    return key


def key_for(file: Path, name: str, secrets: Secrets) -> bytes:
    """Return the key of ``file``, kept in the keyring under ``name``; make one for a new file.

    Raises :class:`KeyMissing` where ``file`` exists and its key does not, and
    :class:`console.ports.secrets.SecretsUnavailable` where the keyring cannot be asked.
    """
    stored = secrets.get(name)
    if stored is not None:
        return decode_key(stored)
    if file.exists():
        raise KeyMissing(_missing(file, secrets.state().backend))
    key = random_source.token_bytes(KEY_BYTES)
    secrets.put(name, encode_key(key))
    _write_note(file, {"key": "keyring", "backend": secrets.state().backend, "name": name})
    return key


def adopt_key(file: Path, name: str, secrets: Secrets, recovery: str) -> bytes:
    """Put a key typed from paper into the keyring again and return it."""
    key = from_recovery(recovery)
    secrets.put(name, encode_key(key))
    _write_note(file, {"key": "keyring", "backend": secrets.state().backend, "name": name})
    return key


def key_from_passphrase(file: Path, passphrase: str) -> bytes:
    """Return the key that ``passphrase`` gives for ``file``; the salt is in the note.

    Whether it is the right one shows when the file is opened with it.
    """
    note = _read_note(file)
    salt = bytes.fromhex(note["salt"]) if note.get("key") == "passphrase" else b""
    if not salt:
        if file.exists():
            raise KeyMissing(_missing(file, "a passphrase"))
        salt = random_source.token_bytes(16)
        _write_note(file, {"key": "passphrase", "salt": salt.hex()})
    return hashlib.scrypt(
        passphrase.encode(), salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P, maxmem=_SCRYPT_MEMORY, dklen=KEY_BYTES
    )


def is_of_passphrase(file: Path) -> bool:
    """Say whether the key of ``file`` is made of a passphrase."""
    return file.exists() and _read_note(file).get("key") == "passphrase"


def recovery_text(key: bytes) -> str:
    """Return ``key`` for paper: base 32 in groups of four, with a check group at the end."""
    check = hashlib.sha256(key).digest()[:2]
    letters = base64.b32encode(key + check).decode("ascii").rstrip("=")
    return "-".join(letters[at : at + 4] for at in range(0, len(letters), 4))


def from_recovery(text: str) -> bytes:
    """Read :func:`recovery_text`, typed in any case, with or without dashes and spaces."""
    letters = "".join(text.upper().split()).replace("-", "")
    try:
        raw = base64.b32decode(letters + "=" * (-len(letters) % 8))
    except binascii.Error:
        raw = b""
    key, check = raw[:KEY_BYTES], raw[KEY_BYTES:]
    if len(key) != KEY_BYTES or hashlib.sha256(key).digest()[:2] != check:
        raise KeyMissing("This is not a recovery key: a letter is wrong or missing.  Nothing was changed.")
    return key


def _missing(file: Path, asked: str) -> str:
    note = _read_note(file)
    had = "a passphrase" if note.get("key") == "passphrase" else note.get("backend", "a keyring we do not know")
    return (
        f"{file.name} is encrypted and its key is not here: it was made with {had}, and {asked} was asked.  "
        "The file was not touched and nothing in it is lost.  Sign in to this computer as before, "
        "or enter the recovery key."
    )


def _read_note(file: Path) -> dict[str, str]:
    try:
        note = json.loads(note_of(file).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in note.items()} if isinstance(note, dict) else {}


def _write_note(file: Path, note: dict[str, str]) -> None:
    make_private_folder(file.parent)
    note_of(file).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")
    make_private(note_of(file))
