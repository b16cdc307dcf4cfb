"""The join line: all that a second computer needs to come into a team trial, as one line to paste.

``nightdesk-join-1.`` and base64url of zlib of JSON: host, port, service, log-in, who it is for, the authority's
certificate (DER) and a one-time password.  zlib's own check finds a line cut short or mistyped.  Terminals of macOS
take 1,023 characters at most, so the line is kept below.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import ssl
import zlib
from dataclasses import dataclass, field

from console.domain.roles import GUEST_ROLES, Role
from console.domain.text import BadInput, safe_line

PREFIX = "nightdesk-join-1."
LONGEST = 1000
"""Characters."""
_UNPACKED = 8_000
"""Bytes that a line may unpack to: a hostile one does not fill the memory."""
_HOST = re.compile(r"[A-Za-z0-9][A-Za-z0-9.:-]{0,252}|::1?")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,62}")
_PASSWORD = re.compile(r"[A-Za-z0-9_-]{8,60}")

_NOT_WHOLE = (
    "This is no whole join line: a part of it is missing or was changed on the way.  Nothing was changed here.  "
    "Copy the whole line again, from nightdesk-join to its end."
)
_OTHER_VERSION = (
    "This join line was made by another version of Nightdesk.  Nothing was changed here.  "
    "Use the version that your colleagues use."
)


@dataclass(frozen=True, slots=True)
class Invitation:
    """What a join line says.  ``authority`` is a certificate in DER; ``password`` works until it is changed."""

    host: str
    port: int
    service: str
    login: str
    name: str
    role: Role
    authority: bytes
    password: str = field(repr=False)

    @property
    def database(self) -> str:
        """Return how settings name the record, without log-in or password."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"postgresql://{host}:{self.port}/{self.service}"

    @property
    def is_witness(self) -> bool:
        """Say whether it is no person's, but that of a program which watches the telephones."""
        return self.role is Role.WITNESS

    def authority_pem(self) -> str:
        """Return the authority's certificate as PostgreSQL's clients read it."""
        return ssl.DER_cert_to_PEM_cert(self.authority)


def write_line(invitation: Invitation) -> str:
    """Return the line; it holds a password: print it, and put it into no log and no command line."""
    said = {
        "h": invitation.host,
        "p": invitation.port,
        "s": invitation.service,
        "l": invitation.login,
        "n": invitation.name,
        "r": invitation.role.value,
        "k": invitation.password,
    }
    text = json.dumps(said, separators=(",", ":"), ensure_ascii=False).encode()
    packed = zlib.compress(len(text).to_bytes(2) + text + invitation.authority, 9)
    return PREFIX + base64.urlsafe_b64encode(packed).decode("ascii").rstrip("=")


def is_line(text: str) -> bool:
    """Say whether ``text`` begins as a join line of any version does."""
    return text.strip().startswith("nightdesk-join-")


def read_line(text: str) -> Invitation:
    """Return what a line says; blanks and line ends inside it, as mail puts there, are harmless.

    Raises :class:`BadInput`; its sentence repeats nothing of the line.
    """
    line = "".join(text.split())
    if is_line(line) and not line.startswith(PREFIX):
        raise BadInput(_OTHER_VERSION)
    if not line.startswith(PREFIX) or len(line) > LONGEST:
        raise BadInput(_NOT_WHOLE)
    try:
        return _invitation(*_unpacked(line.removeprefix(PREFIX)))
    except (ValueError, KeyError, TypeError, zlib.error, ssl.SSLError) as error:
        raise BadInput(_NOT_WHOLE) from error


def _unpacked(letters: str) -> tuple[object, bytes]:
    try:
        packed = base64.b64decode(letters + "=" * (-len(letters) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError(PREFIX) from error
    opening = zlib.decompressobj()
    raw = opening.decompress(packed, _UNPACKED)
    if not opening.eof or opening.unused_data:
        raise ValueError(PREFIX)
    end = 2 + int.from_bytes(raw[:2])
    return json.loads(raw[2:end]), raw[end:]


def _invitation(said: object, authority: bytes) -> Invitation:
    if not isinstance(said, dict):
        raise TypeError(PREFIX)
    port, role = said["p"], Role(said["r"])
    # Raises where this is no certificate.
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=authority)
    if not isinstance(port, int) or not 0 < port < 65_536 or role not in GUEST_ROLES:
        raise ValueError(PREFIX)
    return Invitation(
        _like(_HOST, said["h"]),
        port,
        _like(_WORD, said["s"]),
        _like(_WORD, said["l"]),
        safe_line(str(said["n"])),
        role,
        authority,
        _like(_PASSWORD, said["k"]),
    )


def _like(pattern: re.Pattern[str], text: object) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise ValueError(PREFIX)
    return text
