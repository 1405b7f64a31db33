from __future__ import annotations

import math

import numpy as np
import pytest

from hoplon.errors import InputError
from hoplon.sensing.detection import (
    Fluctuation,
    albersheim_1981,
    cumulative_detection_probability,
    detection_probability,
    detection_threshold,
    look_detection_probability,
    required_signal_to_noise,
    shnidman_2002,
    signal_to_noise_at,
    swerling_1_detection_probability,
)
from hoplon.sensing.range_equation import (
    RadarEquation,
    decibels,
    effective_earth_radius,
    horizon_distance,
    radar_of_aperture,
    radar_of_gain,
    ratio_of,
    search_range,
)


def test_without_a_signal_noise_alone_crosses_the_threshold() -> None:
    for fluctuation in Fluctuation:
        for pulses in (1, 7, 300):
            found = detection_probability(0.0, 1e-6, pulses, fluctuation)
            assert float(found) == pytest.approx(1e-6, rel=1e-9)


def test_the_closed_form_of_one_look_equals_the_exact_function() -> None:
    ratios = np.array([0.0, 0.3, 4.0, 130.0, 1e5])
    closed = swerling_1_detection_probability(ratios, 1e-6)
    np.testing.assert_allclose(detection_probability(ratios), closed, rtol=1e-11)


def test_the_inverse_takes_back_what_the_probability_gives() -> None:
    for fluctuation in Fluctuation:
        for pulses in (1, 20):
            for wanted in (1e-4, 0.1, 0.5, 0.9, 0.999):
                ratio = required_signal_to_noise(wanted, 1e-6, pulses, fluctuation)
                found = float(detection_probability(ratio, 1e-6, pulses, fluctuation))
                assert found == pytest.approx(wanted, rel=1e-9)


def test_the_threshold_of_one_pulse_is_the_logarithm_of_the_false_alarm_probability() -> None:
    assert detection_threshold(1e-6) == pytest.approx(6.0 * math.log(10.0), rel=1e-12)


def test_a_hundred_thousand_pulses_have_a_threshold_near_the_normal_one() -> None:
    # The sum of n exponentials has the mean n, the variance n and the third moment 2 n: Cornish and Fisher's series.
    normal = 4.753424  # exceeded with a chance of 1e-6
    expected = 1e5 + normal * math.sqrt(1e5) + (normal**2 - 1.0) / 3.0
    assert detection_threshold(1e-6, 100_000) == pytest.approx(expected, abs=0.1)


def test_at_twice_the_range_the_echo_is_sixteen_times_weaker() -> None:
    assert signal_to_noise_at(2e6, 1e6) * 16.0 == pytest.approx(signal_to_noise_at(1e6, 1e6), rel=1e-12)


def test_at_the_reference_range_nine_looks_of_ten_detect_whatever_the_false_alarm_probability() -> None:
    for false_alarm in (1e-8, 1e-6, 1e-3):
        assert look_detection_probability(870e3, 870e3, false_alarm) == pytest.approx(0.9, rel=1e-12)
    assert look_detection_probability(0.0, 870e3) == 1.0


def test_cumulative_detection_is_one_less_the_chance_that_every_look_misses() -> None:
    looks = [0.2, 0.5, 0.9]
    assert float(cumulative_detection_probability(looks)) == pytest.approx(1.0 - 0.8 * 0.5 * 0.1, rel=1e-14)


def test_m_of_n_counts_unequal_looks() -> None:
    # By hand: two or more of 0.2, 0.5, 0.9: 0.2*0.5*0.1 + 0.2*0.5*0.9 + 0.8*0.5*0.9 + 0.2*0.5*0.9.
    expected = 0.2 * 0.5 * 0.1 + 0.2 * 0.5 * 0.9 + 0.8 * 0.5 * 0.9 + 0.2 * 0.5 * 0.9
    assert float(cumulative_detection_probability([0.2, 0.5, 0.9], 2)) == pytest.approx(expected, rel=1e-14)


def test_more_detections_than_looks_never_come() -> None:
    assert float(cumulative_detection_probability([0.9, 0.9], 3)) == 0.0
    assert float(cumulative_detection_probability(np.empty(0), 1)) == 0.0


def test_equal_looks_are_binomial() -> None:
    chance = sum(math.comb(10, k) * 0.3**k * 0.7 ** (10 - k) for k in range(4, 11))
    assert float(cumulative_detection_probability([0.3] * 10, 4)) == pytest.approx(chance, rel=1e-12)


def test_looks_are_judged_row_by_row() -> None:
    rows = np.array([[0.5, 0.5], [0.0, 0.0], [1.0, 0.3]])
    np.testing.assert_allclose(cumulative_detection_probability(rows), [0.75, 0.0, 1.0])


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: detection_probability(-1.0), "signal_to_noise"),
        (lambda: detection_probability(math.nan), "signal_to_noise"),
        (lambda: detection_probability(1.0, 0.0), "false_alarm_probability"),
        (lambda: detection_probability(1.0, 1e-6, 0), "pulses"),
        (lambda: detection_threshold(1e-6, 100_001), "pulses"),
        (lambda: required_signal_to_noise(90.0), "percent"),
        (lambda: required_signal_to_noise(1e-7, 1e-6), "noise alone"),
        (lambda: albersheim_1981(1e-9, 0.5), "no value"),
        (lambda: shnidman_2002(0.05, 1e-6), "0.1"),
        (lambda: cumulative_detection_probability([1.2]), "probabilities"),
        (lambda: cumulative_detection_probability([0.2], 0), "at_least"),
        (lambda: RadarEquation(1.0, 1.0, 1.0, 290.0, losses=0.5), "losses"),
        (lambda: RadarEquation(0.0, 1.0, 1.0, 290.0), "energy"),
        (lambda: radar_of_gain(1e6, 1e-5, 100.0, 0.0, 290.0), "frequency"),
        (lambda: radar_of_aperture(1e3, 0.1, 9.0, 60.0, 1e10, 500.0), "percent"),
        (lambda: radar_of_aperture(1e3, 0.1, 9.0, 1.05, 1e10, 500.0), "efficiency"),
        (lambda: radar_of_gain(1e6, 1e-5, 100.0, 1e9, 290.0).signal_to_noise(0.0, 1.0), "slant_range"),
        (lambda: effective_earth_radius(-200e-9, 6371e3), "ducts"),
        (lambda: horizon_distance(-1.0, 6371e3), "height"),
        (lambda: search_range(1e5, 10.0, 1.0, 0.0, 0.01, 20.0, 500.0), "frame_time"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(call: object, said: str) -> None:
    with pytest.raises(InputError, match=said):
        call()  # type: ignore[operator]


def test_the_aperture_form_is_the_gain_form() -> None:
    # An aperture A of efficiency e has the gain 4 pi e A / wavelength^2.
    frequency, aperture, efficiency = 9.5e9, 9.2, 0.6
    wavelength = 299792458.0 / frequency
    gain = 4.0 * math.pi * aperture * efficiency / wavelength**2
    by_aperture = radar_of_aperture(81e3, 0.1, aperture, efficiency, frequency, 500.0, ratio_of(10))
    by_gain = radar_of_gain(81e3, 0.1, gain, frequency, 500.0, ratio_of(10))
    assert by_aperture.range_for(20.0, 0.01) == pytest.approx(by_gain.range_for(20.0, 0.01), rel=1e-12)


def test_range_and_signal_to_noise_are_inverse() -> None:
    radar = radar_of_aperture(81e3, 0.1, 9.2, 0.6, 9.5e9, 500.0, ratio_of(10))
    assert radar.signal_to_noise(radar.range_for(42.0, 0.03), 0.03) == pytest.approx(42.0, rel=1e-12)


def test_a_scan_of_the_whole_solid_angle_sees_less_far_than_a_sector() -> None:
    whole = search_range(100e3, 10.0, 2.0, 10.0, 0.01, 20.0, 500.0)
    sector = search_range(100e3, 10.0, 0.125, 10.0, 0.01, 20.0, 500.0)
    assert sector == pytest.approx(2.0 * whole, rel=1e-12)


def test_decibels_and_ratios_are_inverse() -> None:
    assert decibels(ratio_of(13.2)) == pytest.approx(13.2, rel=1e-14)


def test_shnidman_adds_what_his_equation_says_above_a_probability_of_0872() -> None:
    """Worked by hand at Pd 0.95, Pfa 1e-5, 60 pulses, K = 1; the steady echo has no correction (eqs. 7 to 12).

    C1 = ((17.7006 x 0.95 - 18.4496) x 0.95 + 14.5339) x 0.95 - 3.525 = 8.80749 dB, and
    C2 = exp(27.31 x 0.95 - 25.14) + 0.15 x (0 + (120 - 20) / 80) = 2.23558 + 0.1875 dB.
    """
    swerling_1 = shnidman_2002(0.95, 1e-5, 60, Fluctuation.SWERLING_1)
    assert swerling_1 - shnidman_2002(0.95, 1e-5, 60, Fluctuation.STEADY) == pytest.approx(11.23057, abs=2e-5)


def test_shnidman_holds_to_a_probability_of_099_and_no_further() -> None:
    with pytest.raises(InputError, match=r"0\.1"):
        shnidman_2002(0.5, 0.5)  # no less than noise alone gives
    assert math.isfinite(shnidman_2002(0.99, 1e-6))
    with pytest.raises(InputError, match=r"0\.99"):
        shnidman_2002(0.991, 1e-6)


def test_the_range_equation_worked_by_hand() -> None:
    """Skolnik's form: R^4 = E G A sigma / ((4 pi)^2 k T L S), and for a search P A t sigma / (4 pi k T L S Omega).

    8,100 J, gain 50,000, 5 m2, 0.01 m2 over 157.9137 x 1.380649e-23 x 500 x 10 x 20 give 9.287996e22 m4; 100 kW, 10 m2,
    10 s, 0.01 m2 over 12.566371 x 1.380649e-23 x 500 x 4 x 20 x 2 give 7.204716e21 m4.
    """
    fourth = RadarEquation(8100.0, 5e4, 5.0, 500.0, 10.0).range_for(20.0, 0.01) ** 4
    assert fourth == pytest.approx(9.287996e22, rel=1e-6)
    searched = search_range(100e3, 10.0, 2.0, 10.0, 0.01, 20.0, 500.0, 4.0) ** 4
    assert searched == pytest.approx(7.204716e21, rel=1e-6)


def test_without_stated_losses_nothing_is_lost() -> None:
    assert radar_of_gain(1e6, 1e-5, 1e4, 1e9, 290.0) == radar_of_gain(1e6, 1e-5, 1e4, 1e9, 290.0, 1.0)
    assert radar_of_aperture(1e3, 0.1, 9.0, 0.6, 1e10, 500.0).losses == 1.0
    assert RadarEquation(1.0, 1.0, 1.0, 290.0).losses == 1.0
    lossless = search_range(100e3, 10.0, 2.0, 10.0, 0.01, 20.0, 500.0)
    assert lossless == search_range(100e3, 10.0, 2.0, 10.0, 0.01, 20.0, 500.0, 1.0)


def test_the_horizon_from_the_ground_is_at_no_distance_and_a_ray_of_the_earths_bend_ducts() -> None:
    assert horizon_distance(0.0, 6371e3) == 0.0
    with pytest.raises(InputError, match="ducts"):
        effective_earth_radius(-(2.0**-22), 2.0**22)
