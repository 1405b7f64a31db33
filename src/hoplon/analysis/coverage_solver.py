"""Computing coverages for a study: one at a time, or what several have in common together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.coverage import CoverageQuestion, coverage, settle
from hoplon.analysis.defence import defence_of
from hoplon.analysis.flights import flown_against
from hoplon.analysis.sampling.once import judged_once
from hoplon.analysis.store import Store
from hoplon.progress import silent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.analysis.coverage import Coverage
    from hoplon.progress import Progress
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario

_TOLD_APART: Final = 2  # shots that a map tells from one


@dataclass(frozen=True)
class Asked:
    """A coverage to compute: what of, at which level, with causes or without.

    ``sha256`` is that of the scenario which another one varies for a moment, and spares the digest of the variant.
    """

    scenario: Scenario
    architecture: str
    level: Level
    explain: bool = False
    sha256: str = ""


Judged = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""Which aim points are threatened, and which of those defended, by class; shape (n, threats) each."""


class Cover(Protocol):
    """What computes coverages."""

    def prepare(self, asked: Sequence[Asked], points: AimPoints, progress: Progress = silent) -> None:
        """Do together what several coverages over the same aim points have in common."""

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        """Compute the coverage of an architecture at a level over some aim points."""

    def judge_once(
        self, asked: Sequence[Asked], points: AimPoints, threats: Sequence[str], areas: Sequence[str] | None = None
    ) -> list[Judged]:
        """Judge aim points by architectures of one scenario that is asked about once: nothing of it is kept.

        A point that is open to a class may count as open to every class that exists no earlier.
        """


class KernelCover:
    """Computes coverages with the kernels, keeping stages in a store.

    Where causes are asked for, two shots are told from one, as maps show them; elsewhere the shots required will do.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    def prepare(self, asked: Sequence[Asked], points: AimPoints, progress: Progress = silent) -> None:
        """Judge the flights to the aim points by every architecture asked about, in one pass."""
        questions = [
            CoverageQuestion(entry.scenario, entry.architecture, entry.level, _enough(entry), entry.explain)
            for entry in asked
        ]
        settle(self._store, questions, points, progress=progress)

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        """Compute one coverage, from what was prepared if it was."""
        return coverage(
            self._store,
            asked.scenario,
            asked.architecture,
            points,
            level=asked.level,
            explain=asked.explain,
            enough=_enough(asked),
            sha256=asked.sha256,
        )

    def judge_once(
        self, asked: Sequence[Asked], points: AimPoints, threats: Sequence[str], areas: Sequence[str] | None = None
    ) -> list[Judged]:
        """Judge aim points by architectures of one scenario in one pass for those that are judged by the same lofts."""
        scenario = asked[0].scenario
        origins = tuple(scenario.launch_areas) if areas is None else areas
        resolved = [scenario.architecture(one.architecture) for one in asked]
        judged: dict[int, Judged] = {}
        for lofts in dict.fromkeys(one.lofts_deg for one in resolved):
            places = [place for place, one in enumerate(resolved) if one.lofts_deg == lofts]
            defences = [defence_of(scenario, resolved[place], asked[place].level) for place in places]
            flown = flown_against(scenario, resolved[places[0]])
            judged |= zip(places, judged_once(flown, defences, points, threats, origins), strict=True)
        return [judged[place] for place in range(len(asked))]

    def __getstate__(self) -> dict[str, Any]:
        """Return what travels to other processes: nothing of what is kept."""
        return {"kept": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Begin with nothing kept."""
        self._store = Store()


def _enough(asked: Asked) -> int:
    return _TOLD_APART if asked.explain and asked.level == "base" else 1
