"""Reach tables of interceptors, each built once in a process: they depend on the interceptor type alone."""

from __future__ import annotations

from functools import lru_cache

from hoplon.intercept.reach import Interceptor, Reach
from hoplon.intercept.reach import reach_of as built_reach


@lru_cache(maxsize=32)
def reach_of(interceptor: Interceptor) -> Reach:
    """Return the reach table of an interceptor; shared, not to be written to."""
    return built_reach(interceptor)
