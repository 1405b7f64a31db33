"""Tables of question 10."""

from __future__ import annotations

from typing import Any

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.elements.answer import ElementsAnswer
from hoplon.questions.study import Study


def tables(study: Study, answer: ElementsAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return (
        elements_table(study, answer),
        nations_table(study, answer),
        capital_flips_table(study, answer),
        nation_flips_table(study, answer),
    )


def elements_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return the first-out loss of every element of each architecture."""
    rows = [
        (
            item.architecture,
            name,
            study.scenario.elements[name].form,
            study.scenario.elements[name].owner,
            item.share(),
            item.share(name),
            item.loss(name),
            float(item.people[0].sum() - item.people[1 + place].sum()),
        )
        for item in answer.losses
        for place, name in enumerate(item.elements)
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("element", "element"),
        Column("form", "form"),
        Column("owner", "owner"),
        Column("population_share", "people defended by all", "share"),
        Column("population_share_without", "without it", "share"),
        Column("loss", "first-out loss", "difference"),
        Column("lost_population", "people lost", "people"),
    )
    title = f"First-out loss of each element: threatened people of {study.region} defended, {study.classes_title}"
    return Table("elements", title, heads, tuple(rows))


def nations_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return the first-out loss of every element by nation, where it takes anything."""
    rows: list[tuple[Any, ...]] = []
    for item in answer.losses:
        for name in item.elements:
            for code in sorted(item.nations, key=nation):
                loss = item.loss(name, code)
                if loss:
                    whole, without = item.share(None, code), item.share(name, code)
                    rows.append((item.architecture, name, code, nation(code), whole, without, loss))
    heads = (
        Column("architecture", "architecture"),
        Column("element", "element"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share", "people defended by all", "share"),
        Column("population_share_without", "without it", "share"),
        Column("loss", "first-out loss", "difference"),
    )
    title = f"First-out losses by nation, where there is one: {study.classes_title}"
    return Table("elements_nations", title, heads, tuple(rows))


def capital_flips_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return the margin of each capital's answer, and what turns it."""
    rows = [
        (
            item.architecture,
            item.nation,
            item.capital,
            "defended" if item.defended else "undefended",
            item.margin_s,
            item.margin_km,
            item.battery,
            f"{item.threat} from {item.area}",
            "; ".join(item.elements),
            "; ".join(item.inputs),
        )
        for item in answer.capitals
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("nation", "code"),
        Column("capital", "capital"),
        Column("base", "base"),
        Column("margin_s", "margin of launch time", "seconds"),
        Column("margin_km", "margin of reach, km", "number"),
        Column("battery", "battery"),
        Column("hardest", "hardest flight"),
        Column("elements", "lost with any one of"),
        Column("inputs", "turned by"),
    )
    title = f"What turns the answer for each capital, {study.classes_title}, base values"
    return Table("flips", title, heads, tuple(rows))


def nation_flips_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return how near each nation is to another answer, and the elements that it depends on."""
    rows = [
        (
            item.architecture,
            item.nation,
            nation(item.nation),
            item.share,
            item.worst,
            item.worst_share,
            "; ".join(item.elements),
            item.margins.least_s,
            item.margins.least_place,
            item.margins.nearest_s,
            item.margins.nearest_place,
        )
        for item in answer.nations
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share", "people defended", "share"),
        Column("worst_element", "worst single loss"),
        Column("worst_population_share", "people defended then", "share"),
        Column("elements", "below one half without any one of"),
        Column("least_margin_s", "least margin of a large defended place", "seconds"),
        Column("least_margin_place", "there"),
        Column("nearest_margin_s", "nearest margin of a large undefended place", "seconds"),
        Column("nearest_margin_place", "there"),
    )
    title = f"What turns the answer for each nation, {study.classes_title}, base values"
    return Table("flips_nations", title, heads, tuple(rows))
