"""The commands: name, the module that holds its options and its answer, and what it does.

A command ``kill-chain`` has two functions in its module: ``add_kill_chain(parser)`` adds its options, and
``answer_kill_chain(arguments)`` runs it and returns the exit status.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, Final, NamedTuple


class Command(NamedTuple):
    """A command: the module of :mod:`hoplon.cli` that holds it, and its summary."""

    module: str
    summary: str


COMMANDS: Final = {
    "serve": Command("serve", "the web application: a map that answers what-ifs, on this machine"),
    "study": Command("study", "the whole study: every architecture, every question, report with maps"),
    "ask": Command("ask", "one question of the study alone: findings, tables, figures"),
    "check": Command("scenarios", "check a scenario file: errors and warnings with line and column"),
    "schema": Command("scenarios", "print the JSON Schema of the scenario file, or of a campaign's plan, for editors"),
    "list": Command("scenarios", "list the bundled scenarios, or what a scenario holds"),
    "trajectory": Command("flights", "one threat flight from a launch point to an aim point"),
    "flyout": Command("flights", "least time in which an interceptor reaches a ground range and altitude"),
    "engage": Command("engage", "one engagement, explained: who saw it when, who could shoot when"),
    "track": Command("track", "how early and how well each radar, and the sensor network, know one flight"),
    "kill-chain": Command(
        "kill_chain", "what one shot is worth, factor by factor, and which sensor discriminates the warhead"
    ),
    "coverage": Command("coverage", "who is threatened, and who is defended"),
    "compare": Command(
        "decisions.compare", "two architectures, or the folders of two studies, side by side: what differs"
    ),
    "cost": Command("decisions.cost", "what architectures cost: in all, by year, by defended person, with intervals"),
    "optimise": Command(
        "decisions.optimise", "the best mix of candidates for a budget, with its proof and its alternatives"
    ),
    "survive": Command("decisions.survive", "what an architecture still defends after the loss of any of its sites"),
    "attribute": Command(
        "decisions.attribute", "what each site, element or owner contributes, and whose people it defends"
    ),
    "robust": Command(
        "decisions.robust", "how sure the choice between architectures is, every input with bounds sampled"
    ),
    "footprint": Command("areas", "the area that one battery defends"),
    "denied": Command("areas", "the launch points against which an aim point is defended"),
    "threat": Command("threat", "who is within whose reach, with flight and warning times"),
    "stability": Command("decisions.stability", "strategic trajectories that could be engaged, by burnout speed"),
    "adapt": Command(
        "decisions.adapt", "what waiting with a plan costs, and what can be moved how fast after a surprise"
    ),
    "raid": Command("raid", "what leaks of a raid, and what it costs in interceptors: Monte Carlo"),
    "play": Command("play", "one replication of a raid played back: after-action page, CZML, KML, event log"),
    "federate": Command("federate", "a raid with every element its own process, and the same log as in one"),
    "campaign": Command("campaign", "a plan of many raids, in chunks, on as many workers as there are"),
    "validate": Command(
        "validate", "every outside case: what was expected, what hoplon gets, and whether that is near"
    ),
    "doctor": Command(
        "doctor", "what hoplon runs on: versions, processor, compiled kernels, browser, extras, and how fast it is"
    ),
    "completion": Command("completion", "print the script by which a shell completes commands, options and names"),
    "export": Command("export", "hand a scenario's places over to other tools"),
}


def function_of(name: str, kind: str) -> Any:
    """Return the function ``add_NAME`` or ``answer_NAME`` of a command; its module is imported."""
    module = import_module(f"hoplon.cli.{COMMANDS[name].module}")
    return getattr(module, f"{kind}_{name.replace('-', '_')}")
