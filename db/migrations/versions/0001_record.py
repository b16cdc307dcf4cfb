"""The record: entries, what is derived from them, and the access log."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001_record"
down_revision = None
branch_labels = None
depends_on = None

_GROWS = ("entry", "access", "erasure", "ticket_used")
_TABLES = (
    "ticket_used",
    "access",
    "seen",
    "stream_link",
    "stream_member",
    "stream_subject",
    "stream",
    "slot",
    "erasure",
    "entry_body",
    "entry",
    "head",
)


def _stream(*, key: bool = False) -> tuple[sa.Column[str], sa.Column[object]]:
    return (
        sa.Column("stream_kind", sa.String(16), primary_key=key, nullable=False),
        sa.Column("stream_id", sa.Uuid, primary_key=key, nullable=False),
    )


def upgrade() -> None:
    """Make the tables of the record."""
    _entries()
    _derived()
    _looks()
    if op.get_bind().dialect.name == "sqlite":
        _triggers()


def _entries() -> None:
    op.create_table(
        "head",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("service", sa.Uuid, nullable=False),
        sa.Column("schema", sa.Integer, nullable=False),
        sa.Column("invented", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("access_seq", sa.BigInteger, nullable=False),
        sa.Column("access_digest", sa.String(64), nullable=False),
        sa.CheckConstraint("id = 1", name="one_row"),
    )
    op.create_table(
        "entry",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        *_stream(),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("station", sa.String(80), nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
        sa.Column("slot", sa.String(120), nullable=False),
        sa.Column("expects", sa.String(36), nullable=False),
        sa.Column("replaces", sa.Uuid),
        sa.Column("corrects", sa.Uuid),
        sa.Column("on_behalf_of", sa.String(80), nullable=False),
        sa.Column("body_sha256", sa.String(64), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_entry_stream", "entry", ["stream_kind", "stream_id", "seq"])
    op.create_index("ix_entry_stored_at", "entry", ["stored_at", "seq"])
    op.create_table(
        "entry_body",
        sa.Column("id", sa.Uuid, sa.ForeignKey("entry.id"), primary_key=True),
        sa.Column("body", sa.Text, nullable=False),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid, sa.ForeignKey("entry.id"), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("by", sa.String(80), nullable=False),
        sa.Column("ground", sa.Text, nullable=False),
    )


def _derived() -> None:
    op.create_table(
        "slot",
        *_stream(key=True),
        sa.Column("slot", sa.String(120), primary_key=True),
        sa.Column("head", sa.Uuid, nullable=False),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("author", sa.String(80), nullable=False),
        sa.Column("stored_at", sa.BigInteger, nullable=False),
    )
    op.create_table(
        "stream",
        *_stream(key=True),
        sa.Column("class", sa.String(16), nullable=False),
        sa.Column("begun", sa.BigInteger, nullable=False),
        sa.Column("version", sa.BigInteger, nullable=False),
        sa.Column("opened_at", sa.BigInteger),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("line", sa.Text, nullable=False),
        sa.Column("details", sa.Text, nullable=False),
        sa.Column("reducers", sa.Integer, nullable=False),
        sa.Column("upto", sa.BigInteger, nullable=False),
    )
    op.create_index("ix_stream_open", "stream", ["stream_kind", "closed_at", "begun"])
    op.create_index("ix_stream_version", "stream", ["version"])
    op.create_table("stream_subject", *_stream(key=True), sa.Column("person", sa.Uuid, primary_key=True, index=True))
    op.create_table(
        "stream_member", *_stream(key=True), sa.Column("worker", sa.String(80), primary_key=True, index=True)
    )
    op.create_table(
        "stream_link",
        *_stream(key=True),
        sa.Column("other_kind", sa.String(16), primary_key=True),
        sa.Column("other_id", sa.Uuid, primary_key=True),
    )
    op.create_index("ix_stream_link_other", "stream_link", ["other_kind", "other_id"])
    op.create_table(
        "seen",
        sa.Column("worker", sa.String(80), primary_key=True),
        *_stream(key=True),
        sa.Column("seq", sa.BigInteger, nullable=False),
        sa.Column("tick", sa.BigInteger, nullable=False, unique=True),
    )
    op.create_index("ix_seen_stream", "seen", ["stream_kind", "stream_id"])


def _looks() -> None:
    op.create_table(
        "access",
        sa.Column("seq", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("id", sa.Uuid, nullable=False, unique=True),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("worker", sa.String(80), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("station", sa.String(80), nullable=False),
        sa.Column("action", sa.String(24), nullable=False),
        sa.Column("person", sa.Uuid),
        sa.Column("call", sa.Uuid),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
    )
    op.create_index("ix_access_opened", "access", ["person", "worker", "at"])
    op.create_table(
        "ticket_used",
        sa.Column("id", sa.Uuid, sa.ForeignKey("access.id"), primary_key=True),
        sa.Column("at", sa.BigInteger, nullable=False),
    )


def _triggers() -> None:
    for table in (*_GROWS, "entry_body"):
        for verb in ("UPDATE", "DELETE"):
            erased = "WHEN NOT EXISTS (SELECT 1 FROM erasure WHERE erasure.id = OLD.id) "
            when = erased if (table, verb) == ("entry_body", "DELETE") else ""
            op.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} FOR EACH ROW {when}"
                f"BEGIN SELECT RAISE(ABORT, '{table}: rows are never changed or deleted'); END"
            )


def downgrade() -> None:
    """Take the record away: for tests, and for a file that was made by mistake."""
    for table in _TABLES:
        op.drop_table(table)
