"""Imported by a worker of analyses, or by the process that workers are forked from."""

from __future__ import annotations

from hoplon.processes import load_for_workers

load_for_workers("hoplon.analysis.sampling.sampled_values", "hoplon.analysis.subsets.learning")
