"""The exact assignment of interceptors to threats, offline: what perfect command would save.

The measure of a rule of assignment is how much more leaks under it than under the optimum of the same problem: every
shot fired at once, no look, each battery with its magazine.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.assignment import maximum_marginal_return
from hoplon.errors import InputError

_TOLERANCE: Final = 1e-9
_ROUNDS: Final = 500
_CERTAIN: Final = 40.0  # -ln of what is left of a threat after a shot that cannot miss


@dataclass(frozen=True)
class ExactAssignment:
    """The optimum: shots (threats, batteries), what leaks under it, and the bound below which nothing can leak."""

    shots: NDArray[np.int64]
    leaking: float
    bound: float


def expected_leaking(values: NDArray[np.float64], kill: NDArray[np.float64], shots: NDArray[np.int64]) -> float:
    """Return the expected value that leaks under an assignment."""
    return float(values @ np.prod((1.0 - kill) ** shots, axis=1))


def exact_assignment(
    values: NDArray[np.float64], kill: NDArray[np.float64], inventory: NDArray[np.int64], most: int
) -> ExactAssignment:
    """Return the assignment under which least leaks in expectation.

    Parameters
    ----------
    values : ndarray, shape (threats,)
        What each threat destroys if it leaks; 0 or more.
    kill : ndarray, shape (threats, batteries)
        Single-shot kill probabilities, 0 where a battery cannot engage.
    inventory : ndarray, shape (batteries,)
    most : int
        Greatest number of shots of one battery at one threat.

    Raises
    ------
    InputError
        If shapes or ranges do not fit.

    Notes
    -----
    What survives of a threat is exp(-s), convex in s, the sum of -ln(1 - p) over the shots: a mixed-integer program
    with tangents for exp, to which each round adds the tangent at its own solution until model and truth agree (outer
    approximation; finite, as there are finitely many assignments). One thread, fixed seed, no gap left open.

    References
    ----------
    .. [1] Duran and Grossmann, "An outer-approximation algorithm for a class of mixed-integer nonlinear programs",
       Mathematical Programming 36 (1986) 307.
    """
    threats, batteries = kill.shape
    if values.shape != (threats,) or inventory.shape != (batteries,) or most < 0:
        raise InputError(
            f"values {values.shape}, kill {kill.shape} and inventory {inventory.shape} do not fit together"
        )
    if (values < 0).any() or (kill < 0).any() or (kill > 1).any() or (inventory < 0).any():
        raise InputError("values and inventories of 0 or more, and probabilities from 0 to 1, were expected")
    import highspy

    with np.errstate(divide="ignore"):
        weight = np.minimum(-np.log1p(-kill), _CERTAIN)
    model: Any = highspy.Highs()  # type: ignore[no-untyped-call]
    for option, setting in (("output_flag", False), ("threads", 1), ("random_seed", 0), ("mip_rel_gap", 0.0)):
        model.setOptionValue(option, setting)
    for threat in range(threats):
        model.addVar(0.0, 1.0)
        model.changeColCost(threat, float(values[threat]))
    for threat in range(threats):
        for battery in range(batteries):
            model.addVar(0.0, float(min(most, inventory[battery])) if kill[threat, battery] > 0.0 else 0.0)
            model.changeColIntegrality(threats + threat * batteries + battery, highspy.HighsVarType.kInteger)
    for battery in range(batteries):
        columns = np.array([threats + threat * batteries + battery for threat in range(threats)], dtype=np.int32)
        model.addRow(-highspy.kHighsInf, float(inventory[battery]), threats, columns, np.ones(threats))
    at = np.zeros(threats)
    for _ in range(_ROUNDS):
        for threat in range(threats):
            _add_tangent(model, threat, threats, weight[threat], float(at[threat]))
        model.run()
        solution = np.array(model.getSolution().col_value)
        shots = np.rint(solution[threats:]).astype(np.int64).reshape(threats, batteries)
        at = (weight * shots).sum(axis=1)
        bound = float(model.getInfo().mip_dual_bound)
        found = float(values @ np.exp(-at))
        if found - float(values @ solution[:threats]) <= _TOLERANCE * max(1.0, float(values.sum())):
            return ExactAssignment(shots, expected_leaking(values, kill, shots), min(bound, found))
    raise InputError(f"the assignment did not settle in {_ROUNDS} rounds; fewer threats or batteries were expected")


def _add_tangent(model: Any, threat: int, threats: int, weight: NDArray[np.float64], at: float) -> None:
    """Require survival >= exp(-at) (1 + at - s) of a threat."""
    import highspy

    batteries, level = len(weight), math.exp(-at)
    columns = np.array([threat, *(threats + threat * batteries + b for b in range(batteries))], dtype=np.int32)
    row = np.concatenate([[1.0], level * weight])
    model.addRow(level * (1.0 + at), highspy.kHighsInf, len(row), columns, row)


def greedy_gap(
    values: NDArray[np.float64], kill: NDArray[np.float64], inventory: NDArray[np.int64], most: int
) -> tuple[float, float, float]:
    """Return what leaks under maximum marginal return, under the optimum, and the first over the second less one."""
    greedy = expected_leaking(values, kill, maximum_marginal_return(values, kill, inventory, most))
    exact = exact_assignment(values, kill, inventory, most).leaking
    return greedy, exact, greedy / exact - 1.0 if exact > 0.0 else 0.0
