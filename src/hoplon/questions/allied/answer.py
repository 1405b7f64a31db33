"""What question 9 computes: the shares of people defended without and with national contributions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hoplon.analysis.architectures import contribution_variants, counterpart
from hoplon.questions.study import CoverageRequest, Shares, Study, at_every_level
from hoplon.scenario.model import Scenario


@dataclass(frozen=True)
class ContributionsAnswer:
    """What national contributions add.

    Parameters
    ----------
    steps : mapping
        Architecture to the shares (low, base, high) of people defended without and with the contributions.
    """

    steps: Mapping[str, tuple[Shares, Shares]]


def coverages(scenario: Scenario) -> Sequence[CoverageRequest]:
    """Return the architectures with contributions, and those that these vary, at every level."""
    variants = contribution_variants(scenario)
    stems = [counterpart(scenario, name) for name in variants]
    return at_every_level([*(name for name in stems if name is not None), *variants])


def answer(study: Study) -> ContributionsAnswer | None:
    """Return the answer; None for a scenario without architectures that have contributions added."""
    steps = study.additions(contribution_variants(study.scenario))
    return ContributionsAnswer(steps) if steps else None
