"""What hoplon runs on: versions, processor, threads, compiled kernels, browser, extras, and how fast it is here.

What is wrong with an installation (a package that is missing, or older than what hoplon needs) is a problem, with its
remedy; what merely costs time or leaves a file out (no kernels kept, no browser) is a note.
"""

from __future__ import annotations

import os
import platform
import re
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from hoplon.analysis.records import Answer, Row
from hoplon.progress import Progress, silent
from hoplon.report.installed.benchmark import Benchmark
from hoplon.report.installed.benchmark import benchmark as measured
from hoplon.report.installed.packages import InstalledPackage, extras_of, packages_found, wrong_with
from hoplon.report.pdf import VARIABLE, browser_found
from hoplon.version import VERSION


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
            "extras": dict(self.extras),
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
    packages = packages_found()
    problems = tuple(wrong_with(package) for package in packages if not package.fits)
    whole = all(package.version is not None for package in packages if package.extra is None)
    if warm and whole:
        from hoplon.questions.kernels import compile_all

        compile_all(progress)
    benchmark = measured(progress) if whole else None
    kernels = _kernels() if whole else KeptKernels(None, writable=False, kernels=0, parts={})
    threads, layer = _threads() if whole else (0, None)
    extras = extras_of(packages)
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
    from hoplon import kernel_folder
    from hoplon.kernel_folder import CompiledParts, folder_of_kernels, kernels_digest
    from hoplon.questions.kernels import BEYOND, PARTS

    parts = CompiledParts()
    folder = folder_of_kernels(kernels_digest(Path(kernel_folder.__file__).parent)) if parts.kept else None
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
    absent = [name for name, present in extras.items() if not present]
    if absent:
        named = f"the extra {absent[0]} is" if len(absent) == 1 else f"the extras {', '.join(absent)} are"
        yield f"{named} not installed: pip install 'hoplon[{','.join(absent)}]'"
