"""Intervals and sums of replications."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from hoplon.backbone import measures as of
from hoplon.backbone.draws import exponential_of, exponential_table, threshold_of
from hoplon.backbone.layout import AT_EXPONENTIAL, HEAD
from hoplon.backbone.statistics import (
    PairedTally,
    ReplicationTally,
    beta_quantile,
    clopper_pearson,
    incomplete_beta,
    student_quantile,
)
from hoplon.streams import key_of


def rows(count: int, seed: int, threats: int = 6) -> np.ndarray:
    source = np.random.default_rng(seed)
    made = np.zeros((count, len(of.MEASURES)), dtype=np.int64)
    made[:, of.LEAKERS] = source.binomial(threats, 0.3, count)
    made[:, of.KILLS] = threats - made[:, of.LEAKERS]
    made[:, of.SHOTS] = made[:, of.KILLS] + source.integers(0, 5, count)
    made[:, of.SLACK_MS] = source.integers(0, 10**7, count)
    return made


@pytest.mark.parametrize(
    ("successes", "trials"), [(0, 20), (1, 20), (10, 20), (20, 20), (37, 1000), (123_456, 1_000_000)]
)
def test_clopper_and_pearson_agree_with_scipy(successes: int, trials: int) -> None:
    wanted = stats.binomtest(successes, trials).proportion_ci(0.95, method="exact")
    assert clopper_pearson(successes, trials) == pytest.approx((wanted.low, wanted.high), rel=1e-9, abs=1e-12)


def test_the_incomplete_beta_function_agrees_with_scipy() -> None:
    for a, b, x in ((0.5, 2.0, 0.3), (30.0, 4.0, 0.9), (1000.0, 2000.0, 0.34), (1.0, 1.0, 0.25)):
        assert incomplete_beta(x, a, b) == pytest.approx(stats.beta.cdf(x, a, b), rel=1e-10)


def test_sums_do_not_depend_on_chunks_or_their_order() -> None:
    made = rows(5000, 1)
    whole, pieces = ReplicationTally(6), ReplicationTally(6)
    whole.add(made)
    for low in (3000, 0, 4000, 1000, 2000):
        part = ReplicationTally(6)
        part.add(made[low : low + 1000])
        pieces.merge(part)
    assert (whole.sums, whole.products, whole.leakers) == (pieces.sums, pieces.products, pieces.leakers)
    assert whole.estimates(60) == pieces.estimates(60)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    inside = {"leakage": 0, "shots_per_kill": 0}
    for seed in range(400):
        tally = ReplicationTally(6)
        tally.add(rows(400, seed))
        found = tally.estimates(60)
        for name, truth in (("leakage", 0.3), ("shots_per_kill", (6 * 0.7 + 2) / (6 * 0.7))):
            inside[name] += found[name].low <= truth <= found[name].high
    # 95 % of 400 is 380; a binomial strays below 365 once in a thousand.
    assert min(inside.values()) >= 365


def test_what_never_varied_still_has_an_interval() -> None:
    made = np.zeros((100, len(of.MEASURES)), dtype=np.int64)
    tally = ReplicationTally(4)
    tally.add(made)
    found = tally.estimates(10)
    assert found["leakage"].mean == 0.0
    # No leaker in 100 replications: 1 - 0.025^(1/100).
    assert found["leakage"].high == pytest.approx(0.0362167, abs=1e-6)
    assert found["shots_per_kill"].mean is None


def test_paired_differences_are_narrower_than_their_parts() -> None:
    one = rows(2000, 4)
    other = one.copy()
    other[::10, of.LEAKERS] = np.minimum(6, other[::10, of.LEAKERS] + 1)
    paired = PairedTally(6)
    paired.add(other, one)
    found = paired.estimates()["leakage"]
    mean = (other[:, of.LEAKERS] - one[:, of.LEAKERS]).mean() / 6
    assert found.mean == pytest.approx(mean, abs=1e-12)
    single = ReplicationTally(6)
    single.add(one)
    assert found.width < 0.5 * single.estimates(60)["leakage"].width


def test_exponential_draws_have_mean_and_quantiles_of_the_exponential() -> None:
    fixed = np.concatenate([np.zeros(HEAD, dtype=np.int64), exponential_table()])
    fixed[AT_EXPONENTIAL] = HEAD
    draws = np.array([exponential_of(fixed, np.uint64(key_of(1, n, 0, 0, 0))) for n in range(40_000)]) / 2**20
    assert draws.mean() == pytest.approx(1.0, abs=0.02)
    assert stats.kstest(draws, "expon").statistic < 1.95 / 200  # one in a thousand at n = 40,000


def test_thresholds_span_never_to_always() -> None:
    assert threshold_of(0.0) == 0
    assert threshold_of(1.0) == 1 << 53


def tally_of(threats: int, **columns: list[int]) -> ReplicationTally:
    """Return a tally of replications whose measures are given by name, all others 0."""
    made = np.zeros((len(next(iter(columns.values()))), len(of.MEASURES)), dtype=np.int64)
    for name, values in columns.items():
        made[:, of.MEASURES.index(name)] = values
    tally = ReplicationTally(threats)
    tally.add(made)
    return tally


@pytest.mark.parametrize("measure", ["duplicate_shots", "wasted_shots", "unsupported_shots"])
def test_a_number_of_shots_that_was_none_or_one_has_the_interval_of_clopper_and_pearson(measure: str) -> None:
    found = tally_of(4, **{measure: [1, 1] + [0] * 18}).estimates(24)[measure]
    # Clopper and Pearson (1934) for 2 of 20, as in scipy.stats.binomtest.
    assert (found.mean, found.low, found.high) == pytest.approx((0.1, 0.0123485, 0.3169827), abs=1e-6)


def test_in_a_raid_of_one_missile_leakage_is_one_less_the_chance_of_no_leaker() -> None:
    found = tally_of(1, leakers=[1] * 16 + [0] * 34).estimates(10)
    leaks, none = found["leakage"], found["p_no_leaker"]
    wanted = stats.binomtest(16, 50).proportion_ci(0.95, method="exact")
    assert (leaks.low, leaks.high) == pytest.approx((wanted.low, wanted.high), rel=1e-9)
    assert (leaks.low, leaks.mean, leaks.high) == pytest.approx((1 - none.high, 1 - none.mean, 1 - none.low), rel=1e-9)


def test_no_interval_leaves_what_its_quantity_can_be() -> None:
    source = np.random.default_rng(3)
    for count in (1, 2, 3, 20):
        for _ in range(50):
            kills, more = source.integers(0, 4, count), source.poisson(0.3, count)
            tracked = source.integers(0, 100, count)
            found = tally_of(
                3,
                leakers=list(3 - kills),
                kills=list(kills),
                shots=list(kills + more),
                inventory_left=list(30 - kills - more),
                duplicate_shots=list(more),
                wasted_shots=list(source.poisson(0.1, count)),
                unsupported_shots=list(source.poisson(2.0, count)),
                threats_shot_at=list(source.integers(0, 4, count)),
                tracked_ms=list(tracked),
                tracks_ms=list(tracked + source.integers(0, 9, count)),
                flown_ms=[100] * count,
            ).estimates(30)
            most = {"leakage": 1, "p_no_leaker": 1, "threats_shot_at": 1, "leakers": 3, "inventory_left": 30}
            most |= {"shots_per_threat": 10, "track_completeness": 1}
            least = {"shots_per_kill": 1.0, "track_ambiguity": 1.0}
            for name, estimate in found.items():
                if estimate.low is None:
                    continue
                assert least.get(name, 0.0) <= estimate.low <= estimate.mean + 1e-12, name
                assert estimate.mean - 1e-12 <= estimate.high <= most.get(name, np.inf) + 1e-12, name


def test_rare_shots_are_inside_their_interval_as_often_as_it_says() -> None:
    source, inside = np.random.default_rng(8), 0
    for _ in range(1000):
        found = tally_of(4, wasted_shots=list(source.poisson(0.4, 30))).estimates(24)["wasted_shots"]
        inside += found.low <= 0.4 <= found.high
    # 95 % of 1000 is 950; a binomial strays below 927 once in a thousand.
    assert inside >= 927


@pytest.mark.parametrize("freedom", [1, 2, 7.5, 99, 5000])
def test_students_quantile_agrees_with_scipy(freedom: float) -> None:
    assert student_quantile(freedom) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-9)


@pytest.mark.parametrize(("a", "b"), [(0.3, 2.0), (2.2, 530.0), (5e5, 9e5), (1.5e6, 4e6), (3e9, 8e9)])
def test_the_quantile_of_the_beta_distribution_agrees_with_scipy(a: float, b: float) -> None:
    for tail in (0.025, 0.975):
        spread = stats.beta.std(a, b)
        assert beta_quantile(tail, a, b) == pytest.approx(stats.beta.ppf(tail, a, b), abs=2e-6 * spread)


def test_sums_of_products_do_not_overflow() -> None:
    for flown in (10**9, 10**11):
        tally = tally_of(1, flown_ms=[flown] * 1000, tracked_ms=[flown // 2] * 1000)
        at = of.MEASURES.index("flown_ms")
        assert tally.products[at][at] == 1000 * flown * flown
        assert tally.estimates(1)["track_completeness"].mean == 0.5
