"""Which raids of a scenario are swept, and the architecture that the sweeps are judged on."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from hoplon.analysis.architectures import compared_architectures, given_up, integrated_architectures
from hoplon.analysis.raid.perfect_command import has_shot
from hoplon.analysis.raid.setup import set_up

if TYPE_CHECKING:
    from hoplon.analysis.raid.setup import RaidSetup
    from hoplon.scenario.model import Scenario


def raids_of(scenario: Scenario) -> tuple[str, str]:
    """Return the raid that is aimed at the most places, and the largest one."""
    raids = scenario.raids
    aims = {
        name: len({(group.aim.latitude_deg, group.aim.longitude_deg) for group in raid.threats})
        for name, raid in raids.items()
    }
    sizes = {name: sum(float(group.count) for group in raid.threats) for name, raid in raids.items()}
    return max(aims, key=lambda name: (aims[name], sizes[name])), max(sizes, key=lambda name: sizes[name])


def named_by_scenario(scenario: Scenario, raid: str) -> str | None:
    """Return the architecture that the scenario wants a raid to be judged on; None where it does not say."""
    return scenario.raids[raid].judged_on


def judged_on(scenario: Scenario, raid: str) -> RaidSetup:
    """Return a raid laid out against the architecture that forms of command and sweeps are judged on.

    It is the one that the scenario names, else the last integrated architecture that was not given up and has a shot at
    the raid (:func:`~hoplon.analysis.raid.perfect_command.has_shot`). If none has a shot it is the last one, which has
    none either.
    """
    named = named_by_scenario(scenario, raid)
    if named is not None:
        return set_up(scenario, named, raid)
    names = integrated_architectures(scenario) or compared_architectures(scenario)
    kept = [name for name in names if name not in given_up(scenario)] or list(names)
    last = set_up(scenario, kept[-1], raid)
    earlier = (set_up(scenario, name, raid) for name in reversed(kept[:-1]))
    return next((setup for setup in chain((last,), earlier) if has_shot(setup)), last)
