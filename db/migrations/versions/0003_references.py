"""References: two people may have case numbers that differ only in their punctuation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003_references"
down_revision = "0002_people"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let two people be found by one folded case number."""
    _index(unique=False)


def downgrade() -> None:
    """Let a folded case number belong to one person; fails where two people have it."""
    _index(unique=True)


def _index(*, unique: bool) -> None:
    op.drop_index("ix_person_reference", "person")
    op.create_index(
        "ix_person_reference",
        "person",
        ["reference_key"],
        unique=unique,
        sqlite_where=sa.text("reference_key <> ''"),
        postgresql_where=sa.text("reference_key <> ''"),
    )
