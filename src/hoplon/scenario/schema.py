"""JSON Schema of the scenario file and of a campaign's plan, for completion and checks in editors.

Meanings, limits and defaults are those of the declarations that the loaders read by.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from hoplon.scenario.fields import Key
from hoplon.scenario.file_format import EXTENDS, REQUIRED, TOP


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    A file that extends another may leave out what the other gives, so only ``hoplon`` and ``name`` are required here;
    :func:`hoplon.scenario.load.load_scenario` says what is missing.
    """
    return schema_of("hoplon scenario, format 1", {**TOP, "extends": EXTENDS}, REQUIRED)


def schema_of(
    title: str, keys: Mapping[str, Key], required: Collection[str], defaults: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Return the JSON Schema of a file with such keys at its top."""
    properties = {key: declared.schema() for key, declared in keys.items()}
    for key, value in (defaults or {}).items():
        properties[key]["default"] = value
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }
