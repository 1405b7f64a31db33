"""What a map of coverage shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import Coverage
from hoplon.analysis.tally import ClassSet


@dataclass(frozen=True)
class ShownCoverage:
    """What a map shows: a coverage against a set of classes, and the shares to print with it.

    Parameters
    ----------
    coverage : Coverage
        Of one architecture at one level.
    subject : ClassSet
        The classes.
    nations : tuple of str
        Nations to tint and to show.
    population_share, area_share : float or None
        Of the threatened people and land of these nations.
    counted : {"people", "points"}
        What the share of people counts: points where they were given without a population.
    """

    coverage: Coverage
    subject: ClassSet
    nations: tuple[str, ...]
    population_share: float | None
    area_share: float | None
    counted: Literal["people", "points"] = "people"

    @property
    def chosen(self) -> NDArray[np.bool_]:
        """Which aim points belong to the nations shown, shape (n,)."""
        return np.isin(self.coverage.points.nation, self.nations)
