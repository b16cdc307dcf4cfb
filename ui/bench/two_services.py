"""Two services on one server of the bench: one to import into, one to load the same rows into bare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from db.postgres.importing import PeopleDesk
from db.postgres.lines import Address
from db.postgres.make import add_helper, make_service
from db.postgres.target import Service, Target, Tls
from ui.bench.settings import Bench
from ui.bench.trial import SERVICE, Trial, empty_trial

BULK = Service("bench_bulk")


@contextmanager
def two_desks(bench: Bench) -> Iterator[tuple[PeopleDesk, PeopleDesk]]:
    """Give the tables of people of two new, empty services, each by a log-in that may import."""
    with empty_trial(bench) as trial, ExitStack() as stack:
        make_service(trial.admin, BULK, invented=True)
        ours, bare = (PeopleDesk(_importer(trial, service)) for service in (SERVICE, BULK))
        stack.callback(ours.close)
        stack.callback(bare.close)
        yield ours, bare


def _importer(trial: Trial, service: Service) -> Address:
    login = add_helper(trial.admin, service, "import", "nd_import", trial.password)
    target = Target(trial.target.hosts, trial.target.ports, service)
    return Address(target.keywords(login, Tls()), trial.password)
