"""The command doctor: what it finds, what it calls wrong, what it compiles."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import shutil
import stat
from pathlib import Path
from types import MappingProxyType

import numba
import numpy as np
import pytest

import hoplon
from hoplon.analysis.coverage import aim_points
from hoplon.cli import main
from hoplon.questions import kernels
from hoplon.report.installed import doctor as found_here
from hoplon.report.installed.benchmark import Benchmark
from hoplon.scenario.load import load_scenario
from hoplon.version import VERSION

DECLARED = ["numpy>=2.0", "numba>=0.61", 'distributed>=2025.1; extra == "dask"', 'SALib>=1.5; extra == "indices"']


@pytest.fixture
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda name: DECLARED if name == "hoplon" else None)


@pytest.fixture
def unmeasured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(found_here, "measured", lambda progress: Benchmark(1, 1.0, 1.0, 1.0))


def test_what_is_printed_is_what_is_here(declared: None, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["doctor", "--json"])
    told = json.loads(capsys.readouterr().out)
    packages = {row["name"]: row for row in told["packages"]}
    assert (code, told["passed"], told["problems"]) == (0, True, [])
    assert (told["version"], told["python"], told["machine"]) == (
        VERSION,
        platform.python_version(),
        platform.machine(),
    )
    assert told["threads"] == numba.get_num_threads()
    assert packages["numpy"] == {
        "name": "numpy", "version": np.__version__, "needed": ">=2.0", "extra": None, "fits": True,
    }  # fmt: skip
    assert packages["llvmlite"]["version"] == importlib.metadata.version("llvmlite")
    assert set(told["extras"]) == {"dask", "indices"}
    assert Path(told["kernels"]["folder"]).is_dir()
    assert told["kernels"]["writable"] is True
    kept = [path for path in Path(told["kernels"]["folder"]).rglob("*") if ".entry." in path.name]
    assert told["kernels"]["kernels"] >= len(kept) > 0


def test_the_benchmark_counts_every_flight_and_a_ratio(declared: None) -> None:
    measured = hoplon.doctor().benchmark
    toy = load_scenario("toy")
    points = len(aim_points(toy).latitude_deg)
    assert measured is not None
    assert points < measured.flights <= points * len(toy.launch_areas) * len(toy.threats)
    assert measured.ratio == pytest.approx(measured.ms_per_1000_flights / measured.reference_ms)
    assert 0.01 < measured.ms_per_1000_flights < 1000.0


def test_what_is_missing_or_too_old_is_a_problem_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: ["numpy>=99", "no-such-package>=1.2"])
    assert main(["doctor"]) == 1
    said = capsys.readouterr().out
    assert f"problem: numpy is {np.__version__}, hoplon needs >=99: pip install 'numpy>=99'" in said
    assert "problem: no-such-package is not installed, hoplon needs >=1.2: pip install 'no-such-package>=1.2'" in said
    assert said.endswith(": 2 problems\n")
    assert main(["doctor", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["benchmark"] is None


def test_a_missing_extra_or_browser_is_a_note(
    monkeypatch: pytest.MonkeyPatch, unmeasured: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: ['no-such-package>=1; extra == "more"'])
    monkeypatch.setenv("HOPLON_BROWSER", str(tmp_path / "none"))
    found = hoplon.doctor()
    assert (found.passed, found.browser, found.extras) == (True, None, {"more": False})
    assert "the extra more is not installed: pip install 'hoplon[more]'" in found.notes
    both = ['no-such-package>=1; extra == "more"', 'none-such; extra == "most"', 'none-such; extra == "all"']
    monkeypatch.setattr(importlib.metadata, "requires", lambda _: both)
    assert "the extras more, most are not installed: pip install 'hoplon[more,most]'" in hoplon.doctor().notes
    assert [note for note in found.notes if note.startswith("no Chromium")] != []
    browser = tmp_path / "none"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(stat.S_IRWXU)
    assert hoplon.doctor().browser == shutil.which(str(browser)) == str(browser)


def nothing() -> None:
    """Compile nothing."""


@pytest.mark.parametrize("cores", [1, 2])
def test_warm_compiles_every_part_once_and_shows_a_bar(
    cores: int,
    declared: None,
    unmeasured: None,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    monkeypatch.setattr(kernels, "PARTS", MappingProxyType({"one": nothing}))
    monkeypatch.setattr(kernels, "BEYOND", MappingProxyType({"two": nothing}))
    assert not any(hoplon.doctor().kernels.parts.values())
    assert main(["doctor", "--warm"]) == 0
    told = capsys.readouterr()
    assert "compiling for this machine, once: one" in told.err
    assert "2/2" in told.err
    assert hoplon.doctor().kernels.parts == {"one": True, "two": True}
    assert main(["doctor", "--warm"]) == 0
    assert "compiling" not in capsys.readouterr().err
