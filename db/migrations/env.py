"""Alembic's entrance: runs on the connection and inside the transaction it is given."""

from __future__ import annotations

from alembic import context

import db.people_schema
import db.rota_schema  # noqa: F401  these declare their tables on the one MetaData
from db.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
