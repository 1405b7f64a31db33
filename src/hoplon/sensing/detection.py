"""Detection of a fluctuating echo in noise: exact probabilities, their inverses, and two published shortcuts.

A square-law detector adds N pulses and compares the sum with a threshold that noise alone crosses with the false-alarm
probability. The signal-to-noise ratio is the mean one of a single pulse, as a ratio (not in decibels).

All five fluctuation models are one: the summed echo has a chi-square distribution with 2K degrees of freedom, K without
bound for a steady echo, 1, N, 2 and 2N for Swerling 1 to 4. The number of half degrees of freedom that the echo adds to
the detector's sum is then Poisson (steady) or negative binomial (Swerling), and the detection probability is a mixture
of incomplete gamma functions whose terms are all positive.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hoplon.errors import InputError
from hoplon.extras import extra
from hoplon.sensing.range_equation import REFERENCE_DETECTION_PROBABILITY, REFERENCE_FALSE_ALARM_PROBABILITY

_MOST_PULSES: Final = 100_000
_EXACT: Final = "an exact detection probability"
_SMALLEST_RATIO, _LARGEST_RATIO = 1e-12, 1e15


class Fluctuation(Enum):
    """How an echo fluctuates from pulse to pulse and from look to look.

    References
    ----------
    .. [1] P. Swerling, "Probability of detection for fluctuating targets", IRE Trans. IT-6 (1960) 269-308.
    """

    STEADY = 0
    SWERLING_1 = 1
    SWERLING_2 = 2
    SWERLING_3 = 3
    SWERLING_4 = 4

    def shape(self, pulses: int) -> float:
        """Return K, half the degrees of freedom of the summed echo; infinite for a steady one."""
        return (math.inf, 1.0, float(pulses), 2.0, 2.0 * pulses)[self.value]


def swerling_1_detection_probability(signal_to_noise: ArrayLike, false_alarm_probability: float) -> NDArray[np.float64]:
    """Return the detection probability of one look of one pulse, Swerling 1.

    Parameters
    ----------
    signal_to_noise : array_like, shape (...)
        Mean, as a ratio; not negative.
    false_alarm_probability : float
        In (0, 1).

    Returns
    -------
    ndarray, shape (...)

    References
    ----------
    .. [1] Swerling, *Probability of detection for fluctuating targets*, RAND RM-1217, 1954.
    .. [2] Mahafza, *Radar Systems Analysis and Design Using MATLAB*, 2000, eq. 2.64: Pd = Pfa^(1 / (1 + S)).
    """
    ratio = np.asarray(signal_to_noise, dtype=np.float64)
    return np.asarray(false_alarm_probability ** (1.0 / (1.0 + ratio)), dtype=np.float64)


def signal_to_noise_at(
    slant_range: ArrayLike,
    reference_range: float,
    false_alarm_probability: float = REFERENCE_FALSE_ALARM_PROBABILITY,
) -> NDArray[np.float64]:
    """Return the mean signal-to-noise ratio of looks at slant ranges.

    Parameters
    ----------
    slant_range : array_like, shape (...)
        [m]; not negative, the ratio is infinite at 0.
    reference_range : float
        Range against the same cross-section at which a Swerling 1 echo is detected with a probability of 0.9 [m]
        (model section 3).
    false_alarm_probability : float
        Of a look, in (0, 1), for which the reference range holds.

    Returns
    -------
    ndarray, shape (...)
        It falls with the fourth power of the range.

    References
    ----------
    .. [1] Skolnik, *Introduction to Radar Systems*, 3rd ed., 2001, section 2.8.
    """
    reference = math.log(false_alarm_probability) / math.log(REFERENCE_DETECTION_PROBABILITY) - 1.0
    with np.errstate(divide="ignore"):
        ratio = reference * (reference_range / np.asarray(slant_range, dtype=np.float64)) ** 4
    return np.asarray(ratio, dtype=np.float64)


def look_detection_probability(
    slant_range: ArrayLike,
    reference_range: float,
    false_alarm_probability: float = REFERENCE_FALSE_ALARM_PROBABILITY,
) -> NDArray[np.float64]:
    """Return the detection probability of looks at slant ranges [m], arguments as :func:`signal_to_noise_at`."""
    return swerling_1_detection_probability(
        signal_to_noise_at(slant_range, reference_range, false_alarm_probability), false_alarm_probability
    )


def detection_threshold(false_alarm_probability: float, pulses: int = 1) -> float:
    """Return the threshold on the sum of squared envelopes, in units of the mean noise power of a pulse."""
    _check_probability("false_alarm_probability", false_alarm_probability)
    _check_pulses(pulses)
    with extra("validation", _EXACT):
        from scipy.special import gammainccinv

    return float(gammainccinv(pulses, false_alarm_probability))


def detection_probability(
    signal_to_noise: ArrayLike,
    false_alarm_probability: float = REFERENCE_FALSE_ALARM_PROBABILITY,
    pulses: int = 1,
    fluctuation: Fluctuation = Fluctuation.SWERLING_1,
) -> NDArray[np.float64]:
    """Return the exact detection probability of a square-law detector.

    Parameters
    ----------
    signal_to_noise : array_like, shape (...)
        Mean of one pulse, as a ratio; not negative.
    false_alarm_probability : float
        Of the whole look, in (0, 1).
    pulses : int
        Added after detection (noncoherently), at least 1.
    fluctuation : Fluctuation

    Returns
    -------
    ndarray, shape (...)

    Raises
    ------
    InputError
        For numbers out of range.
    OutputError
        If scipy is not installed.

    Notes
    -----
    With threshold T, P(m, T) and Q(m, T) the lower and upper incomplete gamma functions and w_k the chance that the
    echo adds k to the shape of the sum, 1 - Pd = sum w_k P(N + k, T) and Pd = sum w_k Q(N + k, T): sums of positive
    numbers, so that both a small Pd and a small 1 - Pd keep their digits. For a steady echo this is the generalised
    Marcum function Q_N(sqrt(2 N S), sqrt(2 T)).

    References
    ----------
    .. [1] J. I. Marcum, "A statistical theory of target detection by pulsed radar", RAND RM-754, 1947.
    .. [2] D. A. Shnidman, "Radar detection probabilities and their calculation", IEEE Trans. AES-31 (1995) 928-950.
    """
    ratios = np.asarray(signal_to_noise, dtype=np.float64)
    if not np.all((ratios >= 0.0) & np.isfinite(ratios)):
        raise InputError("signal_to_noise must be a finite ratio, at least 0; decibels? A ratio is 10^(dB/10)")
    threshold = detection_threshold(false_alarm_probability, pulses)
    from scipy.special import gammainc, gammaincc

    shape = fluctuation.shape(pulses)
    # Beyond this many, P(N + k, T) is below 1e-20: the sum cannot stay under the threshold.
    terms = np.arange(max(2.0, threshold - pulses + 10.0 * math.sqrt(threshold + 10.0) + 40.0))
    below, above = gammainc(pulses + terms, threshold), gammaincc(pulses + terms, threshold)
    weights, beyond = _weights(pulses * ratios[..., np.newaxis], terms, shape)
    miss = np.sum(weights * below, axis=-1)
    found = np.sum(weights * above, axis=-1) + beyond
    return np.asarray(np.where(found < 0.5, found, 1.0 - miss))


def _weights(
    total: NDArray[np.float64], terms: NDArray[np.float64], shape: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the chance of each number of terms, and of any number beyond the last.

    ``total`` is the signal-to-noise ratio of all pulses together, with a last axis of one.
    """
    from scipy.special import betainc, gammainc, gammaln, xlog1py, xlogy

    count = terms[-1] + 1.0
    if math.isinf(shape):
        logarithm = xlogy(terms, total) - total - gammaln(terms + 1.0)
        return np.exp(logarithm), gammainc(count, total[..., 0])
    share = total / (shape + total)
    choices = gammaln(terms + shape) - gammaln(shape) - gammaln(terms + 1.0)
    logarithm = choices + xlog1py(shape, -share) + xlogy(terms, share)
    return np.exp(logarithm), betainc(count, shape, share[..., 0])


def required_signal_to_noise(
    detection_probability_wanted: float,
    false_alarm_probability: float = REFERENCE_FALSE_ALARM_PROBABILITY,
    pulses: int = 1,
    fluctuation: Fluctuation = Fluctuation.SWERLING_1,
) -> float:
    """Return the mean signal-to-noise ratio of a pulse that gives a detection probability.

    Parameters
    ----------
    detection_probability_wanted : float
        In (false_alarm_probability, 1).
    false_alarm_probability : float
    pulses : int
    fluctuation : Fluctuation

    Returns
    -------
    float
        As a ratio, to 1e-12 relative.

    Raises
    ------
    InputError
        If the probability wanted is not above the false-alarm probability and below 1.
    OutputError
        If scipy is not installed.
    """
    _check_probability("detection_probability_wanted", detection_probability_wanted)
    _check_probability("false_alarm_probability", false_alarm_probability)
    _check_pulses(pulses)
    if detection_probability_wanted <= false_alarm_probability:
        raise InputError(
            f"a detection probability of {detection_probability_wanted:g} is not above the false-alarm probability "
            f"{false_alarm_probability:g}: noise alone gives it"
        )
    if fluctuation is Fluctuation.SWERLING_1 and pulses == 1:
        return math.log(false_alarm_probability) / math.log(detection_probability_wanted) - 1.0

    with extra("validation", _EXACT):
        from scipy.optimize import brentq

    def excess(logarithm: float) -> float:
        found = detection_probability(math.exp(logarithm), false_alarm_probability, pulses, fluctuation)
        return float(found) - detection_probability_wanted

    low, high = math.log(_SMALLEST_RATIO), math.log(_LARGEST_RATIO)
    return math.exp(brentq(excess, low, high, xtol=1e-13, rtol=8.9e-16, maxiter=500))


def albersheim_1981(detection_probability_wanted: float, false_alarm_probability: float, pulses: int = 1) -> float:
    """Return the signal-to-noise ratio of a pulse [dB] for a steady echo and a linear detector.

    Raises
    ------
    InputError
        For probabilities outside (0, 1), or so close together that the formula has no value.

    Notes
    -----
    Stated error below 0.2 dB for Pfa 1e-7 to 1e-3, Pd 0.1 to 0.9, N 1 to 8096, against a linear detector. Against the
    exact square-law detector (:func:`required_signal_to_noise`) it is below 0.3 dB for Pd 0.3 to 0.9; at Pd 0.1 it
    is 0.4 dB at Pfa 1e-7 and 4 dB at 1e-3.

    References
    ----------
    .. [1] W. J. Albersheim, "A closed-form approximation to Robertson's detection characteristics", Proc. IEEE 69
       (1981) 839.
    """
    _check_probability("detection_probability_wanted", detection_probability_wanted)
    _check_probability("false_alarm_probability", false_alarm_probability)
    _check_pulses(pulses)
    a = math.log(0.62 / false_alarm_probability)
    b = math.log(detection_probability_wanted / (1.0 - detection_probability_wanted))
    argument = a + 0.12 * a * b + 1.7 * b
    if argument <= 0.0:
        raise InputError(
            f"Albersheim's formula has no value at a detection probability of {detection_probability_wanted:g} and a "
            f"false-alarm probability of {false_alarm_probability:g}; required_signal_to_noise has"
        )
    return -5.0 * math.log10(pulses) + (6.2 + 4.54 / math.sqrt(pulses + 0.44)) * math.log10(argument)


def shnidman_2002(
    detection_probability_wanted: float,
    false_alarm_probability: float,
    pulses: int = 1,
    fluctuation: Fluctuation = Fluctuation.STEADY,
) -> float:
    """Return the signal-to-noise ratio of a pulse [dB] for any of the five fluctuations.

    Raises
    ------
    InputError
        For a detection probability outside [0.1, 0.99], or a false-alarm probability not below it.

    Notes
    -----
    For Pd 0.1 to 0.99, Pfa 1e-9 to 1e-3 and N 1 to 100 it lies within 0.7 dB of :func:`required_signal_to_noise`, and
    for Swerling 1 (and 2 at one pulse) within 1.1 dB, the worst at a detection probability of 0.99.

    References
    ----------
    .. [1] D. A. Shnidman, "Determination of required SNR values", IEEE Trans. AES-38 (2002) 1059-1064.
    """
    wanted, false_alarm = detection_probability_wanted, false_alarm_probability
    _check_probability("false_alarm_probability", false_alarm)
    _check_pulses(pulses)
    if not (0.1 <= wanted <= 0.99 and false_alarm < wanted):
        raise InputError(
            "Shnidman's formula holds for a detection probability in [0.1, 0.99] above the false-alarm "
            f"probability; got {wanted:g} and {false_alarm:g}"
        )
    alpha = 0.0 if pulses < 40 else 0.25
    eta = math.sqrt(-0.8 * math.log(4.0 * false_alarm * (1.0 - false_alarm)))
    eta += math.copysign(math.sqrt(-0.8 * math.log(4.0 * wanted * (1.0 - wanted))), wanted - 0.5)
    steady = eta * (eta + 2.0 * math.sqrt(0.5 * pulses + (alpha - 0.25)))
    shape = fluctuation.shape(pulses)
    correction = (((17.7006 * wanted - 18.4496) * wanted + 14.5339) * wanted - 3.525) / shape
    if wanted > 0.872:
        correction += (
            math.exp(27.31 * wanted - 25.14)
            + (wanted - 0.8) * (0.7 * math.log(1e-5 / false_alarm) + (2.0 * pulses - 20.0) / 80.0)
        ) / shape
    return correction + 10.0 * math.log10(steady / pulses)


def cumulative_detection_probability(look_probabilities: ArrayLike, at_least: int = 1) -> NDArray[np.float64]:
    """Return the chance of at least so many detections in independent looks.

    Parameters
    ----------
    look_probabilities : array_like, shape (..., looks)
        Of each look, in [0, 1]; they may differ.
    at_least : int
        M of "M of N"; at least 1. More than there are looks gives 0.

    Returns
    -------
    ndarray, shape (...)

    Notes
    -----
    ``at_least=1`` is 1 - prod(1 - p). Otherwise the number of detections is counted look by look (Poisson binomial).
    """
    looks = np.asarray(look_probabilities, dtype=np.float64)
    if looks.ndim == 0 or not np.all((looks >= 0.0) & (looks <= 1.0)):
        raise InputError("look_probabilities must be a list of probabilities in [0, 1]")
    if at_least < 1:
        raise InputError(f"at_least must be 1 or more, got {at_least}")
    counts = np.zeros((*looks.shape[:-1], at_least + 1))
    counts[..., 0] = 1.0
    for look in range(looks.shape[-1]):
        chance = looks[..., look, np.newaxis]
        moved = counts[..., :-1] * chance
        counts[..., :-1] -= moved
        counts[..., 1:] += moved
    return np.asarray(counts[..., -1])


def _check_probability(name: str, value: float) -> None:
    if not 0.0 < value < 1.0:
        raise InputError(f"{name} must lie in (0, 1), got {value:g}; percent?")


def _check_pulses(pulses: int) -> None:
    if not 1 <= pulses <= _MOST_PULSES:
        raise InputError(f"pulses must lie in [1, {_MOST_PULSES}], got {pulses}")
