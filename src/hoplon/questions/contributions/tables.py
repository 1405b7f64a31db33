"""Tables of question 9."""

from __future__ import annotations

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.contributions.answer import ContributionsAnswer
from hoplon.questions.requests import LEVELS
from hoplon.questions.study import Study


def tables(study: Study, answer: ContributionsAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return (
        contributions_table(study, answer),
        owners_table(study, answer),
        nations_table(study, answer),
        served_table(answer),
    )


def contributions_table(study: Study, answer: ContributionsAnswer) -> Table:
    """Return the share of people defended without and with contributions, by architecture and level."""
    rows = [
        (
            item.architecture,
            item.counterpart,
            level,
            item.without[place],
            item.added[place],
            item.added[place] - item.without[place],
            item.people[place],
        )
        for item in answer.contributions
        for place, level in enumerate(LEVELS)
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("counterpart", "without contributions"),
        Column("level", "level"),
        Column("population_share_without", "people defended without", "share"),
        Column("population_share_with", "with", "share"),
        Column("difference", "difference", "difference"),
        Column("additional_population", "more people defended", "people"),
    )
    title = f"National contributions: share of the threatened people of {study.region} defended, {study.classes_title}"
    return Table("contributions", title, heads, tuple(rows))


def nations_table(study: Study, answer: ContributionsAnswer) -> Table:
    """Return the share of people defended without and with contributions, by architecture and nation."""
    rows = [
        (
            item.architecture,
            item.counterpart,
            code,
            nation(code),
            without[1],
            added[1],
            item.change(code, 1),
            item.change(code, 0),
            item.change(code, 2),
        )
        for item in answer.contributions
        for code, (without, added) in sorted(item.nations.items(), key=lambda entry: nation(entry[0]))
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("counterpart", "without contributions"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share_without", "people defended without, base", "share"),
        Column("population_share_with", "with, base", "share"),
        Column("difference", "difference, base", "difference"),
        Column("difference_low", "low", "difference"),
        Column("difference_high", "high", "difference"),
    )
    title = f"National contributions by nation: share of threatened people defended, {study.classes_title}"
    return Table("contributions_nations", title, heads, tuple(rows))


def owners_table(study: Study, answer: ContributionsAnswer) -> Table:
    """Return what each owner's sites contribute to each architecture with contributions."""
    rows = [
        (
            item.architecture,
            owner.owner,
            len(owner.sites),
            len(owner.added),
            owner.owen,
            owner.owen_added,
            owner.last_in,
            owner.own_people,
            owner.other_people,
        )
        for item in answer.owners
        for owner in item.owners
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("owner", "owner"),
        Column("sites", "sites", "number"),
        Column("added", "of them contributed", "number"),
        Column("owen", "Owen value", "share"),
        Column("owen_added", "of it by contributed sites", "share"),
        Column("last_in", "missed without the owner", "share"),
        Column("own_population", "own people credited with", "people"),
        Column("other_population", "others' people", "people"),
    )
    title = f"What each owner's sites contribute: threatened people of {study.region}, {study.classes_title}"
    return Table("contributions_owners", title, heads, tuple(rows))


def served_table(answer: ContributionsAnswer) -> Table:
    """Return whose people the sites of each owner are credited with, where any."""
    rows = [
        (item.architecture, owner, code, nation(code), share)
        for item in answer.owners
        for owner, shares in item.by_nation.items()
        for code, share in sorted(shares.items(), key=lambda entry: nation(entry[0]))
        if share > 0.0
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("owner", "owner"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("population_share", "part of its threatened people", "share"),
    )
    return Table("contributions_served", "Whose people each owner's sites are credited with", heads, tuple(rows))
