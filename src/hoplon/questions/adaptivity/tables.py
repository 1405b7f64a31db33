"""Tables of question 15."""

from __future__ import annotations

from hoplon.presentation.tables import Column, Table
from hoplon.questions.adaptivity.answer import AdaptivityFound
from hoplon.questions.study import Study


def tables(study: Study, found: AdaptivityFound) -> tuple[Table, ...]:
    """Return waiting, and responses."""
    return (waiting_table(found), response_table(study, found))


def waiting_table(found: AdaptivityFound) -> Table:
    """Return what waiting exposes and saves in each world."""
    rows = tuple(
        (
            *(item.surprise or "", item.pace, item.wait_years),
            *(item.exposure_million_person_years, item.regret_million_person_years),
            *(item.saving_musd, item.usd_per_person_year),
        )
        for item in found.answer.waiting
    )
    heads = (
        Column("surprise", "surprise"),
        Column("pace", "pace"),
        Column("wait_years", "wait, years", "given"),
        Column("exposure_million_person_years", "undefended, million person-years", "number"),
        Column("regret_million_person_years", "regret, million person-years", "number"),
        Column("saving_musd", "saving, USD M", "number"),
        Column("usd_per_person_year", "USD per person-year", "number"),
    )
    return Table("adapt_waiting", "What waiting with the whole plan costs and saves", heads, rows)


def response_table(study: Study, found: AdaptivityFound) -> Table:
    """Return the best response to each surprise by days."""
    adapt = study.scenario.adapt
    titles = {} if adapt is None else {name: move.title or name for name, move in adapt.moves.items()}
    rows = tuple(
        (
            *(item.surprise, item.pace, item.days, item.value, ", ".join(item.moves)),
            *(", ".join(titles[move] for move in item.moves), item.cost_musd),
        )
        for item in found.answer.response
    )
    heads = (
        Column("surprise", "surprise"),
        Column("pace", "pace"),
        Column("days", "days", "given"),
        Column("population_share", "defended", "share"),
        Column("moves", "moves"),
        Column("moves_titles", "best moves"),
        Column("cost_musd", "USD M", "number"),
    )
    return Table("adapt_response", "Best response to each surprise, by days", heads, rows)
