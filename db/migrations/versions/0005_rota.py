"""The rota; and the day a relationship ended."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_rota"
down_revision = "0004_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table of the rota; add a column to the relationships."""
    op.create_table(
        "rota",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("service", sa.String(16), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("safe", sa.String(120), nullable=False),
        sa.Column("begins", sa.BigInteger, nullable=False),
        sa.Column("ends", sa.BigInteger, nullable=False),
        sa.Column("source", sa.String(80), nullable=False),
        sa.Column("as_at", sa.Date),
        sa.Column("brought_at", sa.BigInteger, nullable=False),
        sa.Column("withdrawn_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_rota_ends", "rota", ["ends", "begins"])
    # SQLite would put a column that is only added behind the table's constraints.
    _remake_relationships(sa.Column("until", sa.Date))


def downgrade() -> None:
    """Take both away again."""
    _remake_relationships()
    op.drop_index("ix_rota_ends", "rota")
    op.drop_table("rota")


def _remake_relationships(*more: sa.Column[object]) -> None:
    op.rename_table("relationship", "relationship_before")
    op.create_table(
        "relationship",
        sa.Column(
            "person",
            sa.Uuid,
            sa.ForeignKey("person.id", name="fk_relationship_person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column(
            "other", sa.Uuid, sa.ForeignKey("person.id", name="fk_relationship_other"), primary_key=True, nullable=False
        ),
        sa.Column("kind", sa.String(40), primary_key=True, nullable=False),
        sa.Column("parental_responsibility", sa.Boolean),
        sa.Column("contact_rule", sa.String(24), nullable=False),
        sa.Column("order_ref", sa.String(80), nullable=False),
        sa.Column("next_of_kin", sa.Boolean, nullable=False),
        *more,
        sqlite_with_rowid=False,
    )
    op.execute(
        "INSERT INTO relationship "
        "(person, other, kind, parental_responsibility, contact_rule, order_ref, next_of_kin) "
        "SELECT person, other, kind, parental_responsibility, contact_rule, order_ref, next_of_kin "
        "FROM relationship_before"
    )
    op.drop_table("relationship_before")
