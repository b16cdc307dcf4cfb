"""What the owner of a database server has yet to see to after a service was made, by what the server says of itself."""

from __future__ import annotations

from collections.abc import Mapping

from db.postgres.admin import administering
from db.postgres.lines import Address
from db.postgres.target import Service

_QUIET = ("log_parameter_max_length", "log_parameter_max_length_on_error")
_ASKED = ("ssl", "data_checksums", "password_encryption", *_QUIET)


def what_is_left(admin: Address, service: Service) -> tuple[str, ...]:
    """Return what to do next, a sentence each."""
    with administering(), admin.connect() as line:
        found = {name: str(line.execute(f"SHOW {name}").fetchall()[0][0]) for name in _ASKED}  # our own five names
    return advice(found, service)


def advice(found: Mapping[str, str], service: Service) -> tuple[str, ...]:
    """Return the sentences for a server with these settings."""
    tls = "TLS is on" if found["ssl"] == "on" else "TLS is OFF: switch it on (ssl = on, ssl_cert_file, ssl_key_file)"
    left = [
        f"Let the consoles in, and nobody else: one line in pg_hba.conf, hostssl {service.name} all YOUR-NETWORK "
        f"scram-sha-256, with no other line for {service.name} above it; then reload.",
        f"{tls}.  Consoles demand TLS 1.3 and a certificate for the host's name: give each computer the authority's "
        "certificate and name it in the setting `database_ca`.",
        "Back it up every night with pg_dump or continuously with pg_basebackup and the log, together with the log-ins "
        "(pg_dumpall --roles-only), and restore one on another server: docs/running/postgresql.md.",
        "Give everybody a log-in: `nightdesk db worker add NAME --role ROLE`; and one for proving the record: "
        "`nightdesk db worker add verify --program verify`.",
    ]
    if found["data_checksums"] != "on":
        left.append("Data checksums are OFF: pg_checksums --enable switches them on while the server is stopped.")
    if found["password_encryption"] != "scram-sha-256":  # noqa: S105  a setting, not a secret
        left.append("password_encryption is not scram-sha-256: set it, so that passwords set by others are as safe.")
    if any(found[name] != "0" for name in _QUIET):
        left.append(f"The server's log may hold words of the record: set {' = 0 and '.join(_QUIET)} = 0.")
    return tuple(left)
