"""A radar given by power, aperture and noise instead of a reference range."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from hoplon.analysis.defence import defence_of
from hoplon.analysis.radar_range import reference_range_km
from hoplon.errors import ScenarioError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

BY_EQUATION = (
    "average_power_kw: 58, aperture_m2: 12, efficiency: 1, dwell_s: 0.1, frequency_ghz: 3.3, "
    "system_temperature_k: 500, losses_db: 10, required_snr_db: 13"
)
HEAD = "extends: nato-europe\nhoplon: 1\nname: by-equation\nradars:\n  spy-1d:\n    track: "


def scenario(tmp_path: Path, track: str) -> Scenario:
    path = tmp_path / "by-equation.yaml"
    path.write_text(HEAD + track + "\n", encoding="utf-8")
    return load_scenario(path)


def range_by_hand_km(level_db: float) -> float:
    # Skolnik, Introduction to Radar Systems, 3rd ed. 2001, eq. 2.51 with G = 4 pi A / wavelength^2, in other units.
    wavelength = 0.299792458 / 3.3
    strength = 58e3 * 0.1 * 12.0**2 * 0.03 / (4.0 * math.pi * wavelength**2)
    noise = 1.380649e-23 * 500.0 * 10.0
    return float((strength / noise / 10 ** (level_db / 10)) ** 0.25) / 1e3


def test_the_range_follows_from_power_aperture_and_noise(tmp_path: Path) -> None:
    loaded = scenario(tmp_path, f"{{reference_range_km: null, {BY_EQUATION}, reference_rcs_m2: 0.03}}")
    track = loaded.radars["spy-1d"].track
    assert reference_range_km(track) == pytest.approx(range_by_hand_km(13.0), rel=1e-9)
    reach = defence_of(loaded, loaded.architecture("phase-1")).radars
    assert max(radar.track_ranges[0] for radar in reach) > 0.0


def test_without_a_level_the_range_is_the_one_the_model_anchors(tmp_path: Path) -> None:
    keys = BY_EQUATION.replace(", required_snr_db: 13", "")
    loaded = scenario(tmp_path, f"{{reference_range_km: null, {keys}, reference_rcs_m2: 0.03}}")
    level = 10 * math.log10(math.log(1e-6) / math.log(0.9) - 1.0)
    assert reference_range_km(loaded.radars["spy-1d"].track) == pytest.approx(range_by_hand_km(level), rel=1e-9)


@pytest.mark.parametrize(
    ("track", "said"),
    [
        (f"{{reference_range_km: 545, {BY_EQUATION}, reference_rcs_m2: 0.03}}", "not both"),
        ("{reference_range_km: null, average_power_kw: 58, reference_rcs_m2: 0.03}", "aperture_m2"),
        ("{reference_range_km: null, reference_rcs_m2: 0.03}", "reference_range_km"),
        (f"{{reference_range_km: null, {BY_EQUATION.replace('58', '5.8e7')}, reference_rcs_m2: 0.03}}", "watts"),
    ],
)
def test_half_an_equation_is_refused_with_its_place(tmp_path: Path, track: str, said: str) -> None:
    with pytest.raises(ScenarioError, match=said) as refused:
        scenario(tmp_path, track)
    assert "by-equation.yaml:" in str(refused.value)
