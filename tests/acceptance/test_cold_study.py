"""A study on a new machine: all of its kernels are compiled beside it, and it can be ended meanwhile."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import cast

import pytest

import hoplon

PACKAGE = Path(hoplon.__file__).parent
_MARK = "asked for: "
# With one core all is done in this process.
_NOTED = f"""
import os
os.cpu_count = lambda: 1
from hoplon.kernel_cache import CalledCache, KernelCache
plain = KernelCache.load_overload
def noted(cache, types, target):
    if not isinstance(cache, CalledCache):
        print(f"{_MARK}{{{{cache._py_func.__module__}}}}.{{{{cache._py_func.__qualname__}}}} {{{{types}}}}", flush=True)
    return plain(cache, types, target)
KernelCache.load_overload = noted
{{work}}
"""


def environment(cache: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": str(cache)}


def kept(cache: Path) -> set[str]:
    return {path.name for kind in ("entry", "called") for path in cache.rglob(f"*.{kind}.*")}


def of_cache(cache: Path) -> list[int]:
    """Return the processes that have a cache in their environment."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if str(cache).encode() in (place / "environ").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


def kernels_of(work: str) -> set[str]:
    """Return the kernels that a process of its own asks for while it works in Python: function and types, a line each.

    What is asked for on a machine that has the kernels is what has to be compiled on one that has none.
    """
    command, given = [sys.executable, "-c", _NOTED.format(work=work)], {**os.environ, "PYTHONPATH": str(PACKAGE.parent)}
    ended = subprocess.run(command, env=given, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return {line.removeprefix(_MARK) for line in ended.stdout.splitlines() if line.startswith(_MARK)}


@pytest.mark.slow
def test_what_is_compiled_beside_is_all_that_a_study_needs(tmp_path: Path) -> None:
    words = ["study", "toy", "-o", str(tmp_path / "study")]
    study = kernels_of(f"from hoplon.cli import main\nassert main({words!r}) == 0")
    beside = kernels_of("from hoplon.questions.kernels import PARTS\nfor part in PARTS.values(): part()")
    assert len(study) > 20
    assert study - beside == set()


@pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="kernels are compiled beside on two cores and more")
@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_interrupt_while_kernels_are_compiled_leaves_no_process(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "hoplon", "study", "toy", "-o", str(tmp_path / "study")]
    with subprocess.Popen(command, env=environment(cache), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
        told, text = cast(io.BufferedReader, run.stderr), b""
        while b"compiling for this machine, once: coverage, raids, " not in text:
            part = told.read1(4096)
            assert part, text
            text += part
        while len(kept(cache)) < 5:
            time.sleep(0.1)
        began = time.monotonic()
        run.send_signal(signal.SIGINT)
        told.read()
        assert run.wait() == 130
    assert time.monotonic() - began < 20.0  # it took a second or two; and there were minutes to go
    ended = time.monotonic()
    while of_cache(cache) and time.monotonic() - ended < 10.0:
        time.sleep(0.1)
    assert of_cache(cache) == []
    assert not (tmp_path / "study" / "report.html").exists()
