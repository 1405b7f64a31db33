"""Tables of question 5."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.analysis.mix.answer import VALUE_TITLES
from hoplon.presentation.tables import Column, Table
from hoplon.questions.mix.titles import candidate_title, candidate_titles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hoplon.questions.mix.answer import MixFound
    from hoplon.questions.study import Study


def tables(study: Study, answer: MixFound) -> tuple[Table, ...]:
    """Return the mixes by budget, their alternatives, the candidates, and the architectures beside them."""
    made = [_mixes(study, answer), _alternatives(study, answer), _candidates(study, answer)]
    if answer.beside:
        made.append(_beside(study, answer))
    if answer.told.beside:
        made.append(_objectives(study, answer))
    return tuple(made)


def _words(study: Study, names: Sequence[str]) -> str:
    return ", ".join(candidate_titles(study.scenario, names)) or "none"


def _mixes(study: Study, answer: MixFound) -> Table:
    heads = (
        Column("budget_musd", "budget", "musd"),
        Column("chosen", "best mix"),
        Column("cost_musd", "cost", "musd"),
        Column("share", "defended, weighted subset", "share"),
        Column("full_share", "defended, all points", "share"),
        Column("bound_share", "no choice exceeds", "share"),
        Column("after_loss_share", "after the worst loss of a site", "share"),
        Column("land_share", "land alone", "share"),
        Column("land_cost_musd", "cost of land alone", "musd"),
        Column("land_after_loss_share", "land alone after a loss", "share"),
        Column("sea_share", "sea alone", "share"),
        Column("sea_cost_musd", "cost of sea alone", "musd"),
        Column("sea_after_loss_share", "sea alone after a loss", "share"),
        Column("mix_dominates", "mix better than either"),
        Column("must", "in every set within 2 %"),
        Column("alternatives", "sets within 2 %", "given"),
    )
    rows = tuple(
        (
            item.budget_musd,
            _words(study, item.chosen),
            item.cost_musd,
            item.value,
            item.value_full,
            item.bound,
            item.after_loss,
            item.land.value,
            item.land.cost_musd,
            item.land.after_loss,
            item.sea.value,
            item.sea.cost_musd,
            item.sea.after_loss,
            "yes" if item.mix_dominates else "no",
            _words(study, item.near.must),
            item.near.total,
        )
        for item in answer.mixes
    )
    title = (
        f"Best mix by budget, share of the threatened people of {study.region}, {study.classes_title}; USD discounted"
    )
    return Table("mix", title, heads, rows)


def _objectives(study: Study, answer: MixFound) -> Table:
    heads = (
        Column("objective", "chosen for"),
        Column("budget_musd", "budget", "musd"),
        Column("chosen", "best mix"),
        Column("cost_musd", "cost", "musd"),
        Column("share", "its value, weighted subset", "share"),
        Column("full_share", "its value, all points", "share"),
        Column("bound_share", "no choice exceeds", "share"),
        Column("land_share", "land alone", "share"),
        Column("sea_share", "sea alone", "share"),
        Column("mix_dominates", "mix better than either"),
    )
    rows = tuple(
        (
            VALUE_TITLES[objective],
            item.budget_musd,
            _words(study, item.chosen),
            item.cost_musd,
            item.value,
            item.value_full,
            item.bound,
            item.land.value,
            item.sea.value,
            "yes" if item.mix_dominates else "no",
        )
        for objective, mixes in answer.told.beside.items()
        for item in mixes
    )
    return Table(
        "mix_objectives", "Best mix by budget for other objectives: the worst loss, the nation worst off", heads, rows
    )


def _alternatives(study: Study, answer: MixFound) -> Table:
    heads = (
        Column("budget_musd", "budget", "musd"),
        Column("candidates", "set of candidates"),
        Column("cost_musd", "cost", "musd"),
        Column("share", "defended, weighted subset", "share"),
    )
    rows = tuple(
        (item.budget_musd, _words(study, names), cost, value)
        for item in answer.mixes
        for names, cost, value in zip(item.near.sets, item.near.costs_musd, item.near.values, strict=True)
    )
    return Table("mix_alternatives", "Cheapest sets within 2 % of the best, none of which can spare one", heads, rows)


def _candidates(study: Study, answer: MixFound) -> Table:
    heads = (
        Column("candidate", "candidate"),
        Column("title", "title"),
        Column("basing", "basing"),
        Column("cost_musd", "cost", "musd"),
        Column("elements", "elements"),
    )
    rows = tuple(
        (item.name, candidate_title(study.scenario, item.name), item.basing, item.cost_musd, ", ".join(item.elements))
        for item in answer.told.candidates
    )
    return Table("mix_candidates", "Candidates, discounted standing cost of each", heads, rows)


def _beside(study: Study, answer: MixFound) -> Table:
    heads = (
        Column("architecture", "architecture"),
        Column("cost_musd", "added to the base, without development", "musd"),
        Column("share", "defended, all points", "share"),
    )
    rows = tuple((item.name, item.cost_musd, item.share) for item in answer.beside)
    return Table("mix_beside", "Architectures beside the mixes", heads, rows)
