"""The C yardstick: how many engagements a second hand-written AVX-512 code judges on this machine."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

FLAGS = ("-O3", "-march=native", "-mprefer-vector-width=512", "-ffast-math", "-DPOLY", "-fopenmp")
SOURCES = ("yardstick.c", "coverage_kernel.c")


@dataclass(frozen=True)
class Yardstick:
    """A built yardstick, or the reason why there is none."""

    program: Path | None
    reason: str = ""

    def seconds_per_engagement(self) -> float:
        """Run it once, on one thread, and return its CPU time per engagement [s]."""
        assert self.program is not None
        run = subprocess.run(
            [self.program], env={**os.environ, "OMP_NUM_THREADS": "1"}, capture_output=True, text=True, check=True
        )
        return 1.0 / float(json.loads(run.stdout)["engagements_per_cpu_s"])


def built() -> Yardstick:
    """Compile the yardstick with the line in its head into a temporary folder."""
    compiler = os.environ.get("CC") or shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return Yardstick(None, "no C compiler on this machine (cc, gcc or $CC)")
    if "avx512f" not in _processor_flags():
        return Yardstick(None, "this processor has no AVX-512, which the yardstick is written in")
    program = Path(tempfile.mkdtemp(prefix="hoplon-yardstick-")) / "yardstick"
    here = Path(__file__).parent
    command = [compiler, *FLAGS, "-o", str(program), *(str(here / source) for source in SOURCES), "-lm"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        return Yardstick(None, f"the compiler refused the yardstick: {result.stderr.strip().splitlines()[-1:]}")
    return Yardstick(program)


def _processor_flags() -> str:
    listing = Path("/proc/cpuinfo")
    return listing.read_text(encoding="utf-8") if listing.exists() else ""
