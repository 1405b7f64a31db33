"""Indices from designs of their own: Sobol's by Saltelli's design, and Morris's elementary effects (both of SALib)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.errors import InputError
from hoplon.extras import extra

GIVEN, SOBOL, MORRIS = "given", "sobol", "morris"
KINDS: Final = (GIVEN, SOBOL, MORRIS)
_TRAJECTORIES: Final = 20
_LEVELS: Final = 4
_RESAMPLES: Final = 200
_FEWEST: Final = 2  # samples of a design


def refuse_design(kind: str, samples: int) -> None:
    """Refuse a design that cannot be made, before anything is computed for it.

    Raises
    ------
    OutputError
        If SALib is not installed.
    InputError
        If the number of samples is not one of Sobol's points.
    """
    if kind == GIVEN:
        return
    _part(kind, "sample")
    if kind == SOBOL and (samples < _FEWEST or samples & (samples - 1)):
        raise InputError(f"samples: indices by Sobol's points need a power of two, as 512 or 1024; got {samples:,}")


def _part(kind: str, part: str) -> Any:
    with extra("indices", f"the method {kind} of indices (the method given does not)"):
        return import_module(f"SALib.{part}.{kind}")


def design_of(kind: str, factors: Sequence[str], samples: int, seed: int) -> NDArray[np.float64]:
    """Return the coordinates of a design, shape (runs, factors): N (d + 2) runs for Sobol, 20 (d + 1) for Morris."""
    problem, sample = _problem(factors), _part(kind, "sample").sample
    if kind == SOBOL:
        made = sample(problem, samples, calc_second_order=False, seed=seed)
    else:
        made = sample(problem, _TRAJECTORIES, num_levels=_LEVELS, seed=seed)
    return np.clip(np.asarray(made, dtype=np.float64), 0.0, 1.0)


def indices_of_design(
    kind: str, factors: Sequence[str], design: NDArray[np.float64], values: NDArray[np.float64], seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return the indices of factors for values of a design, and the ends of their intervals of 95 %.

    Parameters
    ----------
    kind : {"sobol", "morris"}
        First-order indices; or mean absolute elementary effects, in units of the value.
    factors : sequence of str
    design : ndarray, shape (runs, factors)
    values : ndarray, shape (runs, m)
    seed : int

    Returns
    -------
    index, low, high : ndarray, shape (factors, m)
        NaN where a value does not vary.

    Raises
    ------
    InputError
        If a run of the design makes no scenario.

    References
    ----------
    .. [1] Saltelli et al. 2010, Comput. Phys. Commun. 181, 259.
    .. [2] Morris 1991, Technometrics 33, 161; Campolongo et al. 2007, Environ. Model. Softw. 22, 1509.
    """
    invalid = int(np.isnan(values).any(axis=1).sum())
    if invalid:
        raise InputError(
            f"{invalid:,} of {len(values):,} runs of the design {kind} make no scenario (bounds cross, or nothing is "
            "threatened), and a design with holes has no indices; the method given takes samples as they are"
        )
    problem, analyze = _problem(factors), _part(kind, "analyze").analyze
    shape = (len(factors), values.shape[1])
    index, low, high = np.full(shape, np.nan), np.full(shape, np.nan), np.full(shape, np.nan)
    call: Callable[[NDArray[np.float64]], Any]
    if kind == SOBOL:
        name = "S1"

        def call(value: NDArray[np.float64]) -> Any:
            return analyze(problem, value, calc_second_order=False, num_resamples=_RESAMPLES, seed=seed)
    else:
        name = "mu_star"

        def call(value: NDArray[np.float64]) -> Any:
            return analyze(problem, design, value, num_levels=_LEVELS, num_resamples=_RESAMPLES, seed=seed)

    for column, value in enumerate(values.T):
        if np.ptp(value) == 0.0:
            continue
        found = call(value)
        centre, half = np.asarray(found[name], dtype=float), np.asarray(found[f"{name}_conf"], dtype=float)
        index[:, column], low[:, column], high[:, column] = centre, centre - half, centre + half
    return index, low, high


def _problem(factors: Sequence[str]) -> dict[str, Any]:
    return {"num_vars": len(factors), "names": list(factors), "bounds": [[0.0, 1.0]] * len(factors)}
