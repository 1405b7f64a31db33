"""What the same interceptors could do under perfect command, and how much more leaks in the simulation.

Perfect command knows every flight from the moment that a radar of the architecture could hold it firmly, decides at
once, loses no message and no element, needs no support at the intercept, and may let any battery shoot at any missile.
What remains is geometry, time, magazines and the kill probability of each shot.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.backbone.optimum import exact_assignment, least_leaking
from hoplon.backbone.statistics import Estimate

if TYPE_CHECKING:
    from hoplon.analysis.raid.setup import RaidSetup

TOLERANCE: Final = 1e-3
"""Share of the raid by which the assignment found may lie above the bound."""
_NODES: Final = 200  # of the search for it


@dataclass(frozen=True)
class PerfectCommand:
    """The least that leaks of a raid, as a share of its missiles, and what the simulated command adds to it.

    Attributes
    ----------
    leakage : float
        Expected, under the exact assignment of shots that are all fired at once.
    left_open : float
        Optimality gap: by how much the search for that assignment may have missed the best one.
    leakage_with_looks : float
        Lower bound of any command, however often it looks before it shoots again.
    gap : Estimate
        Simulated leakage less the least of its own doctrine: ``leakage_with_looks`` where it looks, else ``leakage``.
    """

    leakage: float
    left_open: float
    leakage_with_looks: float
    gap: Estimate

    def as_json(self) -> dict[str, Any]:
        """Return the keys of the command line's contract."""
        return {
            "leakage": self.leakage,
            "left_open": self.left_open,
            "leakage_with_looks": self.leakage_with_looks,
            "gap": self.gap.as_json(),
        }


def perfect_command(setup: RaidSetup, simulated: Estimate) -> PerfectCommand | None:
    """Return what perfect command would let through of a raid; None where no missile flies.

    Parameters
    ----------
    setup : RaidSetup
    simulated : Estimate
        Leakage of the raid as it was simulated.
    """
    threats = len(setup.flights.missiles)
    if not threats:
        return None
    flights = [missile.flight for missile in setup.flights.missiles]
    most = shots_in_time(setup)[flights]
    kill = np.where(most > 0, setup.inputs.kill.T[flights], 0.0)
    inventory = np.array([battery.count for battery in setup.inputs.batteries], dtype=np.int64)
    values, conditions = np.ones(threats), setup.conditions
    alive = (1.0 - conditions.common_threat) * (1.0 - conditions.common_raid)

    def share(leaking: float) -> float:
        return 1.0 - alive * (1.0 - leaking / threats)

    exact = exact_assignment(values, kill, inventory, most, TOLERANCE, _NODES)
    at_once = share(exact.leaking)
    with_looks = min(at_once, share(least_leaking(values, kill, inventory, most)))
    least = with_looks if setup.doctrine.look else at_once
    low, mean, high = (None if end is None else end - least for end in (simulated.low, simulated.mean, simulated.high))
    return PerfectCommand(at_once, at_once - share(exact.bound), with_looks, Estimate(mean, low, high))


def least_leakage(setup: RaidSetup) -> float:
    """Return the least of a raid's own doctrine that perfect command would let through; missiles have to fly."""
    found = perfect_command(setup, Estimate(0.0, None, None))
    assert found is not None
    return found.leakage_with_looks if setup.doctrine.look else found.leakage


def has_shot(setup: RaidSetup) -> bool:
    """Tell whether some battery with interceptors can launch at some missile of a raid after its track is firm.

    Tracks are known at once and may come from any radar, as under perfect command.
    """
    return bool(batteries_with_a_shot(setup).any())


def batteries_with_a_shot(setup: RaidSetup) -> NDArray[np.bool_]:
    """Tell of each battery whether it can launch at some missile of a raid, as :func:`has_shot` does for all.

    Returns
    -------
    ndarray of bool, shape (batteries,)
    """
    inventory = np.array([battery.count for battery in setup.inputs.batteries])
    able = (shots_in_time(setup) > 0) & (setup.inputs.kill.T > 0.0) & (inventory > 0)
    return np.asarray(able.any(axis=0))


def shots_in_time(setup: RaidSetup) -> NDArray[np.int64]:
    """Return the interceptors that each battery can launch at each flight one look after another.

    Returns
    -------
    ndarray, shape (flights, batteries)
    """
    inputs, doctrine = setup.inputs, setup.doctrine
    flights, batteries = inputs.launches.shape[:2]
    most = np.zeros((flights, batteries), dtype=np.int64)
    burnouts = {threat.flight: threat.burnout for threat in inputs.threats}
    again = round(1000.0 * (doctrine.kill_assessment + doctrine.reaction))
    salvo = max(doctrine.salvo, setup.conditions.last_look_salvo if doctrine.share else 0)
    for flight in range(flights):
        firsts = inputs.cover[:, flight, :, 0]
        if not (firsts >= 0).any():
            continue  # never seen
        seen = max(float(firsts[firsts >= 0].min()), burnouts.get(flight, 0.0))
        ready = round(1000.0 * (seen + doctrine.firm_track + doctrine.reaction))
        for battery in range(batteries):
            most[flight, battery] = salvo * _rounds(inputs.launches[flight, battery, 0], ready, again, doctrine.look)
    return most


def _rounds(launches: NDArray[np.int32], ready: int, again: int, look: bool) -> int:
    """Return how many shots follow each other: launch at ``ready`` or later [ms], ``again`` after each intercept.

    ``launches`` [ms] stands by the whole second of the intercept; a launch that is not before it is none.
    """
    ahead = launches < 1000 * np.arange(len(launches))  # so that each shot is ready later than the one before
    count = 0
    while True:
        late_enough = ahead & (launches >= ready)
        if not late_enough.any():
            return count
        count += 1
        if not look:
            return count
        ready = 1000 * int(np.argmax(late_enough)) + again
