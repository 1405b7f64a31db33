"""The rules that hold between records; each is one function, run once the file's shape, units and names are right."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import accumulate
from typing import Final

from hoplon.scenario.architecture_warnings import ARCHITECTURE_WARNING_RULES, Lineages
from hoplon.scenario.decisions import rules as decisions
from hoplon.scenario.findings import Findings
from hoplon.scenario.marked_yaml import Listing, MarkedTable, Node, Scalar
from hoplon.scenario.model import Scenario
from hoplon.scenario.nations import no_data, without_data
from hoplon.scenario.paths import names_a_number, path_fault
from hoplon.scenario.people import no_people_in, people_notes, population_years
from hoplon.scenario.tree import key_place, node_at

Rule = Callable[[Scenario, MarkedTable, Findings], None]
MOST_EXTENDED: Final = 32
MOST_MISSILES: Final = 4094
"""In one raid: the event simulation numbers missiles and elements with 12 bits."""
_MOST_SHOWN: Final = 12  # names of a circle


def apply_rules(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Apply every rule: errors first; what is said of resolved architectures only when there is none."""
    for rule in ERROR_RULES:
        rule(scenario, root, findings)
    if findings.errors:
        return
    for rule in WARNING_RULES:
        rule(scenario, root, findings)
    lineages = Lineages(scenario)
    for name in scenario.architectures:
        contents, place = lineages.contents(name), key_place(root, "architectures", name)
        for said_by in ARCHITECTURE_WARNING_RULES:
            many, said = said_by(contents)
            findings.warn_of(place, many, (f"architecture {name!r}: {what}" for what in said))


# Errors


def range_bounds_in_order(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a class or a radar whose least range is not below its greatest."""
    for section, records in (("threats", scenario.threats), ("radars", scenario.radars)):
        for name, record in records.items():
            if record.min_range_km is not None and float(record.min_range_km) >= float(record.max_range_km):
                findings.error(
                    node_at(root, section, name, "min_range_km"),
                    f"{section}.{name}: min_range_km must be less than max_range_km, got "
                    f"{float(record.min_range_km):g} and {float(record.max_range_km):g}",
                )


def burnout_within_the_greatest_range(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a class that burns out beyond its greatest range."""
    for name, threat in scenario.threats.items():
        if float(threat.burnout_ground_range_km) >= float(threat.max_range_km):
            findings.error(
                node_at(root, "threats", name, "burnout_ground_range_km"),
                f"threats.{name}: burnout_ground_range_km must be less than max_range_km, got "
                f"{float(threat.burnout_ground_range_km):g} and {float(threat.max_range_km):g}",
            )


def own_radars_are_radars(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse what a battery names in ``radars`` and is no radar."""
    for name, element in scenario.elements.items():
        for place, radar in enumerate(element.radars):
            if scenario.elements[radar].radar is None:
                findings.error(
                    node_at(root, "elements", name, "radars", place),
                    f"elements.{name}.radars: {radar!r} is a {scenario.elements[radar].form}; a radar was expected",
                )


def nothing_replaces_itself(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse an element that is the upgrade of itself."""
    for name, element in scenario.elements.items():
        if element.upgrade_of == name:
            place = node_at(root, "elements", name, "upgrade_of")
            findings.error(place, f"elements.{name}.upgrade_of: another element was expected, got the element itself")


def prediction_has_a_limit(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse ``support: predicted`` without ``handover_error_km``."""
    settings = [("doctrine", scenario.doctrine.support, scenario.doctrine.handover_error_km, node_at(root, "doctrine"))]
    if not _broken_lineage(scenario):
        lineages = Lineages(scenario)
        for name in scenario.architectures:
            doctrine = replace(scenario.doctrine, **lineages.doctrine(name))
            place = key_place(root, "architectures", name)
            settings.append((f"architectures.{name}", doctrine.support, doctrine.handover_error_km, place))
    for path, support, error, place in settings:
        if support == "predicted" and error is None:
            findings.error(place, f"{path}: `support: predicted` needs `handover_error_km` in the doctrine")


def _broken_lineage(scenario: Scenario) -> dict[str, tuple[str, ...]]:
    """Architectures that extend themselves or too many others, each with the way there."""
    broken = {}
    for name in scenario.architectures:
        way = [name]
        while (following := scenario.architectures[way[-1]].extends) is not None and following not in way:
            way.append(following)
            if len(way) > MOST_EXTENDED:
                break
        if following is not None:
            broken[name] = (*way, following)
    return broken


def architectures_do_not_extend_themselves(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a cycle of inheritance, and a chain too long to be meant."""
    for name, way in _broken_lineage(scenario).items():
        place = node_at(root, "architectures", name, "extends")
        if len(way) > MOST_EXTENDED + 1:
            findings.error(place, f"architectures.{name}.extends: more than {MOST_EXTENDED} architectures in a chain")
        elif way[-1] == name:
            chain = " -> ".join(way)
            findings.error(place, f"architectures.{name}.extends: the architectures extend each other: {chain}")


def architectures_remove_what_they_inherit(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse the removal of what is not inherited, and an architecture without elements."""
    if _broken_lineage(scenario):
        return
    lineages = Lineages(scenario)
    for name, written in scenario.architectures.items():
        inherited = lineages.elements(written.extends) if written.without else {}
        for place, element in enumerate(written.without):
            if element not in inherited:
                findings.error(
                    node_at(root, "architectures", name, "without", place),
                    f"architectures.{name}.without: {element!r} is not among the elements inherited",
                )
        if written.extends is None and not written.elements:
            findings.error(
                key_place(root, "architectures", name),
                f"architectures.{name}: `elements` or `extends` was expected; it has no element",
            )


def statements_have_names_of_their_own(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a public statement under the name of another one."""
    seen: set[str] = set()
    for place, statement in enumerate(scenario.statements):
        if statement.name in seen:
            node = node_at(root, "statements", place, "name")
            findings.error(node, f"statements[{place}].name: {statement.name!r} is the name of another statement")
        seen.add(statement.name)


def disputed_inputs_have_bounds(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a disputed input that the scenario does not have, or that has no bounds.

    One of another file, or of a scenario changed in Python, may have lost its bounds: whoever fixes a value disputes it
    no longer.
    """
    for place, path in enumerate(scenario.disputed or ()):
        node = node_at(root, "disputed", place)
        if (node.file != root.file or not node.line) and names_a_number(scenario, path):
            continue
        if fault := path_fault(scenario, path, findings):
            findings.error(node, f"disputed[{place}]: {fault}")


def raids_have_a_size_that_can_be_simulated(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a raid of more missiles than the event simulation numbers, at the group that is one too many."""
    for name, raid in scenario.raids.items():
        counts = [max(float(group.count), group.count.high or 0.0) for group in raid.threats]
        for place, so_many in enumerate(accumulate(counts)):
            if so_many > MOST_MISSILES:
                findings.error(
                    node_at(root, "raids", name, "threats", place, "count"),
                    f"raids.{name}: at most {MOST_MISSILES:,} missiles in all its groups were expected, "
                    f"got {sum(counts):,.0f}",
                )
                break


# Warnings


def cross_section_in_every_band_placed(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of a class without a cross-section in the band of a radar that is placed: it will not be seen by it."""
    bands: dict[str, str] = {}
    for name, element in scenario.elements.items():
        if element.radar is not None:
            bands.setdefault(scenario.radars[element.radar].band, name)
    for name, threat in scenario.threats.items():
        for band, radar in bands.items():
            if band not in threat.rcs_m2:
                findings.warning(
                    node_at(root, "threats", name, "rcs_m2"),
                    f"threats.{name}.rcs_m2: band {band} is missing: radars in it, as {radar!r}, do not see the class",
                )


def kill_probability_is_given(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of an interceptor with neither a fixed kill probability nor every factor of it: no raid can use it."""
    factors = ("reliability", "hit_probability", "seeker", "divert_km")
    for name, interceptor in scenario.interceptors.items():
        missing = [key for key in factors if getattr(interceptor, key) is None]
        if interceptor.single_shot_kill_probability is None and missing:
            findings.warning(
                key_place(root, "interceptors", name),
                f"interceptors.{name}: raids need `single_shot_kill_probability`, or all of {', '.join(factors)}; "
                f"missing: {', '.join(missing)}",
            )


def angles_are_in_degrees(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of angles that are allowed, and look like radians."""
    suspects = [
        (("interceptors", name, "min_elevation_deg"), [float(interceptor.min_elevation_deg)], math.pi / 2)
        for name, interceptor in scenario.interceptors.items()
    ]
    suspects += [
        (("elements", name, "boresights_deg"), [float(azimuth) for azimuth in element.boresights_deg], 2 * math.pi)
        for name, element in scenario.elements.items()
    ]
    for path, angles, most in suspects:
        if any(abs(angle) > most for angle in angles) or all(angle == int(angle) for angle in angles):
            continue
        shown, meant = (", ".join(f"{angle:g}" for angle in values) for values in (angles, map(math.degrees, angles)))
        findings.warning(
            node_at(root, *path), f"{'.'.join(path)}: {shown} degrees; written in radians? Then {meant} degrees"
        )


def comparisons_do_not_go_in_circles(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of architectures that are compared with each other in a circle: none of them is the baseline."""
    circles = _circles({name: written.compare_with for name, written in scenario.architectures.items()})
    for name in scenario.architectures:
        if name in circles:
            circle, first = circles[name]
            way = [*circle[first:], *circle[:first], name]
            if len(circle) > _MOST_SHOWN:
                way = [*way[:_MOST_SHOWN], f"... ({len(circle)} in all)"]
            findings.warning(
                node_at(root, "architectures", name, "compare_with"),
                f"architectures.{name}.compare_with: compared in a circle, so that none is the baseline: "
                f"{' -> '.join(way)}",
            )


def _circles(following: Mapping[str, str | None]) -> dict[str, tuple[list[str], int]]:
    """Return the circles that names make of which each is followed by one or none: each name's, and its place there."""
    circles: dict[str, tuple[list[str], int]] = {}
    seen: set[str] = set()
    for name in following:
        way: dict[str, None] = {}
        at: str | None = name
        while at is not None and at not in seen:
            seen.add(at)
            way[at] = None
            at = following[at]
        if at in way:
            names = list(way)
            circle = names[names.index(at) :]
            circles |= {member: (circle, place) for place, member in enumerate(circle)}
    return circles


def headline_counts_somebody(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of years in which no nation of the headline is a member, and of its classes that nobody launches."""
    if scenario.headline is None:
        return
    for place, code in enumerate(scenario.headline.classes or ()):
        if scenario.threats[code].launch_areas == ():
            findings.warning(
                node_at(root, "headline", "classes", place),
                f"headline.classes: {code!r} is launched from nowhere, and is not counted",
            )
    if scenario.headline.nations is None:
        return
    lineages = Lineages(scenario)
    for name in scenario.architectures:
        year = lineages.year(name)
        if not any(scenario.nations[code].holds(year) for code in scenario.headline.nations):
            findings.warning(
                node_at(root, "headline", "nations"),
                f"headline.nations: none is a member in {year}, the year of architecture {name!r}: it counts nobody",
            )


def statements_are_about_the_nations(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of public statements about nations that the scenario does not have: they cannot be tested."""
    for number, statement in enumerate(scenario.statements):
        regions = [
            ((key, place, "nation"), region.nation)
            for key, listed in (("defended", statement.defended), ("undefended", statement.undefended))
            for place, region in enumerate(listed)
        ]
        for path, code in (*regions, *((("scope", place), code) for place, code in enumerate(statement.scope))):
            if code not in scenario.nations:
                findings.warning(
                    node_at(root, "statements", number, *path),
                    f"statement {statement.name!r}: {code} is not in `nations`; what it says of it cannot be tested",
                )


def nations_without_data(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse nations of which the package holds neither places nor land.

    The scenario can be read nevertheless, for whoever brings aim points: the commands that need the nations' own refuse
    it (:func:`hoplon.scenario.nations.with_data`), and so does a check of the file.
    """
    for code in without_data(scenario.nations):
        findings.error(_nation_place(root, code), f"nations: {no_data([code])}")


def people_are_counted_by_region(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of nations whose people are not counted region by region, or not in the year asked for."""
    place = key_place(root, "nations")
    for note in people_notes(tuple(scenario.nations), scenario.population_year):
        findings.warning(place, f"nations: {note}")


def population_year_is_held(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Refuse a year that people by region are not held for."""
    year = scenario.population_year
    if year is not None and year not in population_years():
        findings.error(node_at(root, "population_year"), f"population_year: {no_people_in(year)}")


def _nation_place(root: MarkedTable, code: str) -> Node:
    """Return the node of a nation, an entry of a list or a key of a table."""
    listed = node_at(root, "nations")
    if isinstance(listed, Listing):
        return next((item for item in listed.items if isinstance(item, Scalar) and item.value == code), listed)
    return key_place(root, "nations", code)


def burnout_before_the_least_range(scenario: Scenario, root: MarkedTable, findings: Findings) -> None:
    """Warn of a class whose least range is less than its burnout distance: to nearer aims it turns round in flight."""
    for name, threat in scenario.threats.items():
        least, burnout = float(threat.min_range_km), float(threat.burnout_ground_range_km)
        if least < burnout:
            findings.warning(
                node_at(root, "threats", name, "min_range_km"),
                f"threats.{name}: min_range_km {least:g} is less than burnout_ground_range_km {burnout:g}: aims nearer "
                "than burnout are reached by a missile that turns round in flight",
            )


ERROR_RULES: Final[tuple[Rule, ...]] = (
    range_bounds_in_order,
    burnout_within_the_greatest_range,
    own_radars_are_radars,
    nothing_replaces_itself,
    prediction_has_a_limit,
    architectures_do_not_extend_themselves,
    architectures_remove_what_they_inherit,
    statements_have_names_of_their_own,
    disputed_inputs_have_bounds,
    raids_have_a_size_that_can_be_simulated,
    population_year_is_held,
    *decisions.ERROR_RULES,
)
WARNING_RULES: Final[tuple[Rule, ...]] = (
    cross_section_in_every_band_placed,
    kill_probability_is_given,
    angles_are_in_degrees,
    comparisons_do_not_go_in_circles,
    headline_counts_somebody,
    statements_are_about_the_nations,
    people_are_counted_by_region,
    burnout_before_the_least_range,
    *decisions.WARNING_RULES,
)
