"""Monte Carlo estimates with their 95 % intervals, as a sentence says them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hoplon.presentation.wording import percent

if TYPE_CHECKING:
    from hoplon.analysis.raid.levels import KillBounds
    from hoplon.backbone.statistics import Estimate

NO_DIFFERENCE: Final = "no difference"


def format_share(estimate: Estimate) -> str:
    """Return a share with its interval: ``20 % (18 % to 23 %)``."""
    return f"{percent(estimate.mean)} ({percent(estimate.low)} to {percent(estimate.high)})"


def bounded_share(estimate: Estimate, bounds: KillBounds | None) -> str:
    """Return a share with its interval and the bounds of kill probability: ``20 % (18 to 23) [9 to 41]``."""
    told = f"{percent(estimate.mean)} ({_per_cent(estimate.low)} to {_per_cent(estimate.high)})"
    return told if bounds is None else f"{told} [{_per_cent(bounds.low)} to {_per_cent(bounds.high)}]"


def _per_cent(share: float | None) -> str:
    """Return a share in whole per cent without its sign."""
    return percent(share).removesuffix("%").rstrip()


def format_estimate(estimate: Estimate, decimals: int = 2, none: str = "none") -> str:
    """Return a number with its interval, unless it was the same each time; ``none`` where there is none."""
    if estimate.mean is None:
        return none
    if estimate.low is None or estimate.high is None or estimate.low == estimate.high:
        return f"{estimate.mean:.{decimals}f}"
    return f"{estimate.mean:.{decimals}f} ({estimate.low:.{decimals}f} to {estimate.high:.{decimals}f})"


def format_difference(estimate: Estimate) -> str:
    """Return a paired difference of shares in percentage points, signed, with its interval."""
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return "no difference known"
    if estimate.low == estimate.high == 0.0:
        return NO_DIFFERENCE
    return f"{100 * estimate.mean:+.1f} points ({100 * estimate.low:+.1f} to {100 * estimate.high:+.1f})"


def format_points(estimate: Estimate) -> str:
    """Return a size in percentage points, without a plus sign, with its interval."""
    if estimate.mean is None or estimate.low is None or estimate.high is None:
        return "unknown size"
    low, high = 100 * estimate.low, 100 * estimate.high
    return f"{100 * estimate.mean:.1f} points ({low:.1f} to {high:.1f})"


def differs_from_zero(estimate: Estimate) -> bool:
    """Tell whether the 95 % interval of a difference excludes zero."""
    return estimate.low is not None and estimate.high is not None and (estimate.low > 0.0 or estimate.high < 0.0)
