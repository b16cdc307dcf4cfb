"""A second try for tests of real processes, said aloud (docs/decisions/0017-a-second-try.md).

Thousands of tests start real servers, windows and switchboards on two shared cores; one that met a slow
moment says nothing of the product.  Pure rules have no such excuse: a property that fails once is a finding.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

MOST = 3
"""More failures than this in one run are no slow moment: nothing is tried again."""
NO_EXCUSE = ("tests/domain/", "tests/services/", "tests/architecture/")
"""Rooms without a process, a socket or a window: what fails there once has failed."""


def failures(cache: Path) -> tuple[str, ...]:
    """Return the ids of the tests that failed in the run which kept its cache in ``cache``."""
    kept = cache / "v" / "cache" / "lastfailed"
    return tuple(sorted(json.loads(kept.read_text(encoding="utf-8")))) if kept.exists() else ()


def worth_a_second_try(code: int, failed: tuple[str, ...]) -> bool:
    """Say whether a run that ended with pytest's exit ``code`` and these failures may have met a slow moment only.

    A crash, a stop, a usage error and a test that was left out are none.
    """
    return (
        code == pytest.ExitCode.TESTS_FAILED
        and 0 < len(failed) <= MOST
        and not any(test.startswith(NO_EXCUSE) for test in failed)
    )
