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
        Column("architecture", "architecture"),
        Column("mode", "mode"),
        Column("own_mode", "own mode"),
        Column("population_share", "people defended", "share"),
        Column("area_share", "land defended", "share"),
        Column("threatened_population", "people threatened", "people"),
        Column("defended_population", "people defended (number)", "people"),
        Column("threatened_area_km2", "land threatened", "km2"),
        Column("defended_area_km2", "land defended (area)", "km2"),
    )
    return Table("integration", "Coverage by mode of integration: same sites, same interceptors", heads, tuple(rows))


def network_load_table(raids: RaidSweeps) -> Table:
    """Return nodes, links and traffic of the network of each architecture under the sized raid."""
    counts = ("nodes", "radars", "satellites", "batteries", "links")
    estimates = {
        "reports_per_second": "radar reports per second",
        "busiest_second": "messages in the busiest second of the busiest node",
        "link_use": "use of the busiest radar's link",
        "latency_s": "latency of a new track, s",
        "messages_per_threat": "messages per threat, updates left out",
    }
    columns = [Column("architecture", "architecture"), Column("c2", "command and control")]
    columns += [Column(key, key, "number") for key in counts]
    for name, title in estimates.items():
        kind = "share" if name == "link_use" else "number"
        columns += [Column(f"{name}_{end}", f"{title}, {end}", kind) for end in ("mean", "low", "high")]
    rows = []
    for load in raids.loads:
        cells: list[object] = [load.architecture, load.c2, *(getattr(load, key) for key in counts)]
        for name in estimates:
            estimate = getattr(load, name)
            cells += [estimate.mean, estimate.low, estimate.high]
        rows.append(tuple(cells))
    return Table("network_load", "Command-and-control network: nodes, links and traffic", tuple(columns), tuple(rows))
