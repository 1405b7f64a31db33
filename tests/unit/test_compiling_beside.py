"""Kernels compiled beside a study: begun only where something is missing, told, and ended with whatever waits."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import time
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

import hoplon
from hoplon import processes
from hoplon.analysis.subsets import learning
from hoplon.defence.winning_sets import tabulated_coalitions
from hoplon.kernel_folder import CompiledParts
from hoplon.progress import silent
from hoplon.questions import kernels
from hoplon.questions.kernels import compile_beside, parts_of
from hoplon.scenario.load import load_scenario

TOY = load_scenario("toy")


@pytest.fixture
def new_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def quick() -> None:
    """Compile nothing."""


def failing() -> None:
    raise ValueError


def endless() -> None:
    time.sleep(600)


def parts(monkeypatch: pytest.MonkeyPatch, **given: object) -> None:
    monkeypatch.setattr(kernels, "PARTS", MappingProxyType(given))


def no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def begun(*_: object) -> None:
        raise AssertionError("a process was begun")

    monkeypatch.setattr(processes.Beside, "_begin", begun)


@pytest.mark.usefixtures("new_machine")
def test_every_part_is_told_and_done_once(monkeypatch: pytest.MonkeyPatch) -> None:
    parts(monkeypatch, one=quick, two=quick, three=quick)
    told: list[tuple[int, int, str]] = []
    compile_beside(TOY, lambda *step: told.append(step))
    assert told[0] == (0, 3, "compiling for this machine, once: one, two, three; 0 kernels so far")
    assert told[-1] == (3, 3, "compiling for this machine, once: done")
    assert all(CompiledParts().done(name) for name in ("one", "two", "three"))
    no_process(monkeypatch)
    compile_beside(TOY, silent)


@pytest.mark.usefixtures("new_machine")
def test_the_same_sources_elsewhere_are_compiled_there(tmp_path: Path) -> None:
    """Numba keeps kernels by the path of their sources: what one installation compiled, another has to."""
    for name in ("here", "there"):
        shutil.copytree(Path(hoplon.__file__).parent, tmp_path / name, ignore=shutil.ignore_patterns("static", "*.gz"))
    CompiledParts(tmp_path / "here").mark("one")
    assert CompiledParts(tmp_path / "here").done("one")
    assert not CompiledParts(tmp_path / "there").done("one")


@pytest.mark.usefixtures("new_machine")
def test_what_failed_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    parts(monkeypatch, good=quick, bad=failing)
    compile_beside(TOY, silent)
    assert CompiledParts().done("good")
    assert not CompiledParts().done("bad")


@pytest.mark.usefixtures("new_machine")
def test_one_core_begins_nothing_and_says_what_is_compiled_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    parts(monkeypatch, one=quick)
    no_process(monkeypatch)
    told: list[tuple[int, int, str]] = []
    compile_beside(TOY, lambda *step: told.append(step))(1, 2, "coverage")
    assert told == [(1, 2, "compiling for this machine, once; coverage")]


@pytest.mark.usefixtures("new_machine")
def test_an_interrupt_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    parts(monkeypatch, one=endless, two=endless)
    seen: list[int] = []

    def interrupted(*_: object) -> None:
        seen.append(len(multiprocessing.active_children()))
        if len(seen) == 2:
            raise KeyboardInterrupt

    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        compile_beside(TOY, interrupted)
    assert seen == [2, 2]
    assert multiprocessing.active_children() == []
    assert time.monotonic() - began < 60.0  # and not the ten minutes that each would take


def test_a_scenario_without_raids_compiles_none() -> None:
    assert "raids" in parts_of(TOY)
    assert "raids" not in parts_of(replace(TOY, raids=MappingProxyType({})))


def test_what_judges_coalitions_one_by_one_is_compiled_beyond_a_study(monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[int] = []

    def spy(*given: Any) -> Any:
        judged.append(len(given[0]))
        return tabulated_coalitions(*given)

    monkeypatch.setattr(learning, "tabulated_coalitions", spy)
    kernels.BEYOND["coalitions one by one"]()
    assert sum(judged) > 0
