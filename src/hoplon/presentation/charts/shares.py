"""How charts show shares: an axis from nothing to all, and numbers short enough for a cell."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes


def share_axis(axes: Axes) -> None:
    """Turn the horizontal axis into one of shares, from 0 to 100 per cent, with its numbers above."""
    axes.set_xlim(0.0, 1.0)
    axes.set_xticks(np.linspace(0.0, 1.0, 6))
    axes.set_xticklabels([f"{100 * value:.0f} %" for value in np.linspace(0.0, 1.0, 6)], fontsize=7.5)
    axes.xaxis.tick_top()
    axes.tick_params(length=0)
    axes.grid(axis="x", color="#E4E7EB", lw=0.8)
    axes.set_axisbelow(True)
    for spine in axes.spines.values():
        spine.set_visible(False)


def short_percent(share: float | None) -> str:
    """Return a share in whole per cent; neither all nor nothing unless it is exactly that, a dash for None."""
    if share is None:
        return "–"
    if 0.0 < share < 0.005:
        return "<1 %"
    if 0.995 <= share < 1.0:
        return ">99 %"
    return f"{100.0 * share:.0f} %"
