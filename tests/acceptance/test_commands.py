"""Whole commands on the toy scenario: their answers hold against each other and against what is known by hand."""

import contextlib
import csv
import io
import json
import math
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import hoplon
from hoplon.cli import main

NORTHWEST = (38.08, 46.29)
BUCHAREST = "44.43,26.10"
MEAN_RADIUS_KM = 6371.0088
FAST = ["toy", "--architecture", "fast"]
CITIES = {
    "Bucharest": (44.43, 26.10),
    "Ankara": (39.93, 32.85),
    "Athens": (37.98, 23.73),
    "Warsaw": (52.23, 21.01),
    "Constanta": (44.18, 28.65),
}


def run(*arguments: str) -> tuple[int, str, str]:
    """Run a command in this process; return its status, standard output and standard error."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(arguments)
    return status, out.getvalue(), err.getvalue()


def answer(*arguments: str) -> dict[str, Any]:
    status, out, err = run(*arguments, "--json")
    assert status == 0, err
    parsed: dict[str, Any] = json.loads(out)
    return parsed


def haversine_km(one: tuple[float, float], other: tuple[float, float]) -> float:
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, place)) for place in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * MEAN_RADIUS_KM * math.asin(math.sqrt(half))


@pytest.fixture(scope="module")
def flight() -> dict[str, Any]:
    launch = f"{NORTHWEST[0]},{NORTHWEST[1]}"
    return answer("trajectory", "--launch", launch, "--aim", BUCHAREST, "--scenario", "toy", "--threat", "mrbm")


def test_a_trajectory_covers_the_great_circle_between_its_ends(flight: dict[str, Any]) -> None:
    assert flight["ground_range_km"] == pytest.approx(haversine_km(NORTHWEST, (44.43, 26.10)), abs=0.1)


def test_the_samples_of_a_trajectory_begin_at_the_launch_and_end_at_the_aim(flight: dict[str, Any]) -> None:
    first, last = flight["samples"][0], flight["samples"][-1]
    assert first == pytest.approx([0, *NORTHWEST, 0], abs=1e-6)
    assert last[0] == pytest.approx(flight["flight_time_s"], abs=1e-6)
    assert last[1:] == pytest.approx([44.43, 26.10, 0], abs=1e-3)


def test_the_apogee_is_the_highest_of_the_samples(flight: dict[str, Any]) -> None:
    highest = max(sample[3] for sample in flight["samples"])
    assert highest <= flight["apogee_km"] + 1e-6
    assert highest == pytest.approx(
        flight["apogee_km"], abs=0.5
    )  # a sample every 10 s: within g/2 * 5 s * 5 s = 0.12 km


def test_a_flight_of_1700_km_takes_the_time_and_height_of_minimum_energy(flight: dict[str, Any]) -> None:
    """A flat-Earth estimate: burnout at 45 degrees, apogee a quarter of the range, 1,700 km in some 10 minutes."""
    assert flight["apogee_km"] == pytest.approx(flight["ground_range_km"] / 4, rel=0.3)
    assert flight["flight_time_s"] == pytest.approx(math.sqrt(2 * flight["ground_range_km"] / 9.8e-3) + 50, rel=0.2)


def test_the_steps_of_a_trajectory_are_those_asked_for() -> None:
    shown = answer(
        *("trajectory", "--launch", "38.08,46.29", "--aim", BUCHAREST, "--step-s", "30"),
        *("--burn-time-s", "100", "--burnout-altitude-km", "90", "--burnout-ground-range-km", "90"),
    )
    assert [sample[0] for sample in shown["samples"][:3]] == [0, 30, 60]
    assert "scenario" not in shown


def test_an_aim_beyond_the_reach_of_the_class_is_an_answer() -> None:
    shown = answer("trajectory", "--launch", "38.08,46.29", "--aim", "60,-100", "--scenario", "toy", "--threat", "mrbm")
    assert shown["reachable"] is False
    assert shown["reason"]


def flyout(ground_range_km: float, altitude_km: float, speed_km_s: float = 3.0) -> float | None:
    time: float | None = answer(
        *("flyout", "--burnout-speed-km-s", str(speed_km_s), "--burn-time-s", "60"),
        *("--ground-range-km", str(ground_range_km), "--altitude-km", str(altitude_km)),
    )["time_s"]
    return time


def test_a_vertical_flyout_is_a_fall_upwards() -> None:
    """To 300 km overhead: 60 s to 90 km, then coasting against gravity, summed in steps of 1 ms."""
    time, height, speed = 60.0, 90.0, 3.0
    while height < 300.0:
        speed -= 398600.4418 / (MEAN_RADIUS_KM + height) ** 2 * 1e-3
        height += speed * 1e-3
        time += 1e-3
    assert flyout(0, 300) == pytest.approx(time, abs=0.5)


def test_a_flyout_beyond_every_trajectory_is_null() -> None:
    assert flyout(5000, 200) is None
    assert flyout(0, 2000) is None


def engage(aim: str, architecture: str = "fast", threat: str = "mrbm", area: str = "northwest") -> dict[str, Any]:
    return answer("engage", "toy", "--architecture", architecture, "--from", area, "--aim", aim, "--threat", threat)


def test_an_engagement_keeps_the_order_of_events_and_the_limits_of_the_interceptor() -> None:
    shown = engage(BUCHAREST)
    assert shown["reachable"] is True
    battery = shown["batteries"]["deveselu-fast"]
    assert shown["defended"] is (battery["shots"] >= 1)
    assert battery["shots"] == len(battery["intercepts"]) >= 1
    for shot in battery["intercepts"]:
        assert battery["commit_s"] - 1e-6 <= shot["launch_s"] < shot["intercept_s"] < shown["flight_time_s"]
        assert 90 <= shot["altitude_km"] <= 1000
        assert shot["intercept_s"] - shot["launch_s"] <= 700
    for before, after in zip(battery["intercepts"], battery["intercepts"][1:], strict=False):
        assert after["launch_s"] >= before["intercept_s"] + 20 + 5 - 1e-6  # kill assessment, reaction
    assert battery["last_intercept_s"] >= battery["intercepts"][-1]["intercept_s"] - 1e-6


def test_a_forward_radar_is_cued_by_the_satellite_and_commits_after_the_delays_of_the_doctrine() -> None:
    shown = engage(BUCHAREST)
    assert shown["radars"]["kurecik"]["cue_s"] == pytest.approx(62, abs=1e-6)  # alert at 60 s, latency 2 s
    earliest = 100 + 20 + 2 + 30 + 5  # burnout, firm track, latency, decision, reaction
    assert shown["batteries"]["deveselu-fast"]["commit_s"] >= earliest - 1e-6


def test_without_the_net_a_battery_knows_of_nothing_but_its_own_radar() -> None:
    shown = engage(BUCHAREST, architecture="fast-organic")
    assert "kurecik" not in shown["radars"]
    assert shown["radars"]["deveselu-radar"]["cue_s"] is None
    assert shown["batteries"]["deveselu-fast"]["shots"] <= engage(BUCHAREST)["batteries"]["deveselu-fast"]["shots"]


def test_engaging_on_remote_tracks_never_takes_shots_away() -> None:
    for place in CITIES.values():
        aim = f"{place[0]},{place[1]}"
        own, remote = engage(aim), engage(aim, architecture="fast-remote")
        if own["reachable"]:
            shots = [item["batteries"]["deveselu-fast"]["shots"] for item in (own, remote)]
            assert shots[0] <= shots[1]


def test_an_aim_out_of_reach_is_an_answer_with_a_reason_and_no_batteries() -> None:
    shown = engage("60,-100")
    assert shown["reachable"] is False
    assert shown["reason"]
    assert not shown["batteries"]


def test_a_class_is_not_launched_from_an_area_that_it_does_not_have() -> None:
    assert engage(BUCHAREST, threat="irbm", area="centre")["reachable"] is False


@pytest.fixture(scope="module")
def cities(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("coverage")
    given, results = folder / "in.csv", folder / "out.csv"
    rows = "".join(f"{name},{lat},{lon},1000\n" for name, (lat, lon) in CITIES.items())
    given.write_text(f"name,lat,lon,population\n{rows}")
    shown = answer("coverage", *FAST, "--points", str(given), "--points-out", str(results), "--explain")
    with results.open() as stream:
        return shown, list(csv.DictReader(stream))


def test_coverage_of_points_is_what_engagements_say_one_by_one(
    cities: tuple[dict[str, Any], list[dict[str, str]]],
) -> None:
    for row in cities[1]:
        aim = f"{row['lat']},{row['lon']}"
        shots = []
        for area, threat in (("northwest", "mrbm"), ("centre", "mrbm"), ("northwest", "irbm")):
            shown = engage(aim, threat=threat, area=area)
            if shown["reachable"]:
                shots.append(max(item["shots"] for item in shown["batteries"].values()))
        assert row["threatened"] == str(bool(shots)).lower(), row
        if shots:
            assert row["defended"] == str(min(shots) >= 1).lower(), row
            assert int(row["shots_min"]) == min(shots), row


def test_the_rows_of_the_points_are_in_the_order_given(cities: tuple[dict[str, Any], list[dict[str, str]]]) -> None:
    assert [row["name"] for row in cities[1]] == list(CITIES)


def test_shares_lie_between_nothing_and_all_and_better_inputs_never_defend_fewer(
    cities: tuple[dict[str, Any], list[dict[str, str]]],
) -> None:
    headline = cities[0]["headline"]
    low, base, high = (headline[level]["population_share"] for level in ("low", "base", "high"))
    assert 0 <= low <= base <= high <= 1


def test_threat_names_who_is_within_reach_with_times() -> None:
    nations = answer("threat", "toy")["nations"]
    assert "TUR" in nations
    for entry in nations.values():
        for reach in entry["threats"].values():
            assert 0 < reach["warning_s"] == pytest.approx(reach["flight_time_s"] - 62, abs=0.11)  # alert, latency


def test_the_same_command_prints_the_same_bytes_twice() -> None:
    command = ["engage", *FAST, "--from", "northwest", "--aim", BUCHAREST, "--threat", "mrbm", "--json"]
    assert run(*command) == run(*command)


def test_every_command_prints_for_a_person_too() -> None:
    commands = [
        ["engage", *FAST, "--from", "northwest", "--aim", BUCHAREST, "--threat", "mrbm"],
        ["trajectory", "--launch", "38.08,46.29", "--aim", BUCHAREST, "--scenario", "toy", "--threat", "mrbm"],
        ["threat", "toy"],
        ["coverage", *FAST],
    ]
    for command in commands:
        status, out, err = run(*command)
        assert status == 0, err
        assert out
        assert "{" not in out


def test_an_interrupted_study_ends_with_130_and_no_traceback(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hoplon.cli", "study", "nato-europe", "-o", str(tmp_path / "study")]
    environment = {**os.environ, "PYTHONPATH": str(Path(hoplon.__file__).parents[1]), "PYTHONFAULTHANDLER": "1"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.read(1)  # the progress has begun
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 130, err.decode()
    assert (out, err.endswith(b"hoplon: interrupted\n"), b"Traceback" in err) == (b"", True, False)
