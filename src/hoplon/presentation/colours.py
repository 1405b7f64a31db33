"""Colours of maps and figures, chosen so that readers with a colour-vision deficiency can tell them apart.

The states and causes build on the palettes of Okabe and Ito (2008), *Color Universal Design*, and of Paul Tol (2021),
*Colour schemes*, SRON/EPS/TN/09-002 issue 3.2; a test measures their distance as seen with each deficiency.
"""

from typing import Final

STATES: Final = {"defended": "#00736B", "open": "#D1491F", "not_threatened": "#A9AEB6"}
STATE_LABELS: Final = {
    "defended": "defended",
    "open": "threatened, undefended",
    "not_threatened": "not threatened",
}
SHADES: Final = {"defended": "#CFE8E3", "one_shot": "#8CCFC4", "more_shots": "#45A79B", "open": "#F6CDB5"}
CERTAINTY: Final = {"always": "#005F57", "base": "#4FA395", "high_only": "#E8B44C", "never": "#F6CDB5"}
CERTAINTY_LABELS: Final = {
    "always": "defended even with disputed inputs at their worse bound",
    "base": "defended with base values, not at the worse bound",
    "high_only": "defended only at the better bound",
    "never": "undefended even at the better bound",
}
CAUSES: Final = {
    "never_seen": "#221A66",
    "seen_too_late": "#88CCEE",
    "out_of_reach": "#C2566A",
    "too_low": "#EBDD94",
    "too_high": "#8A2257",
    "no_support": "#A6A43A",
}
CAUSE_LABELS: Final = {
    "never_seen": "never seen: no admitted radar forms a track",
    "seen_too_late": "seen too late: the track comes after the last moment to launch",
    "out_of_reach": "out of reach of every interceptor's speed and flight time",
    "too_low": "flight stays below the interceptors' lowest altitude",
    "too_high": "flight is above the interceptors' highest altitude",
    "no_support": "no radar holds the track at intercept",
}
SEA: Final = "#DDE8EF"
LAND: Final = "#ECECEA"
MEMBER_LAND: Final = "#FAF5E6"
BORDER: Final = "#8D8A84"
GRATICULE: Final = "#FFFFFF"
INK: Final = "#1D2530"
QUIET: Final = "#5A6470"
BATTERY: Final = "#1B2A6B"
RADAR: Final = "#F0B400"
RADAR_LINE: Final = "#8F6400"
PARTNER: Final = "#7B5EA7"
LAUNCH_AREA: Final = "#7A1B1B"
INPUT_BAND: Final = "#C9CED6"
SEQUENCE: Final = ("#FFF3B0", "#F9C95C", "#EE9A3A", "#D96A3C", "#B5413F", "#842B48", "#52204B", "#2A1637", "#120A1C")
SERIES: Final = ("#1B2A6B", "#00736B", "#D1491F", "#B8860B", "#7B5EA7", "#4C7EA8", "#7A1B1B", "#5A6470")


def luminance(colour: str) -> float:
    """Return the relative luminance (0 black, 1 white) of a ``#RRGGBB`` colour.

    References
    ----------
    W3C (2018), *Web Content Accessibility Guidelines 2.1*, definition of relative luminance.
    """
    parts = [int(colour[place : place + 2], 16) / 255.0 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def ink_on(colour: str) -> str:
    """Return black or white ink, whichever contrasts more with a background."""
    ground = luminance(colour)
    return "#FFFFFF" if 1.05 / (ground + 0.05) > (ground + 0.05) / 0.05 else "#000000"


def along(sequence: tuple[str, ...], number: int) -> list[str]:
    """Return so many colours spread evenly over a sequence, interpolated between its colours."""
    colours = []
    for step in range(number):
        place = step * (len(sequence) - 1) / max(number - 1, 1)
        low = min(int(place), len(sequence) - 2)
        share = place - low
        parts = [
            round((1.0 - share) * int(sequence[low][i : i + 2], 16) + share * int(sequence[low + 1][i : i + 2], 16))
            for i in (1, 3, 5)
        ]
        colours.append("#" + "".join(f"{part:02X}" for part in parts))
    return colours
