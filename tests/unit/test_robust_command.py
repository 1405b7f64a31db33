"""The command robust against files with the numbers moved by hand, on any number of workers, and broken off."""

from __future__ import annotations

import csv
import hashlib
import json
import math
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis.architectures import contains
from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.analysis.robustness.designs import design_of, indices_of_design
from hoplon.analysis.sampling.factors import factors_of, unused_numbers
from hoplon.cli import main
from hoplon.errors import HoplonError, InputError, OutputError, UsageError
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario, path_text
from hoplon.scenario.paths import bounded_numbers, with_values

TEXT = """
extends: toy
hoplon: 1
name: choice
threats:
  mrbm: {{rcs_m2: {{X: {rcs}}}, burn_time_s: {burn}}}
interceptors:
  exo-45: {{burnout_speed_km_s: {fast}, intercept_altitude_km: [{floor}, 1000]}}
  exo-3: {{burnout_speed_km_s: {slow}}}
elements: {{kurecik: {{boresights_deg: [{azimuth}], availability: {{value: 0.9, low: 0.8}}}}}}
doctrine: {{decision_s: {decision}, handover_error_km: {{value: 5, low: 1, high: 9}}}}
architectures: {{fast-remote: {{doctrine: {{decision_s: {remote}}}}}}}
questions: {{Q13: {{title: "Can one decide?", architectures: [fast, fast-remote, slow]}}}}
"""
BOUNDS: dict[str, tuple[float, float, float]] = {
    "rcs": (0.002, 0.02, 0.2),
    "burn": (80, 100, 120),
    "fast": (2.0, 4.5, 5.0),
    "floor": (80, 90, 120),
    "slow": (2.0, 3.0, 6.0),
    "azimuth": (60, 105, 130),
    "decision": (15, 30, 200),
    "remote": (10, 20, 100),
}
FACTORS = {
    "rcs": "rcs",
    "burn": "threat_boost",
    "fast": "burnout_speed.exo-45",
    "floor": "floor",
    "slow": "burnout_speed.exo-3",
    "azimuth": "elements.kurecik.boresights_deg[0]",
    "decision": "doctrine.decision_s",
    "remote": "doctrine.decision_s",
}
NAMES = ("fast", "fast-remote", "slow")
PLACES = [
    (41.0, 29.0),
    (44.4, 26.1),
    (39.9, 32.9),
    (47.5, 19.0),
    (38.0, 23.7),
    (42.7, 23.3),
    (50.1, 14.4),
    (45.8, 16.0),
]


def written(folder: Path, **values: float) -> Path:
    """Write the scenario, with bounds or with the values that some numbers have in their place."""
    cells = {
        key: repr(values[key]) if key in values else f"{{value: {value}, low: {low}, high: {high}}}"
        for key, (low, value, high) in BOUNDS.items()
    }
    file = folder / "choice.yaml"
    file.write_text(TEXT.format(**cells), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(written(tmp_path_factory.mktemp("choice")))


@pytest.fixture(scope="module")
def points(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("points") / "points.csv"
    rows = [f"{lat},{lon},{1000 + 137 * place}" for place, (lat, lon) in enumerate(PLACES)]
    file.write_text("lat,lon,population\n" + "\n".join(rows) + "\n", encoding="utf-8")
    return file


def asked(scenario: Scenario, points: Path | None, **options: Any) -> RobustnessAnswer:
    options = {"samples": 40, "executor": "serial", **options}
    found = hoplon.robust(scenario, points=points, **options)
    assert isinstance(found, RobustnessAnswer)
    return found


# --- against files with moved numbers ---------------------------------------------------------------------------------


def moved(key: str, u: float) -> float:
    """The two-piece number of the page."""
    low, value, high = BOUNDS[key]
    start, end, share = (low, value, 2 * u) if u <= 0.5 else (value, high, 2 * u - 1)
    if low > 0 and high >= 4 * low:
        return float(start * (end / start) ** share)
    return start + (end - start) * share


def coordinate(factor: str, sample: int, samples: int, seed: int) -> float:
    digests = [hashlib.sha256(f"{seed}/{factor}/{i}".encode()).hexdigest() for i in range(samples)]
    return (sorted(digests).index(digests[sample]) + 0.5) / samples


def test_every_sample_is_the_coverage_of_a_file_with_its_numbers(
    scenario: Scenario, points: Path, tmp_path: Path
) -> None:
    found = asked(scenario, points, seed=3)
    rows = list(csv.DictReader(found.samples.csv_text().splitlines()))
    assert len(rows) == 40
    for sample in (0, 7, 19, 33):
        values = {key: moved(key, coordinate(name, sample, 40, 3)) for key, name in FACTORS.items()}
        file = written(tmp_path, **values)
        row = rows[sample]
        assert (row["sample"], row["invalid"]) == (str(sample), "false")
        for key, name in FACTORS.items():
            assert float(row[f"u.{name}"]) == coordinate(name, sample, 40, 3), key
        assert float(row["u.dummy"]) == coordinate("dummy", sample, 40, 3)
        for name in NAMES:
            share = hoplon.coverage(file, name, points=points, levels="base").summary().population_share
            assert float(row[f"value.{name}"]) == pytest.approx(share, abs=1e-9)
    for name, base in zip(NAMES, found.samples.base.tolist(), strict=True):
        share = hoplon.coverage(scenario, name, points=points, levels="base").summary().population_share
        assert base == pytest.approx(share, abs=1e-9)
    answer = found.as_json()
    assert answer["subset"] == {
        "points": len(PLACES),
        "of": len(PLACES),
        "error": {name: pytest.approx(dict.fromkeys(("low", "base", "high"), 0.0), abs=1e-12) for name in NAMES},
    }
    assert len({row["value.slow"] for row in rows}) > 2  # the samples do differ


def test_what_is_printed_is_the_arithmetic_of_the_samples(scenario: Scenario, points: Path) -> None:
    found = asked(scenario, points)
    answer, values = found.as_json(), found.samples.values
    assert (answer["samples"], answer["invalid"]) == (40, 0)
    best = values.max(axis=1)
    for place, name in enumerate(NAMES):
        assert answer["value"][name]["mean"] == pytest.approx(values[:, place].mean())
        assert answer["regret"][name]["max"] == pytest.approx((best - values[:, place]).max())
    assert sum(rate["mean"] for rate in answer["share_best"].values()) == pytest.approx(1.0)
    assert [one["name"] for one in answer["factors"]][-1] == "dummy"
    assert {one["name"] for one in answer["factors"][:-1]} == set(FACTORS.values())
    assert answer["factors"][-1] == {"name": "dummy", "paths": [], "numbers": {}}
    assert answer["unused"] == ["elements.kurecik.availability", "doctrine.handover_error_km"]
    dummy = [one["index"] for name in NAMES for one in answer["indices"][name] if one["factor"] == "dummy"]
    dummy += [one["index"] for pair in answer["pairs"] for one in pair["indices"] if one["factor"] == "dummy"]
    assert answer["dummy_index"] == max(index for index in dummy if index is not None)
    for pair in answer["pairs"]:
        assert len(pair["switches"]) <= 5
        assert {one["factor"] for one in pair["switches"]} <= {i["factor"] for i in pair["indices"] if i["counts"]}


def test_a_switch_is_where_a_file_with_the_number_moved_changes_sides(tmp_path: Path) -> None:
    """The slow interceptor is given up to 6 km/s, the fast one down to 2: somewhere on the way they change places."""
    file = written(tmp_path)
    others = ["threats", "elements", "doctrine", "interceptors.*.intercept_altitude_km"]
    file.write_text(f"{file.read_text(encoding='utf-8')}robustness: {{leave_out: {json.dumps(others)}}}\n")
    found = asked(load_scenario(file), None, samples=64, subset=200)
    pair = next(one for one in found.as_json()["pairs"] if (one["a"], one["b"]) == ("fast", "slow"))
    flips = [one for one in pair["switches"] if one["at"] is not None]
    assert [one["factor"] for one in flips] == ["burnout_speed.exo-45"]
    at = flips[0]["at"]
    assert flips[0]["numbers"] == {
        "interceptors.exo-45.burnout_speed_km_s": pytest.approx(moved("fast", at), rel=1e-12)
    }

    def ahead(u: float) -> float:
        once = asked(load_scenario(written(tmp_path, fast=moved("fast", u))), None, samples=1, subset=200)
        return float(once.samples.base[0] - once.samples.base[2])

    assert ahead(0.0) < -1e-9
    assert ahead(at - 1 / 512) <= 1e-9  # equal for a while before the other is better
    assert ahead(at + 1 / 512) > 1e-9


def test_numbers_that_are_said_to_be_unused_move_nothing(scenario: Scenario, points: Path) -> None:
    everything = bounded_numbers(scenario)
    unused = unused_numbers(scenario, NAMES)
    values = {steps: number.at("low") for steps, number in everything.items() if path_text(steps) in unused}
    assert len(values) == len(unused) == 2
    changed = with_values(scenario, values)
    for name in NAMES:
        before, after = (hoplon.coverage(one, name, points=points).as_json() for one in (scenario, changed))
        assert before["headline"] == after["headline"]


# --- factors ---------------------------------------------------------------------------------------------------------


def test_a_scenario_groups_its_inputs_and_leaves_some_out(tmp_path: Path) -> None:
    file = written(tmp_path)
    with file.open("a", encoding="utf-8") as stream:
        stream.write(
            "robustness: {factors: {speeds: [interceptors.*.burnout_speed_km_s]}, leave_out: [threats.*.rcs_m2.*]}\n"
        )
    found = {one.name: one.paths for one in factors_of(load_scenario(file), NAMES)}
    assert found["speeds"] == ("interceptors.exo-3.burnout_speed_km_s", "interceptors.exo-45.burnout_speed_km_s")
    assert "rcs" not in found
    assert set(found) == {*FACTORS.values(), "speeds"} - {"rcs", "burnout_speed.exo-45", "burnout_speed.exo-3"}


def test_samples_whose_bounds_cross_are_counted_and_dropped(tmp_path: Path, points: Path) -> None:
    """The floor goes from 80 over 90 to 1,500 km, above the ceiling of 1,000 from u = 1/2 + 1/2 f on."""
    file = tmp_path / "choice.yaml"
    text = TEXT.format(
        **{key: f"{{value: {value}, low: {low}, high: {high}}}" for key, (low, value, high) in BOUNDS.items()}
        | {"floor": "{value: 90, low: 80, high: 1500}"}
    )
    file.write_text(text, encoding="utf-8")
    found = asked(load_scenario(file), points)
    share = math.log(1000 / 90) / math.log(1500 / 90)
    wanted = [coordinate("floor", sample, 40, 1) >= 0.5 + 0.5 * share for sample in range(40)]
    assert (~found.samples.counted).tolist() == wanted
    assert found.invalid == sum(wanted) > 0
    assert found.as_json()["invalid"] == sum(wanted)
    rows = list(csv.DictReader(found.samples.csv_text().splitlines()))
    assert [row["invalid"] == "true" for row in rows] == wanted
    assert {row["value.fast"] for row, bad in zip(rows, wanted, strict=True) if bad} == {""}


def test_nothing_threatened_is_an_answer(scenario: Scenario, tmp_path: Path) -> None:
    file = tmp_path / "far.csv"
    file.write_text("lat,lon\n-45,-120\n-46,-121\n", encoding="utf-8")
    answer = asked(scenario, file).as_json()
    assert (answer["invalid"], answer["base"]) == (40, dict.fromkeys(NAMES))
    assert (answer["best"], answer["rank_agreement"], answer["dummy_index"]) == (None, None, None)
    assert all(rate["mean"] is None for rate in answer["share_best"].values())


def test_land_and_the_worst_nation_are_values_too(scenario: Scenario) -> None:
    land = asked(scenario, None, samples=2, value="area", subset=200)
    worst = asked(scenario, None, samples=2, value="worst_nation", subset=200)
    people = asked(scenario, None, samples=2, subset=200)
    for place, name in enumerate(NAMES):
        summary = hoplon.coverage(scenario, name, levels="base").summary()
        shares = [one.population_share for one in summary.nations.values() if one.population_share is not None]
        wanted = (summary.area_share, min(shares), summary.population_share)
        for found, share in zip((land, worst, people), wanted, strict=True):
            error = found.samples.subset.errors[name]["base"]
            assert error is not None
            assert share is not None
            assert found.samples.base[place] - error == pytest.approx(share, abs=1e-9)


# --- workers, folders, interruptions ----------------------------------------------------------------------------------


def command(file: Path, points: Path, *more: str) -> list[str]:
    return ["robust", str(file), "--points", str(points), "--samples", "80", "--json", *more]


def test_any_executor_and_shards_give_the_same_bytes(
    points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path)

    def said(*more: str) -> str:
        assert main(command(file, points, *more)) == 0
        return capsys.readouterr().out

    first = said("--executor", "serial")
    assert said("--workers", "2") == first
    assert said("--executor", "dask", "--workers", "2") == first
    folder = str(tmp_path / "kept")
    assert json.loads(said("--folder", folder, "--shard", "1/2"))["chunks_done"] == 3  # of 6
    assert said("--folder", folder, "--workers", "1") == first
    chunks = sorted((tmp_path / "kept").glob("*.shares"))
    assert len(chunks) > 6
    for chunk in chunks:
        chunk.write_bytes(chunk.read_bytes()[:-1] + b"!")
        assert main(command(file, points, "--folder", folder)) == 0
        captured = capsys.readouterr()
        assert captured.out == first
        assert "computed again" in captured.err, chunk


def test_a_run_that_is_killed_goes_on_where_it_was(
    points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, folder = written(tmp_path), tmp_path / "kept"
    line = [sys.executable, "-m", "hoplon", *command(file, points, "--folder", str(folder), "--samples", "240")]
    for number in (signal.SIGKILL, signal.SIGINT):
        before = len(list(folder.glob("*.shares"))) if folder.exists() else 0
        process = subprocess.Popen([*line, "--workers", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        ends = time.monotonic() + 300.0
        while not folder.exists() or len(list(folder.glob("*.shares"))) <= before + 1:
            assert time.monotonic() < ends
            assert process.poll() is None
            time.sleep(0.01)
        process.send_signal(number)
        _, told = process.communicate(timeout=60)
        if number == signal.SIGINT:
            assert b"the same command resumes there" in told
    kept = {path.name: path.stat().st_mtime_ns for path in folder.glob("*.shares")}
    assert 2 < len(kept) < 16
    assert main(command(file, points, "--samples", "240", "--folder", str(folder), "--executor", "serial")) == 0
    resumed = capsys.readouterr().out
    assert all((folder / name).stat().st_mtime_ns == stamp for name, stamp in kept.items())
    assert main(command(file, points, "--samples", "240", "--executor", "serial")) == 0
    assert capsys.readouterr().out == resumed
    assert not list(folder.glob(".*"))


def test_a_full_disk_loses_nothing(points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file, folder = written(tmp_path), tmp_path / "kept"
    line = command(file, points, "--folder", str(folder), "--executor", "serial")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (200, hard))  # bytes: less than a chunk of samples
        assert main(line) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    assert str(folder) in capsys.readouterr().err
    assert not [path for path in folder.iterdir() if path.name.startswith(".")]
    assert main(line) == 0
    resumed = capsys.readouterr().out
    assert main(command(file, points, "--executor", "serial")) == 0
    assert capsys.readouterr().out == resumed


# --- the study -------------------------------------------------------------------------------------------------------


def test_a_study_has_the_same_numbers_as_the_command(scenario: Scenario) -> None:
    found = Study(scenario).robustness
    assert found is not None
    study, alone = found.as_json(), asked(scenario, None, samples=256, subset=512).as_json()
    for name in NAMES:  # shares of all points are summed nation by nation in a study
        assert study["subset"]["error"].pop(name) == pytest.approx(alone["subset"]["error"].pop(name), abs=1e-12)
    assert study == alone


def test_what_contains_another_is_said(scenario: Scenario) -> None:
    assert contains(scenario, "fast", "fast-remote")
    assert contains(scenario, "fast-remote", "fast")
    assert not contains(scenario, "fast", "slow")


# --- refusals --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "error", "text"),
    [
        ({"architectures": ["fast"]}, InputError, "two or more to choose between"),
        ({"architectures": ["fast", "slow", "fast"]}, InputError, "architecture fast: is named twice"),
        ({"architectures": ["fast", "slwo"]}, InputError, "slow"),
        ({"samples": 0}, InputError, "samples: from 1 to"),
        ({"subset": 0}, InputError, "subset: from 1 to"),
        ({"value": "peeple"}, InputError, "peeple"),
        ({"indices": "sobl"}, InputError, "sobol"),
        ({"shard": "1/2"}, UsageError, "--folder"),
        ({"scheduler": "tcp://here:1", "executor": "process"}, UsageError, "scheduler"),
    ],
)
def test_bad_input_is_refused(
    scenario: Scenario, points: Path, options: dict[str, Any], error: type[Exception], text: str
) -> None:
    names = options.pop("architectures", None)
    with pytest.raises((error, HoplonError), match=text):
        hoplon.robust(scenario, names, points=points, **{"samples": 8, **options})


def test_a_scenario_without_a_choice_is_refused_by_its_place(points: Path) -> None:
    with pytest.raises(InputError, match=r"questions.Q13.architectures of toy holds 0"):
        hoplon.robust("toy", points=points)


def test_designs_need_salib(scenario: Scenario, points: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SALib", "SALib.sample", "SALib.sample.sobol"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(OutputError, match=r"pip install 'hoplon\[indices\]'"):
        asked(scenario, points, indices="sobol", samples=8)


@pytest.fixture
def salib(monkeypatch: pytest.MonkeyPatch) -> None:
    """Saltelli's design and estimators as SALib has them, built here from their papers on plain random numbers."""

    def saltelli(problem: dict[str, Any], samples: int, *, calc_second_order: bool, seed: int) -> np.ndarray:
        assert not calc_second_order
        d = problem["num_vars"]
        a, b = np.random.default_rng(seed).random((2, samples, d))
        rows = []
        for one, other in zip(a, b, strict=True):
            crossed = np.tile(one, (d, 1))
            np.fill_diagonal(crossed, other)
            rows += [one, *crossed, other]
        return np.array(rows)

    def first_order(problem: dict[str, Any], y: np.ndarray, **options: Any) -> dict[str, np.ndarray]:
        d = problem["num_vars"]
        blocks = y.reshape(-1, d + 2)
        a, b, crossed = blocks[:, 0], blocks[:, -1], blocks[:, 1:-1]
        index = (b[:, None] * (crossed - a[:, None])).mean(axis=0) / y.var()
        return {"S1": index, "S1_conf": np.full(d, 0.1)}

    def trajectories(problem: dict[str, Any], count: int, *, num_levels: int, seed: int) -> np.ndarray:
        rng, d, rows = np.random.default_rng(seed), problem["num_vars"], []
        for _ in range(count):
            place = rng.integers(0, 2, d) / 3.0
            rows.append(place.copy())
            for factor in rng.permutation(d):
                place[factor] += 2.0 / 3.0
                rows.append(place.copy())
        return np.array(rows)

    def effects(problem: dict[str, Any], x: np.ndarray, y: np.ndarray, **options: Any) -> dict[str, np.ndarray]:
        d, found = problem["num_vars"], [[] for _ in range(problem["num_vars"])]
        for start in range(0, len(y), d + 1):
            for row in range(start, start + d):
                factor = int(np.argmax(np.abs(x[row + 1] - x[row])))
                found[factor].append(abs((y[row + 1] - y[row]) / (x[row + 1, factor] - x[row, factor])))
        return {"mu_star": np.array([np.mean(one) for one in found]), "mu_star_conf": np.zeros(d)}

    made = {
        "sample.sobol": {"sample": saltelli},
        "analyze.sobol": {"analyze": first_order},
        "sample.morris": {"sample": trajectories},
        "analyze.morris": {"analyze": effects},
    }
    monkeypatch.setitem(sys.modules, "SALib", ModuleType("SALib"))
    for part in ("sample", "analyze"):
        monkeypatch.setitem(sys.modules, f"SALib.{part}", ModuleType(f"SALib.{part}"))
    for name, functions in made.items():
        module = ModuleType(f"SALib.{name}")
        vars(module).update(functions)
        monkeypatch.setitem(sys.modules, f"SALib.{name}", module)


def test_designs_find_the_indices_of_a_sum(salib: None) -> None:
    names, weights = ("one", "two", "three", "dummy"), np.array([3.0, 2.0, 1.0, 0.0])
    design = design_of("sobol", names, 4096, 1)
    assert design.shape == (4096 * 6, 4)
    index, low, high = indices_of_design("sobol", names, design, (design @ weights)[:, None], 1)
    assert index[:, 0] == pytest.approx([9 / 14, 4 / 14, 1 / 14, 0.0], abs=0.05)  # random numbers, 4,096 pairs
    assert ((low < index) & (index < high)).all()
    design = design_of("morris", names, 8, 1)
    assert design.shape == (20 * 5, 4)
    index, _, _ = indices_of_design("morris", names, design, (design @ weights)[:, None], 1)
    assert index[:, 0] == pytest.approx(weights, abs=1e-12)
    with pytest.raises(InputError, match="make no scenario"):
        indices_of_design("morris", names, design, np.full((100, 1), np.nan), 1)


def test_indices_by_a_design_take_the_place_of_the_given_ones(salib: None, scenario: Scenario, points: Path) -> None:
    found = asked(scenario, points, samples=8, indices="morris").as_json()
    assert (found["index_method"], found["noise_floor"], found["dummy_index"]) == ("morris", None, 0.0)
    assert found["samples"] == 8
    with pytest.raises(InputError, match="power of two"):
        asked(scenario, points, samples=12, indices="sobol")


def test_a_person_reads_a_table(points: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "samples.csv"
    line = ["robust", str(written(tmp_path)), "--points", str(points), "--samples", "64", "--executor", "serial"]
    assert main([*line, "--samples-out", str(out)]) == 0
    text = capsys.readouterr().out
    assert "64 samples of 7 inputs" in text
    assert "fast : slow" in text
    assert "noise floor" in text
    assert len(out.read_text(encoding="utf-8").splitlines()) == 65
