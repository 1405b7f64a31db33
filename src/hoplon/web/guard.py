"""Who may ask the server what: checked before any route, with limits of size and time, and the headers of safety.

A server on the loopback address can be reached by every page that a browser shows and by every program of the machine.
So each request needs the cookie of this start; the names in Host and Origin are compared whole; what a browser says
comes from another site is refused; and no answer may be read, framed or run by another page.
"""

from __future__ import annotations

import asyncio
import hmac
import ipaddress
import json
import secrets
import time
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs

from hoplon.version import VERSION

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

METHODS: Final = ("GET", "HEAD", "POST", "DELETE")
MOST_BYTES: Final = 1_000_000  # of a request's body
MOST_OPENED_BYTES: Final = 4_500_000  # of the body that holds a scenario: 4 MiB of YAML as a text of JSON
MOST_TARGET: Final = 4_000  # characters of path and query
BODY_S: Final = 30.0  # in which the body has to arrive
_DOOR_S: Final = 120.0  # in which a key that opens once has to be used
_LARGER: Final = {"/api/open": MOST_OPENED_BYTES}
_OF_THIS_PAGE: Final = frozenset({"same-origin", "none"})
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
    "connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Content-Security-Policy of every answer that does not bring a stricter or its own one."""
_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-store",
}


@dataclass
class Guard:
    """What a request has to bring, for one start of the server.

    Parameters
    ----------
    address : str
        That the server listens on.
    port : int
    token : str
        Of the link.
    secret : str
        Of the cookie.
    start : str
        Number of this start, which every answer tells.
    """

    address: str
    port: int
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    start: str = field(default_factory=lambda: secrets.token_hex(8))
    _doors: dict[str, float] = field(default_factory=dict, repr=False)

    @property
    def cookie(self) -> str:
        """Name of the cookie: cookies know no ports, so that two servers would overwrite one another's."""
        return f"hoplon-{self.port}"

    @property
    def host(self) -> str:
        """What the link names: the address and the port."""
        wild = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.address, self.address)
        return f"[{wild}]:{self.port}" if ":" in wild else f"{wild}:{self.port}"

    @property
    def link(self) -> str:
        """The address of the application with its token."""
        return f"http://{self.host}/?token={self.token}"

    def one_use_link(self) -> str:
        """Return a link that opens once and soon, for a browser that is begun: command lines are seen by everybody."""
        key = secrets.token_urlsafe(32)
        self._doors[key] = time.monotonic() + _DOOR_S
        return f"http://{self.host}/?token={key}"

    def admits(self, token: str) -> bool:
        """Tell whether a token opens the application; a key that opens once is used up."""
        if hmac.compare_digest(token.encode(), self.token.encode()):
            return True
        now = time.monotonic()
        for key, until in list(self._doors.items()):
            if until < now:
                del self._doors[key]
            elif hmac.compare_digest(token.encode(), key.encode()):
                del self._doors[key]
                return True
        return False

    def knows(self, host: str) -> bool:
        """Tell whether a Host is this server, compared whole; with any address, numbers are (names may be rebound)."""
        if host in {self.host, f"localhost:{self.port}"}:
            return True
        name, _, port = host.rpartition(":")
        if self.address not in ("0.0.0.0", "::") or port != str(self.port):
            return False
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return False
        return True


class _RefusalError(Exception):
    """A request that is refused: status, kind, message."""

    def __init__(self, status: int, kind: str, message: str) -> None:
        super().__init__(message)
        self.status, self.kind = status, kind


class GuardedApp:
    """An application behind a guard.

    Parameters
    ----------
    app : ASGI application
    guard : Guard
    """

    def __init__(self, app: ASGIApp, guard: Guard) -> None:
        self.app, self.guard = app, guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request, and pass it on or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":  # no WebSocket is served
            await send({"type": "websocket.close", "code": 1008})
            return
        answering = _Answering(send, self.guard.start)
        headers = {}
        try:
            headers = _headers_of(scope)
            self._check(scope, headers)
            if _is_link(scope):
                await self._enter(scope, answering)
                return
            self._check_cookie(headers)
            body = _Body(receive, _LARGER.get(scope["path"], MOST_BYTES), headers.get("content-length"))
            await self.app(scope, body, answering)
        except _RefusalError as refusal:
            if answering.begun:
                raise
            close = refusal.status in (408, 413)  # what is left of the body is not read
            await refuse(answering, refusal.status, refusal.kind, str(refusal), close=close)

    def _check(self, scope: Scope, headers: dict[str, str]) -> None:
        if not self.guard.knows(headers.get("host", "")):
            raise _RefusalError(421, "host", f"this is {self.guard.host}; open the link that hoplon serve printed")
        if scope["method"] not in METHODS:
            raise _RefusalError(405, "method", f"one of {', '.join(METHODS)} was expected")
        if headers.get("sec-fetch-site", "same-origin") not in _OF_THIS_PAGE:
            raise _RefusalError(
                403, "origin", "the request comes from another site; paste the link into the address bar"
            )
        origin = headers.get("origin")
        if origin is not None and origin != f"http://{headers['host']}":
            raise _RefusalError(403, "origin", "the request comes from a page of another origin")
        target = len(scope["raw_path"] or b"") + len(scope["query_string"])
        if target > MOST_TARGET:
            raise _RefusalError(414, "too_large", f"an address of at most {MOST_TARGET:,} characters was expected")

    def _check_cookie(self, headers: dict[str, str]) -> None:
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(headers.get("cookie", ""))
        except CookieError:
            jar.clear()
        given = jar[self.guard.cookie].value if self.guard.cookie in jar else ""
        if not hmac.compare_digest(given.encode(), self.guard.secret.encode()):
            raise _RefusalError(401, "no_token", "open the link that hoplon serve printed when it started")

    async def _enter(self, scope: Scope, send: Send) -> None:
        """Take the token out of the address and give the cookie for it."""
        tokens = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        if len(tokens) != 1 or not self.guard.admits(tokens[0]):
            raise _RefusalError(
                401, "no_token", "this link is of another start; open the one that hoplon serve printed last"
            )
        given = f"{self.guard.cookie}={self.guard.secret}; HttpOnly; SameSite=Strict; Path=/"
        headers = [(b"location", b"/"), (b"set-cookie", given.encode()), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 303, "headers": headers})
        await send({"type": "http.response.body", "body": b""})


def _is_link(scope: Scope) -> bool:
    return scope["method"] == "GET" and scope["path"] == "/" and b"token=" in scope["query_string"]


def _headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers that are checked; one that comes twice is refused."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1").lower()
        if key in found and key in ("host", "origin", "sec-fetch-site", "cookie", "content-length", "content-type"):
            raise _RefusalError(400, "input", f"the header {key} was sent twice")
        found[key] = value.decode("latin-1")
    return found


class _Body:
    """The body of a request as it arrives, within its limits of size and time."""

    def __init__(self, receive: Receive, most: int, length: str | None) -> None:
        self._receive, self._most, self._read = receive, most, 0
        self._until = time.monotonic() + BODY_S
        self._whole = False
        if length is not None and (not (length.isascii() and length.isdecimal()) or int(length[:20]) > most):
            raise self._too_large()

    def _too_large(self) -> _RefusalError:
        return _RefusalError(413, "too_large", f"a request of at most {self._most / 1e6:g} MB was expected")

    async def __call__(self) -> Message:
        """Return the next part; after the last one, wait for the other side to leave."""
        if self._whole:
            return await self._receive()
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._until - time.monotonic()))
        except TimeoutError:
            raise _RefusalError(408, "too_slow", f"the request did not arrive within {BODY_S:g} s") from None
        if message["type"] == "http.request":
            self._read += len(message.get("body", b""))
            if self._read > self._most:
                raise self._too_large()
            self._whole = not message.get("more_body", False)
        return message


class _Answering:
    """Sends an answer with the headers that every one carries."""

    def __init__(self, send: Send, start: str) -> None:
        self._send, self._start, self.begun = send, start, False

    async def __call__(self, message: Message) -> None:
        """Send a part of the answer."""
        if message["type"] == "http.response.start":
            self.begun = True
            own = {name.lower() for name, _ in message.get("headers", ())}
            added = {**_HEADERS, "X-Hoplon-Start": self._start, "X-Hoplon-Version": VERSION}
            more = [
                (name.encode(), value.encode()) for name, value in added.items() if name.lower().encode() not in own
            ]
            message = {**message, "headers": [*message.get("headers", ()), *more]}
        await self._send(message)


def error_document(kind: str, message: str, **more: Any) -> dict[str, Any]:
    """Return what every refusal says."""
    return {"error": {"kind": kind, "message": message, "findings": None, **more}}


async def refuse(send: Send, status: int, kind: str, message: str, *, close: bool = False) -> None:
    """Send a refusal."""
    body = json.dumps(error_document(kind, message)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    if close:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
