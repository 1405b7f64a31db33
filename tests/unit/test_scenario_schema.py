"""The JSON Schema says what the reader accepts."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from hoplon.scenario.schema import json_schema

SMALL = Path(__file__).parents[1] / "data" / "small.yaml"


def unknown_keys(value: Any, schema: dict[str, Any], path: str = "") -> Iterator[str]:
    """Yield the keys of a value that the schema does not allow."""
    forms = schema.get("anyOf", [schema])
    wanted = {dict: "object", list: "array"}.get(type(value))
    form = next((form for form in forms if form.get("type") == wanted), {}) if wanted else {}
    if isinstance(value, dict):
        for key, item in value.items():
            below = form.get("properties", {}).get(key, form.get("additionalProperties"))
            if not isinstance(below, dict):
                yield f"{path}.{key}"
            else:
                yield from unknown_keys(item, below, f"{path}.{key}")
    elif isinstance(value, list):
        for place, item in enumerate(value):
            yield from unknown_keys(item, form.get("items", {}), f"{path}[{place}]")


def test_every_key_of_a_whole_scenario_is_in_the_schema() -> None:
    assert list(unknown_keys(yaml.safe_load(SMALL.read_text(encoding="utf-8")), json_schema())) == []


def test_a_key_that_the_reader_refuses_is_not_in_the_schema() -> None:
    wrong = {"hoplon": 1, "threats": {"a": {"burntime_s": 3}}, "titel": ""}
    assert list(unknown_keys(wrong, json_schema())) == [".threats.a.burntime_s", ".titel"]


def test_a_number_has_its_limits_and_its_unit() -> None:
    threat = json_schema()["properties"]["threats"]["additionalProperties"]["properties"]
    plain, cited = threat["max_range_km"]["anyOf"]
    assert (plain["minimum"], plain["maximum"], plain["description"]) == (10, 20_015, "from 10 to 20015 km")
    assert cited["required"] == ["value"]


def test_the_schema_is_json() -> None:
    assert json.loads(json.dumps(json_schema()))["required"] == ["hoplon", "name"]
