"""The steps of the robustness of a choice one by one, with values that are written down."""

from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import hoplon
from hoplon.analysis.robustness import designs, indices, run
from hoplon.analysis.robustness.answer import dummy_index
from hoplon.analysis.robustness.decision import Rate, choice_between, signs_of, value_spread
from hoplon.analysis.robustness.designs import design_of, indices_of_design
from hoplon.analysis.robustness.indices import FactorIndex, indices_of, resamples
from hoplon.analysis.robustness.run import SAMPLES, SEED, ChoiceScope, _less, chosen_between, robustness_from
from hoplon.analysis.robustness.summary import Evaluation, _led_by, _map, _switches, _with_differences
from hoplon.analysis.robustness.switching import GRID, MOST_FACTORS, STEPS, switching_steps
from hoplon.analysis.sampling.factors import NO_EFFECT, Factor
from hoplon.analysis.sampling.sampled_values import Measure, Sampling
from hoplon.errors import InputError
from hoplon.scenario.geography import AimPoints

FACTORS = (*(Factor(f"f{place}", {}) for place in range(4)), NO_EFFECT)


def straight(coordinates: np.ndarray) -> np.ndarray:
    """Return the values of three architectures, straight lines of the first four factors."""
    slopes = np.array([[0.3, 0.0, 0.1, 0.0, 0.0], [0.0, 0.2, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.4, 0.0]])
    return np.asarray(np.array([0.5, 0.55, 0.2]) + (coordinates - 0.5) @ slopes.T)


class Straight(Evaluation):
    """Judges by straight lines."""

    def __init__(self) -> None:
        super().__init__(SimpleNamespace(factors=FACTORS), None)  # type: ignore[arg-type]

    def at(self, coordinates: np.ndarray) -> np.ndarray:
        return straight(coordinates)


SAMPLED: Any = SimpleNamespace(
    architectures=("a", "b", "c"), pairs=((0, 1), (0, 2), (1, 2)), factors=FACTORS, base=np.array([0.5, 0.55, 0.2])
)


def counted(*shares: float | None) -> list[FactorIndex]:
    return [FactorIndex(factor.name, share, share, share, True) for factor, share in zip(FACTORS, shares, strict=True)]


def test_a_map_is_of_the_two_factors_with_the_greatest_indices_that_there_are() -> None:
    together = [
        counted(0.2, 0.3, 0.1, None, 0.9),
        counted(0.1, None, None, 0.3, 0.9),
        counted(0.1, None, None, None, 0.9),
    ]
    found = _map(SAMPLED, Straight(), ("b", "a"), together)
    assert found is not None
    assert (found.a, found.b, [one.name for one in found.factors]) == ("b", "a", ["f1", "f0"])
    assert found.coordinates.tolist() == [0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0]
    for row, along in enumerate(found.coordinates):
        for column, across in enumerate(found.coordinates):
            expected = 0.05 + 0.2 * (along - 0.5) - 0.3 * (across - 0.5)
            assert found.difference[row, column] == pytest.approx(expected, abs=1e-12)
    other = _map(SAMPLED, Straight(), ("a", "c"), together)
    assert other is not None
    assert [one.name for one in other.factors] == ["f3", "f0"]
    assert other.difference[8, 4] == pytest.approx(0.3 - 0.4 * 0.5, abs=1e-12)
    assert _map(SAMPLED, Straight(), ("c", "b"), together) is None  # one factor is known alone


def test_switches_are_found_of_each_pair_along_its_strongest_factors() -> None:
    """Of a and b: 0.5 + 0.3 x = 0.55 at x = 1/6, and 0.55 + 0.2 x = 0.5 at x = -1/4; a and c never meet."""
    found = _switches(SAMPLED, Straight(), [[1, 0], [3], []])
    assert [[one.factor for one in each] for each in found] == [["f1", "f0"], ["f3"], []]
    assert found[0][0].at == pytest.approx(0.25, abs=1 / 512)
    assert found[0][1].at == pytest.approx(0.5 + 1 / 6, abs=1 / 512)
    assert found[1][0].at is None
    assert found[1][0].numbers == {}


def test_differences_of_pairs_stand_after_the_values() -> None:
    values = np.array([[0.5, 0.25, 0.125], [1.0, 0.0, 0.5]])
    expected = [[0.5, 0.25, 0.125, 0.25, 0.375, 0.125], [1.0, 0.0, 0.5, 1.0, 0.5, -0.5]]
    assert _with_differences(SAMPLED, values).tolist() == expected


def test_the_two_best_of_which_neither_holds_the_other_lead() -> None:
    choice = choice_between(SAMPLED.architectures, SAMPLED.base, np.tile(SAMPLED.base, (2, 1)))
    assert _led_by(SAMPLED, choice, [False, False, False]) == ("b", "a")
    assert _led_by(SAMPLED, choice, [True, False, False]) == ("b", "c")
    assert _led_by(SAMPLED, choice, [True, False, True]) == ("a", "c")
    assert _led_by(SAMPLED, choice, [True, True, True]) == ("b", "a")


def test_the_greatest_index_of_the_factor_that_moves_nothing_is_told() -> None:
    found = np.full((5, 3), 0.9)
    found[4] = [0.1, np.nan, 0.3]
    assert dummy_index(FACTORS, found) == 0.3
    found[4] = np.nan
    assert dummy_index(FACTORS, found) is None


# --- decisions --------------------------------------------------------------------------------------------------------


def test_values_are_equal_within_a_billionth() -> None:
    assert signs_of(np.array([1.05e-9, 0.95e-9, 0.0, -0.95e-9, -1.05e-9])).tolist() == [1, 0, 0, 0, -1]
    for more, winner, best in ((0.95e-9, "a", [0.5, 0.5]), (1.05e-9, "b", [0.0, 1.0])):
        row = np.array([0.5, 0.5 + more])
        found = choice_between(("a", "b"), row, row[None])
        assert found.winner == winner
        assert found.pairs[0].winner == winner
        assert [one.mean for one in found.share_best] == best
        assert found.rank_agreement == 1.0
    alone = choice_between(("a",), np.array([0.5]), np.array([[0.5]]))
    assert (alone.rank_agreement, alone.winner) == (None, "a")


def test_a_choice_is_decided_where_95_per_cent_is_the_least_rate() -> None:
    assert [Rate(1.0, low, 1.0).decides for low in (0.95, 0.9499, None)] == [True, False, False]
    assert value_spread(np.array([])).greatest is None
    found = value_spread(np.arange(21.0))
    assert (found.mean, found.p05, found.p95, found.greatest) == (10.0, 1.0, 19.0, 20.0)


def test_a_switch_lies_in_the_middle_of_its_step() -> None:
    assert (STEPS, GRID, MOST_FACTORS) == (256, 9, 5)

    def above(least: float, *alone: int) -> list[float | None]:
        def evaluate(asked: Any) -> np.ndarray:
            return np.array([[1.0 if step > least or step in alone else -1.0, 0.0] for _, step in asked])

        return switching_steps([(0, 0, 1)], evaluate)

    for least in (94.7, 2.56, 255.7, 158.7):
        assert above(least) == [(math.floor(least) + 0.5) / 256]
    assert above(94.5, 72, 120) == [94.5 / 256]  # what lies beside the first two of seventeen is not looked at


# --- indices ----------------------------------------------------------------------------------------------------------


def test_indices_are_the_same_however_many_are_resampled_together(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(1)
    given = random.random((60, 2)), random.random((60, 2)), resamples(1, 60)
    whole = indices_of(*given)
    monkeypatch.setattr(indices, "_AT_A_TIME", 60 * 2 * 7)
    for one, other in zip(indices_of(*given), whole, strict=True):
        assert np.array_equal(one, other)


class Noted:
    """Samples and analyses as SALib is asked to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []

    def sample(self, problem: Any, count: int, **more: Any) -> np.ndarray:
        self.asked.append({"problem": problem, "count": count, **more})
        return np.array([[-0.1, 1.2], [0.25, 0.5]])

    def analyze(self, problem: Any, *given: np.ndarray, **more: Any) -> dict[str, Any]:
        self.asked.append({"problem": problem, "given": given, **more})
        name = "S1" if len(given) == 1 else "mu_star"
        return {name: [0.5, 0.25], f"{name}_conf": [0.1, 0.05]}


@pytest.mark.parametrize("kind", ["sobol", "morris"])
def test_salib_is_asked_for_designs_and_indices_with_200_resamples(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = Noted()
    monkeypatch.setattr(designs, "_part", lambda *_: noted)
    assert design_of(kind, ("x", "y"), 64, 7).tolist() == [[0.0, 1.0], [0.25, 0.5]]
    values = np.array([[1.0, 3.0], [2.0, 3.0]])
    index, low, high = indices_of_design(kind, ("x", "y"), np.zeros((2, 2)), values, 7)
    assert index[:, 0].tolist() == [0.5, 0.25]
    assert (low[:, 0].tolist(), high[:, 0].tolist()) == ([0.4, 0.2], [0.6, pytest.approx(0.3)])
    assert np.isnan([index[:, 1], low[:, 1], high[:, 1]]).all()  # a value that does not vary
    problem = {"num_vars": 2, "names": ["x", "y"], "bounds": [[0.0, 1.0], [0.0, 1.0]]}
    asked, told = noted.asked
    assert asked["problem"] == told["problem"] == problem
    assert (asked["seed"], told["seed"], told["num_resamples"]) == (7, 7, 200)
    if kind == "sobol":
        assert asked["count"] == 64
        assert asked["calc_second_order"] is told["calc_second_order"] is False
    else:
        assert (asked["count"], asked["num_levels"], told["num_levels"]) == (20, 4, 4)
    assert told["given"][-1].tolist() == [1.0, 2.0]
    values[1, 1] = np.nan
    with pytest.raises(InputError, match=f"1 of 2 runs of the design {kind} make no scenario"):
        indices_of_design(kind, ("x", "y"), np.zeros((2, 2)), values, 7)


# --- runs -------------------------------------------------------------------------------------------------------------


def test_what_is_not_known_has_no_error() -> None:
    assert _less(0.5, 0.25) == 0.25
    assert [_less(0.5, None), _less(math.nan, 0.5), _less(0.5, math.nan)] == [None] * 3


def points() -> AimPoints:
    count = 4
    return AimPoints(
        *(np.array(list("wxyz")), np.array(["ROU", "GRC", "ROU", "POL"]), np.full(count, 45.0), np.full(count, 25.0)),
        *(np.array([5.0, 6.0, 7.0, 8.0]), np.array([1.0, 2.0, 3.0, 4.0]), np.full(count, "place")),
    )


def test_a_scope_weighs_land_or_people() -> None:
    assert ChoiceScope(points()).weight.tolist() == [5.0, 6.0, 7.0, 8.0]
    assert ChoiceScope(points(), value="area").weight.tolist() == [1.0, 2.0, 3.0, 4.0]
    assert ChoiceScope(points(), value="worst_nation").weight.tolist() == [5.0, 6.0, 7.0, 8.0]
    assert (SAMPLES, SEED) == (1024, 1)


def test_from_samples_of_more_architectures_and_measures_those_asked_for_are_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    toy = hoplon.load("toy")
    known = tuple(Factor(f"f{place}", {}) for place in range(3))
    coordinates = np.arange(16.0).reshape(4, 4) / 16.0
    nations = ("ROU", "POL")
    sampling = Sampling(
        toy,
        ("slow", "fast", "fast-organic"),
        points(),
        np.array([1.0, 2.0, 3.0, 4.0]),
        (Measure((None,) * 3), Measure((None,) * 3, value="area"), Measure((nations,) * 3, value="worst_nation")),
        (*known, NO_EFFECT),
        coordinates,
        level="low",
    )
    values = np.arange(36.0).reshape(4, 3, 3)
    shares = {
        "fast-organic": {"low": 0.25, "base": None, "high": 0.5},
        "slow": {"low": 0.125, "base": 0.0, "high": 0.375},
    }
    ends = {"low": [0.5, 0.25], "base": [0.75, 0.5], "high": [math.nan, 0.5]}
    monkeypatch.setattr(run, "factors_of", lambda *_: (known[2], known[0]))
    monkeypatch.setattr(run, "unused_numbers", lambda *_: ("unused",))
    monkeypatch.setattr(run, "_at_base", lambda asked, cover, level: np.array(ends[level]))
    monkeypatch.setattr(run, "robustness_of", lambda judged, evaluation: (judged, evaluation))
    told: Any = robustness_from(sampling, values, ["fast-organic", "slow"], shares, None, of=40, seed=9)  # type: ignore[arg-type]
    judged, evaluation = told
    assert judged.architectures == ("fast-organic", "slow")
    assert [one.name for one in judged.factors] == ["f2", "f0", NO_EFFECT.name]
    assert judged.coordinates.tolist() == coordinates[1:, [2, 0, 3]].tolist()
    assert judged.base.tolist() == [values[0, 2, 2], values[0, 0, 2]]
    assert judged.values.tolist() == values[1:][:, [2, 0], 2].tolist()
    assert (judged.subset.points, judged.subset.of, judged.seed, judged.value) == (3, 40, 9, "worst_nation")
    assert judged.subset.errors == {
        "fast-organic": {"low": 0.25, "base": None, "high": None},
        "slow": {"low": 0.125, "base": 0.5, "high": 0.125},
    }
    asked = evaluation.sampling
    assert asked.points.name.tolist() == ["w", "y", "z"]
    assert asked.weight.tolist() == [1.0, 3.0, 4.0]
    assert asked.measures == (Measure((nations,) * 2, value="worst_nation"),)
    assert asked.coordinates.tolist() == coordinates[:, [2, 0, 3]].tolist()


def test_a_choice_is_between_two_or_more_that_differ_and_of_a_million_marks_at_most() -> None:
    toy = hoplon.load("toy")
    assert chosen_between(toy, ["slow", "fast"]) == ("slow", "fast")
    with pytest.raises(InputError, match="got slow alone"):
        chosen_between(toy, ["slow"])
    with pytest.raises(InputError, match="slow: is named twice"):
        chosen_between(toy, ["slow", "fast", "slow"])
    for marks in (0, 1_000_001):
        with pytest.raises(InputError, match=f"from 1 to 1,000,000 marks were expected, got {marks:,}"):
            hoplon.robust(toy, ["slow", "fast"], subset=marks)
    for marks in (1, 1_000_000):
        with pytest.raises(InputError, match="two or more to choose between"):
            hoplon.robust(toy, ["slow"], subset=marks)


def test_places_that_no_class_reaches_stand_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    toy, weights = hoplon.load("toy").set("threats.irbm.max_range_km", 2300.0), []
    choose = run.weighted_subset

    def noting(points: AimPoints, weight: np.ndarray, marks: int) -> Any:
        weights.append((points, weight))
        return choose(points, weight, marks)

    monkeypatch.setattr(run, "weighted_subset", noting)
    hoplon.robust(toy, ["slow", "fast"], samples=4, subset=12)
    [(points, weight)] = weights
    told = hoplon.coverage(toy, "fast", points=points, levels="base").points_table()
    threatened = np.array([row["threatened"] for row in told])
    assert 0 < threatened.sum() < len(points)
    assert np.array_equal(weight, np.where(threatened, points.population, 0.0))
