"""A pytest plug-in: long proofs run by name, and tests left out for lack of a part are named."""

from __future__ import annotations

import os
from collections import defaultdict

import pytest

from tests.helpers.parts import PARTS, is_here

_LEFT_OUT = pytest.StashKey[dict[str, list[str]]]()
_LONG = pytest.StashKey[set[str]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--long NAME``."""
    parser.addoption("--long", metavar="NAME", help="run the long proof NAME and nothing else")


def _missing(item: pytest.Item) -> list[str]:
    marks = list(item.iter_markers("needs"))
    wanted = [str(part) for mark in marks for part in mark.args]
    unknown = [part for part in wanted if part not in PARTS]
    if unknown or (marks and not wanted):
        message = f"{item.nodeid}: @needs wants one of {', '.join(PARTS)}, not {unknown}"
        raise pytest.UsageError(message)
    return [part for part in wanted if not is_here(part)]


def _proof_of(item: pytest.Item) -> str:
    mark = item.get_closest_marker("long")
    if mark is None:
        return ""
    if len(mark.args) != 1:
        message = f"{item.nodeid}: @long wants the name of its proof"
        raise pytest.UsageError(message)
    return str(mark.args[0])


def _choose_proof(config: pytest.Config, items: list[pytest.Item]) -> list[pytest.Item]:
    wanted = config.getoption("long") or ""
    names = config.stash[_LONG] = {name for name in map(_proof_of, items) if name}
    if wanted and wanted not in names:
        message = f"no long proof is called {wanted!r}; there are: {', '.join(sorted(names)) or 'none'}"
        raise pytest.UsageError(message)
    return [item for item in items if _proof_of(item) == wanted]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the chosen tests; remember which were left out and why."""
    left_out: dict[str, list[str]] = defaultdict(list)
    kept: list[pytest.Item] = []
    for item in _choose_proof(config, items):
        missing = _missing(item)
        for part in missing:
            left_out[part].append(item.nodeid)
        if not missing:
            kept.append(item)
    gone = [item for item in items if item not in set(kept)]
    items[:] = kept
    config.stash[_LEFT_OUT] = dict(left_out)
    if gone:
        config.hook.pytest_deselected(items=gone)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Fail a CI run that left a test out."""
    if os.environ.get("CI") == "true" and session.config.stash.get(_LEFT_OUT, {}) and exitstatus == 0:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Name what did not run."""
    long_ones: set[str] = config.stash.get(_LONG, set())
    if long_ones and not config.getoption("long"):
        terminalreporter.write_line(f"long proofs, run by name with --long: {', '.join(sorted(long_ones))}")
    for part, tests in sorted(config.stash.get(_LEFT_OUT, {}).items()):
        terminalreporter.write_line(f"left out for lack of {part} ({PARTS[part].get}): {len(tests)}")
        for test in tests:
            terminalreporter.write_line(f"  {test}")
