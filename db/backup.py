"""Copy a record while others write to it; the copy keeps its encryption and is verified afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from console.domain.text import BadInput, NightdeskError
from console.ports.store import VerifyReport
from db.engine import Database, make_record_file, translated
from db.verify import FileProof, verify_record


class BadCopy(NightdeskError):
    """The copy does not verify; it was removed, and the record itself was not touched."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Copied:
    """A finished copy: where, how big in bytes, and what its own check found."""

    path: Path
    size: int
    report: VerifyReport


def copy_record(database: Database, target: Path) -> None:
    """Copy the record to ``target``, which must not exist; on any fault nothing is left there."""
    _refuse_no_folder(target)
    try:
        make_record_file(target)
    except FileExistsError:
        message = f"There is already a file at {target}.  It was left as it is; choose another name."
        raise BadInput(message) from None
    try:
        _copy(database, target)
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _refuse_no_folder(target: Path) -> None:
    """Refuse a folder that is not there: made, it would stand on this disk in place of the stick that is missing."""
    folder = target.absolute().parent
    if not folder.is_dir():
        message = (
            f"The folder {folder} is not there; perhaps a stick or a share is not connected.  Nothing was copied.  "
            "Connect it, make the folder, or name another place."
        )
        raise BadInput(message)


def _copy(database: Database, target: Path) -> None:
    with translated():
        source = database.bare()
        try:
            into = database.elsewhere(target).bare()
            try:
                source.backup(into)
            finally:
                into.close()
        finally:
            source.close()


def back_up(database: Database, target: Path) -> Copied:
    """Copy the record and verify the copy; raises :class:`BadCopy` where it is not honest."""
    copy_record(database, target)
    copy = database.elsewhere(target)
    try:
        with copy.reading(limitless=True) as connection:
            report = verify_record(FileProof(connection))
    finally:
        copy.close()
    if report.what:
        target.unlink(missing_ok=True)
        found = "its file is damaged" if report.where == "file" else f"entry {report.first_bad}: {report.what}"
        message = (
            f"The copy does not verify ({found}), so it was removed.  "
            "The record itself was not touched; run `nightdesk db verify` on it."
        )
        raise BadCopy(message)
    return Copied(target, target.stat().st_size, report)
