from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pyproj
import pytest
from numpy.typing import NDArray

from hoplon.cli import main
from hoplon.flight.arc import flight_position, solve_flights
from hoplon.scenario.load import load_scenario
from hoplon.sensing.radar import range_against
from hoplon.units import DEGREE, KILOMETRE
from hoplon.validation.case import Case
from hoplon.validation.horizon import CASES, SCALE, horizon_km

TO_GEODETIC = pyproj.Transformer.from_crs("EPSG:4978", "EPSG:4979", always_xy=True)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_horizon_comes_out(case: Case) -> None:
    case.check()


def test_sixteen_times_the_cross_section_doubles_the_range() -> None:
    # Skolnik, Introduction to Radar Systems, 3rd ed. 2001, eq. 1.8: range goes as the fourth root of cross-section.
    assert range_against(310e3, 0.03, 0.48, 1e9) == pytest.approx(620e3, rel=1e-12)


def test_the_instrumented_range_bounds_the_range_against_a_large_cross_section() -> None:
    assert range_against(310e3, 0.03, 300.0, 1000e3) == 1000e3


LOW_RADAR = """extends: toy
hoplon: 1
name: low-radar
radars:
  low-s:
    band: S
    search: {reference_range_km: 3500, reference_rcs_m2: 0.03}
    track: {reference_range_km: 3500, reference_rcs_m2: 0.03}
    max_range_km: 4000
    elevation_deg: [LOWEST, 85]
    update_s: 2
    range_sigma_m: 30
    angle_sigma_mrad: 1.5
    acquisition_s: 10
    cued_acquisition_s: 5
elements:
  low: {radar: low-s, at: [44.07, 24.41, ALTITUDE], owner: USA, basing: land}
architectures:
  low: {title: Low radar, elements: [watch, low, deveselu-fast, hub], c2: hub}
"""
PLACE, AIM = (44.07, 24.41), (44.43, 26.10)


def positions() -> NDArray[np.float64]:
    """Return where the toy scenario's longer missile towards AIM is at each whole second, ECEF [m]."""
    scenario = load_scenario("toy")
    kind, area = scenario.threats["irbm"], scenario.launch_areas["northwest"].at
    rows = solve_flights(
        np.array([[area.latitude_deg, area.longitude_deg]]) * DEGREE,
        np.array([AIM]) * DEGREE,
        np.array([float(kind.burn_time_s)]),
        np.array([float(kind.burnout_altitude_km) * KILOMETRE]),
        np.array([float(kind.burnout_ground_range_km) * KILOMETRE]),
        np.array([kind.lofts_deg[0] * DEGREE]),
    )
    return np.array([flight_position(rows[0], float(second)) for second in range(729)])


def in_sight(altitude: float) -> NDArray[np.bool_]:
    """Return the seconds at which no point of the line from a radar at PLACE is below the ellipsoid, says PROJ."""
    site = np.array(TO_GEODETIC.transform(PLACE[1], PLACE[0], altitude, direction="INVERSE"))
    shares = np.linspace(1e-6, 1.0, 4001) ** 2  # dense at the radar, where the line leaves the ellipsoid
    clear = []
    for place in positions():
        line = site + shares[:, None] * (place - site)
        clear.append(min(TO_GEODETIC.transform(*line.T)[2][:-1]) > -1e-3)
    return np.array(clear)


def tracks(folder: Path, capsys: pytest.CaptureFixture[str], lowest: float, altitude: float) -> list[list[int]]:
    """Return when the radar has a track [s]."""
    file = folder / "low.yaml"
    file.write_text(LOW_RADAR.replace("LOWEST", f"{lowest}").replace("ALTITUDE", f"{altitude}"), encoding="utf-8")
    given = ["--architecture", "low", "--from", "northwest", "--aim", "44.43,26.10", "--threat", "irbm"]
    main(["engage", str(file), *given, "--json"])
    found = json.loads(capsys.readouterr().out)["radars"]["low"]["track_s"]
    return [[int(second) for second in track] for track in found]


@pytest.mark.parametrize("altitude", [0.0, 2085.0])
def test_a_track_begins_when_the_line_of_sight_clears_the_ellipsoid(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], altitude: float
) -> None:
    clear = in_sight(altitude)
    first, last = np.flatnonzero(clear)[[0, -1]]
    assert np.all(clear[first : last + 1])
    if altitude == 0.0:
        assert (first, last) == (180, 727)
    ((start, end),) = tracks(tmp_path, capsys, -10, altitude)
    assert (start, end) == (first + 5, last)  # 5 s of cued acquisition; the alert comes before
    level = tracks(tmp_path, capsys, 0, altitude)
    assert level == ([[185, 727]] if altitude == 0.0 else level)
    assert level[0][0] >= start
    assert (level[0][0] > start) == (altitude > 0.0)


def test_a_limit_above_its_horizon_ends_the_view_of_a_radar_on_a_height(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A site at 2,085 m sees down to -acos(a / (a + h)), about -1.47 degrees: a limit of -1 ends its view first.
    assert math.degrees(math.acos(6378137.0 / (6378137.0 + 2085.0))) == pytest.approx(1.4648, abs=1e-3)
    starts = [tracks(tmp_path, capsys, lowest, 2085)[0][0] for lowest in (-10, -1.5, -1, 0)]
    assert starts[0] == starts[1] < starts[2] < starts[3]


@pytest.mark.parametrize("site_km", [0.1, 2.085, 8.0])
@pytest.mark.parametrize("altitude_km", [100, 500])
def test_a_radar_on_a_height_sees_as_far_as_both_horizons_together(site_km: float, altitude_km: float) -> None:
    radius = 6371.0  # closed form R (acos(R / (R + h)) + acos(R / (R + H))), on the sphere of HOR-03
    expected = radius * sum(math.acos(radius / (radius + height)) for height in (site_km, altitude_km))
    found = horizon_km(altitude_km, site_km * 1e3 * SCALE, math.radians(-10.0))
    assert found == pytest.approx(expected, rel=1e-4)
