"""Latin hypercube, factors, weighted subsets, and the band of a coverage."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import hoplon
from hoplon.analysis.coverage import aim_points, coverage
from hoplon.analysis.coverage_solver import Asked, Judged, KernelCover
from hoplon.analysis.sampling.band import Band, band_of, sampling_of_study
from hoplon.analysis.sampling.factors import crossed, factors_of, sampled
from hoplon.analysis.sampling.hypercube import hypercube_column, number_at
from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.analysis.sampling.sampled_values import SampledWork, Sampling, hypercube, sampled_values
from hoplon.analysis.sampling.weighted_subset import weighted_subset
from hoplon.analysis.store import Store
from hoplon.errors import InputError, OutputError
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Cited, Scenario

BOUNDS = """
extends: toy
hoplon: 1
name: bounds
threats: {mrbm: {rcs_m2: {X: {value: 0.02, low: 0.002, high: 0.2}}, burn_time_s: {value: 100, low: 80, high: 120}}}
interceptors:
  exo-45: {burnout_speed_km_s: {value: 4.5, low: 3.8, high: 5.0},
           intercept_altitude_km: [{value: 90, low: 80, high: 120}, 1000]}
  exo-3: {burnout_speed_km_s: {value: 3, low: 2.7, high: 3.3}}
elements: {kurecik: {boresights_deg: [{value: 105, low: 60, high: 130}], availability: {value: 0.9, low: 0.8}}}
doctrine: {decision_s: {value: 30, low: 15, high: 200}, handover_error_km: {value: 5, low: 1, high: 9}}
architectures: {fast-remote: {doctrine: {decision_s: {value: 20, low: 10, high: 100}}}}
"""


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    file = tmp_path_factory.mktemp("bounds") / "bounds.yaml"
    file.write_text(BOUNDS, encoding="utf-8")
    return load_scenario(file)


def grid() -> AimPoints:
    latitude, longitude = (axis.ravel() for axis in np.meshgrid(np.arange(36.0, 50.0, 1.5), np.arange(14.0, 36.0, 2.5)))
    count = len(latitude)
    return AimPoints(
        np.array([f"point-{index}" for index in range(count)]),
        np.where(longitude < 25.0, "ROU", "TUR"),
        latitude,
        longitude,
        1000.0 + 10.0 * np.arange(count),
        np.zeros(count),
        np.full(count, "place"),
    )


def sampling(scenario: Scenario, names: tuple[str, ...], samples: int = 40) -> Sampling:
    """All points, so that what is compared with is the coverage itself."""
    points = grid()
    found = sampling_of_study(scenario, names, points, np.ones(len(points), dtype=bool))
    coordinates = hypercube(found.factors, samples, 1)
    return replace(found, points=points, weight=points.population, coordinates=coordinates)


def shares_of(scenario: Scenario, names: tuple[str, ...], samples: int) -> np.ndarray:
    return sampled_values(sampling(scenario, names, samples), KernelCover(Store()))[0]


# --- the hypercube ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("samples", [1, 2, 7, 256])
def test_each_stratum_holds_one_sample_at_its_middle(samples: int) -> None:
    column = hypercube_column(1, "rcs", samples)
    assert sorted(column) == pytest.approx([(stratum + 0.5) / samples for stratum in range(samples)], abs=1e-15)


def test_a_column_is_the_ranks_of_the_digests_of_its_name() -> None:
    digests = [hashlib.sha256(f"7/rcs/{i}".encode()).hexdigest() for i in range(5)]
    wanted = [(sorted(digests).index(digest) + 0.5) / 5 for digest in digests]
    assert list(hypercube_column(7, "rcs", 5)) == wanted


def test_columns_of_factors_and_seeds_are_unlike() -> None:
    one, other, later = hypercube_column(1, "a", 256), hypercube_column(1, "b", 256), hypercube_column(2, "a", 256)
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.2
    assert abs(np.corrcoef(one, later)[0, 1]) < 0.2


@pytest.mark.parametrize(
    ("number", "coordinate", "wanted"),
    [
        (Cited(3.0, 2.0, 5.0), 0.0, 2.0),
        (Cited(3.0, 2.0, 5.0), 0.25, 2.5),
        (Cited(3.0, 2.0, 5.0), 0.5, 3.0),
        (Cited(3.0, 2.0, 5.0), 0.75, 4.0),
        (Cited(3.0, 2.0, 5.0), 1.0, 5.0),
        (Cited(3.0, None, 5.0), 0.1, 3.0),
        (Cited(1.0, 0.01, 100.0), 0.25, 0.1),
        (Cited(1.0, 0.01, 100.0), 0.75, 10.0),
        (Cited(0.0, -4.0, 2.0), 0.25, -2.0),
    ],
)
def test_a_number_goes_from_its_low_over_its_value_to_its_high(number: Cited, coordinate: float, wanted: float) -> None:
    assert number_at(number, coordinate) == pytest.approx(wanted, rel=1e-12)


def test_whole_numbers_are_rounded_halves_to_even() -> None:
    assert [number_at(Cited(2.0, 1.0, 3.0), u, whole=True) for u in (0.25, 0.75)] == [2.0, 2.0]


# --- factors ---------------------------------------------------------------------------------------------------------


def test_numbers_with_one_cause_are_one_factor(scenario: Scenario) -> None:
    found = {factor.name: len(factor.numbers) for factor in factors_of(scenario, ("fast", "fast-remote"))}
    assert found == {
        "rcs": 1,
        "threat_boost": 1,
        "burnout_speed.exo-45": 1,
        "floor": 1,
        "elements.kurecik.boresights_deg[0]": 1,
        "doctrine.decision_s": 2,
    }


def test_factors_are_of_what_is_used(scenario: Scenario) -> None:
    assert "burnout_speed.exo-3" in {factor.name for factor in factors_of(scenario, ("slow",))}
    names = {factor.name for factor in factors_of(scenario, ("fast-organic",))}
    assert names == {"rcs", "threat_boost", "burnout_speed.exo-45", "floor", "doctrine.decision_s"}
    predicted = replace(scenario, doctrine=replace(scenario.doctrine, support="predicted"))
    assert "doctrine.handover_error_km" in {factor.name for factor in factors_of(predicted, ("fast",))}


def test_a_sample_at_the_middle_is_the_base(scenario: Scenario) -> None:
    factors = factors_of(scenario, ("fast",))
    assert sampled(scenario, factors, {factor.name: 0.5 for factor in factors}) == scenario
    there = sampled(scenario, factors, {factor.name: 1.0 for factor in factors})
    assert float(there.elements["kurecik"].boresights_deg[0]) == 130.0
    assert float(there.doctrine.decision_s) == 200.0
    assert not crossed(there, "fast")


# --- the weighted subset ---------------------------------------------------------------------------------------------


def test_a_subset_weighs_what_all_points_weigh() -> None:
    points = aim_points(load_scenario("toy"))
    found = weighted_subset(points, points.population, 256)
    assert len(found.points) <= 256
    assert found.of == (points.population > 0.0).sum()
    assert found.weight.sum() == pytest.approx(points.population.sum(), rel=1e-12)
    for nation in set(points.nation.tolist()):
        whole = points.population[points.nation == nation].sum()
        part = found.weight[found.points.nation == nation].sum()
        assert part == pytest.approx(whole, abs=points.population.sum() / 256)  # a mark is what it may miss


def test_a_subset_is_what_the_marks_fall_on() -> None:
    """The page's own words, one mark at a time; also where there are fewer points than marks."""
    points = grid()
    weight = np.where(points.nation == "ROU", points.population, 0.0)
    places = [at for at in range(len(points)) if weight[at] > 0.0]

    def morton(at: int) -> int:
        east = int((points.longitude_deg[at] + 180.0) / 360.0 * 65536)
        north = int((points.latitude_deg[at] + 90.0) / 180.0 * 65536)
        return sum(((east >> bit & 1) << 2 * bit) | ((north >> bit & 1) << 2 * bit + 1) for bit in range(16))

    ordered = sorted(places, key=lambda at: (str(points.nation[at]), morton(at), at))
    for marks in (7, 500):
        wanted: dict[str, float] = {}
        for mark in range(marks):
            spot, running = (mark + 0.5) * weight.sum() / marks, 0.0
            for at in ordered:
                running += weight[at]
                if running >= spot:
                    name = str(points.name[at])
                    wanted[name] = wanted.get(name, 0.0) + weight.sum() / marks
                    break
        found = weighted_subset(points, weight, marks)
        assert dict(zip(found.points.name.tolist(), found.weight.tolist(), strict=True)) == pytest.approx(wanted)
        assert found.of == len(places)


# --- the band --------------------------------------------------------------------------------------------------------


def test_the_quantiles_are_linear_and_samples_that_do_not_count_are_left_out() -> None:
    found = band_of(np.array([0.5, *np.linspace(0.0, 1.0, 11), np.nan]), 0.52, 3)
    assert found == Band(pytest.approx(0.1), pytest.approx(0.5), pytest.approx(0.9), 11, pytest.approx(-0.02), 3)
    assert band_of(np.array([0.5, np.nan]), 0.5, 1) is None
    assert band_of(np.array([0.5, 0.6]), None, 1) is None


class NearerThan:
    """A cover that defends the points south of a latitude that rises with the burnout speed: a known closed form."""

    def prepare(self, asked: object, points: AimPoints, progress: object = None) -> None:
        raise AssertionError("nothing is prepared for a band")

    def __call__(self, asked: Asked, points: AimPoints) -> hoplon.Coverage:
        raise AssertionError("a band asks once")

    def judge_once(
        self, asked: list[Asked], points: AimPoints, threats: list[str], areas: object = None
    ) -> list[Judged]:
        found = []
        for one in asked:
            speed = float(one.scenario.interceptors["exo-45"].burnout_speed_km_s)
            south = np.repeat((points.latitude_deg <= 36.0 + 14.0 * (speed - 3.8) / 1.2)[:, None], len(threats), axis=1)
            found.append((np.ones_like(south), south))
        return found


def test_the_band_of_a_known_share_is_its_closed_form(scenario: Scenario) -> None:
    """The share is a known function of one number, which is spread evenly: 12.5 % of the speeds lie below 3.975."""
    latitude = np.linspace(36.0, 50.0, 1401)
    count = len(latitude)
    points = AimPoints(
        np.array([str(at) for at in range(count)]),
        np.full(count, "ROU"),
        latitude,
        np.full(count, 25.0),
        np.ones(count),
        np.zeros(count),
        np.full(count, "place"),
    )
    one = replace(scenario.interceptors["exo-45"], burnout_speed_km_s=Cited(4.4, 3.8, 5.0))
    known = replace(scenario, interceptors={**scenario.interceptors, "exo-45": one})
    asked = sampling_of_study(known, ("fast",), points, np.ones(count, dtype=bool))
    asked = replace(asked, points=points, weight=points.population, coordinates=hypercube(asked.factors, 200, 1))
    found = band_of(sampled_values(asked, NearerThan())[0][:, 0, 0], 0.5, 1)
    assert found is not None
    assert (found.low, found.median, found.high) == pytest.approx((0.1, 0.5, 0.9), abs=0.006)  # a stratum and a point


def test_the_shares_of_a_sample_are_those_of_its_coverage(scenario: Scenario) -> None:
    shares, points = shares_of(scenario, ("fast", "fast-remote"), 6), grid()
    factors = factors_of(scenario, ("fast", "fast-remote"))
    for row in range(6):
        moved = sampled(scenario, factors, {f.name: float(hypercube_column(1, f.name, 6)[row]) for f in factors})
        for place, name in enumerate(("fast", "fast-remote")):
            found = coverage(Store(), moved, name, points, enough=1)
            reached = found.threatened.any(axis=1)
            safe = reached & (found.defended | ~found.threatened).all(axis=1)
            wanted = points.population[safe].sum() / points.population[reached].sum()
            assert shares[1 + row, place, 0] == pytest.approx(wanted, abs=1e-12)


def test_an_architecture_has_the_same_band_alone_and_beside_others(scenario: Scenario) -> None:
    together = shares_of(scenario, ("slow", "fast-remote"), 5)
    alone = shares_of(scenario, ("fast-remote",), 5)
    assert np.array_equal(together[:, 1], alone[:, 0])


def test_a_sample_is_the_same_resumed(scenario: Scenario, tmp_path: Path) -> None:
    asked = sampling(scenario, ("fast",))
    whole, _ = sampled_values(asked, KernelCover(Store()), tmp_path)
    kept = sorted(tmp_path.glob("*.shares"))
    assert len(kept) == 3  # 41 rows, 16 together
    kept[0].unlink()
    kept[1].write_bytes(kept[1].read_bytes()[:-1] + b"\0")
    resumed, notes = sampled_values(asked, KernelCover(Store()), tmp_path)
    assert np.array_equal(resumed, whole, equal_nan=True)
    assert len(notes) == 1
    assert "computed again" in notes[0]


ONE_CORE = """
import sys
import numpy as np
from pathlib import Path
sys.path[:0] = [{tests!r}]
from unit.test_band import KernelCover, Store, sampled_values, sampling
from hoplon.scenario.load import load_scenario
asked = sampling(load_scenario({file!r}), ("fast",), {samples})
print(sampled_values(asked, KernelCover(Store()), {folder})[0].tobytes().hex())
"""


def run(file: Path, folder: Path | None, samples: int, threads: int) -> subprocess.Popen[str]:
    tests = str(Path(__file__).parents[1])
    text = ONE_CORE.format(
        tests=tests, file=str(file), folder=f"Path({str(folder)!r})" if folder else None, samples=samples
    )
    return subprocess.Popen(
        [sys.executable, "-c", text],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "NUMBA_NUM_THREADS": str(threads)},
    )


@pytest.fixture
def file(tmp_path: Path) -> Path:
    written = tmp_path / "bounds.yaml"
    written.write_text(BOUNDS, encoding="utf-8")
    return written


def test_one_core_and_two_give_the_same_digits(file: Path) -> None:
    both = [run(file, None, 10, threads) for threads in (1, 2)]
    first, second = (process.communicate(timeout=300)[0] for process in both)
    assert first == second
    assert len(first) > 100


def test_a_sample_that_was_killed_goes_on_where_it_was(file: Path, tmp_path: Path, scenario: Scenario) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    process = run(file, folder, 4000, 1)
    ends = time.monotonic() + 300.0
    while not list(folder.glob("*.shares")):
        assert time.monotonic() < ends
        assert process.poll() is None
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    kept = {path.name: path.read_bytes() for path in folder.glob("*.shares")}
    assert 0 < len(kept) < 251
    asked = sampling(scenario, ("fast",), 4000)
    begun = SampledWork(asked, KernelCover(Store()), folder)
    whole = [number for number in range(begun.chunks) if begun.whole(number)]
    assert len(whole) == len(kept)
    places = range(whole[0] * 16, whole[0] * 16 + 16)
    rows = [asked.row(KernelCover(Store()), place) for place in places]
    found = KeptShares(folder, asked.content(), asked.shape).find(places)
    assert found is not None
    assert np.array_equal(found, np.array(rows), equal_nan=True)
    assert not begun.notes
    with pytest.raises(OutputError, match=f"{251 - len(kept)} of 251 chunks were kept and cannot be read back"):
        begun.values()


def test_a_study_says_its_band_and_a_scenario_without_bounds_none(scenario: Scenario, tmp_path: Path) -> None:
    study = Study(scenario, grid(), tmp_path / "store")
    found = study.band("fast-remote")
    assert found is not None
    assert found.low <= found.median <= found.high
    assert (found.samples, found.seed, found.subset_error) == (256, 1, pytest.approx(0.0, abs=5e-3))  # marks on cells
    assert study.band("fast-remote", "in_year") == found
    assert Study(load_scenario("toy"), grid()).band("fast") is None
    again = Study(scenario, grid(), tmp_path / "store")
    assert again.band("fast-remote") == found


def test_a_coverage_is_given_its_band(scenario: Scenario) -> None:
    answer = hoplon.coverage(scenario, "fast", points=grid())
    found = hoplon.band(answer, samples=20)
    assert found is not None
    assert list(found.as_json()) == ["low", "median", "high", "samples", "subset_error", "seed"]
    assert found.samples == 20
    assert hoplon.band(answer, samples=20) == found
    with pytest.raises(InputError, match="samples: from 1 to"):
        hoplon.band(answer, samples=0)
