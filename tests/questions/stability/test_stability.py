"""What the page says of strategic trajectories follows the numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import report_samples as samples
from hoplon.analysis.stability.answer import EngagedShare, EngagedTrajectory, StabilityAnswer, StatedShare
from hoplon.questions.question import FigureRef, TableRef
from hoplon.questions.stability.answer import StabilityFound, answer, asked_architectures
from hoplon.questions.stability.figures import figures
from hoplon.questions.stability.findings import findings
from hoplon.questions.stability.section import section
from hoplon.questions.stability.tables import tables
from hoplon.questions.study import Study
from hoplon.scenario.decisions.records import StrategicTrajectory
from hoplon.scenario.model import Place, QuestionScope

NAMES = ("A to B", "A to C", "D to B", "D to C")
SPEEDS = (3.0, 6.0, 9.0)


def study() -> Study:
    made = replace(
        samples.scenario(),
        strategic=tuple(
            StrategicTrajectory(name=name, from_=Place(54.0, 36.0), aim=Place(39.0, -77.0), threat="icbm-10000")
            for name in NAMES
        ),
    )
    return Study(made, samples.aim_points(), cover=samples.Covers())


def share(count: int) -> EngagedShare:
    return EngagedShare(count / len(NAMES), NAMES[:count])


def made(
    architecture: str, judged: Mapping[float, int], stated: tuple[int, int, int], first: float | None
) -> StabilityAnswer:
    """Return made-up answers: so many of four trajectories at each speed, all by kinematics from 6 km/s on."""
    engaged = NAMES[: stated[1]]
    causes = ("seen_too_late", "out_of_reach", "flight_time", "never_seen")
    binding = {name: causes[place] for place, name in enumerate(NAMES) if name not in engaged}
    kinematic = {speed: share(4 if speed >= 6.0 else 0) for speed in judged}
    low, base, high = stated
    return StabilityAnswer(
        "sample",
        architecture,
        tuple((name, 1800.0, "icbm-10000") for name in NAMES),
        {
            "judged": StatedShare(share(base), low / 4, high / 4),
            "kinematic": StatedShare(share(3), 0.75, 0.75),
        },
        {speed: {"judged": share(judged[speed]), "kinematic": kinematic[speed]} for speed in judged},
        {"judged": first, "kinematic": 5.1},
        tuple(EngagedTrajectory(name, "redzikowo-silo", 500.0, 800.0, 12.0, 70.0) for name in engaged),
        binding,
        dict.fromkeys(binding, "deveselu: too late"),
    )


def found() -> StabilityFound:
    one = made("programme-of-record", {3.0: 0, 6.0: 0, 9.0: 4}, (0, 1, 3), 7.15)
    two = made("phase-3", {3.0: 0, 6.0: 0, 9.0: 2}, (0, 0, 0), 8.0)
    reading = made("phase-1-allied", {3.0: 0, 6.0: 3, 9.0: 4}, (2, 3, 3), 5.5)
    speeds = {"programme-of-record": {"gbi-2stage": (6.3, 7.0, 9.0)}, "phase-3": {"sm3-iia": (4.3, 4.5, 5.5)}}
    return StabilityFound((one, two), {"phase-1-allied": reading}, speeds)


def test_the_lead_says_how_many_are_engaged_between_which_bounds() -> None:
    lead, *told = findings(study(), found())
    assert lead.lead
    assert not any(item.lead for item in told)
    assert "Of 4 strategic trajectories" in lead.sentence
    assert "at 7 km/s, could engage 1 (0 to 3), by kinematics alone 3;" in lead.sentence
    assert "at 4.5 km/s, could engage 0, by kinematics alone 3" in lead.sentence
    assert lead.numbers["programme-of-record_high"] == 0.75


def test_each_architecture_says_from_which_speed_and_why_not() -> None:
    _, one, two, reading, limits = findings(study(), found())
    assert "the first from 7.15 km/s and all from 9 km/s" in one.sentence
    assert "the first from 8.00 km/s and 2 of 4 at 9 km/s" in two.sentence
    assert "by kinematics alone the first from 5.10 km/s and all from 6 km/s" in one.sentence
    assert "1 is reachable, but tracked too late" in two.sentence
    assert "1 is out of reach however early" in two.sentence
    assert "seen_too_late_trajectories" not in one.numbers
    assert "would engage 3 (2 to 3) of 4 at stated speeds" in reading.sentence
    assert "no kill" in limits.sentence


def test_no_speed_at_all_is_said() -> None:
    none = made("phase-3", dict.fromkeys(SPEEDS, 0), (0, 0, 0), None)
    one = findings(study(), StabilityFound((none,), {}, {"phase-3": {"sm3-iia": (4.3, 4.5, 5.5)}}))[1]
    assert "none at any speed up to 10.95 km/s" in one.sentence


def test_tables_hold_every_speed_and_trajectory() -> None:
    shares, every = tables(study(), found())
    assert len(shares.rows) == 3 * (1 + len(SPEEDS))
    keys = [column.key for column in shares.columns]
    stated = dict(zip(keys, shares.rows[0], strict=True))
    assert (stated["judged_share"], stated["judged_share_low"], stated["judged_share_high"]) == (0.25, 0.0, 0.75)
    assert stated["judged_first_speed_km_s"] == 7.15
    rows = [dict(zip([column.key for column in every.columns], row, strict=True)) for row in every.rows]
    assert len(rows) == 3 * len(NAMES)
    assert (rows[0]["stated"], rows[0]["battery"], rows[0]["crossing_angle_deg"]) == ("engaged", "redzikowo-silo", 70.0)
    assert (rows[1]["stated"], rows[1]["battery"], rows[1]["judged_least_speed_km_s"]) == ("out_of_reach", "", 9.0)


def test_the_section_shows_what_there_is_and_figures_say_what_they_show() -> None:
    asked = study()
    blocks = section(asked, found()).every
    assert {item.name for item in blocks if isinstance(item, TableRef)} == {t.name for t in tables(asked, found())}
    specs = figures(asked, found())
    assert [item.name for item in blocks if isinstance(item, FigureRef)] == [spec.name for spec in specs]
    shares, maps = (spec.draw() for spec in specs)
    assert "Programme of record, 2013: judged from 9 km/s, 100 % at 9 km/s" in shares.alternative
    assert "Phase 3, 2018: 2 of 4 engaged, the first from 9 km/s" in maps.alternative


def test_a_scenario_without_trajectories_or_batteries_does_not_ask() -> None:
    assert answer(Study(samples.scenario(), samples.aim_points(), cover=samples.Covers())) is None
    scenario = replace(study().scenario, questions={"Q12": QuestionScope(architectures=("phase-2",))})
    assert asked_architectures(scenario) == ("phase-2",)
    unarmed = replace(
        scenario,
        architectures={
            **scenario.architectures,
            "phase-2": replace(scenario.architectures["phase-2"], elements=("dsp",)),
        },
    )
    assert asked_architectures(unarmed) == ()
