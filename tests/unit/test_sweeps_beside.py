"""The sweeps of raids in a process of their own: those computed here, and never longer than what asks for them."""

import os
import signal
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from hoplon import compiled
from hoplon.analysis.raid import beside
from hoplon.analysis.raid.beside import SweepsBeside
from hoplon.analysis.raid.sweeps import raid_sweeps
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario

TOY = load_scenario("toy")


@pytest.fixture(autouse=True)
def _two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def test_they_are_those_computed_here() -> None:
    study = Study(TOY)
    with study.raids_beside():
        found = study.raid_sweeps
    assert found == raid_sweeps(TOY)


def test_a_killed_process_leaves_them_to_who_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "raid_sweeps", lambda scenario: scenario.name)
    with SweepsBeside(TOY) as begun:
        assert begun._process is not None
        assert begun._process.pid is not None
        os.kill(begun._process.pid, signal.SIGKILL)
        assert begun.sweeps() == "toy"


def test_it_ends_with_what_began_it() -> None:
    begun = []

    def broken_off() -> None:
        with SweepsBeside(TOY) as sweeps:
            begun.append(sweeps._process)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert [process is not None and process.is_alive() for process in begun] == [False]


def test_without_raids_nothing_is_begun() -> None:
    with SweepsBeside(replace(TOY, raids=MappingProxyType({}))) as begun:
        assert begun._process is None
        assert begun.sweeps() is None


def test_one_core_has_none_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with SweepsBeside(TOY) as begun:
        assert begun._process is None


def test_a_machine_is_new_until_the_first_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_FOLDER", str(tmp_path))
    assert compiled.first_compilation()
    (tmp_path / "flight").mkdir()
    (tmp_path / "flight" / "arc.nbi").touch()
    assert not compiled.first_compilation()
    monkeypatch.setattr(compiled, "_FOLDER", None)
    assert not compiled.first_compilation()
