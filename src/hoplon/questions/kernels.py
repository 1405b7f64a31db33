"""The kernels of a study, compiled on every core before it on a new machine.

Each part of a small bundled study compiles what the same part of any study runs; where the smallest lacks something,
another one has it. The parts share what they need: a kernel that one process is compiling, the others wait for, and
read back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from hoplon.analysis.raid.federation import federate
from hoplon.analysis.raid.result import raid_setup
from hoplon.analysis.raid.sweeps import raid_sweeps
from hoplon.analysis.track import track
from hoplon.kernel_folder import CompiledParts
from hoplon.processes import Beside, first_done
from hoplon.progress import Progress
from hoplon.questions.asked import answered
from hoplon.questions.question import Question, every_question
from hoplon.questions.requests import of_every_architecture
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

_SMALL: Final = "toy"
_OF_RAIDS: Final = "gulf"  # whose raids are met by prediction, too
_OF_OBJECTS: Final = "pacific"  # whose threats have objects to tell apart
_ONCE: Final = "compiling for this machine, once"
_MOST_PROCESSES: Final = 3  # on two cores too, where one waits for another; each takes half a gigabyte


def _coverage() -> None:
    study = _small()
    more = [request for question in every_question() for request in question.coverages(study.scenario)]
    study.compute([*of_every_architecture(study.scenario), *more])
    coverage = Question("coverage")
    answered(study, coverage, coverage.answer(study))


def _raids() -> None:
    raid_sweeps(load_scenario(_OF_RAIDS), replications=2)


def _subsets() -> None:
    Question("survivability").answer(_small())


def _losses() -> None:
    Question("elements").answer(_small())


def _flight() -> None:
    _ = _small().named_flight
    Question("discrimination").answer(Study(load_scenario(_OF_OBJECTS)))


PARTS: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {
        "coverage": _coverage,
        "raids": _raids,
        "subsets of sites": _subsets,
        "one flight": _flight,
        "losses of elements": _losses,
    }
)
"""What compiles the kernels of each part of a study, what takes longest first."""


def _small() -> Study:
    return Study(load_scenario(_SMALL))


def _network() -> None:
    scenario = load_scenario(_SMALL)
    group = next(iter(scenario.raids.values())).threats[0]
    aim = (group.aim.latitude_deg, group.aim.longitude_deg)
    track(scenario, next(iter(scenario.architectures)), group.from_, aim, group.threat)


def _coalitions() -> None:
    scenario = load_scenario(_SMALL).set("doctrine.shots_required", 2)  # where a player may harm, each one is judged
    Study(scenario).site_game(next(iter(scenario.architectures)))


def _federation() -> None:
    scenario = load_scenario(_SMALL)
    federate(raid_setup(scenario, next(iter(scenario.architectures)), next(iter(scenario.raids))), seed=1)


BEYOND: Final[Mapping[str, Callable[[], None]]] = MappingProxyType(
    {"sensor network": _network, "coalitions one by one": _coalitions}
    | ({"federation": _federation} if hasattr(os, "fork") else {})
)
"""What compiles the kernels that single commands run and no study does."""


def parts_of(scenario: Scenario) -> tuple[str, ...]:
    """Return the parts whose kernels a study of a scenario runs."""
    return tuple(name for name in PARTS if name != "raids" or scenario.raids)


def compile_beside(scenario: Scenario, progress: Progress) -> Progress:
    """Compile the kernels of a study that were never compiled here, in processes of their own, and wait for them.

    Nothing is begun where all are compiled, where none are kept, or on a single core: there they are compiled when they
    are needed. What fails is compiled when it is needed, too.

    Parameters
    ----------
    scenario : Scenario
        What is studied.
    progress : callable
        Told which parts are compiled, how many are done, and how many kernels.

    Returns
    -------
    callable
        The progress of the rest, which says so if kernels are compiled meanwhile.
    """
    parts, cores = CompiledParts(), os.cpu_count() or 1
    missing = [name for name in parts_of(scenario) if not parts.done(name)]
    if not missing:
        return progress
    if cores == 1 or not parts.kept:
        return progress if parts.kernels() else _told(progress)
    _compile(missing, parts, progress)
    return progress


def compile_all(progress: Progress) -> None:
    """Compile every kernel that was never compiled here, whatever scenario needs it; nothing where none are kept.

    On a single core it is this process that compiles.
    """
    parts, every = CompiledParts(), {**PARTS, **BEYOND}
    missing = [name for name in every if not parts.done(name)] if parts.kept else []
    if (os.cpu_count() or 1) > 1:
        _compile(missing, parts, progress)
        return
    for done, name in enumerate(missing):
        progress(done, len(missing), f"{_ONCE}: {name}; {parts.kernels()} kernels so far")
        every[name]()
        parts.mark(name)
        progress(done + 1, len(missing), f"{_ONCE}: {name}")


def _compile(missing: list[str], parts: CompiledParts, progress: Progress) -> None:
    """Compile parts beside this process, and tell which and how many kernels."""
    for done, names in _compiling(missing, _MOST_PROCESSES, parts):
        what = f"{', '.join(names)}; {parts.kernels()} kernels so far" if names else "done"
        progress(done, len(missing), f"{_ONCE}: {what}")


def _told(progress: Progress) -> Progress:
    """Return a progress that says why nothing moves for a minute."""

    def tell(done: int, total: int, text: str) -> None:
        progress(done, total, f"{_ONCE}; {text}")

    return tell


def _compiling(missing: list[str], most: int, parts: CompiledParts) -> Iterator[tuple[int, list[str]]]:
    """Compile parts, so many at a time; yield twice a second how many are done, and which are being compiled."""
    waiting, running, done = list(missing), dict[str, Beside](), 0
    with contextlib.ExitStack() as processes:
        while waiting or running:
            while waiting and len(running) < most:
                name = waiting.pop(0)
                running[name] = processes.enter_context(Beside({**PARTS, **BEYOND}[name]))
            yield done, list(running)
            for name in first_done(running, seconds=0.5):
                if running.pop(name).results():
                    parts.mark(name)
                done += 1
    yield done, []
