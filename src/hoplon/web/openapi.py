"""The OpenAPI document of the endpoints."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from hoplon.version import VERSION
from hoplon.web import messages as on
from hoplon.web.endpoints import ENDPOINTS, Endpoint
from hoplon.web.planes import MEDIA_TYPE

_REFERENCE: Final = "#/components/schemas/{model}"
_ALWAYS: Final = (401, 403, 405, 421, 503)
_OF_BODIES: Final = (413, 415, 422)
_TOLD: Final = {
    400: "Refused by hoplon: a name that is not there, a place off the Earth",
    401: "No cookie of this start",
    403: "Asked by another page",
    404: "Nothing of that name",
    405: "Another method was expected",
    408: "It took too long",
    409: "The scenario is not open, or a newer request took its place",
    413: "Too large",
    415: "JSON was expected",
    421: "Another host was asked for",
    422: "The body or a parameter does not fit its schema",
    429: "Too much is under way",
    503: "The server is ending",
}
_PLAIN: Final = {
    "binary": (MEDIA_TYPE, {"type": "string", "contentMediaType": MEDIA_TYPE}),
    "stream": ("text/event-stream", {"type": "string"}),
    "json": ("application/json", {"type": "object"}),
    "file": ("application/octet-stream", {"type": "string"}),
}


@cache
def document() -> dict[str, Any]:
    """Return the document: every endpoint with its parameters, its body, its answers and refusals."""
    models = {endpoint.request for endpoint in ENDPOINTS if endpoint.request is not None}
    asked: list[type[BaseModel]] = sorted(models, key=lambda model: model.__name__)
    given = {one.answer for one in ENDPOINTS if not isinstance(one.answer, str)} | {on.Refusal}
    answered: list[type[BaseModel]] = sorted(given, key=lambda model: model.__name__)
    _, schemas = models_json_schema(
        [*((model, "validation") for model in asked), *((model, "serialization") for model in answered)],
        ref_template=_REFERENCE,
    )
    paths: dict[str, Any] = {}
    for endpoint in ENDPOINTS:
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = _operation(endpoint)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "hoplon",
            "version": VERSION,
            "description": "What the pages of hoplon serve ask. Binary answers: see hoplon.web.planes.",
        },
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {"start": {"type": "apiKey", "in": "cookie", "name": "hoplon-PORT"}},
        },
        "security": [{"start": []}],
    }


def _operation(endpoint: Endpoint) -> dict[str, Any]:
    parameters = [
        {"name": name, "in": place, "required": place == "path", "schema": schema}
        for place, listed in (("path", endpoint.in_path), ("query", endpoint.query))
        for name, schema in listed.items()
    ]
    answer = endpoint.answer
    media, schema = _PLAIN[answer] if isinstance(answer, str) else ("application/json", _reference(answer))
    statuses = {*_ALWAYS, *endpoint.refusals, *(_OF_BODIES if endpoint.request else ()), *([422] if parameters else ())}
    told: dict[str, Any] = {
        "operationId": endpoint.name,
        "summary": endpoint.summary,
        "responses": {
            str(endpoint.status): {"description": endpoint.summary, "content": {media: {"schema": schema}}},
            **{
                str(status): {
                    "description": _TOLD[status],
                    "content": {"application/json": {"schema": _reference(on.Refusal)}},
                }
                for status in sorted(statuses)
            },
        },
    }
    if answer == "file":
        told["responses"]["200"]["content"] = {"*/*": {"schema": schema}}
    if parameters:
        told["parameters"] = parameters
    if endpoint.request is not None:
        body = {"application/json": {"schema": _reference(endpoint.request)}}
        told["requestBody"] = {"required": True, "content": body}
    return told


def _reference(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(model=model.__name__)}
