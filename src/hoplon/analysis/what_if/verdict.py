"""What a what-if comes to: who is threatened and defended, in all, and how that was found."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hoplon.analysis.coverage import summarise

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from hoplon.analysis.coverage import Coverage, Summary


@dataclass(frozen=True)
class WhatIfVerdict:
    """The answer to one what-if.

    Attributes
    ----------
    id : str
        Of the what-if in its scenario: :meth:`hoplon.scenario.changes.what_if.WhatIf.id`.
    coverage : Coverage
    threats, nations : tuple of str
        Classes and nations that the headline counts together.
    judged : int
        Flights that were judged for this answer.
    flights : int
        Flights in all.
    cpu_ms : float
        Processor time of the answer [ms], of all threads.
    notes : tuple of str
        What is odd about the what-if: a ship on land, nobody threatened.
    """

    id: str
    coverage: Coverage = field(repr=False)
    threats: tuple[str, ...]
    nations: tuple[str, ...]
    judged: int = 0
    flights: int = 0
    cpu_ms: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def summary(self) -> Summary:
        """The headline, by the same sums as the command line's."""
        return summarise(self.coverage, self.threats, self.nations)

    @property
    def method(self) -> str:
        """Whether the answer was ``kept``, or found by a ``bound`` or in ``full``; as the coverage says."""
        return self.coverage.method

    @property
    def why(self) -> str:
        """A sentence that says why every flight was judged; "" where not."""
        return self.coverage.why

    @property
    def threatened(self) -> NDArray[np.bool_]:
        """Whether a class reaches a point; shape (n, classes)."""
        return self.coverage.threatened

    @property
    def defended(self) -> NDArray[np.bool_]:
        """Whether a point is defended against a class; shape (n, classes)."""
        return self.coverage.defended

    @property
    def shots_min(self) -> NDArray[np.int16]:
        """Fewest shots of the best battery, counted up to those required; -1 where not threatened."""
        return self.coverage.shots_min

    def as_json(self) -> dict[str, Any]:
        """Return the headline, and how it was found."""
        return {
            "id": self.id,
            "architecture": self.coverage.architecture,
            "level": self.coverage.level,
            "headline_threats": list(self.threats),
            "headline": self.summary.as_json(),
            "method": self.method,
            "why": self.why,
            "notes": list(self.notes),
        }
