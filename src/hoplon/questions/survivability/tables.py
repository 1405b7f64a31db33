"""Tables of question 6."""

from __future__ import annotations

from hoplon.presentation.tables import Column, Table
from hoplon.presentation.wording import nation
from hoplon.questions.study import Study
from hoplon.questions.survivability.answer import SurvivabilityAnswer


def tables(study: Study, answer: SurvivabilityAnswer) -> tuple[Table, ...]:
    """Return the tables of the question."""
    return (
        losses_table(study, answer),
        single_table(study, answer),
        cut_table(study, answer),
        available_table(study, answer),
    )


def losses_table(study: Study, answer: SurvivabilityAnswer) -> Table:
    """Return the share of people defended after every number of losses of each architecture."""
    rows = []
    for blow in answer.blows:
        for row in blow.survival.by_losses:
            worst, best, located = row.worst, row.best, row.located
            rows.append(
                (
                    blow.architecture,
                    row.losses,
                    row.subsets,
                    None if worst is None else worst.value,
                    "" if worst is None else " + ".join(worst.lost),
                    None if worst is None else worst.ties,
                    row.mean,
                    None if best is None else best.value,
                    None if located is None else located[0],
                    "" if located is None else " + ".join(located[1]),
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("losses", "sites lost", "number"),
        Column("subsets", "sets of so many", "number"),
        Column("worst_population_share", "people defended at worst", "share"),
        Column("lost", "without"),
        Column("ties", "sets as bad", "number"),
        Column("mean_population_share", "on average", "share"),
        Column("best_population_share", "at best", "share"),
        Column("located_population_share", "expected after a located attack", "share"),
        Column("aimed", "aimed at"),
    )
    title = f"People defended after losses of sites: threatened people of {study.region}, {study.classes_title}"
    return Table("survivability", title, heads, tuple(rows))


def single_table(study: Study, answer: SurvivabilityAnswer) -> Table:
    """Return what is left without each site alone."""
    rows = []
    for blow in answer.blows:
        owners = {player.name: player for player in blow.survival.players.players}
        for name, left in blow.survival.single.items():
            player = owners[name]
            rows.append(
                (
                    blow.architecture,
                    name,
                    player.owner,
                    " + ".join(player.elements),
                    player.location_probability,
                    player.availability,
                    left,
                    blow.whole - left,
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("site", "site"),
        Column("owner", "owner"),
        Column("elements", "elements"),
        Column("location_probability", "found and destroyed", "share"),
        Column("availability", "available", "share"),
        Column("population_share_without", "people defended without it", "share"),
        Column("loss", "loss", "difference"),
    )
    title = f"Loss of each site alone: threatened people of {study.region} defended, {study.classes_title}"
    return Table("survivability_sites", title, heads, tuple(rows))


def cut_table(study: Study, answer: SurvivabilityAnswer) -> Table:
    """Return the smallest losses that uncover each nation."""
    rows = [
        (
            blow.architecture,
            code,
            nation(code),
            len(sets),
            len(sets[0]) if sets else None,
            "; ".join(" + ".join(cut) for cut in sets),
        )
        for blow in answer.blows
        for code, sets in sorted(blow.survival.cut_sets.items(), key=lambda item: nation(item[0]))
    ]
    heads = (
        Column("architecture", "architecture"),
        Column("nation", "code"),
        Column("nation_name", "nation"),
        Column("cut_sets", "minimal losses of three or fewer", "number"),
        Column("smallest", "sites in the smallest", "number"),
        Column("sets", "they are"),
    )
    title = f"Losses of at most three sites that leave a nation less than half defended: {study.classes_title}"
    return Table("survivability_nations", title, heads, tuple(rows))


def available_table(study: Study, answer: SurvivabilityAnswer) -> Table:
    """Return what is defended as often as sites are available, and the error of the places judged."""
    rows = []
    for blow in answer.blows:
        found = blow.survival.available
        ends = (None,) * 4 if found is None else (found.value, found.p05, found.p50, found.p95)
        rows.append((blow.architecture, len(blow.survival.players), blow.battery_sites, blow.whole, *ends, blow.error))
    heads = (
        Column("architecture", "architecture"),
        Column("sites", "sites", "number"),
        Column("battery_sites", "with a battery", "number"),
        Column("population_share", "people defended by all", "share"),
        Column("available_population_share", "expected as available", "share"),
        Column("available_p05", "5 %", "share"),
        Column("available_p50", "50 %", "share"),
        Column("available_p95", "95 %", "share"),
        Column("subset_error", "error of the places judged", "difference"),
    )
    title = f"Sites, and what is defended as often as they are available: {study.region}, {study.classes_title}"
    return Table("survivability_available", title, heads, tuple(rows))
