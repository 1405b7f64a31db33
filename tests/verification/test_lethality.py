from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from hoplon.intercept.lethality import handover_probability
from hoplon.sensing.discrimination import combined_separation, selection_probability
from hoplon.validation.case import Case
from hoplon.validation.lethality import CASES


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_or_closed_value_comes_out(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("objects", [2, 3, 7, 50, 1000, 10_000])
@pytest.mark.parametrize("separation", [0.0, 0.3, 1.0, 2.5, 4.0, 8.0, 20.0])
def test_selection_meets_an_adaptive_quadrature(objects: int, separation: float) -> None:
    def density(x: float) -> float:
        return float(norm.pdf(x - separation) * np.exp((objects - 1) * norm.logcdf(x)))

    edges = separation + np.array([-9.0, -4.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 9.0])
    expected = sum(quad(density, a, b, epsabs=1e-14, limit=200)[0] for a, b in itertools.pairwise(edges))
    assert selection_probability(objects, separation) == pytest.approx(expected, abs=1e-11)


def test_drawn_scores_select_the_warhead_as_often() -> None:
    rng, count, objects, sources = np.random.default_rng(7), 400_000, 6, (1.0, 1.5)
    # Each source scores each object; the best combination of independent scores weighs them by their separations.
    weights = np.array(sources) / math.hypot(*sources)
    warhead = sum(w * (d + rng.normal(size=count)) for w, d in zip(weights, sources, strict=True))
    others = sum(w * rng.normal(size=(count, objects - 1)) for w in weights)
    share = float(np.mean(warhead > np.max(others, axis=1)))
    expected = selection_probability(objects, combined_separation(sources))
    assert share == pytest.approx(expected, abs=4.5 * math.sqrt(expected * (1.0 - expected) / count))


def test_drawn_errors_stay_within_the_radius_as_often() -> None:
    rng, count, radius, sigma = np.random.default_rng(8), 400_000, 3000.0, 2100.0
    share = float(np.mean(np.hypot(*rng.normal(scale=sigma, size=(2, count))) < radius))
    expected = handover_probability(radius, sigma)
    assert share == pytest.approx(expected, abs=4.5 * math.sqrt(expected * (1.0 - expected) / count))
