"""Tables of question 11."""

from __future__ import annotations

from typing import Any

from hoplon.presentation.tables import Column, Table
from hoplon.questions.cost.answer import CostsAnswer
from hoplon.questions.study import Study


def tables(study: Study, answer: CostsAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    made = [costs_table(study, answer), years_table(answer), elements_table(answer)]
    if answer.published:
        made.append(published_table(answer))
    return tuple(made)


def _prices(answer: CostsAnswer) -> str:
    return f"million USD at prices of {answer.told.price_year}"


def costs_table(study: Study, answer: CostsAnswer) -> Table:
    """Return what each architecture costs in all, and by defended person."""
    rows = []
    for name, cost in answer.costs.items():
        person = cost.per_defended_person
        rows.append(
            (
                name,
                cost.acquisition_musd,
                cost.annual_musd,
                cost.development_musd,
                cost.undiscounted.base,
                cost.total.base,
                cost.total.low,
                cost.total.median,
                cost.total.high,
                *cost.bounds,
                cost.defended,
                *((None,) * 3 if person is None else (person.base, person.low, person.high)),
            )
        )
    heads = (
        Column("architecture", "architecture"),
        Column("acquisition_musd", "acquisition", "musd"),
        Column("annual_musd", "a year of operation", "musd"),
        Column("development_musd", "development", "musd"),
        Column("undiscounted_musd", "in all, undiscounted", "musd"),
        Column("discounted_musd", "in all, discounted", "musd"),
        Column("discounted_low_musd", "5 %", "musd"),
        Column("discounted_median_musd", "median", "musd"),
        Column("discounted_high_musd", "95 %", "musd"),
        Column("bounds_low_musd", "every cost low", "musd"),
        Column("bounds_high_musd", "every cost high", "musd"),
        Column("defended_population", "people defended", "people"),
        Column("per_defended_person_usd", "USD a defended person", "usd"),
        Column("per_defended_person_low_usd", "5 %", "usd"),
        Column("per_defended_person_high_usd", "95 %", "usd"),
    )
    told = answer.told
    title = (
        f"Cost over {told.years} years, {_prices(answer)}, discounted at {100.0 * told.discount_rate:g} % a year; "
        f"people of {study.region} defended, {study.classes_title}"
    )
    return Table("cost", title, heads, tuple(rows))


def years_table(answer: CostsAnswer) -> Table:
    """Return what each architecture costs in each year, with what was fielded before it."""
    rows = [
        (name, item.year, item.acquisition_musd, item.annual_musd, item.discounted_musd)
        for name, cost in answer.costs.items()
        for item in cost.by_year
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("year", "year", "year"),
        Column("acquisition_musd", "bought", "musd"),
        Column("annual_musd", "run", "musd"),
        Column("discounted_musd", "discounted to the first year", "musd"),
    )
    title = f"Cost by year of the roll-out, without development, {_prices(answer)}"
    return Table("cost_years", title, heads, tuple(rows))


def elements_table(answer: CostsAnswer) -> Table:
    """Return what each element of each architecture costs; those without a cost have none."""
    rows: list[tuple[Any, ...]] = []
    for name, cost in answer.costs.items():
        for item, discounted in zip(cost.elements, cost.discounted, strict=True):
            rows.append((name, item.name, item.ships, item.acquisition_musd, item.annual_musd, discounted))
        rows += [(name, element, None, None, None, None) for element in cost.uncosted]
    heads = (
        Column("architecture", "architecture"),
        Column("element", "element"),
        Column("ships", "ships for one on station", "number"),
        Column("acquisition_musd", "acquisition of one", "musd"),
        Column("annual_musd", "a year of one", "musd"),
        Column("discounted_musd", "in all, discounted", "musd"),
    )
    title = f"Cost by element, {_prices(answer)}; one without numbers has no cost in the scenario and adds nothing"
    return Table("cost_elements", title, heads, tuple(rows))


def published_table(answer: CostsAnswer) -> Table:
    """Return the undiscounted sums beside the totals that other studies published, with the parts of the sums."""
    rows = []
    for name, given in answer.published.items():
        cost = answer.costs[name]
        low, high, own = given.at("low"), given.at("high"), cost.undiscounted.base
        rows.append(
            (
                name,
                cost.acquisition_musd,
                answer.told.years * cost.annual_musd,
                cost.development_musd,
                own,
                cost.undiscounted.low,
                cost.undiscounted.high,
                low,
                high,
                own - high if own > high else own - low if own < low else 0.0,
                given.source or "assumed",
                given.note,
            )
        )
    heads = (
        Column("architecture", "architecture"),
        Column("acquisition_musd", "acquisition", "musd"),
        Column("operation_musd", "operation", "musd"),
        Column("development_musd", "development", "musd"),
        Column("undiscounted_musd", "in all", "musd"),
        Column("undiscounted_low_musd", "5 %", "musd"),
        Column("undiscounted_high_musd", "95 %", "musd"),
        Column("published_low_musd", "published, from", "musd"),
        Column("published_high_musd", "to", "musd"),
        Column("outside_musd", "outside by", "musd"),
        Column("source", "source"),
        Column("note", "what makes the difference"),
    )
    title = f"Undiscounted cost over {answer.told.years} years beside published totals, {_prices(answer)}"
    return Table("cost_published", title, heads, tuple(rows))
