"""Tables of discrimination."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.presentation.tables import Column, Table
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, SOURCES, discriminating_sensor

if TYPE_CHECKING:
    from hoplon.questions.discrimination.answer import WarheadSelection
    from hoplon.questions.study import Study

_ARCHITECTURE: Final = Column("architecture", "architecture")
_SENSORS: Final = ("both", "radars", "seeker", "either", "nobody")


def tables(study: Study, answer: WarheadSelection) -> tuple[Table, ...]:
    """Return the tables of question 8."""
    return discrimination_table(answer), discrimination_by_threat_table(answer)


def _mean(values: NDArray[Any]) -> float | None:
    return float(np.mean(values)) if len(values) else None


def _percentiles(values: NDArray[np.float64], wanted: tuple[int, ...]) -> tuple[float | None, ...]:
    return tuple(float(np.percentile(values, share)) if len(values) else None for share in wanted)


def discrimination_table(answer: WarheadSelection) -> Table:
    """Return the table of selection and kill probability by architecture, number of objects and source."""
    rows = [
        (
            name,
            number,
            SOURCES[source],
            _mean(shots.selection(source, number)),
            *answer.chance(name, source, number),
            len(shots.flights),
        )
        for name, shots in answer.shots.items()
        for number in OBJECTS
        for source in SOURCES
    ]
    columns = (
        _ARCHITECTURE,
        Column("objects", "objects", "number"),
        Column("source", "source of discrimination"),
        Column("selection_probability", "probability of selecting the warhead", "share"),
        Column("single_shot_kill_probability_low", "single-shot kill probability, low", "share"),
        Column("single_shot_kill_probability", "base", "share"),
        Column("single_shot_kill_probability_high", "high", "share"),
        Column("shots", "shots", "number"),
    )
    title = "Discrimination: means over each architecture's main shots; objects, separations and factors are assumed"
    return Table("discrimination", title, columns, tuple(rows))


def discrimination_by_threat_table(answer: WarheadSelection) -> Table:
    """Return the table of which sensor discriminates the warhead, by architecture, class and launch area, and when."""

    def lines() -> Iterator[tuple[Any, ...]]:
        sample = answer.sample
        for name, shots in answer.shots.items():
            sensors = np.array(discriminating_sensor(shots, SHOWN_OBJECTS))
            chances = {source: shots.chance(source, SHOWN_OBJECTS) for source in SOURCES}
            kinds, areas = sample.flights.classes[shots.flights], sample.flights.areas[shots.flights]
            for kind, area in np.unique(np.stack([kinds, areas], axis=1), axis=0):
                mine = (kinds == kind) & (areas == area)
                margin = shots.before_launch[mine]
                yield (
                    name,
                    sample.threats[kind],
                    sample.areas[area],
                    int(mine.sum()),
                    *(_mean(values[mine]) for values in chances.values()),
                    *(_mean(sensors[mine] == sensor) for sensor in _SENSORS),
                    _mean(margin >= 0.0),
                    _mean(np.isfinite(margin)),
                    *_percentiles(margin[np.isfinite(margin)], (50,)),
                )

    columns = (
        _ARCHITECTURE,
        Column("threat", "class"),
        Column("launch_area", "from"),
        Column("shots", "shots", "number"),
        *(Column(f"kill_probability_{source}", SOURCES[source], "share") for source in SOURCES),
        *(Column(f"done_by_{sensor}", f"discriminated by {sensor}", "share") for sensor in _SENSORS),
        Column("radar_discrimination_before_launch", "radar discrimination received before launch", "share"),
        Column("radar_discrimination_by_handover", "by handover", "share"),
        Column("before_launch_median_s", "median time before launch, s", "number"),
    )
    title = f"Which sensor discriminates the warhead, {SHOWN_OBJECTS} objects: by class and launch area"
    return Table("discrimination_by_threat", title, columns, tuple(lines()))
