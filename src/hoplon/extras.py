"""What only some users need is not installed with hoplon: the extras, and the refusal that names one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Final

from hoplon.errors import OutputError

PACKAGES: Final = {
    "dask": ("dask", "distributed", "pyarrow"),
    "federation": ("zmq",),
    "frames": ("pandas",),
    "geo": ("geopandas",),
    "globe": ("czml3", "simplekml"),
    "indices": ("SALib",),
    "netcdf": ("xarray", "h5netcdf", "h5py", "pandas"),
    "parquet": ("pyarrow",),
    "validation": ("scipy",),
}
"""Modules that each extra brings, by its name: ``pip install 'hoplon[NAME]'``."""


@contextmanager
def extra(name: str, purpose: str) -> Iterator[None]:
    """Import within this what an extra brings.

    Parameters
    ----------
    name : str
        Of the extra.
    purpose : str
        What needs it, as the message begins: ``as_frame``.

    Raises
    ------
    OutputError
        If a module is not installed; it names the extra and the command that installs it.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise OutputError(_refusal(name, purpose, (error.name or "").partition(".")[0])) from None


def require(name: str, purpose: str) -> None:
    """Refuse at once what an extra would be needed for only after long work; nothing is imported.

    Parameters
    ----------
    name, purpose : str
        As of :func:`extra`.

    Raises
    ------
    OutputError
        If a module of the extra is not installed.
    """
    for module in missing_packages(name):
        raise OutputError(_refusal(name, purpose, module))


def missing_packages(name: str) -> tuple[str, ...]:
    """Return the modules of an extra that are not installed; none of them is imported."""
    return tuple(module for module in PACKAGES[name] if find_spec(module) is None)


def _refusal(name: str, purpose: str, module: str) -> str:
    return f"{purpose} needs {module}, which is not installed: pip install 'hoplon[{name}]'"
