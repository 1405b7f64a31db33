"""The solver says nothing on standard output, whatever its version prints as it is made."""

from __future__ import annotations

import os
from typing import Any

import highspy
import pytest

from hoplon.solver import quiet_solver


def test_a_banner_goes_to_standard_error_and_standard_output_is_back_after_it(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    made = highspy.Highs

    def talkative() -> Any:
        os.write(1, b"Running HiGHS\n")
        return made()

    monkeypatch.setattr(highspy, "Highs", talkative)
    solver = quiet_solver({"mip_max_nodes": 7})
    os.write(1, b"the answer\n")
    printed = capfd.readouterr()
    assert printed.out == "the answer\n"
    assert printed.err == "Running HiGHS\n"
    settings = solver.getOptions()
    assert (settings.output_flag, settings.threads, settings.mip_max_nodes) == (False, 1, 7)


def test_a_solver_is_made_where_standard_error_is_closed(capfd: pytest.CaptureFixture[str]) -> None:
    kept = os.dup(2)
    os.close(2)
    try:
        assert not quiet_solver({}).getOptions().output_flag
    finally:
        os.dup2(kept, 2)
        os.close(kept)
