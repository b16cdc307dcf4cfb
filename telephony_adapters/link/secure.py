"""TLS to a switchboard: its certificate is checked before a word is said, or nothing is said at all.

Every refusal is a sentence of its own, because each is mended by somebody else: a name by whoever wrote the setting, a
date by whoever looks after the switchboard, a port by either.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import socket
import ssl
from typing import Protocol

from console.domain.text import NightdeskError

_FINGERPRINT = re.compile(r"[0-9a-f]{64}")
_SAFE = "Nothing was sent, neither name nor password, and calls still ring on the telephones."
_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAME = frozenset({62, 64})
"""Codes of OpenSSL's check: another host name, another address."""


class NotTrusted(NightdeskError):
    """The other side did not prove who it is, or does not speak TLS; nothing was sent to it."""


class Trust(Protocol):
    """What says where a switchboard is and how it proves that it is the one."""

    @property
    def host(self) -> str:
        """Return its name or address."""

    @property
    def port(self) -> int:
        """Return its port."""

    @property
    def tls(self) -> bool:
        """Say whether to speak TLS and check its certificate."""

    @property
    def tls_ca(self) -> str:
        """Return the file of the authority that signed its certificate, empty for this computer's own."""

    @property
    def tls_fingerprint(self) -> str:
        """Return the SHA-256 of its own certificate in hex, empty where an authority vouches for it."""


def secured(plain: socket.socket, place: Trust) -> ssl.SSLSocket:
    """Return ``plain`` with TLS on it, the other side's certificate checked.

    By the fingerprint where one is set, which needs no authority; else by name, date and authority.
    Raises :class:`NotTrusted`, and :class:`OSError` where the connection itself fails.
    """
    wanted = bare(place.tls_fingerprint)
    context = _pinned() if wanted else _checked(place)
    try:
        safe = context.wrap_socket(plain, server_hostname=place.host)
    except ssl.SSLCertVerificationError as error:
        raise NotTrusted(f"{_why(error, place)} {_SAFE}") from error
    except ssl.SSLError as error:
        raise NotTrusted(
            f"What answers at {place.host}:{place.port} does not speak TLS as it must. {_SAFE} Give the port on which "
            "the switchboard speaks TLS, or ask whoever looks after it to switch TLS on."
        ) from error
    if wanted:
        _compare(safe, wanted)
    return safe


def bare(fingerprint: str) -> str:
    """Return a fingerprint as 64 hex digits, however it was written: with colons or spaces, in capitals."""
    return re.sub(r"[\s:]", "", fingerprint).casefold()


def wrong_trust(place: Trust) -> str:
    """Return what is wrong with settings of TLS, or nothing: what looks checked and is not is refused."""
    if (place.tls_ca or place.tls_fingerprint) and not place.tls:
        return "tls_ca or tls_fingerprint is set and tls is not, so nothing would be checked; set tls = true"
    if place.tls_fingerprint and not _FINGERPRINT.fullmatch(bare(place.tls_fingerprint)):
        return "tls_fingerprint is no SHA-256: it has 64 hex digits"
    return ""


def _pinned() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # Not unverified: the certificate itself is compared before anything is sent, which says more than a name would.
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _checked(place: Trust) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=place.tls_ca or None)
    except OSError as error:
        raise NotTrusted(
            f"The file of the setting tls_ca cannot be read, or holds no certificate. {_SAFE} Correct the setting, and "
            "start Nightdesk again."
        ) from error


def _compare(safe: ssl.SSLSocket, wanted: str) -> None:
    found = hashlib.sha256(safe.getpeercert(binary_form=True) or b"").hexdigest()
    if not hmac.compare_digest(found, wanted):
        safe.close()
        raise NotTrusted(
            f"The certificate of the telephone system is not that of the setting tls_fingerprint: its own is {found}. "
            f"{_SAFE} If it was renewed, have the new one read out to you by whoever looks after it, and set that."
        )


def _why(error: ssl.SSLCertVerificationError, place: Trust) -> str:
    if error.verify_code == _EXPIRED:
        return "The certificate of the telephone system has expired; whoever looks after it must renew it."
    if error.verify_code == _NOT_YET:
        return "The certificate of the telephone system is not valid yet: compare its clock with this computer's."
    if error.verify_code in _OTHER_NAME:
        return (
            f"The certificate of the telephone system is for another name than {place.host}: write the setting host as "
            "the certificate names it."
        )
    return (
        "The certificate of the telephone system is signed by nobody whom this computer trusts: set tls_ca to its "
        "authority's file, or tls_fingerprint."
    )
