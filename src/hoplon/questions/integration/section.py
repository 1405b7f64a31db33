"""What integration adds, on the page."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import contribution_variants, side_by_side
from hoplon.presentation.raid_wording import raid_command
from hoplon.questions.question import Commands, FigureRef, FindingList, Prose, Section, TableRef

if TYPE_CHECKING:
    from hoplon.questions.integration.answer import IntegrationAnswer
    from hoplon.questions.study import Study


_COLUMNS = (
    "architecture",
    "mode",
    "own_mode",
    "population_share",
    "area_share",
    "defended_population",
    "defended_area_km2",
)
_LOAD = (
    *("architecture", "c2", "nodes", "radars", "satellites", "batteries", "links"),
    *(
        f"{name}_mean"
        for name in ("reports_per_second", "busiest_second", "link_use", "latency_s", "messages_per_threat")
    ),
)


def section(study: Study, answer: IntegrationAnswer) -> Section:
    """Return coverage by mode, the raid, the network, and the commands that answer parts of them."""
    load = TableRef("network_load", folded=True, turned=True, optional=True, columns=_LOAD)
    note = (
        "Kill probabilities, delays, errors and availabilities of the event simulation are assumed. The loss of nodes "
        "and links is under question 14."
    )
    return Section(
        (
            FindingList(),
            FigureRef("integration-levels", "Coverage"),
            TableRef("integration", columns=_COLUMNS),
        ),
        (
            FigureRef("raid-integration", "Against a raid"),
            FigureRef("raid-forms", "Forms of command and control"),
            FigureRef("network-load", "Load on the network"),
            *(() if answer.raids is None else (load, Prose(note, note=True))),
            Commands(tuple(_commands(study, answer))),
        ),
    )


def _commands(study: Study, answer: IntegrationAnswer) -> Iterator[str]:
    """Yield the coverages of systems side by side and with contributions, and the raid with each form of command."""
    scenario, raids = study.scenario, answer.raids
    for name in (*side_by_side(scenario), *contribution_variants(scenario)):
        yield shlex.join(("hoplon", "coverage", scenario.name, "--architecture", name))
    if raids is not None:
        for row in raids.forms:
            yield raid_command(scenario, raids, "--c2", row.label)
