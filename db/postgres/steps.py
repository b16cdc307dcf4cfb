"""What an upgrade adds to a service's tables, revision by revision (db.schema.REVISIONS).

The portable tables are described once, in SQLAlchemy; here stands what PostgreSQL needs of each change.  A step only
adds, so that consoles of the version before work on (architecture.md 4), and takes no lock for longer than an instant.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from db.postgres.lines import Line
from db.postgres.make import statements_for
from db.postgres.row_security import secure_table
from db.rota_schema import rota
from db.schema import REVISIONS

FIRST = "0003_references"
"""The oldest revision in which services were made."""


def _rota(line: Line, owner: str) -> None:
    for statement in statements_for([rota]):
        line.execute(statement)
    secure_table(line, owner, rota.name)
    line.execute("ALTER TABLE relationship ADD COLUMN until date")


STEPS: Mapping[str, Callable[[Line, str], None]] = {"0005_rota": _rota}
"""What each revision after :data:`FIRST` does, as the owner, with the schema first on the search path."""


def steps_after(revision: str) -> tuple[str, ...] | None:
    """Return the revisions to go through, or None where the way from there is not known here."""
    if revision not in REVISIONS or REVISIONS.index(revision) < REVISIONS.index(FIRST):
        return None
    left = REVISIONS[REVISIONS.index(revision) + 1 :]
    return left if all(one in STEPS for one in left) else None


def take_steps(line: Line, owner: str, revision: str) -> None:
    """Bring the tables from ``revision`` to this program's, in the transaction of ``line``."""
    for one in steps_after(revision) or ():
        STEPS[one](line, owner)
    line.execute("UPDATE alembic_version SET version_num = %s", (REVISIONS[-1],))
