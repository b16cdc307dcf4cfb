"""Row security: the second layer behind the doors (docs/decisions/0015-row-security.md).

A door runs as the owner, and asks who called it.  Should a door ever forget to ask, or somebody grant a table by
mistake, these policies still show rows to nobody but a session of the right group: they hold for the owner too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from psycopg import sql

from db.postgres.lines import SCHEMA, Line

WORKER, WITNESS, IMPORT, VERIFY = "nd_worker", "nd_witness", "nd_import", "nd_verify"


@dataclass(frozen=True, slots=True)
class Layer:
    """Sessions of which groups see a table's rows, add some, and change or delete some, through the doors.

    ``direct`` are groups that see them in their own name, as far as columns are granted.
    """

    read: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()


_SHIFT = (WORKER, WITNESS)
_LOG = Layer((*_SHIFT, VERIFY), _SHIFT)
_DERIVED = Layer((*_SHIFT, VERIFY), _SHIFT, _SHIFT)
_OWN = Layer(_SHIFT, _SHIFT, _SHIFT)
_RULES = Layer(_SHIFT)
LAYERS: Mapping[str, Layer] = {
    "entry": _LOG,
    "entry_body": _LOG,
    "access": _LOG,
    "erasure": Layer((VERIFY,)),
    "head": replace(_DERIVED, direct=(IMPORT,)),
    "slot": _DERIVED,
    "stream": _DERIVED,
    "stream_subject": _DERIVED,
    "stream_member": _DERIVED,
    "stream_link": _DERIVED,
    "seen": _OWN,
    "ticket": Layer(_SHIFT, _SHIFT),
    "ticket_used": Layer(_SHIFT, _SHIFT),
    "listed": Layer(_SHIFT, _SHIFT),
    "kind_right": _RULES,
    "decision_right": _RULES,
    "shift_role": _RULES,
    "worker": Layer(),
    "upgrade_step": Layer((*_SHIFT, IMPORT, VERIFY)),
    "alembic_version": Layer(),
}
"""Every table but those of people, which nd_import loads by COPY: PostgreSQL refuses that where row security is.

Whoever may become the owner (an administrator of the database) sees and does all.
"""


def secure_rows(line: Line, owner: str) -> None:
    """Force row security on these tables, as its owner, in the transaction that makes or upgrades the database.

    What stands there as it should is left alone, and its table not locked.
    """
    forced = {name for (name,) in line.execute(_FORCED, (SCHEMA,)).fetchall()}
    found = {(table, policy): said for table, policy, said in line.execute(_POLICIES, (SCHEMA,)).fetchall()}
    for table, layer in LAYERS.items():
        name = sql.Identifier(SCHEMA, table)
        if table not in forced:
            line.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").format(name))
        for policy, clause in _policies(table, layer, owner):
            words = clause.as_string(line).replace(owner, "OWNER")
            made_of = f"made of {hashlib.sha256(words.encode()).hexdigest()[:16]}"
            standing = found.pop((table, policy), None)
            if standing != made_of:
                _put_policy(line, name, policy, clause, made_of, again=standing is not None)
    for table, policy in found:
        gone = sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(policy), sql.Identifier(SCHEMA, table))
        line.execute(gone)


_FORCED = """
SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relrowsecurity AND relforcerowsecurity"""
_POLICIES = """
SELECT c.relname, p.polname, coalesce(obj_description(p.oid, 'pg_policy'), '')
  FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid WHERE c.relnamespace = %s::regnamespace"""


def _put_policy(
    line: Line, table: sql.Identifier, policy: str, clause: sql.Composed, made_of: str, *, again: bool
) -> None:
    """Make a policy, or make it anew where it was made of other words: its comment says of which."""
    name = sql.Identifier(policy)
    if again:
        line.execute(sql.SQL("DROP POLICY {} ON {}").format(name, table))
    line.execute(sql.SQL("CREATE POLICY {} ON {} {}").format(name, table, clause))
    line.execute(sql.SQL("COMMENT ON POLICY {} ON {} IS {}").format(name, table, sql.Literal(made_of)))


def _policies(table: str, layer: Layer, owner: str) -> Iterator[tuple[str, sql.Composed]]:
    administrator = _session_in((owner,))
    yield "administrator", sql.SQL("TO {} USING ({})").format(sql.Identifier(owner), administrator)
    for verb, groups, where in (
        ("SELECT", layer.read, "USING"),
        ("INSERT", layer.add, "WITH CHECK"),
        ("UPDATE", layer.change, "USING"),
        ("DELETE", layer.change, "USING"),
    ):
        if groups:
            template = sql.SQL("FOR " + verb + " TO {} " + where + " ({})")
            yield verb.casefold(), template.format(sql.Identifier(owner), _session_in(groups))
    for group in layer.direct:
        yield f"{group}_reads", sql.SQL("FOR SELECT TO {} USING (true)").format(sql.Identifier(group))
    if table == "worker":
        # A worker's own row, and no colleague's: who is asking is looked up in it.
        yield "own_row", sql.SQL("FOR SELECT TO {} USING (login = session_user)").format(sql.Identifier(owner))


def _session_in(groups: Sequence[str]) -> sql.Composed:
    """Return the condition that the session's own log-in is in one of ``groups``.

    Inside a door the current user is the owner.  The condition names no column, so the server asks it once for a
    statement, and its answer comes from memory.
    """
    asked = [sql.SQL("pg_has_role(session_user, {}, 'MEMBER')").format(sql.Literal(group)) for group in groups]
    return sql.SQL(" OR ").join(asked)
