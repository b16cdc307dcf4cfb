"""``postgres_cluster``: a real PostgreSQL, the newest and the oldest in turn, each started once a run.

In a test module: ``pytest_plugins = ["tests.helpers.postgres_fixtures"]``; nothing else is imported from here, the
rest is in ``postgres``.  These clusters write nothing through to the disk (Profile.TESTS_ONLY); a test about what
survives makes its own with ``own_cluster(kind, Profile.DURABLE)``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import cache

import pytest

from db.postgres.cluster import Cluster
from db.postgres.cluster_settings import Profile
from tests.helpers.postgres import KINDS, own_cluster


@pytest.fixture(scope="session")
def postgres_of_the_run() -> Iterator[Callable[[str], Cluster]]:
    """Give the cluster of a kind, started when first asked for; all are ended with the run."""
    with ExitStack() as stack:
        yield cache(lambda kind: stack.enter_context(own_cluster(kind, Profile.TESTS_ONLY)))


@pytest.fixture(scope="session", params=KINDS)
def postgres_cluster(request: pytest.FixtureRequest, postgres_of_the_run: Callable[[str], Cluster]) -> Cluster:
    """The run's cluster, the newest and the oldest in turn."""
    return postgres_of_the_run(request.param)
