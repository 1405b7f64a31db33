"""Tables of question 10."""

from __future__ import annotations

from typing import Any, Final

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.elements.answer import ElementsAnswer
from hoplon.questions.study import Study

_NOTHING: Final = 1e-9  # an interaction no larger is none


def tables(study: Study, answer: ElementsAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return (
        elements_table(study, answer),
        nations_table(study, answer),
        capital_flips_table(study, answer),
        nation_flips_table(study, answer),
        sites_table(study, answer),
        served_table(study, answer),
        interactions_table(study, answer),
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


def sites_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return the Shapley value of every site of each architecture, with what it adds first and last."""
    rows = [
        (
            item.attribution.architecture,
            site.name,
            " + ".join(player.elements),
            site.owner,
            site.shapley,
            site.first_in,
            site.last_in,
            site.owen,
            sum(site.by_nation.values()),
        )
        for item in answer.shares
        for site, player in zip(item.attribution.contributions, item.attribution.players.players, strict=True)
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("site", "site"),
        Column("elements", "elements"),
        Column("owner", "owner"),
        Column("shapley", "Shapley value", "share"),
        Column("first_in", "alone (first in)", "share"),
        Column("last_in", "missed (last in)", "share"),
        Column("owen", "Owen value", "share"),
        Column("population", "people credited with", "people"),
    )
    title = f"What each site contributes: share of the threatened people of {study.region}, {study.classes_title}"
    return Table("elements_sites", title, heads, tuple(rows))


def served_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return whose people each site defends, where it defends any."""
    rows = [
        (item.attribution.architecture, site.name, code, nation(code), item.served(site.name, code), people)
        for item in answer.shares
        for site in item.attribution.contributions
        for code, people in sorted(site.by_nation.items(), key=lambda entry: nation(entry[0]))
        if people > 0.0
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("site", "site"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share", "part of its threatened people", "share"),
        Column("population", "people", "people"),
    )
    title = f"Whose people each site defends: Shapley values by nation, {study.classes_title}"
    return Table("elements_served", title, heads, tuple(rows))


def interactions_table(study: Study, answer: ElementsAnswer) -> Table:
    """Return which sites need each other, and which stand in for each other."""
    rows = [
        (
            item.attribution.architecture,
            a,
            b,
            value,
            "need each other" if value > 0.0 else "stand in for each other",
        )
        for item in answer.shares
        for a, b, value in sorted(item.attribution.interactions, key=lambda pair: -abs(pair[2]))
        if abs(value) > _NOTHING
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("a", "site"),
        Column("b", "with"),
        Column("value", "interaction", "difference"),
        Column("meaning", "the two"),
    )
    title = f"Pairs of sites: Shapley interaction indices, {study.classes_title}"
    return Table("elements_pairs", title, heads, tuple(rows))


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
