"""Compiling beside a study: on a new machine alone, and never longer than the study itself."""

import os
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pytest

from hoplon import compiled
from hoplon.report import compiling
from hoplon.report.compiling import compiling_beside, said
from hoplon.scenario.load import load_scenario

TOY = load_scenario("toy")


def wait_long() -> None:
    time.sleep(600)


@pytest.fixture
def new_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "first_compilation", lambda: True)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setattr(compiling, "_compile_raids", wait_long)


@pytest.mark.usefixtures("new_machine")
def test_it_ends_with_the_study_whatever_ends_that() -> None:
    begun = []

    def broken_off() -> None:
        with compiling_beside(TOY) as process:
            assert process is not None
            assert process.is_alive()
            begun.append(process)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        broken_off()
    assert [process.is_alive() for process in begun] == [False]


@pytest.mark.usefixtures("new_machine")
def test_a_scenario_without_raids_needs_none() -> None:
    with compiling_beside(replace(TOY, raids=MappingProxyType({}))) as process:
        assert process is None


@pytest.mark.usefixtures("new_machine")
def test_one_core_has_none_to_spare(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    with compiling_beside(TOY) as process:
        assert process is None


def test_a_machine_is_new_until_the_first_kernel_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled, "_FOLDER", str(tmp_path))
    assert compiled.first_compilation()
    (tmp_path / "flight").mkdir()
    (tmp_path / "flight" / "arc.nbi").touch()
    assert not compiled.first_compilation()
    monkeypatch.setattr(compiled, "_FOLDER", None)
    assert not compiled.first_compilation()


def test_progress_says_what_goes_on() -> None:
    told: list[str] = []
    said(lambda done, total, text: told.append(text))(1, 2, "every architecture")
    assert told == ["compiling for this machine, once; every architecture"]
