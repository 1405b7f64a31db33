"""What national contributions add follows the numbers, in all and nation by nation."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from types import MappingProxyType

import pytest

import report_samples as samples
from hoplon.analysis.coverage import Coverage
from hoplon.analysis.coverage_solver import Asked, Judged
from hoplon.presentation.wording import percent
from hoplon.progress import Progress, silent
from hoplon.questions.contributions.answer import ContributionsAnswer, OwnerShare, OwnerShares, answer, coverages
from hoplon.questions.contributions.figures import figures
from hoplon.questions.contributions.findings import findings, owner_findings
from hoplon.questions.contributions.section import section
from hoplon.questions.contributions.tables import tables
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.requests import CoverageRequest
from hoplon.questions.study import Study
from hoplon.scenario.geography import AimPoints
from hoplon.scenario.model import Level


class Adds:
    """Made-up coverages; at some level contributions defend everything that is threatened in one nation."""

    def __init__(self, nation: str, level: Level) -> None:
        self.nation, self.level = nation, level

    def prepare(self, asked: Sequence[Asked], points: AimPoints, progress: Progress = silent) -> None:
        progress(1, 1, "nothing to prepare")

    def judge_once(
        self, asked: Sequence[Asked], points: AimPoints, threats: Sequence[str], areas: Sequence[str] | None = None
    ) -> list[Judged]:
        return samples.judged_by(samples.Covers(), asked, points, threats)

    def __call__(self, asked: Asked, points: AimPoints) -> Coverage:
        made = samples.Covers()(replace_counterpart(asked), points)
        if asked.architecture != "phase-1-allied" or asked.level != self.level:
            return made
        here = (points.nation == self.nation)[:, None]
        return replace(made, defended=made.defended | (made.threatened & here))


def replace_counterpart(asked: Asked) -> Asked:
    """Return the architecture without contributions in place of the one with them: they add nothing by themselves."""
    return replace(asked, architecture=asked.architecture.removesuffix("-allied"))


def study(nation: str = "", level: Level = "base") -> Study:
    return Study(samples.scenario(), samples.aim_points(), cover=Adds(nation, level))


def asked(made: Study) -> ContributionsAnswer:
    found = answer(made)
    assert found is not None
    return found


def said(made: Study) -> list[str]:
    return [item.sentence for item in findings(made, asked(made))]


def test_contributions_that_change_nothing_are_said_to_add_nothing() -> None:
    base, worse, *_, nations = said(study())
    assert "add nothing of note" in base
    assert "add nothing of note" in worse
    assert "change the share of no nation" in nations
    assert figures(study(), asked(study())) == ()


@pytest.mark.parametrize(
    ("level", "words"),
    [("base", "at base values"), ("low", "at the worse bounds"), ("high", "at the better bounds")],
)
def test_the_nation_that_gains_is_named_with_its_level(level: Level, words: str) -> None:
    found = said(study("DEU", level))[-1]
    assert words in found
    assert re.search(r"in Germany \((under )?\d+\u00a0% to 100\u00a0%\)", found)


def test_gains_are_told_at_base_and_at_the_worse_bounds() -> None:
    base, worse, *_ = said(study("DEU", "low"))
    assert "add nothing of note" in base
    assert "in the worst corner of the disputed inputs, the national contributions add most to Phase 1" in worse


def test_the_shares_of_a_sentence_are_among_its_numbers() -> None:
    made = study("DEU", "base")
    for item in findings(made, asked(made)):
        told = set(re.findall(r"\d+\u00a0%", item.sentence))
        assert told <= {percent(value) for value in item.numbers.values()}


def test_two_variants_of_one_architecture_are_both_told_by_their_own_titles() -> None:
    made = study("DEU", "base")
    (only,) = asked(made).contributions
    both = ContributionsAnswer((only, replace(only, architecture="phase-2")))
    told = [item.sentence for item in findings(made, both)]
    assert "Phase 1 with Allied contributions (2011) " in told[0]
    assert "Phase 2 (2015) " in told[0]
    assert told[2].startswith("Phase 1 with Allied contributions (2011): ")


def test_the_tables_hold_the_shares_of_the_study() -> None:
    made = study("DEU", "base")
    whole, _, nations, _ = tables(made, asked(made))
    by_level = {row[2]: row for row in whole.rows}
    without, added = made.people("phase-1"), made.people("phase-1-allied")
    assert without is not None
    assert added is not None
    assert by_level["base"][3:6] == (without[1], added[1], added[1] - without[1])
    people = (made.count(name).defended_population for name in ("phase-1-allied", "phase-1"))
    assert by_level["base"][6] == next(people) - next(people)
    germany = next(row for row in nations.rows if row[2] == "DEU")
    assert germany[4:6] == (made.nation_shares("phase-1")["DEU"], 1.0)
    assert germany[6] == germany[5] - germany[4] > 0.0
    assert germany[7:] == (0.0, 0.0)
    assert all(row[6:] == (0.0, 0.0, 0.0) for row in nations.rows if row[2] != "DEU")


def test_the_section_shows_every_table_and_the_figure_that_there_is() -> None:
    made = study("DEU", "base")
    blocks = section(made, asked(made)).every
    assert [block.name for block in blocks if isinstance(block, TableRef)] == [
        table.name for table in tables(made, asked(made))
    ]
    drawn = figures(made, asked(made))
    assert [block.name for block in blocks if isinstance(block, FigureRef)] == [item.name for item in drawn]
    picture = drawn[0].draw()
    assert picture.name == drawn[0].name
    assert "Germany 100" in picture.alternative


def test_a_scenario_without_contributions_does_not_ask() -> None:
    sample = samples.scenario()
    kept = {name: item for name, item in sample.architectures.items() if not name.endswith("-allied")}
    bare = replace(sample, architectures=MappingProxyType(kept))
    assert answer(Study(bare, samples.aim_points(), cover=samples.Covers())) is None
    assert coverages(bare) == ()


def test_the_counterparts_are_computed_with_the_contributions() -> None:
    assert set(coverages(samples.scenario())) == {
        CoverageRequest(name, level) for name in ("phase-1", "phase-1-allied") for level in ("low", "base", "high")
    }


def owners() -> OwnerShares:
    """Return made-up shares: the owner of the plan, and two that contribute, one of which serves others."""
    return OwnerShares(
        "phase-1-allied",
        0.8,
        (
            OwnerShare("USA", ("kurecik",), (), 0.5, 0.0, 0.7, 0.0, 500.0),
            OwnerShare("DEU", ("patriot-berlin",), ("patriot-berlin",), 0.2, 0.2, 0.05, 150.0, 50.0),
            OwnerShare("NLD", ("frigate",), ("frigate",), 0.1, 0.1, 0.1, 0.0, 100.0),
        ),
        {"DEU": {"DEU": 0.5, "NLD": 0.25}, "NLD": {"DEU": 0.0}},
        0.001,
    )


def test_what_contributing_owners_are_credited_with_is_told() -> None:
    made = study("DEU", "base")
    answered = replace(asked(made), owners=(owners(),))
    told = owner_findings(made, answered)
    assert "30 points of 80\u00a0%" in told[0].sentence
    assert told[0].numbers["phase-1-allied_contributed"] == pytest.approx(0.3)
    assert "Germany (20 points) and the Netherlands (10 points)" in told[1].sentence
    assert f"{percent(0.5)} of the people credited to contributing owners are their own" in told[1].sentence
    assert "missed most alone would be the Netherlands (10 points)" in told[1].sentence


def test_the_tables_hold_every_owner_and_whom_it_serves() -> None:
    made = study("DEU", "base")
    answered = replace(asked(made), owners=(owners(),))
    _, by_owner, _, served = tables(made, answered)
    assert [row[1] for row in by_owner.rows] == ["USA", "DEU", "NLD"]
    assert by_owner.rows[1][2:] == (1, 1, 0.2, 0.2, 0.05, 150.0, 50.0)
    assert [row[1:3] for row in served.rows] == [("DEU", "DEU"), ("DEU", "NLD")]


def test_owners_of_the_study_share_what_is_defended() -> None:
    """Owen values of all owners sum to the share defended, people credited to the people defended."""
    made = study("DEU", "base")
    (found,) = asked(made).owners
    assert sum(owner.owen for owner in found.owners) == pytest.approx(found.whole, abs=1e-9)
    assert any(owner.added for owner in found.owners)
    for owner in found.owners:
        assert set(owner.added) <= set(owner.sites)
