"""Numbers and lists as a sentence says them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from types import MappingProxyType
from typing import Final

from hoplon.scenario import geography

SAME: Final = 0.005  # [1] shares that differ by less are called equal
MARKED: Final = 0.05  # [1] a nation is called better or worse served from this difference on
_Shares = tuple[float, float, float]
_SPACE: Final = "\u00a0"  # no break between a number and its unit
_WITH_ARTICLE: Final = frozenset({"Czech Republic", "Netherlands", "United Kingdom", "United States of America"})
CAUSE_PHRASES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "never_seen": "no admitted radar ever forms a track",
        "seen_too_late": "the track comes after the last moment to launch",
        "out_of_reach": "no interceptor is fast enough to get there in its flight time",
        "too_low": "the flight stays below the interceptors' lowest altitude",
        "too_high": "the flight is above the interceptors' highest altitude",
        "no_support": "no radar that the mode admits holds the track at intercept",
    }
)
CAUSE_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "never_seen": "never seen",
        "seen_too_late": "seen too late",
        "out_of_reach": "out of reach",
        "too_low": "too low",
        "too_high": "too high",
        "no_support": "no support",
    }
)


@cache
def nation_names() -> Mapping[str, str]:
    """Return the English short name of each country by its code."""
    return MappingProxyType(geography.country_names())


def nation(code: str) -> str:
    """Return the name of a country, or its code if it has no outline."""
    return nation_names().get(code, code)


def nation_in_text(code: str) -> str:
    """Return the name of a country as a sentence says it: with its article, where English gives it one."""
    name = nation(code)
    return f"the {name}" if name in _WITH_ARTICLE else name


def launch_area(name: str) -> str:
    """Return what a sentence or figure calls a launch area: its name in the scenario as words."""
    return name.replace("-", " ").capitalize()


def percent(share: float | None) -> str:
    """Return a share in whole per cent; neither all nor nothing unless it is exactly that."""
    if share is None:
        return "none threatened"
    if 0.0 < share < 0.005:
        return f"under 1{_SPACE}%"
    if 0.995 <= share < 1.0:
        return f"over 99{_SPACE}%"
    return f"{100.0 * share:.0f}{_SPACE}%"


def bounds(shares: tuple[float, float, float]) -> str:
    """Return the corners of a share: ``71 % to 90 %``, or each by its name where the base does not lie between."""
    low, base, high = shares
    if low <= base <= high:
        return f"{percent(low)} to {percent(high)}"
    return f"worst corner {percent(low)}, best corner {percent(high)}"


def interval(shares: tuple[float, float, float] | None) -> str:
    """Return a share with its worst and best corner: ``83 % (71 % to 90 %)``."""
    return "none threatened" if shares is None else f"{percent(shares[1])} ({bounds(shares)})"


def points(difference: float) -> str:
    """Return a difference of shares in percentage points, without its sign."""
    size = abs(100.0 * difference)
    return f"{size:.1f} points" if size < 9.95 else f"{size:.0f} points"


def millions(people: float) -> str:
    """Return a number of people in millions, with a decimal below ten."""
    size = people / 1.0e6
    return f"{size:,.1f} million" if size < 9.95 else f"{size:,.0f} million"


def billions(musd: float) -> str:
    """Return a sum of money given in millions in billions, with a decimal below a hundred: ``9.3 bn``."""
    size = musd / 1000.0
    return f"{size:,.1f}{_SPACE}bn" if abs(size) < 99.95 else f"{size:,.0f}{_SPACE}bn"


def minutes(seconds: float) -> str:
    """Return a time in minutes and seconds."""
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60:02d} s"


def capitalised(text: str) -> str:
    """Return a text that begins with a capital letter, the rest as it is."""
    return text[:1].upper() + text[1:]


def listed(words: Sequence[str], nothing: str = "none") -> str:
    """Return words as a list of a sentence."""
    if not words:
        return nothing
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def nations(codes: Sequence[str], nothing: str = "none") -> str:
    """Return the names of some countries as a list of a sentence, in alphabetical order."""
    return listed([nation_in_text(code) for code in sorted(codes, key=nation)], nothing)


def causes(shares: Mapping[str, float], most: int = 2) -> str:
    """Return the leading causes with their shares: ``out of reach (63 %) and too low (20 %)``."""
    leading = sorted(shares.items(), key=lambda item: -item[1])[:most]
    return listed([f"{CAUSE_NAMES[cause]} ({percent(share)})" for cause, share in leading])


def leading_cause(shares: Mapping[str, float]) -> str:
    """Return the leading cause as a phrase, with its share: ``the track comes too late (63 % of them)``."""
    leading = max(shares, key=lambda cause: shares[cause])
    return f"{CAUSE_PHRASES[leading]} ({percent(shares[leading])} of them)"


def addition_sentences(
    what: str,
    steps: Mapping[str, tuple[tuple[float, float, float], tuple[float, float, float]]],
    titles: Mapping[str, str],
) -> list[tuple[str, dict[str, float]]]:
    """Return what an addition changes, with base values and at the worse bounds: sentences with the gains in them.

    Parameters
    ----------
    what : str
        What is added, in the plural.
    steps : mapping
        Architecture to shares (low, base, high) without and with the addition.
    titles : mapping
        Architecture to what a sentence calls it.
    """
    told = []
    for level, words in ((1, "with base values"), (0, "in the worst corner of the disputed inputs")):
        gains = {stem: with_it[level] - without[level] for stem, (without, with_it) in steps.items()}
        most = max(gains, key=lambda stem: gains[stem])
        end = "nothing of note to any architecture"
        if gains[most] < SAME and level == 1:
            tops = [max(b[at] - a[at] for a, b in steps.values()) for at in (1, 0, 2)]
            end += (
                f" (at most {points(tops[0])}; {points(tops[1])} in the worst corner of the disputed inputs, "
                f"{points(tops[2])} in the best)"
            )
        if gains[most] >= SAME:
            end = f"most to {titles[most]} ({points(gains[most])}"
            if level == 1:
                without, with_it = steps[most]
                corners = (with_it[0] - without[0], with_it[2] - without[2])
                end += f"; {points(corners[0])} in the worst corner, {points(corners[1])} in the best"
            end += ")"
        parts = [f"{titles[stem]} {percent(a[level])} to {percent(b[level])}" for stem, (a, b) in steps.items()]
        text = (
            f"At the level of coverage, {words}, {what} add {end}; threatened people defended without and with them: "
            f"{'; '.join(parts)}."
        )
        told.append((text, gains))
    return told
