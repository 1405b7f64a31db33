"""hoplon: open, reproducible architecture studies of territorial ballistic-missile defence."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from hoplon.version import VERSION

if TYPE_CHECKING:
    from hoplon.api import (
        adapt,
        ask,
        attribute,
        band,
        campaign,
        check,
        compare,
        compare_studies,
        contents,
        cost,
        coverage,
        denied,
        doctor,
        engage,
        explore,
        export,
        federate,
        flyout,
        footprint,
        join,
        kill_chain,
        load,
        optimise,
        play,
        plot,
        raid,
        robust,
        scenarios,
        schema,
        stability,
        study,
        survive,
        sweep,
        threat,
        track,
        trajectory,
        validate,
    )

__version__ = VERSION

__all__ = [
    "__version__",
    "adapt",
    "ask",
    "attribute",
    "band",
    "campaign",
    "check",
    "compare",
    "compare_studies",
    "contents",
    "cost",
    "coverage",
    "denied",
    "doctor",
    "engage",
    "explore",
    "export",
    "federate",
    "flyout",
    "footprint",
    "join",
    "kill_chain",
    "load",
    "optimise",
    "play",
    "plot",
    "raid",
    "robust",
    "scenarios",
    "schema",
    "stability",
    "study",
    "survive",
    "sweep",
    "threat",
    "track",
    "trajectory",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Load the public functions when they are first asked for."""
    if name in __all__:
        from hoplon.arguments import with_checked_numbers

        globals()[name] = with_checked_numbers(import_module("hoplon.api"), name, __name__)
        return globals()[name]
    raise AttributeError(f"module 'hoplon' has no attribute {name!r}")


def __dir__() -> list[str]:
    """Return the public functions."""
    return sorted(__all__)
