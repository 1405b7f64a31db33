"""Support by prediction, asked as a user asks it: the toy scenario against an independent calculation.

Expected values: every second of the flight, every look, fly-out over a dense fan of elevations, by plain NumPy written
from the model page alone (section 7 with section 4), outside this repository.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

import hoplon
from hoplon.analysis.engagement import Engagement

TOY = Path(__file__).parents[2] / "src/hoplon/scenario/catalogue/toy.yaml"
BUCHAREST, BERLIN = (44.43, 26.10), (52.5, 13.4)


def met(folder: Path, architecture: str, threat: str, aim: tuple[float, float], error_km: float) -> Engagement:
    data = yaml.safe_load(TOY.read_text(encoding="utf-8"))
    data["doctrine"] |= {"support": "predicted", "handover_error_km": error_km}
    file = folder / "predicted.yaml"
    file.write_text(yaml.safe_dump(data, sort_keys=False), encoding="utf-8")
    return hoplon.engage(file, architecture, "northwest", aim, threat)


@pytest.mark.parametrize(
    ("architecture", "threat", "aim", "launch", "intercept", "last"),
    [
        ("slow", "mrbm", BUCHAREST, 166.64, 531.0, 673.0),
        ("fast", "mrbm", BUCHAREST, 165.05, 441.0, 673.0),
        ("fast", "irbm", BERLIN, 188.11, 477.0, 483.0),
        ("fast-remote", "mrbm", BUCHAREST, 165.05, 441.0, 673.0),
        ("fast-remote", "irbm", BERLIN, 188.11, 477.0, 483.0),
    ],
)
def test_the_net_s_prediction_supports_every_networked_battery(
    tmp_path: Path,
    architecture: str,
    threat: str,
    aim: tuple[float, float],
    launch: float,
    intercept: float,
    last: float,
) -> None:
    (battery,) = met(tmp_path, architecture, threat, aim, 0.2).batteries.values()
    (shot,) = battery.intercepts
    assert shot.launch_s == pytest.approx(launch, abs=0.5)
    assert shot.intercept_s == pytest.approx(intercept, abs=2.0)
    assert battery.last_intercept_s == pytest.approx(last, abs=2.0)


def test_a_battery_on_its_own_hears_no_net(tmp_path: Path) -> None:
    (battery,) = met(tmp_path, "fast-organic", "mrbm", BUCHAREST, 0.2).batteries.values()
    assert battery.intercepts == ()


def test_a_prediction_that_is_never_good_enough_supports_nothing(tmp_path: Path) -> None:
    (battery,) = met(tmp_path, "fast", "mrbm", BUCHAREST, 0.05).batteries.values()
    assert battery.intercepts == ()
