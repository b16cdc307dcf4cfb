"""A team trial on this computer: a PostgreSQL of our own, TLS 1.3 in front of it, and one log-in for each person."""

from __future__ import annotations

import logging
import secrets as random_source
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

import console.machine.platform as machine
from console.domain.record import worker_key
from console.domain.roles import Role
from console.domain.text import BadInput, NightdeskError, safe_line
from console.machine.platform import FileLock, is_root, make_private_folder, own_addresses
from console.machine.shares import share_kind
from console.ports.clock import Clock
from console.ports.secrets import Secrets, SecretsUnavailable
from console.ports.store import StoreAway
from db.postgres.certificates import Certificates, der_of, is_name, make_certificates
from db.postgres.cluster import Cluster
from db.postgres.lines import Address
from db.postgres.make import add_helper, remove_worker
from db.postgres.programs import Version, embedded_bins, system_bins
from db.postgres.target import Service, Target, Tls
from db.postgres.tls_front import Limits, TlsFront, client_keywords
from db.postgres.tools import ClusterTrouble
from db.postgres.trial import admin_of, ensure_service, invite
from db.postgres.upgrade import upgrade_service
from db.team import PROGRAMS, Way
from ui.bootstrap.join_line import Invitation, write_line
from ui.bootstrap.serving_folder import EVERYWHERE, LOOPBACK, NoTrial, ServeFolder, Trial, Wanted

log = logging.getLogger(__name__)

CONNECTIONS = 150
"""Of the server: twelve desks with four each, and room; the front takes more, because only the server has words."""
_LOOK_S = 0.5
_REVIVALS = 3
"""How often a PostgreSQL that ended by itself is started again before we give up and say so."""

NOT_THIS = (
    "This is a trial, for invented people or a first look, and not a way to run a service:",
    "the TLS front cannot bind a password to its certificate (no SCRAM channel binding);",
    "the server sees every client at 127.0.0.1, so its log does not tell from where somebody came;",
    "PostgreSQL comes from a package in its alpha, kept by one person;",
    "nothing is replicated or copied: to back it up, stop it and copy its whole folder to another disk;",
    "for real work use PostgreSQL 15 or newer, as docs/running tells.",
)
"""What every start says (reliability.md 4)."""


class AlreadyServed(NightdeskError):
    """Another program serves this folder."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A trial that runs: what it listens on, the names it may be called by, and what is worth knowing."""

    trial: Trial
    names: tuple[str, ...]
    join_host: str
    fingerprint: str
    version: Version
    administrator: str
    """Where the administrator's password is, in words; empty where nobody had to ask."""
    made: bool
    recovered: bool
    """Whether an earlier start had left a server behind."""
    old_doors: str
    """Why the record was not brought to this program's version; empty where it was."""


class TrialServer:
    """One trial, from :meth:`start` to :meth:`stop`; used from one thread."""

    def __init__(self, folder: ServeFolder, wanted: Wanted, secrets: Secrets, clock: Clock, usual: str) -> None:
        """``usual`` is the service's database where neither the command line nor an earlier start named one."""
        self._folder, self._wanted, self._secrets, self._clock = folder, wanted, secrets, clock
        self._usual = usual
        self._lock = FileLock(folder.lock)
        self._cluster: Cluster | None = None
        self._front: TlsFront | None = None

    def start(self) -> Ready:
        """Make what is not there, start it and let people in.  Raises ``NightdeskError``; nothing runs then."""
        refuse_root()
        last = self._folder.last()
        trial = self._wanted.over(last or Trial(service=self._usual))
        service = Service(trial.service)
        if not self._lock.take():
            message = (
                f"A trial is being served from {self._folder.path} already.  It was left as it is.  "
                "Add people with `nightdesk serve add`, or stop it first."
            )
            raise AlreadyServed(message)
        try:
            return self._started(trial, service)
        except BaseException:
            self.stop()
            raise

    def _started(self, trial: Trial, service: Service) -> Ready:
        _refuse_share(self._folder)
        make_private_folder(self._folder.path)
        cluster, made, recovered = self._run_cluster(service.name in trial.made)
        if service.name not in trial.made:
            made = ensure_service(admin_of(cluster.keywords()), service, invented=self._wanted.invented) or made
            trial = replace(trial, made=(*trial.made, service.name))
            old_doors = ""
        else:
            old_doors = self._bring_up_to_date(cluster, service)
        names = names_for(trial)
        make_private_folder(self._folder.certificates)
        certificates = make_certificates(self._folder.certificates, names, self._clock.now())
        trial = self._open_front(trial, certificates, cluster)
        self._folder.keep(trial)
        where = self._folder.where(self._secrets) if made else ""
        fingerprint = certificates.fingerprint()
        version = cluster.version()
        return Ready(trial, names, join_host(trial), fingerprint, version, where, made, recovered, old_doors)

    def _bring_up_to_date(self, cluster: Cluster, service: Service) -> str:
        """Write this program's doors into the record of an earlier start; return why not, where nobody may."""
        try:
            password = self._folder.password(self._secrets)
        except (NoTrial, SecretsUnavailable) as why:
            return f"The record was left at the version of the start before: {why}"
        upgrade_service(admin_of(cluster.keywords(password=password)), service)
        return ""

    def _run_cluster(self, is_known: bool) -> tuple[Cluster, bool, bool]:
        """Return the running cluster, whether it was made, and whether one was left over from before."""
        bins = embedded_bins() or system_bins()
        if bins is None:
            raise ClusterTrouble(_NO_POSTGRES)

        def cluster_with(password: str) -> Cluster:
            return Cluster(bins, self._folder.cluster, machine, password=password, connections=CONNECTIONS)

        cluster = cluster_with("")
        is_new = not cluster.is_made
        if is_new:
            cluster = cluster_with(self._folder.new_password(self._secrets)[0])
            cluster.make()
        elif not is_known:
            # Asked for only when needed: a trial starts again also where its keyring is locked.
            cluster = cluster_with(self._folder.password(self._secrets))
        recovered = cluster.stop_left_over()
        cluster.start()
        self._cluster = cluster
        return cluster, is_new, recovered

    def _open_front(self, trial: Trial, certificates: Certificates, cluster: Cluster) -> Trial:
        limits = Limits(connections=CONNECTIONS + 50)
        # "::" alone would leave out everybody without IPv6; all addresses of both kinds are meant.
        host = "" if trial.host == "::" else trial.host
        front = TlsFront(certificates, lambda: cluster.address, host=host, port=trial.port, limits=limits)
        front.start()
        self._front = front
        return replace(trial, port=front.port)

    def watch(self, told: threading.Event, say: Callable[[str], None]) -> None:
        """Wait until ``told``; start a PostgreSQL that ended by itself again, a few times, and ``say`` so."""
        revived = 0
        while not told.wait(_LOOK_S):
            cluster = self._cluster
            if cluster is None or cluster.is_running:
                continue
            if revived == _REVIVALS:
                message = (
                    f"PostgreSQL ended by itself {_REVIVALS + 1} times.  What was acknowledged is safe.  "
                    f"Its own words are at the end of {cluster.log_file}."
                )
                raise ClusterTrouble(message)
            revived += 1
            log.info("PostgreSQL ended by itself and is started again")
            cluster.start()
            say("PostgreSQL had ended by itself and was started again.  What was acknowledged is safe.")

    def stop(self) -> None:
        """Let nobody in any more, then stop the server in order; harmless twice."""
        front, self._front = self._front, None
        cluster, self._cluster = self._cluster, None
        if front is not None:
            front.stop()
        if cluster is not None:
            cluster.stop()
        self._lock.release()


_NO_POSTGRES = (
    "There is no PostgreSQL on this computer.  Nothing was made.  Install Nightdesk's extra [serve], which brings one, "
    "or PostgreSQL 15 or newer."
)


def refuse_root() -> None:
    """Raise where we are root: no server of ours runs with all rights."""
    if is_root():
        message = (
            "A trial is not served as root, so that a fault in it can never reach the whole computer.  "
            "Nothing was made or started.  Log in as an ordinary user and start again."
        )
        raise ClusterTrouble(message)


def _refuse_share(folder: ServeFolder) -> None:
    kind = share_kind(folder.path)
    if kind:
        message = (
            f"{folder.path} lies on a network drive ({kind}), where PostgreSQL cannot keep the record safe.  "
            "Nothing was made.  Set NIGHTDESK_HOME to a folder on this computer's own disk."
        )
        raise BadInput(message)


def names_for(trial: Trial) -> tuple[str, ...]:
    """Return every name and address that the certificate is for: those asked for, and this computer's own."""
    own: Sequence[str] = (socket.gethostname(), *own_addresses(), "localhost", LOOPBACK, "::1")
    bound = () if trial.host in EVERYWHERE else (trial.host,)
    # A name that was asked for is refused in words where it is none; our own is left out.
    return tuple(dict.fromkeys((*trial.names, *bound, *filter(is_name, own))))


def join_host(trial: Trial) -> str:
    """Return the name or address that join lines carry: the first one asked for, or where we listen."""
    if trial.names:
        return trial.names[0]
    if trial.host not in EVERYWHERE:
        return trial.host
    return next(iter(own_addresses()), LOOPBACK)


def own_address(folder: ServeFolder, trial: Trial, password: str, database: str = "postgres") -> Address:
    """Return how this computer's administrator comes in through the front, which proves that the trial runs."""
    host = LOOPBACK if trial.host in EVERYWHERE else trial.host
    words = {name: str(value) for name, value in client_keywords(host, trial.port, folder.authority).items()}
    return Address({**words, "user": "postgres", "dbname": database}, password)


@dataclass(frozen=True, slots=True)
class Added:
    """A person who may join: ``line`` holds the one-time password."""

    name: str
    role: Role
    login: str
    again: bool
    line: str
    only_here: bool
    """Whether the trial listens on this computer's loopback alone."""

    @property
    def is_witness(self) -> bool:
        """Say whether no person comes in with it, but a program that watches the telephones."""
        return self.role is Role.WITNESS


def running_trial(folder: ServeFolder) -> Trial:
    """Return what runs here; raises :class:`NoTrial` where no trial was ever started."""
    trial = folder.last()
    if trial is None:
        message = f"There is no trial in {folder.path}.  Nothing was changed; start one with `nightdesk serve`."
        raise NoTrial(message)
    return trial


def add_person(folder: ServeFolder, secrets: Secrets, name: str, role: Role, at: str | None = None) -> Added:
    """Let one person join the running trial with one role; ``at`` is another name or address for the line."""
    refuse_root()
    trial, name = running_trial(folder), safe_line(name)
    if not worker_key(name):
        raise BadInput("A person needs a name with a letter in it.  Nobody was added.")
    if at is not None and at not in names_for(trial):
        message = (
            f"The trial's certificate is not for {at!r}.  Nobody was added.  "
            f"Start it again with --name {at}, or choose one of: {', '.join(names_for(trial))}."
        )
        raise BadInput(message)
    service = Service(trial.service)
    admin = own_address(folder, trial, folder.password(secrets))
    with _runs(folder):
        guest = invite(admin, service, worker_key(name), name, role)
    host = at or join_host(trial)
    invitation = Invitation(
        host, trial.port, service.name, guest.login, name, role, der_of(folder.authority), guest.password
    )
    return Added(name, role, guest.login, guest.again, write_line(invitation), trial.host == LOOPBACK)


def program_way(folder: ServeFolder, secrets: Secrets, program: str) -> Way:
    """Return how a program of :data:`PROGRAMS` comes in to the running trial: by a log-in that may do that and no more.

    Its password is made anew each time, and kept nowhere.
    """
    refuse_root()
    trial = running_trial(folder)
    service = Service(trial.service)
    password = random_source.token_urlsafe(24)
    with _runs(folder):
        admin = own_address(folder, trial, folder.password(secrets))
        login = add_helper(admin, service, program, PROGRAMS[program], password)
    target = Target((admin.keywords["host"],), (admin.keywords["port"],), service)
    return Way(target, Tls(str(folder.authority), direct=True), login, password)


def remove_person(folder: ServeFolder, secrets: Secrets, name: str) -> str:
    """End a person's log-in and return its name; what they wrote stays."""
    refuse_root()
    trial = running_trial(folder)
    service = Service(trial.service)
    with _runs(folder):
        remove_worker(own_address(folder, trial, folder.password(secrets)), service, worker_key(name))
    return service.login(worker_key(name))


@contextmanager
def _runs(folder: ServeFolder) -> Iterator[None]:
    """Turn "the record is away" into what it means here: the trial does not run."""
    try:
        yield
    except StoreAway as error:
        message = (
            f"The trial of {folder.path} does not run, so nothing was done.  "
            "Start it with `nightdesk serve`, leave it running, and try again in a second window."
        )
        raise NoTrial(message) from error
