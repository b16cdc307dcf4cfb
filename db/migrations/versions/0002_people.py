"""People: identity, addresses, lines, ties, markers, agencies and imported history."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_people"
down_revision = "0001_record"
branch_labels = None
depends_on = None

_TABLES = (
    "imported",
    "agency",
    "person_helper",
    "past_contact",
    "marker",
    "relationship",
    "person_on_line",
    "line_call",
    "line",
    "person_address",
    "address",
    "person_name",
    "person",
)


def upgrade() -> None:
    """Make the tables of people."""
    _identity()
    _places()
    _lines()
    _known()


def _identity() -> None:
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("family", sa.String(80), nullable=False),
        sa.Column("given", sa.String(80), nullable=False),
        sa.Column("sort_name", sa.String(200), nullable=False),
        sa.Column("born", sa.Date),
        sa.Column("dob_certainty", sa.String(16), nullable=False),
        sa.Column("claimed_age", sa.Integer),
        sa.Column("gender", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(40), nullable=False),
        sa.Column("reference_key", sa.String(40), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("language", sa.String(80), nullable=False),
        sa.Column("interpreter", sa.Boolean, nullable=False),
        sa.Column("communication", sa.String(200), nullable=False),
        sa.Column("plan", sa.String(24), nullable=False),
        sa.Column("plan_as_at", sa.Date),
        sa.Column("plan_source", sa.String(80), nullable=False),
        sa.Column("deceased_on", sa.Date),
        sa.Column("restricted", sa.Boolean, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_born", "person", ["born"])
    op.create_index(
        "ix_person_reference",
        "person",
        ["reference_key"],
        unique=True,
        sqlite_where=sa.text("reference_key <> ''"),
        postgresql_where=sa.text("reference_key <> ''"),
    )
    op.create_table(
        "person_name",
        sa.Column(
            "person",
            sa.Uuid,
            sa.ForeignKey("person.id", name="fk_person_name_person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(16), primary_key=True, nullable=False),
        sa.Column("shown", sa.String(80), primary_key=True, nullable=False),
        sa.Column("family", sa.String(120), nullable=False),
        sa.Column("given", sa.String(120), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_name_family", "person_name", ["family", "given"])
    op.create_index("ix_person_name_given", "person_name", ["given", "family"])


def _places() -> None:
    op.create_table(
        "address",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("lines", sa.Text, nullable=False),
        sa.Column("postcode", sa.String(16), nullable=False),
        sa.Column("postcode_key", sa.String(16), nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("access", sa.Text, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_address_postcode", "address", ["postcode_key"])
    op.create_table(
        "person_address",
        sa.Column(
            "person",
            sa.Uuid,
            sa.ForeignKey("person.id", name="fk_person_address_person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column(
            "address",
            sa.Uuid,
            sa.ForeignKey("address.id", name="fk_person_address_address"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("kind", sa.String(24), primary_key=True, nullable=False),
        sa.Column("as_at", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("do_not_disclose", sa.Boolean, nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_address_address", "person_address", ["address"])


def _lines() -> None:
    op.create_table(
        "line",
        sa.Column("e164", sa.String(20), primary_key=True, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("place", sa.String(200), nullable=False),
        sa.Column("safe_to_call", sa.String(80), nullable=False),
        sa.Column("calls_before", sa.Integer, nullable=False),
        sa.Column("last_call_at", sa.BigInteger),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "line_call",
        sa.Column("e164", sa.String(20), primary_key=True, nullable=False),
        sa.Column("call", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_on_line",
        sa.Column(
            "e164",
            sa.String(20),
            sa.ForeignKey("line.e164", name="fk_person_on_line_e164"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column(
            "person",
            sa.Uuid,
            sa.ForeignKey("person.id", name="fk_person_on_line_person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("confirmed_on", sa.Date),
        sa.Column("until", sa.Date),
        sa.Column("source", sa.String(40), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_on_line_person", "person_on_line", ["person"])


def _known() -> None:
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
        sqlite_with_rowid=False,
    )
    op.create_table(
        "marker",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("subject", sa.String(16), nullable=False),
        sa.Column("subject_id", sa.Uuid, nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("rank", sa.String(24), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("set_on", sa.Date, nullable=False),
        sa.Column("set_by", sa.String(80), nullable=False),
        sa.Column("authorised_by", sa.String(80), nullable=False),
        sa.Column("review_on", sa.Date, nullable=False),
        sa.Column("ends_on", sa.Date),
        sa.Column("origin", sa.String(40), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_marker_subject", "marker", ["subject_id"])
    op.create_table(
        "past_contact",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("person", sa.Uuid, sa.ForeignKey("person.id", name="fk_past_contact_person"), nullable=False),
        sa.Column("on", sa.Date, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("authority", sa.String(40), nullable=False),
        sa.Column("source", sa.String(40), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_past_contact_person", "past_contact", ["person", "on"])
    op.create_table(
        "person_helper",
        sa.Column(
            "person",
            sa.Uuid,
            sa.ForeignKey("person.id", name="fk_person_helper_person"),
            primary_key=True,
            nullable=False,
        ),
        sa.Column("role", sa.String(80), primary_key=True, nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "agency",
        sa.Column("id", sa.Uuid, primary_key=True, nullable=False),
        sa.Column("key", sa.String(300), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("area", sa.String(80), nullable=False),
        sa.Column("number", sa.String(20), nullable=False),
        sa.Column("verified_on", sa.Date),
        sa.Column("verified_by", sa.String(80), nullable=False),
        sa.UniqueConstraint("key"),
    )
    op.create_table(
        "imported",
        sa.Column(
            "person", sa.Uuid, sa.ForeignKey("person.id", name="fk_imported_person"), primary_key=True, nullable=False
        ),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("run", sa.Uuid, nullable=False),
        sa.Column("line", sa.Integer, nullable=False),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Drop the tables of people, and everybody in them."""
    for table in _TABLES:
        op.drop_table(table)
