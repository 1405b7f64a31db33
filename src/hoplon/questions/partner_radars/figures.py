"""Figures and maps of what partner radars add, and of the named flight."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import numpy as np

from hoplon.analysis.architectures import figure_title
from hoplon.analysis.tally import class_title
from hoplon.presentation.charts.lines import ArchitectureLine
from hoplon.presentation.charts.timelines import accuracy_figure, timelines_figure
from hoplon.presentation.maps.raster import Ground
from hoplon.presentation.maps.values import Panel, Steps, added_maps, value_maps
from hoplon.presentation.picture import Picture, source_line
from hoplon.presentation.wording import capitalised, launch_area, percent
from hoplon.questions.partner_radars.charts import (
    ExpectedMeasure,
    accuracy_bars,
    availability_figure,
    cuts_figure,
    gains_figure,
    latency_figure,
)
from hoplon.questions.question import FigureSpec

if TYPE_CHECKING:
    from hoplon.analysis.city_sample import Sample
    from hoplon.analysis.named_flight import NamedFlight
    from hoplon.questions.partner_radars.answer import PartnerRadars
    from hoplon.questions.study import Study

_GAIN_STEPS: Final = Steps(
    (0.0, 1.0, 10.0, 30.0, 60.0),
    ("#FFFFFF", "#DCD2EA", "#B39BD0", "#7B5EA7", "#33235A"),
    ("under 1 s", "1 to 10 s", "10 to 30 s", "30 to 60 s", "60 s and more"),
)


def figures(study: Study, answer: PartnerRadars) -> list[FigureSpec]:
    """Return the figures and maps of question 7, to be drawn."""
    specs = [
        FigureSpec("partner-gains", "figures", partial(_gains, study, answer)),
        FigureSpec("partner-gain-map", "maps", partial(_gain_maps, study, answer)),
        FigureSpec("partner-accuracy", "figures", partial(_accuracy_gain, study, answer)),
    ]
    if answer.named is not None:
        specs += [
            FigureSpec("track-accuracy", "figures", partial(_accuracy, study, answer.named)),
            FigureSpec("timelines", "figures", partial(_timelines, study, answer.named)),
        ]
    specs.append(FigureSpec("partner-coverage", "maps", partial(_added, study, answer)))
    if any(effect.availability is not None for effect in answer.effects.values()):
        specs.append(FigureSpec("partner-availability", "figures", partial(_availability, study, answer)))
    return [
        *specs,
        FigureSpec("partner-cuts", "figures", partial(_cuts, study, answer)),
        FigureSpec("partner-latency", "figures", partial(_latency, study, answer)),
    ]


def _source(study: Study) -> str:
    return source_line(study.scenario.name, study.scenario.sha256)


def _sampled(study: Study, sample: Sample) -> str:
    return f"{len(sample.flights):,} flights to {len(sample.places):,} cities of {study.region}, {study.classes_title}"


def _short(title: str) -> str:
    return title.split(" (")[0].split(",")[0]


def _gains(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    lines = [
        ArchitectureLine(figure_title(study.scenario, name), effect.early.known)
        for name, effect in answer.effects.items()
    ]
    number = len(sample.areas)
    medians = np.stack(
        [effect.early.median_by(sample.flights.areas, number) for effect in answer.effects.values()], axis=1
    )
    flown = np.flatnonzero(np.isfinite(medians).any(axis=1))
    areas = [launch_area(sample.areas[place]) for place in flown]
    headings = (
        "How much earlier the first firm track is with partner radars",
        f"{_sampled(study, sample)}; base values, latencies included",
    )
    return gains_figure(lines, (areas, medians[flown]), headings, _source(study), "partner-gains")


def _gain_maps(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    panels = []
    for name, effect in answer.effects.items():
        elements = {key: study.scenario.elements[key] for key in effect.feeds}
        medians = effect.early.median_by(sample.flights.points, len(sample.places))
        known = medians[np.isfinite(medians) & np.isin(sample.places.nation, study.headline_nations(name))]
        most = f": up to {known.max():.0f} s" if known.size else ""
        panels.append(
            Panel(f"{figure_title(study.scenario, name)}{most}", medians, study.headline_nations(name), elements)
        )
    headings = (
        "Early-track gain by place",
        "Median over every class and launch area that reaches the place, seconds; sampled cities; base values",
    )
    return value_maps(study.scenario, sample.places, panels, _GAIN_STEPS, headings, "partner-gain-map")


def _accuracy_gain(study: Study, answer: PartnerRadars) -> Picture:
    sigmas = {}
    for name, effect in answer.effects.items():
        both = np.isfinite(effect.shots.sigma_without) & np.isfinite(effect.shots.sigma_with)
        sigmas[figure_title(study.scenario, name)] = (effect.shots.sigma_without[both], effect.shots.sigma_with[both])
    sample = answer.large
    headings = (
        "Error of the predicted intercept point, without and with the feeds",
        f"Best first shot at each of {len(sample.flights):,} flights to {len(sample.places)} capitals and "
        "large cities, where an architecture has one; Cramér-Rao bound",
    )
    return accuracy_bars(sigmas, headings, _source(study), "partner-accuracy")


def _added(study: Study, answer: PartnerRadars) -> Picture:
    pairs, elements, captions = [], [], []
    for name, effect in answer.effects.items():
        before, after = study.shown(name), study.shown(effect.variant)
        pairs.append((before, after))
        elements.append({key: study.scenario.elements[key] for key in effect.feeds})
        shares = [percent(shown.population_share) for shown in (before, after)]
        change = f"{shares[0]} with or without" if shares[0] == shares[1] else f"{shares[0]} to {shares[1]}"
        captions.append(f"{figure_title(study.scenario, name)}: {change}")
    headings = (
        "Coverage with and without partner radars",
        f"{capitalised(study.region)}, members of each year, {study.classes_title}; share of threatened people, "
        "base values",
    )
    return added_maps(Ground(study.points), study.scenario, pairs, elements, headings, captions, "partner-coverage")


def _availability(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    known = {name: effect for name, effect in answer.effects.items() if effect.availability is not None}
    early, people = [], []
    for name, effect in known.items():
        assert effect.availability is not None
        low, base, high = effect.availability
        gain, title = (
            float(np.mean(effect.early.known)) if len(effect.early.known) else 0.0,
            figure_title(study.scenario, name),
        )
        early.append(ExpectedMeasure(title, 0.0, gain, (low * gain, base * gain, high * gain)))
        ends = effect.latency.people_without, float(effect.latency.people[0])
        expected = (effect.people_expected(low), effect.people_expected(base), effect.people_expected(high))
        people.append(ExpectedMeasure(title, *ends, expected))
    said = dict.fromkeys(
        f"{percent(base)} of the time ({percent(low)} to {percent(high)})"
        for low, base, high in (effect.availability for effect in known.values() if effect.availability is not None)
    )
    headings = (
        "Feeds with partial availability",
        f"{_sampled(study, sample)}; the feeds are available together, {' or '.join(said)}, as assumed",
    )
    return availability_figure(early, people, headings, _source(study), "partner-availability")


def _cuts(study: Study, answer: PartnerRadars) -> Picture:
    every = [effect.cuts for effect in answer.effects.values()]
    lines = [
        ArchitectureLine(figure_title(study.scenario, name), effect.cuts.gain)
        for name, effect in answer.effects.items()
    ]
    cuts, flights = sum(cut.cuts for cut in every), every[0].flights
    worse = sum(cut.worse_tracks + cut.worse_shots + cut.worse_predictions + cut.different_at_zero for cut in every)
    kinds = [study.scenario.threats[key] for key in study.headline_threats(next(iter(answer.effects)))]
    burns = sorted({float(kind.burn_time_s) for kind in kinds})
    headings = (
        "Gain that remains when the feeds are lost during a flight",
        f"{flights} flights to capitals, cut at every second: {cuts:,} cuts over all architectures, "
        f"{worse or 'none'} worse than without the feeds",
    )
    marks = [("first burnout", burns[0]), ("last burnout", burns[-1])] if burns else []
    return cuts_figure(every[0].second, lines, marks, headings, _source(study), "partner-cuts")


def _latency(study: Study, answer: PartnerRadars) -> Picture:
    sample = answer.cities
    gains = [
        ArchitectureLine(figure_title(study.scenario, name), effect.latency.gain)
        for name, effect in answer.effects.items()
    ]
    more = [
        ArchitectureLine(figure_title(study.scenario, name), effect.latency.people - effect.latency.people_without)
        for name, effect in answer.effects.items()
    ]
    added = next(iter(answer.effects.values())).latency.added
    headings = (
        "One more node: a joint data-exchange centre between the partner and the sensor network",
        f"{_sampled(study, sample)}; on top of the latency that the scenario gives the feeds",
    )
    return latency_figure(added, gains, more, headings, _source(study), "partner-latency")


def _flight_title(study: Study, named: NamedFlight) -> str:
    area = launch_area(named.launch_area)
    return f"{class_title(study.scenario, named.threat)}, {area} to {named.place}"


def _timelines(study: Study, named: NamedFlight) -> Picture:
    names = {line.architecture: figure_title(study.scenario, line.architecture) for line in named.timelines}
    titles = {key: _element_title(study, key) for key in study.scenario.elements}
    headings = (
        "Tracks and shots in time, one flight",
        f"{_flight_title(study, named)}; base values. Radars that never cover the flight are left out",
    )
    return timelines_figure(named, names, titles, headings, _source(study), "timelines")


def _element_title(study: Study, name: str) -> str:
    """Return an element's title with what it is: with its interceptors, or the word radar."""
    item = study.scenario.elements[name]
    title = _short(item.title or name)
    if item.battery is not None:
        return (item.title or name).split(" (")[0]
    return title if item.radar is None or "radar" in title.lower() else f"{title}, radar"


def _accuracy(study: Study, named: NamedFlight) -> Picture:
    names = {line.architecture: figure_title(study.scenario, line.architecture) for line in named.timelines}
    headings = (
        "Accuracy of the fused track, one flight",
        f"{_flight_title(study, named)}; root of the trace of the position covariance (Cramér-Rao bound),\n"
        "fused as the architecture's command structure has it, latencies included",
    )
    return accuracy_figure(named, names, headings, _source(study), "track-accuracy")
