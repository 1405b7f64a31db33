from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import gammainc, gammaincc, gammainccinv
from scipy.stats import gamma, ncx2

from hoplon.sensing.detection import (
    Fluctuation,
    albersheim_1981,
    detection_probability,
    required_signal_to_noise,
    shnidman_2002,
)
from hoplon.sensing.range_equation import decibels
from hoplon.validation.case import Case
from hoplon.validation.detection import CASES

PULSES = (1, 2, 3, 10, 64, 500)
FALSE_ALARMS = (1e-12, 1e-8, 1e-6, 1e-3, 0.1)
RATIOS = (1e-3, 0.1, 0.7, 2.0, 9.0, 60.0, 1e4)


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_published_detection_value_comes_out(case: Case) -> None:
    case.check()


@pytest.mark.parametrize("pulses", PULSES)
@pytest.mark.parametrize("false_alarm", FALSE_ALARMS)
def test_a_steady_echo_follows_the_noncentral_chi_square_distribution(pulses: int, false_alarm: float) -> None:
    # Marcum 1947: the sum of N squared envelopes, doubled, is noncentral chi-square with 2 N degrees of freedom.
    threshold = gammainccinv(pulses, false_alarm)
    expected = ncx2.sf(2.0 * threshold, 2 * pulses, 2.0 * pulses * np.array(RATIOS))
    got = detection_probability(RATIOS, false_alarm, pulses, Fluctuation.STEADY)
    np.testing.assert_allclose(got, expected, rtol=1e-8, atol=1e-14)


@pytest.mark.parametrize("pulses", PULSES)
@pytest.mark.parametrize("false_alarm", FALSE_ALARMS)
def test_swerling_2_meets_its_closed_form(pulses: int, false_alarm: float) -> None:
    # Swerling 1960: each pulse is exponential with mean 1 + S, so the sum is a gamma variable.
    threshold = gammainccinv(pulses, false_alarm)
    expected = gammaincc(pulses, threshold / (1.0 + np.array(RATIOS)))
    got = detection_probability(RATIOS, false_alarm, pulses, Fluctuation.SWERLING_2)
    np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize("pulses", [2, 5, 20])
def test_swerling_1_meets_its_closed_form(pulses: int) -> None:
    # Swerling 1960, as in DiFranco and Rubin, Radar Detection, 1968, eq. 11.2-24, exact for N of 2 and more.
    false_alarm, total = 1e-6, pulses * np.array(RATIOS)
    threshold, near = gammainccinv(pulses, false_alarm), pulses - 1
    grown = 1.0 + 1.0 / total
    lower = gammainc(near, threshold / grown)
    expected = gammaincc(near, threshold) + grown**near * lower * np.exp(-threshold / (1.0 + total))
    got = detection_probability(RATIOS, false_alarm, pulses, Fluctuation.SWERLING_1)
    np.testing.assert_allclose(got, expected, rtol=1e-7)


@pytest.mark.parametrize("fluctuation", list(Fluctuation)[1:])
@pytest.mark.parametrize(("pulses", "ratio"), [(1, 12.0), (6, 3.0), (40, 0.4)])
def test_a_fluctuating_echo_is_the_average_of_steady_ones(fluctuation: Fluctuation, pulses: int, ratio: float) -> None:
    false_alarm, degrees = 1e-5, {1: 1, 2: pulses, 3: 2, 4: 2 * pulses}[fluctuation.value]
    threshold = gammainccinv(pulses, false_alarm)
    strength = gamma(degrees, scale=pulses * ratio / degrees)

    def weighted(total: float) -> float:
        return float(strength.pdf(total) * ncx2.sf(2.0 * threshold, 2 * pulses, 2.0 * total))

    parts = strength.ppf([1e-14, 0.1, 0.5, 0.9, 0.999, 1.0 - 1e-13])
    expected = sum(quad(weighted, a, b, epsabs=1e-13)[0] for a, b in itertools.pairwise(parts))
    got = detection_probability(ratio, false_alarm, pulses, fluctuation)
    assert float(got) == pytest.approx(expected, rel=1e-8)


@pytest.mark.parametrize("fluctuation", list(Fluctuation))
@pytest.mark.parametrize("pulses", [1, 10, 100])
def test_shnidman_lies_near_the_exact_value(fluctuation: Fluctuation, pulses: int) -> None:
    # Shnidman 2002 claims 0.5 dB; the ends of the Swerling 1 curve are known to be worse.
    wide = {1: 1.1, 2: 1.1 if pulses == 1 else 0.5, 3: 0.7}
    for wanted in (0.1, 0.3, 0.5, 0.8, 0.9, 0.99):
        for false_alarm in (1e-9, 1e-6, 1e-3):
            exact = decibels(required_signal_to_noise(wanted, false_alarm, pulses, fluctuation))
            got = shnidman_2002(wanted, false_alarm, pulses, fluctuation)
            assert got == pytest.approx(exact, abs=wide.get(fluctuation.value, 0.5))


@pytest.mark.parametrize("pulses", [1, 10, 100, 1000])
def test_albersheim_lies_near_the_exact_square_law(pulses: int) -> None:
    for wanted in (0.3, 0.5, 0.9):
        for false_alarm in (1e-7, 1e-5, 1e-3):
            exact = decibels(required_signal_to_noise(wanted, false_alarm, pulses, Fluctuation.STEADY))
            # 0.2 dB against a linear detector, which itself differs from a square-law one by up to 0.2 dB.
            assert albersheim_1981(wanted, false_alarm, pulses) == pytest.approx(exact, abs=0.3)


def test_a_simulated_detector_meets_the_probabilities() -> None:
    rng, false_alarm, pulses, ratio, count = np.random.default_rng(20260101), 1e-3, 4, 1.5, 200_000
    threshold = gammainccinv(pulses, false_alarm)
    strength = {
        Fluctuation.STEADY: np.full((count, pulses), ratio),
        Fluctuation.SWERLING_1: np.repeat(rng.exponential(ratio, (count, 1)), pulses, axis=1),
        Fluctuation.SWERLING_2: rng.exponential(ratio, (count, pulses)),
        Fluctuation.SWERLING_3: np.repeat(rng.gamma(2.0, ratio / 2.0, (count, 1)), pulses, axis=1),
        Fluctuation.SWERLING_4: rng.gamma(2.0, ratio / 2.0, (count, pulses)),
    }
    for fluctuation, powers in strength.items():
        noise = rng.normal(scale=math.sqrt(0.5), size=(2, count, pulses))
        envelope = (noise[0] + np.sqrt(powers)) ** 2 + noise[1] ** 2
        share = np.mean(envelope.sum(axis=1) > threshold)
        expected = float(detection_probability(ratio, false_alarm, pulses, fluctuation))
        deviation = math.sqrt(expected * (1.0 - expected) / count)
        assert share == pytest.approx(expected, abs=4.5 * deviation)
