"""What is allowed of an architecture and hardly meant: each rule counts its warnings, and makes a message when asked.

Thousands of architectures may hold the same thousands of elements: what depends on an element or a year alone is worked
out once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any, Final

from hoplon.scenario.model import Doctrine, Element, Scenario


@dataclass(frozen=True, slots=True)
class ArchitectureContents:
    """What the rules look at of an architecture.

    Attributes
    ----------
    doctrine : Doctrine
    c2 : str
    active : set of str
        Its elements within their years.
    inactive : list of str
        Those that are set aside.
    reasons : mapping of str to str
        Why, by element of the scenario.
    batteries : list of (str, Element)
    forms : set of str
        Those of its active elements.
    nodes : set of str
        Forms of its active nodes.
    supporting, tracking : set of str
        Of the scenario, active or not: sensors whose held track may support an intercept, and the satellites of them.
    """

    doctrine: Doctrine
    c2: str
    active: Set[str]
    inactive: list[str]
    reasons: Mapping[str, str]
    batteries: list[tuple[str, Element]]
    forms: set[str]
    nodes: set[str]
    supporting: Set[str]
    tracking: Set[str]


Said = tuple[int, Iterator[str]]
ArchitectureRule = Callable[[ArchitectureContents], Said]


class Lineages:
    """What each architecture of a scenario inherits and says itself; no architecture extends itself.

    Element names are kept for those that others extend, and shared where an architecture changes none.
    """

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._extended = {written.extends for written in scenario.architectures.values()}
        self._kept: dict[str, dict[str, None]] = {}
        self._reasons: dict[int | None, dict[str, str]] = {}
        self._by_form: dict[str, dict[str, Element]] = {}
        for name, element in scenario.elements.items():
            self._by_form.setdefault(element.form, {})[name] = element
        satellites, radars = self._by_form.get("satellite", {}), self._by_form.get("radar", {})
        self._tracking = {n for n, e in satellites.items() if scenario.satellites[str(e.satellite)].tracking}
        self._supporting = {n for n, e in radars.items() if scenario.radars[str(e.radar)].may_support} | self._tracking

    def elements(self, name: str | None) -> dict[str, None]:
        """Return the names of an architecture's elements, whatever their years; none of no architecture."""
        if name is None:
            return {}
        if name in self._kept:
            return self._kept[name]
        written = self._scenario.architectures[name]
        names = self.elements(written.extends)
        if written.elements or written.without:
            names = {**names, **dict.fromkeys(written.elements)}
            for removed in written.without:
                names.pop(removed, None)
        if name in self._extended:
            self._kept[name] = names
        return names

    def year(self, name: str) -> int | None:
        """Return the year of an architecture."""
        years = [written.year for written in self._scenario.lineage(name) if written.year is not None]
        return years[-1] if years else None

    def doctrine(self, name: str) -> Mapping[str, Any]:
        """Return what an architecture and those that it extends say of the doctrine."""
        said: dict[str, Any] = {}
        for written in self._scenario.lineage(name):
            said.update(written.doctrine)
        return said

    def contents(self, name: str) -> ArchitectureContents:
        """Return what the rules look at of an architecture."""
        doctrine = replace(self._scenario.doctrine, **self.doctrine(name))
        c2 = [written.c2 for written in self._scenario.lineage(name) if written.c2]
        names, reasons = self.elements(name), self._why(self.year(name))
        inactive = [element for element in names if element in reasons] if reasons else []
        active = names.keys() - inactive if inactive else names.keys()
        batteries, nodes = self._by_form.get("battery", {}), self._by_form.get("node", {})
        return ArchitectureContents(
            doctrine=doctrine,
            c2="organic" if doctrine.mode == "organic" else (c2[-1] if c2 else "hub"),
            active=active,
            inactive=inactive,
            reasons=reasons,
            batteries=[(element, batteries[element]) for element in names if element in batteries and element in active]
            if batteries
            else [],
            forms={form for form, of_form in self._by_form.items() if not active.isdisjoint(of_form)},
            nodes={str(nodes[element].node) for element in nodes.keys() & active},
            supporting=self._supporting,
            tracking=self._tracking,
        )

    def _why(self, year: int | None) -> dict[str, str]:
        """Return why each element that is inactive in a year is."""
        if year not in self._reasons:
            every = ((name, element.inactive_reason(year)) for name, element in self._scenario.elements.items())
            self._reasons[year] = {name: reason for name, reason in every if reason is not None}
        return self._reasons[year]


def inactive_elements(architecture: ArchitectureContents) -> Said:
    """Warn of elements outside their years, which are set aside."""
    names, reasons = architecture.inactive, architecture.reasons
    return len(names), (f"element {name!r} is inactive ({reasons[name]})" for name in names)


def own_radars_are_present(architecture: ArchitectureContents) -> Said:
    """Warn of a battery's own radars that are not in the architecture, which are ignored."""
    active, batteries = architecture.active, architecture.batteries
    absent = [(radar, name) for name, battery in batteries for radar in battery.radars if radar not in active]
    return len(absent), (f"radar {radar!r} of battery {name!r} is not active in it: ignored" for radar, name in absent)


def every_battery_can_be_cued(architecture: ArchitectureContents) -> Said:
    """Warn of a battery without a sensor to shoot on: its own radar, or one that the mode admits."""
    doctrine, active = architecture.doctrine, architecture.active
    tracked = doctrine.mode != "organic" and not architecture.tracking.isdisjoint(active)
    if "radar" not in architecture.forms and not tracked:
        why = "no radar is active in it"
        uncued = [name for name, _ in architecture.batteries]
    else:
        if doctrine.mode == "organic":
            why = "the mode is organic and it has no radar of its own"
        elif doctrine.mode == "launch_on_remote" and doctrine.support == "held":
            why = "the mode is launch_on_remote, and it has no radar of its own to support the intercept"
        else:
            return 0, iter(())
        uncued = [name for name, battery in architecture.batteries if not any(r in active for r in battery.radars)]
    return len(uncued), (f"no sensor can cue battery {name!r}: {why}" for name in uncued)


def every_battery_s_intercepts_can_be_supported(architecture: ArchitectureContents) -> Said:
    """Warn of a battery that some radar serves, and whose intercepts no sensor may support by its role."""
    doctrine, active = architecture.doctrine, architecture.active
    if doctrine.support == "predicted":
        return 0, iter(())
    if doctrine.mode == "engage_on_remote":
        served = "radar" in architecture.forms and architecture.supporting.isdisjoint(active)
        names = [name for name, _ in architecture.batteries] if served else []
        why = "no radar active in it supports intercepts (supports_intercept), and no satellite tracks"
    else:
        own = {name: active & set(battery.radars) for name, battery in architecture.batteries}
        names = [name for name, radars in own.items() if radars and architecture.supporting.isdisjoint(radars)]
        why = f"the mode is {doctrine.mode}, and no radar of its own supports intercepts (supports_intercept)"
    return len(names), (f"nothing can support the intercepts of battery {name!r}: {why}" for name in names)


def something_cues_and_commands(architecture: ArchitectureContents) -> Said:
    """Warn of an architecture without batteries, without sensors, or without the node that its command form needs."""
    said, c2, nodes = [], architecture.c2, architecture.nodes
    if not architecture.batteries:
        said.append("it has no battery")
    if architecture.forms.isdisjoint(("radar", "satellite")):
        said.append("nothing can cue it: it has neither radar nor satellite")
    wanted = {"hub": "hub", "hub_hot": "alternate", "hub_cold": "alternate", "regional": "regional"}.get(c2)
    if c2 == "organic":
        said.append("nothing commands it as a whole (organic: every battery alone)")
    elif not nodes and c2 != "mesh":
        said.append("nothing can command it: it has no node")
    elif wanted is not None and wanted not in nodes:
        said.append(f"its command form {c2} has no node of form {wanted}")
    return len(said), iter(said)


ARCHITECTURE_WARNING_RULES: Final[tuple[ArchitectureRule, ...]] = (
    inactive_elements,
    own_radars_are_present,
    every_battery_can_be_cued,
    every_battery_s_intercepts_can_be_supported,
    something_cues_and_commands,
)
