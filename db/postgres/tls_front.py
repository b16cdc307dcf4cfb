"""TLS 1.3 in front of a PostgreSQL that listens on the loopback alone: the wheel's server knows no TLS of its own.

An asyncio loop in one thread of its own; nothing of it is seen outside.  It looks into nothing it passes on, and logs
neither data nor addresses.  Clients speak TLS from the first byte (libpq 17: ``sslnegotiation=direct``).

What it cannot do: SCRAM's channel binding; and the server behind it sees every client at 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from console.domain.text import NightdeskError
from db.postgres.certificates import Certificates

log = logging.getLogger(__name__)

ALPN = "postgresql"
_PIECE = 65_536
"""Bytes held for one side that takes them slower than the other gives."""
_STARTING = 10.0


class FrontTrouble(NightdeskError):
    """The front could not be opened; the database behind it is untouched."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds and numbers.  ``connections`` should be above the server's own, whose refusal has words."""

    connections: int = 200
    handshakes: int = 32
    """At the same time; more wait in the system's queue."""
    handshake: float = 5.0
    connect: float = 5.0
    """To the server behind."""
    blocked: float = 30.0
    """How long a client may take nothing of what waits for it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts since the start, ``open`` excepted."""

    open: int = 0
    let_in: int = 0
    no_tls: int = 0
    """No TLS 1.3, not in time, or not meant for PostgreSQL."""
    full: int = 0
    slow: int = 0
    away: int = 0
    """The server behind did not answer."""


def client_keywords(host: str, port: int, authority: Path) -> dict[str, Any]:
    """Return what ``psycopg.connect`` takes, beside user, password and dbname, to come in through a front."""
    return {
        "host": host,
        "port": str(port),
        "sslmode": "verify-full",
        "sslnegotiation": "direct",
        "sslrootcert": str(authority),
        "ssl_min_protocol_version": "TLSv1.3",
        "gssencmode": "disable",
        "require_auth": "scram-sha-256",
    }


class TlsFront:
    """One listening place.  ``to`` is asked for the server's address at every connection: a restart may move it."""

    def __init__(
        self,
        certificates: Certificates,
        to: Callable[[], tuple[str, int]],
        *,
        host: str = "",
        port: int = 0,
        limits: Limits | None = None,
    ) -> None:
        """``host`` is one address to listen on, or nothing for all of this computer's; ``port`` 0 is any."""
        self._certificates, self._to = certificates, to
        self._host, self._port = host, port
        self._limits = limits or Limits()
        self._figures = Figures()
        self._links: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._serving: asyncio.Task[None] | None = None
        self._ready = threading.Event()
        self._thread: threading.Thread | None = None
        self._away = False

    @property
    def port(self) -> int:
        """Return the port it listens on, once started."""
        return self._port

    def figures(self) -> Figures:
        """Return the counts of this moment; may be asked from any thread."""
        return self._figures

    def start(self) -> None:
        """Open the front; connections are taken when this returns.  Raises :class:`FrontTrouble`."""
        context = _context(self._certificates)
        listening = _listening(self._host, self._port)
        self._port = int(listening.getsockname()[1])
        self._ready.clear()
        self._thread = threading.Thread(
            target=lambda: asyncio.run(self._serve(listening, context)), name="tls-front", daemon=True
        )
        self._thread.start()
        if not self._ready.wait(_STARTING):
            raise FrontTrouble(
                "The TLS front did not start in time.  The record is safe; stop this, and start it again."
            )

    def stop(self, seconds: float = 10) -> None:
        """Close it and every connection through it; harmless when it is closed."""
        thread, self._thread = self._thread, None
        if thread is None or self._loop is None or self._serving is None:
            return
        with suppress(RuntimeError):  # its loop has ended by itself
            self._loop.call_soon_threadsafe(self._serving.cancel)
        thread.join(seconds)
        if thread.is_alive():
            log.warning("the TLS front did not close in %d s", seconds)

    def _count(self, **more: int) -> None:
        self._figures = replace(self._figures, **{name: getattr(self._figures, name) + n for name, n in more.items()})

    # --- in the loop's thread

    async def _serve(self, listening: socket.socket, context: ssl.SSLContext) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_exception_handler(_say_kind)
        self._serving = asyncio.current_task()
        self._ready.set()
        with suppress(asyncio.CancelledError), listening:
            await self._accept(self._loop, listening, context)
        for task in tuple(self._links):
            task.cancel()
        await asyncio.gather(*self._links, return_exceptions=True)

    async def _accept(self, loop: asyncio.AbstractEventLoop, listening: socket.socket, context: ssl.SSLContext) -> None:
        places = asyncio.Semaphore(self._limits.handshakes)
        while True:
            await places.acquire()
            try:
                link, _ = await loop.sock_accept(listening)
            except OSError as error:
                # Gone before we came, or no more files may be open: others will close theirs.
                log.info("the TLS front could not take a connection (%s)", type(error).__name__)
                places.release()
                await asyncio.sleep(0.1)
                continue
            task = loop.create_task(self._one(link, context, places))
            self._links.add(task)
            task.add_done_callback(self._links.discard)

    async def _one(self, link: socket.socket, context: ssl.SSLContext, places: asyncio.Semaphore) -> None:
        try:
            client = await self._let_in(link, context)
        finally:
            places.release()
        if client is None:
            return
        self._count(let_in=1, open=1)
        try:
            server = await self._behind()
            if server is not None:
                await self._pass_on(client, server)
        finally:
            self._count(open=-1)
            client[1].transport.abort()

    async def _let_in(
        self, link: socket.socket, context: ssl.SSLContext
    ) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Do the handshake; None where it was refused, and the connection is closed."""
        loop = asyncio.get_running_loop()
        try:
            _keep_alive(link)
            reader = asyncio.StreamReader(limit=_PIECE, loop=loop)
            protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
            transport, _ = await loop.connect_accepted_socket(
                lambda: protocol,
                link,
                ssl=context,
                ssl_handshake_timeout=self._limits.handshake,
                ssl_shutdown_timeout=5,
            )
        except OSError:
            self._count(no_tls=1)
            link.close()
            return None
        except asyncio.CancelledError:
            link.close()
            raise
        if transport.get_extra_info("ssl_object").selected_alpn_protocol() != ALPN:
            self._count(no_tls=1)
        elif self._figures.open >= self._limits.connections:
            self._count(full=1)
        else:
            transport.set_write_buffer_limits(high=_PIECE)
            return reader, asyncio.StreamWriter(transport, protocol, reader, loop)
        transport.abort()
        return None

    async def _behind(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        """Connect to the server; None where it is away, said once in the log, and its return once."""
        try:
            async with asyncio.timeout(self._limits.connect):
                pair = await asyncio.open_connection(*self._to(), limit=_PIECE)
        except OSError as error:
            self._count(away=1)
            if not self._away:
                log.warning("the PostgreSQL behind the TLS front does not answer (%s)", type(error).__name__)
            self._away = True
            return None
        if self._away:
            log.info("the PostgreSQL behind the TLS front answers again")
        self._away = False
        return pair

    async def _pass_on(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        """Pass bytes both ways until either side ends; what the server said last still reaches the client."""
        # A busy server may let a client wait for as long as a statement takes; a client has no such excuse.
        up = asyncio.create_task(_pump(client[0], server[1], None))
        down = asyncio.create_task(self._down(server[0], client[1]))
        try:
            await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
            await _close(client[1] if down.done() else server[1])
        finally:
            for task in (up, down):
                task.cancel()
            await asyncio.gather(up, down, return_exceptions=True)
            server[1].transport.abort()

    async def _down(self, server: asyncio.StreamReader, client: asyncio.StreamWriter) -> None:
        try:
            await _pump(server, client, self._limits.blocked)
        except TimeoutError:
            self._count(slow=1)
            client.transport.abort()


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, patience: float | None) -> None:
    """Pass bytes on until the source ends or either breaks; TimeoutError where the target takes none in time."""
    with suppress(ConnectionError, ssl.SSLError):
        while piece := await source.read(_PIECE):
            target.write(piece)
            async with asyncio.timeout(patience):
                await target.drain()


async def _close(writer: asyncio.StreamWriter) -> None:
    """Send what is left and close; the caller aborts what is not closed in time."""
    with suppress(OSError):
        async with asyncio.timeout(5):
            writer.close()
            await writer.wait_closed()


def _say_kind(_: asyncio.AbstractEventLoop, about: dict[str, Any]) -> None:
    """Log what kind of fault the loop met; its own words may name addresses."""
    log.info("the TLS front lost a connection (%s)", type(about.get("exception")).__name__)


def _context(certificates: Certificates) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    context.set_alpn_protocols([ALPN])
    # As PostgreSQL itself does: connections last, nobody resumes one.
    context.num_tickets = 0
    try:
        context.load_cert_chain(certificates.server, certificates.key)
    except OSError as error:
        message = (
            f"The server's certificate in {certificates.server.parent} cannot be read.  "
            "The record is safe; start again, which makes a new one."
        )
        raise FrontTrouble(message) from error
    return context


def _listening(host: str, port: int) -> socket.socket:
    both = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if both or ":" in host else socket.AF_INET
    try:
        if not 0 <= port < 65_536:
            raise OSError(0, "no such port")
        listening = socket.create_server((host, port), family=family, backlog=512, dualstack_ipv6=both)
    except OSError as error:
        where = f"port {port}" + (f" of {host}" if host else "")
        message = (
            f"Nobody can be let in at {where} ({error.strerror or type(error).__name__}).  The record is safe.  "
            "Close what uses that port, or name another."
        )
        raise FrontTrouble(message) from error
    listening.setblocking(False)
    return listening


def _keep_alive(link: socket.socket) -> None:
    """Notice within a minute a client whose computer has gone without a word."""
    link.setblocking(False)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in (
        ("TCP_KEEPIDLE", 30),
        ("TCP_KEEPINTVL", 10),
        ("TCP_KEEPCNT", 3),
        ("TCP_USER_TIMEOUT", 60_000),
    ):
        if hasattr(socket, name):
            link.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
