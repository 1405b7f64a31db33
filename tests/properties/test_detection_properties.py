from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hoplon.sensing.detection import (
    Fluctuation,
    cumulative_detection_probability,
    detection_probability,
    look_detection_probability,
)

FLUCTUATIONS = st.sampled_from(list(Fluctuation))
FALSE_ALARMS = st.floats(1e-12, 0.3)
RATIOS = st.floats(0.0, 1e6)
PULSES = st.integers(1, 200)
ROUNDING = 1e-12


@given(FLUCTUATIONS, FALSE_ALARMS, PULSES, RATIOS, st.floats(1.0, 100.0))
def test_a_stronger_echo_is_never_detected_less_often(
    fluctuation: Fluctuation, false_alarm: float, pulses: int, ratio: float, factor: float
) -> None:
    weak, strong = detection_probability([ratio, ratio * factor], false_alarm, pulses, fluctuation)
    assert false_alarm * (1.0 - 1e-9) <= weak <= strong * (1.0 + ROUNDING) <= 1.0 + ROUNDING


@given(FLUCTUATIONS, FALSE_ALARMS, PULSES, RATIOS)
def test_a_higher_threshold_never_detects_more(
    fluctuation: Fluctuation, false_alarm: float, pulses: int, ratio: float
) -> None:
    low = detection_probability(ratio, 0.5 * false_alarm, pulses, fluctuation)
    assert float(low) <= float(detection_probability(ratio, false_alarm, pulses, fluctuation)) * (1.0 + ROUNDING)


@given(FALSE_ALARMS, RATIOS)
def test_one_pulse_cannot_tell_scan_from_pulse_fluctuation(false_alarm: float, ratio: float) -> None:
    for slow, fast in (
        (Fluctuation.SWERLING_1, Fluctuation.SWERLING_2),
        (Fluctuation.SWERLING_3, Fluctuation.SWERLING_4),
    ):
        a, b = (float(detection_probability(ratio, false_alarm, 1, kind)) for kind in (slow, fast))
        assert a == b


@given(st.floats(1e3, 1e7), st.floats(1.0, 10.0), st.floats(1e3, 1e7))
def test_a_nearer_object_is_never_seen_less_often(slant: float, factor: float, reference: float) -> None:
    near, far = (look_detection_probability(at, reference) for at in (slant, slant * factor))
    assert near >= far * (1.0 - ROUNDING)


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20), st.floats(0.0, 1.0), st.integers(1, 10))
def test_another_look_never_hurts(looks: list[float], another: float, at_least: int) -> None:
    before = float(cumulative_detection_probability(looks, at_least))
    after = float(cumulative_detection_probability([*looks, another], at_least))
    assert -ROUNDING <= before <= after + ROUNDING <= 1.0 + 2.0 * ROUNDING
