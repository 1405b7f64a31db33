"""The folder that compiled kernels are kept in: one for each state of all that they are made of, and nobody else's.

Numba's index is a pickle, so that whoever can write the folder runs code as the user: a folder that others can write is
refused.
"""

from __future__ import annotations

import contextlib
import hashlib
import multiprocessing.process
import os
import platform
import stat
import sys
import tempfile
from pathlib import Path
from typing import Final

import llvmlite
import numba
import numpy as np

from hoplon.errors import HoplonError

_SHARED: Final = (
    *("compiled.py", "constants.py", "kernel_cache.py", "kernel_dispatcher.py", "kernel_folder.py"),
    *("streams.py", "units.py"),
)
_LAYERS: Final = ("earth", "flight", "sensing", "intercept", "defence", "backbone")
_CODE_OPTIONS: Final = (
    *("OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "ENABLE_AVX", "CPU_NAME", "CPU_FEATURES", "BOUNDSCHECK"),
    *("DEBUGINFO_DEFAULT", "EXTEND_VARIABLE_LIFETIMES", "LLVM_REFPRUNE_PASS", "LLVM_REFPRUNE_FLAGS", "USING_SVML"),
)
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH
_PACKAGE: Final = Path(__file__).parent
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
        note(
            f"compiled kernels are not kept ({reason}); set NUMBA_CACHE_DIR to a folder of your own that can be written"
        )
        return None
    note(f"compiled kernels are kept in {temporary} ({reason}); set NUMBA_CACHE_DIR to keep them elsewhere")
    return folder


class CompiledParts:
    """Which parts of the kernels were compiled whole for this processor, by name; none where kernels are not kept.

    Parameters
    ----------
    package : Path
        Where the kernels' sources lie: Numba keeps those of the same sources elsewhere apart.
    """

    def __init__(self, package: Path = _PACKAGE) -> None:
        interpreted = numba.config.DISABLE_JIT  # type: ignore[attr-defined]
        folder = None if interpreted else folder_of_kernels(kernels_digest(package))
        self._package = package
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
        return sum(1 for kept in ("*.entry.*", "*.called.*", "*.nbc") for _ in self._folder.glob(f"*/{kept}"))

    def _mark(self, name: str) -> Path:
        assert self._folder is not None
        from numba.core.registry import cpu_target

        what = repr((name, str(self._package), cpu_target.target_context.codegen().magic_tuple()))
        return self._folder / f"compiled-{hashlib.blake2b(what.encode(), digest_size=8).hexdigest()}"


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


def note(text: str) -> None:
    """Print one line on standard error, once, and from the first process alone."""
    if text not in _noted and multiprocessing.process.parent_process() is None and sys.stderr is not None:
        sys.stderr.write(f"hoplon: {text}\n")
    _noted.add(text)
