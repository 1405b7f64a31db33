"""Question 3 on the page."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.tally import FULLY_DEFENDED
from hoplon.presentation.wording import percent
from hoplon.questions.comparison.agreement import INSIDE
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.flips import SECONDS
from hoplon.questions.comparison.statements import (
    FAILS,
    FAILS_AT_BASE,
    HOLDS,
    HOLDS_AT_BASE,
    UNDECIDED,
    Verdict,
    cited_source,
)
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
    disputed = () if answer.disputed is None else (FigureRef("disputed"),)
    return Section(
        (FindingList(), *disputed, TableRef("comparison")),
        (
            *(() if answer.disputed is None else (TableRef("disputed_inputs"),)),
            *_statements(study, answer.verdicts),
            Commands(_commands(study)),
        ),
    )


def _statements(study: Study, verdicts: Sequence[Verdict]) -> tuple[Block, ...]:
    if not verdicts:
        return ()
    grid = Grid(
        "statements",
        "Public statements compared with the results",
        "Public statements compared with the results of this run",
        tuple(Cell(text) for text in ("Said", "Statement", "Outcome", "Why, in numbers")),
        tuple(_row(study, item) for item in verdicts),
    )
    note = (
        f"A region is inside if at least {percent(INSIDE)} of its threatened people are defended; a nation counts as "
        f"covered from {percent(FULLY_DEFENDED)}. Both thresholds are assumed, by this study alone. A statement that "
        f"agrees with the results at base and not in both corners *{HOLDS_AT_BASE}*; one that agrees in a corner alone "
        f"*{FAILS_AT_BASE}*. It is *{UNDECIDED}* where nothing threatens those whom it is about, and where at base it "
        f"turns on less than {SECONDS:.0f} s of the time to a decision or on one assumed azimuth. What flips it is one "
        "change alone, everything else at base. Whole tables: `tables/statements.csv`, `tables/statement_regions.csv`."
    )
    return Heading("Which public statements hold"), grid, Prose(note, note=True)


def _row(study: Study, item: Verdict) -> tuple[Cell, ...]:
    ends = {HOLDS: " holds", HOLDS_AT_BASE: " holds", FAILS_AT_BASE: " fails", FAILS: " fails"}
    style = f"outcome{ends.get(item.outcome, '')}"
    return (
        Cell(str(item.statement.year)),
        Cell(
            item.statement.text,
            cited_source(study.scenario, item.statement),
            link=f"source-{item.statement.source}" if item.statement.source in study.scenario.sources else "",
        ),
        Cell(item.outcome, style=style),
        Cell(item.sentence),
    )


def _commands(study: Study) -> tuple[str, ...]:
    scenario = study.scenario
    names = compared_architectures(scenario)
    return tuple(
        shlex.join(["hoplon", "coverage", scenario.name, "--architecture", name, "--threat", threat])
        for name in dict.fromkeys((names[0], names[-1]))
        for threat in study.headline_threats(name)[:1]
    )
