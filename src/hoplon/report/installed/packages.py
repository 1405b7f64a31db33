"""The packages that hoplon declares, which of them are installed, and what is wrong with them."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from packaging.requirements import Requirement

_NAME: Final = "hoplon"
_EVERY: Final = "all"  # the extra of all extras
_BENEATH: Final = ("llvmlite",)  # what a package brings along and what matters to know


@dataclass(frozen=True)
class InstalledPackage:
    """A package that hoplon uses.

    Parameters
    ----------
    name : str
    version : str or None
        None where it is not installed.
    needed : str
        The versions that do: ``>=2.0``; empty for any.
    extra : str or None
        The extra that it belongs to; None for what hoplon cannot do without.
    fits : bool
        Whether the version is one of those.
    """

    name: str
    version: str | None
    needed: str
    extra: str | None
    fits: bool


def _requirements() -> list[Requirement]:
    """Return what the installed hoplon declares; nothing where it runs from sources that are not installed."""
    from packaging.requirements import Requirement

    try:
        declared = importlib.metadata.requires(_NAME) or []
    except importlib.metadata.PackageNotFoundError:
        return []
    return [Requirement(text) for text in declared]


def packages_found() -> tuple[InstalledPackage, ...]:
    """Return the packages that hoplon declares, and some beneath them."""
    found = []
    for requirement in _requirements():
        extra = re.search(r"extra == [\"']([\w-]+)", str(requirement.marker or ""))
        if requirement.marker is not None and extra is None and not requirement.marker.evaluate():
            continue  # of other systems
        if extra is not None and extra[1] == _EVERY:
            continue
        version = _version(requirement.name)
        fits = extra is not None if version is None else requirement.specifier.contains(version, prereleases=True)
        needed, group = str(requirement.specifier), None if extra is None else extra[1]
        found.append(InstalledPackage(requirement.name, version, needed, group, fits))
    beneath = [InstalledPackage(name, _version(name), "", None, _version(name) is not None) for name in _BENEATH]
    return (*found, *beneath)


def _version(name: str) -> str | None:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def wrong_with(package: InstalledPackage) -> str:
    """Return what is wrong with a package, and what to do."""
    is_there = "is not installed" if package.version is None else f"is {package.version}"
    wanted = f"{package.name}{package.needed}"
    return f"{package.name} {is_there}, hoplon needs {package.needed or 'it'}: pip install '{wanted}'"


def extras_of(packages: Sequence[InstalledPackage]) -> dict[str, bool]:
    """Return whether each extra is there, by name."""
    names = dict.fromkeys(package.extra for package in packages if package.extra is not None)
    return {name: all(package.version is not None for package in packages if package.extra == name) for name in names}
