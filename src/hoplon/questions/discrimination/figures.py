"""Figures and maps of discrimination."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from hoplon.analysis.architectures import figure_title
from hoplon.presentation.maps.values import Panel, Steps, value_maps
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import launch_area, points
from hoplon.questions.discrimination.answer import OBJECTS, SHOWN_OBJECTS, SOURCES, SelectedShots
from hoplon.questions.discrimination.charts import (
    FactorChain,
    TimingBar,
    objects_figure,
    source_bars,
    timing_bars,
    waterfall,
)
from hoplon.questions.question import FigureSpec

if TYPE_CHECKING:
    from hoplon.analysis.city_sample import Sample
    from hoplon.questions.discrimination.answer import WarheadSelection
    from hoplon.questions.study import Study

_LOSS_STEPS: Final = Steps(
    (0.0, 0.01, 0.05, 0.10, 0.20),
    ("#FFFFFF", "#F9E7B3", "#EFC14B", "#C98A00", "#6E4500"),
    ("under 1 point", "1 to 5 points", "5 to 10 points", "10 to 20 points", "20 points and more"),
)


def figures(study: Study, answer: WarheadSelection) -> list[FigureSpec]:
    """Return the figures and maps of question 8, to be drawn."""
    return [
        FigureSpec("selection-sources", "figures", partial(_sources, study, answer)),
        FigureSpec("selection-objects", "figures", partial(_objects, study, answer)),
        FigureSpec("kill-chain", "figures", partial(_waterfall, study, answer)),
        FigureSpec("selection-time", "figures", partial(_timing, study, answer)),
        FigureSpec("selection-map", "maps", partial(_loss_maps, study, answer)),
    ]


def _short(title: str) -> str:
    return title.split(" (")[0].split(",")[0]


def _assumed(study: Study) -> str:
    return (
        f"{source_line(study.scenario.name, study.scenario.sha256)}\n"
        "Assumed: every class's number of objects, d' of radars and seekers, seeker, divert, reliability and hit "
        "probability; none is the value of a real system."
    )


def representative(shots: SelectedShots) -> int:
    """Return the index of the shot whose single-shot kill probability is the median of an architecture's shots."""
    chance = np.round(shots.chance("both", SHOWN_OBJECTS), 9)
    return int(np.argsort(chance, kind="stable")[(len(chance) - 1) // 2])


def _waterfall(study: Study, answer: WarheadSelection) -> Picture:
    sample, chains = answer.sample, []
    for name, shots in answer.shots.items():
        place = representative(shots)
        flight = int(shots.flights[place])
        point, area = int(sample.flights.points[flight]), int(sample.flights.areas[flight])
        selection = float(shots.selection("both", SHOWN_OBJECTS)[place])
        kind = study.scenario.threats[sample.threats[int(sample.flights.classes[flight])]]
        battery = study.scenario.elements[shots.battery[place]].title or shots.battery[place]
        under = (
            f"{_short(battery)}: {kind.max_range_km.value:,.0f} km, "
            f"{launch_area(sample.areas[area])} to {sample.places.name[point]}"
        )
        factors = (
            ("reliability", float(shots.reliability[place])),
            ("handover", float(shots.handover[place])),
            ("selection", selection),
            ("hit", float(shots.hit[place])),
        )
        chains.append(FactorChain(figure_title(study.scenario, name), under, factors))
    headings = (
        "The kill chain of one shot",
        f"Probability after each step, the median of each architecture's main shots; {SHOWN_OBJECTS} objects that look "
        "alike, discriminated by radars and seeker",
    )
    return waterfall(chains, headings, _assumed(study), "kill-chain")


def _shots_title(sample: Sample) -> str:
    return (
        f"best first shot at each of {len(sample.flights):,} flights to {len(sample.places)} capitals and large cities"
    )


def _objects(study: Study, answer: WarheadSelection) -> Picture:
    chances = {
        figure_title(study.scenario, name): {
            key: np.array([float(np.mean(shots.selection(key, number))) for number in OBJECTS]) for key in SOURCES
        }
        for name, shots in answer.shots.items()
    }
    headings = (
        "Probability of selecting the warhead",
        f"Mean over the {_shots_title(answer.sample)}, where an architecture has one",
    )
    return objects_figure(OBJECTS, chances, headings, _assumed(study), "selection-objects")


def _sources(study: Study, answer: WarheadSelection) -> Picture:
    chances = {
        figure_title(study.scenario, name): {key: float(np.mean(shots.chance(key, SHOWN_OBJECTS))) for key in SOURCES}
        for name, shots in answer.shots.items()
    }
    headings = (
        f"Single-shot kill probability against {SHOWN_OBJECTS} objects, by source of discrimination",
        f"Mean over the {_shots_title(answer.sample)}, where an architecture has one",
    )
    return source_bars(chances, headings, _assumed(study), "selection-sources")


def _timing(study: Study, answer: WarheadSelection) -> Picture:
    sample, bars = answer.sample, []
    for name, shots in answer.shots.items():
        classes = sample.flights.classes[shots.flights]
        rows: list[tuple[str, NDArray[np.bool_]]] = [("every class", np.ones(len(classes), dtype=np.bool_))]
        rows += [
            (f"{study.scenario.threats[sample.threats[int(kind)]].max_range_km.value:,.0f} km", classes == kind)
            for kind in np.unique(classes)
        ]
        for label, chosen in rows:
            margin = shots.before_launch[chosen]
            before, never = float(np.mean(margin >= 0.0)), float(np.mean(~np.isfinite(margin)))
            bars.append(
                TimingBar(
                    figure_title(study.scenario, name), label, before, 1.0 - before - never, never, int(chosen.sum())
                )
            )
    headings = (
        "Is radar discrimination received before launch?",
        f"The {_shots_title(answer.sample)}; the first radar with a separation, its latency included",
    )
    return timing_bars(bars, headings, _assumed(study), "selection-time")


def radar_loss(sample: Sample, shots: SelectedShots) -> NDArray[np.float64]:
    """Return each place's mean loss of kill probability without radar discrimination; NaN where there is no shot."""
    loss = shots.chance("both", SHOWN_OBJECTS) - shots.chance("seeker", SHOWN_OBJECTS)
    at = sample.flights.points[shots.flights]
    number = np.bincount(at, minlength=len(sample.places))
    total = np.bincount(at, loss, minlength=len(sample.places))
    return np.where(number > 0, total / np.maximum(number, 1), np.nan)


def _loss_maps(study: Study, answer: WarheadSelection) -> Picture:
    sample = answer.sample
    panels = []
    for name, shots in answer.shots.items():
        mean = float(np.mean(shots.chance("both", SHOWN_OBJECTS) - shots.chance("seeker", SHOWN_OBJECTS)))
        elements = {
            key: item
            for key, item in study.scenario.architecture(name).elements.items()
            if item.radar is not None and _discriminates(study, item.radar)
        }
        panels.append(
            Panel(
                f"{figure_title(study.scenario, name)}: {points(mean)}",
                radar_loss(sample, shots),
                study.headline_nations(name),
                elements,
            )
        )
    headings = (
        "Where radar discrimination matters",
        f"Single-shot kill probability lost without the radars' separation, {SHOWN_OBJECTS} objects; mean over the "
        "main shots at each place",
    )
    note = (
        "Radars that discriminate are marked; places without a shot are left out. "
        "Number of objects, d', seekers: assumed."
    )
    return value_maps(study.scenario, sample.places, panels, _LOSS_STEPS, headings, "selection-map", note, 26.0)


def _discriminates(study: Study, radar: str) -> bool:
    known = study.scenario.radars[radar].discrimination
    return known is not None and float(known.separation) > 0.0
