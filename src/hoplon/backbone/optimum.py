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
from hoplon.solver import quiet_solver

_TOLERANCE: Final = 1e-9
_ROUNDS: Final = 500
_SEEDS, _SEEDED = 12, 6.0  # first tangents, and how far they reach: e^-6 of a threat is left there
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
    values: NDArray[np.float64],
    kill: NDArray[np.float64],
    inventory: NDArray[np.int64],
    most: int | NDArray[np.int64],
    tolerance: float = _TOLERANCE,
    nodes: int | None = None,
) -> ExactAssignment:
    """Return the assignment under which least leaks in expectation.

    Parameters
    ----------
    values : ndarray, shape (threats,)
        What each threat destroys if it leaks; 0 or more.
    kill : ndarray, shape (threats, batteries)
        Single-shot kill probabilities, 0 where a battery cannot engage.
    inventory : ndarray, shape (batteries,)
    most : int or ndarray, shape (threats, batteries)
        Greatest number of shots of one battery at one threat.
    tolerance : float
        Share of the whole value by which what leaks may lie above the bound.
    nodes : int, optional
        Nodes of the search after which the best assignment so far is returned, with the bound that it left.

    Raises
    ------
    InputError
        If shapes or ranges do not fit.

    Notes
    -----
    What survives of a threat is exp(-s), convex in s, the sum of -ln(1 - p) over the shots: a mixed-integer program
    with tangents for exp, to which each round adds the tangents at its own solution, to every threat that is like the
    one solved for, until model and truth agree (outer approximation; finite, as there are finitely many assignments).
    One thread, fixed seed.

    References
    ----------
    .. [1] Duran and Grossmann, "An outer-approximation algorithm for a class of mixed-integer nonlinear programs",
       Mathematical Programming 36 (1986) 307.
    """
    import highspy

    threats, batteries = kill.shape
    limits = np.broadcast_to(np.asarray(most, dtype=np.int64), kill.shape)
    if values.shape != (threats,) or inventory.shape != (batteries,) or (limits < 0).any():
        raise InputError(
            f"values {values.shape}, kill {kill.shape} and inventory {inventory.shape} do not fit together"
        )
    _refuse_ranges(values, kill, inventory)
    if not threats or not batteries:
        return ExactAssignment(np.zeros(kill.shape, dtype=np.int64), float(values.sum()), float(values.sum()))
    with np.errstate(divide="ignore"):
        weight = np.minimum(-np.log1p(-kill), _CERTAIN)
    limits = np.where(kill > 0.0, np.minimum(limits, inventory), 0)
    slack = tolerance * max(1.0, float(values.sum()))
    model = _model(values, weight, inventory, limits, slack)
    if nodes is not None:
        model.setOptionValue("mip_max_nodes", nodes)
    alike = _alike(values, weight, limits)
    touched = [set(_seeds(float((weight[group[0]] * limits[group[0]]).sum()))) for group in alike]
    for group, points in zip(alike, touched, strict=True):
        _add_tangents(model, group, weight, sorted(points))
    for _ in range(_ROUNDS):
        model.run()
        solution = np.array(model.getSolution().col_value)
        shots = np.rint(solution[threats:]).astype(np.int64).reshape(threats, batteries)
        reached = (weight * shots).sum(axis=1)
        bound = float(model.getInfo().mip_dual_bound)
        found = float(values @ np.exp(-reached))
        new = [
            {float(reached[threat]) for threat in group} - known for group, known in zip(alike, touched, strict=True)
        ]
        settled = found - float(values @ solution[:threats]) <= slack
        stopped = model.getModelStatus() != highspy.HighsModelStatus.kOptimal
        if settled or stopped or not any(new):  # the tangents at the solution are there: it is as exact as the solver
            return ExactAssignment(shots, expected_leaking(values, kill, shots), max(0.0, min(bound, found)))
        for group, known, points in zip(alike, touched, new, strict=True):
            _add_tangents(model, group, weight, sorted(points))
            known |= points
    raise InputError(f"the assignment did not settle in {_ROUNDS} rounds; fewer threats or batteries were expected")


def _refuse_ranges(values: NDArray[np.float64], kill: NDArray[np.float64], inventory: NDArray[np.int64]) -> None:
    if not ((values >= 0).all() and (kill >= 0).all() and (kill <= 1).all() and (inventory >= 0).all()):
        raise InputError("values and inventories of 0 or more, and probabilities from 0 to 1, were expected")


def _model(
    values: NDArray[np.float64],
    weight: NDArray[np.float64],
    inventory: NDArray[np.int64],
    limits: NDArray[np.int64],
    slack: float,
) -> Any:
    """Return the program without tangents: what survives of each threat, then the shots threat by threat."""
    import highspy

    threats, batteries = weight.shape
    model = quiet_solver({"random_seed": 0})
    model.setOptionValue("mip_rel_gap", 0.0)
    model.setOptionValue("mip_abs_gap", max(0.5 * slack, 1e-6))
    for threat in range(threats):
        model.addVar(0.0, 1.0)
        model.changeColCost(threat, float(values[threat]))
    for threat in range(threats):
        for battery in range(batteries):
            model.addVar(0.0, float(limits[threat, battery]))
            model.changeColIntegrality(threats + threat * batteries + battery, highspy.HighsVarType.kInteger)
    for battery in range(batteries):
        columns = np.array([threats + threat * batteries + battery for threat in range(threats)], dtype=np.int32)
        model.addRow(-highspy.kHighsInf, float(inventory[battery]), threats, columns, np.ones(threats))
    return model


def _alike(values: NDArray[np.float64], weight: NDArray[np.float64], limits: NDArray[np.int64]) -> list[list[int]]:
    """Return the threats in groups that no assignment can tell apart."""
    groups: dict[tuple[bytes, ...], list[int]] = {}
    for threat in range(len(values)):
        key = (values[threat].tobytes(), weight[threat].tobytes(), limits[threat].tobytes())
        groups.setdefault(key, []).append(threat)
    return list(groups.values())


def _seeds(most: float) -> list[float]:
    """Return where the first tangents touch, up to the greatest exponent that the shots reach."""
    return [0.0] if most == 0.0 else [float(at) for at in np.linspace(0.0, min(most, _SEEDED), _SEEDS)]


def _add_tangents(model: Any, group: list[int], weight: NDArray[np.float64], points: list[float]) -> None:
    """Require survival >= exp(-at) (1 + at - s) of each threat of a group, at some points."""
    import highspy

    threats, batteries = weight.shape
    for at in points:
        level = math.exp(-at)
        for threat in group:
            shots = range(threats + threat * batteries, threats + (threat + 1) * batteries)
            row = np.concatenate([[1.0], level * weight[threat]])
            columns = np.array([threat, *shots], dtype=np.int32)
            model.addRow(level * (1.0 + at), highspy.kHighsInf, len(row), columns, row)


def least_leaking(
    values: NDArray[np.float64],
    kill: NDArray[np.float64],
    inventory: NDArray[np.int64],
    most: int | NDArray[np.int64],
) -> float:
    """Return a value below which no command can bring what leaks, however often it looks.

    Parameters
    ----------
    values, kill, inventory, most
        As for :func:`exact_assignment`.

    Raises
    ------
    InputError
        If ranges do not fit.

    Notes
    -----
    Whatever is decided after whatever was seen, the expected kills of a threat are at most the sum of p over the shots
    it gets in expectation, and at most 1 - prod (1 - p)^most; expected shots respect each magazine. The greatest sum of
    both limits is a linear program.
    """
    import highspy

    _refuse_ranges(values, kill, inventory)
    threats, batteries = kill.shape
    limits = np.minimum(np.broadcast_to(np.asarray(most, dtype=np.int64), kill.shape), inventory)
    reachable = 1.0 - np.prod((1.0 - kill) ** limits, axis=1)
    model = quiet_solver({"random_seed": 0})
    for threat in range(threats):
        model.addVar(0.0, float(reachable[threat]))
        model.changeColCost(threat, -float(values[threat]))
    for threat in range(threats):
        for battery in range(batteries):
            model.addVar(0.0, float(limits[threat, battery]))
    for battery in range(batteries):
        columns = np.array([threats + threat * batteries + battery for threat in range(threats)], dtype=np.int32)
        model.addRow(-highspy.kHighsInf, float(inventory[battery]), threats, columns, np.ones(threats))
    for threat in range(threats):
        columns = np.array([threat, *(threats + threat * batteries + b for b in range(batteries))], dtype=np.int32)
        row = np.concatenate([[1.0], -kill[threat]])
        model.addRow(-highspy.kHighsInf, 0.0, len(row), columns, row)
    model.run()
    saved = -float(model.getInfo().objective_function_value)
    return max(0.0, float(values.sum()) - saved)


def greedy_gap(
    values: NDArray[np.float64], kill: NDArray[np.float64], inventory: NDArray[np.int64], most: int
) -> tuple[float, float, float]:
    """Return what leaks under maximum marginal return, under the optimum, and the first over the second less one."""
    greedy = expected_leaking(values, kill, maximum_marginal_return(values, kill, inventory, most))
    exact = exact_assignment(values, kill, inventory, most).leaking
    return greedy, exact, greedy / exact - 1.0 if exact > 0.0 else 0.0
