"""The pytest plug-in: a test module that takes the cases in names its benches, and each case runs on each of them.

    from telephony_adapters.contract.cases import *  # noqa: F403
    BENCHES = {"my_switchboard": my_other_side}

It does nothing in a module that does not.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from telephony_adapters.contract.bench import Bench, Benches, CannotShow
from telephony_adapters.contract.heard import Heard
from telephony_adapters.registry import installed

CASES = ("telephony_adapters.contract.cases", "telephony_adapters.contract.wire_cases")
FIXTURE = "switchboard_bench"
pytest.register_assert_rewrite(*CASES)


def pytest_configure(config: pytest.Config) -> None:
    """Make the one mark known that the cases carry."""
    config.addinivalue_line("markers", "expects_log: this case makes the adapter's log speak at WARNING or above")


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Leave a case out that this kind of switchboard has nothing to show for."""
    try:
        return (yield)
    except CannotShow as reason:
        pytest.skip(str(reason))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a case on every bench that its module names."""
    if FIXTURE not in metafunc.fixturenames:
        return
    benches: Benches | None = getattr(metafunc.module, "BENCHES", None)
    if not benches:
        message = f"{metafunc.module.__name__} takes in the contract's cases and names no BENCHES (docs/adapters.md)"
        raise pytest.UsageError(message)
    metafunc.parametrize(FIXTURE, benches.items(), ids=list(benches), indirect=True)


@pytest.fixture
def switchboard_bench(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bench]:
    """One adapter, found by its key as a console finds it, without the guard of plug-ins, and its other side."""
    key, make = request.param
    spec = installed().bare(key)
    with _raising() as raised:
        with make(tmp_path) as side:
            switchboard = spec.connect(side.settings)
            yield Bench(spec, side, switchboard, Heard())
            switchboard.stop()
        if raised:
            pytest.fail(f"the adapter raised on its own thread, which no case means it to: {raised}", pytrace=False)


@contextmanager
def _raising() -> Iterator[list[str]]:
    """Fill a list with the faults of every thread: those that ended it, and those that a line caught and logged.

    A line lives on after a fault, and a case that has seen its facts by then would pass.
    """
    raised: list[str] = []
    hook, catcher, root = threading.excepthook, _Caught(raised), logging.getLogger()

    def ended(fault: threading.ExceptHookArgs) -> None:
        raised.append(f"{fault.exc_type.__name__}: {fault.exc_value}")
        hook(fault)

    threading.excepthook = ended
    root.addHandler(catcher)
    try:
        yield raised
    finally:
        root.removeHandler(catcher)
        threading.excepthook = hook


class _Caught(logging.Handler):
    def __init__(self, raised: list[str]) -> None:
        super().__init__(logging.ERROR)
        self._raised = raised

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what an exception was logged with."""
        if record.exc_info and record.exc_info[0] is not None:
            self._raised.append(f"{record.exc_info[0].__name__}: {record.exc_info[1]}")
