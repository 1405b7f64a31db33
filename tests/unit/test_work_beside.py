"""Work in a process of its own beside a study: the same results, and it ends with the study whatever ends that."""

import contextlib
import multiprocessing
import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from hoplon import processes
from hoplon.analysis.raid.sweeps import raid_sweeps
from hoplon.processes import Beside, beginning_processes
from hoplon.questions.question import Question
from hoplon.questions.study import Study
from hoplon.scenario.load import load_scenario

TOY = load_scenario("toy")
EVERY_QUESTION = Path(__file__).parents[1] / "data" / "every-question.yaml"


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


def test_an_interrupt_while_it_begins_leaves_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextlib.contextmanager
    def interrupted() -> Iterator[None]:
        with beginning_processes():
            yield
        raise KeyboardInterrupt

    processes.begin_forking()
    monkeypatch.setattr(processes, "begin_forking", lambda: multiprocessing.get_context("forkserver"))
    monkeypatch.setattr(processes, "beginning_processes", interrupted)
    work = Beside(wait_long)
    with pytest.raises(KeyboardInterrupt):
        work.__enter__()
    assert work.process is not None
    assert not work.process.is_alive()


def works(study: Study, *names: str) -> dict[str, Any]:
    found = {name: Question(name).beside(study) for name in names}
    return {name: work for name, work in found.items() if work is not None}


def test_raids_are_those_computed_here() -> None:
    study = Study(TOY)
    with study.working_beside(works(study, "raids")):
        found = study.raid_sweeps
    assert found == raid_sweeps(TOY)
    assert study.beside("raids") == ()


def test_mixes_are_those_computed_here() -> None:
    scenario = load_scenario(EVERY_QUESTION)
    study, here = Study(scenario), Study(scenario)
    question = Question("mix")
    begun = works(study, "mix")
    assert begun
    with study.working_beside(begun):
        found = question.answer(study)
    assert found is not None
    assert found == question.answer(here)


def test_without_raids_nothing_is_begun() -> None:
    assert works(Study(replace(TOY, raids=MappingProxyType({}))), "raids") == {}
