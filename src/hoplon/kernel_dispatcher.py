"""How a kernel is compiled: whole for Python, and as far as another kernel needs that calls it.

Numba makes machine code of every function, a way in from Python and one from C, also of those that only other kernels
call, though the code of these is part of their callers' own; and it compiles a function once more for each whole number
that stands where it is called. More than half of the time went there.
"""

from __future__ import annotations

import contextlib
import importlib
import operator
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FunctionType
from typing import Any, Final, cast

from numba.core import event, types
from numba.core.caching import FunctionCache
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler, CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import _FunctionCompiler  # type: ignore[attr-defined]
from numba.core.registry import CPUDispatcher
from numba.core.typing.templates import make_concrete_template

from hoplon.kernel_cache import CalledCache, KernelCache, LinkedLibrary
from hoplon.processes import interrupts_afterwards

_INSIDE: Final = (
    (_FunctionCompiler, ("_customize_flags", "compile", "fold_argument_types")),
    (CPUDispatcher, ("add_overload", "compile", "get_call_template", "nopython_signatures")),
    (FunctionCache, ("_index_key", "_load_overload", "_save_overload", "disable", "load_overload", "save_overload")),
    (JITCodeLibrary, ("_ensure_finalized", "_finalize_dynamic_globals", "_verify_declare_only_symbols")),
    (CompileResult, ("_find_referenced_environments",)),
)
"""What is built on of Numba's inside, which a version may have changed."""
for _owner, _names in _INSIDE:
    for _name in _names:
        if not hasattr(_owner, _name):
            raise ImportError(f"{_owner.__name__} has no {_name}")


class _CalledPipeline(Compiler):
    """Numba's passes, into a library that is linked into others."""

    def __init__(self, typing: Any, target: Any, library: Any, *others: Any) -> None:
        library = LinkedLibrary(target.codegen(), "called") if library is None else library
        super().__init__(typing, target, library, *others)


class _EntryCompiler(_FunctionCompiler):
    """Compiles what Python calls: no way in from C."""

    def _customize_flags(self, flags: Any) -> Any:
        flags.no_cfunc_wrapper = True
        return flags


class _CalledCompiler(_FunctionCompiler):
    """Compiles what kernels call: no way in, and no machine code of its own."""

    def _customize_flags(self, flags: Any) -> Any:
        flags.no_cfunc_wrapper = flags.no_cpython_wrapper = flags.no_compile = True
        return flags


class KernelDispatcher(CPUDispatcher):
    """Numba's dispatcher of a function, which compiles it for Python and for other kernels apart.

    Parameters
    ----------
    function : callable
    options : dict
        Numba's.
    kept : bool
        Whether what is compiled is kept on disk.
    """

    def __init__(self, function: Callable[..., Any], options: dict[str, Any], *, kept: bool) -> None:
        super().__init__(function, targetoptions=options)
        described = function, self.targetdescr, options, self.locals
        self._compiler = _EntryCompiler(*described, Compiler)
        self._called_compiler = _CalledCompiler(*described, _CalledPipeline)
        self._called: set[tuple[Any, ...]] = set()
        self._called_cache: CalledCache | None = None
        if kept:
            self._cache = KernelCache(cast(FunctionType, function))
            self._called_cache = CalledCache(cast(FunctionType, function))

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what finds the kernel by its name in another process."""
        return _named, (self.py_func.__module__, self.py_func.__qualname__)

    def compile(self, sig: Any) -> Any:
        """Return what Python calls for arguments of some types, compiled, or read back, where it was not yet."""
        with interrupts_afterwards(), global_compiler_lock:
            if isinstance(sig, tuple) and sig in self._called:
                self._called.remove(sig)
                del self.overloads[sig]
            with self._lock(self._cache):
                return super().compile(sig)

    def add_overload(self, cres: Any) -> None:
        """Add what Python calls, and let it find what the kernels in it refer to."""
        for environment in cres._find_referenced_environments():
            cres.codegen.set_env(environment.env_name, environment)
        super().add_overload(cres)

    def get_call_template(self, args: Any, kws: Any) -> Any:
        """Return how a kernel calls this one with arguments of some types: a number that is written is any number."""
        described, folded = self._compiler.fold_argument_types(args, kws)
        wanted = tuple(types.unliteral(argument) for argument in folded)
        self._compile_called(wanted)
        name = self.py_func.__name__
        template = make_concrete_template(f"CallTemplate({name})", key=name, signatures=self.nopython_signatures)
        return template, described, wanted, {}

    def _compile_called(self, wanted: tuple[Any, ...]) -> None:
        """Compile for a kernel that calls this one, unless that is done, here or on disk."""
        with interrupts_afterwards(), global_compiler_lock, self._compiling_counter:
            if wanted in self.overloads:
                return
            with self._lock(self._called_cache):
                found = self._read_or_compiled(wanted)
            self.targetctx.insert_user_function(found.entry_point, found.fndesc, [found.library])
            self.overloads[wanted] = found
            self._called.add(wanted)

    def _read_or_compiled(self, wanted: tuple[Any, ...]) -> Any:
        """Return what is compiled for a kernel that calls this one: what is on disk, else anew, and kept."""
        cache = self._called_cache
        found = None if cache is None else cache.load_overload(wanted, self.targetctx)
        if found is not None:
            return found
        told = {"dispatcher": self, "args": wanted, "return_type": None}
        with event.trigger_event("numba:compile", data=told):
            found = self._called_compiler.compile(wanted, None)
        found = found._replace(entry_point=_Called())
        if cache is not None:
            cache.save_overload(wanted, found)
        return found

    @staticmethod
    def _lock(cache: Any) -> AbstractContextManager[None]:
        """Return what keeps other processes from compiling the same function."""
        return cache.lock() if isinstance(cache, KernelCache) else contextlib.nullcontext()


def _named(module: str, name: str) -> Any:
    """Return the kernel of a module."""
    return operator.attrgetter(name)(importlib.import_module(module))


class _Called:
    """Stands for a function that has no way in."""
