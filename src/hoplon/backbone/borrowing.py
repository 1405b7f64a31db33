"""Kernels that do not count who refers to their arrays.

Numba counts the references to every array of every call with two locked instructions: with eight arrays a handler that
was more than half of the time of a replication. A kernel that borrows its arrays leaves the count out; whoever calls it
keeps them alive, and it makes none of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba

import hoplon.compiled  # noqa: F401

_Function = TypeVar("_Function", bound=Callable[..., Any])


def borrowing_kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays that makes no array."""
    return cast(
        _Function, numba.njit(cache=True, error_model="numpy", fastmath=False, nogil=True, _nrt=False)(function)
    )
