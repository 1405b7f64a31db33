"""Tables of question 3."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from hoplon.analysis.architectures import compared_architectures
from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import CAUSE_NAMES, nation
from hoplon.questions.comparison.answer import ComparisonAnswer
from hoplon.questions.comparison.disputed import OneAtATime
from hoplon.questions.comparison.statements import Verdict, cited_source
from hoplon.questions.study import Study


def tables(study: Study, answer: ComparisonAnswer) -> tuple[Table, ...]:
    """Return the tables of the question; those of sensitivity and of statements only where there are any."""
    found = [] if answer.disputed is None else [disputed_table(answer.disputed, study.region)]
    found.append(comparison_table(study))
    if answer.verdicts:
        found += [statements_table(study, answer.verdicts), statement_regions_table(answer.verdicts)]
    return tuple(found)


def disputed_table(disputed: OneAtATime, region: str) -> Table:
    """Return the share of city people defended with each disputed input at each bound alone."""
    rows = []
    for (name, key, bound), share in disputed.moved.items():
        base = disputed.base[name]
        rows.append((name, disputed.inputs[key].title, disputed.inputs[key].phrase(bound), share, base, share - base))
    heads = (
        Column("architecture", "architecture"),
        Column("input", "input"),
        Column("bound", "bound"),
        Column("population_share", "city people defended", "share"),
        Column("population_share_base", "base", "share"),
        Column("difference", "difference", "difference"),
    )
    title = f"Disputed inputs one at a time: {disputed.cities:,} places of {region} with 100,000 people or more"
    return Table("disputed_inputs", title, heads, tuple(rows))


def comparison_table(study: Study) -> Table:
    """Return how each compared architecture differs from the first, nation by nation, on the same threats."""
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
    title = (
        f"Share of threatened people defended, difference from {study.scenario.architecture(first).title}, base values"
    )
    return Table("comparison", title, heads, tuple(rows))


def statements_table(study: Study, tested: Sequence[Verdict]) -> Table:
    """Return public statements and the verdict on each."""
    heads = (
        Column("key", "key"),
        Column("year", "said in", "year"),
        Column("statement", "statement"),
        Column("source", "said by"),
        Column("outcome", "outcome"),
        Column("agrees_low", "in the worst corner"),
        Column("agrees_base", "at base"),
        Column("agrees_high", "in the best corner"),
        Column("flips", "flips"),
        Column("why", "why, in numbers"),
    )
    rows = tuple(
        (
            item.statement.name,
            item.statement.year,
            item.statement.text,
            cited_source(study.scenario, item.statement),
            item.outcome,
            *(None if value is None else "yes" if value else "no" for value in item.levels),
            "; ".join(flip.words for flip in item.flips),
            item.sentence,
        )
        for item in tested
    )
    return Table("statements", "Public statements compared with the results", heads, rows)


def statement_regions_table(tested: Sequence[Verdict]) -> Table:
    """Return the regions that statements name, with how much of each is defended."""

    def lines() -> Iterator[tuple[Any, ...]]:
        for item in tested:
            for row in item.regions:
                shares = row.shares or (None, None, None)
                yield (
                    item.statement.name,
                    row.title,
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
        Column("causes", "why undefended (share of the undefended)"),
    )
    return Table("statement_regions", "Regions named in the statements", heads, tuple(lines()))
