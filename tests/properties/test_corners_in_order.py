"""Low, base and high are in order at every point, whichever of the inputs that have a worse end is disputed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

import hoplon
from hoplon.analysis.corners import NEITHER, better_with, kind_of
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario, path_text
from hoplon.scenario.paths import bounded_numbers
from properties.test_levels_in_order import grid

DOCTRINES: dict[str, dict[str, Any]] = {
    "held": {},
    "predicted": {"support": "predicted", "handover_error_km": 1.0},
    "two shots": {"shots_required": 2},
}
WIDE = {"shots_required": (1.0, 2.0), "decision_s": (0.0, 250.0), "rcs_m2": (0.002, 2.0)}


def varied(folder: Path, doctrine: dict[str, Any]) -> Scenario:
    """Return the toy scenario with bounds half as large and half as large again at every number, and a satellite's."""
    plain = yaml.safe_load(hoplon.load("toy").to_yaml())
    plain["doctrine"].update(doctrine)
    for name, section in plain.items():
        if name not in ("raids", "hoplon", "name", "title", "nations", "sources"):
            bound(section, name)
    file = folder / "varied.yaml"
    file.write_text(yaml.safe_dump(plain, sort_keys=False), encoding="utf-8")
    return load_scenario(file)


def bound(node: Any, key: str) -> None:
    """Give every number written with its value below a node bounds beside it."""
    for name, item in node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ():
        inner = str(name) if isinstance(node, dict) else key
        if isinstance(item, dict) and "value" in item:
            value = item["value"]
            least, most = WIDE.get(inner if inner not in "XSUHF" else "rcs_m2", (0.6 * value, 1.4 * value))
            most = min(most, 90.0) if inner == "elevation_deg" else most
            if inner in ("count", "salvo"):
                least, most = value, value
            item.update(low=min(least, value), high=max(most, value))
        else:
            bound(item, inner)


def defended(scenario: Scenario, architecture: str) -> dict[str, Any]:
    found = hoplon.coverage(scenario, architecture, points=grid(), count=True)
    return {level: found.at(level).defended for level in ("low", "base", "high")}


@pytest.mark.parametrize("doctrine", DOCTRINES.values(), ids=list(DOCTRINES))
def test_corners_are_in_order(tmp_path: Path, doctrine: dict[str, Any]) -> None:
    scenario = varied(tmp_path, doctrine)
    directed = {steps: kind_of(steps) for steps, _ in scenario.numbers() if better_with(steps) != NEITHER}
    assert len(set(directed.values())) >= 20
    moving = set()
    for kind in dict.fromkeys(directed.values()):
        from dataclasses import replace

        paths = tuple(
            path_text(steps) for steps, mine in directed.items() if mine == kind and steps in bounded_numbers(scenario)
        )
        if not paths:
            continue
        disputed = replace(scenario, disputed=paths)
        for architecture in ("fast", "fast-remote"):
            found = defended(disputed, architecture)
            assert not (found["low"] & ~found["base"]).any(), (kind, architecture)
            assert not (found["base"] & ~found["high"]).any(), (kind, architecture)
            if np.any(found["low"] != found["high"]):
                moving.add(kind)
    assert len(moving) >= 6
