"""What a request's body is read as, what is said of errors, and the forms of answers."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.requests import Request as HttpRequest
from starlette.responses import Response

from hoplon.errors import HoplonError, ScenarioError
from hoplon.files import json_text
from hoplon.web.guard import error_document
from hoplon.web.planes import MEDIA_TYPE
from hoplon.web.runs import media_type
from hoplon.web.work import BusyError, ClosingError, SupersededError

_Model = TypeVar("_Model", bound=BaseModel)
LIMIT_S: Final = 600.0  # of an answer: kernels that have to be compiled first take a minute
_MOST_FINDINGS: Final = 20
log = logging.getLogger("hoplon.web")


class FaultError(Exception):
    """A request that cannot be granted: status, kind, message and more."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status, self.kind, self.more = status, kind, more


async def read(request: HttpRequest, model: type[_Model]) -> _Model:
    """Return the body of a request as its model has it."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise FaultError(415, "media_type", "Content-Type: application/json was expected")
    body = await request.body()
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_url=False, include_context=False, include_input=False)
        raise invalid(
            [
                {"where": ".".join(str(part) for part in one["loc"])[:200] or "body", "message": one["msg"][:300]}
                for one in found[:_MOST_FINDINGS]
            ]
        ) from None


def invalid(findings: list[dict[str, Any]]) -> FaultError:
    """Return the fault of a request that does not fit its schema."""
    told = "; ".join(f"{one['where']}: {one['message']}" for one in findings[:3])
    return FaultError(422, "invalid", f"the request does not fit: {told}", findings=findings)


def refusal(error: Exception) -> Response:
    """Return what is said of an error; what is none of the user's is logged."""
    if isinstance(error, FaultError):
        return json_answer(error_document(error.kind, str(error), **error.more), error.status)
    if isinstance(error, (SupersededError, ClientDisconnect)):  # of whom nobody hears that any more
        return json_answer(error_document("superseded", "a newer request took its place"), 409)
    if isinstance(error, BusyError):
        return json_answer(error_document("busy", str(error)), 429)
    if isinstance(error, ClosingError):
        return json_answer(error_document("closing", str(error)), 503)
    if isinstance(error, TimeoutError):
        return json_answer(error_document("too_slow", f"no answer within {LIMIT_S:g} s; ask for less at once"), 408)
    if isinstance(error, ScenarioError):
        listed = [{"line": one.line, "column": one.column, "message": one.message} for one in error.findings]
        return json_answer(error_document("input", str(error), findings=listed or None), 400)
    if isinstance(error, HoplonError):
        return json_answer(error_document("input", str(error)), 400)
    if isinstance(error, MemoryError):
        return json_answer(error_document("busy", "out of memory: ask for less at once"), 429)
    if isinstance(error, HTTPException) or type(error).__module__ == "hoplon.web.guard":
        raise error
    log.exception("a fault in hoplon", exc_info=error)
    told = f"a fault in hoplon ({type(error).__name__}); the terminal has its place, please report it"
    return json_answer(error_document("fault", told), 500)


def json_answer(content: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """Return an answer in JSON; numbers that are not finite become null."""
    return Response(json_text(content), status, dict(headers or {}), "application/json")


def binary_answer(content: bytes) -> Response:
    """Return an answer in planes."""
    return Response(content, media_type=MEDIA_TYPE)


def kept_answer(request: HttpRequest, digest: str, content: bytes) -> Response:
    """Return a binary answer that a browser may keep, once it has asked whether it is still so."""
    headers = {"ETag": f'"{digest}"', "Cache-Control": "private, no-cache"}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=MEDIA_TYPE)


async def file_answer(path: Path | None, *, attached: bool = False) -> Response:
    """Return a file that a run wrote."""
    try:
        content = None if path is None else await asyncio.to_thread(path.read_bytes)
    except OSError:
        content = None
    if path is None or content is None:
        raise FaultError(404, "not_found", "there is no such result, or not yet")
    headers = {"Content-Disposition": f'attachment; filename="{path.name}"'} if attached else {}
    return Response(content, headers=headers, media_type=media_type(path))
