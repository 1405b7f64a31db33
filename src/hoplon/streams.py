"""Keyed random streams: a draw depends on what it decides, never on the order of the draws.

A key is made of the seed and up to four whole numbers (run, object, event, purpose); a draw is a pure function of its
key, so that two studies that ask the same question use common random numbers, whatever else they draw, on any number of
workers.
"""

from __future__ import annotations

import math

import numpy as np

from hoplon.compiled import kernel

_GAMMA = np.uint64(0x9E3779B97F4A7C15)
_FIRST, _SECOND = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_30, _27, _31, _12 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(12)
_UNIT = 2.0**-52


@kernel
def _mixed(word: np.uint64) -> np.uint64:
    """Return the finaliser of splitmix64 of a word: a bijection whose every output bit depends on every input bit."""
    word = (word ^ (word >> _30)) * _FIRST
    word = (word ^ (word >> _27)) * _SECOND
    return np.uint64(word ^ (word >> _31))


@kernel
def key_of(seed: int, a: int, b: int, c: int, d: int) -> np.uint64:
    """Return the key of a draw.

    Parameters
    ----------
    seed, a, b, c, d : int
        What the draw decides, in a fixed order: for example seed, run, threat, shot, purpose. Any 64-bit whole number,
        negative ones included.

    Returns
    -------
    uint64
        In compiled code. Numba hands Python a plain int: wrap it in ``np.uint64`` before drawing from it there.

    Notes
    -----
    Each word is folded in by ``state = mixed((state + gamma) ^ word)``, ``mixed`` the finaliser of splitmix64, one to
    one in either argument: two keys that differ in one word never meet.

    References
    ----------
    Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014, section 5 (the finaliser is
    Stafford's variant 13).
    """
    state = _mixed(np.uint64(seed) + _GAMMA)
    state = _mixed((state + _GAMMA) ^ np.uint64(a))
    state = _mixed((state + _GAMMA) ^ np.uint64(b))
    state = _mixed((state + _GAMMA) ^ np.uint64(c))
    return _mixed((state + _GAMMA) ^ np.uint64(d))


@kernel
def uniform(key: np.uint64) -> float:
    """Return a number uniform in (0, 1), both ends excluded: the middles of 2^52 equal steps."""
    return (float(np.uint64(key) >> _12) + 0.5) * _UNIT


@kernel
def exponential(key: np.uint64, mean: float) -> float:
    """Return an exponential number of a mean, in the mean's unit."""
    return -mean * math.log(uniform(key))


@kernel
def normal(key: np.uint64) -> float:
    """Return a standard normal number."""
    return normal_quantile(uniform(key))


@kernel
def normal_quantile(probability: float) -> float:
    """Return the standard normal deviate below which a probability in (0, 1) lies, to about 1 part in 10^16.

    References
    ----------
    Wichura, "Algorithm AS 241: The percentage points of the normal distribution", Applied Statistics 37 (1988) 477,
    routine PPND16.
    """
    centred = probability - 0.5
    if abs(centred) <= 0.425:
        r = 0.180625 - centred * centred
        above = 2509.0809287301226727
        for coefficient in (
            33430.575583588128105,
            67265.770927008700853,
            45921.953931549871457,
            13731.693765509461125,
            1971.5909503065514427,
            133.14166789178437745,
            3.387132872796366608,
        ):
            above = above * r + coefficient
        below = 5226.495278852545925
        for coefficient in (
            28729.085735721942674,
            39307.89580009271061,
            21213.794301586595867,
            5394.1960214247511077,
            687.1870074920579083,
            42.313330701600911252,
            1.0,
        ):
            below = below * r + coefficient
        return centred * above / below
    r = math.sqrt(-math.log(min(probability, 1.0 - probability)))
    if r <= 5.0:
        r -= 1.6
        above = 7.7454501427834140764e-4
        for coefficient in (
            0.0227238449892691845833,
            0.24178072517745061177,
            1.27045825245236838258,
            3.64784832476320460504,
            5.7694972214606914055,
            4.6303378461565452959,
            1.42343711074968357734,
        ):
            above = above * r + coefficient
        below = 1.05075007164441684324e-9
        for coefficient in (
            5.475938084995344946e-4,
            0.0151986665636164571966,
            0.14810397642748007459,
            0.68976733498510000455,
            1.6763848301838038494,
            2.05319162663775882187,
            1.0,
        ):
            below = below * r + coefficient
    else:
        r -= 5.0
        above = 2.01033439929228813265e-7
        for coefficient in (
            2.71155556874348757815e-5,
            0.0012426609473880784386,
            0.026532189526576123093,
            0.29656057182850489123,
            1.7848265399172913358,
            5.4637849111641143699,
            6.6579046435011037772,
        ):
            above = above * r + coefficient
        below = 2.04426310338993978564e-15
        for coefficient in (
            1.4215117583164458887e-7,
            1.8463183175100546818e-5,
            7.868691311456132591e-4,
            0.0148753612908506148525,
            0.13692988092273580531,
            0.59983220655588793769,
            1.0,
        ):
            below = below * r + coefficient
    deviate = above / below
    return deviate if centred > 0.0 else -deviate
