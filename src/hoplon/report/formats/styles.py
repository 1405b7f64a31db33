"""How features look in viewers that draw what a file says: one style for each kind of thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from hoplon.analysis.records import Row


@dataclass(frozen=True)
class FeatureStyle:
    """Colour (red, green, blue), opacity of areas [0, 255], and size of marks [px]."""

    colour: tuple[int, int, int]
    fill: int = 70
    pixels: float = 7.0


STYLES: Final = {
    "defended": FeatureStyle((0, 115, 107), pixels=5.0),
    "undefended": FeatureStyle((209, 73, 31), pixels=5.0),
    "not-threatened": FeatureStyle((169, 174, 182), pixels=4.0),
    "battery": FeatureStyle((27, 42, 107), pixels=9.0),
    "radar": FeatureStyle((240, 180, 0), fill=20, pixels=9.0),
    "node": FeatureStyle((123, 94, 167), pixels=8.0),
    "launch-area": FeatureStyle((122, 27, 27), pixels=9.0),
    "area": FeatureStyle((0, 115, 107)),
    "flight": FeatureStyle((209, 73, 31), pixels=6.0),
    "interceptor": FeatureStyle((0, 115, 107), pixels=6.0),
    "plain": FeatureStyle((76, 126, 168)),
}
"""By name, the colours of the maps and figures of a study."""
_OF_LAYER: Final = {
    "batteries": "battery",
    "players": "battery",
    "launch_areas": "launch-area",
    "radar_ranges": "radar",
    "footprint": "area",
    "denied": "area",
    "samples": "flight",
    "flight": "flight",
    "threats": "flight",
    "interceptors": "interceptor",
    "intercepts": "interceptor",
}
_OF_FORM: Final = {"radar": "radar", "battery": "battery", "node": "node", "launch_area": "launch-area"}


def style_name(layer: str, row: Row) -> str:
    """Return which of the styles a feature has."""
    if layer == "points":
        state: dict[bool, str] = {True: "defended", False: "undefended"}
        return state[bool(row["defended"])] if row["threatened"] else "not-threatened"
    form: Any = row.get("form")
    return _OF_LAYER.get(layer) or _OF_FORM.get(str(form), "plain")
