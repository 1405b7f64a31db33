"""The command coverage: who is threatened, and who is defended."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from hoplon import api
from hoplon.cli.options import add_architecture, add_file, add_year
from hoplon.cli.output import (
    note,
    people,
    percent,
    points,
    print_json,
    refuse_output,
    refuse_unwritable,
    say,
    table,
    write_output,
)
from hoplon.cli.values import file_name, whole
from hoplon.files import write_text


def add_coverage(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    command.add_argument("--threat", metavar="T", action="append", help="only this class; may be repeated")
    command.add_argument("--from", dest="area", metavar="AREA", action="append", help="only this launch area")
    command.add_argument(
        "--points", type=file_name, metavar="FILE.csv", help="judge these points: lat, lon [, name, population, nation]"
    )
    command.add_argument(
        "--points-out",
        type=file_name,
        metavar="FILE.csv",
        help="write each point with threatened, defended, shots; of the headline's classes, or those of --threat",
    )
    add_file(command)
    command.add_argument("--explain", action="store_true", help="with causes at undefended points, and margins")
    command.add_argument(
        "--band", action="store_true", help="with the 10 to 90 %% band of samples of every input with bounds"
    )
    command.add_argument(
        "--samples", type=whole(1, 100_000), metavar="N", help="of the band, for which it asks (default: 256)"
    )
    add_year(command)


def answer_coverage(arguments: argparse.Namespace) -> int:
    """Say who is threatened and who is defended."""
    scenario = api.load(arguments.scenario)
    refuse_output(arguments.output)
    if arguments.points_out is not None:
        refuse_unwritable(arguments.points_out)
    result = api.coverage(
        scenario,
        arguments.architecture,
        threats=arguments.threat,
        areas=arguments.area,
        points=arguments.points,
        year=arguments.year,
        explain=arguments.explain,
        count=arguments.points_out is not None or arguments.output is not None,
        what_if=False,
        for_points_csv=arguments.points_out is not None,
    )
    if result.given is not None and result.given.other_columns:
        others = ", ".join(result.given.other_columns)
        note(f"{arguments.points}: columns without a meaning here are carried along: {others}")
    for told in result.notes:
        note(told)
    if result.counted == "points":
        note(f"{arguments.points}: no column population: every point counts as one")
    answer = result.as_json(explain=arguments.explain)
    if arguments.band or arguments.samples is not None:
        band = api.band(result, **({} if arguments.samples is None else {"samples": arguments.samples}))
        answer["band"] = None if band is None else band.as_json()
    if arguments.points_out is not None:
        write_text(Path(arguments.points_out), result.points_csv())
        note(f"{arguments.points_out}: written")
    answer |= write_output(result, arguments.output)
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    _print_coverage(scenario.name, answer, result.counted, named=bool(arguments.threat))
    return 0


def _print_coverage(scenario: str, answer: Mapping[str, Any], counted: str, *, named: bool) -> None:
    say(f"{answer['architecture']} of {scenario}")
    first = "the classes named" if named else "headline classes"
    together = {"headline": first, "in_year": "of them, those of the year"}
    if not named:
        together["all_threats"] = "every class"
    views = [(label, answer[key]) for key, label in together.items() if key in answer]
    views += answer.get("by_threat", {}).items()
    rows = []
    for name, view in views:
        base = _base(view)
        rows.append((name, percent(base["population_share"]), _bounds(view), percent(base["area_share"])))
    table(("against", f"{counted} defended", "worst to best corner", "land defended"), rows)
    if "band" in answer:
        say(_told_band(answer["band"]))
    say()
    nations = _base(answer["headline"])["nations"]
    unit, amount = ("million", people) if counted == "people" else ("points", points)
    table(
        ("nation", f"threatened ({unit})", f"defended ({unit})", f"{counted} defended", "land defended"),
        [
            (
                nation,
                amount(entry["threatened_population"]),
                amount(entry["defended_population"]),
                percent(entry["population_share"]),
                percent(entry["area_share"]),
            )
            for nation, entry in nations.items()
        ],
    )
    if answer.get("margins"):
        say()
        table(
            ("nation", "least margin of a large place, s", "there", "nearest miss, s", "there"),
            [(nation, *_rounded(entry)) for nation, entry in answer["margins"].items()],
        )
    if answer.get("causes"):
        say()
        alike = Counter((row["threat"], row["cause"]) for row in answer["causes"])
        table(("threat", "cause", "points undefended"), [(*key, count) for key, count in sorted(alike.items())])


def _rounded(entry: Mapping[str, Any]) -> tuple[str, ...]:
    """Return margins in whole seconds, and where they are; a dash for none."""
    return tuple(
        "-" if value is None else f"{value:.0f}" if isinstance(value, float) else str(value) for value in entry.values()
    )


def _told_band(band: Mapping[str, Any] | None) -> str:
    if band is None:
        return "10 to 90 % band: none, for no input has bounds or nobody is threatened"
    return (
        f"10 to 90 % band: {percent(band['low'])} to {percent(band['high'])}, median {percent(band['median'])}, of "
        f"{band['samples']} samples (seed {band['seed']}); sampled places {100 * band['subset_error']:+.1f} points off "
        "all of them at base values"
    )


def _base(view: Mapping[str, Any]) -> Mapping[str, Any]:
    base: Mapping[str, Any] = view.get("base", view)
    return base


def _bounds(view: Mapping[str, Any]) -> str:
    if "low" not in view or "high" not in view:
        return ""
    low, high = view["low"]["population_share"], view["high"]["population_share"]
    return "" if low is None else f"{percent(low)} to {percent(high)}"
