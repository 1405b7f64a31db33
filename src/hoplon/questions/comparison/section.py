"""Question 3 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from hoplon.analysis.architectures import compared_architectures, successive_architectures
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.statements import FAILS, HOLDS, Verdict
from hoplon.questions.question import (
    Block,
    Cell,
    Commands,
    FigureRef,
    FindingList,
    Grid,
    Heading,
    Prose,
    Section,
    TableRef,
)
from hoplon.questions.study import Study


def section(study: Study, answer: ComparisonAnswer) -> Section:
    """Return the section of the page."""
    return Section(
        (
            FindingList(),
            FigureRef("disputed"),
            TableRef("disputed_inputs"),
            TableRef("comparison"),
            Heading("Which earlier statements still hold"),
            *_statements(answer.verdicts),
            Commands(_commands(study)),
        )
    )


def _statements(verdicts: Sequence[Verdict]) -> tuple[Block, ...]:
    if not verdicts:
        return (Prose("The scenario has none of the architectures that the public statements are about."),)
    grid = Grid(
        "statements",
        "Public statements held against the results",
        "Public statements held against the results of this run",
        tuple(Cell(text) for text in ("Said", "Statement", "Outcome", "Why, in numbers")),
        tuple(_row(item) for item in verdicts),
    )
    note = (
        "A region is inside if at least half of its threatened people are defended; an Ally counts as covered from "
        "95 %. These bounds are this study's. Whole tables: `tables/statements.csv`, `tables/statement_regions.csv`."
    )
    return grid, Prose(note, note=True)


def _row(item: Verdict) -> tuple[Cell, ...]:
    style = {HOLDS: "outcome holds", FAILS: "outcome fails"}.get(item.outcome, "outcome")
    return (
        Cell(str(item.statement.year)),
        Cell(item.statement.text, item.statement.source),
        Cell(item.outcome, style=style),
        Cell(item.sentence),
    )


def _commands(study: Study) -> tuple[str, ...]:
    scenario = study.scenario
    return tuple(
        shlex.join(["hoplon", "coverage", scenario.name, "--architecture", name, "--threat", threat])
        for name in compared_architectures(scenario)[:1] + successive_architectures(scenario)[-1:]
        for threat in study.headline_threats(name)[:1]
    )
