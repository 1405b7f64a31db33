"""Requests made of the OpenAPI document by schemathesis: no fault of the server, and no answer but those described."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, settings

from hoplon import api
from hoplon.web.openapi import document
from web_server import Client, entered

TOY = api.load("toy")
ARCHITECTURE = next(iter(TOY.architectures))
SCHEMA = schemathesis.openapi.from_dict(document())


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with entered("toy") as made:
        yield made


def settled(given: Any) -> Any:
    """Return a body whose what-if is of the scenario that is open: else every request would be refused for that."""
    if isinstance(given, dict) and isinstance(given.get("what_if"), dict) and "scenario" in given["what_if"]:
        whole = {**given["what_if"], "scenario": TOY.sha256, "architecture": ARCHITECTURE}
        return {**given, "what_if": whole, **({"set": "coarse"} if given.get("set") == "exact" else {})}
    return given


@SCHEMA.parametrize()
@settings(
    max_examples=6,
    derandomize=True,
    deadline=None,
    database=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)
def test_no_request_makes_the_server_fail(case: Any, client: Client) -> None:
    body = settled(case.body) if isinstance(case.body, (dict, list, str, int, float)) else None
    headers = {name: str(value) for name, value in dict(case.headers or {}).items() if name.lower() != "cookie"}
    path = case.formatted_path
    answer = client.request(case.method, path, params=case.query or None, json=body, headers=headers)
    assert answer.status_code < 500, answer.text
    operation = document()["paths"][case.path].get(case.method.lower(), {"responses": {"405": {}}})
    assert str(answer.status_code) in operation["responses"], answer.text
