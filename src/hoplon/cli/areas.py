"""Commands about areas: coverage, footprint, denied."""

from __future__ import annotations

import argparse
import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hoplon.cli.output import (
    note,
    people,
    percent,
    print_json,
    provenance,
    refuse_unwritable,
    say,
    table,
)
from hoplon.errors import UnknownNameError
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario, known_name
from hoplon.scenario.points_file import COLUMNS, PointsFile, read_points


def answer_coverage(arguments: argparse.Namespace) -> int:
    """Say who is threatened and who is defended."""
    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    threats = _names("threat", arguments.threat, scenario.threats)
    areas = _names("launch area", arguments.area, scenario.launch_areas)
    if arguments.points_out is not None:
        refuse_unwritable(arguments.points_out)
    given = None if arguments.points is None else read_points(arguments.points)
    if given is not None and given.other_columns:
        note(f"{arguments.points}: columns without a meaning here are carried along: {', '.join(given.other_columns)}")
    from hoplon import api
    from hoplon.files import write_text

    result = api.coverage(
        scenario,
        architecture,
        threats=threats,
        areas=areas,
        points=None if given is None else given.points,
        year=arguments.year,
        explain=arguments.explain,
        count=arguments.points_out is not None,
        what_if=False,
    )
    answer = result.as_json(explain=arguments.explain)
    if arguments.points_out is not None:
        write_text(Path(arguments.points_out), points_csv(result.points_table(), given))
        note(f"{arguments.points_out}: written")
    if arguments.json:
        print_json({**provenance(scenario), "architecture": architecture, **answer})
        return 0
    _print_coverage(scenario, architecture, answer)
    return 0


def _names(kind: str, wanted: Sequence[str] | None, known: Mapping[str, Any]) -> tuple[str, ...] | None:
    return None if wanted is None else tuple(dict.fromkeys(known_name(kind, name, known) for name in wanted))


def points_csv(results: Sequence[Mapping[str, Any]], given: PointsFile | None) -> str:
    """Return the points with their results as CSV; rows that a user gave keep their cells as written."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    own = () if given is None else given.header
    known = () if given is None else (*own, *COLUMNS)
    added = [column for column in (results[0] if results else ()) if column not in known]
    writer.writerow([*own, *added])
    for place, result in enumerate(results):
        cells = () if given is None else given.rows[place]
        writer.writerow([*cells, *(_csv_cell(result[column]) for column in added)])
    return stream.getvalue()


def _csv_cell(value: Any) -> str:
    if value is None:
        return ""
    if hasattr(value, "item"):
        value = value.item()
    return str(value).lower() if isinstance(value, bool) else str(value)


def _print_coverage(scenario: Scenario, architecture: str, answer: Mapping[str, Any]) -> None:
    say(f"{architecture} of {scenario.name}")
    together = {"headline": "headline classes", "in_year": "of them, those of the year", "all_threats": "every class"}
    views = [(label, answer[key]) for key, label in together.items() if key in answer]
    views += answer.get("by_threat", {}).items()
    rows = []
    for name, view in views:
        base = _base(view)
        rows.append((name, percent(base["population_share"]), _bounds(view), percent(base["area_share"])))
    table(("against", "people defended", "low to high", "land defended"), rows)
    say()
    nations = _base(answer["headline"])["nations"]
    table(
        ("nation", "threatened (million)", "defended (million)", "people defended", "land defended"),
        [
            (
                nation,
                people(entry["threatened_population"]),
                people(entry["defended_population"]),
                percent(entry["population_share"]),
                percent(entry["area_share"]),
            )
            for nation, entry in nations.items()
        ],
    )
    if answer.get("causes"):
        say()
        counted = Counter((row["threat"], row["cause"]) for row in answer["causes"])
        table(("threat", "cause", "points undefended"), [(*key, count) for key, count in sorted(counted.items())])


def _base(view: Mapping[str, Any]) -> Mapping[str, Any]:
    base: Mapping[str, Any] = view.get("base", view)
    return base


def _bounds(view: Mapping[str, Any]) -> str:
    if "low" not in view or "high" not in view:
        return ""
    low, high = view["low"]["population_share"], view["high"]["population_share"]
    return "" if low is None else f"{percent(low)} to {percent(high)}"


def answer_footprint(arguments: argparse.Namespace) -> int:
    """Outline the area that one battery defends."""
    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    threat = known_name("threat", arguments.threat, scenario.threats)
    area = known_name("launch area", arguments.area, scenario.launch_areas)
    elements = scenario.architecture(architecture).elements
    batteries = {name: element for name, element in elements.items() if element.form == "battery"}
    if not batteries:
        raise UnknownNameError(f"battery of {architecture}", arguments.battery, batteries)
    battery = known_name(f"battery of {architecture}", arguments.battery, batteries)
    from hoplon import api

    answer = api.footprint(scenario, architecture, battery, threat, area).as_json()
    return _print_polygon(arguments, scenario, answer, f"{battery} defends against {threat} from {area}")


def answer_denied(arguments: argparse.Namespace) -> int:
    """Outline the launch points against which an aim point is defended."""
    scenario = load_scenario(arguments.scenario)
    architecture = known_name("architecture", arguments.architecture, scenario.architectures)
    threat = known_name("threat", arguments.threat, scenario.threats)
    from hoplon import api

    answer = api.denied(scenario, architecture, arguments.aim, threat).as_json()
    latitude, longitude = arguments.aim
    return _print_polygon(
        arguments, scenario, answer, f"{architecture} denies {threat} launches at {latitude:g},{longitude:g} from"
    )


def _print_polygon(arguments: argparse.Namespace, scenario: Scenario, answer: Mapping[str, Any], title: str) -> int:
    if arguments.json:
        print_json({**provenance(scenario), **answer})
    else:
        say(f"{title}: {answer['area_km2']:,.0f} km2")
        reason = answer["properties"]["reason"]
        say("--json prints the outline as GeoJSON." if reason is None else f"nothing to defend against: {reason}")
    return 0
