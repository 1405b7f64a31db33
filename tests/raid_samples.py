"""The sweeps of raids of the bundled scenario with few replications, for the tests of what is made of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from hoplon.analysis.raid.sweeps import RaidSweeps, raid_sweeps
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hoplon.questions.question import Finding


@cache
def sweeps() -> RaidSweeps:
    found = raid_sweeps(load_scenario("nato-europe"), replications=12)
    assert found is not None
    return found


@cache
def study(name: str = "nato-europe") -> Study:
    """A study of a bundled scenario of which nothing is computed."""
    return Study(load_scenario(name))


def text(findings: Iterable[Finding]) -> str:
    return " ".join(finding.sentence for finding in findings)
