"""The house rules of every test: no screen, no network, no silent warning, its own NIGHTDESK_HOME."""

from __future__ import annotations

import gc
import os
import signal
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytestqt.qtbot import QtBot

from tests.helpers.guards import listening_to_logs, network_closed

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# No test writes into the account's keyring; and the library would choose any backend class that a test has defined.
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # A shell that runs us in the background has Ctrl-C ignored, by us and by every program we start.
    signal.signal(signal.SIGINT, signal.default_int_handler)
# Two cores are shared by real servers and windows: a slow moment is no failed property.
settings.register_profile("house", deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

pytest_plugins = ["tests.helpers.selection", "telephony_adapters.contract.plugin"]

PATIENCE_MS = 60_000
OLD_RUBBISH_EVERY = 25
"""Tests between two looks through everything that was made since the first of them began."""


def pytest_configure() -> None:
    """Look for dead cycles on this thread only.

    Left to itself Python looks on whatever thread happens to make an object, and dead windows that are let go on
    another thread than their own bring Qt down, tests later.
    """
    gc.disable()


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Look no more through what stays as long as the run: a million things of libraries, a second each time.

    Dead windows that nobody has looked at for hundreds of tests have brought Qt down when their places were used again.
    """
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let go of what a test left, here and now; and keep the search off, whatever the test did to it.

    Not in its teardown: pytest still holds a test's fixtures then, and a window that is held while one looks is old
    from then on, dead soon after, and not looked at again before many tests have come and gone.
    """
    result = yield
    gc.disable()
    done = item.session.stash.get(_DONE, 0) + 1
    item.session.stash[_DONE] = done
    # A console that ended has given back all that was frozen, itself with it: old from then on, and dead.
    thawed = gc.get_freeze_count() == 0
    gc.collect(2 if thawed or done % OLD_RUBBISH_EVERY == 0 else 1)
    if thawed:
        gc.freeze()
    return result


_DONE = pytest.StashKey[int]()


@pytest.fixture(autouse=True)
def own_home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Give each test a NIGHTDESK_HOME of its own (not made yet) and return it."""
    home = tmp_path / "nightdesk-home"
    monkeypatch.setenv("NIGHTDESK_HOME", str(home))
    return home


@pytest.fixture
def qtbot(qtbot: QtBot) -> QtBot:
    """Wait as long for what a window comes to as for a console in a process of its own: two cores serve many."""
    for name in ("waitUntil", "waitSignal"):
        setattr(qtbot, name, partial(getattr(qtbot, name), timeout=PATIENCE_MS))
    return qtbot


@pytest.fixture(autouse=True, scope="session")
def no_network() -> Iterator[None]:
    """Close every way out of this computer."""
    with network_closed():
        yield


@pytest.fixture(autouse=True)
def no_unexpected_log(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test that made a log speak at WARNING or above without ``@pytest.mark.expects_log``."""
    with listening_to_logs() as heard:
        yield
    if heard.records and request.node.get_closest_marker("expects_log") is None:
        pytest.fail(f"unexpected log records (mark the test expects_log if meant):\n{heard.said()}", pytrace=False)
