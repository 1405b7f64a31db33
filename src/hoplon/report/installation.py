"""What hoplon runs on: versions, processor, threads, compiled kernels, browser, extras, and how fast it is here.

What is wrong with an installation (a package that is missing, or older than what hoplon needs) is a problem, with its
remedy; what merely costs time or leaves a file out (no kernels kept, no browser) is a note.
"""

from __future__ import annotations

import importlib.metadata
import os
import platform
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from hoplon.analysis.records import Answer, Row
from hoplon.progress import Progress, silent
from hoplon.report.pdf import VARIABLE, browser_found
from hoplon.version import VERSION

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_NAME: Final = "hoplon"
_BENEATH: Final = ("llvmlite",)  # what a package brings along and what matters to know
_SCENARIO: Final = "toy"
_ARCHITECTURE: Final = "fast"
_ROUNDS: Final = 5
_MOST_S: Final = 3.0  # [s] of rounds, the first apart
_ANGLES: Final = 1_000_000


@dataclass(frozen=True)
class InstalledPackage:
    """A package that hoplon uses.

    Parameters
    ----------
    name : str
    version : str or None
        None where it is not installed.
    needed : str
        The versions that do: ``>=2.0``; empty for any.
    extra : str or None
        The extra that it belongs to; None for what hoplon cannot do without.
    fits : bool
        Whether the version is one of those.
    """

    name: str
    version: str | None
    needed: str
    extra: str | None
    fits: bool


@dataclass(frozen=True)
class KeptKernels:
    """The folder of compiled kernels.

    Parameters
    ----------
    folder : str or None
        None where they are not kept.
    writable : bool
    kernels : int
        How many are kept, each signature by itself.
    parts : dict
        Whether each part of a study was compiled whole for this processor, by name.
    """

    folder: str | None
    writable: bool
    kernels: int
    parts: dict[str, bool]


@dataclass(frozen=True)
class Benchmark:
    """How long coverage takes here, beside NumPy alone in the same run.

    Parameters
    ----------
    flights : int
        Threat flights of a small bundled scenario, each solved and judged against every battery.
    ms_per_1000_flights : float
        Least time of some rounds.
    reference_ms : float
        Least time in which NumPy finds a million great-circle angles on one thread.
    ratio : float
        The first time over the second.
    """

    flights: int
    ms_per_1000_flights: float
    reference_ms: float
    ratio: float


@dataclass(frozen=True, repr=False)
class Installation(Answer):
    """What hoplon runs on, and what is wrong with it.

    Parameters
    ----------
    python, system, machine, processor : str
    cores : int
        Those that this process may use.
    threads : int
        Of a parallel kernel.
    threading_layer : str or None
        What runs them; None where nothing has run in parallel.
    packages : tuple of InstalledPackage
    extras : dict
        Whether all packages of each extra are there, by its name.
    kernels : KeptKernels
    browser : str or None
        The Chromium that prints PDF.
    benchmark : Benchmark or None
        None where a package is missing that it needs.
    problems, notes : tuple of str
        What is wrong, and what hoplon does without; each with its remedy.
    """

    python: str
    system: str
    machine: str
    processor: str
    cores: int
    threads: int
    threading_layer: str | None
    packages: tuple[InstalledPackage, ...]
    extras: dict[str, bool]
    kernels: KeptKernels
    browser: str | None
    benchmark: Benchmark | None
    problems: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems

    def line(self) -> str:
        """Return the verdict in one line."""
        wrong = f"{len(self.problems)} problem{'' if len(self.problems) == 1 else 's'}" if self.problems else "sound"
        return f"hoplon {VERSION}, Python {self.python}, {self.system}: {wrong}"

    def rows(self) -> Sequence[Row]:
        """Return the packages, one row each."""
        return [asdict(package) for package in self.packages]

    def as_json(self) -> dict[str, Any]:
        """Return what the command prints."""
        named = ("python", "system", "machine", "processor", "cores", "threads", "threading_layer")
        return {
            "passed": self.passed,
            **{name: getattr(self, name) for name in named},
            "packages": self.rows(),
            "extras": self.extras,
            "kernels": asdict(self.kernels),
            "browser": self.browser,
            "benchmark": None if self.benchmark is None else asdict(self.benchmark),
            "problems": list(self.problems),
            "notes": list(self.notes),
        }


def doctor(*, warm: bool = False, progress: Progress = silent) -> Installation:
    """Look at what hoplon runs on, and measure how fast it is here.

    Parameters
    ----------
    warm : bool
        Compile every kernel that was never compiled here first, on every core.
    progress : callable
        Told of what is compiled.

    Returns
    -------
    Installation
        ``passed``, ``packages``, ``kernels``, ``benchmark``, ``problems``, ``notes``.
    """
    packages = _packages()
    problems = tuple(_wrong_with(package) for package in packages if not package.fits)
    whole = all(package.version is not None for package in packages if package.extra is None)
    if warm and whole:
        from hoplon.report.kernels import compile_all

        compile_all(progress)
    benchmark = _benchmark(progress) if whole else None
    kernels = _kernels() if whole else KeptKernels(None, writable=False, kernels=0, parts={})
    threads, layer = _threads() if whole else (0, None)
    extras = _extras(packages)
    browser = browser_found()
    return Installation(
        python=platform.python_version(),
        system=platform.platform(),
        machine=platform.machine(),
        processor=_processor(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        threads=threads,
        threading_layer=layer,
        packages=packages,
        extras=extras,
        kernels=kernels,
        browser=browser,
        benchmark=benchmark,
        problems=problems,
        notes=tuple(_notes(kernels, browser, extras)) if whole else (),
    )


def _requirements() -> list[Requirement]:
    """Return what the installed hoplon declares; nothing where it runs from sources that are not installed."""
    from packaging.requirements import Requirement

    try:
        declared = importlib.metadata.requires(_NAME) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [Requirement(text) for text in declared]


def _packages() -> tuple[InstalledPackage, ...]:
    """Return the packages that hoplon declares, and some beneath them."""
    found = []
    for requirement in _requirements():
        extra = re.search(r"extra == [\"']([\w-]+)", str(requirement.marker or ""))
        if requirement.marker is not None and extra is None and not requirement.marker.evaluate():
            continue  # of other systems
        version = _version(requirement.name)
        fits = extra is not None if version is None else requirement.specifier.contains(version, prereleases=True)
        needed, group = str(requirement.specifier), None if extra is None else extra[1]
        found.append(InstalledPackage(requirement.name, version, needed, group, fits))
    beneath = [InstalledPackage(name, _version(name), "", None, _version(name) is not None) for name in _BENEATH]
    return (*found, *beneath)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def _wrong_with(package: InstalledPackage) -> str:
    """Return what is wrong with a package, and what to do."""
    is_there = "is not installed" if package.version is None else f"is {package.version}"
    wanted = f"{package.name}{package.needed}"
    return f"{package.name} {is_there}, hoplon needs {package.needed or 'it'}: pip install '{wanted}'"


def _extras(packages: Sequence[InstalledPackage]) -> dict[str, bool]:
    """Return whether each extra is there, by name."""
    names = dict.fromkeys(package.extra for package in packages if package.extra is not None)
    return {name: all(package.version is not None for package in packages if package.extra == name) for name in names}


def _processor() -> str:
    """Return the name of the processor, as the system tells it."""
    described = Path("/proc/cpuinfo")
    if described.is_file():
        found = re.search(r"^model name\s*:\s*(.+)$", described.read_text(errors="replace"), re.MULTILINE)
        if found is not None:
            return found[1]
    return platform.processor() or platform.machine()


def _threads() -> tuple[int, str | None]:
    """Return how many threads a parallel kernel has, and what runs them."""
    import numba

    try:
        layer = numba.threading_layer()  # type: ignore[attr-defined]
    except ValueError:  # nothing has run in parallel
        layer = None
    return numba.get_num_threads(), layer


def _kernels() -> KeptKernels:
    """Return where compiled kernels are kept, and how many."""
    from hoplon import kernel_cache
    from hoplon.kernel_cache import CompiledParts, folder_of_kernels, kernels_digest
    from hoplon.report.kernels import BEYOND, PARTS

    parts = CompiledParts()
    folder = folder_of_kernels(kernels_digest(Path(kernel_cache.__file__).parent)) if parts.kept else None
    writable = folder is not None and os.access(folder, os.W_OK)
    return KeptKernels(folder, writable, parts.kernels(), {name: parts.done(name) for name in (*PARTS, *BEYOND)})


def _notes(kernels: KeptKernels, browser: str | None, extras: dict[str, bool]) -> Iterator[str]:
    """Yield what hoplon does without, and how to have it."""
    if not kernels.writable:
        yield "compiled kernels are not kept, and every command compiles: set NUMBA_CACHE_DIR to a folder of your own"
    elif not all(kernels.parts.values()):
        yield "not every kernel is compiled for this processor: hoplon doctor --warm compiles them all"
    if browser is None:
        yield f"no Chromium for comprehensive.pdf was found: install one, or name it in {VARIABLE}"
    for name, present in extras.items():
        if not present:
            yield f"the extra {name} is not installed: pip install 'hoplon[{name}]'"


def _benchmark(progress: Progress) -> Benchmark:
    """Judge the flights of a small coverage some times, and let NumPy find angles beside."""
    from hoplon.analysis.coverage import aim_points
    from hoplon.analysis.defence import defence_of
    from hoplon.analysis.flights import flights_between
    from hoplon.analysis.stages import MAP_STEP
    from hoplon.defence.assembly import best_shots
    from hoplon.intercept.reach import reach_of
    from hoplon.scenario.load import load_scenario

    scenario = load_scenario(_SCENARIO)
    defence = defence_of(scenario, scenario.architecture(_ARCHITECTURE))
    points = aim_points(scenario)
    launches = [(name, area.at.latitude_deg, area.at.longitude_deg) for name, area in scenario.launch_areas.items()]
    reaches = {interceptor: reach_of(interceptor) for interceptor in defence.interceptors}
    flown = 0

    def judge() -> None:
        nonlocal flown
        flights = flights_between(scenario, list(scenario.threats), launches, points.latitude_deg, points.longitude_deg)
        whole = [slice(0, len(flights))]
        best_shots(flights.elements, flights.classes, [defence], [1], reaches.__getitem__, MAP_STEP, whole)
        flown = len(flights)

    progress(0, 2, "measuring; what was never compiled here is compiled first")
    judge()
    progress(1, 2, "measuring")
    seconds = _least_seconds(judge)
    reference = _least_seconds(_angles)
    progress(2, 2, "measured")
    each = 1e3 * seconds / flown * 1e3
    return Benchmark(flown, each, 1e3 * reference, each / (1e3 * reference))


def _angles() -> None:
    """Find the great-circle angles between many places by NumPy alone."""
    import numpy as np

    latitude, longitude = np.linspace(-1.5, 1.5, _ANGLES), np.linspace(-3.0, 3.0, _ANGLES)
    np.arccos(np.sin(latitude) * np.sin(0.7) + np.cos(latitude) * np.cos(0.7) * np.cos(longitude))


def _least_seconds(work: Callable[[], None]) -> float:
    """Return the least time of some rounds."""
    times: list[float] = []
    while len(times) < _ROUNDS and sum(times) < _MOST_S:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)
