"""Where a service's database is, read from ``postgresql://HOST[,HOST2][:PORT]/SERVICE``, and how one logs in there.

Knows no psycopg: names are read and refused before anything is imported.
"""

from __future__ import annotations

import ipaddress
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from console.domain.text import BadInput

SCHEME = "postgresql://"
PORT = "5432"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_HOST = re.compile(r"\[(?P<six>[0-9a-fA-F:.%]+)\](?::(?P<port6>\d+))?|(?P<name>[^\s:\[\]@/]+)(?::(?P<port>\d+))?")
_WANTED = "Say postgresql://HOST/SERVICE, with HOST:PORT where the port is not 5432, and HOST,HOST2 for two servers."


@dataclass(frozen=True, slots=True)
class Service:
    """A service's names on the server, all made of one word such as ``hampshire``."""

    name: str

    def __post_init__(self) -> None:
        if not _NAME.fullmatch(self.name) or "__" in self.name:
            message = (
                f"{self.name!r} cannot be the name of a service database: use small letters, digits and single "
                "underscores, beginning with a letter, at most 31.  Nothing was made."
            )
            raise BadInput(message)

    @property
    def owner(self) -> str:
        """The role that owns everything and cannot log in."""
        return f"{self.name}__owner"

    def login(self, worker: str) -> str:
        """Return the log-in of a worker, who may be named ``Priya Raman``, ``priya.raman`` or by the log-in itself."""
        plain = unicodedata.normalize("NFKD", worker.casefold().strip().removeprefix(f"{self.name}__"))
        parts = ("".join(c for c in part if c.isascii() and c.isalnum()) for part in re.split(r"[\s._]+", plain))
        made = f"{self.name}__{'_'.join(filter(None, parts))}"
        if len(made) > 63 or made == self.owner or made.endswith("__"):
            message = (
                f"{worker!r} makes no log-in name that the server can hold.  Nothing was changed; use Latin letters "
                "and digits, and a shorter name."
            )
            raise BadInput(message)
        return made


@dataclass(frozen=True, slots=True)
class Tls:
    """How the server must prove who it is.

    ``authority`` is a file with the certificate of whoever vouches for it; empty: the authorities this computer
    trusts.  ``direct``: TLS from the first byte, as the front of `nightdesk serve` and PostgreSQL 17 offer it.
    """

    authority: str = ""
    direct: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A service's database on one server, or on several of which one takes writes."""

    hosts: tuple[str, ...]
    ports: tuple[str, ...]
    service: Service

    @property
    def words(self) -> str:
        """The address as a person writes it, without a log-in."""
        places = [_written(host, port) for host, port in zip(self.hosts, self.ports, strict=True)]
        return f"{SCHEME}{','.join(places)}/{self.service.name}"

    def secret_name(self, login: str) -> str:
        """Return under which name the keyring keeps the password of ``login``."""
        return f"database:{self._place}:{login}"

    def unlock_name(self, login: str) -> str:
        """Return under which name the keyring keeps what ``login`` is checked against while the record is away."""
        return f"unlock:{self._place}:{login}"

    @property
    def _place(self) -> str:
        places = ",".join(_written(host, port) for host, port in zip(self.hosts, self.ports, strict=True))
        return f"{self.service.name}@{places}"

    def keywords(self, login: str, tls: Tls, database: str = "") -> Mapping[str, str]:
        """Return libpq's keywords for ``login``: the one place where it is decided how a server proves who it is.

        Away from this computer, and wherever an authority is named, that is a certificate for the host's own name.
        """
        found = {
            "host": ",".join(self.hosts),
            "port": ",".join(self.ports),
            "dbname": database or self.service.name,
            "user": login,
            "gssencmode": "disable",
            # A server that asks for the password itself, or for none, is not ours.
            "require_auth": "scram-sha-256",
        }
        if all(map(is_loopback, self.hosts)) and not tls.authority and not tls.direct:
            return {**found, "sslmode": "prefer"}
        found |= {
            "sslmode": "verify-full",
            "sslrootcert": tls.authority or "system",
            "ssl_min_protocol_version": "TLSv1.3",
        }
        # A PostgreSQL with TLS of its own binds the password to its certificate; a front cannot (reliability.md 3.1).
        return {**found, **({"sslnegotiation": "direct"} if tls.direct else {"channel_binding": "require"})}


def read_target(url: str) -> Target:
    """Return what ``url`` names; raises :class:`BadInput` with a sentence."""
    places, slash, name = url.strip().removeprefix(SCHEME).partition("/")
    if "@" in places:
        raise BadInput(
            "A log-in name may not stand in the name of a database, where every program on this computer can read it.  "
            "Nothing was opened; it is asked for at the sign-in, or say --login NAME."
        )
    if "?" in url or "#" in url:
        message = f"Nothing may follow the service's name in a database's name.  Nothing was opened.  {_WANTED}"
        raise BadInput(message)
    if not places or not slash or not name:
        message = f"The database's name lacks a host or a service.  Nothing was opened.  {_WANTED}"
        raise BadInput(message)
    hosts, ports = zip(*map(_place, places.split(",")), strict=True)
    return Target(hosts, _ports(ports), Service(name))


def is_loopback(host: str) -> bool:
    """Say whether ``host`` is this computer itself, so that nothing crosses a network."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return False


def _place(text: str) -> tuple[str, str]:
    found = _HOST.fullmatch(text)
    port = (found["port"] or found["port6"] or "") if found else ""
    if found is None or (port and not 0 < int(port) < 65536):
        message = f"{text!r} is no host that could be asked for a database.  Nothing was opened.  {_WANTED}"
        raise BadInput(message)
    return found["name"] or found["six"], port


def _ports(given: Sequence[str]) -> tuple[str, ...]:
    """Return a port for each host: a single one, said last, is everybody's."""
    usual = given[-1] if given[-1] and not any(given[:-1]) else PORT
    return tuple(port or usual for port in given)


def _written(host: str, port: str) -> str:
    place = f"[{host}]" if ":" in host else host
    return place if port == PORT else f"{place}:{port}"
