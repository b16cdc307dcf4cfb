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

    ``asked`` see what is asked of a witness and nothing else.  ``direct`` are groups that see them in their own name,
    as far as columns are granted; ``brings`` see them, add some and change some, in their own name as well.
    """

    read: tuple[str, ...] = ()
    add: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    direct: tuple[str, ...] = ()
    brings: tuple[str, ...] = ()


_SHIFT = (WORKER, WITNESS)
_LOG = Layer((*_SHIFT, VERIFY), _SHIFT)
_DERIVED = Layer((*_SHIFT, VERIFY), _SHIFT, _SHIFT)
_RULES = Layer(_SHIFT)
LAYERS: Mapping[str, Layer] = {
    "entry": _LOG,
    # A witness writes words and is shown none, its own neither, but those that ask something of it.
    "entry_body": Layer((WORKER, VERIFY), _SHIFT, asked=(WITNESS,)),
    "access": Layer((WORKER, VERIFY), (WORKER,)),
    "erasure": Layer((VERIFY,)),
    "head": replace(_DERIVED, direct=(IMPORT,)),
    "slot": _DERIVED,
    # An import reads it in nobody's name, but its trigger close_words must know who was restricted at night.
    "stream": replace(_DERIVED, read=(*_DERIVED.read, IMPORT)),
    "stream_subject": _DERIVED,
    "stream_member": _DERIVED,
    "stream_link": _DERIVED,
    "seen": Layer((WORKER,), (WORKER,), (WORKER,)),
    "ticket": Layer((WORKER,), (WORKER,)),
    "ticket_used": Layer((WORKER,), (WORKER,)),
    "listed": Layer((WORKER,), (WORKER,), (WORKER,)),
    "rota": Layer((WORKER,), brings=(IMPORT,)),
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

    What stands there as it should is left alone: altering it would lock a table that everybody works on.
    """
    forced = {name for (name,) in line.execute(_FORCED, (SCHEMA,)).fetchall()}
    wanted = {(table, policy): clause for table in LAYERS for policy, clause in _policies(table, owner)}
    meant, standing = _as_the_server_says(line, wanted), _standing(line)
    for table in LAYERS.keys() - forced:
        statement = sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
        line.execute(statement.format(sql.Identifier(SCHEMA, table)))
    for key in standing.keys() - {key for key, said in meant.items() if standing.get(key) == said}:
        line.execute(sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(key[1]), sql.Identifier(SCHEMA, key[0])))
    for key, clause in wanted.items():
        if standing.get(key) != meant[key]:
            _make_policy(line, key[0], key[1], clause)


_FORCED = """
SELECT relname FROM pg_class WHERE relnamespace = %s::regnamespace AND relrowsecurity AND relforcerowsecurity"""
_PROBE = "row_security_probe"
_Policy = tuple[str, str]
"""A table and the name of one of its policies."""


def _as_the_server_says(line: Line, wanted: Mapping[_Policy, sql.Composed]) -> Mapping[_Policy, object]:
    """Return how the server itself writes these policies, by making them on a table that is gone again at once."""
    line.execute(f"CREATE TABLE {_PROBE} (login name, id uuid)")
    for (table, policy), clause in wanted.items():
        _make_policy(line, _PROBE, f"{table}.{policy}", clause)
    found = {policy: said for (table, policy), said in _standing(line).items() if table == _PROBE}
    line.execute(f"DROP TABLE {_PROBE}")
    return {(table, policy): found[f"{table}.{policy}"] for table, policy in wanted}


def _standing(line: Line) -> Mapping[_Policy, object]:
    query = (
        "SELECT tablename, policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE schemaname = %s"
    )
    return {(table, policy): tuple(said) for table, policy, *said in line.execute(query, (SCHEMA,)).fetchall()}


def _make_policy(line: Line, table: str, policy: str, clause: sql.Composed) -> None:
    statement = sql.SQL("CREATE POLICY {} ON {} {}")
    line.execute(statement.format(sql.Identifier(policy), sql.Identifier(SCHEMA, table), clause))


def _policies(table: str, owner: str) -> Iterator[tuple[str, sql.Composed]]:
    layer = LAYERS[table]
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
    if layer.asked:
        clause = sql.SQL("FOR SELECT TO {} USING (is_asked(id) AND ({}))")
        yield "asked", clause.format(sql.Identifier(owner), _session_in(layer.asked))
    for group in layer.direct:
        yield f"{group}_reads", sql.SQL("FOR SELECT TO {} USING (true)").format(sql.Identifier(group))
    for group in layer.brings:
        yield f"{group}_brings", sql.SQL("FOR ALL TO {} USING (true) WITH CHECK (true)").format(sql.Identifier(group))
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
