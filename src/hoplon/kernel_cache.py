"""Where compiled kernels are kept, and what is read back of them: nothing damaged, old, or written by somebody else.

Numba's index is a pickle, so that whoever can write the folder runs code as the user: a folder that others can write is
refused. Numba knows a file again by its content alone, or by its time and size, and a kernel by its bytecode without
the constants: here it is known by all that it is made of.
"""

from __future__ import annotations

import contextlib
import functools
import glob
import hashlib
import multiprocessing.process
import os
import pickle
import platform
import stat
import sys
import tempfile
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, Final

import llvmlite
import numba
import numpy as np
from llvmlite.binding import parse_bitcode
from numba.core import caching
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import compile_result
from numba.core.registry import cpu_target
from numba.core.serialize import dumps

from hoplon.errors import HoplonError

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_SHARED: Final = ("compiled.py", "constants.py", "kernel_cache.py", "kernel_dispatcher.py", "streams.py", "units.py")
_LAYERS: Final = ("earth", "flight", "sensing", "intercept", "defence", "backbone")
_CODE_OPTIONS: Final = (
    *("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "CPU_NAME", "CPU_FEATURES", "BOUNDSCHECK"),
    *("DEBUGINFO_DEFAULT", "EXTEND_VARIABLE_LIFETIMES", "LLVM_REFPRUNE_PASS", "LLVM_REFPRUNE_FLAGS", "USING_SVML"),
)
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_CHECK_SIZE: Final = 16
_noted: set[str] = set()


def sources_of_kernels(package: Path) -> list[Path]:
    """Return the files that kernels are made of: those that define any, and those whose constants they use."""
    return sorted(
        [package / name for name in _SHARED] + [path for name in _LAYERS for path in (package / name).rglob("*.py")]
    )


def kernels_digest(package: Path) -> str:
    """Return a digest of all that compiled kernels depend on but the processor, which Numba compares.

    Parameters
    ----------
    package : Path
        The folder of hoplon's sources.
    """
    digest = hashlib.blake2b(digest_size=8)
    versions = (platform.python_implementation(), sys.version, numba.__version__, llvmlite.__version__, np.__version__)
    digest.update(repr((versions, [getattr(numba.config, name, None) for name in _CODE_OPTIONS])).encode())
    for source in sources_of_kernels(package):
        content = source.read_bytes()
        digest.update(f"{source.relative_to(package).as_posix()} {len(content)} ".encode() + content)
    return digest.hexdigest()


def folder_of_kernels(digest: str) -> str | None:
    """Return the folder that kernels of a digest are kept in, made where there was none; None to keep none.

    It is in ``NUMBA_CACHE_DIR``, else in the user's cache; where neither can be written, in a folder of the user's own
    among the temporary files, with a note on standard error.

    Raises
    ------
    HoplonError
        For a folder that others can write.
    """
    home, reason = _cache_home()
    if home is not None:
        try:
            return _prepared(home, f"kernels-{digest}")
        except OSError as error:
            reason = f"{home}: {error.strerror or error}"
    user = getattr(os, "geteuid", lambda: "user")()
    try:
        temporary = Path(tempfile.gettempdir()) / f"hoplon-{user}"
        folder = _prepared(temporary, f"kernels-{digest}")
    except (OSError, HoplonError):
        _note(
            f"compiled kernels are not kept ({reason}); set NUMBA_CACHE_DIR to a folder of your own that can be written"
        )
        return None
    _note(f"compiled kernels are kept in {temporary} ({reason}); set NUMBA_CACHE_DIR to keep them elsewhere")
    return folder


class CompiledParts:
    """Which parts of the kernels were compiled whole for this processor, by name; none where kernels are not kept."""

    def __init__(self) -> None:
        interpreted = numba.config.DISABLE_JIT  # type: ignore[attr-defined]
        folder = None if interpreted else folder_of_kernels(kernels_digest(Path(__file__).parent))
        self._folder = None if folder is None else Path(folder)

    @property
    def kept(self) -> bool:
        """Whether kernels are kept."""
        return self._folder is not None

    def done(self, name: str) -> bool:
        """Tell whether a part was compiled."""
        return self._folder is not None and self._mark(name).exists()

    def mark(self, name: str) -> None:
        """Remember that a part was compiled."""
        with contextlib.suppress(OSError):
            self._mark(name).touch(mode=0o600)

    def kernels(self) -> int:
        """Return how many kernels are kept, each signature by itself."""
        if self._folder is None:
            return 0
        return sum(1 for name in ("entry", "called") for _ in self._folder.glob(f"*/*.{name}.*"))

    def _mark(self, name: str) -> Path:
        assert self._folder is not None
        processor = repr((name, cpu_target.target_context.codegen().magic_tuple()))
        return self._folder / f"compiled-{hashlib.blake2b(processor.encode(), digest_size=8).hexdigest()}"


def _cache_home() -> tuple[Path | None, str]:
    """Return the folder that the environment names for caches, or None and why there is none."""
    if given := os.environ.get("NUMBA_CACHE_DIR"):
        return Path(given).absolute(), ""
    user_wide = os.environ.get("XDG_CACHE_HOME")
    if user_wide and os.path.isabs(user_wide):
        return Path(user_wide) / "hoplon", ""
    try:
        home = Path.home()
    except RuntimeError:
        return None, "there is no home folder"
    return (home / ".cache" / "hoplon", "") if home.is_dir() else (None, f"there is no home folder {home}")


def _prepared(home: Path, name: str) -> str:
    """Return a folder of a folder, both made for the user alone unless they are there, both writable by nobody else."""
    folder = home / name
    for place in (home, folder):
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(13, "it cannot be written")
        _refuse_shared(place)
    if stat.S_IMODE(folder.stat().st_mode) & 0o077:  # copied: others may reach what is in it
        for inside in folder.rglob("*"):
            _refuse_shared(inside)
        folder.chmod(0o700)
    tempfile.TemporaryFile(dir=folder).close()
    return str(folder)


def _refuse_shared(place: Path) -> None:
    """Refuse a file or folder that another user owns or can write."""
    if not hasattr(os, "geteuid"):
        return
    followed, itself = place.stat(), place.lstat()
    others = followed.st_mode & _OTHERS_WRITE or not {followed.st_uid, itself.st_uid} <= {0, os.geteuid()}
    if others:
        raise HoplonError(
            f"{place}: other users can write this folder of compiled kernels, and so run code as you; "
            f"make it your own (chmod -R go-w {place}), or set NUMBA_CACHE_DIR to a folder that only you can write"
        )


def _note(text: str) -> None:
    """Print one line on standard error, once, and from the first process alone."""
    if text not in _noted and multiprocessing.process.parent_process() is None and sys.stderr is not None:
        sys.stderr.write(f"hoplon: {text}\n")
    _noted.add(text)


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
            _note(f"{self._root}: compiled kernels are damaged there; they are compiled again")
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
            _note(f"{self._root}: {error.strerror or 'damaged'}; compiled kernels are not kept")

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
