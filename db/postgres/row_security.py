"""Row security: the second layer behind the doors (docs/decisions/0015-row-security.md).

A door runs as the owner, and asks who called it.  Should a door ever forget to ask, or somebody grant a table by
mistake, these policies still show rows to nobody but a session of the right group: they hold for the owner too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from psycopg import sql

from db.postgres.lines import SCHEMA, Line

WORKER, WITNESS, IMPORT, VERIFY = "nd_worker", "nd_witness", "nd_import", "nd_verify"


@dataclass(frozen=True, slots=True)
class Layer:
    """Sessions of which groups see a table's rows, add some, and change or delete some, through the doors.

    ``direct`` are groups that see them in their own name, as far as columns are granted; ``brings`` see them, add
    some and change some, in their own name as well.
    """

    read: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()


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
    "rota": Layer(_SHIFT, brings=(IMPORT,)),
    "kind_right": _RULES,
    "decision_right": _RULES,
    "shift_role": _RULES,
    "worker": Layer(),
    "alembic_version": Layer(),
}
"""Every table but those of people, which nd_import loads by COPY: PostgreSQL refuses that where row security is.

Whoever may become the owner (an administrator of the database) sees and does all.
"""


def secure_rows(line: Line, owner: str) -> None:
    """Force row security on these tables, as its owner, in the transaction that makes or upgrades the database."""
    for table in LAYERS:
        secure_table(line, owner, table)
    # A worker's own row, and no colleague's: who is asking is looked up in it.
    own = "CREATE POLICY own_row ON {} FOR SELECT TO {} USING (login = session_user)"
    line.execute(sql.SQL(own).format(sql.Identifier(SCHEMA, "worker"), sql.Identifier(owner)))


def secure_table(line: Line, owner: str, table: str) -> None:
    """Force row security on one table that has none yet."""
    name = sql.Identifier(SCHEMA, table)
    line.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").format(name))
    for policy, clause in _policies(LAYERS[table], owner):
        made = sql.SQL("CREATE POLICY {} ON {} {}").format(sql.Identifier(policy), name, clause)
        line.execute(made)


def _policies(layer: Layer, owner: str) -> Iterator[tuple[str, sql.Composed]]:
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
    for group in layer.brings:
        yield f"{group}_brings", sql.SQL("FOR ALL TO {} USING (true) WITH CHECK (true)").format(sql.Identifier(group))


def _session_in(groups: Sequence[str]) -> sql.Composed:
    """Return the condition that the session's own log-in is in one of ``groups``.

    Inside a door the current user is the owner.  The condition names no column, so the server asks it once for a
    statement, and its answer comes from memory.
    """
    asked = [sql.SQL("pg_has_role(session_user, {}, 'MEMBER')").format(sql.Literal(group)) for group in groups]
    return sql.SQL(" OR ").join(asked)
