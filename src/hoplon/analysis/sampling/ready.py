"""Imported by a worker that judges samples, or by the process that workers are forked from.

A worker is one thread, which what computes has to know before it is imported.
"""

from __future__ import annotations

import os
from importlib import import_module
from typing import Final

from hoplon.processes import without_collections

_POOLS: Final = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")

os.environ.update(dict.fromkeys(_POOLS, "1"))
with without_collections():
    import_module("hoplon.analysis.sampling.sampled_values")
