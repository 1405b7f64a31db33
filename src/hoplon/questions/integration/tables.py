"""Tables of what integration adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hoplon.presentation.tables import Column, Table

if TYPE_CHECKING:
    from hoplon.analysis.raid.sweeps import RaidSweeps
    from hoplon.questions.integration.answer import IntegrationAnswer
    from hoplon.questions.study import Study


def tables(study: Study, answer: IntegrationAnswer) -> tuple[Table, ...]:
    """Return coverage by mode of integration and, where the scenario has raids, the load of the network."""
    raids = () if answer.raids is None else (network_load_table(answer.raids),)
    return (modes_table(study, answer), *raids)


def modes_table(study: Study, answer: IntegrationAnswer) -> Table:
    """Return the coverage of each integrated architecture in every mode, base values."""
    rows = []
    for name, shares in answer.shares.items():
        own = study.scenario.architecture(name).mode
        for mode in shares:
            count = study.mode_tally(name, mode).count("headline", study.headline_nations(name))
            rows.append(
                (
                    name,
                    mode,
                    "yes" if mode == own else "no",
                    count.population_share,
                    count.area_share,
                    count.threatened_population,
                    count.defended_population,
                    count.threatened_area_km2,
                    count.defended_area_km2,
                )
            )
    heads = (
        Column("architecture", "plan"),
        Column("mode", "mode"),
        Column("by_plan", "by plan"),
        Column("population_share", "people defended", "share"),
        Column("area_share", "land defended", "share"),
        Column("threatened_population", "people threatened", "people"),
        Column("defended_population", "people defended (number)", "people"),
        Column("threatened_area_km2", "land threatened", "km2"),
        Column("defended_area_km2", "land defended (area)", "km2"),
    )
    return Table("integration", "The ladder of integration: same sites, same interceptors", heads, tuple(rows))


def network_load_table(raids: RaidSweeps) -> Table:
    """Return what the network of each architecture is made of and carries under the sized raid."""
    counts = ("nodes", "radars", "satellites", "batteries", "links")
    estimates = ("reports_per_second", "busiest_second", "link_use", "latency_s", "messages_per_threat")
    columns = [Column("architecture", "plan"), Column("c2", "command and control")]
    columns += [Column(key, key, "number") for key in counts]
    for name in estimates:
        columns += [
            Column(f"{name}_{end}", f"{name.replace('_', ' ')}, {end}", "number") for end in ("mean", "low", "high")
        ]
    rows = []
    for load in raids.loads:
        cells: list[object] = [load.architecture, load.c2, *(getattr(load, key) for key in counts)]
        for name in estimates:
            estimate = getattr(load, name)
            cells += [estimate.mean, estimate.low, estimate.high]
        rows.append(tuple(cells))
    return Table("backbone_load", "What the backbones are made of and carry", tuple(columns), tuple(rows))
