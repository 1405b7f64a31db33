"""What integration adds at the level of coverage and against a raid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import (
    contribution_variants,
    counterpart,
    integrated_architectures,
    side_by_side,
    successive_architectures,
)
from hoplon.questions.requests import MODES, CoverageRequest, at_every_level

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.study import Study
    from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class IntegrationAnswer:
    """What integration adds.

    Attributes
    ----------
    shares : mapping
        Architecture to mode of integration to the share of threatened people defended, base values; None where
        nobody is threatened.
    networked : mapping
        Architecture of systems side by side to the networked one of its year that it is held against, None where
        there is none.
    raids : RaidSweeps or None
        The Monte Carlo of raids; None for a scenario without raids.
    """

    shares: Mapping[str, Mapping[str, float | None]]
    networked: Mapping[str, str | None]
    raids: RaidSweeps | None

    @property
    def seed(self) -> int | None:
        """Return the seed of the Monte Carlo of raids; None without raids."""
        return None if self.raids is None else self.raids.seed


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return each integrated architecture in every mode, and systems side by side with their networked peers."""
    modes = [CoverageRequest(name, "base", mode) for name in integrated_architectures(scenario) for mode in MODES]
    pairs = [name for pair in networked_peers(scenario).items() for name in pair if name is not None]
    return (*modes, *at_every_level(pairs))


def networked_peers(scenario: Scenario) -> dict[str, str | None]:
    """Return for each architecture of systems side by side the networked one that it is compared with, or of its year.

    Of those of its year, one with national contributions, which has the same systems, comes before one without.
    """
    peers: dict[str, str | None] = {}
    for name in side_by_side(scenario):
        year = scenario.architecture(name).year
        candidates = (*contribution_variants(scenario), *successive_architectures(scenario))
        same_year = (other for other in candidates if scenario.architecture(other).year == year and other != name)
        named = counterpart(scenario, name)
        networked = named is not None and scenario.architecture(named).mode != "organic"
        peers[name] = named if networked else next(same_year, None)
    return peers


def answer(study: Study) -> IntegrationAnswer | None:
    """Count each integrated architecture in every mode; None where the scenario has no architecture to integrate."""
    names = integrated_architectures(study.scenario)
    if not names:
        return None
    shares = {}
    for name in names:
        nations = study.headline_nations(name)
        shares[name] = {
            mode: study.mode_tally(name, mode).count("headline", nations).population_share for mode in MODES
        }
    return IntegrationAnswer(shares, networked_peers(study.scenario), study.raid_sweeps)
