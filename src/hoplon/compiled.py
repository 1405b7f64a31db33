"""The one way hoplon compiles a kernel.

Every kernel uses the same Numba options: cached on disk, NumPy's division (no check that blocks vectorising) and no
fast-math, so that the same input gives the same digits on one worker or many.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba

_SHARED = ("compiled.py", "constants.py", "streams.py")
_LAYERS = ("earth", "flight", "sensing", "intercept", "defence", "backbone")


def _cache_folder() -> str:
    """Return where compiled kernels are kept: one folder a state of the kernels' sources.

    Numba looks at the file of the kernel alone, so that a change in another file, inlined into it, would go unseen.
    """
    package = Path(__file__).parent
    digest = hashlib.blake2b(digest_size=8)
    sources = [package / name for name in _SHARED] + [
        path for name in _LAYERS for path in (package / name).rglob("*.py")
    ]
    for source in sorted(sources):
        digest.update(source.read_bytes())
    given = os.environ.get("NUMBA_CACHE_DIR")
    home = Path(given) if given else Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hoplon"
    return str(home / f"kernels-{digest.hexdigest()}")


numba.config.CACHE_DIR = _cache_folder()  # type: ignore[attr-defined]

parallel_range = numba.prange

_Function = TypeVar("_Function", bound=Callable[..., Any])


def kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays."""
    return cast(_Function, numba.njit(cache=True, error_model="numpy", fastmath=False, nogil=True)(function))


def borrowing_kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays that makes no array and does not count who refers to its own.

    Numba counts the references to every array of every call with two locked instructions: with eight arrays a handler
    of events that was more than half of its time. Whoever calls keeps the arrays alive.
    """
    options: dict[str, Any] = {"cache": True, "error_model": "numpy", "fastmath": False, "nogil": True, "_nrt": False}
    return cast(_Function, numba.njit(**options)(function))


def embedded_kernel(function: _Function) -> _Function:
    """Compile a borrowing kernel into the machine code of each kernel that calls it.

    For functions of several tuples of arrays with few callers: a call passes nine words per array.
    """
    options: dict[str, Any] = {
        **{"cache": True, "error_model": "numpy", "fastmath": False, "nogil": True},
        **{"_nrt": False, "forceinline": True},
    }
    return cast(_Function, numba.njit(**options)(function))


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
