"""The models that hoplon is made of: the table of equations, and those of the other pages of the manual."""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

from hoplon.validation.methods import methods


class Model(NamedTuple):
    """A model: its name, the function that computes it, the page of the manual, and what else holds it."""

    name: str
    code: str
    page: str
    held_by: str


OTHER_MODELS: Final = (
    Model("standard atmosphere", "earth.atmosphere.density", "dynamic-flight.md", "verification/test_dynamic.py"),
    Model("re-entry", "flight.reentry.AllenEggers", "dynamic-flight.md", "verification/test_dynamic.py"),
    Model("powered flight", "flight.powered.launch", "dynamic-flight.md", "verification/test_dynamic.py"),
    Model(
        "detection probability",
        "sensing.detection.detection_probability",
        "kill-chain.md",
        "verification/test_detection.py",
    ),
    Model("radar range equation", "sensing.range_equation.RadarEquation", "kill-chain.md", "unit/test_radar_range.py"),
    Model(
        "horizon of a refracting atmosphere",
        "sensing.range_equation.horizon_ground_range",
        "kill-chain.md",
        "verification/test_detection.py",
    ),
    Model("handover", "intercept.lethality.handover_probability", "kill-chain.md", "verification/test_kill_chain.py"),
    Model(
        "selection among look-alikes",
        "sensing.discrimination.selection_probability",
        "kill-chain.md",
        "verification/test_lethality.py",
    ),
    Model(
        "salvos and raids in closed form",
        "intercept.lethality.expected_leakers",
        "kill-chain.md",
        "verification/test_lethality.py",
    ),
    Model(
        "information of a track",
        "sensing.quality.information_history",
        "track-quality.md",
        "verification/test_track_information.py",
    ),
    Model(
        "fusion",
        "sensing.quality.covariance_intersection",
        "track-quality.md",
        "verification/test_track_information.py",
    ),
    Model(
        "predicted intercept point",
        "sensing.quality.sigma_across",
        "track-quality.md",
        "verification/test_intersection.py",
    ),
    Model(
        "launch and impact ellipses",
        "sensing.quality.impact_ellipse",
        "track-quality.md",
        "verification/test_track_information.py",
    ),
    Model("distance of two pictures", "sensing.measures.ospa_distance", "backbone.md", "verification/test_picture.py"),
    Model("raids by simulation", "backbone.killchain.run_chain", "backbone.md", "verification/test_raid.py"),
    Model(
        "delays, losses and links of raids",
        "backbone.replications.many_rows",
        "backbone.md",
        "unit/test_raid_losses.py",
    ),
    Model(
        "perfect command",
        "backbone.optimum",
        "backbone.md",
        "unit/test_perfect_command.py",
    ),
    Model("cost", "analysis.costs.answer.cost_answer", "questions/cost.md", "unit/test_costs.py"),
    Model(
        "loss of sites and contributions",
        "analysis.subsets",
        "questions/survivability.md",
        "unit/test_survivability_and_attribution.py",
    ),
    Model("best mix for a budget", "analysis.mix", "questions/mix.md", "unit/test_mix.py"),
    Model(
        "sampling of inputs with bounds",
        "analysis.sampling",
        "questions/robustness.md",
        "unit/test_robustness_numbers.py",
    ),
    Model("strategic trajectories", "analysis.stability", "questions/stability.md", "questions/stability/"),
    Model("waiting and adapting", "analysis.adaptivity", "questions/adaptivity.md", "unit/test_adaptivity.py"),
)


@cache
def models() -> tuple[Model, ...]:
    """Return every model, those of the table of equations first."""
    equations = (
        Model(one.quantity, one.code.split("(")[0].replace("`", "").strip(), "model.md", one.test.replace("`", ""))
        for one in methods().equations
    )
    return (*equations, *OTHER_MODELS)
