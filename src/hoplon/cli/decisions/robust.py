"""The command robust: how sure the choice between architectures is, with every input with bounds sampled."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hoplon import api
from hoplon.cli.options import add_scenario, add_scope, scope_given
from hoplon.cli.output import (
    cell,
    note,
    percent,
    print_json,
    refuse_unwritable,
    say,
    table,
)
from hoplon.cli.values import file_name, one_of, whole
from hoplon.cli.work import add_kept_work, kept_work, say_shard
from hoplon.files import write_text

_INDICES = ("given", "sobol", "morris")
_MOST_SHOWN = 6  # factors of an architecture


def add_robust(command: argparse.ArgumentParser) -> None:
    """Add the options."""
    add_scenario(command)
    command.add_argument(
        "--architecture", metavar="A", action="append", help="may be repeated; default: those of the question Q13"
    )
    add_scope(command)
    command.add_argument(
        "--samples", type=whole(1, 100_000), metavar="N", default=1024, help="of the inputs; default: 1024"
    )
    command.add_argument("--seed", type=int, metavar="K", default=1, help="of the Latin hypercube; default: 1")
    command.add_argument(
        "--samples-out", type=file_name, metavar="FILE.csv", help="write each sample: coordinates, values"
    )
    command.add_argument(
        "--indices",
        type=one_of(_INDICES),
        metavar="METHOD",
        default="given",
        help="given: from these samples (default); sobol, morris: by further runs, with SALib",
    )
    add_kept_work(command, processes=True)


def answer_robust(arguments: argparse.Namespace) -> int:
    """Say how sure the choice between architectures is."""
    if arguments.samples_out is not None:
        refuse_unwritable(arguments.samples_out)
    scenario = api.load(arguments.scenario)
    with kept_work(arguments) as work:
        found: Any = api.robust(
            scenario,
            arguments.architecture,
            **scope_given(arguments),
            samples=arguments.samples,
            seed=arguments.seed,
            indices=arguments.indices,
            **work.options,
        )
    if arguments.shard is not None:
        return say_shard(arguments, scenario, found, arguments.seed)
    for told in found.notes:
        note(told)
    if arguments.samples_out is not None:
        write_text(Path(arguments.samples_out), found.samples.csv_text())
        note(f"{arguments.samples_out}: written")
    answer = found.as_json()
    if not answer["sound"]:
        note(
            f"the input that moves nothing has an index of {answer['dummy_index']:.3f}, above the noise floor of "
            f"{answer['noise_floor']:.3f}: more samples are needed before any index is believed"
        )
    if arguments.json:
        print_json({**api.provenance(scenario, arguments.seed), **answer})
        return 0
    _print(scenario.name, answer)
    return 0


def _print(scenario: str, answer: Mapping[str, Any]) -> None:
    invalid = f", {answer['invalid']} of which make no scenario" if answer["invalid"] else ""
    say(f"{scenario}: {answer['samples']} samples of {len(answer['factors']) - 1} inputs{invalid}")
    table(
        ("architecture", "base", "5 to 95 % of samples", "best in", "mean regret", "95 % regret"),
        [
            (
                name,
                percent(answer["base"][name]),
                f"{percent(answer['value'][name]['p05'])} to {percent(answer['value'][name]['p95'])}",
                _rate(answer["share_best"][name]),
                percent(answer["regret"][name]["mean"]),
                percent(answer["regret"][name]["p95"]),
            )
            for name in answer["architectures"]
        ],
    )
    say()
    _print_pairs(answer["pairs"])
    say()
    _print_indices(answer["indices"])
    say()
    subset = answer["subset"]
    say(
        f"{subset['points']} points judged in place of {subset['of']}; noise floor of an index "
        f"{cell(answer['noise_floor'])}, that of the input that moves nothing {cell(answer['dummy_index'])}"
    )


def _print_pairs(pairs: Sequence[Mapping[str, Any]]) -> None:
    """Print how often either of two is better, and where the better one changes."""
    titled = [(f"{pair['a']} : {pair['b']}", pair) for pair in pairs]
    table(
        ("pair", "first is better in", "second is better in", "choice", ""),
        [
            (
                title,
                _rate(pair["a_better"]),
                _rate(pair["b_better"]),
                "decided" if pair["decided"] else "open",
                "one contains the other" if pair["contained"] else "",
            )
            for title, pair in titled
        ],
    )
    switches = [(title, one) for title, pair in titled for one in pair["switches"] if one["at"] is not None]
    if switches:
        say()
        rows = [(title, one["factor"], _numbers(one["numbers"])) for title, one in switches]
        table(("pair", "switches with", "at"), rows)


def _print_indices(indices: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Print the inputs that count, the strongest of each architecture first."""
    rows = [
        (name, one["factor"], one["index"], f"{cell(one['low'])} to {cell(one['high'])}")
        for name, found in indices.items()
        for one in sorted((one for one in found if one["counts"]), key=lambda one: -one["index"])[:_MOST_SHOWN]
    ]
    table(("architecture", "input", "index", "95 % interval"), rows)


def _rate(rate: Mapping[str, float | None]) -> str:
    if rate["mean"] is None:
        return "-"
    return f"{percent(rate['mean'])} ({percent(rate['low'])} to {percent(rate['high'])})"


def _numbers(numbers: Mapping[str, float]) -> str:
    """Return the numbers of a factor, the first ones of many."""
    told = [f"{path} {value:.4g}" for path, value in numbers.items()]
    return ", ".join(told[:2]) + (f" and {len(told) - 2} more" if len(told) > len(("first", "second")) else "")
