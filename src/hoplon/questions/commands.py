"""The commands that answer a part of each section of the report by itself."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import numpy as np

from hoplon.analysis.architectures import (
    compared_architectures,
    families,
    successive_architectures,
)
from hoplon.questions.discrimination.answer import SHOWN_OBJECTS
from hoplon.questions.study import StudyResults


def commands(results: StudyResults) -> dict[str, list[str]]:
    """Return command lines by section of the report, ``summary`` for the whole of it.

    Parameters
    ----------
    results : StudyResults
        What the study computed. A scenario is called by its name: one that is not bundled is asked about by its path.
    """
    name = results.scenario.name
    return {
        "summary": [_line("study", name, "-o", "study")],
        "q1": [_line("threat", name)],
        "q2": [
            *(
                _line("coverage", name, "--architecture", plan, "--explain")
                for plan in compared_architectures(results.scenario)
            ),
            *_areas(results),
        ],
        "q3": [
            _line("coverage", name, "--architecture", plan, "--threat", key)
            for plan in compared_architectures(results.scenario)[:1] + successive_architectures(results.scenario)[-1:]
            for key in results.tallies[plan, "base"].sets[0].threats[:1]
        ],
        "q4": [*_integration(results), *_raids(results, True)],
        "q7": list(_flights(results, "partners")),
        "q8": list(_kill_chains(results)),
        "q14": list(_raids(results, False)),
    }


def _line(*words: str) -> str:
    return shlex.join(["hoplon", *words])


def _areas(results: StudyResults) -> Iterator[str]:
    name = results.scenario.name
    for found in results.footprints:
        for battery in found.areas:
            asked = ("--battery", battery, "--threat", found.threat, "--from", found.launch_area)
            yield _line("footprint", name, "--architecture", found.architecture, *asked)
    if results.denied is not None:
        denied = results.denied
        for plan in denied.areas:
            aim = ("--aim", _aim(*denied.aim_deg), "--threat", denied.threat)
            yield _line("denied", name, "--architecture", plan, *aim)


def _integration(results: StudyResults) -> Iterator[str]:
    known = families(results.scenario)
    for key in ("national", "allied"):
        for architecture in known.get(key, ()):
            yield _line("coverage", results.scenario.name, "--architecture", architecture)


def _named_flight(results: StudyResults) -> list[str]:
    """Return the options that name the flight of the report; none if it has none."""
    named = results.named
    if named is None:
        return []
    points = results.points
    here = np.flatnonzero((points.name == named.place) & (points.nation == named.nation) & (points.kind == "place"))
    if not here.size:
        return []
    place = here[np.argmax(points.population[here])]
    aim = _aim(float(points.latitude_deg[place]), float(points.longitude_deg[place]))
    return ["--threat", named.threat, "--from", named.launch_area, "--aim", aim]


def _flights(results: StudyResults, family: str) -> Iterator[str]:
    flight = _named_flight(results)
    if flight:
        for plan in families(results.scenario).get(family, ()):
            yield _line("track", results.scenario.name, "--architecture", plan, *flight)


def _kill_chains(results: StudyResults) -> Iterator[str]:
    flight = _named_flight(results)
    if flight:
        for plan in compared_architectures(results.scenario):
            asked = ("--architecture", plan, *flight, "--objects", str(SHOWN_OBJECTS))
            yield _line("kill-chain", results.scenario.name, *asked)


def _raids(results: StudyResults, forms: bool) -> Iterator[str]:
    """Yield the raids of each form of command and control, or of each time to decide and each chance of a message."""
    answers = results.backbone
    if answers is None:
        return
    run = ("--replications", str(answers.replications), "--seed", str(answers.seed))
    raid = ("raid", results.scenario.name, "--architecture", answers.architecture, "--raid", answers.raid)
    if forms:
        yield from (_line(*raid, "--c2", row.label, *run) for row in answers.forms)
        return
    for option, rows in (("--decision-s", answers.decisions), ("--link-availability", answers.links)):
        yield from (_line(*raid, "--c2", row.group, option, f"{row.value:g}", *run) for row in rows)


def _aim(latitude_deg: float, longitude_deg: float) -> str:
    return f"{latitude_deg:.5f},{longitude_deg:.5f}"
