"""How compiled kernels are kept, and what is read back of them: nothing damaged, old, or changed.

Numba knows a file again by its content alone, or by its time and size, and a kernel by its bytecode without the
constants: here it is known by all that it is made of.
"""

from __future__ import annotations

import contextlib
import functools
import glob
import hashlib
import pickle
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import numpy as np
from llvmlite.binding import parse_bitcode
from numba.core import caching
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import compile_result
from numba.core.serialize import dumps

from hoplon.kernel_folder import note

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_CHECK_SIZE: Final = 16


class _DamagedError(Exception):
    """A file of the cache that is not as it was written."""


def _sealed(content: bytes) -> bytes:
    """Return a content with its checksum before it."""
    return hashlib.blake2b(content, digest_size=_CHECK_SIZE).digest() + content


class _SealedFiles:
    """What is compiled of one function: a file for each signature, so that several processes write side by side.

    Parameters
    ----------
    folder : Path
    name : str
        Of the function.
    stamp : object
        Time and size of its source.
    """

    def __init__(self, folder: Path, name: str, stamp: object) -> None:
        self._folder, self._name, self._stamp = folder, name, stamp

    def load(self, key: object) -> Any:
        """Return what is kept under a key; None for nothing, or something old."""
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        if content != _sealed(content[_CHECK_SIZE:]):
            raise _DamagedError
        stamp, kept_key, found = pickle.loads(content[_CHECK_SIZE:])
        return found if (stamp, kept_key) == (self._stamp, key) else None

    def save(self, key: object, found: object) -> None:
        """Keep something under a key, whole or not at all."""
        path = self._path(key)
        written = path.with_name(f"{path.name}.{uuid.uuid4().hex[:16]}")
        try:
            written.write_bytes(_sealed(dumps((self._stamp, key, found))))
            written.replace(path)
        except OSError:
            written.unlink(missing_ok=True)
            raise

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Keep other processes from compiling the function meanwhile; where a system has no such locks, do not."""
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            file = (self._folder / f"{self._name}-lock").open("wb")
        except OSError:
            yield
            return
        with file:  # which lets go
            if fcntl is not None:
                with contextlib.suppress(OSError):
                    fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def flush(self) -> None:
        """Remove all that is kept of the function."""
        for path in self._folder.glob(f"{glob.escape(self._name)}.*"):
            path.unlink(missing_ok=True)

    def _path(self, key: object) -> Path:
        return self._folder / f"{self._name}.{hashlib.blake2b(repr(key).encode(), digest_size=_CHECK_SIZE).hexdigest()}"


class KernelCache(caching.FunctionCache):
    """Numba's cache of one kernel; what cannot be read is compiled again, and what cannot be written is not kept."""

    _suffix = "entry"

    def __init__(self, function: FunctionType) -> None:
        super().__init__(function)
        self._root = Path(self._cache_path).parent
        locator = self._impl.locator
        name = f"{self._impl.filename_base}.{self._suffix}"
        self._cache_file: Any = _SealedFiles(Path(self._cache_path), name, locator.get_source_stamp())

    def lock(self) -> contextlib.AbstractContextManager[None]:
        """Keep other processes from compiling the kernel meanwhile: they wait, and read it back."""
        files: _SealedFiles = self._cache_file
        return files.lock() if self._enabled else contextlib.nullcontext()

    def _load_overload(self, sig: Any, target_context: Any) -> Any:
        try:
            return super()._load_overload(sig, target_context)
        except (_DamagedError, OSError):
            note(f"{self._root}: compiled kernels are damaged there; they are compiled again")
            self._try(self._cache_file.flush)
            return None

    def _save_overload(self, sig: Any, data: Any) -> None:
        self._try(super()._save_overload, sig, data)

    def _try(self, write: Any, *content: Any) -> None:
        """Write, and note a failure: the answer does not depend on it."""
        try:
            write(*content)
        except OSError as error:
            self.disable()
            note(f"{self._root}: {error.strerror or 'damaged'}; compiled kernels are not kept")

    def _index_key(self, sig: Any, codegen: Any) -> Any:
        return (*super()._index_key(sig, codegen), digest_as_run(self._py_func))


class LinkedLibrary(JITCodeLibrary):
    """Code that is linked into other libraries and never run by itself: it is optimised, and stays LLVM's."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    @classmethod
    def read_back(cls, codegen: Any, bitcode: bytes) -> LinkedLibrary:
        """Return the library that was written as bitcode."""
        library = cls(codegen, "called")
        library._final_module = parse_bitcode(bitcode)
        library._finalized = True
        return library


class _CalledImpl(caching.CompileResultCacheImpl):
    """What is kept of a function that kernels call: LLVM's code."""

    def reduce(self, cres: Any) -> Any:
        cres.library._ensure_finalized()
        cres.fndesc.typemap = cres.fndesc.calltypes = None
        environments = (cres.environment, *cres._find_referenced_environments())
        bitcode = cres.library._final_module.as_bitcode()
        return bitcode, cres.fndesc, cres.signature, cres.reload_init, environments

    def rebuild(self, target_context: Any, payload: Any) -> Any:
        bitcode, described, signature, begins, environments = payload
        for begin in begins:
            begin()
        return compile_result(
            typing_context=target_context.typing_context,
            target_context=target_context,
            entry_point=object(),
            library=LinkedLibrary.read_back(target_context.codegen(), bitcode),
            environment=environments[0],
            fndesc=described,
            signature=signature,
            objectmode=False,
            lifted=(),
            reload_init=begins,
            referenced_envs=environments,
        )


class CalledCache(KernelCache):
    """The cache of what kernels call of one function."""

    _impl_class = _CalledImpl  # type: ignore[assignment]
    _suffix = "called"


def digest_as_run(function: FunctionType) -> str:
    """Return a digest of a kernel and all that it calls, as Python runs it: bytecode, constants, values of globals.

    Python runs the bytecode that it kept of a source of the same time and size, whatever is in the source now.
    """
    found: dict[FunctionType, bytes] = {}
    open_ones = [function]
    while open_ones:
        current = open_ones.pop()
        if current not in found:
            found[current], called = _content(current)
            open_ones += called
    return hashlib.blake2b(b"".join(sorted(found.values())), digest_size=_CHECK_SIZE).hexdigest()


@functools.cache
def _content(function: FunctionType) -> tuple[bytes, tuple[FunctionType, ...]]:
    """Return a digest of a function without those that it calls, and those."""
    parts: list[Any] = [function.__module__, function.__qualname__, function.__defaults__]
    called = []
    for code in _codes(function.__code__):
        constants = [value for value in code.co_consts if not isinstance(value, CodeType)]
        parts += [code.co_code, code.co_varnames, code.co_names, [(type(value), value) for value in constants]]
        for name in code.co_names:
            value = function.__globals__.get(name)
            plain = getattr(value, "py_func", value)
            if isinstance(plain, FunctionType):
                called.append(plain)
                parts.append(getattr(value, "targetoptions", None))
            elif isinstance(value, np.ndarray):
                parts += [value.dtype.str, value.shape, value.tobytes()]
            elif isinstance(value, (int, float, str, bytes, tuple, frozenset, np.generic)):
                parts.append((type(value), value))
            else:
                parts.append(getattr(value, "_fields", None))
    return hashlib.blake2b(repr(parts).encode(), digest_size=_CHECK_SIZE).digest(), tuple(called)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Yield a function's code and that of every function inside it."""
    yield code
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield from _codes(value)
