"""The server from its start to its end: address, link, browser, Ctrl-C."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any, Final

import uvicorn

from hoplon import api
from hoplon.errors import InputError, OutputError
from hoplon.web.connections import TimedConnection
from hoplon.web.guard import Guard, GuardedApp
from hoplon.web.opened import OpenedScenario, Origin
from hoplon.web.routes import Application
from hoplon.web.served_files import report_files, static_files
from hoplon.web.work import Computing

LOOPBACK: Final = "127.0.0.1"
PORT: Final = 8765
_TRIED: Final = 20  # ports after the usual one, where that is taken
_MOST_CONNECTIONS: Final = 200
_WARNING: Final = (
    "hoplon: warning: {address} can be reached from other machines, over a line that anyone on it may read; "
    "whoever has the link can use this server"
)
_LEAVE_S: Final = 2  # that requests under way are given as the server ends


@dataclass(frozen=True)
class Served:
    """What a server was started with.

    Attributes
    ----------
    scenario : Scenario
    origin : {"bundled", "file"}
    architecture : str or None
        That a page begins with.
    study : Path or None
        Folder of a study whose report is served.
    """

    scenario: Any
    origin: Origin = "bundled"
    architecture: str | None = None
    study: Path | None = None
    warnings: tuple[str, ...] = ()


def is_loopback(address: str) -> bool:
    """Tell whether an address is this machine's alone.

    Raises
    ------
    InputError
        If it is no address in numbers.
    """
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        message = f"--address {address[:60]}: an address in numbers was expected, as 127.0.0.1 or 192.168.1.20"
        raise InputError(message) from None


def listening(address: str, port: int | None) -> socket.socket:
    """Return a socket that listens; without a port on the usual one, or the first free one after it.

    Raises
    ------
    OutputError
        If the address or the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    tried = range(PORT, PORT + _TRIED) if port is None else (port,)
    reason = ""
    for number in (*tried, *((0,) if port is None else ())):
        found = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name != "nt":  # there it would let a second server listen on the same port
                found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            # What is accepted inherits it. Else an answer waits for 40 ms until its headers are acknowledged:
            # asyncio sets this only of sockets that name their protocol.
            found.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            found.bind((address, number))
            found.listen(128)
        except OSError as error:
            found.close()
            reason = error.strerror or str(error)
        else:
            found.set_inheritable(False)
            return found
    where = f"port {port}" if port is not None else f"ports {PORT} to {PORT + _TRIED - 1}"
    raise OutputError(f"cannot listen on {address}, {where}: {reason}; name another --port")


class _Server(uvicorn.Server):
    """A server that says when it listens, and lets streams end before it waits for them."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], leaving: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready, self._leaving = ready, leaving

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to listen, and say so."""
        await super().startup(sockets)
        self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End what is under way, then the connections."""
        self._leaving()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take Ctrl-C and the request to terminate for the wish to end; they are not raised again afterwards."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self.handle_exit) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """End; a second Ctrl-C does not wait for what is under way."""
        super().handle_exit(sig, frame)


def application(served: Served, guard: Guard, computing: Computing) -> Application:
    """Return the application of a server.

    Raises
    ------
    InputError
        If there is no report in the folder of the study.
    UnknownNameError
        If the scenario has no such architecture.
    """
    scenario = served.scenario
    named = None if served.architecture is None else api.name_in(scenario, "architecture", served.architecture)
    files = static_files() | ({} if served.study is None else report_files(served.study))
    first = OpenedScenario(scenario, served.origin, named, served.warnings)
    return Application(first, guard, files, computing)


def serve(
    served: Served,
    *,
    address: str = LOOPBACK,
    port: int | None = None,
    browser: bool = True,
    say: Callable[[str, int, str], None],
    ended: Callable[[], None],
) -> int:
    """Serve until Ctrl-C, and return the exit status.

    Parameters
    ----------
    served : Served
    address : str
        In numbers.
    port : int, optional
        8765, or the first free one after it, by default; 0 for any.
    browser : bool
        Open the page in the browser.
    say : callable
        Told the link, the port and a warning, "" for none, once the server listens.
    ended : callable
        Called once everything has ended.

    Raises
    ------
    InputError, UnknownNameError, OutputError
        Before anything is served.
    """
    loopback = is_loopback(address)
    with contextlib.closing(listening(address, port)) as found:
        guard = Guard(address, int(found.getsockname()[1]))
        computing = Computing()
        app = application(served, guard, computing)
        _log_faults()

        def ready() -> None:
            say(guard.link, guard.port, "" if loopback else _WARNING.format(address=address))
            app.warm_up()
            if browser:
                threading.Thread(target=webbrowser.open, args=(guard.one_use_link(),), daemon=True).start()

        config = uvicorn.Config(
            GuardedApp(app, guard),
            access_log=False,
            log_config=None,
            lifespan="off",
            ws="none",
            http=TimedConnection,
            loop="asyncio",
            server_header=False,
            date_header=False,
            proxy_headers=False,
            limit_concurrency=_MOST_CONNECTIONS,
            timeout_graceful_shutdown=_LEAVE_S,
        )
        computing.begin()
        computed = False
        try:
            _Server(config, ready, app.leave).run(sockets=[found])
        finally:
            app.leave()
            computed = computing.close()
            app.long_runs.close()
    ended()
    if not computed:  # in the middle of a kernel, which cannot be interrupted: leave without it
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(0)
    return 0


def _log_faults() -> None:
    """Write faults of the server to standard error; nothing else is logged, and no address with a token in it."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("hoplon serve: %(message)s"))
    for name, level in (("hoplon.web", logging.WARNING), ("uvicorn.error", logging.CRITICAL)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False
