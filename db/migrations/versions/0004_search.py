"""Search: the words by which people are found, and those one slip away, made of everybody on record."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from db.people_keys import make_all_keys
from db.people_schema import INDEXED_WORDS

revision = "0004_search"
down_revision = "0003_references"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables of the search and the words of everybody on record."""
    op.create_table(
        "person_find",
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("person", sa.Uuid(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_person_find")),
        sa.UniqueConstraint("person", name=op.f("uq_person_find_person")),
        sa.ForeignKeyConstraint(["person"], ["person.id"], name=op.f("fk_person_find_person")),
    )
    for statement in INDEXED_WORDS:
        op.execute(statement)
    op.create_table(
        "near_word",
        sa.Column("key", sa.String(40), nullable=False),
        sa.Column("word", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("key", "word", name=op.f("pk_near_word")),
        sqlite_with_rowid=False,
    )
    make_all_keys(op.get_bind())


def downgrade() -> None:
    """Forget them; what they were made of stays."""
    op.drop_table("near_word")
    op.execute("DROP TABLE find_index")
    op.drop_table("person_find")
