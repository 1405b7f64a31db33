"""Questions about plans and third parties: stability, and what waiting costs and what can be moved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from hoplon.errors import InputError
from hoplon.progress import Progress, silent
from hoplon.scenario.given.scenario import GivenScenario, loaded_scenario, names_in

if TYPE_CHECKING:
    from hoplon.analysis.stability.answer import StabilityAnswers
    from hoplon.scenario.model import Scenario


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

    chosen_trajectories(loaded, trajectories)  # what it asks about is missed before what it is asked of
    named = named_architectures(loaded, architectures, "Q12")
    return stability(loaded, named, speeds_km_s, trajectories, progress or silent)


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
