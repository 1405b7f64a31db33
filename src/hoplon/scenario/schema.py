"""JSON Schema of the scenario file, for completion and checks in editors."""

from __future__ import annotations

from typing import Any

from hoplon.scenario.file_format import TOP


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12) of a scenario file.

    A file that extends another may leave out what the other gives, so only ``hoplon`` and ``name`` are required here;
    :func:`hoplon.scenario.load.load_scenario` says what is missing.
    """
    properties = {key: kind.schema() for key, kind in TOP.items()}
    properties["extends"] = {"type": "string", "description": "a bundled scenario, or a file beside this one"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "hoplon scenario, format 1",
        "type": "object",
        "properties": properties,
        "required": ["hoplon", "name"],
        "additionalProperties": False,
    }
