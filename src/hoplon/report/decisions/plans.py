"""Questions about the years to come and third parties: growth of the threat, stability, waiting and moving."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, names_in
from hoplon.scenario.model import known_name

if TYPE_CHECKING:
    from hoplon.analysis.adaptivity.answer import AdaptivityAnswer
    from hoplon.analysis.sampling.sampled_values import ValueKind
    from hoplon.analysis.stability.answer import StabilityAnswers
    from hoplon.analysis.threat.assessment import ThreatAssessment
    from hoplon.analysis.threat.growth import Pace
    from hoplon.scenario.geography import AimPoints
    from hoplon.scenario.model import Level, Scenario


def threat(
    scenario: GivenScenario,
    year: int | None = None,
    *,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    paces: Sequence[Pace] | Pace | None = None,
) -> ThreatAssessment:
    """Return who is within whose reach, from which year, with what warning, and how that grows over the years.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    year : int, optional
        Classes that exist in that year, and its members and satellites; the growth over the years keeps every class.
    threats, areas : sequence of str or str, optional
        Classes and launch areas; all by default.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them, whose nations are those assessed; the places of the members by default.
    paces : sequence of {"slow", "base", "fast"}, or one of them, optional
        At which classes begin; all by default.

    Raises
    ------
    UnknownNameError
    """
    loaded = loaded_scenario(scenario)
    threats = names_in(loaded, "threat", threats)
    areas = names_in(loaded, "launch area", areas)
    from hoplon.analysis.coverage import headline_nations
    from hoplon.analysis.threat.assessment import assess
    from hoplon.analysis.threat.growth import threat_growth

    given = _given(points)
    nations = None if given is None else tuple(dict.fromkeys(given.nation.tolist()))
    assessed = assess(loaded, year, given, threats, areas, nations)
    counted = headline_nations(loaded, year) if nations is None else nations
    growth = threat_growth(loaded, assessed.places, assessed.reach, counted, _paces(paces))
    return replace(assessed, growth=growth)


def stability(
    scenario: GivenScenario,
    architectures: Sequence[str] | str | None = None,
    *,
    speeds_km_s: Sequence[float] | None = None,
    trajectories: Sequence[str] | None = None,
    progress: Progress | None = None,
) -> StabilityAnswers:
    """Return which of a third party's strategic trajectories some architectures could engage, by burnout speed.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architectures : sequence of str or str, optional
        Those of the scenario's ``questions.Q12`` by default.
    speeds_km_s : sequence of float, optional
        Burnout speeds that every interceptor is given in turn [km/s]; 3, 3.5, .., 9 by default.
    trajectories : sequence of str, optional
        Names under ``strategic``; all of them by default.
    progress : callable, optional

    Raises
    ------
    InputError
        If the scenario has no strategic trajectories, no architecture is named, or a speed lies outside its limits.
    UnknownNameError
    """
    loaded = loaded_scenario(scenario)
    from hoplon.analysis.stability.answer import stability
    from hoplon.analysis.stability.views import chosen_trajectories
    from hoplon.analysis.store import Store

    chosen_trajectories(loaded, trajectories)  # what it asks about is missed before what it is asked of
    named = named_architectures(loaded, architectures, "Q12")
    found = stability(Store(), loaded, named, speeds_km_s, trajectories, progress or silent)
    for one in found.answers:
        one.made_from(loaded)
    return found.made_from(loaded)


def named_architectures(scenario: Scenario, names: Sequence[str] | str | None, question: str) -> tuple[str, ...]:
    """Return architectures as the scenario spells them; those of one of its questions where none is named.

    Raises
    ------
    InputError
        If none is named there either.
    """
    named = names_in(scenario, "architecture", names)
    if named:
        return named
    asked = scenario.questions.get(question)
    if asked is None or not asked.architectures:
        raise InputError(
            f"{scenario.name}: no architecture was named, and questions.{question} names none; "
            "name one (--architecture), or list some there"
        )
    return asked.architectures


def adapt(
    scenario: GivenScenario,
    architectures: Sequence[str] | str | None = None,
    *,
    wait_years: Sequence[int] | None = None,
    paces: Sequence[Pace] | Pace | None = None,
    surprises: Sequence[str] | str | None = None,
    moves: int = 2,
    threats: Sequence[str] | str | None = None,
    areas: Sequence[str] | str | None = None,
    points: AimPoints | str | Path | None = None,
    level: Level = "base",
    value: ValueKind = "population",
    subset: int | None = None,
    progress: Progress | None = None,
) -> AdaptivityAnswer:
    """Return what waiting with a plan costs, and what can be moved how fast when the threat comes otherwise.

    Parameters
    ----------
    scenario : Scenario, path or bundled name
    architectures : sequence of str or str, optional
        The plan, in the order of its years; that of the scenario's ``questions.Q15`` by default.
    wait_years : sequence of int, optional
        Years by which the whole plan comes later; 0 to 5 by default.
    paces : sequence of {"slow", "base", "fast"}, or one of them, optional
        At which classes begin; all by default.
    surprises : sequence of str or str, optional
        Of the scenario's ``adapt.surprises``; all by default.
    moves : int
        How many of the scenario's ``adapt.moves`` a response may have at most.
    threats, areas : sequence of str or str, optional
        Classes and launch areas that count; the headline's, and all, by default.
    points : AimPoints, path, optional
        Aim points, or a CSV file of them; those of the members in the last year of the plan by default.
    level : {"low", "base", "high"}
        Of the disputed inputs.
    value : {"population", "area", "worst_nation"}
        What a response is judged by.
    subset : int, optional
        Marks of a weighted subset of the points that is judged in their place.
    progress : callable, optional

    Raises
    ------
    InputError
        For a plan without years that rise, or a scenario without costs.
    UnknownNameError
    """
    loaded = loaded_scenario(scenario)
    threats = names_in(loaded, "threat", threats)
    areas = names_in(loaded, "launch area", areas)
    named = named_architectures(loaded, architectures, "Q15")
    from hoplon.analysis.adaptivity.answer import WAIT_YEARS, adaptivity
    from hoplon.analysis.coverage import aim_points
    from hoplon.analysis.robustness.run import LEVELS, ChoiceScope
    from hoplon.analysis.sampling.sampled_values import VALUES
    from hoplon.analysis.store import Store

    given = _given(points)
    known = () if loaded.adapt is None else tuple(loaded.adapt.surprises)
    wanted = (surprises,) if isinstance(surprises, str) else surprises
    chosen = None if wanted is None else tuple(known_name("surprise", name, known) for name in wanted)
    scope = ChoiceScope(
        aim_points(loaded) if given is None else given,
        None if threats is None else tuple(name for name in loaded.threats if name in threats),
        areas,
        points is not None,
        next(one for one in LEVELS if one == known_name("level", level, LEVELS)),
        next(one for one in VALUES if one == known_name("value", value, VALUES)),
        subset,
    )
    found = adaptivity(
        Store(),
        loaded,
        named,
        scope,
        wait_years=WAIT_YEARS if wait_years is None else tuple(dict.fromkeys(wait_years)),
        paces=_paces(paces),
        surprises=chosen,
        moves=moves,
        progress=progress or silent,
    )
    return found.made_from(loaded)


def _given(points: AimPoints | str | Path | None) -> AimPoints | None:
    from hoplon.scenario.points_file import given_points

    return given_points(points)[1]


def _paces(paces: Sequence[Pace] | Pace | None) -> tuple[Pace, ...]:
    """Return the paces asked for, in their order; all of them for None."""
    from hoplon.analysis.threat.growth import PACES

    wanted = PACES if paces is None else (paces,) if isinstance(paces, str) else tuple(paces)
    known = {known_name("pace", pace, PACES) for pace in wanted}
    return tuple(pace for pace in PACES if pace in known)
