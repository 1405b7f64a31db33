"""The command optimise: the best mix of candidates for a budget."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import Any

from hoplon import api
from hoplon.cli.options import add_architecture, add_scope, scope_given
from hoplon.cli.output import note, percent, print_json, say, table
from hoplon.cli.values import number, one_of, whole, year
from hoplon.cli.work import add_kept_work, kept_work, say_shard
from hoplon.errors import UsageError

_OBJECTIVES = ("population", "area", "worst_nation", "worst_loss")
_BASINGS = ("land", "sea")
_MOST_SHOWN = 5  # alternatives of a budget


def add_optimise(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_architecture(command)
    command.add_argument(
        "--budget-musd",
        dest="budgets",
        metavar="B",
        action="append",
        default=[],
        help="what a mix may cost, discounted [million USD]; may be repeated; 1e9 buys everything",
    )
    command.add_argument(
        "--objective",
        type=one_of(_OBJECTIVES),
        metavar="WHAT",
        help=f"{', '.join(_OBJECTIVES)}; default: that of --value",
    )
    command.add_argument(
        "--losses", type=whole(0, 62), metavar="R", default=1, help="sites lost, of worst_loss; default: 1"
    )
    command.add_argument("--most", type=whole(0, 62), metavar="N", help="so many candidates at most")
    command.add_argument(
        "--near",
        type=number(0, 1, "(a share)"),
        metavar="X",
        default=0.02,
        help="alternatives within this share of the best; default: 0.02",
    )
    command.add_argument(
        "--only", type=one_of(_BASINGS), metavar="BASING", help="land or sea: no battery based elsewhere"
    )
    add_scope(command)
    command.add_argument(
        "--all-points", action="store_true", help="search on every point; default: a weighted subset of 512 marks"
    )
    command.add_argument(
        "--time-limit-s",
        type=number(1e-3, 1e6, "s"),
        metavar="T",
        default=60.0,
        help="of each search, kept as a number of steps so that digits repeat; default: 60",
    )
    command.add_argument(
        "--phase",
        dest="phases",
        type=_phase,
        metavar="YEAR=B",
        action="append",
        default=[],
        help="for a mix that grows: what may be spent by a year [million USD]; repeated",
    )
    add_kept_work(command)


def _phase(text: str) -> tuple[int, str]:
    when, given, amount = text.partition("=")
    if not given:
        raise argparse.ArgumentTypeError(f"YEAR=B, as 2011=2500, was expected, got {text[:60]!r}")
    return year(when), amount


def answer_optimise(arguments: argparse.Namespace) -> int:
    """Say which mix is best for each budget."""
    if not arguments.budgets and not arguments.phases:
        raise UsageError("hoplon optimise: --budget-musd B was expected, once or more, or --phase YEAR=B")
    scenario = api.load(arguments.scenario)
    with kept_work(arguments) as work:
        found: Any = api.optimise(
            scenario,
            arguments.architecture,
            arguments.budgets,
            objective=arguments.objective,
            losses=arguments.losses,
            most=arguments.most,
            near=arguments.near,
            only=arguments.only,
            **scope_given(arguments),
            all_points=arguments.all_points,
            time_limit_s=arguments.time_limit_s,
            phases=arguments.phases,
            **work.options,
        )
    if arguments.shard is not None:
        return say_shard(arguments, scenario, found)
    for told in found.notes:
        note(told)
    answer = found.as_json()
    if arguments.json:
        print_json({**api.provenance(scenario), **answer})
        return 0
    judged = "every point" if answer["subset"] is None else f"{answer['subset']['points']} weighted points"
    say(
        f"{scenario.name}, added to {answer['architecture']}: {answer['objective']} on {judged}; "
        f"{len(answer['candidates'])} candidates, million USD discounted"
    )
    _print(answer)
    return 0


def _print(answer: Mapping[str, Any]) -> None:
    if answer["budgets"]:
        table(
            ("budget", "value", "on all points", "gap", "cost", "land only", "sea only", "mix", "chosen"),
            [
                (
                    f"{item['budget_musd']:,.0f}",
                    percent(item["value"]),
                    percent(item["value_full"]),
                    "-" if item["gap"] is None else ("proven" if item["exact"] else f"{100.0 * item['gap']:.2g} %"),
                    f"{item['cost_musd']:,.0f}",
                    percent(item["land_only"]["value"]),
                    percent(item["sea_only"]["value"]),
                    "better" if item["mix_dominates"] else "no better",
                    _listed(item["chosen"]),
                )
                for item in answer["budgets"]
            ],
        )
        say()
        say(f"alternatives within {100.0 * answer['near']:g} % of the best, none of whose parts is:")
    for item in answer["budgets"]:
        near = item["near_optimal"]
        least = "" if near["alternatives_exact"] else "at least "
        say(
            f"{item['budget_musd']:,.0f}: {least}{near['alternatives_total']:,}; in all: {_listed(near['must'])}; "
            f"in none: {_listed(near['never'])}"
        )
        for names in near["alternatives"][:_MOST_SHOWN]:
            say(f"  {_listed(names)}")
    if answer["subset"] is not None and answer["subset"]["error"] is not None:
        say()
        say(f"greatest difference from all points: {100.0 * answer['subset']['error']:.2f} percentage points")
    if "phased" in answer:
        say()
        table(
            ("by", "budget", "value", "on all points", "cost", "chosen"),
            [
                (
                    str(item["year"]),
                    f"{item['budget_musd']:,.0f}",
                    percent(item["value"]),
                    percent(item["value_full"]),
                    f"{item['cost_musd']:,.0f}",
                    _listed(item["chosen"]),
                )
                for item in answer["phased"]["phases"]
            ],
        )
        if answer["phased"]["value"] is not None:
            gap = "proven the best" if answer["phased"]["exact"] else f"within {100.0 * answer['phased']['gap']:.2g} %"
            mean = f"{percent(answer['phased']['value'])}; the mean over the phases is {gap}"
            say(mean if answer["phased"]["exact"] else f"{mean} of a bound that none exceeds")


def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
