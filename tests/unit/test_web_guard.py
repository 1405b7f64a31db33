"""The guard of the web application: a table of requests and what each gets, as other local servers were attacked."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from http.cookies import SimpleCookie
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from hoplon.web import guard as guarding
from hoplon.web.guard import Guard, GuardedApp
from web_server import HOST, PORT, Client


async def echo(scope: Scope, receive: Receive, send: Send) -> None:
    """Read the whole body and answer with its length."""
    length, more = 0, True
    while more:
        message = await receive()
        length += len(message.get("body", b""))
        more = message.get("more_body", False)
    await PlainTextResponse(f"{length} bytes", headers={"X-Own": "kept"})(scope, receive, send)


@pytest.fixture
def guard() -> Guard:
    return Guard("127.0.0.1", PORT)


@pytest.fixture
def client(guard: Guard) -> Iterator[Client]:
    with Client(GuardedApp(echo, guard)) as made:
        made.asked.cookies.set(guard.cookie, guard.secret)
        yield made


REQUESTS = [
    # what, method, path, headers, status
    ("the page itself", "GET", "/", {}, 200),
    (
        "a request of the page",
        "POST",
        "/api/verdict",
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"},
        200,
    ),
    ("a typed address", "GET", "/", {"Sec-Fetch-Site": "none"}, 200),
    ("the same machine by its name", "GET", "/", {"Host": f"localhost:{PORT}"}, 200),
    ("DNS rebinding", "GET", "/", {"Host": "evil.example"}, 421),
    ("DNS rebinding with the port", "GET", "/", {"Host": f"evil.example:{PORT}"}, 421),
    ("a name that begins alike", "GET", "/", {"Host": f"127.0.0.1.evil.example:{PORT}"}, 421),
    ("a name that ends alike", "GET", "/", {"Host": f"evil-127.0.0.1:{PORT}"}, 421),
    ("another port", "GET", "/", {"Host": "127.0.0.1:8766"}, 421),
    ("a port that begins alike", "GET", "/", {"Host": f"{HOST}0"}, 421),
    ("a name after the port", "GET", "/", {"Host": f"{HOST}.evil.example"}, 421),
    ("no port", "GET", "/", {"Host": "127.0.0.1"}, 421),
    ("an empty host", "GET", "/", {"Host": ""}, 421),
    ("a user before the host", "GET", "/", {"Host": f"a@{HOST}"}, 421),
    ("another origin", "POST", "/api/verdict", {"Origin": "http://evil.example"}, 403),
    ("an origin of no name", "POST", "/api/verdict", {"Origin": "null"}, 403),
    ("another port's page", "POST", "/api/verdict", {"Origin": "http://127.0.0.1:8766"}, 403),
    ("an origin that begins alike", "POST", "/api/verdict", {"Origin": f"http://{HOST}.evil.example"}, 403),
    ("an origin that ends alike", "POST", "/api/verdict", {"Origin": f"http://evil.{HOST}"}, 403),
    ("an origin by another scheme", "POST", "/api/verdict", {"Origin": f"https://{HOST}"}, 403),
    ("an origin by another name", "POST", "/api/verdict", {"Origin": f"http://localhost:{PORT}"}, 403),
    ("another site's picture", "GET", "/", {"Sec-Fetch-Site": "cross-site"}, 403),
    ("another local server's page", "GET", "/", {"Sec-Fetch-Site": "same-site"}, 403),
    ("a word that is none", "GET", "/", {"Sec-Fetch-Site": "Same-Origin, none"}, 403),
    ("a preflight", "OPTIONS", "/api/verdict", {"Origin": "http://evil.example"}, 405),
    ("a trace", "TRACE", "/", {}, 405),
    ("a put", "PUT", "/", {}, 405),
    ("a long address", "GET", "/" + 5000 * "a", {}, 414),
    ("a body without an end", "POST", "/", {"Content-Length": "9" * 40}, 413),
    ("a length that is none", "POST", "/", {"Content-Length": "-1"}, 413),
]


@pytest.mark.parametrize(("what", "method", "path", "headers", "status"), REQUESTS, ids=[row[0] for row in REQUESTS])
def test_a_request_gets_what_the_table_says(
    client: Client, what: str, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    answer = client.request(method, path, headers=headers)
    assert answer.status_code == status
    if status != 200:
        assert answer.json()["error"]["message"]
        assert "bytes" not in answer.text  # it never reached the application


@pytest.mark.parametrize("value", ["", "guessed", "é"])
def test_without_the_cookie_of_this_start_nothing_is_answered(client: Client, guard: Guard, value: str) -> None:
    client.asked.cookies.clear()
    for path in ("/", "/index.html", "/api/alive", "/openapi.json", "/report/"):
        answer = client.get(path, headers={"Cookie": f"{guard.cookie}={value}".encode()} if value else {})
        assert (answer.status_code, answer.json()["error"]["kind"]) == (401, "no_token")


def test_the_cookie_of_a_server_on_another_port_opens_nothing(guard: Guard) -> None:
    other = Guard("127.0.0.1", PORT + 1)
    with Client(GuardedApp(echo, guard)) as client:
        client.asked.cookies.set(other.cookie, other.secret)
        assert client.get("/").status_code == 401
        client.asked.cookies.set(other.cookie, guard.secret)
        assert client.get("/").status_code == 401


def test_the_link_gives_a_cookie_that_no_script_and_no_other_site_has_and_leaves_the_address(guard: Guard) -> None:
    with Client(GuardedApp(echo, guard)) as client:
        answer = client.get(guard.link)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    cookie = SimpleCookie(answer.headers["set-cookie"])[f"hoplon-{PORT}"]
    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["domain"]) == ("Strict", "/", "")
    assert guard.token not in answer.headers["set-cookie"]
    assert guard.secret not in guard.link


@pytest.mark.parametrize("query", ["token=", "token=wrong", "token=a&token=b", "x=1&token=%ff"])
def test_a_wrong_link_gives_no_cookie(guard: Guard, query: str) -> None:
    with Client(GuardedApp(echo, guard)) as client:
        answer = client.get(f"/?{query}")
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_a_link_with_the_token_from_another_page_gives_no_cookie(guard: Guard) -> None:
    with Client(GuardedApp(echo, guard)) as client:
        assert client.get(guard.link, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(guard.link, headers={"Host": "evil.example"}).status_code == 421


def test_the_link_for_a_browser_opens_once(guard: Guard) -> None:
    link = guard.one_use_link()
    assert guard.token not in link
    with Client(GuardedApp(echo, guard)) as client:
        assert client.get(link).status_code == 303
        assert client.get(link).status_code == 401
        assert client.get(guard.link).status_code == 303


def test_the_link_for_a_browser_opens_soon_or_not_at_all(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    key = guard.one_use_link().partition("token=")[2]
    late = guarding.time.monotonic() + 121.0
    monkeypatch.setattr(guarding.time, "monotonic", lambda: late)
    assert not guard.admits(key)


def test_every_answer_says_that_no_other_page_may_read_frame_or_run_it(client: Client) -> None:
    for answer in (client.get("/"), client.get("/", headers={"Host": "evil.example"})):
        policy = dict(part.strip().partition(" ")[::2] for part in answer.headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["cache-control"] == "no-store"
        for name in ("opener", "resource"):
            assert answer.headers[f"cross-origin-{name}-policy"] == "same-origin"
        assert not [name for name in answer.headers if name.startswith("access-control")]
        assert answer.headers["x-hoplon-start"]


@pytest.mark.parametrize(("path", "most"), [("/api/verdict", 1_000_000), ("/api/open", 4_500_000)])
def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not(client: Client, path: str, most: int) -> None:
    assert client.post(path, content=b"x" * most).text == f"{most} bytes"
    assert client.post(path, content=b"x" * (most + 1)).status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(most // 50_000 + 1):
            yield b"x" * 50_000

    assert client.post(path, content=pieces()).status_code == 413


def test_a_body_that_does_not_arrive_is_not_waited_for(guard: Guard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guarding, "BODY_S", 0.05)
    said: list[Message] = []

    async def never() -> Message:
        await asyncio.sleep(60)
        raise AssertionError

    async def hear(message: Message) -> None:
        said.append(message)

    headers = [(b"host", HOST.encode()), (b"cookie", f"{guard.cookie}={guard.secret}".encode())]
    scope: dict[str, Any] = {"type": "http", "method": "POST", "path": "/api/verdict", "raw_path": b"/api/verdict"}
    scope |= {"query_string": b"", "headers": headers}
    asyncio.run(GuardedApp(echo, guard)(scope, never, hear))
    assert said[0]["status"] == 408
    assert (b"connection", b"close") in said[0]["headers"]


def test_a_header_that_comes_twice_is_refused(guard: Guard) -> None:
    said: list[Message] = []

    async def nothing() -> Message:
        return {"type": "http.request", "body": b""}

    async def hear(message: Message) -> None:
        said.append(message)

    headers = [(b"host", HOST.encode()), (b"host", b"evil.example")]
    scope: dict[str, Any] = {"type": "http", "method": "GET", "path": "/", "raw_path": b"/", "query_string": b""}
    asyncio.run(GuardedApp(echo, guard)({**scope, "headers": headers}, nothing, hear))
    assert said[0]["status"] == 400


def test_no_web_socket_is_opened(guard: Guard) -> None:
    said: list[Message] = []

    async def nothing() -> Message:
        return {"type": "websocket.connect"}

    async def hear(message: Message) -> None:
        said.append(message)

    asyncio.run(GuardedApp(echo, guard)({"type": "websocket"}, nothing, hear))
    assert said == [{"type": "websocket.close", "code": 1008}]


@pytest.mark.parametrize(
    ("host", "known"),
    [
        (f"192.168.1.20:{PORT}", True),
        (f"[fe80::1]:{PORT}", True),
        (f"localhost:{PORT}", True),
        (f"rebound.example:{PORT}", False),
        (f"192.168.1.20.example:{PORT}", False),
        ("192.168.1.20:80", False),
        ("192.168.1.20", False),
    ],
)
def test_a_server_on_every_address_is_asked_for_by_number(host: str, known: bool) -> None:
    assert Guard("0.0.0.0", PORT).knows(host) is known
