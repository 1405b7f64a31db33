"""The one way hoplon compiles a kernel.

Every kernel uses the same Numba options: cached on disk, NumPy's division (no check that blocks vectorising) and no
fast-math, so that the same input gives the same digits on one worker or many.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

parallel_range = numba.prange

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays."""
    return cast(_Function, numba.njit(cache=True, error_model="numpy", fastmath=False, nogil=True)(function))


def inlined_kernel(function: _Function) -> _Function:
    """Compile a function into the body of each kernel that calls it.

    For small functions of several arrays in inner loops: a call passes nine words an array.
    """
    return cast(
        _Function,
        numba.njit(cache=True, error_model="numpy", fastmath=False, nogil=True, inline="always")(function),
    )


def parallel_kernel(function: _Function) -> _Function:
    """Compile a function whose outer ``parallel_range`` loop runs on every core; iterations must be independent."""
    return cast(
        _Function, numba.njit(cache=True, error_model="numpy", fastmath=False, nogil=True, parallel=True)(function)
    )
