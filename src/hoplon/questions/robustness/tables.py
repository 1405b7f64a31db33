"""Tables of question 13."""

from __future__ import annotations

from hoplon.analysis.robustness.answer import RobustnessAnswer
from hoplon.presentation.tables import Column, Table
from hoplon.questions.study import Study


def tables(study: Study, answer: RobustnessAnswer) -> tuple[Table, ...]:
    """Return architectures, pairs, indices of inputs, and where the better of two changes."""
    return (architectures_table(study, answer), pairs_table(answer), indices_table(answer), switches_table(answer))


def architectures_table(study: Study, answer: RobustnessAnswer) -> Table:
    """Return the value, the share of samples best, and the regret of each architecture."""
    heads = (
        Column("architecture", "architecture"),
        Column("base", "people defended, base", "share"),
        Column("value_mean", "mean of samples", "share"),
        Column("value_p05", "5 % below", "share"),
        Column("value_p95", "95 % below", "share"),
        Column("share_best", "best in", "share"),
        Column("share_best_low", "at least", "share"),
        Column("share_best_high", "at most", "share"),
        Column("regret_mean", "mean regret", "difference"),
        Column("regret_p95", "regret, 95 % below", "difference"),
        Column("regret_max", "greatest regret", "difference"),
    )
    title = f"The choice over {len(answer.samples.values)} samples, {study.classes_title}"
    return Table("robustness", title, heads, tuple(tuple(row.values()) for row in answer.rows()))


def pairs_table(answer: RobustnessAnswer) -> Table:
    """Return in how many samples one of two architectures is better."""
    heads = (
        Column("a", "first"),
        Column("b", "second"),
        Column("contained", "one contains the other"),
        Column("a_better", "first is better in", "share"),
        Column("a_better_low", "at least", "share"),
        Column("a_better_high", "at most", "share"),
        Column("b_better", "second is better in", "share"),
        Column("b_better_low", "at least", "share"),
        Column("b_better_high", "at most", "share"),
        Column("decided", "decided"),
    )
    rows = tuple(
        tuple(("yes" if value else "no") if isinstance(value, bool) else value for value in row.values())
        for row in answer.pair_rows()
    )
    return Table("robustness_pairs", "Which of two is better, in what share of samples", heads, rows)


def indices_table(answer: RobustnessAnswer) -> Table:
    """Return the index of each input for each architecture, and for the difference of each pair."""
    heads = (
        Column("a", "architecture"),
        Column("b", "less"),
        Column("factor", "input"),
        Column("index", "index", "number"),
        Column("low", "low", "number"),
        Column("high", "high", "number"),
        Column("counts", "counts"),
    )
    rows = tuple(
        (row["a"], row["b"], row["factor"], row["index"], row["low"], row["high"], "yes" if row["counts"] else "no")
        for row in answer.index_rows()
    )
    return Table("robustness_indices", "Share of the variance that each input explains alone", heads, rows)


def switches_table(answer: RobustnessAnswer) -> Table:
    """Return where along the inputs that count the better of two architectures changes."""
    rows = tuple(
        (pair.a, pair.b, one.factor, one.at, path, value)
        for pair, switches in zip(answer.choice.pairs, answer.switches, strict=True)
        for one in switches
        if one.at is not None
        for path, value in one.numbers.items()
    )
    heads = (
        Column("a", "first"),
        Column("b", "second"),
        Column("factor", "input"),
        Column("at", "at, of its range", "number"),
        Column("path", "number"),
        Column("value", "is then", "given"),
    )
    return Table("robustness_switches", "Where the better of two changes, all else at base", heads, rows)
