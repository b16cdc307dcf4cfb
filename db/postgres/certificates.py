"""Certificates for a server of our own: an authority made once in a folder, and a server's certificate at every start.

Whoever joins is given the authority's certificate (never its key) and trusts nothing else.  Keys have file mode 600.
"""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from console.domain.text import BadInput, NightdeskError

_AUTHORITY_LASTS = timedelta(days=3650)
_SERVER_LASTS = timedelta(days=397)
_SLACK = timedelta(days=1)
"""Valid from a day before: a computer whose clock is behind is told so by the heartbeat, not shut out by TLS."""
_HOST = re.compile(r"(?=.{1,253}$)(?:(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!$)|$))+")


class BadCertificates(NightdeskError):
    """The authority in a folder cannot be used any more; it was left as it is."""


@dataclass(frozen=True, slots=True)
class Certificates:
    """Where they lie: ``authority`` is for everybody who joins, ``server`` and ``key`` are the server's own."""

    authority: Path
    server: Path
    key: Path

    def fingerprint(self) -> str:
        """Return the SHA-256 of the authority's certificate in 64 hex digits, to be compared by people."""
        return _load(self.authority).fingerprint(hashes.SHA256()).hex()


def make_certificates(folder: Path, names: Sequence[str], now: datetime) -> Certificates:
    """Make a server's certificate for ``names`` (host names and addresses), and the authority where there is none.

    ``folder`` is there and private.  Raises :class:`BadInput` on a name that is none, :class:`BadCertificates` where
    the authority is damaged or too old.
    """
    hosts = [_host(name) for name in names]
    if not hosts:
        raise BadInput("A server's certificate needs at least one name or address.  Nothing was made.")
    found = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    private = folder / "authority.key"
    if not found.authority.exists():
        _make_authority(found.authority, private, now)
    authority, authority_key = _authority(found.authority, private, now)
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = _server(hosts, key, authority, authority_key, now)
    _write(found.key, _pem_of(key), 0o600)
    _write(found.server, certificate.public_bytes(serialization.Encoding.PEM), 0o644)
    return found


def is_name(text: str) -> bool:
    """Say whether a certificate can be made for ``text``: a computer's name or address."""
    try:
        _host(text)
    except BadInput:
        return False
    return True


def der_of(authority: Path) -> bytes:
    """Return the authority's certificate in DER, to be handed to whoever joins."""
    return _load(authority).public_bytes(serialization.Encoding.DER)


def _host(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        pass
    if not _HOST.fullmatch(name.lower()):
        message = (
            f"{name[:80]!r} is no name or address of a computer.  No certificate was made; name the computer otherwise."
        )
        raise BadInput(message)
    return x509.DNSName(name.lower())


def _make_authority(file: Path, private: Path, now: datetime) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    number = x509.random_serial_number()
    # A part of the number in the name: two trials' authorities are never taken for each other.
    name = _named(f"Nightdesk trial authority {number % 0xFFFFFF:06x}")
    certificate = (
        _builder(name, name, key.public_key(), number, now, _AUTHORITY_LASTS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write(private, _pem_of(key), 0o600)
    # Last: where it lies, its key lies beside it.
    _write(file, certificate.public_bytes(serialization.Encoding.PEM), 0o644)


def _authority(file: Path, private: Path, now: datetime) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    try:
        certificate = _load(file)
        key = serialization.load_pem_private_key(private.read_bytes(), password=None)
    except (OSError, ValueError) as error:
        raise BadCertificates(_unusable(file.parent, "cannot be read")) from error
    if not isinstance(key, ec.EllipticCurvePrivateKey) or key.public_key() != certificate.public_key():
        raise BadCertificates(_unusable(file.parent, "do not belong together"))
    if certificate.not_valid_after_utc < now + _SERVER_LASTS:
        raise BadCertificates(_unusable(file.parent, "are about to expire"))
    return certificate, key


def _unusable(folder: Path, why: str) -> str:
    return (
        f"The certificates in {folder} {why}.  The record is safe, and nothing was changed.  "
        "Move that folder away and start again; everybody then joins anew."
    )


def _server(
    hosts: Sequence[x509.GeneralName],
    key: ec.EllipticCurvePrivateKey,
    authority: x509.Certificate,
    authority_key: ec.EllipticCurvePrivateKey,
    now: datetime,
) -> x509.Certificate:
    number = x509.random_serial_number()
    above = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    return (
        _builder(_named("Nightdesk"), authority.subject, key.public_key(), number, now, _SERVER_LASTS)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(hosts), critical=False)
        .add_extension(above, critical=False)
        .sign(authority_key, hashes.SHA256())
    )


def _builder(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, number: int, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(number)
        .not_valid_before(now - _SLACK)
        .not_valid_after(now + lasts)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _named(text: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem_of(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _load(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def _write(file: Path, content: bytes, mode: int) -> None:
    """Write a whole file or none; a key is never readable by others, not even for a moment."""
    making = file.with_name(file.name + ".making")
    making.unlink(missing_ok=True)
    with os.fdopen(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode), "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    making.replace(file)
