"""The web application within the tests' process, and a client of it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import struct
import threading
from collections.abc import Iterator
from typing import Any

import httpx
import numpy as np
from starlette.types import ASGIApp

from hoplon import api
from hoplon.web.guard import Guard, GuardedApp
from hoplon.web.routes import Application
from hoplon.web.start import Served, application
from hoplon.web.work import Computing, Purpose

PORT = 8765
HOST = f"127.0.0.1:{PORT}"
PATIENCE_S = 300.0


class Client:
    """Asks an application from other threads than that of its loop; a context."""

    def __init__(self, app: ASGIApp, computing: Computing | None = None) -> None:
        self.computing = computing
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever)
        transport = httpx.ASGITransport(app, raise_app_exceptions=True)
        self.asked = httpx.AsyncClient(transport=transport, base_url=f"http://{HOST}", timeout=PATIENCE_S)

    def __enter__(self) -> Client:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self.asked.aclose())
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def rest(self) -> None:
        """Wait until nothing is computed ahead: kernels are asked by one thread at a time."""
        done = threading.Event()
        assert self.computing is not None
        self.computing.put(Purpose.PRECOMPUTE, ("rest",), lambda progress: None, lambda result, error: done.set())
        assert done.wait(PATIENCE_S)

    def run(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self.loop).result(PATIENCE_S)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        answer: httpx.Response = self.run(self.asked.request(method, path, **options))
        return answer

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options: Any) -> httpx.Response:
        return self.request("POST", path, **options)


@contextlib.contextmanager
def served(scenario: Any = "toy", **options: Any) -> Iterator[tuple[Client, Guard, Application]]:
    """Yield a client without a cookie, the guard that it meets and the application behind."""
    guard, computing = Guard("127.0.0.1", PORT), Computing()
    app = application(Served(api.load(scenario), **options), guard, computing)
    computing.begin()
    try:
        with Client(GuardedApp(app, guard), computing) as client:
            yield client, guard, app
            client.loop.call_soon_threadsafe(app.leave)
    finally:
        assert computing.close(PATIENCE_S)


@contextlib.contextmanager
def entered(scenario: Any = "toy", **options: Any) -> Iterator[Client]:
    """Yield a client that has followed the link."""
    with served(scenario, **options) as (client, guard, _):
        assert client.get(f"/?token={guard.token}").status_code == 303
        yield client


def planes(content: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the planes of a binary answer, read as a page reads them."""
    (length,) = struct.unpack_from("<I", content)
    assert (4 + length) % 8 == 0
    header, body = json.loads(content[4 : 4 + length]), content[4 + length :]
    found: dict[str, Any] = {}
    for one in header["planes"]:
        assert one["offset"] % 8 == 0
        part, shape = body[one["offset"] : one["offset"] + one["length"]], one["shape"]
        assert len(part) == one["length"]
        if one["dtype"] == "utf8":
            found[one["name"]] = part.decode().split("\n")
        elif one["dtype"] == "bits":
            row_bytes = -(-shape[-1] // 8)
            rows = [part[at : at + row_bytes] for at in range(0, len(part), row_bytes)]
            flags = [[(row[i >> 3] >> (i & 7)) & 1 for i in range(shape[-1])] for row in rows]
            found[one["name"]] = np.array(flags, dtype=bool).reshape(shape)
        else:
            found[one["name"]] = np.frombuffer(part, dtype=f"<{one['dtype']}").reshape(shape)
    return header, found
