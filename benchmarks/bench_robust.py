"""Robustness of the choice in NATO Europe: time of a sample, and that of as many samples as the command takes.

A sample of all architectures together is held against one of each alone, in the same run: the ratio of their times is
printed, and that no value differs.
"""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np

from hoplon.analysis.architectures import decided_architectures
from hoplon.analysis.coverage import aim_points
from hoplon.analysis.coverage_solver import KernelCover
from hoplon.analysis.sampling.band import sampling_of_study
from hoplon.analysis.sampling.sampled_values import hypercube
from hoplon.analysis.store import Store
from hoplon.scenario.load import load_scenario

SAMPLES = 1024


def measure(*, once: bool) -> None:
    """Print the time of a sample, and how far architectures judged together and alone agree."""
    scenario, cover = load_scenario("nato-europe"), KernelCover(Store())
    names = decided_architectures(scenario)[: 2 if once else None]
    points = aim_points(scenario)
    if once:
        points = points.subset(np.arange(len(points)) % 400 == 0)
    everywhere = np.ones(len(points), dtype=bool)
    together = sampling_of_study(scenario, names, points, everywhere)
    together = replace(together, coordinates=hypercube(together.factors, SAMPLES, 1))
    rows = range(1, 2 if once else 17)
    together.row(cover, 0)  # compiled, or read from the cache
    start = time.perf_counter()
    values = np.array([together.row(cover, row) for row in rows])
    spent = (time.perf_counter() - start) / len(rows)
    print(
        f"{len(together.points)} points, {len(names)} architectures, {len(together.factors) - 1} factors: "
        f"{spent:.3f} s a sample; {SAMPLES} samples {SAMPLES * spent:.0f} s on these cores"
    )
    apart, differ = 0.0, 0
    for place, name in enumerate(names):
        alone = replace(
            together,
            architectures=(name,),
            measures=tuple(replace(one, nations=one.nations[place : place + 1]) for one in together.measures),
        )
        start = time.perf_counter()
        found = np.array([alone.row(cover, row) for row in rows])
        apart += (time.perf_counter() - start) / len(rows)
        differ += int((~np.isclose(found[:, 0], values[:, place], atol=1e-9, equal_nan=True)).sum())
    print(f"each alone: {apart:.3f} s a sample, {apart / spent:.2f} times; {differ} of {values.size} values differ")
