"""The record: reached, understood, entered with the right rights, and its clock beside ours."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from console.domain.record import SCHEMA_VERSION, SHIFT_ROLES, Role
from console.domain.text import NightdeskError
from console.machine.clock import SystemClock
from console.machine.paths import Home
from console.ports.secrets import Secrets, SecretsUnavailable
from db.opening import path_of
from db.postgres.target import Target, Tls, read_target
from db.team import Way, admit
from ui.bootstrap.doctor.checking import Facts, Finding, State
from ui.bootstrap.doctor.watching import watched
from ui.bootstrap.extras import need
from ui.bootstrap.record import open_record
from ui.settings import Settings, is_team

KEYS = ("database", "roles", "clock", "witness")
FAR = 2.0
"""Seconds two clocks may differ: ages on two screens would be seen to disagree."""
_LIBPQ_FOR_DIRECT = 17


def file_of(url: str, here: Home) -> Path | None:
    """Return the file of the record, or None where it is a team's; raises ``BadInput`` where it is neither."""
    return None if is_team(url) else path_of(url or str(here.database))


def of_team(
    url: str, settings: Settings, secrets: Secrets, login: str, password: str, switchboard: str = ""
) -> Sequence[Finding]:
    """Look at a team's record: without a log-in only whether it answers, and proves who it is."""
    need("postgres", "psycopg")
    target = read_target(url)
    tls = Tls(settings.database_ca, settings.database_direct_tls)
    reached, refusal = _reached(target, tls)
    if refusal is not None:
        asked = (Finding(key, State.NOT_ASKED, "the database cannot be reached") for key in KEYS[1:])
        return [refusal, *asked]
    secret, why = (password, "") if password or not login else _kept(secrets, target, login)
    if not login or not secret:
        means = f"{target.words} answers with {reached}; nobody logged in{why}"
        do = "say --login NAME, with the password in the keyring or by --password-stdin, to look at rights and clock"
        asked = (Finding(key, State.NOT_ASKED, "nobody logged in") for key in KEYS[1:])
        return [Finding("database", State.WELL, means, do), *asked]
    return _entered(target, tls, login, secret, switchboard)


def _kept(secrets: Secrets, target: Target, login: str) -> tuple[str, str]:
    try:
        found = secrets.get(target.secret_name(target.service.login(login))) or ""
    except SecretsUnavailable:
        return "", ": the keyring does not answer"
    return found, "" if found else ": the keyring has no password of that log-in"


# --- a file ----------------------------------------------------------------------------------


def in_file(path: Path, key_file: Path | None, switchboard: str = "") -> Sequence[Finding]:
    """Look at a record in a file; it is not brought up to date.  ``switchboard`` is the row this computer writes by."""
    file, witness = _file(path, key_file, switchboard)
    return [
        file,
        Finding("roles", State.NOT_ASKED, "a record in a file knows no log-ins: sign-in proves nothing there"),
        Finding("clock", State.NOT_ASKED, "a record in a file has this computer's own clock"),
        witness,
    ]


def _file(path: Path, key_file: Path | None, switchboard: str) -> tuple[Finding, Finding]:
    unasked = Finding("witness", State.NOT_ASKED, "the record was not opened")
    if not path.is_file():
        means = f"there is no record at {path} yet; the first console makes one"
        return Finding("database", State.NOT_ASKED, means, facts={"place": str(path)}), unasked
    try:
        with open_record(str(path), key_file, migrate=False) as store:
            beat = store.heartbeat()
            witness = watched(store, Role.DUTY_MANAGER, switchboard)
    except NightdeskError as refusal:
        return Finding("database", State.NOT_WELL, f"{path}: {refusal}", facts={"place": str(path)}), unasked
    facts: Facts = {"place": str(path), "schema": beat.schema, "entries": beat.head.seq}
    means = f"{path} opens: version {beat.schema}, {beat.head.seq:,} entries"
    return Finding("database", State.WELL, means, facts=facts), witness


# --- a team's --------------------------------------------------------------------------------


def _reached(target: Target, tls: Tls) -> tuple[str, Finding | None]:
    """Return what is spoken there, or the finding that says why nobody can be asked."""
    from db.postgres.checkup import NotReached, libpq, reach  # noqa: PLC0415  psycopg is an extra

    facts: Facts = {"database": target.words, "libpq": libpq()}
    if tls.direct and int(libpq().partition(".")[0]) < _LIBPQ_FOR_DIRECT:
        means = f"this computer's libpq {libpq()} cannot speak TLS from the first byte, and the settings ask for it"
        return "", Finding("database", State.NOT_WELL, means, "install psycopg[binary] 3.3 or newer", facts)
    refused = []
    for host, port in zip(target.hosts, target.ports, strict=True):
        try:
            return reach(host, int(port), tls.authority, direct=tls.direct) or "no TLS", None
        except NotReached as why:
            refused.append(str(why))
    do = "see that the server runs, that its port is open in firewalls, and that `database` and `database_ca` are right"
    return "", Finding("database", State.NOT_WELL, "; ".join(refused), do, facts)


def _entered(target: Target, tls: Tls, login: str, password: str, switchboard: str = "") -> Sequence[Finding]:
    from db.postgres.checkup import Examined, examine  # noqa: PLC0415  psycopg is an extra
    from db.postgres.lines import Address  # noqa: PLC0415  psycopg is an extra

    whole = target.service.login(login)
    try:
        seen: Examined = examine(Address(target.keywords(whole, tls), password))
    except NightdeskError as refusal:
        asked = (Finding(key, State.NOT_ASKED, "nobody was let in") for key in KEYS[1:])
        return [Finding("database", State.NOT_WELL, f"{target.words}: {refusal}"), *asked]
    facts: Facts = {"database": target.words, "server": seen.server, "schema": seen.schema, "entries": seen.seq}
    means = f"{target.words} lets {whole} in: PostgreSQL {seen.server}, {seen.seq:,} entries, {seen.trip * 1000:.0f} ms"
    one = Finding("database", State.WELL, means + ("" if seen.protected else ", no TLS"), facts=facts)
    if seen.schema != SCHEMA_VERSION:
        means = (
            f"{target.words} is of version {seen.schema}, this Nightdesk of {SCHEMA_VERSION}: nothing can be written"
        )
        do = "run `nightdesk db upgrade`" if seen.schema < SCHEMA_VERSION else "use the Nightdesk of your colleagues"
        one = Finding("database", State.NOT_WELL, means, do, facts)
    if seen.steps_missing:
        means = f"{target.words} was made by an older Nightdesk and lacks {', '.join(seen.steps_missing)}"
        one = Finding(
            "database", State.NOT_WELL, f"{means}: nothing can be written", "run `nightdesk db upgrade`", facts
        )
    return [
        one,
        _rights(whole, seen.worker, seen.roles, seen.doors_missing, seen.beyond),
        _clock(seen.offset, seen.trip),
        _witness(Way(target, tls, whole, password), switchboard),
    ]


def _witness(way: Way, switchboard: str) -> Finding:
    try:
        admitted = admit(way, SystemClock())
    except NightdeskError as refusal:
        return Finding("witness", State.NOT_ASKED, str(refusal))
    try:
        role = next((role for role in admitted.roles if role in SHIFT_ROLES), None)
        if role is None:
            means = "this log-in reads nothing of the shift, so it cannot say whether a witness was heard"
            return Finding("witness", State.NOT_ASKED, means)
        return watched(admitted.store, role, switchboard, admitted.worker)
    finally:
        admitted.store.close()


def _rights(
    login: str, worker: str, roles: tuple[str, ...], missing: tuple[str, ...], beyond: tuple[str, ...]
) -> Finding:
    facts: Facts = {"roles": ", ".join(roles), "missing": ", ".join(missing), "beyond": "; ".join(beyond)}
    if beyond:
        means = f"{login} {'; '.join(beyond)}: that is more than the doors of the record allow"
        do = "ask whoever looks after the database to take these rights away, and to use this log-in for nothing else"
        return Finding("roles", State.NOT_WELL, means, do, facts)
    if missing or not worker:
        means = f"{login} lacks {', '.join(missing) or 'a place among the workers'}"
        do = "ask whoever looks after the database to run `nightdesk db worker add` and `nightdesk db upgrade`"
        return Finding("roles", State.NOT_WELL, means, do, facts)
    means = f"{login} has exactly the doors of its group, as {', '.join(roles)}"
    return Finding("roles", State.WELL, means, facts=facts)


def _clock(offset: float, trip: float) -> Finding:
    facts: Facts = {"offset_s": round(offset, 3), "trip_s": round(trip, 3)}
    if abs(offset) > FAR + trip:
        way = "behind" if offset > 0 else "ahead of"
        means = f"this computer is {abs(offset):,.1f} s {way} the database server: ages and times would be wrong"
        return Finding("clock", State.NOT_WELL, means, "set both clocks by the network's time (NTP)", facts)
    return Finding("clock", State.WELL, f"{abs(offset):.2f} s from the database server's", facts=facts)
