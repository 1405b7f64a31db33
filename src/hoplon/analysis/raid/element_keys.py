"""Files of the keys by which elements elsewhere take part in a federation: their owner's alone, and for one run."""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from hoplon.backbone.federation.keys import ElementKey
from hoplon.errors import InputError, OutputError
from hoplon.files import held, unwritable
from hoplon.scenario.given.file import content_of

KEY_VARIABLE: Final = "HOPLON_FEDERATION_KEY"
"""Variable of the environment that holds a key where no file is named."""
_LONGEST: Final = 4096
_LOCK: Final = ".federation.lock"
_OTHERS: Final = 0o077
_OTHERS_WRITE: Final = stat.S_IWGRP | stat.S_IWOTH


def key_path(folder: Path, element: str) -> Path:
    """Return where the key of an element is."""
    return folder / (re.sub(r"[^A-Za-z0-9._+-]", "_", element) + ".key")


@contextlib.contextmanager
def keys_written(folder: Path, keys: Mapping[str, ElementKey]) -> Iterator[None]:
    """Write the keys of elements, each a file that its owner alone can read; they are removed at the end.

    Parameters
    ----------
    folder : Path
        Made if need be, for its owner alone.
    keys : mapping of str to ElementKey
        By the names of the elements.

    Raises
    ------
    OutputError
        If other users can write the folder, another run holds it, or it cannot be written.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        there = folder.stat()
    except OSError as error:
        raise unwritable(folder, error) from None
    if hasattr(os, "geteuid") and (there.st_mode & _OTHERS_WRITE or there.st_uid not in (0, os.geteuid())):
        raise OutputError(
            f"{folder}: other users can write this folder, and so put keys of their own in the place of the run's; "
            f"make it your own (chmod go-w {folder}), or name another one"
        )
    with held(folder, _LOCK):
        paths = [key_path(folder, element) for element in keys]
        try:
            for path, key in zip(paths, keys.values(), strict=True):
                with contextlib.suppress(FileNotFoundError):
                    path.unlink()  # of a run that was killed
                _write(path, key.text + "\n")
            yield
        finally:
            for path in paths:
                with contextlib.suppress(OSError):
                    path.unlink()


def _write(path: Path, text: str) -> None:
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as stream:
            stream.write(text)
    except OSError as error:
        raise unwritable(path, error) from None


def key_of(path: Path | None) -> ElementKey:
    """Return the key that a file holds, or the environment where no file is named.

    Raises
    ------
    InputError
        If there is none, or others can read the file.
    """
    if path is None:
        text = os.environ.get(KEY_VARIABLE)
        if text is None:
            raise InputError(f"a key was expected: a file that `federate --keys` wrote, or its line in {KEY_VARIABLE}")
        return _read(KEY_VARIABLE, text)
    try:
        _refuse_shared(path)
        content = content_of(path, _LONGEST)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path}: {reason}; a file with the key of an element was expected") from None
    return _read(str(path), content.decode("ascii", errors="replace"))


def _refuse_shared(path: Path) -> None:
    """Refuse a file that others can read or write."""
    found = path.stat()
    if not hasattr(os, "geteuid") or not stat.S_ISREG(found.st_mode):
        return
    if found.st_mode & _OTHERS or found.st_uid not in (0, os.geteuid()):
        raise InputError(f"{path}: other users can read or change this key; make it your own (chmod 600 {path})")


def _read(where: str, text: str) -> ElementKey:
    try:
        return ElementKey.read(text)
    except InputError as error:
        raise InputError(f"{where}: {error}") from None
