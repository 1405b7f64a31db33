"""Which numbers of a scenario a coverage depends on, and which of them move together when bounds are sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hoplon.analysis.corners import BETTER_WITH_LESS, BETTER_WITH_MORE, kind_of
from hoplon.analysis.sampling.hypercube import number_at
from hoplon.scenario.model import path_text
from hoplon.scenario.paths import bounded_numbers, with_values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hoplon.scenario.model import Cited, Scenario, Steps

_BOOST: Final = frozenset({"burn_time_s", "burnout_altitude_km", "burnout_ground_range_km"})
_RANGE: Final = frozenset({"max_range_km", "min_range_km"})
_WHOLE: Final = frozenset({"salvo", "shots_required"})
_WITHOUT_A_WAY: Final = frozenset(
    {
        *(("threats", key) for key in (*_BOOST, *_RANGE)),
        *(("radars", mode, "frequency_ghz") for mode in ("search", "track")),
        ("radars", "update_s"),
        ("satellites", "tracking", "update_s"),
        ("interceptors", "burn_time_s"),
        ("elements", "boresights_deg"),
        ("doctrine", "handover_s"),
        ("doctrine", "kill_assessment_s"),
    }
)
_ENTERS: Final = (BETTER_WITH_MORE | BETTER_WITH_LESS | _WITHOUT_A_WAY) - {("elements", "count")}
_OF_PREDICTION: Final = frozenset({("doctrine", "handover_error_km")})


@dataclass(frozen=True)
class Factor:
    """Numbers that one coordinate of a sample moves together.

    Parameters
    ----------
    name : str
    numbers : mapping of steps to Cited
        Each with its bounds, by its path.
    """

    name: str
    numbers: Mapping[Steps, Cited]


def factors_of(scenario: Scenario, architectures: Sequence[str], threats: Sequence[str]) -> tuple[Factor, ...]:
    """Return the numbers with bounds that the coverages of some architectures depend on, grouped into factors.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
        Numbers of types and elements that none of them uses are left out.
    threats : sequence of str
        The classes that count.

    Notes
    -----
    Numbers that one cause moves are one factor: the cross-sections of every class and band; the boost of every class,
    its ranges; the search and track ranges of a radar type; floor and ceiling of every interceptor; the alerts. Every
    other number stands alone, and one that an architecture sets in place of the doctrine's or network's moves with it.
    Numbers that no coverage depends on (costs, availability, inputs of the kill chain, magazines, first years of
    classes, the limit of prediction where tracks are held) are in no factor.
    """
    used = _used(scenario, architectures, threats)
    predicted = any(scenario.architecture(name).doctrine.support == "predicted" for name in architectures)
    entering = _ENTERS if predicted else _ENTERS - _OF_PREDICTION
    groups: dict[str, dict[Steps, Cited]] = {}
    for steps, number in bounded_numbers(scenario).items():
        kind = kind_of(steps)
        if kind in entering and (steps[0] not in used or steps[1] in used[str(steps[0])]):
            groups.setdefault(_group(steps, kind), {})[steps] = number
    return tuple(Factor(name, numbers) for name, numbers in groups.items())


def sampled(scenario: Scenario, factors: Sequence[Factor], coordinates: Mapping[str, float]) -> Scenario:
    """Return a scenario with the numbers of each factor at the factor's coordinate in [0, 1]; 1/2 is the base value."""
    return with_values(
        scenario,
        {
            steps: number_at(number, coordinates[factor.name], whole=steps[-1] in _WHOLE)
            for factor in factors
            for steps, number in factor.numbers.items()
            if coordinates[factor.name] != 0.5
        },
    )


def crossed(scenario: Scenario) -> bool:
    """Tell whether bounds of a sampled scenario have crossed, so that a least value is not below its greatest."""
    pairs = [(threat.min_range_km, threat.max_range_km) for threat in scenario.threats.values()]
    pairs += [(threat.burnout_ground_range_km, threat.max_range_km) for threat in scenario.threats.values()]
    pairs += [kind.intercept_altitude_km for kind in scenario.interceptors.values()]
    for radar in scenario.radars.values():
        pairs.append(radar.elevation_deg)
        if radar.min_range_km is not None:
            pairs.append((radar.min_range_km, radar.max_range_km))
    return any(float(least) >= float(most) for least, most in pairs)


def _used(scenario: Scenario, architectures: Sequence[str], threats: Sequence[str]) -> dict[str, set[str]]:
    """Return the names of the types, elements and architectures that coverages depend on, by section."""
    used: dict[str, set[str]] = {
        name: set() for name in ("radars", "satellites", "interceptors", "elements", "architectures")
    }
    used["threats"] = set(threats)
    for architecture in architectures:
        used["architectures"].update(
            name for name in scenario.architectures if scenario.architectures[name] in scenario.lineage(architecture)
        )
        for name, element in scenario.architecture(architecture).elements.items():
            used["elements"].add(name)
            for section, kind in (
                ("radars", element.radar),
                ("satellites", element.satellite),
                ("interceptors", element.battery),
            ):
                if kind is not None:
                    used[section].add(kind)
    return used


def _group(steps: Steps, kind: tuple[str, ...]) -> str:
    """Return the name of the factor that a number belongs to."""
    section, last = kind[0], kind[-1]
    if kind == ("threats", "rcs_m2"):
        return "rcs"
    if section == "threats":
        return "threat_boost" if last in _BOOST else "threat_range" if last in _RANGE else path_text(steps)
    if section == "radars" and len(kind) > 2:
        return f"radar_range.{steps[1]}"
    if kind in (("interceptors", "burnout_speed_km_s"), ("interceptors", "burn_time_s")):
        return f"{'burnout_speed' if last == 'burnout_speed_km_s' else 'burn_time'}.{steps[1]}"
    if kind == ("interceptors", "intercept_altitude_km[0]"):
        return "floor"
    if kind == ("interceptors", "intercept_altitude_km[1]"):
        return "ceiling"
    if kind == ("satellites", "alert_s"):
        return "alert"
    return path_text(steps[2:] if steps[0] == "architectures" else steps)
