"""Raids at the bounds of kill probability: every factor of it at its low and at its high bound.

The range between the two is no interval of sampling: it says how far an answer moves with what is assumed of one shot.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.raid.kill import kill_table, kill_words
from hoplon.backbone.raid_model import with_kill

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.backbone.statistics import Estimate
    from hoplon.scenario.model import Level

BOUNDS: Final[tuple[Level, Level]] = ("low", "high")


@dataclass(frozen=True)
class KillBounds:
    """The least and the greatest mean of a measure over the levels of kill probability, base included."""

    low: float
    high: float

    def as_json(self) -> dict[str, float]:
        """Return low and high."""
        return {"low": self.low, "high": self.high}


class KillTables:
    """Kill tables of raids at both bounds, each worked out once for the raids that share the one at base."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[NDArray[np.float64], dict[Level, NDArray[np.float64]]]] = {}

    def at_bounds(self, setup: RaidSetup) -> dict[Level, RaidSetup]:
        """Return a raid at base at both bounds; empty where no kill probability has bounds.

        Parameters
        ----------
        setup : RaidSetup
            At base.
        """
        base = setup.inputs.kill
        if id(base) not in self._known:  # the table is kept, so that no other array gets its place in memory
            source = setup.source
            tables: dict[Level, NDArray[np.float64]] = {
                level: kill_table(source.scenario, source.architecture, setup.flights.flown, level)[1]
                for level in BOUNDS
            }
            moved = any(not np.array_equal(table, base) for table in tables.values())
            self._known[id(base)] = base, tables if moved else {}
        return {level: _with_table(setup, level, table) for level, table in self._known[id(base)][1].items()}


def _with_table(setup: RaidSetup, level: Level, table: NDArray[np.float64]) -> RaidSetup:
    names = tuple(setup.elements[len(setup.elements) - len(table) :])
    inputs, model = replace(setup.inputs, kill=table), with_kill(setup.model, table)
    return replace(setup, inputs=inputs, model=model, level=level, kill=kill_words(names, setup.flights.flown, table))


def bounds_of(base: Mapping[str, Estimate], others: list[Mapping[str, Estimate]]) -> dict[str, KillBounds]:
    """Return the range of each measure over the levels; a measure that one of them lacks is left out."""
    found = {}
    for name, estimate in base.items():
        means: list[Any] = [estimate.mean, *(other[name].mean for other in others)]
        if all(mean is not None for mean in means):
            found[name] = KillBounds(min(means), max(means))
    return found
