"""What a person sets about a Brickphone.  Page and command line are made from these fields."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class BrickphoneSettings:
    """``host``, ``port`` and the three of TLS are what Nightdesk's line asks of every network switchboard."""

    host: str = field(
        default="127.0.0.1",
        metadata={"help": "name or address of the Brickphone", "secret": False, "address": True},
    )
    port: int = field(default=7117, metadata={"help": "port it tells of calls on", "secret": False, "address": True})
    secret: str = field(default="", metadata={"help": "the word that lets Nightdesk in", "secret": True})
    tls: bool = field(default=False, metadata={"help": "true: speak TLS and check its certificate", "secret": False})
    tls_ca: str = field(default="", metadata={"help": "file of the authority that signed it", "secret": False})
    tls_fingerprint: str = field(
        default="", metadata={"help": "SHA-256 of its certificate in hex, where no authority did", "secret": False}
    )
