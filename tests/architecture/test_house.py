"""Sizes, and what may never be in a tracked file."""

from __future__ import annotations

import ast
import re
import shutil
import statistics
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("console", "ui", "telephony_adapters", "db")
LONGEST_FILE = 500
LONGEST_CLASS = 300
FUNCTION_MEDIAN, FUNCTION_P90 = 8, 30
BINARY = {".png", ".gif", ".ttf", ".woff2", ".ico", ".wav"}

_OFCOM_DRAMA = re.compile(
    r"(?:1632960\d{3}|7700900\d{3}|2079460\d{3}|3069990\d{3}|8081570\d{3}"
    # Further places of Ofcom's list of numbers for drama: 0xxx 496 0xxx.
    r"|1(?:1[3-8]|21|31|41|51|61)4960\d{3}|1914980\d{3}|2890180\d{3}|2920180\d{3})$"
)
_BRITISH = re.compile(r"(?<![\w.+:-])(?:\+44[ -]?|0044[ -]?|0)(?=[1-3578])((?:[ -]?\d){9,10})(?![\w-])")


def _tracked() -> list[Path]:
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        return sorted(path for room in (*ROOMS, "tests", "docs") for path in (ROOT / room).rglob("*") if path.is_file())
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]


def _texts() -> Iterator[tuple[Path, str]]:
    for path in _tracked():
        if path.suffix not in BINARY:
            yield path, path.read_text(encoding="utf-8", errors="replace")


def _ours() -> list[Path]:
    return [path for path in _tracked() if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in ROOMS]


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Return the lines of ``node`` without its docstring."""
    total = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str):
        total -= (first.end_lineno or first.lineno) - first.lineno + 1
    return total


def _nodes(kind: type[ast.AST] | tuple[type[ast.AST], ...]) -> Iterator[tuple[Path, ast.AST]]:
    for path in _ours():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield path.relative_to(ROOT), node


def test_no_file_is_too_long_to_hold_in_the_head() -> None:
    long = {
        str(p.relative_to(ROOT)): n for p in _ours() if (n := len(p.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert long == {}, "is there a second thing hiding in each?"


def test_no_class_is_too_long() -> None:
    long = {
        f"{path}: {node.name}": _length(node)
        for path, node in _nodes(ast.ClassDef)
        if isinstance(node, ast.ClassDef) and _length(node) > LONGEST_CLASS
    }
    assert long == {}, "does it need a second class?"


def test_functions_are_short() -> None:
    lengths = [
        _length(node)
        for _, node in _nodes((ast.FunctionDef, ast.AsyncFunctionDef))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert statistics.median(lengths) <= FUNCTION_MEDIAN
    assert statistics.quantiles(lengths, n=10)[8] <= FUNCTION_P90


def test_no_tracked_file_names_a_path_of_some_machine() -> None:
    place = re.compile(r"(?<![\w.~>)}\]-])/(?:work|farm|root|home/[a-z]\w+|Users/[A-Za-z]\w+)/(?!x\b)")
    named = [f"{path.relative_to(ROOT)}: {m.group()}" for path, text in _texts() for m in place.finditer(text)]
    assert named == []


def test_the_lock_names_no_registry() -> None:
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|index-url|find-links|@ ", lock)
    unpinned = [line for line in lock.splitlines() if re.match(r"[a-z]", line) and "==" not in line]
    assert unpinned == []


def test_the_lock_holds_everything_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    groups = [project["project"]["dependencies"], *extras, *project["dependency-groups"].values()]
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    locked = dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock, flags=re.MULTILINE))
    for wanted in (Requirement(text) for group in groups for text in group):
        version = locked.get(canonicalize_name(wanted.name))
        assert version is not None, f"{wanted.name} is not in the lock"
        assert wanted.specifier.contains(version, prereleases=True), f"{wanted} but the lock has {version}"


def _strange_numbers(text: str) -> list[str]:
    """Return what looks like a British telephone number and is not one for drama."""
    found = []
    for match in _BRITISH.finditer(text):
        digits = re.sub(r"\D", "", match.group(1))
        if not _OFCOM_DRAMA.match(digits):
            found.append(match.group().strip())
    return found


def test_only_numbers_for_drama_are_in_tracked_files() -> None:
    strange = [
        f"{path.relative_to(ROOT)}: {number}"
        for path, text in _texts()
        if path.name != "requirements.lock"
        for number in _strange_numbers(text)
    ]
    assert strange == []


@pytest.mark.parametrize(
    ("text", "strange"),
    [
        ("ring 01632 960123 or +44 7700 900456 or 020 7946 0018", []),
        ("ring 01632960123, +441632960123, 03069 990001, 08081 570001", []),
        ("ring 01865 249" + "811 now", ["01865 249" + "811"]),
        ("tel +4420" + "72222222", ["+4420" + "72222222"]),
        ("id 1732045678.123, 0.0123456789, 2026-12-01, seq 00012345678901", []),
    ],
)
def test_the_search_for_numbers_finds_them(text: str, strange: list[str]) -> None:
    assert _strange_numbers(text) == strange


def test_every_decision_says_why() -> None:
    headings = ["## Context", "## Decision", "## Consequences", "## Alternatives"]
    pages = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert len(pages) >= 5
    for page in pages:
        assert re.match(r"\d{4}-[a-z0-9-]+\.md$", page.name), page.name
        lines = page.read_text(encoding="utf-8").splitlines()
        assert [line for line in lines if line.startswith("## ")] == headings, page.name


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_opens_with_a_short_page(room: str) -> None:
    page = (ROOT / room / "README.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) <= 40
    for heading in ("## What lives here", "## What may not", "## How to add one"):
        assert heading in page


def test_no_link_of_our_pages_is_broken() -> None:
    broken = []
    for path, text in _texts():
        if path.suffix != ".md":
            continue
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text):
            if not re.match(r"[a-z]+:", target) and not (path.parent / target).exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
    assert broken == []
