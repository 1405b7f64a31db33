"""Indices by designs of their own, with SALib itself: of Ishigami's function, and where one input alone counts."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from SALib.test_functions import Ishigami

from hoplon.analysis.robustness.designs import design_of, indices_of_design
from hoplon.analysis.robustness.indices import indices_of
from hoplon.cli import main

NAMES = ("x1", "x2", "x3", "dummy")
A, B = 7.0, 0.1
VARIANCE = 0.5 + A**2 / 8 + B * np.pi**4 / 5 + B**2 * np.pi**8 / 18
FIRST_ORDER = [0.5 * (1 + B * np.pi**4 / 5) ** 2 / VARIANCE, A**2 / 8 / VARIANCE, 0.0, 0.0]
"""Ishigami & Homma 1990: first-order indices of sin x1 + a sin^2 x2 + b x3^4 sin x1 on (-pi, pi)."""

CHOICE = """
extends: toy
hoplon: 1
name: choice
interceptors:
  exo-3: {burnout_speed_km_s: {value: 3.0, low: 2.0, high: 6.0}}
  exo-45: {burnout_speed_km_s: {value: 4.5, low: 2.0, high: 5.0}}
questions: {Q13: {title: "Can one decide?", architectures: [fast, slow]}}
"""
PLACES = ((41.0, 29.0), (44.4, 26.1), (39.9, 32.9), (47.5, 19.0), (38.0, 23.7), (42.7, 23.3))


def ishigami(design: np.ndarray) -> np.ndarray:
    return np.asarray(Ishigami.evaluate(np.pi * (2.0 * design[:, :3] - 1.0)))[:, None]


def test_sobols_indices_are_those_of_ishigamis_function() -> None:
    design = design_of("sobol", NAMES, 2048, 1)
    assert design.shape == (2048 * (len(NAMES) + 2), len(NAMES))
    index, low, high = (found[:, 0] for found in indices_of_design("sobol", NAMES, design, ishigami(design), 1))
    assert index == pytest.approx(FIRST_ORDER, abs=0.01)
    assert ((low <= FIRST_ORDER) & (high >= FIRST_ORDER)).all()
    assert (high - low)[:3].max() < 0.12


def test_morriss_effects_are_those_of_ishigamis_function() -> None:
    design = design_of("morris", NAMES, 8, 1)
    assert design.shape == (20 * (len(NAMES) + 1), len(NAMES))
    assert set(np.round(3.0 * design, 9).ravel()) == {0.0, 1.0, 2.0, 3.0}
    index, low, high = (found[:, 0] for found in indices_of_design("morris", NAMES, design, ishigami(design), 1))
    assert index[1] == pytest.approx(0.75 * A / (2.0 / 3.0), abs=1e-12)  # a sin^2 of any step of two levels of four
    assert (low[1], high[1]) == pytest.approx((index[1], index[1]), abs=1e-9)
    assert index[3] == 0.0
    assert index[1] > index[0] > index[2] > 0.0


def test_the_indices_of_given_samples_are_those_of_sobols_design() -> None:
    samples = np.random.default_rng(1).random((2048, len(NAMES)))
    given, _, _ = indices_of(samples, ishigami(samples), np.arange(2048)[None, :])
    design = design_of("sobol", NAMES, 2048, 1)
    index, _, _ = indices_of_design("sobol", NAMES, design, ishigami(design), 1)
    assert given[:, 0] == pytest.approx(index[:, 0], abs=0.03)


@pytest.mark.parametrize(("method", "known"), [("sobol", 1.0), ("morris", None)])
def test_the_command_finds_the_one_input_that_an_architecture_depends_on(
    method: str, known: float | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "choice.yaml").write_text(CHOICE, encoding="utf-8")
    rows = "\n".join(f"{lat},{lon},{1000 + 137 * place}" for place, (lat, lon) in enumerate(PLACES))
    (tmp_path / "points.csv").write_text(f"lat,lon,population\n{rows}\n", encoding="utf-8")
    options = ["--points", str(tmp_path / "points.csv"), "--samples", "16", "--executor", "serial"]
    assert main(["robust", str(tmp_path / "choice.yaml"), *options, "--indices", method, "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    names = {"slow": "burnout_speed.exo-3", "fast": "burnout_speed.exo-45"}
    for architecture, cause in names.items():
        told = {one["factor"]: one for one in answer["indices"][architecture]}
        assert set(told) == {*names.values(), "dummy"}
        for factor, one in told.items():
            if factor != cause:  # it moves nothing: each of its steps leaves every value as it was
                assert (one["index"], one["low"], one["high"]) == (0.0, 0.0, 0.0)
        assert told[cause]["index"] > 0.0
        if known is not None:  # all of the variance; sixteen points leave this much room
            assert told[cause]["index"] == pytest.approx(known, abs=0.35)
