"""Tables of question 12."""

from __future__ import annotations

from hoplon.analysis.architectures import column_title
from hoplon.analysis.stability.answer import StabilityAnswer
from hoplon.analysis.stability.views import JUDGED, VIEWS
from hoplon.presentation.tables import Column, Table
from hoplon.questions.stability.answer import StabilityFound
from hoplon.questions.study import Study


def tables(study: Study, answer: StabilityFound) -> tuple[Table, ...]:
    """Return the shares by burnout speed, and every trajectory."""
    every = (*answer.answers, *answer.readings.values())
    return (_shares(study, every), _trajectories(study, every))


def _shares(study: Study, every: tuple[StabilityAnswer, ...]) -> Table:
    rows = []
    for item in every:
        title, first = column_title(study.scenario, item.architecture), item.first_speed_km_s
        stated = [value for view in VIEWS for value in _stated(item, view)]
        rows.append((item.architecture, title, "as stated", None, *stated, *(first[view] for view in VIEWS)))
        for speed, shares in item.speeds.items():
            values = [value for view in VIEWS for value in (shares[view].share, None, None)]
            rows.append((item.architecture, title, "every interceptor", speed, *values, None, None))
    heads = (
        Column("architecture", "architecture"),
        Column("title", "title"),
        Column("burnout_speed", "burnout speed"),
        Column("burnout_speed_km_s", "km/s", "number"),
        *(
            Column(f"{view}_{key}", words, "share")
            for view in VIEWS
            for key, words in (("share", f"engaged, {view}"), ("share_low", "low"), ("share_high", "high"))
        ),
        *(Column(f"{view}_first_speed_km_s", f"first engaged at, {view}, km/s", "number") for view in VIEWS),
    )
    title = "Strategic trajectories engaged, by burnout speed"
    return Table("stability", title, heads, tuple(rows))


def _stated(item: StabilityAnswer, view: str) -> tuple[float, float, float]:
    stated = item.stated[view]
    return stated.engaged.share, stated.low, stated.high


def _trajectories(study: Study, every: tuple[StabilityAnswer, ...]) -> Table:
    rows = []
    for item in every:
        title = column_title(study.scenario, item.architecture)
        first = {engaged.trajectory: engaged for engaged in item.engaged}
        for name, time, threat in item.trajectories:
            met = first.get(name)
            least = [least_speed(item, view, name) for view in VIEWS]
            rows.append(
                (
                    *(item.architecture, title, name, threat, time),
                    "engaged" if name in item.stated[JUDGED].engaged.trajectories else item.binding.get(name, ""),
                    item.explanations.get(name, ""),
                    *((met.battery, met.intercept_s, met.altitude_km) if met else ("", None, None)),
                    *((met.slack_s, met.crossing_angle_deg) if met else (None, None)),
                    *least,
                )
            )
    heads = (
        Column("architecture", "architecture"),
        Column("title", "title"),
        Column("trajectory", "trajectory"),
        Column("threat", "class"),
        Column("flight_time_s", "flight", "seconds"),
        Column("stated", "at stated speeds"),
        Column("explanation", "why not"),
        Column("battery", "battery"),
        Column("intercept_s", "first intercept", "seconds"),
        Column("altitude_km", "altitude, km", "number"),
        Column("slack_s", "slack", "seconds"),
        Column("crossing_angle_deg", "crossing angle, degrees", "number"),
        *(
            Column(f"{view}_least_speed_km_s", f"least speed judged of the table, {view}, km/s", "number")
            for view in VIEWS
        ),
    )
    return Table("stability_trajectories", "Strategic trajectories, one by one", heads, tuple(rows))


def least_speed(item: StabilityAnswer, view: str, trajectory: str) -> float | None:
    """Return the least of the speeds judged at which a trajectory is engaged [km/s]; None for none."""
    return next((speed for speed, shares in item.speeds.items() if trajectory in shares[view].trajectories), None)
