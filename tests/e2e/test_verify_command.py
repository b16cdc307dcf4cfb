"""``nightdesk db verify`` on a record that real consoles wrote: honest, and altered by somebody with the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from db.engine import connect
from tests.helpers.driven_console import Office, until

pytest_plugins = ["tests.helpers.driven_console_fixtures"]
pytestmark = pytest.mark.timeout(60)


def written(office: Office) -> list[int]:
    """Let a console write a record; return the seqs of its note."""
    priya = office.priya()
    priya.press("contact_without_call")
    priya.until("note", lambda one: not one["read_only"])
    for line in ("the first line", "the second line", "the third line"):
        priya.note(line)
    until(lambda: office.bodies("contact.note"), lambda found: len(found) == 3, 10, "three lines")
    priya.close()
    return [seq for seq, _, _ in office.bodies("contact.note")]


def alter(file: Path, *statements: str) -> None:
    """Change the file behind everybody's back, as its owner could."""
    driver = connect(file, None)
    driver.execute("PRAGMA foreign_keys = OFF")
    for trigger, table in driver.execute("SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        if table in ("entry", "entry_body"):
            driver.execute(f"DROP TRIGGER {trigger}")
    for statement in statements:
        driver.execute(statement)
    driver.close()


def body_of(seq: int) -> str:
    return f"(SELECT id FROM entry WHERE seq = {seq})"


ALTERED: dict[str, Callable[[int], tuple[str, ...]]] = {
    "a body": lambda seq: (f"UPDATE entry_body SET body = replace(body, 'second', 'other') WHERE id = {body_of(seq)}",),
    "an author": lambda seq: (f"UPDATE entry SET author = 'tom.adeyemi' WHERE seq = {seq}",),
    "a removed entry": lambda seq: (
        f"DELETE FROM entry_body WHERE id = {body_of(seq)}",
        f"DELETE FROM entry WHERE seq = {seq}",
    ),
}


def test_what_consoles_wrote_is_honest(office: Office) -> None:
    written(office)
    done = office.verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("honest: ")


@pytest.mark.parametrize("what", ALTERED)
def test_an_altered_record_is_named_at_its_first_bad_entry(office: Office, what: str) -> None:
    _, second, _ = written(office)
    alter(office.database, *ALTERED[what](second))
    done = office.verify()
    assert done.returncode == 4, done.stdout + done.stderr
    assert done.stdout.startswith(f"NOT HONEST: entry {second}")


def test_a_tail_cut_off_is_found_by_the_counter_row(office: Office) -> None:
    *_, third = written(office)
    last = office.sql("SELECT max(seq) FROM entry")[0][0]
    gone = ", ".join(str(seq) for seq in range(third, last + 1))
    alter(
        office.database,
        f"DELETE FROM entry_body WHERE id IN (SELECT id FROM entry WHERE seq IN ({gone}))",
        f"DELETE FROM entry WHERE seq IN ({gone})",
    )
    done = office.verify()
    assert done.returncode == 4, done.stdout + done.stderr
    assert f" {third}:" in done.stdout or f"entry {third}" in done.stdout
