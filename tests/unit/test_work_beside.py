"""Work in a process of its own beside a study: the same results, and it ends with the study whatever ends that."""

import os
import signal
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest

from hoplon import compiled
from hoplon.analysis.raid.sweeps import raid_sweeps
from hoplon.analysis.sampling.kept_shares import KeptShares
from hoplon.processes import Beside
from hoplon.questions.study import Study
from hoplon.scenario.geography import places
from hoplon.scenario.load import load_scenario
from hoplon.scenario.model import Scenario

TOY = load_scenario("toy")
BOUNDED = """
extends: toy
hoplon: 1
name: bounded
raids: null
interceptors: {exo-45: {burnout_speed_km_s: {value: 4.5, low: 3.5, high: 5.5}}}
"""


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def twice(number: int) -> int:
    return 2 * number


def wait_long() -> None:
    time.sleep(600)


def fail() -> None:
    raise ValueError


def test_a_result_comes_back() -> None:
    with Beside(twice, 21) as work:
        assert work.results() == (42,)


def test_an_error_is_left_to_who_needs_the_result() -> None:
    with Beside(fail) as work:
        assert work.results() == ()


def test_a_killed_process_has_no_result() -> None:
    with Beside(wait_long) as work:
        assert work.process is not None
        assert work.process.pid is not None
        os.kill(work.process.pid, signal.SIGKILL)
        assert work.results() == ()


def test_it_ends_with_what_began_it() -> None:
    begun = []

    def broken_off() -> None:
        with Beside(wait_long) as work:
            begun.append(work.process)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert [process is not None and process.is_alive() for process in begun] == [False]


def test_one_core_has_none_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with Beside(twice, 21) as work:
        assert work.process is None
        assert work.results() == ()


def test_raids_are_those_computed_here() -> None:
    study = Study(TOY)
    with study.work_beside():
        found = study.raid_sweeps
    assert found == raid_sweeps(TOY)


def test_without_raids_or_a_folder_nothing_is_begun() -> None:
    study = Study(replace(TOY, raids=MappingProxyType({})))
    with study.work_beside():
        assert not study._beside


@pytest.mark.slow
def test_the_band_sampled_beside_is_that_sampled_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "s.yaml"
    file.write_text(BOUNDED)
    scenario: Scenario = load_scenario(file)
    towns = places(tuple(scenario.nations))
    towns = towns.subset(towns.population > 300_000.0)
    here = Study(scenario, towns)
    with (beside := Study(scenario, towns, tmp_path / "store")).work_beside():
        beside._beside["sample"].results()
        parts = sorted((tmp_path / "store").glob("*.shares"))
        assert len(parts) == 17  # of 257 rows, 16 together
        kept: list[object] = []
        monkeypatch.setattr(KeptShares, "keep", lambda *_: kept.append(_))
        band = beside.band("fast-remote")
    assert not kept  # every part was found
    expected = here.band("fast-remote")
    assert expected is not None
    assert band is not None
    assert band == expected
    assert np.isfinite([band.low, band.high]).all()


def test_a_machine_is_new_until_the_first_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_FOLDER", str(tmp_path))
    assert compiled.first_compilation()
    (tmp_path / "flight").mkdir()
    (tmp_path / "flight" / "arc.nbi").touch()
    assert not compiled.first_compilation()
    monkeypatch.setattr(compiled, "_FOLDER", None)
    assert not compiled.first_compilation()
