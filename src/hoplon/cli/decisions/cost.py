"""The command cost: what architectures cost."""

from __future__ import annotations

import argparse
from typing import Any

from hoplon import api
from hoplon.cli.options import add_scenario
from hoplon.cli.output import note, print_json, say, shown_progress, table
from hoplon.cli.values import file_name, whole, year


def add_cost(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "--architecture",
        dest="architectures",
        metavar="A",
        action="append",
        required=True,
        help="an architecture of the scenario; may be repeated",
    )
    command.add_argument(
        "--samples",
        type=whole(1, 100_000),
        metavar="N",
        default=1000,
        help="samples of the costs; default: 1000",
    )
    command.add_argument("--seed", type=int, metavar="K", default=1, help="of the samples, and of the raid; default: 1")
    command.add_argument("--price-year", type=year, metavar="Y", help="prices of this year; default: the base year")
    command.add_argument("--raid", metavar="R", help="a raid of the scenario: the cost of a missile that does not leak")
    command.add_argument(
        "--points",
        type=file_name,
        metavar="FILE.csv",
        help="judge these points: lat, lon [, name, population, nation]",
    )


def answer_cost(arguments: argparse.Namespace) -> int:
    """Say what architectures cost."""
    scenario = api.load(arguments.scenario)
    with shown_progress() as progress:
        answer = api.cost(
            scenario,
            arguments.architectures,
            samples=arguments.samples,
            seed=arguments.seed,
            price_year=arguments.price_year,
            raid=arguments.raid,
            points=arguments.points,
            progress=progress,
        )
    for line in answer.notes:
        note(line)
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer.as_json()})
        return 0
    told = answer.as_json()
    say(
        f"{scenario.name}: million USD at prices of {told['price_year']}, {told['years']} years, discounted at "
        f"{100 * told['discount_rate']:g} % a year; 5 to 95 % of {told['samples']} samples"
    )
    costs = told["architectures"] if "architectures" in told else {told["architecture"]: told}
    say()
    table(
        (
            "architecture",
            "undiscounted",
            "discounted",
            "5 to 95 %",
            "development",
            "USD a defended person",
            "5 to 95 %",
            "a leaker avoided",
        ),
        [_row(name, item) for name, item in costs.items()],
    )
    if len(costs) == 1:
        for item in costs.values():
            _print_parts(item)
    return 0


def _row(name: str, item: dict[str, Any]) -> tuple[Any, ...]:
    plain, total = item["total"]["undiscounted_musd"], item["total"]["discounted_musd"]
    person = item["per_defended_person_usd"]
    return (
        name,
        _whole(plain["base"]),
        _whole(total["base"]),
        f"{_whole(total['low'])} to {_whole(total['high'])}",
        _whole(item["development_musd"]),
        None if person is None else person["base"],
        "-" if person is None else f"{person['low']:.4g} to {person['high']:.4g}",
        item["per_avoided_leaker_musd"],
    )


def _whole(value: float) -> str:
    return f"{value:,.0f}"


def _print_parts(item: dict[str, Any]) -> None:
    say()
    table(
        ("element", "ships", "acquisition of one", "a year of one", "discounted in all"),
        [
            (row["name"], row["ships"], row["acquisition_musd"], row["annual_musd"], row["discounted_musd"])
            for row in item["elements"]
        ],
    )
    say()
    table(
        ("year", "bought", "run", "discounted"),
        [(row["year"], row["acquisition_musd"], row["annual_musd"], row["discounted_musd"]) for row in item["by_year"]],
    )
