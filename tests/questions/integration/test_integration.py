"""What integration adds: sentences that turn with the numbers, figures and tables."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import pytest

from hoplon.analysis.raid.sweeps import RaidSweeps
from hoplon.backbone.statistics import Estimate
from hoplon.questions.integration.answer import IntegrationAnswer, answer, coverages, networked_peers
from hoplon.questions.integration.figures import figures
from hoplon.questions.integration.findings import findings
from hoplon.questions.integration.section import section
from hoplon.questions.integration.tables import network_load_table
from hoplon.questions.question import FigureRef
from hoplon.questions.requests import MODES, CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario
from raid_samples import study, sweeps, text

SHARES = dict(zip(MODES, (0.1, 0.4, 0.6), strict=True))


def made(raids: RaidSweeps | None = None, **shares: float) -> IntegrationAnswer:
    return IntegrationAnswer({"phase-1": {**SHARES, **shares}}, {}, raids)


@pytest.fixture(scope="module")
def raids() -> RaidSweeps:
    return sweeps()


def test_what_each_mode_adds_is_said() -> None:
    said = text(findings(study(), made()))
    assert "the first step adds 30 points, the second adds 20 points" in said
    flat = text(findings(study(), made(launch_on_remote=0.1, engage_on_remote=0.1)))
    assert "the first step adds nothing, the second adds nothing" in flat


def test_integration_that_takes_away_is_called_a_loss() -> None:
    assert "the first step takes away" in text(findings(study(), made(organic=0.6)))


def test_an_architecture_that_nobody_threatens_is_left_out() -> None:
    assert findings(study(), IntegrationAnswer({"phase-1": dict.fromkeys(MODES)}, {}, None)) == ()


def test_systems_side_by_side_are_held_against_the_networked_architecture_of_their_year() -> None:
    scenario = load_scenario("nato-europe")
    assert networked_peers(scenario) == {"national": "phase-1-allied"}
    moved = replace(scenario.architectures["national"], year=2015)
    later = replace(scenario, architectures=MappingProxyType({**scenario.architectures, "national": moved}))
    assert networked_peers(later) == {"national": "phase-2-allied"}


def test_every_mode_and_the_bounds_of_what_is_compared_are_computed() -> None:
    asked = set(coverages(load_scenario("nato-europe")))
    assert {CoverageRequest("phase-2", "base", mode) for mode in MODES} <= asked
    assert {CoverageRequest("phase-1-allied", level) for level in ("low", "base", "high")} <= asked


def test_a_scenario_with_nothing_to_integrate_does_not_ask() -> None:
    assert answer(Study(replace(load_scenario("toy"), architectures=MappingProxyType({})))) is None


def test_duplicate_shots_are_said_where_there_are_any(raids: RaidSweeps) -> None:
    none = tuple(
        replace(row, estimates={**row.estimates, "duplicate_shots": Estimate(0.0, 0.0, 0.3)}) for row in raids.forms
    )
    before = text(findings(study(), made(replace(raids, forms=none))))
    assert "Duplicate shots are rare" in before
    assert "does not enter the simulation" in before
    forms = tuple(
        replace(row, estimates={**row.estimates, "duplicate_shots": Estimate(3.0, 2.5, 3.5)}) for row in raids.forms
    )
    after = text(findings(study(), made(replace(raids, forms=forms))))
    assert "Duplicate shots are rare" not in after
    assert "3.00 (2.50 to 3.50) shots per raid" in after


def test_coverage_and_each_raid_stand_in_the_summary(raids: RaidSweeps) -> None:
    leading = [finding for finding in findings(study(), made(raids)) if finding.lead]
    assert ["full integration" in finding.numbers for finding in leading] == [False] + 4 * [True]


def test_every_figure_is_drawn_and_described_with_its_numbers(raids: RaidSweeps) -> None:
    drawn = [figure.draw() for figure in figures(study(), made(raids))]
    assert [shown.name for shown in drawn] == ["integration-levels", "raid-integration", "raid-forms", "network-load"]
    assert "launch on remote 40 %" in drawn[0].alternative
    assert all("leak" in shown.alternative or "links" in shown.alternative for shown in drawn[1:])


def test_without_raids_coverage_alone_is_shown() -> None:
    assert [figure.name for figure in figures(study(), made())] == ["integration-levels"]


def test_tables_hold_every_row(raids: RaidSweeps) -> None:
    loads = network_load_table(raids)
    assert len(loads.rows) == len(raids.loads)
    assert all(len(row) == len(loads.columns) for row in loads.rows)


def test_the_section_shows_every_figure(raids: RaidSweeps) -> None:
    blocks = section(study(), made(raids)).every
    shown = [block.name for block in blocks if isinstance(block, FigureRef)]
    assert shown == [figure.name for figure in figures(study(), made(raids))]


def test_leakages_of_different_missiles_of_a_raid_are_said_to_be_so(raids: RaidSweeps) -> None:
    said = text(findings(study(), made(raids)))
    assert "The architectures do not face the same missiles of the raid “spread”" in said
    assert "8 of 12 missiles: 2 groups do not fly, see the table raids" in said
    same = replace(
        raids, integration=tuple(row for row in raids.integration if row.group == raids.integration[0].group)
    )
    assert "do not face the same missiles" not in text(findings(study(), made(same)))
