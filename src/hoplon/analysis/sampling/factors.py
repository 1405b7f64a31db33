"""Which numbers of a scenario a coverage depends on, and which of them move together when bounds are sampled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from hoplon.analysis.corners import BETTER_WITH_LESS, BETTER_WITH_MORE, kind_of
from hoplon.analysis.sampling.hypercube import number_at
from hoplon.scenario.decisions.rules import DUMMY
from hoplon.scenario.model import path_text
from hoplon.scenario.paths import bounded_numbers, is_named, with_values

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
        ("interceptors", "burn_time_s"),
        ("elements", "boresights_deg"),
        ("doctrine", "handover_s"),
        ("doctrine", "kill_assessment_s"),
    }
)
_ENTERS: Final = (BETTER_WITH_MORE | BETTER_WITH_LESS | _WITHOUT_A_WAY) - {("elements", "count")}
_OF_PREDICTION: Final = frozenset(
    {
        ("doctrine", "handover_error_km"),
        *(("radars", key) for key in ("update_s", "range_sigma_m", "angle_sigma_mrad")),
        *(("satellites", "tracking", key) for key in ("update_s", "position_sigma_m")),
    }
)  # how well a track is known decides only where its prediction supports an intercept


@dataclass(frozen=True)
class Factor:
    """Numbers that one coordinate of a sample moves together.

    Parameters
    ----------
    name : str
    numbers : mapping of steps to Cited
        Each with its bounds, by its path; empty for the one that moves nothing.
    """

    name: str
    numbers: Mapping[Steps, Cited]

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of its numbers, as in the file."""
        return tuple(map(path_text, self.numbers))

    def at(self, coordinate: float) -> dict[str, float]:
        """Return its numbers at a coordinate in [0, 1], by their paths."""
        return {path_text(steps): value for steps, value in self._values(coordinate).items()}

    def _values(self, coordinate: float) -> dict[Steps, float]:
        return {
            steps: number_at(number, coordinate, whole=steps[-1] in _WHOLE) for steps, number in self.numbers.items()
        }

    def moved(self, coordinate: float) -> dict[Steps, float]:
        """Return the numbers that a coordinate in [0, 1] moves off their base values, by their steps."""
        return {} if coordinate == 0.5 else self._values(coordinate)


NO_EFFECT: Final = Factor(DUMMY, MappingProxyType({}))
"""The factor that moves nothing: what is found for it is found by chance."""


def factors_of(scenario: Scenario, architectures: Sequence[str]) -> tuple[Factor, ...]:
    """Return the numbers with bounds that the coverages of some architectures depend on, grouped into factors.

    Parameters
    ----------
    scenario : Scenario
    architectures : sequence of str
        Numbers of types and elements that none of them uses are left out.

    Notes
    -----
    Numbers that one cause moves are one factor: the cross-sections of every class and band; the boost of every class,
    its ranges; the search and track ranges of a radar type; floor and ceiling of every interceptor; the alerts. Every
    other number stands alone, and one that an architecture sets in place of the doctrine's or network's moves with it.
    What the scenario groups itself (``robustness.factors``) is grouped so, and what it leaves out (``leave_out``) stays
    at its base value. Numbers that no coverage depends on (:func:`unused_numbers`) are in no factor.
    """
    groups: dict[str, dict[Steps, Cited]] = {}
    for steps, number in _of_use(scenario, architectures).items():
        if _enters(scenario, architectures, steps):
            groups.setdefault(_group(scenario, steps), {})[steps] = number
    return tuple(Factor(name, numbers) for name, numbers in groups.items())


def unused_numbers(scenario: Scenario, architectures: Sequence[str]) -> tuple[str, ...]:
    """Return the paths of the numbers with bounds that no coverage depends on.

    They are costs, availability, inputs of the kill chain, magazines, first years of classes, ballistic coefficients,
    and, where tracks are held, the errors of tracks and the limit of prediction. What belongs to types and elements
    that no architecture uses is left out, and so is what the scenario leaves out of its samples.
    """
    return tuple(
        path_text(steps) for steps in _of_use(scenario, architectures) if not _enters(scenario, architectures, steps)
    )


def _of_use(scenario: Scenario, architectures: Sequence[str]) -> dict[Steps, Cited]:
    """Return the numbers with bounds of all but the types, elements and architectures that none of these uses."""
    used = _used(scenario, architectures)
    left_out = () if scenario.robustness is None else scenario.robustness.leave_out
    return {
        steps: number
        for steps, number in bounded_numbers(scenario).items()
        if (steps[0] not in used or steps[1] in used[str(steps[0])])
        and not any(is_named(path, steps) for path in left_out)
    }


def _enters(scenario: Scenario, architectures: Sequence[str], steps: Steps) -> bool:
    """Tell whether the coverage of any of these architectures depends on a number that they use."""
    kind = kind_of(steps)
    if kind in _OF_PREDICTION:
        return any(scenario.architecture(name).doctrine.support == "predicted" for name in architectures)
    return kind in _ENTERS


def sampled(scenario: Scenario, factors: Sequence[Factor], coordinates: Mapping[str, float]) -> Scenario:
    """Return a scenario with the numbers of each factor at the factor's coordinate in [0, 1]; 1/2 is the base value."""
    moved: dict[Steps, float] = {}
    for factor in factors:
        moved |= factor.moved(coordinates[factor.name])
    return with_values(scenario, moved)


def crossed(scenario: Scenario, architecture: str) -> bool:
    """Tell whether bounds have crossed in a sampled scenario, so that a least value is not below its greatest.

    Parameters
    ----------
    scenario : Scenario
    architecture : str
        Its classes count, and the radars and interceptors that this architecture uses.
    """
    pairs = [(threat.min_range_km, threat.max_range_km) for threat in scenario.threats.values()]
    pairs += [(threat.burnout_ground_range_km, threat.max_range_km) for threat in scenario.threats.values()]
    used = _used(scenario, (architecture,))
    pairs += [scenario.interceptors[name].intercept_altitude_km for name in used["interceptors"]]
    for radar in (scenario.radars[name] for name in used["radars"]):
        pairs.append(radar.elevation_deg)
        if radar.min_range_km is not None:
            pairs.append((radar.min_range_km, radar.max_range_km))
    return any(float(least) >= float(most) for least, most in pairs)


def _used(scenario: Scenario, architectures: Sequence[str]) -> dict[str, set[str]]:
    """Return the names of the types, elements and architectures that coverages depend on, by section."""
    used: dict[str, set[str]] = {
        name: set() for name in ("radars", "satellites", "interceptors", "elements", "architectures")
    }
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


def _group(scenario: Scenario, steps: Steps) -> str:
    """Return the name of the factor that a number belongs to."""
    for name, paths in (scenario.robustness.factors if scenario.robustness is not None else {}).items():
        if any(is_named(path, steps) for path in paths):
            return name
    kind = kind_of(steps)
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
