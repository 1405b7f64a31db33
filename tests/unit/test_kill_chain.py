from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from hoplon.analysis.engagement import RadarAnswer, engagement
from hoplon.analysis.kill_chain import KillChain, KillChains, kill_chains
from hoplon.analysis.predicted_intercept import PredictedIntercepts
from hoplon.analysis.trajectory import trajectory
from hoplon.cli.kill_chain import answer_kill_chain
from hoplon.cli.parser import parse
from hoplon.errors import InputError, UnknownNameError
from hoplon.flight.arc import solve_flights
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

AIM = (44.43, 26.10)
RADIUS_A, RADIUS_B = 6378137.0, 6356752.314245


@pytest.fixture(scope="module")
def bundled() -> Scenario:
    return load_scenario("nato-europe")


def answer(scenario: Scenario, architecture: str = "phase-3", **options: object) -> KillChains:
    settings = {"objects": 5, "pip_sigma_m": 1500.0, **options}
    return kill_chains(scenario, architecture, "tabriz", AIM, "mrbm-2000", **settings)  # type: ignore[arg-type]


def changed(folder: Path, text: str) -> Scenario:
    path = folder / "changed.yaml"
    path.write_text(f"hoplon: 1\nname: changed\nextends: nato-europe\n{text}", encoding="utf-8")
    return load_scenario(path)


def unlooked(scenario: Scenario) -> Scenario:
    """Return a scenario in which no battery looks between shots."""
    return replace(scenario, doctrine=replace(scenario.doctrine, look=False))


def chance(objects: int, separation: float) -> float:
    """Return the chance to select by an adaptive quadrature of the model's integral."""
    value, _ = quad(lambda x: norm.pdf(x - separation) * norm.cdf(x) ** (objects - 1), -9.0, 9.0 + separation)
    return float(value)


def position(latitude: float, longitude: float, altitude: float) -> np.ndarray:
    """Return an ECEF position [m] from degrees and metres, written out."""
    phi, lam = math.radians(latitude), math.radians(longitude)
    n = RADIUS_A**2 / math.hypot(RADIUS_A * math.cos(phi), RADIUS_B * math.sin(phi))
    axial = (n + altitude) * math.cos(phi)
    z = (n * (RADIUS_B / RADIUS_A) ** 2 + altitude) * math.sin(phi)
    return np.array([axial * math.cos(lam), axial * math.sin(lam), z])


def test_the_product_of_the_factors_is_the_single_shot_kill_probability(bundled: Scenario) -> None:
    chain = answer(bundled).batteries["deveselu-iia"]
    kind = bundled.interceptors["sm3-iia"]
    assert kind.seeker is not None
    radius = min(350e3 * math.tan(0.010), 6e3)
    handover = 1.0 - math.exp(-(radius**2) / (2.0 * 1500.0**2))
    selection = chance(5, math.hypot(2.5, 2.0))
    assert chain.handover is not None
    assert chain.selection is not None
    assert chain.handover.probability == pytest.approx(handover, rel=1e-9)
    assert chain.selection.probability == pytest.approx(selection, rel=1e-7)
    assert chain.selection.radars_alone == pytest.approx(chance(5, 2.5), rel=1e-7)
    assert chain.selection.seeker_alone == pytest.approx(chance(5, 2.0), rel=1e-7)
    assert chain.single_shot_kill_probability == pytest.approx(0.92 * handover * selection * 0.87, rel=1e-7)
    # The tracking satellite holds the track through the first intercept: a look, and time for a second shot.
    assert chain.shots == 2
    assert chain.kill_probability == pytest.approx(1.0 - (1.0 - 0.92 * handover * selection * 0.87) ** 2, rel=1e-7)
    blind = answer(unlooked(bundled)).batteries["deveselu-iia"]
    assert blind.shots == 1
    assert blind.kill_probability == pytest.approx(blind.single_shot_kill_probability, rel=1e-12)


def test_a_radar_discriminates_from_when_the_warhead_is_near_enough(bundled: Scenario) -> None:
    chain = answer(bundled).batteries["deveselu-iia"]
    assert chain.selection is not None
    assert set(chain.selection.radars) == {"kurecik"}
    radar, area = bundled.elements["kurecik"], bundled.launch_areas["tabriz"].at
    threat, known = bundled.threats["mrbm-2000"], bundled.radars["tpy-2"].discrimination
    assert radar.at is not None
    assert known is not None
    flown = trajectory(
        (area.latitude_deg, area.longitude_deg),
        AIM,
        burn_time_s=float(threat.burn_time_s),
        burnout_altitude_km=float(threat.burnout_altitude_km),
        burnout_ground_range_km=float(threat.burnout_ground_range_km),
        step_s=1.0,
    )
    section = float(threat.rcs_m2["X"]) / float(known.reference_rcs_m2)
    reach = 1e3 * float(known.range_km) * section**0.25
    site = position(radar.at.latitude_deg, radar.at.longitude_deg, radar.at.altitude_m)
    near = [
        time
        for time, latitude, longitude, altitude in flown.samples
        if time >= float(threat.burn_time_s)
        and np.linalg.norm(position(latitude, longitude, 1e3 * altitude) - site) <= reach
    ]
    found = chain.selection.radars["kurecik"].discriminates_s
    # The report reaches the battery a latency after the first second in range; a track cannot begin before.
    assert min(near) + float(bundled.network.latency_s) <= found <= min(near) + 15.0


def test_a_battery_without_a_shot_has_a_reason_and_no_numbers(bundled: Scenario) -> None:
    chains = answer(bundled, "phase-2").batteries
    assert chains["ship-east-ib"] == KillChain("sm3-ib", chains["ship-east-ib"].reason)
    assert "no shot" in str(chains["ship-east-ib"].reason)


def test_a_fixed_kill_probability_bypasses_the_factors(tmp_path: Path) -> None:
    scenario = changed(tmp_path, "interceptors:\n  sm3-iia: {single_shot_kill_probability: 0.6}\n")
    chain = answer(scenario).batteries["redzikowo"]
    assert chain.fixed
    assert chain.single_shot_kill_probability == 0.6
    assert chain.kill_probability == pytest.approx(1.0 - 0.4**chain.shots, rel=1e-12)
    assert chain.selection is None


def test_an_early_warning_radar_adds_nothing(tmp_path: Path) -> None:
    scenario = changed(tmp_path, "radars:\n  tpy-2: {discrimination: null}\n")
    chain = answer(scenario).batteries["redzikowo"]
    assert chain.selection is not None
    assert chain.selection.radars == {}
    assert chain.selection.radars_alone == pytest.approx(0.2, rel=1e-12)
    assert chain.selection.probability == chain.selection.seeker_alone
    assert chain.selection.done_by == "seeker"


def test_a_seeker_that_sees_no_difference_leaves_the_work_to_the_radar(tmp_path: Path) -> None:
    scenario = changed(tmp_path, "interceptors:\n  sm3-iia: {seeker: {separation: 0}}\n")
    chain = answer(scenario).batteries["redzikowo"]
    assert chain.selection is not None
    assert chain.selection.done_by == "radars"
    assert answer(scenario, objects=1).batteries["redzikowo"].selection.done_by == "nothing to select"  # type: ignore[union-attr]


def test_an_interceptor_without_its_factors_says_which_are_missing(tmp_path: Path) -> None:
    scenario = changed(tmp_path, "interceptors:\n  sm3-iia: {divert_km: null}\n")
    chain = answer(scenario).batteries["redzikowo"]
    assert "divert_km" in str(chain.reason)
    assert chain.single_shot_kill_probability is None


def test_more_look_alikes_never_help(bundled: Scenario) -> None:
    chances = [
        answer(bundled, objects=count).batteries["redzikowo"].single_shot_kill_probability for count in (1, 2, 9, 99)
    ]
    assert chances == sorted(chances, reverse=True)  # type: ignore[type-var]
    assert len(set(chances)) == 4


def test_the_bounds_enclose_the_stated_value(bundled: Scenario) -> None:
    low, base, high = (answer(bundled, level=level).batteries["redzikowo"] for level in ("low", "base", "high"))
    assert (low.reliability, base.reliability, high.reliability) == (0.66, 0.92, 0.97)
    assert (low.hit, base.hit, high.hit) == (0.50, 0.87, 0.93)
    chances = [chain.single_shot_kill_probability for chain in (low, base, high)]
    assert None not in chances
    assert chances == sorted(set(chances))  # type: ignore[type-var]


def test_a_level_of_kill_probability_moves_no_shot_and_no_track(bundled: Scenario) -> None:
    chains = [answer(bundled, level=level).batteries for level in ("low", "base", "high")]
    for name in chains[0]:
        low, base, high = (chain[name] for chain in chains)
        assert (low.launch_s, low.intercept_s, low.shots) == (base.launch_s, base.intercept_s, base.shots)
        assert (high.launch_s, high.intercept_s, high.shots) == (base.launch_s, base.intercept_s, base.shots)
        if base.handover is not None and low.handover is not None and high.handover is not None:
            assert low.handover.pip_sigma_m == base.handover.pip_sigma_m == high.handover.pip_sigma_m
            assert low.handover.radius_km < base.handover.radius_km < high.handover.radius_km


def test_a_level_of_kill_probability_leaves_the_cross_section_where_it_is(bundled: Scenario) -> None:
    threats = {
        name: replace(kind, rcs_m2={band: Cited(float(rcs)) for band, rcs in kind.rcs_m2.items()})
        for name, kind in bundled.threats.items()
    }
    plain = replace(bundled, threats=threats)
    for level in ("low", "high"):
        assert answer(bundled, level=level, objects=5).batteries == answer(plain, level=level, objects=5).batteries


def test_a_flight_out_of_reach_is_an_answer(bundled: Scenario) -> None:
    out = kill_chains(bundled, "phase-3", "tabriz", (60.0, -100.0), "mrbm-2000")
    assert not out.reachable
    assert "beyond" in str(out.reason)
    assert out.batteries == {}


def test_wrong_options_are_refused(bundled: Scenario) -> None:
    with pytest.raises(InputError, match="objects"):
        answer(bundled, objects=0)
    with pytest.raises(InputError, match="pip_sigma_m"):
        answer(bundled, pip_sigma_m=math.nan)
    with pytest.raises(UnknownNameError, match="phase-3"):
        answer(bundled, "phase-33")


def run(arguments: list[str]) -> int:
    return answer_kill_chain(parse(arguments))


ASKED = ["kill-chain", "nato-europe", "--architecture", "phase-2", "--from", "tabriz", "--aim", "44.43,26.10"]


def test_the_command_prints_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ASKED, "--threat", "mrbm-2000", "--pip-sigma-m", "1500", "--objects", "5", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["from"] == "tabriz"
    assert printed["batteries"]["deveselu"]["selection"]["radars"]["kurecik"]["separation"] == 2.5
    assert printed["batteries"]["ship-east-ib"]["single_shot_kill_probability"] is None


def test_the_command_prints_tables_for_a_person(capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*ASKED, "--threat", "mrbm-2000", "--pip-sigma-m", "1500", "--objects", "5"]) == 0
    printed = capsys.readouterr().out
    assert "seeker alone" in printed
    assert "no shot" in printed
    assert run([*ASKED[:-1], "60,-100", "--threat", "mrbm-2000"]) == 0
    assert "out of reach" in capsys.readouterr().out


def test_without_an_option_the_track_gives_the_error_of_prediction(bundled: Scenario) -> None:
    chain = answer(bundled, pip_sigma_m=None).batteries["redzikowo"]
    assert chain.handover is not None
    assert 0.0 < chain.handover.pip_sigma_m < 5e3
    assert chain.reason is None


def test_too_few_looks_before_handover_leave_no_prediction(bundled: Scenario) -> None:
    area, threat = bundled.launch_areas["tabriz"].at, bundled.threats["mrbm-2000"]
    burn = float(threat.burn_time_s)
    numbers = (burn, 1e3 * float(threat.burnout_altitude_km), 1e3 * float(threat.burnout_ground_range_km), 0.0)
    launch = np.radians([[area.latitude_deg, area.longitude_deg]])
    row = solve_flights(launch, np.radians([AIM]), *(np.array([number]) for number in numbers))[0]
    resolved = bundled.architecture("phase-3")
    judged = engagement(bundled, "phase-3", "tabriz", AIM, "mrbm-2000")
    predicted = PredictedIntercepts(bundled, resolved, row, judged.radars)
    assert predicted.sigma("redzikowo", burn + 1.0) is None
    blind = {name: RadarAnswer(None, ()) for name in judged.radars}
    assert PredictedIntercepts(bundled, resolved, row, blind).sigma("redzikowo", 400.0) is None
    later = predicted.sigma("redzikowo", 400.0)
    assert later is not None
    assert later > 0.0


def test_a_battery_on_its_own_hears_its_own_radars_alone(tmp_path: Path) -> None:
    scenario = changed(tmp_path, "architectures:\n  phase-3: {doctrine: {mode: organic}}\n")
    for name, chain in answer(scenario, pip_sigma_m=None).batteries.items():
        if chain.selection is not None:
            assert set(chain.selection.radars) <= set(scenario.elements[name].radars)
