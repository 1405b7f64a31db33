"""Tables of question 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hoplon.analysis.architectures import compared_architectures
from hoplon.analysis.bounds import BOUNDS, INPUTS
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import CAUSE_NAMES, nation
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.comparison.statements import Verdict
from hoplon.questions.study import Study


def tables(study: Study, answer: ComparisonAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return (
        disputed_table(answer.disputed),
        comparison_table(study),
        statements_table(answer.verdicts),
        statement_regions_table(answer.verdicts),
    )


def disputed_table(disputed: OneAtATime | None) -> Table:
    """Return what each disputed input does alone, over the cities of Europe."""
    rows: list[tuple[Any, ...]] = []
    if disputed is not None:
        for (name, key, bound), share in disputed.moved.items():
            base = disputed.base[name]
            rows.append((name, INPUTS[key], BOUNDS[key, bound], share, base, share - base))
    heads = (
        Column("architecture", "plan"),
        Column("input", "input"),
        Column("bound", "bound"),
        Column("population_share", "city people defended", "share"),
        Column("population_share_base", "base", "share"),
        Column("difference", "difference", "difference"),
    )
    count = 0 if disputed is None else disputed.cities
    title = f"The disputed inputs one at a time: {count:,} European places of 100,000 people and more"
    return Table("disputed_inputs", title, heads, tuple(rows))


def comparison_table(study: Study) -> Table:
    """Return how each plan differs from the first, nation by nation, on the same threats."""
    names = compared_architectures(study.scenario)
    first, rest = names[0], names[1:]
    rows = []
    for code in sorted(study.common_nations(names), key=nation):
        mine = study.tally(first).nation("headline", code).population_share
        row: list[Any] = [code, nation(code), mine]
        for name in rest:
            theirs = study.tally(name).nation("headline", code).population_share
            row.append(None if mine is None or theirs is None else theirs - mine)
        rows.append(tuple(row))
    heads = (
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column(first, study.scenario.architecture(first).title, "share"),
        *(Column(f"{name}_difference", study.scenario.architecture(name).title, "difference") for name in rest),
    )
    title = f"Difference from {study.scenario.architecture(first).title}: share of threatened people, base values"
    return Table("comparison", title, heads, tuple(rows))


def statements_table(tested: Sequence[Verdict]) -> Table:
    """Return public statements and what the study says to each."""
    heads = (
        Column("key", "key"),
        Column("year", "said in", "year"),
        Column("statement", "statement"),
        Column("source", "said by"),
        Column("outcome", "outcome"),
        Column("why", "why, in numbers"),
    )
    rows = tuple(
        (
            item.statement.key,
            item.statement.year,
            item.statement.text,
            item.statement.source,
            item.outcome,
            item.sentence,
        )
        for item in tested
    )
    return Table("statements", "Public statements held against the results", heads, rows)


def statement_regions_table(tested: Sequence[Verdict]) -> Table:
    """Return the regions that statements name, with what came out."""

    def lines() -> Iterator[tuple[Any, ...]]:
        for item in tested:
            for row in item.regions:
                shares = row.shares or (None, None, None)
                yield (
                    item.statement.key,
                    row.region.name,
                    row.expected,
                    shares[1],
                    shares[0],
                    shares[2],
                    "yes" if row.agrees() else "no",
                    "; ".join(f"{CAUSE_NAMES[cause]} {share:.2f}" for cause, share in row.causes.items()),
                )

    heads = (
        Column("key", "statement"),
        Column("region", "region"),
        Column("said_to_be", "said to be"),
        Column("population_share_base", "defended, base", "share"),
        Column("population_share_low", "low", "share"),
        Column("population_share_high", "high", "share"),
        Column("agrees", "agrees"),
        Column("causes", "why open (share of the open)"),
    )
    return Table("statement_regions", "Regions named in the statements of 2007", heads, tuple(lines()))
