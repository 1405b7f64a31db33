"""Whatever the bytes, a scenario loads or is refused with places that exist in the file; nothing else happens."""

import json
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from hoplon.errors import ScenarioError
from hoplon.scenario.findings import Diagnostic
from hoplon.scenario.load import load_scenario

SMALL = (Path(__file__).parents[1] / "data" / "small.yaml").read_bytes()
PIECES = [
    b"",
    b"\n",
    b" ",
    b": ",
    b"- ",
    b"[",
    b"]",
    b"{",
    b"}",
    b'"',
    b"&a ",
    b"*a",
    b"!!map",
    b"? ",
    b"null",
    b"-1",
    b".nan",
]

SETTINGS = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
VALUES = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats() | some.text(max_size=8),
    lambda below: some.lists(below, max_size=4) | some.dictionaries(some.text(max_size=8), below, max_size=4),
    max_leaves=12,
)


def findings(folder: Path, content: bytes) -> tuple[Diagnostic, ...]:
    """Return why a scenario is refused; nothing when it loads."""
    file = folder / "s.yaml"
    file.write_bytes(content)
    try:
        load_scenario(file)
    except ScenarioError as refusal:
        return refusal.findings
    return ()


def load_or_refuse(folder: Path, content: bytes) -> None:
    for item in findings(folder, content):
        assert 1 <= item.line <= len(content) + 2
        assert 1 <= item.column <= len(content) + 2
        assert item.message


@SETTINGS
@given(
    start=some.integers(0, len(SMALL)),
    length=some.integers(0, 40),
    piece=some.sampled_from(PIECES) | some.binary(max_size=6),
)
def test_a_scenario_with_a_part_replaced(tmp_path: Path, start: int, length: int, piece: bytes) -> None:
    load_or_refuse(tmp_path, SMALL[:start] + piece + SMALL[start + length :])


@SETTINGS
@given(content=some.binary(max_size=200))
def test_any_bytes(tmp_path: Path, content: bytes) -> None:
    load_or_refuse(tmp_path, content)


@SETTINGS
@given(
    section=some.sampled_from(["threats", "radars", "elements", "architectures", "nations", "doctrine", "costs"]),
    value=VALUES,
)
def test_any_value_in_a_section(tmp_path: Path, section: str, value: object) -> None:
    text = json.dumps({"hoplon": 1, "name": "s", section: value})
    load_or_refuse(tmp_path, text.encode("utf-8", errors="replace"))


@SETTINGS
@given(
    key=some.sampled_from(["max_range_km", "rcs_m2", "launch_areas", "lofts_deg", "from", "source", "kind"]),
    value=VALUES,
)
def test_any_value_in_a_record(tmp_path: Path, key: str, value: object) -> None:
    threat = {
        "max_range_km": 2000,
        "min_range_km": 600,
        "burn_time_s": 100,
        "burnout_altitude_km": 90,
        "burnout_ground_range_km": 90,
        "rcs_m2": {"X": 0.02},
    }
    text = json.dumps({"hoplon": 1, "name": "s", "threats": {"t": {**threat, key: value}}})
    load_or_refuse(tmp_path, text.encode("utf-8", errors="replace"))
