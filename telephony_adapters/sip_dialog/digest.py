"""Proving the password without sending it (RFC 7616, RFC 8760): MD5 and SHA-256, with and without ``qop=auth``."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from telephony_adapters.sip_dialog.protocol import Message

_PAIR = re.compile(r'(\w{1,32})\s*=\s*("(?:[^"\\]|\\.)*"|[^\s,"]+)')
_ESCAPED = re.compile(r"\\(.)")
_BEST_FIRST = ("SHA-256", "MD5")
_ASKED = {401: ("www-authenticate", "Authorization"), 407: ("proxy-authenticate", "Proxy-Authorization")}


@dataclass(frozen=True, slots=True, repr=False)
class Challenge:
    """What the other side wants a proof for; ``header`` is where the proof goes."""

    header: str
    realm: str
    nonce: str
    opaque: str
    algorithm: str
    counted: bool
    """True where it asks for ``qop=auth``, so that a proof may be used for one request only."""


def challenge_of(message: Message) -> Challenge | None:
    """Return the best challenge of a 401 or a 407 that we can meet; None where there is none."""
    asked, header = _ASKED[message.code]
    found = [one for text in message.all(asked) if (one := _challenge(header, text)) is not None]
    return min(found, key=lambda one: _BEST_FIRST.index(one.algorithm), default=None)


def _challenge(header: str, text: str) -> Challenge | None:
    scheme, _, rest = text.partition(" ")
    said = {name.lower(): _unquoted(value) for name, value in _PAIR.findall(rest)}
    algorithm = said.get("algorithm", "MD5").upper()
    ways = {way.strip().lower() for way in said.get("qop", "").split(",")} - {""}
    if (
        scheme.lower() != "digest"
        or algorithm not in _BEST_FIRST
        or "nonce" not in said
        or (ways and "auth" not in ways)
    ):
        return None
    return Challenge(header, said.get("realm", ""), said["nonce"], said.get("opaque", ""), algorithm, bool(ways))


@dataclass(slots=True, repr=False)
class Account:
    """Who we are, and the challenge met last: it is met again without being asked, until another comes."""

    user: str
    secret: str
    challenge: Challenge | None = None
    _uses: int = field(default=0, init=False)

    def take(self, challenge: Challenge) -> None:
        """Meet this challenge from now on."""
        self.challenge, self._uses = challenge, 0

    def proof(self, method: str, uri: str) -> list[tuple[str, str]]:
        """Return the header that proves who we are; none where nobody asked yet."""
        asked = self.challenge
        if asked is None:
            return []
        self._uses += 1
        uses, ours = f"{self._uses:08x}", secrets.token_hex(8)
        said = [("username", self.user), ("realm", asked.realm), ("nonce", asked.nonce), ("uri", uri)]
        said.append(("response", _response(asked, self, method, uri, uses, ours)))
        said += [("opaque", asked.opaque)] if asked.opaque else []
        said += [("cnonce", ours)] if asked.counted else []
        value = ", ".join(f"{name}={_quoted(text)}" for name, text in said) + f", algorithm={asked.algorithm}"
        return [(asked.header, f"Digest {value}" + (f", qop=auth, nc={uses}" if asked.counted else ""))]


def _response(asked: Challenge, account: Account, method: str, uri: str, uses: str, ours: str) -> str:
    who = _hash(asked.algorithm, f"{account.user}:{asked.realm}:{account.secret}")
    what = _hash(asked.algorithm, f"{method}:{uri}")
    middle = f"{asked.nonce}:{uses}:{ours}:auth" if asked.counted else asked.nonce
    return _hash(asked.algorithm, f"{who}:{middle}:{what}")


def _hash(algorithm: str, text: str) -> str:
    if algorithm == "SHA-256":
        return hashlib.sha256(text.encode()).hexdigest()
    # The other side chose it; most telephone systems know no other.
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
