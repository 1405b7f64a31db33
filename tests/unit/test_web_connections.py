"""A connection that brings no request is closed, and one that is being answered is not."""

import asyncio

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.server import ServerState

from hoplon.web import connections

WITHIN_S = 0.1


async def slow(scope: Scope, receive: Receive, send: Send) -> None:
    await asyncio.sleep(3 * WITHIN_S)
    await PlainTextResponse("answered")(scope, receive, send)


async def brought(said: bytes, after: bytes = b"") -> bytes:
    """Return all that a server answers to what a client says, until it closes; then more, once it has answered."""
    config = uvicorn.Config(slow, log_config=None, lifespan="off", ws="none", http=connections.TimedConnection)
    config.load()

    def connection() -> connections.TimedConnection:
        return connections.TimedConnection(config=config, server_state=ServerState(), app_state={})

    server = await asyncio.get_running_loop().create_server(connection, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname()[:2])
        writer.write(said)
        found = await reader.readuntil(b"answered") if after else b""
        writer.write(after)
        found += await reader.read()
        writer.close()
    return found


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: 127"])
def test_half_a_request_and_none_are_closed(said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_S", WITHIN_S)
    assert asyncio.run(brought(said)) == b""


def test_a_slow_answer_is_waited_for_and_half_a_request_after_it_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "BODY_S", WITHIN_S)
    found = asyncio.run(brought(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"GET / HT"))
    assert found.startswith(b"HTTP/1.1 200 OK")
    assert found.endswith(b"answered")
