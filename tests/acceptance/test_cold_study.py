"""A study on a new machine: its kernels are compiled beside it, it says the same as a warm one, and it can be ended."""

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
pytestmark = pytest.mark.skipif((os.cpu_count() or 1) == 1, reason="kernels are compiled beside on two cores and more")


def environment(cache: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(PACKAGE.parent), "NUMBA_CACHE_DIR": str(cache)}


def tables_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "tables").iterdir()}


def warm_tables(folder: Path) -> dict[str, bytes]:
    """Return every table of the toy study, made with the kernels that are kept already."""
    command = [sys.executable, "-m", "hoplon", "study", "toy", "-o", str(folder)]
    subprocess.run(command, env={**os.environ, "PYTHONPATH": str(PACKAGE.parent)}, capture_output=True, check=True)
    return tables_of(folder)


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


@pytest.mark.slow
def test_what_is_compiled_beside_is_all_that_a_study_needs_and_says_the_same(tmp_path: Path) -> None:
    cache, folder = tmp_path / "cache", tmp_path / "cold"
    command = [sys.executable, "-m", "hoplon", "study", "toy", "-o", str(folder)]
    with subprocess.Popen(command, env=environment(cache), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as cold:
        told, text = cast(io.BufferedReader, cold.stderr), b""
        while b"compiling for this machine, once: done" not in text:
            part = told.read1(4096)
            assert part, text
            text += part
        compiled = kept(cache)
        told.read()
        assert cold.wait() == 0
    assert len(compiled) > 200
    assert kept(cache) == compiled
    assert tables_of(folder) == warm_tables(tmp_path / "warm")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_an_interrupt_while_kernels_are_compiled_leaves_no_process(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    command = [sys.executable, "-m", "hoplon", "study", "toy", "-o", str(tmp_path / "study")]
    with subprocess.Popen(command, env=environment(cache), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as run:
        told, text = cast(io.BufferedReader, run.stderr), b""
        while b"compiling for this machine, once: coverage, raids; " not in text:
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
