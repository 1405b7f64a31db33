"""The one way hoplon compiles a kernel.

Every kernel uses the same Numba options: cached on disk, NumPy's division (no check that blocks vectorising) and no
fast-math, so that the same input gives the same digits on one worker or many.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final, TypeVar, cast

import numba

from hoplon.kernel_folder import folder_of_kernels, kernels_digest, note

_FOLDER: Final = folder_of_kernels(kernels_digest(Path(__file__).parent))
if _FOLDER is not None:
    numba.config.CACHE_DIR = _FOLDER  # type: ignore[attr-defined]
    numba.config.CACHE_LOCATOR_CLASSES = ""  # type: ignore[attr-defined]

try:
    from hoplon.kernel_dispatcher import KernelDispatcher
except (ImportError, AttributeError) as error:  # Numba's inside, which any version may change
    KernelDispatcher = None  # type: ignore[assignment, misc]
    note(
        f"Numba {numba.__version__} is not inside as hoplon knows it ({error}); "
        "kernels are compiled in its plain way, which takes longer"
    )

parallel_range = numba.prange

_Function = TypeVar("_Function", bound=Callable[..., Any])


def _compiler(**changed: bool | str) -> Callable[[_Function], _Function]:
    """Return a decorator with Numba's options of every kernel, and some more."""
    options: dict[str, Any] = {
        "nopython": True,
        "boundscheck": None,
        "error_model": "numpy",
        "fastmath": False,
        "nogil": True,
        **changed,
    }

    def compile_later(function: _Function) -> _Function:
        if numba.config.DISABLE_JIT:  # type: ignore[attr-defined]
            return function
        if KernelDispatcher is None:
            return cast(_Function, numba.jit(function, cache=_FOLDER is not None, **options))
        return cast(_Function, KernelDispatcher(function, options, kept=_FOLDER is not None))

    return compile_later


def kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays."""
    return _compiler()(function)


def borrowing_kernel(function: _Function) -> _Function:
    """Compile a function of scalars and arrays that makes no array and does not count who refers to its own.

    Numba counts the references to every array of every call with two locked instructions: with eight arrays a handler
    of events that was more than half of its time. Whoever calls keeps the arrays alive.
    """
    return _compiler(_nrt=False)(function)


def embedded_kernel(function: _Function) -> _Function:
    """Compile a borrowing kernel into the machine code of each kernel that calls it.

    For functions of several tuples of arrays with few callers: a call passes nine words per array. Numba hands this
    down to what it calls, as far as a :func:`separate_kernel`.
    """
    return _compiler(_nrt=False, forceinline=True)(function)


def separate_kernel(function: _Function) -> _Function:
    """Compile a borrowing kernel once, whoever calls it: a large one LLVM would else optimise again at every call."""
    return _compiler(_nrt=False, forceinline=False)(function)


def inlined_kernel(function: _Function) -> _Function:
    """Compile a function into the body of each kernel that calls it.

    For small functions of several arrays in inner loops: a call passes nine words an array.
    """
    return _compiler(inline="always")(function)


def parallel_kernel(function: _Function) -> _Function:
    """Compile a function whose outer ``parallel_range`` loop runs on every core; iterations must be independent."""
    return _compiler(parallel=True)(function)


def side_by_side(work: Callable[[int], None], count: int) -> None:
    """Call a function that runs a kernel, with each number below a count, on every core that Numba may use.

    A kernel holds no lock of the interpreter. A loop of Numba's own (:func:`parallel_kernel`) compiles all that
    is called in it four times over.
    """
    threads = min(numba.get_num_threads(), count)
    if threads <= 1:
        for number in range(count):
            work(number)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(work, range(count)):
            pass
